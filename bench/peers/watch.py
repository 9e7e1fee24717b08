#!/usr/bin/env python3
"""What is added to a log, counted by a word of its lines, each second: watch.py LOG WORD"""
import collections
import os
import sys
import time


def lines(path):
    """The lines of a log that grows, through rotations; None where there is none now."""
    log = open(path, encoding="utf-8", errors="surrogateescape")
    rest = ""
    while True:
        line = log.readline()
        if line.endswith("\n"):
            yield rest + line
            rest = ""
            continue
        rest += line
        try:
            other = os.stat(path)
        except FileNotFoundError:
            other = None
        mine = os.fstat(log.fileno())
        if other and (other.st_ino != mine.st_ino or other.st_size < log.tell()):
            log = open(path, encoding="utf-8", errors="surrogateescape")
        yield None


def show(counts):
    clock = time.strftime("%H:%M:%S")
    for key, n in counts.items():
        print(f"{clock} {n:6} {key}")
    sys.stdout.flush()
    counts.clear()


def main(path, word):
    counts = collections.Counter()
    end = time.monotonic() + 1
    try:
        for line in lines(path):
            if line is None:
                time.sleep(0.05)
            else:
                words = line.split(None, word)
                counts[words[word - 1] if len(words) >= word else ""] += 1
            if time.monotonic() >= end:
                show(counts)
                end += 1
    except KeyboardInterrupt:
        show(counts)


main(sys.argv[1], int(sys.argv[2]))
