"""Pictures: `image` (a file as it is) and `figure` (of a paper: cropped to its ink, on a card of its own background).

Both have a caption and a credit below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout import pdf, raster
from pvc.compiler.layout.beneath import height_of, set_words
from pvc.compiler.layout.colors import contrast
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.labels import Look, look, put
from pvc.compiler.layout.sheet import Sheet
from pvc.compiler.model.display import Element, Fragment, Paint, Picture, Rect, Stroke, quantise
from pvc.compiler.model.values import Asset, Value

MOST_PIXELS = 64_000_000
LONGEST_SIDE = 16_384

ENLARGE = 2.0
"""A raster picture is not enlarged more than this: it would only be blurred."""

_CORNER = 14.0
_PAD = 26.0
_WHITE = Paint(255, 255, 255)
_LEAST_SHARE = 0.35
_LEAST_SIDE = 16.0
"""A caption may not leave the picture less than this share of the height."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What is shown of a file: ``crop`` in its own units (pixels, or points of a page) and how large it may become in
    px (None: as large as one likes, a page is drawn from vectors)."""

    digest: str
    crop: Rect
    whole: bool
    page: int | None
    most: tuple[float, float] | None
    ground: Paint


def image(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`image`: parts `image`, `caption`, `credit`."""
    sheet, seen = Sheet(), look(env)
    asset = arguments.get("file")
    source = source_of(sheet, asset, arguments, env, tight=False)
    return _placed(sheet, source, arguments, box, seen, card=source is not None and source.page is not None)


def figure(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """`figure`: parts `figure`, `image`, `card`, `caption`, `credit`."""
    sheet, seen = Sheet(), look(env)
    source = source_of(sheet, arguments.get("file"), arguments, env, tight=True)
    return _placed(sheet, source, arguments, box, seen, card=True)


def source_of(sheet: Sheet, asset: Value, arguments: Mapping[str, Value], env: Env, *, tight: bool) -> _Source | None:
    """What is shown of a picture's file; None where nothing can be, which is said on the sheet. ``tight``: of a page
    only what is drawn on it."""
    if not isinstance(asset, Asset):
        sheet.problem("PVC0560", "there is no picture to show", 'name a file, as in `file: "plot.png"`')
        return None
    if asset.kind == "pdf":
        return _page(sheet, asset, arguments, env, tight)
    try:
        found = raster.probe(env.world.blob(asset.digest))
    except raster.Undecodable as reason:
        sheet.problem("PVC0560", f"`{asset.path}` cannot be shown: {reason}", "export it again as PNG, JPEG or WebP")
        return None
    if found.width * found.height > MOST_PIXELS or max(found.width, found.height) > LONGEST_SIDE:
        sheet.problem(
            "PVC0561",
            f"`{asset.path}` has {found.width} × {found.height} pixels, more than any video shows",
            f"make it smaller: at most {LONGEST_SIDE} pixels a side and {MOST_PIXELS // 1_000_000} million in all",
        )
        return None
    full = Rect(0.0, 0.0, float(found.width), float(found.height))
    crop = _crop(sheet, asset, arguments, full)
    if crop is None:
        return None
    most = (crop.width * ENLARGE, crop.height * ENLARGE)
    return _Source(asset.digest, crop, crop == full, None, most, _WHITE)


def _page(sheet: Sheet, asset: Asset, arguments: Mapping[str, Value], env: Env, tight: bool) -> _Source | None:
    number = given.whole(arguments, "page", 1)
    number = asset.page or 1 if number == 1 else number
    try:
        page = pdf.probe(asset.digest, number, env)
    except pdf.BadPage as bad:
        sheet.problem("PVC0562", f"`{asset.path}`: {bad.message}", bad.hint)
        return None
    full = Rect(0.0, 0.0, page.width, page.height)
    crop = _crop(sheet, asset, arguments, full)
    if crop is None:
        return None
    if crop == full and tight and not given.numbers(arguments, "crop"):
        if page.ink is None:
            sheet.problem("PVC0563", f"page {number} of `{asset.path}` is empty", "choose another `page`")
            return None
        crop = _around(page.ink, full)
    return _Source(asset.digest, crop, False, number, None, page.ground)


def _around(ink: Rect, full: Rect) -> Rect:
    """The ink with a hair of background, inside the page."""
    pad = 0.006 * max(full.width, full.height)
    left, top = max(0.0, ink.x - pad), max(0.0, ink.y - pad)
    right, bottom = min(full.width, ink.right + pad), min(full.height, ink.bottom + pad)
    return Rect(quantise(left), quantise(top), quantise(right - left), quantise(bottom - top))


def _crop(sheet: Sheet, asset: Asset, arguments: Mapping[str, Value], full: Rect) -> Rect | None:
    """The part asked for: `crop: [left, top, right, bottom]` in shares of width and height; all without one."""
    shares = given.numbers(arguments, "crop")
    if not arguments.get("crop"):
        return full
    if len(shares) != 4 or not (0 <= shares[0] < shares[2] <= 1 and 0 <= shares[1] < shares[3] <= 1):
        sheet.problem(
            "PVC0563",
            f"`crop` of `{asset.path}` is no part of it",
            "write left, top, right, bottom as shares from 0 to 1: `crop: [0, 0.1, 0.5, 0.4]` is at the upper left",
        )
        return None
    left, top, right, bottom = shares
    width, height = (right - left) * full.width, (bottom - top) * full.height
    return Rect(quantise(left * full.width), quantise(top * full.height), quantise(width), quantise(height))


def _placed(
    sheet: Sheet, source: _Source | None, arguments: Mapping[str, Value], box: Box, seen: Look, *, card: bool
) -> Fragment:
    """The picture as large as it may be above its words."""
    if source is None:
        return sheet.fragment(1.0, 1.0)
    pad = _PAD if card else 0.0
    words, below, shown = [], 0.0, Rect(0.0, 0.0, 0.0, 0.0)
    width = box.width
    for _ in range(4):  # the words wrap at the picture's width, which depends on how high they are
        words = set_words(sheet, arguments, width, seen)
        below = height_of(words, seen)
        shown = _fit(source, box.width - 2 * pad, box.height - below - 2 * pad)
        wanted = min(box.width, max(shown.width + 2 * pad, 620.0))
        if abs(wanted - width) < 1:
            break
        width = wanted
    alone = _fit(source, box.width - 2 * pad, box.height - 2 * pad)
    if alone.width < _LEAST_SIDE or alone.height < _LEAST_SIDE:
        sheet.problem(
            "PVC0564",
            f"the picture would be {alone.width:.0f} × {alone.height:.0f} px on screen, too small to be seen",
            "crop what is to be seen of it, `crop: [0, 0, 0.5, 1]`, or take a picture that has more pixels",
        )
        return sheet.fragment(1.0, 1.0)
    if box.height - below < _LEAST_SHARE * box.height or min(shown.width, shown.height) < _LEAST_SIDE:
        sheet.problem(
            "PVC0564",
            "the caption leaves no room for the picture",
            "shorten the caption, or give the picture a larger region",
        )
        return sheet.fragment(1.0, 1.0)
    outer = Rect(0.0, 0.0, shown.width + 2 * pad, shown.height + 2 * pad)
    wide = max(outer.width, *(block.width for _, block, _ in words), 0.0) if words else outer.width
    left = (wide - outer.width) / 2
    if card:
        _card(sheet, Rect(left, 0.0, outer.width, outer.height), source.ground, seen)
    _picture(sheet, source, Rect(left + pad, pad, shown.width, shown.height), card)
    y = outer.height + seen.size * 0.7
    start = min(left, (wide - max((block.width for _, block, _ in words), default=0.0)) / 2) if words else 0.0
    for name, block, size in words:
        put(sheet, block, start, y, size=size, parts=(name,), order=1, morph=name)
        y += block.height + seen.size * 0.3
    height = outer.height + below
    title = given.text(arguments, "description") or given.text(arguments, "caption") or "A picture"
    return sheet.fragment(wide, height, description=title)


def _fit(source: _Source, width: float, height: float) -> Rect:
    """The largest rectangle of the picture's proportions inside, no larger than the picture may become."""
    if width <= 0 or height <= 0:
        return Rect(0.0, 0.0, 0.0, 0.0)
    scale = min(width / source.crop.width, height / source.crop.height)
    if source.most is not None:
        scale = min(scale, source.most[0] / source.crop.width)
    return Rect(0.0, 0.0, quantise(source.crop.width * scale), quantise(source.crop.height * scale))


def _card(sheet: Sheet, rect: Rect, ground: Paint, seen: Look) -> None:
    """A sheet of the picture's own background; with a hairline where the frame is nearly the same colour."""
    faint = contrast(ground, seen.background) < 1.25
    stroke = Stroke(seen.rule, 2.0) if faint else None
    inner = Rect(rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2) if faint else rect
    sheet.shape(
        *(rectangle(inner, _CORNER * seen.env.theme.corners), "area"),
        fill=ground,
        stroke=stroke,
        parts=("figure", "card"),
        morph="card",
    )


def _picture(sheet: Sheet, source: _Source, rect: Rect, card: bool) -> None:
    settled = Rect(quantise(rect.x), quantise(rect.y), rect.width, rect.height)
    picture = Picture(
        source.digest,
        settled,
        None if source.whole else source.crop,
        source.page,
        4.0 if card else _CORNER,
    )
    element = Element(
        *(picture, settled, "image", 0, f"image:{source.digest[:16]}"),
        ground=source.ground if card else None,
    )
    sheet.add(element, ("figure", "image") if card else ("image",))
