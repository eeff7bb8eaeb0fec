"""The checked program: names resolved, values typed, files read, spans kept. What every later phase starts from.

Invariant: a Program holds no error. Whatever could not be checked is a diagnostic, and there is no Program then
(`check` still returns a partial one for the editor, flagged by the diagnostics beside it).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Asset, Color, Duration, Symbol, Token, Value
from pvc.compiler.source import Span


@dataclass(frozen=True, slots=True)
class Format:
    """A picture format. Layout happens in the *reference* frame (1920x1080, 1080x1920 or 1080x1080 for the three
    aspects); ``width`` x ``height`` are the pixels that a build paints, ``fps`` is exact (30000/1001 is allowed)."""

    name: str
    width: int
    height: int
    fps: Fraction
    reference: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks. ``engine`` is a plug-in's name (`espeak`, `piper`); ``parameters`` go to it and into the key."""

    name: str
    engine: str
    parameters: tuple[tuple[str, Value], ...] = ()
    rate: Fraction = Fraction(1)
    pitch: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Music:
    """A bed under the voice. ``kind``: `file` (``asset``, from ``begin`` seconds on, again and again where ``loop``),
    `pad` (generated from the values of ``score``) or `none`. ``gain`` in decibels. The name is for messages only."""

    name: str
    kind: str
    asset: Asset | None = None
    gain: Fraction = Fraction(0)
    loop: bool = True
    begin: Fraction = Fraction(0)
    score: tuple[tuple[str, Value], ...] = ()


NO_MUSIC = Music("none", "none")


@dataclass(frozen=True, slots=True)
class Effect:
    """A sound that is heard at a moment; ``gain`` in decibels."""

    name: str
    asset: Asset
    gain: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class ConceptSpec:
    """A notion that keeps its colour through the talk: in formulas (``symbols``, TeX), in labels and captions
    (``words``)."""

    name: str
    symbols: tuple[str, ...]
    words: tuple[str, ...]
    color: Token | Color


@dataclass(frozen=True, slots=True)
class Cue:
    """`{scores}`: a named place in a narration; ``offset`` is the index in the narration's plain text of the character
    that follows it (== length where it stands at the end)."""

    name: str
    offset: int
    span: Span


@dataclass(frozen=True, slots=True)
class SpeechMark:
    """One piece of the SSML subset over ``[start, end)`` of the plain text: ``kind`` is `break`, `emphasis`, `rate`,
    `pitch`, `say-as`, `sub`, `phoneme`; ``value`` its attribute (`300ms`, `strong`, `+10%`, `digits`, ...)."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Narration:
    """What is said in one beat. ``text`` is plain: what captions show; cues and SSML elements are beside it."""

    text: str
    cues: tuple[Cue, ...] = ()
    marks: tuple[SpeechMark, ...] = ()
    voice: Voice | None = None
    language: str | None = None
    span: Span | None = None
    lexicon: tuple[tuple[str, str], ...] | None = None
    """How its words are said, where it is not the talk's lexicon that holds (an untranslated sentence)."""
    values: tuple[tuple[str, str], ...] = ()
    """What the names of values in it (`{row.model}`) stand for."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where an action hangs inside a narration: before the character ``offset`` of its plain text, plus ``shift``."""

    offset: int
    shift: Duration
    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a visual in canonical spelling: `bars[2]`, `lines[3..5]`, `nodes["encoder"]`, `tex:QK^\\top`,
    `concept:query`, or a bare name (`caption`). Numbers count from 1, ranges include both ends."""

    selector: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visual stands. ``region``: a region of the theme's layout (`left`, `right`, `top`, `bottom`, `center`,
    `full`, ...) or None for the compiler's choice; ``beside`` = (direction, visual id) as in `below eq`; ``x``/``y``
    an explicit centre as fractions of the frame; ``width`` a fraction of the frame's width at most to fill."""

    region: str | None = None
    beside: tuple[str, str] | None = None
    x: Fraction | None = None
    y: Fraction | None = None
    width: Fraction | None = None


CAMERA_VERBS = frozenset({"zoom", "pan", "reset"})
"""Verbs that move the scene's camera: their ``visuals`` and ``part`` are what it looks at, not what changes."""


@dataclass(frozen=True, slots=True)
class Action:
    """One animated step.

    ``verb``: `show`, `hide`, `move`, `highlight`, `unhighlight`, `transform`, `reveal`, `focus`, `unfocus`, `wait`,
    `together`, one of CAMERA_VERBS, or an action the component itself declares. ``visuals``: ids in
    ``SceneSpec.visuals`` (several for `show a, b`). ``part``: the part acted on. ``target``: the visual a `transform`
    ends in. ``effect``: `fade`, `write`, `draw`, `grow`, `wipe`, `cut`, ... (None: what the component does by
    default). ``duration`` None: the theme's. ``moment`` None: straight after the action before it. ``children``: the
    body of a `together`.
    """

    verb: str
    visuals: tuple[str, ...]
    span: Span
    part: Part | None = None
    target: str | None = None
    effect: str | None = None
    place: Place | None = None
    duration: Duration | None = None
    color: Token | Color | None = None
    options: tuple[tuple[str, Value], ...] = ()
    moment: Moment | None = None
    children: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """Narration with the actions that play while it is spoken; ``narration`` None: actions in silence."""

    narration: Narration | None
    actions: tuple[Action, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class InnerSpec:
    """A visual inside a component that is made of others: ``path`` as in `display.Inner`, ``name`` as its component's
    author calls it, ``span`` where it is made."""

    path: str
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class VisualSpec:
    """An instance of a component in a scene. ``id`` is unique in the scene (the `let` name, or made from the
    component's name and a count). ``component`` is its full name (`std.charts.bar`), ``layout`` the implementation
    that lays it out. ``backend`` is chosen already: by `on`, by the scene, the talk, or by the compiler; ``native``
    names the backend's own implementation, None where the backend paints the compiler's display list."""

    id: str
    component: str
    layout: str
    arguments: tuple[tuple[str, Value], ...]
    backend: str
    native: str | None
    fallback: str | None
    span: Span
    inner: tuple[InnerSpec, ...] = ()
    """What it is made of, where its component is made of other visuals."""


@dataclass(frozen=True, slots=True)
class ClaimSpec:
    """A factual statement tied to its source: ``source`` is a Source's name."""

    text: str
    source: str | None
    place: str | None
    quote: str | None
    span: Span


TRANSITIONS = ("fade", "cut", "dip", "push", "wipe")
"""How one scene may give way to the next."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is to be seen (a visual, a part of one, or a text wherever it stands) at a moment of a beat."""

    visual: str | None
    part: Part | None
    text: str | None
    beat: int
    moment: Moment


@dataclass(frozen=True, slots=True)
class Expectation:
    """`expect NAME in low..high` and the like; ``subject`` is `duration`, `loudness`, `words_per_minute`, ..."""

    subject: str
    operator: str
    value: Value
    span: Span
    sighting: Sighting | None = None
    """Where ``subject`` is `visible`, `hidden` or `readable`."""


@dataclass(frozen=True, slots=True)
class SceneSpec:
    id: str
    title: str | None
    visuals: tuple[VisualSpec, ...]
    beats: tuple[Beat, ...]
    claims: tuple[ClaimSpec, ...]
    span: Span
    notes: tuple[str, ...] = ()
    chapter: str | None = None
    expectations: tuple[Expectation, ...] = ()
    transition: str | None = None
    """How it gives way to the next scene (one of TRANSITIONS); None: as the talk says."""
    music: Music | None = None
    """What is heard under it; None: as the talk says."""
    values: tuple[tuple[str, str], ...] = ()
    """What the names of values in its texts (`{row.model}`) stand for."""


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that was read: its title and authors as found, for citation cards."""

    name: str
    kind: str
    path: str
    digest: str
    title: str | None
    authors: tuple[str, ...]
    year: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Program:
    title: str
    format: Format
    theme: Theme
    voice: Voice
    language: str
    audience: str | None
    scenes: tuple[SceneSpec, ...]
    concepts: tuple[ConceptSpec, ...] = ()
    lexicon: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    settings: tuple[tuple[str, Value], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Every file that was read: (path as resolved, BLAKE3 digest); what a later run compares to know nothing
    changed."""
    formats: tuple[str, ...] = ()
    """The names of all formats that the talk asks for, in its order; ``format`` is the one of this program."""
    translations: tuple[str, ...] = ()
    """The languages that the talk is translated into; ``language`` is that of this program."""
    transition: str | None = None
    """How scenes give way to each other (one of TRANSITIONS); None: as the theme says."""
    music: Music = NO_MUSIC
    """What is heard under scenes that do not say otherwise."""
    programs: bool = False
    """Whether programs of the talk may be run. The checker never says so: only whoever builds can."""


def captions_of(program: Program) -> str:
    """How captions are shown: `soft` (a track and files beside the film), `burned` (painted, and files) or `none`."""
    chosen = next((value for name, value in program.settings if name == "captions"), None)
    return chosen.name if isinstance(chosen, Symbol) else "soft"
