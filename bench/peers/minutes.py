#!/usr/bin/env python3
"""Requests and bytes of access logs by minute into SQLite: minutes.py DB LOG..."""
import re
import sqlite3
import sys

LINE = re.compile(r'[^\[]*\[(\d{2})/([A-Za-z]{3})/(\d{4}):(\d{2}):(\d{2}):[^"]*"(?:[^"\\]|\\.)*" (\d{1,3})(?: (\d+))?')
MONTHS = {name: n for n, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def main(path, logs):
    counts = {}
    bad = 0
    for log in logs:
        with open(log, encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                m = LINE.match(line)
                month = MONTHS.get(m[2]) if m else None
                if month is None:
                    bad += 1
                    if bad <= 10:
                        print("no request:", line[:60].rstrip(), file=sys.stderr)
                    continue
                key = f"{m[3]}-{month:02}-{m[1]}T{m[4]}:{m[5]}"
                count = counts.get(key)
                if count is None:
                    count = counts[key] = [0, 0.0]
                count[0] += 1
                count[1] += int(m[7] or 0)
    db = sqlite3.connect(path)
    with db:
        db.execute("CREATE TABLE IF NOT EXISTS minutes (key TEXT NOT NULL PRIMARY KEY, n INTEGER, sum REAL)")
        db.executemany("INSERT INTO minutes VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET n = excluded.n, sum = excluded.sum",
                       ((key, n, total) for key, (n, total) in counts.items()))
    db.close()
    return bad > 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
