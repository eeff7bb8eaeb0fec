"""The `talk { ... }` block: settings, each of its own type, and expectations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from pvc.compiler.check import units
from pvc.compiler.check.branches import branches, fits
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.declarations import default_voice
from pvc.compiler.check.expressions import evaluate, theme_named, word_of
from pvc.compiler.check.fit import fit, read
from pvc.compiler.check.removal import removing
from pvc.compiler.check.things import ThemeThing, Thing, Unknown, VoiceThing
from pvc.compiler.check.tongues import language_of, unspoken
from pvc.compiler.check.types import TEXT, Type, describe
from pvc.compiler.check.verbs import BACKENDS
from pvc.compiler.diagnostics.model import Applicability, Label, Severity
from pvc.compiler.model.program import NO_MUSIC, TRANSITIONS, Expectation, Format, Music, Voice
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.tongues import speaks
from pvc.compiler.model.values import Asset, Interval, Symbol, Value
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree

SIZES = {
    "480p": (854, 480),
    "540p": (960, 540),
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
    "2160p": (3840, 2160),
    "vertical": (1080, 1920),
    "square": (1080, 1080),
}
REFERENCES = {"vertical": (1080, 1920), "square": (1080, 1080)}
RATES = {
    "24": Fraction(24),
    "25": Fraction(25),
    "30": Fraction(30),
    "50": Fraction(50),
    "60": Fraction(60),
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "59.94": Fraction(60000, 1001),
}
_FORMAT = re.compile(r"(\d+p|[a-z]+)(\d+(?:\.\d+)?)")

SETTINGS = (
    "vid",
    "format",
    "formats",
    "theme",
    "voice",
    "language",
    "audience",
    "authors",
    "description",
    "backend",
    "fallback",
    "captions",
    "transition",
    "music",
    "chapters",
    "poster",
    "progress",
)
"""What a talk may set."""

CAPTIONS = ("soft", "burned", "none")

CHAPTERS = ("scenes", "explicit", "none")

PROGRESS = ("bar", "dots", "none")
"""How a talk shows how far it has come."""

WORDS: dict[str, tuple[str, ...]] = {
    "captions": CAPTIONS,
    "transition": TRANSITIONS,
    "chapters": CHAPTERS,
    "progress": PROGRESS,
}
"""The settings that take one of a few words."""

EXPECTED: dict[str, str] = {
    "duration": "duration",
    "loudness": "number",
    "true_peak": "number",
    "words_per_minute": "number",
    "scenes": "number",
    "contrast": "number",
    "text_size": "length",
    "overlap": "number",
    "motion": "number",
    "still": "duration",
}
"""What `expect` can ask about, with the kind of its value."""

DEFAULT_FORMAT = Format("1080p30", 1920, 1080, Fraction(30), (1920, 1080))


@dataclass(slots=True)
class Talk:
    """A talk's settings with their defaults."""

    format: Format = DEFAULT_FORMAT
    formats: tuple[Format, ...] = (DEFAULT_FORMAT,)
    theme: Theme | None = None
    voice: Voice | None = None
    language: str = "en"
    audience: str | None = None
    backend: str = "canvas"
    fallback: str | None = None
    transition: str | None = None
    music: Music = NO_MUSIC
    expectations: list[Expectation] = field(default_factory=list)
    rest: list[tuple[str, Value]] = field(default_factory=list)


def format_named(name: str) -> Format | None:
    """`1080p30`, `vertical60`, `720p29.97`; None for what is no format. (`720p29_97` is the same.)"""
    found = _FORMAT.fullmatch(name)
    if found is None or found[1] not in SIZES or found[2] not in RATES:
        return None
    width, height = SIZES[found[1]]
    return Format(name, width, height, RATES[found[2]], REFERENCES.get(found[1], (1920, 1080)))


def format_names() -> list[str]:
    return [f"{size}{rate}" for size in SIZES for rate in RATES]


def _spelt(expr: tree.Expr) -> str | None:
    """A format as written, whatever tokens it was cut into."""
    match expr:
        case tree.Name():
            return ".".join(expr.parts)
        case tree.Number():
            return f"{expr.value}{expr.unit or ''}"
        case tree.Text():
            return expr.value
    return None


def read_format(ctx: Context, scope: Scope, expr: tree.Expr) -> Format | None:
    name = _spelt(expr)
    if name is not None:
        name = name.replace("_", ".")
    span = scope.span(expr.at)
    if name is None:
        if not isinstance(expr, tree.Missing):
            ctx.report("PVC0310", "`format` takes a picture size and a frame rate", span, "such as `1080p30`")
        return None
    found = format_named(name)
    if found is None:
        if name in SIZES:  # the rate is missing
            likely = replacing(span, f"{name}30")
            message = f"the format `{name}` has no frame rate"
            ctx.report("PVC0310", message, span, f"as in `{name}30`", fixes=(likely,))
            return None
        hint, fixes = suggestion(name, format_names(), span)
        if not fixes:
            hint = f"a size ({', '.join(SIZES)}) and a rate ({', '.join(RATES)}), as in `1080p30`"
        ctx.report("PVC0310", f"there is no format `{name}`", span, hint, fixes=fixes)
    return found


def _formats(ctx: Context, scope: Scope, given: dict[str, tree.Setting]) -> tuple[Format, ...]:
    """What `format` or `formats` asks for, each once; empty where nothing is (rightly) asked for."""
    one, several = given.get("format"), given.get("formats")
    if several is None:
        found = read_format(ctx, scope, one.value) if one is not None else None
        return (found,) if found is not None else ()
    span = scope.span(several.at)
    if one is not None:
        label = Label(scope.span(one.at), "`format` is here")
        ctx.report("PVC0311", "a talk has `format` or `formats`, not both", span, "keep one of them", labels=(label,))
    if isinstance(several.value, tree.Missing):
        return ()
    items = several.value.items if isinstance(several.value, tree.ListExpr) else ()
    if not items:
        hint = "as in `formats = [1080p30, vertical30]`"
        ctx.report("PVC0310", "`formats` takes a list of formats", scope.span(several.value.at), hint)
    formats: dict[str, Format] = {}
    for expr in items:
        found = read_format(ctx, scope, expr)
        if found is not None and found.name in formats:
            message = f"`{found.name}` is in the list twice"
            ctx.report("PVC0310", message, scope.span(expr.at), "remove one of them: each format is one film")
        elif found is not None:
            formats[found.name] = found
    return tuple(formats.values())


def talk_settings(ctx: Context, scope: Scope, node: tree.Talk) -> Talk:
    """The settings of the talk; what is wrong is reported and its default taken."""
    talk = Talk()
    given: dict[str, tree.Setting] = {}
    for item in node.body:
        match item:
            case tree.Setting():
                _give(ctx, scope, item, given)
            case tree.Group():
                _unknown(ctx, scope, item)
            case tree.Remark(kind="review"):
                open_question(ctx, scope, item)
            case tree.Remark():
                talk.rest.append((item.kind, item.text.value))
    talk.formats = _formats(ctx, scope, given) or talk.formats
    talk.format = next((one for one in talk.formats if one.name == ctx.format), talk.formats[0])
    ctx.fps = talk.format.fps
    if "language" in given:
        talk.language = language_of(ctx, scope, given["language"].value) or talk.language
    if "audience" in given:
        expr = given["audience"].value
        talk.audience = expr.value if isinstance(expr, tree.Text) else word_of(expr)
        if talk.audience is None:
            ctx.report("PVC0310", "`audience` takes a word", scope.span(expr.at), "such as `undergraduate`")
    names: dict[str, Value] = {
        "format": Symbol(talk.format.name),
        "language": Symbol(talk.language),
        "audience": Symbol(talk.audience or "none"),
        "title": node.title.value,
    }
    ctx.settings = {**names, "language": Symbol(ctx.language)} if ctx.language is not None else names
    idle = _branches(ctx, scope, node, talk, given)
    ctx.settings = names
    talk.theme = _theme(ctx, scope, given.get("theme"))
    if talk.theme is not None:
        names["theme"] = Symbol(talk.theme.name)
        ctx.colors = frozenset(name for name, _ in talk.theme.colors)
    _apply(ctx, scope, given, talk)
    for item in idle:  # checked like the rest, but nothing of it is kept
        if item.name == "theme":
            _theme(ctx, scope, item)
        _apply(ctx, scope, {item.name: item}, Talk())
    return talk


def _give(ctx: Context, scope: Scope, item: tree.Setting, given: dict[str, tree.Setting]) -> None:
    if item.name in given:
        fixes = removing(scope, item.at, title="remove the second")
        label = Label(scope.span(given[item.name].at), "the first is here")
        message = f"`{item.name}` is set twice"
        ctx.report("PVC0311", message, scope.span(item.at), "keep one of them", labels=(label,), fixes=fixes)
    elif item.name not in SETTINGS:
        _unknown(ctx, scope, item)
    else:
        given[item.name] = item


def _branches(
    ctx: Context, scope: Scope, node: tree.Talk, talk: Talk, given: dict[str, tree.Setting]
) -> list[tree.Setting]:
    """Takes the settings and notes of the branches that hold; the settings of the others."""
    idle: list[tree.Setting] = []
    for item, taken in branches(ctx, scope, node.body):
        if not fits(ctx, scope, item):
            continue
        match item:
            case tree.Setting():
                if taken:
                    _give(ctx, scope, item, given)
                elif item.name in SETTINGS:
                    idle.append(item)
                else:
                    _unknown(ctx, scope, item)
            case tree.Remark(kind="review"):
                open_question(ctx, scope, item)
            case tree.Remark() if taken:
                talk.rest.append((item.kind, item.text.value))
    return idle


def _apply(ctx: Context, scope: Scope, given: dict[str, tree.Setting], talk: Talk) -> None:
    """Reads the settings that need no names of the talk."""
    for name, item in given.items():
        match name:
            case "backend" | "fallback":
                word = word_of(item.value)
                span = scope.span(item.value.at)
                if word not in BACKENDS:
                    hint, fixes = suggestion(word or "", BACKENDS, span)
                    ctx.report(
                        "PVC0330", f"`{word or 'this'}` is no backend that this version has", span, hint, fixes=fixes
                    )
                else:
                    setattr(talk, name, word)
            case "authors":
                value = _authors(ctx, scope, item.value)
                if value:
                    talk.rest.append((name, value))
            case "description":
                text = read(ctx, scope, item.value, TEXT, "`description`")
                if not isinstance(text, Unknown):
                    talk.rest.append((name, cast(Value, text)))
            case "transition":
                talk.transition = read_symbol(ctx, scope, item.value, WORDS[name], "`transition`")
            case "poster":
                poster = _poster(ctx, scope, item.value)
                if poster is not None:
                    talk.rest.append((name, poster))
            case "captions" | "chapters" | "progress":
                chosen = read_symbol(ctx, scope, item.value, WORDS[name], f"`{name}`")
                if chosen is not None:
                    talk.rest.append((name, Symbol(chosen)))


def open_question(ctx: Context, scope: Scope, node: tree.Remark) -> None:
    """A `review`: for a person to answer, so no more than a note until then."""
    message = f"a question is open: {node.text.value}"
    ctx.report(
        "PVC0707",
        message,
        scope.span(node.at),
        "answer it and remove the `review`",
        severity=Severity.NOTE,
        fixes=removing(scope, node.at, "it is answered: remove it", Applicability.PLACEHOLDER),
    )


def _poster(ctx: Context, scope: Scope, expr: tree.Expr) -> Asset | None:
    """A picture file that stands for the talk."""
    found = read(ctx, scope, expr, Type("image"), "`poster`")
    if not isinstance(found, Asset):
        return None
    span = scope.span(expr.at)
    if found.kind != "image":
        ctx.report("PVC0810", f"`{found.path}` is no picture for a poster", span, "give a PNG, a JPEG or a WebP")
        return None
    from pvc.compiler.layout import raster

    try:
        raster.probe(ctx.world.blob(found.digest))
    except raster.Undecodable as reason:
        hint = "export it again as PNG, JPEG or WebP"
        ctx.report("PVC0810", f"`{found.path}` is no picture that can be shown: {reason}", span, hint)
        return None
    return found


def read_symbol(ctx: Context, scope: Scope, expr: tree.Expr, words: tuple[str, ...], what: str) -> str | None:
    """One of a few bare words; None where it is not, which is reported."""
    value = read(ctx, scope, expr, Type("symbol", tuple(Type(word) for word in words)), what)
    return value.name if isinstance(value, Symbol) else None


def _authors(ctx: Context, scope: Scope, expr: tree.Expr) -> tuple[str, ...]:
    value = evaluate(ctx, scope, expr)
    if isinstance(value, str):
        return (value,)
    fitted = fit(ctx, scope, value, Type("list", (TEXT,)), expr, "`authors`")
    return fitted if isinstance(fitted, tuple) else ()  # type: ignore[return-value]


def finish_settings(ctx: Context, scope: Scope, node: tree.Talk, talk: Talk) -> None:
    """What needs names to be resolved: the voice, and expectations."""
    plain = [(item, True) for item in node.body if not isinstance(item, tree.If)]
    for item, taken in [*plain, *branches(ctx, scope, node.body)]:
        if isinstance(item, tree.Expect):
            found = expectation(ctx, scope, item)
            if found is not None and taken:
                talk.expectations.append(found)
        elif isinstance(item, tree.Setting) and item.name == "voice" and (talk.voice is None or not taken):
            value = evaluate(ctx, scope, item.value, Type("voice"))
            if isinstance(value, VoiceThing):
                talk.voice = value.voice if taken else talk.voice
            elif not isinstance(value, Unknown):
                message = f"`voice` takes a voice, this is {describe(value)}"
                ctx.report(
                    "PVC0301", message, scope.span(item.value.at), 'declare one: `voice ada = espeak(voice: "en-us")`'
                )
        elif isinstance(item, tree.Setting) and item.name == "music" and (talk.music is NO_MUSIC or not taken):
            from pvc.compiler.check.sounds import chosen_music

            music = chosen_music(ctx, scope, item.value)
            talk.music = music if music is not None and taken else talk.music
    if talk.voice is None:
        talk.voice = default_voice()
        _nobody_speaks(ctx, scope, node, talk)


def _nobody_speaks(ctx: Context, scope: Scope, node: tree.Talk, talk: Talk) -> None:
    """A talk in a language that the voice without a name does not speak."""
    if ctx.language is not None or speaks(default_voice(), talk.language):
        return
    for item in node.body:
        if isinstance(item, tree.Setting) and item.name == "language":
            instead = "name a voice that does: `voice = NAME`"
            unspoken(ctx, talk.language, scope.span(item.value.at), instead)


def _unknown(ctx: Context, scope: Scope, item: tree.Setting | tree.Group) -> None:
    word = scope.span(item.name_at)
    hint, fixes = suggestion(item.name, SETTINGS, word)
    hint = hint or "settings are " + ", ".join(f"`{name}`" for name in SETTINGS)
    ctx.report("PVC0309", f"a talk has no setting `{item.name}`", word, hint, fixes=fixes)


def _theme(ctx: Context, scope: Scope, item: tree.Setting | None) -> Theme | None:
    if item is None:
        found: Thing = theme_named(ctx, scope, ("midnight",), scope.span(tree.At(0, 0)))
    elif isinstance(item.value, tree.Name):
        found = theme_named(ctx, scope, item.value.parts, scope.span(item.value.at))
    elif isinstance(item.value, tree.Call) and len(item.value.callee.parts) <= 2:
        called = item.value
        found = theme_named(ctx, scope, called.callee.parts, scope.span(called.callee.at), called.arguments)
    else:
        if not isinstance(item.value, tree.Missing):
            span = scope.span(item.value.at)
            word = item.value.value if isinstance(item.value, tree.Text) else ""
            fixes = (replacing(span, word),) if word.isidentifier() else ()
            hint = f"write `{word}` without quotes" if fixes else "such as `midnight` or `paper`"
            ctx.report("PVC0310", "`theme` takes the name of a theme", span, hint, fixes=fixes)
        found = theme_named(ctx, scope, ("midnight",), scope.span(item.at))
    if isinstance(found, ThemeThing):
        return found.theme
    fallback = theme_named(ctx, scope, ("midnight",), scope.span(tree.At(0, 0)))
    return fallback.theme if isinstance(fallback, ThemeThing) else None


# ------------------------------------------------------------------------------------------------ expectations


def expectation(ctx: Context, scope: Scope, node: tree.Expect) -> Expectation | None:
    """`expect duration in 3min..6min`, `expect words_per_minute < 180`."""
    condition = node.condition
    span = scope.span(node.at)
    if isinstance(condition, tree.Missing):
        return None
    subject = word_of(condition.left) if isinstance(condition, tree.Binary) else None
    if (
        not isinstance(condition, tree.Binary)
        or subject is None
        or condition.op not in ("in", "<", "<=", ">", ">=", "==")
    ):
        ctx.report(
            "PVC0333",
            "`expect` takes a comparison of something that a talk has",
            span,
            "as in `expect duration in 2min..3min`",
        )
        return None
    if subject not in EXPECTED:
        at = scope.span(condition.left.at)
        hint, fixes = suggestion(subject, EXPECTED, at)
        ctx.report("PVC0333", f"nothing is known of `{subject}`", at, hint, fixes=fixes)
        return None
    kind = Type(EXPECTED[subject])
    if condition.op == "in":
        kind = Type("range", (kind,))
    value = read(ctx, scope, condition.right, kind, f"`{subject}`")
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Interval) and not units.is_quantity(value.low):
        return None
    return Expectation(subject, condition.op, cast(Value, value), span)
