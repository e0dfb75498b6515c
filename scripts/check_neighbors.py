#!/usr/bin/python3
"""Checks `embedscope neighbors` against a brute force in extended precision, to the last row.

    scripts/check_neighbors.py [--program build/release/embedscope] [--queries 12] TABLE.npy ...

Asks for all neighbours of the first and the last row, of rows of zeros, of repeated rows and of some others drawn by a fixed
seed, under each metric, and compares every row and value. Values are rounded to float32 and ranked, ties by row, as
the program promises. Ends with exit code 1 where anything differs. Needs Debian's python3-numpy.
"""
import argparse
import json
import subprocess
import sys

import numpy as np

METRICS = ("cosine", "euclidean", "dot", "manhattan")


def brute_force(table, query, metric):
    """All neighbours of one row, nearest first: rows and float32 values."""
    x = table.astype(np.longdouble)
    q = x[query]
    keep = np.isfinite(table).all(1)
    lengths = np.sqrt((x * x).sum(1))
    if not keep[query] or (metric == "cosine" and lengths[query] == 0):
        return np.empty(0, int), np.empty(0, "f4")
    keep[query] = False
    if metric == "euclidean":
        values = np.sqrt(((x - q) ** 2).sum(1))
    elif metric == "manhattan":
        values = np.abs(x - q).sum(1)
    else:
        values = (x * q).sum(1)
        if metric == "cosine":
            keep &= lengths > 0
            values = values / np.where(lengths > 0, lengths * lengths[query], 1)
    rows = np.flatnonzero(keep)
    values = values[rows].astype("f4")
    order = np.lexsort((rows, -values if metric in ("cosine", "dot") else values))
    return rows[order], values[order]


def queries_of(table, count):
    zeros = np.flatnonzero(~table.any(1))[:2]
    _, first, repeats = np.unique(table, axis=0, return_index=True, return_counts=True)
    repeated = np.sort(first[repeats > 1])[:2]
    others = np.random.default_rng(0).choice(len(table), min(count, len(table)), replace=False)
    return sorted({0, len(table) - 1, *zeros.tolist(), *repeated.tolist(), *others.tolist()})


def check(program, path, count):
    table = np.load(path).astype("f4")
    queries = queries_of(table, count)
    differences = compared = tied = empty = 0
    for metric in METRICS:
        for query in queries:
            done = subprocess.run(
                [program, "neighbors", path, "--row", str(query), "-k", str(len(table)), "--metric", metric,
                 "--json"], capture_output=True, text=True, check=True)
            answer = json.loads(done.stdout)["neighbors"]
            rows, values = brute_force(table, query, metric)
            got_rows = np.array([a["row"] for a in answer], int)
            got_values = np.array([a["value"] for a in answer], "f4")
            same = len(rows) == len(got_rows) and (rows == got_rows).all() and (values == got_values).all()
            if not same:
                differences += 1
                at = next((i for i, (a, b) in enumerate(zip(rows, got_rows)) if a != b), "values alone")
                print(f"  {path}: row {query} under {metric} differs at {at}"
                      f" ({len(got_rows)} neighbours, {len(rows)} expected)")
            compared += len(rows)
            tied += int((values[1:] == values[:-1]).sum())
            empty += len(rows) == 0
    print(f"{path}: {len(table)} x {table.shape[1]}, {len(queries)} queries under {len(METRICS)} metrics, {compared} neighbours"
          f" compared, {tied} ties, {empty} empty answers, {differences} queries differ")
    return differences


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/release/embedscope")
    parser.add_argument("--queries", type=int, default=12)
    parser.add_argument("tables", nargs="+")
    given = parser.parse_args()
    sys.exit(1 if sum([check(given.program, path, given.queries) for path in given.tables]) else 0)
