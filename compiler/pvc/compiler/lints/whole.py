"""What is said of a talk as a whole: titles, words that were left behind, papers that nobody is told of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import floor

from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.lints.settings import Settings
from pvc.compiler.model.program import Program, SceneSpec, Source
from pvc.compiler.model.values import Markdown, Record, Table, Tex, Value
from pvc.compiler.source import Span

_LEFT = re.compile(r"\bTODO\b|\bFIXME\b|\bTBD\b|\bXXX\b|\b[Ll]orem ipsum\b")
"""In capitals: `todo` is a word of several languages."""


def texts(value: Value) -> Iterator[str]:
    """Every text in a value, formulas and cells of tables included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Markdown | Tex):
        yield value.source
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif isinstance(value, Record):
        for _, each in value.fields:
            yield from texts(each)
    elif isinstance(value, Table):
        for row in value.rows:
            for cell in row:
                yield from texts(cell)


def left_behind(scene: SceneSpec) -> Iterator[Diagnostic]:
    """Words that somebody meant to replace: in what is said and in what is shown."""

    def say(found: re.Match[str], span: Span) -> Diagnostic:
        return Diagnostic(
            "PVC0739",
            Severity.WARNING,
            f"“{found[0]}” was left behind here",
            span,
            "Replace it by what was meant; a question for a person is a `review`.",
        )

    for beat in scene.beats:
        found = _LEFT.search(beat.narration.text) if beat.narration is not None else None
        if found is not None and beat.narration is not None:
            yield say(found, beat.narration.span or beat.span)
    for visual in scene.visuals:
        for _, value in visual.arguments:
            if isinstance(value, Table):
                continue
            found = next((match for text in texts(value) if (match := _LEFT.search(text))), None)
            if found is not None:
                yield say(found, visual.span)
                break


def titles(program: Program, settings: Settings) -> Iterator[Diagnostic]:
    """Titles that two chapters share, and such that are too long for a list of chapters."""
    limit = settings.limit("long-title", "characters")
    most = floor(limit)
    first: dict[str, Span] = {}
    for scene in program.scenes:
        title = " ".join((scene.chapter or scene.title or "").split())
        if not title:
            continue
        if len(title) > most:
            yield Diagnostic(
                "PVC0741",
                Severity.WARNING,
                f"This chapter's title has {len(title)} characters",
                scene.span,
                f"Lists of chapters show about {float(limit):g}: make it shorter, or add a short `chapter`.",
            )
        before = first.setdefault(title.casefold(), scene.span)
        if before is not scene.span:
            yield Diagnostic(
                "PVC0740",
                Severity.WARNING,
                f"Two chapters are called “{title}”",
                scene.span,
                "Give one of them another title, or none: a scene without one belongs to the chapter before it.",
                (Label(before, "the other one"),),
            )


def mixed_transitions(program: Program) -> Iterator[Diagnostic]:
    """Scenes that give way in another way than those before them; a cut is no motion, and goes with any."""
    usual = program.transition or dict(program.theme.style).get("transition", "fade")
    first: tuple[str, Span] | None = None
    for scene in program.scenes[1:]:
        kind = scene.transition or usual
        if kind == "cut":
            continue
        if first is None:
            first = kind, scene.span
        elif kind != first[0]:
            yield Diagnostic(
                "PVC0745",
                Severity.WARNING,
                f"This scene comes with `{kind}`, those before it with `{first[0]}`",
                scene.span,
                "One kind of transition in a talk is calm; say it once, as a setting of the talk.",
                (Label(first[1], f"the first with `{first[0]}`"),),
            )
            return


def uncredited(program: Program, words: Sequence[str] | None = None) -> Iterator[Diagnostic]:
    """Papers that claims rest on and that no viewer is told of. ``words``: those of each scene, where known."""
    cited = {claim.source: claim.span for scene in reversed(program.scenes) for claim in reversed(scene.claims)}
    wanted = [source for source in program.sources if source.name in cited]
    if not wanted:
        return
    shown = "\n".join(map(words_of, program.scenes) if words is None else words)
    for source in wanted:
        if not any(part in shown for part in _names(source)):
            yield Diagnostic(
                "PVC0742",
                Severity.NOTE,
                f"Claims rest on `{source.name}`, and nothing on screen says so",
                source.span,
                f"Show `citation({source.name})`, or name it on the `end_card`.",
            )


def words_of(scene: SceneSpec) -> str:
    """Everything that a scene shows and says, in small letters."""
    found = (text for visual in scene.visuals for _, value in visual.arguments for text in texts(value))
    spoken = (beat.narration.text for beat in scene.beats if beat.narration is not None)
    return "\n".join(" ".join(text.split()).casefold() for text in (*found, *spoken))


def _names(source: Source) -> Iterator[str]:
    """What on screen counts as naming a paper: its title, or an author's family name."""
    if source.title:
        yield " ".join(source.title.split()).casefold()
    for author in source.authors:
        family = author.split(",")[0] if "," in author else author.split()[-1] if author.split() else ""
        if len(family) > 2:
            yield family.casefold()
