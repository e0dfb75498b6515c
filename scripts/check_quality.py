#!/usr/bin/env python3
"""Compares `embedscope quality` with scikit-learn and with a brute force in double precision.

    scripts/check_quality.py [--program build/release/embedscope] [TABLE.npy LAYOUT.npy ...]

Without tables it makes three: blobs in 20 dimensions with their PCA, a swiss roll with its unrolled sheet, and normal
values with a random layout. Trustworthiness, and continuity as trustworthiness with the spaces exchanged, are
sklearn.manifold.trustworthiness; recall comes from sklearn.neighbors, the rank correlation of distances from
scipy.stats.spearmanr (over all pairs up to 1,500 rows; above, where the program takes random pairs, over as many). Ends
with exit code 1 where a figure differs by more than its tolerance. Needs Debian's python3-sklearn.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr
from sklearn.datasets import make_blobs, make_swiss_roll
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

# Figures are exact; scikit-learn breaks ties as its sort happens to.
TOLERANCE = {"trustworthiness@12": 1e-6, "continuity@12": 1e-6, "recall@10": 1e-6, "recall@50": 1e-6,
             "spearman": 1e-6}
SAMPLED_PAIRS_TOLERANCE = 5e-3
ALL_PAIRS_UP_TO = 1500


def made_tables(folder):
    blobs, _ = make_blobs(1200, 20, centers=7, random_state=0)
    roll, along = make_swiss_roll(1000, noise=0.05, random_state=1)
    random = np.random.default_rng(2)
    layouts = {
        "blobs": (blobs, PCA(2).fit_transform(blobs)),
        "roll": (roll, np.c_[along, roll[:, 1]]),
        "noise": (random.normal(size=(800, 30)), random.normal(size=(800, 2))),
    }
    for name, (table, layout) in layouts.items():
        paths = folder / f"{name}.npy", folder / f"{name}_map.npy"
        np.save(paths[0], table.astype("f4"))
        np.save(paths[1], layout.astype("f4"))
        yield paths


def recall(x, y, k):
    near = [NearestNeighbors(n_neighbors=k).fit(a).kneighbors(return_distance=False) for a in (x, y)]
    return np.mean([len(set(a) & set(b)) for a, b in zip(*near)]) / k


def distance_correlation(x, y):
    if len(x) <= ALL_PAIRS_UP_TO:
        return spearmanr(pdist(x), pdist(y)).statistic, TOLERANCE["spearman"]
    pairs = np.random.default_rng(0).integers(0, len(x), (1_000_000, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    lengths = [np.linalg.norm(a[pairs[:, 0]] - a[pairs[:, 1]], axis=1) for a in (x, y)]
    return spearmanr(*lengths).statistic, SAMPLED_PAIRS_TOLERANCE


def check(program, table, layout):
    done = subprocess.run([program, "quality", str(table), "--layout", str(layout), "--exact", "--json"],
                          capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    x, y = np.load(table).astype("f8"), np.load(layout).astype("f8")
    correlation, tolerance = distance_correlation(x, y)
    expected = {
        "trustworthiness@12": trustworthiness(x, y, n_neighbors=12),
        "continuity@12": trustworthiness(y, x, n_neighbors=12),
        "recall@10": recall(x, y, 10),
        "recall@50": recall(x, y, 50),
        "spearman": correlation,
    }
    faults = 0
    print(f"{table.name}: {len(x)} x {x.shape[1]}")
    for name, value in expected.items():
        allowed = tolerance if name == "spearman" else TOLERANCE[name]
        is_right = abs(found[name] - value) <= allowed
        faults += not is_right
        print(f"  {name:20} {found[name]:.9f}  scikit-learn {value:.9f}  {'agrees' if is_right else 'DIFFERS'}")
    return faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/release/embedscope")
    parser.add_argument("files", nargs="*", type=Path, metavar="TABLE LAYOUT")
    given = parser.parse_args()
    if len(given.files) % 2:
        parser.error("each table needs its layout")
    with tempfile.TemporaryDirectory() as scratch:
        pairs = list(zip(given.files[::2], given.files[1::2])) or list(made_tables(Path(scratch)))
        sys.exit(1 if sum(check(given.program, *pair) for pair in pairs) else 0)
