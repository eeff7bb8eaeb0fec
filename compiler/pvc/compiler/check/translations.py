"""`translation de { ... }`: another language laid over a talk.

A translation names what it translates by the original's own words: `say "original" -> "translation"` a narration,
`"original" -> "translation"` a text of a visual. So it survives any edit of the original that leaves a sentence as it
is, wherever the sentence moves; of a sentence that was edited it says that it is out of date. Cues and markup are no
part of these words. Narrations that are equal take the entries for them in turn, the last one for all that follow.

What hangs on a cue or on a phrase of the original hangs on the mark of the same name in the translation: `{scores}`,
`{square root}`. A phrase that stands in the translation as it is (a name, say) needs no mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pvc.compiler.check import narration
from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.declarations import default_voice
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.fit import read
from pvc.compiler.check.generated import statement_of
from pvc.compiler.check.interpolation import refilled
from pvc.compiler.check.narration import Spoken
from pvc.compiler.check.things import Unknown, VoiceThing
from pvc.compiler.check.tongues import unspoken
from pvc.compiler.check.types import TEXT, Type, describe
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
from pvc.compiler.model.tongues import speaks
from pvc.compiler.resolve.scope import Scope, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

SETTINGS = ("title", "description", "voice")
"""What a translation may set."""


@dataclass(slots=True, eq=False)
class _Sentence:
    """A translated narration: the original's plain text, and what is said instead."""

    original: str
    node: tree.Translated
    into: Spoken
    scope: Scope
    used: bool = False
    whole: _Sentence | None = None
    """The same as it is written, where this is it with the values of a row."""

    def use(self) -> None:
        self.used = True
        if self.whole is not None:
            self.whole.used = True


@dataclass(slots=True, eq=False)
class _Scene:
    node: tree.TranslatedScene
    scope: Scope
    sentences: list[_Sentence] = field(default_factory=list)
    labels: list[Wording] = field(default_factory=list)
    chapter: str | None = None


@dataclass(slots=True, eq=False)
class Overlay:
    """One language of a talk. ``voices``: who speaks for whom, by the names of the original's voices."""

    language: str
    span: Span
    voice: Voice
    title: str | None = None
    description: str | None = None
    voices: dict[str, Voice] = field(default_factory=dict)
    lexicon: tuple[tuple[str, str], ...] = ()
    labels: list[Wording] = field(default_factory=list)
    scenes: dict[str, _Scene] = field(default_factory=dict)


# ------------------------------------------------------------------------------------------------ reading


def overlays(
    ctx: Context,
    blocks: Iterable[tuple[Scope, tree.Translation]],
    lexicon: Callable[[Scope, Sequence[object]], tuple[tuple[str, str], ...]],
) -> dict[str, Overlay]:
    """The translations of a talk by language, from its own file and those that it uses; ``lexicon`` reads entries."""
    found: dict[str, Overlay] = {}
    for scope, item in blocks:
        span = scope.span(item.at)
        language = item.language.replace("_", "-")
        first = found.get(language)
        if first is not None:
            label = Label(first.span, "the first is here")
            message = f"the talk is translated into `{language}` twice"
            ctx.report("PVC0209", message, span, "put all of it into one block", labels=(label,))
            continue
        found[language] = _overlay(ctx, scope, item, language, lexicon)
    return found


def _overlay(
    ctx: Context,
    scope: Scope,
    node: tree.Translation,
    language: str,
    lexicon: Callable[[Scope, Sequence[object]], tuple[tuple[str, str], ...]],
) -> Overlay:
    overlay = Overlay(language, scope.span(node.at), default_voice())
    entries: list[object] = []
    given: set[str] = set()
    for item in node.body:
        match item:
            case tree.Setting():
                if item.name in given:
                    ctx.report("PVC0311", f"`{item.name}` is set twice", scope.span(item.at), "keep one of them")
                    continue
                given.add(item.name)
                _setting(ctx, scope, item, overlay)
            case tree.Group():
                _voices(ctx, scope, item, overlay)
            case tree.Lexicon():
                entries.extend(item.entries)
            case tree.LexiconEntry():
                overlay.labels.append(_label(scope, item))
            case tree.TranslatedScene():
                _scene(ctx, scope, item, overlay)
    overlay.lexicon = lexicon(scope, entries)
    if "voice" not in given and not speaks(overlay.voice, language):
        unspoken(ctx, language, overlay.span, "name a voice that does: `voice = NAME`")
    return overlay


def _setting(ctx: Context, scope: Scope, item: tree.Setting, overlay: Overlay) -> None:
    match item.name:
        case "title" | "description":
            text = read(ctx, scope, item.value, TEXT, f"`{item.name}`")
            if isinstance(text, str):
                setattr(overlay, item.name, text)
        case "voice":
            voice = _voice(ctx, scope, item)
            if voice is not None:
                overlay.voice = voice
        case _:
            span = scope.span(item.name_at)
            hint, fixes = suggestion(item.name, SETTINGS, span)
            ctx.report("PVC0309", f"a translation has no setting `{item.name}`", span, hint, fixes=fixes)


def _voice(ctx: Context, scope: Scope, item: tree.Setting) -> Voice | None:
    value = evaluate(ctx, scope, item.value, Type("voice"))
    if isinstance(value, VoiceThing):
        return value.voice
    if not isinstance(value, Unknown):
        message = f"`{item.name}` takes a voice, this is {describe(value)}"
        ctx.report("PVC0301", message, scope.span(item.value.at), 'declare one: `voice anna = espeak(voice: "de")`')
    return None


def _voices(ctx: Context, scope: Scope, group: tree.Group, overlay: Overlay) -> None:
    """`voices { finn = hans }`: hans speaks what finn does in the original."""
    if group.name != "voices":
        span = scope.span(group.name_at)
        hint, fixes = suggestion(group.name, ("voices",), span)
        ctx.report("PVC0309", f"a translation has no group `{group.name}`", span, hint, fixes=fixes)
        return
    for item in group.items:
        if isinstance(item, tree.Group):
            ctx.report("PVC0309", "`voices` holds no groups", scope.span(item.at), "as in `voices { ada = anna }`")
        elif isinstance(item, tree.Setting):
            binding = scope.unit.find("values", item.name)
            if binding is not None:
                binding.used = True
            voice = _voice(ctx, scope, item)
            if voice is not None:
                overlay.voices[item.name] = voice


def _label(scope: Scope, entry: tree.LexiconEntry) -> Wording:
    return Wording(folded(entry.written.value), entry.spoken.value, scope.span(entry.written.at))


def _scene(ctx: Context, scope: Scope, node: tree.TranslatedScene, overlay: Overlay) -> None:
    first = overlay.scenes.get(node.name)
    if first is not None:
        label = Label(scope.span(first.node.name_at), "the first is here")
        message = f"the scene `{node.name}` is translated twice"
        ctx.report("PVC0209", message, scope.span(node.name_at), "put both into one", labels=(label,))
        return
    made = overlay.scenes[node.name] = _Scene(node, scope)
    for item in node.body:
        match item:
            case tree.Translated():
                original = narration.spoken(ctx, scope, item.text, phrases=True)
                into = narration.spoken(ctx, scope, item.into, phrases=True)
                if not any(character.isalnum() for character in into.text):
                    span = scope.span(item.into.at)
                    ctx.report("PVC0413", "this translation says nothing", span, "write a sentence")
                made.sentences.append(_Sentence(folded(original.text), item, into, scope))
            case tree.LexiconEntry():
                made.labels.append(_label(scope, item))
            case tree.Remark(kind="chapter"):
                made.chapter = item.text.value
            case tree.Remark():
                what = f"`{item.kind}` cannot stand in a translation"
                ctx.report("PVC0407", what, scope.span(item.at), "write it into the original's scene")


# ------------------------------------------------------------------------------------------------ laying over


@dataclass(slots=True, eq=False)
class _Run:
    """One scene being translated. ``source`` gives the original's text at a span, None where it cannot be quoted."""

    ctx: Context
    overlay: Overlay
    scene: _Scene
    language: str
    speaker: Voice
    lexicon: tuple[tuple[str, str], ...]
    source: Callable[[Span], str | None]


def translated(
    ctx: Context,
    overlay: Overlay,
    scenes: Sequence[SceneSpec],
    original: tuple[str, Voice, tuple[tuple[str, str], ...]],
    source: Callable[[Span], str | None],
    names: Sequence[str],
) -> tuple[SceneSpec, ...]:
    """The scenes in the overlay's language. ``original``: language, voice and lexicon of the talk itself, in which
    untranslated narrations are spoken. ``names``: what its statements call scenes, also those that there is none of."""
    for name, unknown in overlay.scenes.items():
        if name not in names:
            span = unknown.scope.span(unknown.node.name_at)
            hint, fixes = suggestion(name, names, span)
            ctx.report("PVC0207", f"the talk has no scene `{name}`", span, hint, fixes=fixes)
    found = []
    made: dict[str, list[SceneSpec]] = {}
    for spec in scenes:
        statement = statement_of(spec.id)
        scene = overlay.scenes.get(statement) or _nothing(statement, overlay)
        run = _Run(ctx, overlay, scene, *original, source)
        made.setdefault(statement, []).append(spec)
        if spec.id != statement:
            run = replace(run, scene=_for_row(ctx, scene, dict(spec.values)))
        found.append(_translated(run, spec))
    for statement, specs in made.items():
        if statement in overlay.scenes:
            _unused_of(ctx, overlay, overlay.scenes[statement], specs)
    report_unused(ctx, overlay.labels, scenes, overlay.language)
    return tuple(found)


def _nothing(name: str, overlay: Overlay) -> _Scene:
    """A scene of which nothing is translated."""
    nowhere = Scope(Unit(overlay.span.path, "", tree.File(overlay.span.path, ()), False), 0)
    return _Scene(tree.TranslatedScene(name, None, ()), nowhere)


def _for_row(ctx: Context, scene: _Scene, values: dict[str, str]) -> _Scene:
    """The translation of one of the scenes that data make, with the values of its row. Sentences that are used are
    noted in the translation of all of them."""
    quiet = Context(ctx.world, ctx.db, ctx.env)  # what is wrong with them was said where they were read
    made = _Scene(scene.node, scene.scope, labels=scene.labels)
    made.chapter = refilled(scene.chapter, values) if scene.chapter is not None else None
    if scene.node.title is not None:
        title = replace(scene.node.title, value=refilled(scene.node.title.value, values))
        made.node = replace(scene.node, title=title)
    for sentence in scene.sentences:
        original = narration.spoken(quiet, sentence.scope, sentence.node.text, phrases=True, known=values)
        into = narration.spoken(quiet, sentence.scope, sentence.node.into, phrases=True, known=values)
        made.sentences.append(_Sentence(folded(original.text), sentence.node, into, sentence.scope, whole=sentence))
    return made


def _unused_of(ctx: Context, overlay: Overlay, scene: _Scene, specs: Sequence[SceneSpec]) -> None:
    """What of a scene's translation nothing of the original wants any more; ``specs``: the scenes that it is of."""
    for sentence in scene.sentences:
        if not sentence.used:
            span = sentence.scope.span(sentence.node.text.at)
            message = f"the scene `{scene.node.name}` does not say this any more"
            ctx.warn("PVC0709", message, span, "remove it, or correct the words before `->`")
    report_unused(ctx, scene.labels, specs, overlay.language)


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


def _expectations(spec: SceneSpec, pairs: Mapping[int, _Sentence], labels: dict[str, Wording]) -> Iterator[Expectation]:
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


def _paired(run: _Run, spec: SceneSpec) -> dict[int, _Sentence]:
    """The translation of each beat's narration, by the beat's number. First those whose original stands as it is; then
    each of the rest with the sentence that its original was most likely edited into."""
    ctx, language = run.ctx, run.overlay.language
    waiting: dict[str, list[_Sentence]] = {}
    for sentence in run.scene.sentences:
        waiting.setdefault(sentence.original, []).append(sentence)
    found: dict[int, _Sentence] = {}
    missing: list[tuple[int, Narration]] = []
    for number, beat in enumerate(spec.beats):
        if beat.narration is None or beat.narration.language == language:
            continue
        entries = waiting.get(folded(beat.narration.text))
        if entries:
            chosen = entries.pop(0) if len(entries) > 1 else entries[0]
            chosen.use()
            found[number] = chosen
        else:
            missing.append((number, beat.narration))
    stale = [sentence for sentence in run.scene.sentences if not sentence.used]
    for number, said in list(missing):
        ranked = [(likeness(folded(said.text), sentence.original), -index) for index, sentence in enumerate(stale)]
        best = max(ranked, default=(0.0, 0))
        if best[0] < ALIKE:
            continue
        sentence = stale.pop(-best[1])
        sentence.use()
        found[number] = sentence
        missing.remove((number, said))
        _out_of_date(run, sentence, said)
    for _, said in missing:
        if said.span is None or not _told(said.text):
            continue
        name = statement_of(spec.id)
        where = f"scene {name} {{ ... }}" if run.scene.node.body else f"a `scene {name} {{ }}`"
        ctx.warn(
            "PVC0708",
            f"this is not translated into `{language}`",
            said.span,
            f"add to {where} of the translation: `say {run.source(said.span) or '...'} -> ...`; "
            "until then it is said in the original language",
            labels=(Label(run.overlay.span, "the translation is here"),),
        )
    return found


def _told(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _out_of_date(run: _Run, sentence: _Sentence, said: Narration) -> None:
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


def _beat(run: _Run, beat: Beat, said: Narration, sentence: _Sentence | None, looked_for: set[str]) -> Beat:
    """``looked_for``: words that may have a mark although nothing happens at them."""
    if sentence is None:
        if said.language == run.overlay.language:
            return replace(beat, narration=replace(said, voice=_speaks(run, said.voice)))
        left = replace(
            said, voice=said.voice or run.speaker, language=said.language or run.language, lexicon=run.lexicon
        )
        return replace(beat, narration=left)
    into = sentence.into
    span = sentence.scope.span(sentence.node.into.at)
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
            hint, fixes = suggestion(cue.name, [name for name, _ in wanted], cue.span)
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
