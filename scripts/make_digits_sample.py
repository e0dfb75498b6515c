#!/usr/bin/python3
"""Makes resources/samples/digits: 1,797 handwritten digits of 8 x 8 pixels, with their pictures.

Run by hand, not by the build:  scripts/make_digits_sample.py
Needs Debian's python3-numpy and python3-sklearn, whose data it uses. Nothing comes from the web,
and the same packages give the same bytes.

A projector set: digits.json names the vectors (64 grey levels from 0 to 16), the labels and a
sprite of one 8 x 8 tile a digit, dark ink on white, row after row.
"""

import json
import pathlib
import struct
import zlib

import numpy as np
from sklearn.datasets import load_digits

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "samples" / "digits"
TILES_A_ROW = 43  # 43 x 42 tiles hold 1,797 with nine to spare
SIDE = 8


def write_png(path, grey):
    """An 8-bit greyscale picture without filtering (PNG specification, colour type 0)."""
    height, width = grey.shape

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    rows = b"".join(b"\0" + row.tobytes() for row in grey)
    path.write_bytes(b"\x89PNG\r\n\x1a\n"
                     + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows, 9))
                     + chunk(b"IEND", b""))


def main():
    digits = load_digits()
    images = digits.images  # n x 8 x 8, 0 to 16, ink is high
    n = len(images)
    tiles_down = -(-n // TILES_A_ROW)
    sprite = np.full((tiles_down * SIDE, TILES_A_ROW * SIDE), 255, np.uint8)
    for i, image in enumerate(images):
        y, x = divmod(i, TILES_A_ROW)
        sprite[y * SIDE:(y + 1) * SIDE, x * SIDE:(x + 1) * SIDE] = 255 - np.round(image * 255 / 16)

    OUT.mkdir(parents=True, exist_ok=True)
    np.save(OUT / "digits.npy", digits.data.astype(np.uint8))
    write_png(OUT / "digits.png", sprite)
    names = "zero one two three four five six seven eight nine".split()
    with open(OUT / "digits.tsv", "w", encoding="utf-8", newline="\n") as out:
        out.write("label\tdigit\n")
        for i, digit in enumerate(digits.target):
            out.write(f"{digit} #{i}\t{names[digit]}\n")
    config = {"embeddings": [{
        "tensorName": "Digits",
        "tensorShape": list(digits.data.shape),
        "tensorPath": "digits.npy",
        "metadataPath": "digits.tsv",
        "sprite": {"imagePath": "digits.png", "singleImageDim": [SIDE, SIDE]},
    }]}
    (OUT / "digits.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
