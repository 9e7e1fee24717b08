#!/usr/bin/env python3
"""Orders from CSV into SQLite, what is none into a file: etl.py DB REFUSED TABLE..."""
import csv
import os
import sqlite3
import sys

BATCH = 1000
INSERT = ("INSERT INTO orders VALUES (:id, :customer, :day, :amount, :paid) ON CONFLICT (id) DO UPDATE SET "
          "customer = excluded.customer, day = excluded.day, amount = excluded.amount, paid = excluded.paid")
TRUTH = {"true": 1, "false": 0, "": 0, "1": 1, "0": 0}


def order(row):
    if None in row:
        raise ValueError("more cells than columns")
    day = row["day"] or ""
    if len(day) > 10:
        raise ValueError("day: too long")
    return {"id": int(row["id"] or 0), "customer": row["customer"] or None, "day": day, "amount": float(row["amount"] or 0),
            "paid": TRUTH[row["paid"] or ""]}


def main(path, refused, tables):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE IF NOT EXISTS orders (id INTEGER NOT NULL, customer TEXT, day TEXT, amount REAL, paid INTEGER, "
               "PRIMARY KEY (id))")
    with open(refused + ".new", "w") as bad:
        batch = []
        for table in tables:
            with open(table, newline="") as lines:
                rows = csv.DictReader(lines)
                for row in rows:
                    try:
                        one = order(row)
                    except (ValueError, KeyError) as why:
                        print(f"{table}:{rows.line_num}: {why}", row, sep="\t", file=bad)
                        continue
                    if one["amount"] != 0:
                        batch.append(one)
                    if len(batch) == BATCH:
                        with db:
                            db.executemany(INSERT, batch)
                        batch = []
        with db:
            db.executemany(INSERT, batch)
    os.replace(refused + ".new", refused)
    db.close()


main(sys.argv[1], sys.argv[2], sys.argv[3:])
