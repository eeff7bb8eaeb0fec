"""`translation de { ... }`: another language laid over a talk.

A translation names what it translates by the original's own words: `say "original" -> "translation"` a narration,
`"original" -> "translation"` a text of a visual. So it survives any edit of the original that leaves a sentence as it
is, wherever the sentence moves; of a sentence that was edited it says that it is out of date. Cues and markup are no
part of these words. Narrations that are equal take the entries for them in turn, the last one for all that follow.

What hangs on a cue or on a phrase of the original hangs on the mark of the same name in the translation: `{scores}`,
`{square root}`. A phrase that stands in the translation as it is (a name, say) needs no mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pvc.compiler.check import narration
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.declarations import default_voice
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.fit import read
from pvc.compiler.check.narration import Spoken
from pvc.compiler.check.things import Unknown, VoiceThing
from pvc.compiler.check.tongues import unspoken
from pvc.compiler.check.types import TEXT, Type, describe
from pvc.compiler.check.wordings import (
    Wording,
    folded,
)
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.model.program import Voice
from pvc.compiler.model.tongues import speaks
from pvc.compiler.resolve.scope import Scope, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

SETTINGS = ("title", "description", "voice")
"""What a translation may set."""


@dataclass(slots=True, eq=False)
class Sentence:
    """A translated narration: the original's plain text, and what is said instead."""

    original: str
    node: tree.Translated
    into: Spoken
    scope: Scope
    used: bool = False
    filled: dict[tuple[tuple[str, str], ...], tuple[str, Spoken]] = field(default_factory=dict)
    """What it is with values in their places."""

    @property
    def valued(self) -> bool:
        """Whether it may name values."""
        return "{" in self.node.text.value or "{" in self.node.into.value

    def with_values(self, ctx: Context, values: tuple[tuple[str, str], ...]) -> tuple[str, Spoken]:
        """Its original and what is said instead, where the values that the original names (`{row.model}`) are these."""
        if not values or not self.valued:
            return self.original, self.into
        made = self.filled.get(values)
        if made is None:
            quiet = Context(ctx.world, ctx.db, ctx.env)  # what is wrong with it was said where it was read
            original = narration.spoken(quiet, self.scope, self.node.text, phrases=True, known=dict(values))
            into = narration.spoken(quiet, self.scope, self.node.into, phrases=True, known=dict(values))
            made = self.filled[values] = folded(original.text), into
        return made


@dataclass(slots=True, eq=False)
class TranslatedScene:
    node: tree.TranslatedScene
    scope: Scope
    sentences: list[Sentence] = field(default_factory=list)
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
    scenes: dict[str, TranslatedScene] = field(default_factory=dict)


def overlays(
    ctx: Context,
    blocks: Iterable[tuple[Scope, tree.Translation]],
    lexicon: Callable[[Scope, Sequence[object]], tuple[tuple[str, str], ...]],
    talk: Unit,
) -> dict[str, Overlay]:
    """The translations of a talk by language, from its own file and those that it uses; ``lexicon`` reads entries.
    ``talk``: what the talk's own file declares."""
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
        found[language] = _overlay(ctx, scope, item, language, lexicon, talk)
    return found


def _overlay(
    ctx: Context,
    scope: Scope,
    node: tree.Translation,
    language: str,
    lexicon: Callable[[Scope, Sequence[object]], tuple[tuple[str, str], ...]],
    talk: Unit,
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
                _voices(ctx, scope, item, overlay, talk)
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


def _voices(ctx: Context, scope: Scope, group: tree.Group, overlay: Overlay, talk: Unit) -> None:
    """`voices { finn = hans }`: hans speaks what finn does in the original, the ``talk``."""
    if group.name != "voices":
        span = scope.span(group.name_at)
        hint, fixes = suggestion(group.name, ("voices",), span)
        ctx.report("PVC0309", f"a translation has no group `{group.name}`", span, hint, fixes=fixes)
        return
    known = [name for name, binding in talk.values.items() if binding.kind == "voice"]
    for item in group.items:
        if isinstance(item, tree.Group):
            ctx.report("PVC0309", "`voices` holds no groups", scope.span(item.at), "as in `voices { ada = anna }`")
        elif isinstance(item, tree.Setting):
            binding = talk.values.get(item.name)
            if binding is None or binding.kind != "voice":
                span = scope.span(item.name_at)
                hint, fixes = suggestion(item.name, known, span)
                ctx.report("PVC0207", f"the talk has no voice `{item.name}`", span, hint, fixes=fixes)
                continue
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
    made = overlay.scenes[node.name] = TranslatedScene(node, scope)
    for item in node.body:
        match item:
            case tree.Translated():
                original = narration.spoken(ctx, scope, item.text, phrases=True)
                into = narration.spoken(ctx, scope, item.into, phrases=True)
                if not any(character.isalnum() for character in into.text):
                    span = scope.span(item.into.at)
                    ctx.report("PVC0413", "this translation says nothing", span, "write a sentence")
                made.sentences.append(Sentence(folded(original.text), item, into, scope))
            case tree.LexiconEntry():
                made.labels.append(_label(scope, item))
            case tree.Remark(kind="chapter"):
                made.chapter = item.text.value
            case tree.Remark():
                what = f"`{item.kind}` cannot stand in a translation"
                ctx.report("PVC0407", what, scope.span(item.at), "write it into the original's scene")
