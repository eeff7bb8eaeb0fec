"""Pictures compared as pictures: fingerprints kept in git instead of images, SSIM, and old, new and difference side by
side: `python tests/pictures.py OLD.png NEW.png -o side.png`.

A fingerprint is the picture shrunk to 32 x 18 cells of mean colour and deviation of lightness. It moves by less than a
level where anti-aliasing does (another version of Skia), and by many where something stands elsewhere, is missing or
has another colour. Cells are kept as hex in a JSON file by name; run the tests with PVC_UPDATE_PICTURES=1 to take what
is painted now as right, after looking at it.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CELLS = (32, 18)
MOST = 10
"""Levels (of 255) by which a cell may differ."""

Pixels = NDArray[np.uint8]


def fingerprint(pixels: Pixels) -> Pixels:
    """Mean colours of a grid of cells, and how far the lightness in them deviates: a blur keeps the means."""
    picture = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    mean = np.asarray(picture.resize(CELLS, Image.Resampling.BOX), dtype=np.uint8)
    light = np.asarray(picture.convert("F"))
    first, second = (
        np.asarray(Image.fromarray(plane).resize(CELLS, Image.Resampling.BOX)) for plane in (light, light * light)
    )
    deviation = np.sqrt(np.maximum(second - first * first, 0.0))
    return np.dstack([mean, np.minimum(255, deviation).astype(np.uint8)])


def ssim(one: Pixels, other: Pixels) -> float:
    """Structural similarity of two pictures' colours, 1 for equal ones (Wang and others, 2004)."""
    from skimage.metrics import structural_similarity

    return float(structural_similarity(one[..., :3], other[..., :3], channel_axis=2))


def side_by_side(old: Pixels, new: Pixels) -> Pixels:
    """Old, new, and where they differ (amplified, on black), from left to right."""
    difference = np.abs(old[..., :3].astype(int) - new[..., :3])
    amplified = np.minimum(255, difference * 8).astype(np.uint8)
    return np.concatenate([old[..., :3], new[..., :3], amplified], axis=1)


def check_looks(references: Path, name: str, pixels: Pixels, failed: Path) -> None:
    """Fails where a picture is not the one kept under its name; it is then written into the folder ``failed``."""
    known: dict[str, str] = json.loads(references.read_text("utf-8")) if references.is_file() else {}
    mine = fingerprint(pixels)
    if os.environ.get("PVC_UPDATE_PICTURES"):
        known[name] = mine.tobytes().hex()
        references.write_text(json.dumps(dict(sorted(known.items())), indent=0) + "\n", "utf-8")
        return
    path = failed / f"{name}.png"
    Image.fromarray(np.ascontiguousarray(pixels[..., :3])).save(path)
    assert name in known, f"no reference for {name}; look at {path}, then run with PVC_UPDATE_PICTURES=1"
    kept = np.frombuffer(bytes.fromhex(known[name]), np.uint8).reshape(mine.shape)
    worst = int(np.abs(kept.astype(int) - mine).max())
    assert worst <= MOST, f"{name} differs by {worst} levels; look at {path}, then run with PVC_UPDATE_PICTURES=1"


def main() -> None:
    parser = argparse.ArgumentParser(description="Two pictures of one size and their difference, side by side.")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("side.png"))
    chosen = parser.parse_args()
    old, new = (np.asarray(Image.open(path).convert("RGB")) for path in (chosen.old, chosen.new))
    if old.shape != new.shape:
        raise SystemExit(f"their sizes differ: {old.shape[1]} x {old.shape[0]} and {new.shape[1]} x {new.shape[0]}")
    Image.fromarray(side_by_side(old, new)).save(chosen.output)
    print(f"{chosen.output}: SSIM {ssim(old, new):.4f}, largest difference {np.abs(old.astype(int) - new).max()}")


if __name__ == "__main__":
    main()
