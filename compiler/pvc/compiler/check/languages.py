"""A talk's translations as queries: which there are, and the scenes in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, partial

from pvc.compiler.check.context import Context
from pvc.compiler.check.generated import TURNS, agreed
from pvc.compiler.check.loops import MOST_EXPANSIONS
from pvc.compiler.check.narration import spoken
from pvc.compiler.check.overlays import Overlay, overlays
from pvc.compiler.check.queries import FINISHED, SCENE, SETTINGS, Outcome, alike, context, declared, outcome
from pvc.compiler.check.translations import translated
from pvc.compiler.check.wordings import folded
from pvc.compiler.model.program import SceneSpec, Voice
from pvc.compiler.query import Query
from pvc.compiler.query.anchors import SHIFT
from pvc.compiler.resolve.files import ITEMS, SCENES, unit_of
from pvc.compiler.resolve.scope import Scope, Unit
from pvc.compiler.resolve.sources import BLOCK, PARSED, Env, Sources
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

Lexicon = tuple[tuple[str, str], ...]


def _lexicon(db: Sources, env: int) -> Outcome[Lexicon]:
    ctx = context(db, env)
    path = db.env(env).path
    unit = unit_of(db, path)
    entries: Lexicon = ()
    for base, block in db.get(ITEMS, (path, tree.Lexicon)):
        assert isinstance(block.item, tree.Lexicon)
        entries = _entries(ctx, Scope(unit, base), block.item.entries, dict(entries))
    return outcome(ctx, entries)


LEXICON: Query[int, Outcome[Lexicon]] = Query("lexicon", _lexicon, alike, label=lambda db, key: "")
"""How the talk's words are said, as it is written."""


def _entries(ctx: Context, scope: Scope, nodes: Sequence[object], known: Mapping[str, str] | None = None) -> Lexicon:
    """The entries of a lexicon, behind those that are ``known`` already."""
    entries = dict(known or {})
    for entry in nodes:
        if not isinstance(entry, tree.LexiconEntry):
            continue
        written = entry.written.value
        span = scope.span(entry.written.at)
        if not written.strip():
            ctx.report("PVC0326", "an entry of the lexicon needs a word", span, 'as in `"BLEU" -> "blue"`')
        elif written in entries:
            ctx.report("PVC0209", f"`{written}` is in the lexicon twice", span, "remove one of them")
        else:
            entries[written] = entry.spoken.value
    return tuple(entries.items())


# ------------------------------------------------------------------------------------------------ translations


def _holding(db: Sources, env: int) -> list[Unit]:
    """The files that may translate the talk: its own, and those that it uses that hold a translation."""
    unit = unit_of(db, db.env(env).path)
    found = [unit]
    for binding in unit.modules.values():
        module = binding.value
        if isinstance(module, Unit) and not module.standard and db.get(ITEMS, (module.path, tree.Translation)):
            binding.used = True
            found.append(module)
    return found


def _overlays(db: Sources, ctx: Context, env: int) -> dict[str, Overlay]:
    blocks = [
        (Scope(unit, base), block.item)
        for unit in _holding(db, env)
        for base, block in db.get(ITEMS, (unit.path, tree.Translation))
        if isinstance(block.item, tree.Translation)
    ]
    found = overlays(ctx, blocks, lambda scope, entries: _entries(ctx, scope, entries), unit_of(db, db.env(env).path))
    language = db.get(SETTINGS, env).value.talk.language
    own = found.pop(language, None)
    if own is not None:
        ctx.report("PVC0310", f"`{language}` is the language of the talk itself", own.span, "say it in the scenes")
    return found


def _original(db: Sources, env: int) -> Context:
    """Translations are read with the settings of the talk as it is written."""
    known = db.env(env)
    return context(db, db.number(Env(known.path, known.format)))


Languages = tuple[tuple[str, str | None], ...]


def _languages(db: Sources, env: int) -> Outcome[Languages]:
    ctx = _original(db, env)
    found = _overlays(db, ctx, env)
    known = db.env(env)
    if not known.told and known.language is None:
        ctx.diagnostics.clear()
    return outcome(ctx, tuple((one.language, one.title) for one in found.values()))


LANGUAGES: Query[int, Outcome[Languages]] = Query("translations", _languages, alike, label=lambda db, key: "")
"""The languages that a talk is translated into, each with its title there. Unless they are told of, what is wrong with
one matters only where it is asked for."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A talk in one of its languages."""

    scenes: tuple[SceneSpec, ...]
    language: str
    voice: Voice
    lexicon: Lexicon
    title: str | None
    description: str | None


def scenes_of(db: Sources, env: int) -> list[Outcome[SceneSpec | None]]:
    """The scenes in order, with the bound on what their loops may expand to kept over all of them."""
    found: list[Outcome[SceneSpec | None]] = []
    spent = 0

    def checked(base: int, turn: str | None) -> Outcome[SceneSpec | None]:
        nonlocal spent
        one = db.get(SCENE, (env, base, 0, turn))
        if spent + one.expansions > MOST_EXPANSIONS:
            one = db.get(SCENE, (env, base, min(spent, MOST_EXPANSIONS + 1), turn))
        spent += one.expansions
        return one

    for head in db.get(SCENES, db.env(env).path):
        if not head.many:
            found.append(checked(head.base, None))
            continue
        made = db.get(TURNS, (env, head.base))
        found.append(Outcome(None, made.diagnostics, made.files, made.uses))
        scenes = agreed([checked(head.base, turn.key) for turn in made.value])
        for turn, one in zip(made.value, scenes, strict=True):
            found.append(one if turn.kept else replace(one, value=None))
    return found


def _played(db: Sources, env: int) -> tuple[tuple[int, str | None], ...]:
    found: list[tuple[int, str | None]] = []
    for head in db.get(SCENES, db.env(env).path):
        if head.many:
            found += [(head.base, turn.key) for turn in db.get(TURNS, (env, head.base)).value if turn.kept]
        else:
            found.append((head.base, None))
    return tuple(found)


PLAYED: Query[int, tuple[tuple[int, str | None], ...]] = Query("played", _played, label=lambda db, key: "")
"""The scenes that a talk has, in order: the anchor of each, and for one that data or settings make its key."""


def _translated(db: Sources, env: int) -> Outcome[Translated | None]:
    known = db.env(env)
    languages = [language for language, _ in db.get(LANGUAGES, env).value]
    voice = db.get(FINISHED, env).value.voice
    ctx = context(db, env)
    if not languages or voice is None or (known.language not in languages and not known.told):
        return outcome(ctx, None)
    parts = scenes_of(db, env)
    asked = any(("setting", "language") in one.uses for one in (*parts, *declared(db, env)))
    if known.language not in languages and asked:
        return outcome(ctx, None)
    checked = tuple(one.value for one in parts if one.value is not None)
    original = (db.get(SETTINGS, env).value.talk.language, voice, db.get(LEXICON, env).value)
    written = {head.name: cache(partial(_written, db, known.path, head.base)) for head in db.get(SCENES, known.path)}
    found: Translated | None = None
    for laid in _overlays(db, _original(db, env), env).values():
        if known.language in languages and laid.language != known.language:
            continue
        said = translated(ctx, laid, checked, original, _source(db), written)
        if laid.language == known.language:
            found = Translated(said, laid.language, laid.voice, laid.lexicon, laid.title, laid.description)
    return outcome(ctx, found)


TRANSLATED: Query[int, Outcome[Translated | None]] = Query("translated", _translated, alike, label=lambda db, key: "")
"""The talk in the language that is asked for, None where it is as it is written; then all translations are looked at,
unless what is shown depends on the language."""


def _written(db: Sources, path: str, base: int) -> frozenset[str]:
    """The texts of a scene as its translations name them, also those that no branch and no row gets to."""
    block = db.get(BLOCK, (path, base))
    scope, quiet = Scope(unit_of(db, path), base), Context.bare()
    found: set[str] = set()
    waiting: list[object] = [block.item if block is not None else ()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting += node
        elif isinstance(node, tree.Narration):
            found.add(folded(spoken(quiet, scope, node, phrases=True).text))
        elif isinstance(node, tree.Text):
            found.add(folded(node.value))
        elif is_dataclass(node):
            waiting += (getattr(node, field.name) for field in fields(node) if field.name not in ("at", "trivia"))
    return frozenset(found)


def _source(db: Sources) -> Callable[[Span], str | None]:
    """Texts of .vid files as they are written."""

    def source(span: Span) -> str | None:
        if not span.path.endswith(".vid"):
            return None
        base = span.start >> SHIFT << SHIFT
        if not base:
            return db.get(PARSED, span.path).text[span.start : span.end] or None
        block = db.get(BLOCK, (span.path, base))
        return block.text[span.start - base : span.end - base] or None if block is not None else None

    return source
