"""The picture that stands for the talk where it is a file: it fills the frame, what sticks out is cut off."""

from __future__ import annotations

from pvc.compiler.digest import canonical, digest_bytes
from pvc.compiler.layout import raster
from pvc.compiler.model.display import Chunk, Element, Fragment, Item, Layer, Picture, Rect, quantise
from pvc.compiler.model.program import Program
from pvc.compiler.model.values import Asset
from pvc.compiler.stage import colors
from pvc.compiler.world import World


def cover(program: Program, world: World) -> tuple[Chunk, str, Fragment] | None:
    """A still of the talk's own poster, with the fragment it is made of and its digest; None where the talk names no
    file. The checker has looked at the file."""
    asset = dict(program.settings).get("poster")
    if not isinstance(asset, Asset):
        return None
    found = raster.probe(world.blob(asset.digest))
    width, height = program.format.reference
    scale = max(width / found.width, height / found.height)
    seen = quantise(width / scale), quantise(height / scale)
    crop = Rect(quantise((found.width - seen[0]) / 2), quantise((found.height - seen[1]) / 2), *seen)
    full = Rect(0.0, 0.0, float(width), float(height))
    fragment = Fragment(float(width), float(height), (Element(Picture(asset.digest, full, crop), full, "image"),))
    digest = digest_bytes(canonical(fragment))
    background = colors.paint(program.theme.color("background"), program.theme)
    layer = Layer("canvas", (Item("poster", digest, 0.0, 0.0, 1.0, ()),))
    return Chunk((width, height), background, (layer,), 1, True), digest, fragment
