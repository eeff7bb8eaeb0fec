"""Display lists: what every painter receives. Geometry laid out, motion as tracks over frames; no backend's types.

A **fragment** is the picture of one visual at rest: elements in paint order, in its own coordinates (reference pixels,
origin at its top left corner, y down). A **chunk** is a stretch of frames of one layer: items (placed fragments) with
tracks. Fragments are stored by digest; a chunk refers to them by it, so that a key of a chunk stays small.

All numbers that reach a digest are rounded by ``quantise`` (1/1024 px), so that equal layouts have equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]


def quantise(value: float) -> float:
    """Round to 1/1024 of a pixel: exact in binary, far below what can be seen."""
    return round(value * 1024.0) / 1024.0


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Paint:
    """Straight sRGB with alpha, 0..255 each."""

    red: int
    green: int
    blue: int
    alpha: int = 255


@dataclass(frozen=True, slots=True)
class Path:
    """Outlines. ``verbs`` is a string over M L Q C Z; ``points`` the coordinates in order (M, L: 1 point; Q: 2; C: 3),
    flat: x0, y0, x1, y1, ... ``even_odd`` is the fill rule."""

    verbs: str
    points: tuple[float, ...]
    even_odd: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    paint: Paint
    width: float
    dash: tuple[float, ...] = ()
    cap: Literal["butt", "round", "square"] = "round"
    join: Literal["miter", "round", "bevel"] = "round"


@dataclass(frozen=True, slots=True)
class Shape:
    """A path filled, stroked or both."""

    path: Path
    fill: Paint | None = None
    stroke: Stroke | None = None


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A run of glyphs of one face: ``font`` is the digest of the font file (`Fonts.file(digest)` finds it), ``size`` in
    px, ``ids`` glyph indices, ``xs``/``ys`` the baseline origin of each."""

    font: str
    size: float
    ids: tuple[int, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    paint: Paint
    text: str = ""
    """The text it draws, for search, captions and messages; not seen by painters."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A program that paints a film: ``source`` is the digest of its file, ``entry`` the class in it where the
    ``engine`` wants one, ``arguments`` JSON, ``colors`` those of the theme that it names, ``fonts`` digests of font
    files by role, ``inputs`` digests of files by the path that the talk wrote. Its picture is ``width`` x ``height`` px
    of the reference frame."""

    engine: str
    source: str
    entry: str
    width: float
    height: float
    arguments: str
    colors: tuple[tuple[str, Paint], ...]
    fonts: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Footage:
    """The part of a film that a moving picture shows: ``length`` seconds from ``start``. ``recipe`` where a program
    paints the film, whose digest is then that of this recipe and length."""

    start: float
    length: float
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image by digest of its bytes (PNG, JPEG, WebP), drawn into ``rect``; ``crop`` in pixels of the image;
    ``page`` (from 1) where the bytes are a PDF, whose page is rasterised at the size needed, ``crop`` then in points
    from the top left corner of the page as it is seen (y down). A JPEG's Exif orientation counts. ``film`` where the
    bytes are a video: which of its frames is seen is said by the `time` track."""

    digest: str
    rect: Rect
    crop: Rect | None = None
    page: int | None = None
    corner: float = 0.0
    film: Footage | None = None


Point3: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Mesh:
    """A sheet in space: a grid of points row by row (x, y, z flat), ``columns`` in a row; NaN leaves a hole. ``colors``
    is 0xRRGGBB for each point, ``lines`` the paint of grid lines along every ``every``-th row and column (0: none)."""

    points: tuple[float, ...]
    columns: int
    colors: tuple[int, ...]
    lines: Paint | None = None
    every: int = 0


@dataclass(frozen=True, slots=True)
class Ball:
    centre: Point3
    radius: float
    paint: Paint


@dataclass(frozen=True, slots=True)
class Rod:
    """A round bar from ``start`` to ``end``; its second half may have another paint."""

    start: Point3
    end: Point3
    radius: float
    paint: Paint
    other: Paint | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """A thin line through points in space (x, y, z flat), as wide wherever it is, behind everything solid."""

    points: tuple[float, ...]
    stroke: Stroke


Primitive: TypeAlias = Shape | Glyphs | Picture | Mesh | Ball | Rod | Wire


@dataclass(frozen=True, slots=True)
class Gate:
    """An element of a space is seen only from some sides: where ``normal`` points, turned into the view, ``towards``
    the viewer, ``away`` from them, to the ``left`` or to the ``right``."""

    normal: Point3
    side: Literal["towards", "away", "left", "right"]


@dataclass(frozen=True, slots=True)
class Pin:
    """What ties an element to a fragment's space. Text stays upright and keeps the distance from the projected ``spot``
    that it has at rest; ``gates`` all have to be open for the element to be seen."""

    spot: Point3 | None = None
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Space:
    """How a fragment's solids are seen at rest: a camera at ``distance`` units from the origin, turned by ``azimuth``
    about the upward axis z and raised by ``elevation`` (degrees); the origin falls on (x, y) px, and a unit there is
    ``scale`` px long. `pvc.compiler.model.space` has the projection."""

    x: float
    y: float
    scale: float
    distance: float
    azimuth: float
    elevation: float


@dataclass(frozen=True, slots=True)
class Element:
    """One primitive with what animation needs to know of it.

    ``role`` chooses how it enters: `text` and `glyph` fade (or are written), `line` is trimmed from its start, `bar`
    grows from ``origin``, `area`, `box`, `image`, `dot` fade or scale about ``origin``. ``order``: elements with a
    lower order enter earlier (staggered); equal orders enter together. ``morph``: two fragments' elements with the
    same key are the same thing for a `transform` (e.g. `glyph:1D444`, `bar:BLEU`). ``ground``: what lies behind it
    where that is not the frame's background (a surface's colour), for contrast checks.
    """

    primitive: Primitive
    bounds: Rect
    role: Literal["text", "glyph", "line", "bar", "area", "box", "image", "dot"] = "text"
    order: int = 0
    morph: str = ""
    origin: Point | None = None
    ground: Paint | None = None
    pin: Pin | None = None


UNFIT = frozenset({"PVC0503", "PVC0541", "PVC0553", "PVC0555"})
"""Codes of problems of layouts that are larger than their place."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a layout found wrong, before it has a span: the stage adds the visual's. ``code`` is a diagnostic's, and
    ``severity`` one of its: a lint is a `warning`."""

    code: str
    message: str
    hint: str | None = None
    severity: Literal["error", "warning", "note"] = "error"
    inner: str = ""
    """The inner visual that it is about, where the visual is made of others (see `Inner`)."""
    part: str = ""
    """The selector that it is about, where what an action points at is wrong, and not what is laid out."""


@dataclass(frozen=True, slots=True)
class Inner:
    """Where a visual that others are made of stands among the elements: ``[first, first + count)``. ``path`` is its
    number in the component, and before a dot that of the inner visual which holds it (`2`, `2.1`). ``layout`` is what
    laid it out."""

    path: str
    layout: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A visual laid out. ``parts`` maps a canonical selector (`bars[2]`, `lines[3]`, `caption`, `tex:...`,
    `concept:query`) to indices into ``elements``. ``entrance`` is the default effect of `show`. ``stretch``: whether it
    fills the box it is given (a chart) rather than having a size of its own (a formula)."""

    width: float
    height: float
    elements: tuple[Element, ...]
    parts: tuple[tuple[str, tuple[int, ...]], ...] = ()
    entrance: str = "fade"
    baseline: float | None = None
    stretch: bool = False
    problems: tuple[Problem, ...] = ()
    description: str = ""
    """In words, for the blind and for transcripts."""
    space: Space | None = None
    """Set where its elements are solids, which are painted together, sorted by depth."""
    inner: tuple[Inner, ...] = ()
    """The visuals that it is made of, each before those that it is made of itself."""

    def part(self, selector: str) -> tuple[int, ...] | None:
        """The elements of one canonical part, None where there is none of that name."""
        return dict(self.parts).get(selector)

    def inner_at(self, element: int) -> Inner | None:
        """The innermost visual that an element belongs to; None where it belongs to the whole alone."""
        return next((one for one in reversed(self.inner) if one.first <= element < one.first + one.count), None)


Property: TypeAlias = Literal[
    "opacity",  # 0..1, multiplies
    "translate",  # (dx, dy) px, added
    "scale",  # (sx, sy) about the element's origin, or the fragment's centre for a whole item
    "rotate",  # degrees about the same point
    "color",  # (r, g, b, a, amount): blend of fill, stroke and glyph paint towards r,g,b,a (0..255) by amount 0..1
    "trim",  # 0..1: share of a stroke's (or an outline's) length that is drawn; a fill fades in over the last half
    "blur",  # px, standard deviation
    "clip",  # (left, top, right, bottom) 0..1 of the bounds that is visible
    "morph",  # 0..1 towards the path in Track.path
    "time",  # seconds of a film that have been played
    "orbit",  # (azimuth, elevation) in degrees, added to those of the fragment's space
]
Ease: TypeAlias = Literal["linear", "out", "in_out", "smooth", "step"]


@dataclass(frozen=True, slots=True)
class Keyframe:
    """``frame`` counts from the chunk's first; ``ease`` shapes the way *to* this keyframe from the one before."""

    frame: int
    value: tuple[float, ...]
    ease: Ease = "linear"


@dataclass(frozen=True, slots=True)
class Track:
    """One property of some elements (``targets`` None: of the whole item) over time. Before the first keyframe and
    after the last the nearest value holds. A track with one keyframe is settled state."""

    property: Property
    targets: tuple[int, ...] | None
    keys: tuple[Keyframe, ...]
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A fragment in a chunk: moved to (x, y) and scaled (both in reference px), then animated. ``visual`` is the id in
    the scene: for source maps, never part of a key. ``native`` and ``arguments`` are set where the backend draws the
    component itself instead of the fragment."""

    visual: str
    fragment: str
    x: float
    y: float
    scale: float
    tracks: tuple[Track, ...]
    native: str | None = None
    arguments: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """Items of one backend in paint order. Layers of a chunk are blended bottom up; the lowest is opaque over the
    background."""

    backend: str
    items: tuple[Item, ...]
    over: bool = False
    """A thin layer whose content depends on where the scene stands in the talk (its progress): what lies under it is
    painted apart and kept, so that it never has to be painted for the sake of this one."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames ``[0, frames)`` of a scene's stretch in which something moves, or (``frames`` == 1, ``hold`` True) one
    still that lasts as long as the plan says: how long is not part of it, so a longer pause renders nothing."""

    reference: tuple[int, int]
    background: Paint
    layers: tuple[Layer, ...]
    frames: int
    hold: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A chunk on a scene's time line: it covers frames ``[start, start + length)`` of the scene; for a hold ``length``
    is how often its still is repeated. ``sources`` are (visual id, action index or None) for the source map."""

    chunk: Chunk
    start: int
    length: int
    sources: tuple[tuple[str, int | None], ...] = ()
