"""`molecule`: atoms as balls and bonds as rods, out of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts import frame as framed
from pvc.compiler.layout.colors import contrast, mix
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import look
from pvc.compiler.layout.sheet import Sheet, named, numbered
from pvc.compiler.layout.space.chemistry import BadMolecule, Molecule, color_of, radius_of, read
from pvc.compiler.layout.space.stage import between, finished, fitted, pinned, rounded, solid
from pvc.compiler.model.display import Ball, Fragment, Paint, Point3, Rod
from pvc.compiler.model.values import Asset, Value

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LABELS = 40
_BALL, _STICK = 180.0, 34.0
"""The largest radius of an atom and of a stick, px: those of a small molecule are no larger than can be taken in."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`molecule`: parts `atoms[..]` (by element or counted), `bonds[..]`, `labels`, `title`, `note`."""
    sheet, seen = Sheet(), look(env)
    room = framed.frame(sheet, arguments, box, seen)
    asset = arguments.get("file")
    if not isinstance(asset, Asset):
        sheet.problem("PVC0567", "there is no molecule to show", 'name a file, as in `file: "water.xyz"`')
        return sheet.fragment(box.width, box.height, stretch=True)
    try:
        found = read(env.world.blob(asset.digest))
    except BadMolecule as bad:
        sheet.problem(
            "PVC0567", f"`{asset.path}` cannot be drawn: {bad}", "molecules are XYZ, MOL (V2000) or PDB files"
        )
        return sheet.fragment(box.width, box.height, stretch=True)
    if not framed.fits(sheet, room):
        return sheet.fragment(box.width, box.height, stretch=True)
    sticks = given.text(arguments, "style") == "sticks"
    spots, unit = _placed(found)
    size = {element: 0.16 if sticks else 0.14 + 0.5 * radius_of(element) for element, _ in found.atoms}
    space = fitted(room, spots, (seen.size * 2.4, seen.size * 2.4), 16.0, 14.0, unit * max(size.values()))
    unit *= min(1.0, (_STICK if sticks else _BALL) / (unit * max(size.values()) * space.scale))
    bar = unit * (0.16 if sticks else 0.13)
    paints = {element: _paint(color_of(element), seen.background, seen.text) for element, _ in found.atoms}
    for number, (first, second) in enumerate(found.bonds, 1):
        one, two = found.atoms[first][0], found.atoms[second][0]
        inside = 0.0 if sticks else 0.86 * unit  # sticks meet in a ball of their own breadth
        ends = between(spots[first], spots[second], inside * size[one], inside * size[two])
        if ends is not None:
            parts = ("bonds", numbered("bonds", number), named("bonds", f"{one}-{two}"), named("bonds", f"{two}-{one}"))
            solid(sheet, space, Rod(*ends, bar, paints[one], paints[two]), "line", parts, 1)
    named_atoms = given.flag(arguments, "labels", False) and len(found.atoms) <= _LABELS
    for number, ((element, _), spot) in enumerate(zip(found.atoms, spots, strict=True), 1):
        own = ("atoms", numbered("atoms", number), named("atoms", element))
        solid(sheet, space, Ball(spot, unit * size[element], paints[element]), "dot", own, 0)
        if named_atoms:
            lift = unit * size[element] * space.scale + 0.55 * seen.size
            pinned(
                sheet, space, element, spot, seen, weight=600, shift=(0.0, -lift), parts=("labels", *own), plate=True
            )
    title = given.text(arguments, "title") or "A molecule"
    return finished(sheet, space, box.width, box.height, f"{title}: {formula(found)}.", "grow")


def formula(molecule: Molecule) -> str:
    """The sum formula in Hill's order: carbon, hydrogen, the others by name."""
    counts = Counter(element for element, _ in molecule.atoms)
    carbon = "C" in counts
    order = sorted(counts, key=lambda name: (not (carbon and name == "C"), not (carbon and name == "H"), name))
    return "".join(f"{name}{str(counts[name]).translate(_SUBSCRIPTS) if counts[name] > 1 else ''}" for name in order)


def _paint(code: int, ground: Paint, text: Paint) -> Paint:
    """An element's colour, moved away from the ground until it is seen."""
    own = Paint(code >> 16 & 255, code >> 8 & 255, code & 255)
    for tenth in range(8):
        candidate = mix(own, text, tenth / 10)
        if contrast(candidate, ground) >= 1.9:
            return candidate
    return own


def _placed(molecule: Molecule) -> tuple[list[Point3], float]:
    """Places in the unit sphere, the widest direction across, and how many units an Ångström is long."""
    import numpy as np

    places = np.array([place for _, place in molecule.atoms], dtype=np.float64)
    places -= places.mean(axis=0)
    if len(places) > 2:
        _, _, axes = np.linalg.svd(places, full_matrices=False)
        axes = np.sign(axes[np.arange(3), np.abs(axes).argmax(axis=1)])[:, None] * axes
        if np.linalg.det(axes) < 0:
            axes[2] = -axes[2]  # a mirror image would be another molecule
        # Widest across, second widest up, so that a flat molecule faces the viewer.
        places = np.stack((places @ axes[0], -(places @ axes[2]), places @ axes[1]), axis=1)
    radii = np.array([0.14 + 0.5 * radius_of(element) for element, _ in molecule.atoms])
    unit = 1.0 / max(float((np.linalg.norm(places, axis=1) + radii).max()), 0.8)
    return [rounded((float(x) * unit, float(y) * unit, float(z) * unit)) for x, y, z in places], unit
