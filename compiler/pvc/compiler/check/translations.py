"""A talk in another language: what a translation (`check.overlays`) says, laid over the scenes of the original."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pvc.compiler.check import narration
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.generated import statement_of
from pvc.compiler.check.interpolation import refilled
from pvc.compiler.check.narration import Spoken
from pvc.compiler.check.overlays import Overlay, Sentence, TranslatedScene
from pvc.compiler.check.wordings import (
    ALIKE,
    Wording,
    folded,
    likeness,
    renamed_part,
    report_unused,
    reworded,
    selecting,
)
from pvc.compiler.diagnostics.model import Fix, Label
from pvc.compiler.model.program import Action, Beat, Expectation, Moment, Narration, SceneSpec, Voice
from pvc.compiler.resolve.scope import Scope, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree


@dataclass(slots=True, eq=False)
class _Run:
    """One scene being translated. ``source`` gives the original's text at a span, None where it cannot be quoted."""

    ctx: Context
    overlay: Overlay
    scene: TranslatedScene
    language: str
    speaker: Voice
    lexicon: tuple[tuple[str, str], ...]
    source: Callable[[Span], str | None]
    written: Callable[[], frozenset[str]]
    """The texts of the scene, also of what is not played: what translates one of them translates no other."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said instead of one narration, and where that is written."""

    into: Spoken
    span: Span


def translated(
    ctx: Context,
    overlay: Overlay,
    scenes: Sequence[SceneSpec],
    original: tuple[str, Voice, tuple[tuple[str, str], ...]],
    source: Callable[[Span], str | None],
    written: Mapping[str, Callable[[], frozenset[str]]],
) -> tuple[SceneSpec, ...]:
    """The scenes in the overlay's language. ``original``: language, voice and lexicon of the talk itself, in which
    untranslated narrations are spoken. ``written``: by the names of its statements for scenes, also those that there is
    no scene of, the texts that stand there, whether they are said or not."""
    for name, unknown in overlay.scenes.items():
        if name not in written:
            span = unknown.scope.span(unknown.node.name_at)
            hint, fixes = suggestion(name, written, span)
            ctx.report("PVC0207", f"the talk has no scene `{name}`", span, hint, fixes=fixes)
    found = []
    made: dict[str, list[SceneSpec]] = {}
    for spec in scenes:
        statement = statement_of(spec.id)
        scene = overlay.scenes.get(statement) or _nothing(statement, overlay)
        run = _Run(ctx, overlay, scene, *original, source, written[statement])
        made.setdefault(statement, []).append(spec)
        if spec.id != statement:
            run = replace(run, scene=_for_row(scene, dict(spec.values)))
        found.append(_translated(run, spec))
    for statement, specs in made.items():
        if statement in overlay.scenes:
            _unused_of(ctx, overlay.scenes[statement], specs, written[statement])
    report_unused(ctx, overlay.labels, scenes, lambda: frozenset().union(*(texts() for texts in written.values())))
    return tuple(found)


def _nothing(name: str, overlay: Overlay) -> TranslatedScene:
    """A scene of which nothing is translated."""
    nowhere = Scope(Unit(overlay.span.path, "", tree.File(overlay.span.path, ()), False), 0)
    return TranslatedScene(tree.TranslatedScene(name, None, ()), nowhere)


def _for_row(scene: TranslatedScene, values: dict[str, str]) -> TranslatedScene:
    """The translation of one of the scenes that data make, with the values of its row in its titles."""
    made = replace(scene)
    made.chapter = refilled(scene.chapter, values) if scene.chapter is not None else None
    if scene.node.title is not None:
        title = replace(scene.node.title, value=refilled(scene.node.title.value, values))
        made.node = replace(scene.node, title=title)
    return made


def _unused_of(
    ctx: Context, scene: TranslatedScene, specs: Sequence[SceneSpec], written: Callable[[], frozenset[str]]
) -> None:
    """What of a scene's translation nothing of the original wants any more; ``specs``: the scenes that it is of."""
    played = {folded(beat.narration.text) for spec in specs for beat in spec.beats if beat.narration is not None}
    for sentence in scene.sentences:
        if sentence.used:
            continue
        often = sentence.original in played
        if often or sentence.original not in written():
            span = sentence.scope.span(sentence.node.text.at)
            message = f"the scene `{scene.node.name}` does not say this {'so often' if often else 'any more'}"
            ctx.warn("PVC0709", message, span, "remove it, or correct the words before `->`")
    report_unused(ctx, scene.labels, specs, written)


def _translated(run: _Run, spec: SceneSpec) -> SceneSpec:
    pairs = _paired(run, spec)
    beats = tuple(
        beat
        if beat.narration is None
        else _beat(run, beat, beat.narration, pairs.get(number), _looked_for(spec, number))
        for number, beat in enumerate(spec.beats)
    )
    labels = {label.original: label for label in (*run.overlay.labels, *run.scene.labels)}
    visuals = tuple(reworded(visual, labels) for visual in spec.visuals)
    renamed = tuple(replace(beat, actions=tuple(selecting(each, labels) for each in beat.actions)) for beat in beats)
    title = run.scene.node.title
    return replace(
        spec,
        title=title.value if title is not None else spec.title,
        chapter=run.scene.chapter or spec.chapter,
        visuals=visuals,
        beats=renamed,
        expectations=tuple(_expectations(spec, pairs, labels)),
    )


def _expectations(spec: SceneSpec, pairs: Mapping[int, Said], labels: dict[str, Wording]) -> Iterator[Expectation]:
    """What is expected to be seen, at the translation's words. What hangs on a phrase that the translation does not
    mark cannot be told there, and is left to the original."""
    for expectation in spec.expectations:
        seen = expectation.sighting
        if seen is None:
            yield expectation
            continue
        moment = seen.moment
        sentence = pairs.get(seen.beat)
        if sentence is not None:
            place = _place_of(sentence.into, moment.label)
            if place is None:
                continue
            moment = replace(moment, offset=place)
        text = seen.text
        if text is not None and folded(text) in labels:
            text = labels[folded(text)].into
        part = renamed_part(seen.part, labels)
        yield replace(expectation, sighting=replace(seen, moment=moment, text=text, part=part))


def _paired(run: _Run, spec: SceneSpec) -> dict[int, Said]:
    """The translation of each beat's narration, by the beat's number. First those whose original stands as it is; then
    each of the rest with the sentence that its original was most likely edited into."""
    ctx, language = run.ctx, run.overlay.language
    plain: dict[str, list[Sentence]] = {}
    valued = [sentence for sentence in run.scene.sentences if sentence.valued]
    for sentence in run.scene.sentences:
        if not sentence.valued:
            plain.setdefault(sentence.original, []).append(sentence)
    taken: set[Sentence] = set()
    found: dict[int, Said] = {}
    missing: list[tuple[int, Narration]] = []
    for number, beat in enumerate(spec.beats):
        if beat.narration is None or beat.narration.language == language:
            continue
        said, values = folded(beat.narration.text), beat.narration.values
        entries = [*plain.get(said, ()), *(each for each in valued if each.with_values(ctx, values)[0] == said)]
        if entries:
            chosen = next((each for each in entries if each not in taken), entries[-1])
            taken.add(chosen)
            found[number] = _said(run, chosen, beat.narration)
        else:
            missing.append((number, beat.narration))
    idle = [each for each in run.scene.sentences if missing and each not in taken]
    stale = [each for each in idle if each.original not in run.written()]
    for number, narrated in list(missing):
        words, values = folded(narrated.text), narrated.values
        ranked = [(likeness(words, each.with_values(ctx, values)[0]), -index) for index, each in enumerate(stale)]
        best = max(ranked, default=(0.0, 0))
        if best[0] < ALIKE:
            continue
        sentence = stale.pop(-best[1])
        found[number] = _said(run, sentence, narrated)
        missing.remove((number, narrated))
        _out_of_date(run, sentence, narrated)
    for _, left in missing:
        if left.span is None or not _told(left.text):
            continue
        name = statement_of(spec.id)
        where = f"scene {name} {{ ... }}" if run.scene.node.body else f"a `scene {name} {{ }}`"
        ctx.warn(
            "PVC0708",
            f"this is not translated into `{language}`",
            left.span,
            f"add to {where} of the translation: `say {run.source(left.span) or '...'} -> ...`; "
            "until then it is said in the original language",
            labels=(Label(run.overlay.span, "the translation is here"),),
        )
    return found


def _said(run: _Run, sentence: Sentence, original: Narration) -> Said:
    sentence.used = True
    return Said(sentence.with_values(run.ctx, original.values)[1], sentence.scope.span(sentence.node.into.at))


def _told(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _out_of_date(run: _Run, sentence: Sentence, said: Narration) -> None:
    span = sentence.scope.span(sentence.node.text.at)
    fixes: tuple[Fix, ...] = ()
    labels: tuple[Label, ...] = ()
    if said.span is not None:
        now = said.span
        labels = (Label(now, "the original as it is now"),)
        written = run.source(now)
        if written is not None:
            fixes = (replacing(span, written, "take over the original as it is now"),)
    message = f"the original was edited since it was translated into `{run.overlay.language}`"
    hint = f"it says now: “{said.text}”; see whether the translation still fits, then correct the words before `->`"
    run.ctx.warn("PVC0709", message, span, hint, labels=labels, fixes=fixes)


# ------------------------------------------------------------------------------------------------ beats


def _looked_for(spec: SceneSpec, beat: int) -> set[str]:
    """The words of a beat at which something is expected to be seen."""
    sightings = (expectation.sighting for expectation in spec.expectations)
    return {seen.moment.label for seen in sightings if seen is not None and seen.beat == beat}


def _beat(run: _Run, beat: Beat, said: Narration, sentence: Said | None, looked_for: set[str]) -> Beat:
    """``looked_for``: words that may have a mark although nothing happens at them."""
    if sentence is None:
        if said.language == run.overlay.language:
            return replace(beat, narration=replace(said, voice=_speaks(run, said.voice)))
        left = replace(
            said, voice=said.voice or run.speaker, language=said.language or run.language, lexicon=run.lexicon
        )
        return replace(beat, narration=left)
    into, span = sentence.into, sentence.span
    wanted = _wanted(beat, said)
    places: dict[str, int] = {}
    missing: list[tuple[str, Span]] = []
    for name, at in wanted:
        place = _place_of(into, name)
        if place is None:
            missing.append((name, at))
        else:
            places[name] = place
    if missing:
        _missing(run, span, missing)
    known = {folded(name).casefold() for name in (*(name for name, _ in wanted), *looked_for)}
    for cue in into.cues:
        if folded(cue.name).casefold() not in known:
            marks = (*(f"{{{name}}}" for name, _ in wanted), *(f"{{{name}}}" for name, _ in said.values))
            hint, fixes = suggestion(f"{{{cue.name}}}", marks, cue.span)
            message = f"nothing of the original hangs on `{{{cue.name}}}`"
            run.ctx.report("PVC0401", message, cue.span, hint or "remove the braces", fixes=fixes)
    _ordered(run, beat, places, span)
    actions = tuple(_moved(action, places) for action in beat.actions)
    translation = Narration(into.text, into.cues, into.marks, _speaks(run, said.voice), run.overlay.language, span)
    return replace(beat, narration=translation, actions=actions)


def _speaks(run: _Run, voice: Voice | None) -> Voice:
    """Who speaks for one of the original's voices (None: the talk's)."""
    return run.overlay.voices.get((voice or run.speaker).name, run.overlay.voice)


def _wanted(beat: Beat, said: Narration) -> list[tuple[str, Span]]:
    """The cues of a narration and the phrases that actions hang on, with where each is written."""
    found = {cue.name: cue.span for cue in said.cues}
    for action in beat.actions:
        if action.moment is not None:
            found.setdefault(action.moment.label, action.moment.span)
    return list(found.items())


def _place_of(into: Spoken, name: str) -> int | None:
    """Where a cue or a phrase of the original stands in a translation."""
    wanted = folded(name).casefold()
    for cue in into.cues:
        if folded(cue.name).casefold() == wanted:
            return cue.offset
    standing = narration.find_phrase(into.text, name)
    return standing[0] if len(standing) == 1 else None


def _missing(run: _Run, span: Span, missing: Sequence[tuple[str, Span]]) -> None:
    marks = ", ".join(f"`{{{name}}}`" for name, _ in missing)
    one = len(missing) == 1
    labels = tuple(Label(at, f"`{name}` is here in the original") for name, at in missing)
    run.ctx.report(
        "PVC0418",
        f"{'a mark' if one else 'marks'} of the original {'is' if one else 'are'} missing in this translation: {marks}",
        span,
        "put it before the word at which it is to happen" if one else "put each before the word at which it happens",
        labels=labels,
    )


def _ordered(run: _Run, beat: Beat, places: dict[str, int], span: Span) -> None:
    """Actions keep their order, since later ones build on earlier ones."""
    last: tuple[int, Moment] | None = None
    for action in beat.actions:
        moment = action.moment
        if moment is None or moment.label not in places:
            continue
        place = places[moment.label]
        if last is not None and place < last[0]:
            run.ctx.report(
                "PVC0417",
                f"`{{{moment.label}}}` stands before `{{{last[1].label}}}` in this translation, "
                "in the original it comes after it",
                span,
                "marks may stand before any word: keep the original's order, and choose the words that fit best",
                labels=(Label(moment.span, "the original's order"),),
            )
            return
        last = place, moment


def _moved(action: Action, places: dict[str, int]) -> Action:
    moment = action.moment
    if moment is None or moment.label not in places:
        return action
    return replace(action, moment=replace(moment, offset=places[moment.label]))
