"""The whole front end for one talk: read, parse, resolve, check; every error of every file in one run.

Invariant: the same files give the same diagnostics in the same order (by file in the order read, then by place),
however often the talk was checked before and whatever it was then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pvc.compiler.check.context import Context
from pvc.compiler.check.languages import LANGUAGES, LEXICON, TRANSLATED, scenes_of
from pvc.compiler.check.queries import (
    FINISHED,
    SETTINGS,
    VALUE,
    Outcome,
    alike,
    context,
    declared,
    outcome,
)
from pvc.compiler.check.things import ConceptThing, PaperThing
from pvc.compiler.check.twin import sound
from pvc.compiler.check.unused import unused
from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.model.program import Action, ConceptSpec, Program, SceneSpec, Voice
from pvc.compiler.model.values import Asset, Value
from pvc.compiler.query import Query
from pvc.compiler.query.anchors import Starts, placed
from pvc.compiler.resolve.files import (
    ENTERED,
    GRAPH,
    ITEMS,
    SCENES,
    Graph,
    SceneHead,
    standard,
    unit_of,
)
from pvc.compiler.resolve.scope import Scope, Unit, as_it_is
from pvc.compiler.resolve.sources import FILE, PARSED, READABLE, Env, Sources, starts
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.spelling import is_yaml
from pvc.compiler.syntax.version import VERSION, stated
from pvc.compiler.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Checked:
    """``program`` is None where there is no talk to speak of; where ``diagnostics`` hold an error it is partial (for an
    editor) and must not be built. ``files``: (path, BLAKE3 digest) of everything read.

    ``units``: every file with what it declares, the talk's own first. Its spans, and those of ``anchored`` (the program
    as the checker has it), count from anchors; ``starts`` says where these are.
    """

    anchored: Program | None
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...] = field(default=(), compare=False, repr=False)
    starts: Starts = field(default_factory=dict, compare=False, repr=False)

    @property
    def program(self) -> Program | None:
        """The program with every span where it stands."""
        if self.anchored is None:
            return None
        found = replace(self.anchored, files=self.files)
        return placed(found, self.starts) if self.starts else found

    @property
    def ok(self) -> bool:
        """Whether the program may be built: no diagnostic is an error."""
        return self.anchored is not None and all(each.severity is not Severity.ERROR for each in self.diagnostics)


def check(
    path: str, world: World, format: str | None = None, language: str | None = None, translations: bool = True
) -> Checked:
    """Check the talk in a file, for one of its formats (None, or one that it has not: for the first) and in one of its
    languages (None, or one that it is not translated into: as it is written). Never raises for anything that a file
    can hold. ``translations``: whether findings about translations are wanted when the talk is checked as it is
    written."""
    return Checker(world, fixed=True).check(path, format, language, translations)


class Checker:
    """Checks talks again and again, each time in as few steps as what changed needs. Belongs to one thread.

    ``db`` holds what it knows; its ``world`` may be exchanged between two checks. ``fixed``: a talk is checked once.
    """

    def __init__(self, world: World, fixed: bool = False) -> None:
        self.db = Sources(world, fixed)
        self._roots: dict[tuple[Query[Any, Any], int], str] = {}

    def check(
        self, path: str, format: str | None = None, language: str | None = None, translations: bool = True
    ) -> Checked:
        """As `check`, of the world as it is now. Raises Cancelled where ``db.cancelled`` says so."""
        db = self.db
        db.advance()
        env = db.number(Env(path, format, language, translations))
        other = _other_language(db, path)
        if other is not None:  # whatever else seems wrong with it may be right in its own language
            return Checked(None, (other,), _files(db, db.get(GRAPH, path)), (unit_of(db, path),))
        found = self.ask(TALK, path, env)
        graph = db.get(GRAPH, path)
        while any(map(db.mistaken, graph.paths)):
            db.advance()
            found = self.ask(TALK, path, env)
            graph = db.get(GRAPH, path)
        where = starts(db, graph.paths)
        read = [db.get(PARSED, one) for one in graph.paths]
        said = dict.fromkeys(each for one in read for each in one.diagnostics)
        said |= dict.fromkeys(placed(found.diagnostics, where))
        files = dict(_files(db, graph)) | dict(found.files)
        units = [unit_of(db, one) for one, text in zip(graph.paths, read, strict=True) if text.parsed is not None]
        units += [standard(db, name) for name in graph.standard]
        for unit in units:
            db.get(ENTERED, unit.path)
        self._show(env, units)
        if not db.anchors.fixed:
            db.sweep(self._roots)
        told = sound(_ordered(graph, said), units)
        return Checked(found.value, told, tuple(files.items()), tuple(map(as_it_is, units)), where)

    def forget(self, path: str) -> None:
        """What is known of a talk is no longer needed."""
        self._roots = {root: each for root, each in self._roots.items() if each != path}

    def ask(self, query: Query[int, T], path: str, env: int | None = None) -> T:
        """What a query says of a talk (as it is written, in its first format) in the world of the last check; it is
        kept up from now on."""
        number = self.db.number(Env(path, None)) if env is None else env
        self._roots[query, number] = path
        return self.db.get(query, number)

    def _show(self, env: int, units: list[Unit]) -> None:
        """Lays what names stand for beside them, for an editor."""
        for unit in units:
            unit.shown = {
                (space, name): self.db.get(VALUE, (env, unit.path, space, name)).value
                for space in ("values", "themes")
                for name in getattr(unit, space).bindings
                if not unit.standard
            }


def _files(db: Sources, graph: Graph) -> tuple[tuple[str, str], ...]:
    digests = ((os.path.normpath(one), db.get(FILE, one)[0]) for one in graph.paths)
    return tuple((one, digest) for one, digest in digests if digest is not None)


def _other_language(db: Sources, path: str) -> Diagnostic | None:
    """What is said of a talk that states another version of the language than ours."""
    parsed = db.get(PARSED, path).parsed
    found = stated(parsed.file) if parsed is not None else None
    if parsed is None or found is None or found.number == VERSION:
        return None
    from pvc.compiler.migrate.run import migration, refusal

    return refusal(found.number, found.span) or migration(parsed.file, found)


def _ordered(graph: Graph, said: dict[Diagnostic, None]) -> tuple[Diagnostic, ...]:
    order = {path: index for index, path in enumerate(graph.paths)}

    def key(found: Diagnostic) -> tuple[int, int, int, str, str]:
        span = found.span
        if span is None:
            return (-1, 0, 0, found.code, found.message)
        return (order.get(span.path, len(order)), span.start, span.end, found.code, found.message)

    return tuple(sorted(said, key=key))


# ------------------------------------------------------------------------------------------------ the talk


def _talk(db: Sources, env: int) -> Outcome[Program | None]:
    path = db.env(env).path
    ctx = context(db, env)
    graph = db.get(GRAPH, path)
    read = db.get(READABLE, path)
    if read.problem is not None:
        ctx.report("PVC0001", f"`{path}` cannot be read: {read.problem}", None, "check the path")
        return outcome(ctx, None)
    if not read.has_tree:
        return outcome(ctx, None)
    settled, finished = db.get(SETTINGS, env).value, db.get(FINISHED, env).value
    parts: list[Outcome[Any]] = [db.get(SETTINGS, env), db.get(FINISHED, env)]
    _one_talk(ctx, db, path, settled.absent)
    parts += declared(db, env)
    _repeated(ctx, db, path)
    if not settled.absent:
        _lost(ctx, db, path)
    scenes = scenes_of(db, env)
    laid = db.get(TRANSLATED, env)
    parts += [*scenes, db.get(LEXICON, env), db.get(LANGUAGES, env), laid]
    for one in graph.paths:
        ctx.diagnostics.extend(db.get(ENTERED, one).diagnostics)
    ctx.diagnostics.extend(graph.diagnostics)
    for part in parts:
        ctx.diagnostics.extend(part.diagnostics)
        ctx.files.update(part.files)
    unused(ctx, unit_of(db, path), {use for part in parts for use in part.uses})
    head = db.get(HEAD, env)
    _one_poster(ctx, [one.value for one in scenes if one.value is not None])
    checked = laid.value.scenes if laid.value is not None else tuple(one.value for one in scenes if one.value)
    if head is None:
        return outcome(ctx, None)
    if not checked and not ctx.errors():
        span = Scope(unit_of(db, path), settled.base).span(settled.node.at)
        hint = "add an item of `kind: scene`" if is_yaml(path) else 'add `scene opening "Title" { say "..." }`'
        message = "the talk has no scenes"
        if db.get(SCENES, path):
            message, hint = "no scene of the talk is played", "no row and no condition asks for one: see `for` and `if`"
        ctx.report("PVC0414", message, span, hint)
    return outcome(
        ctx,
        replace(head, scenes=checked, expectations=finished.expectations),
    )


TALK: Query[int, Outcome[Program | None]] = Query("talk", _talk, alike, label=lambda db, key: "")
"""The talk as a whole: its program, and everything that is wrong but for what the parser says."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What depends on the language that the talk is checked in."""

    language: str
    title: str
    voice: Voice
    lexicon: tuple[tuple[str, str], ...]
    description: str | None


def _spoken(db: Sources, env: int) -> Spoken:
    settled, voice = db.get(SETTINGS, env).value, db.get(FINISHED, env).value.voice
    title = settled.node.title.value
    known = db.env(env).language
    laid = db.get(TRANSLATED, env).value if known is not None else None
    if laid is not None:
        return Spoken(laid.language, laid.title or title, laid.voice, laid.lexicon, laid.description)
    assert voice is not None
    return Spoken(settled.talk.language, title, voice, db.get(LEXICON, env).value, None)


SPOKEN: Query[int, Spoken] = Query("language", _spoken, alike, label=lambda db, key: "")
"""Title, voice and lexicon in the language that is asked for."""


def _head(db: Sources, env: int) -> Program | None:
    settled, finished = db.get(SETTINGS, env).value, db.get(FINISHED, env).value
    talk = settled.talk
    if settled.absent or talk.theme is None or finished.voice is None:
        return None
    path = db.env(env).path
    unit = unit_of(db, path)
    fonts = tuple(_values(db, env, unit, "font", Asset))
    rest: tuple[tuple[str, Value], ...] = tuple(talk.rest)
    laid = db.get(SPOKEN, env)
    if laid.description is not None:
        rest = (*(each for each in rest if each[0] != "description"), ("description", laid.description))
    if fonts:
        rest = (*rest, ("fonts", fonts))
    return Program(
        laid.title,
        talk.format,
        talk.theme,
        laid.voice,
        laid.language,
        talk.audience,
        (),
        _concepts(db, env, unit),
        laid.lexicon,
        tuple(each.source for each in _values(db, env, unit, "paper", PaperThing)),
        (),
        rest,
        (),
        tuple(one.name for one in talk.formats),
        tuple(language for language, _ in db.get(LANGUAGES, env).value),
        talk.transition,
        db.get(FINISHED, env).value.music,
    )


HEAD: Query[int, Program | None] = Query("head", _head, alike, label=lambda db, key: "")
"""The program without its scenes and its expectations: what every scene may depend on."""


def _values(db: Sources, env: int, unit: Unit, kind: str, of: type[T]) -> Iterator[T]:
    for name, binding in unit.values.items():
        if binding.kind == kind:
            value = db.get(VALUE, (env, unit.path, "values", name)).value
            if isinstance(value, of):
                yield value


def _one_poster(ctx: Context, scenes: list[SceneSpec]) -> None:
    """One picture stands for a talk."""
    first: Span | None = None
    # Every key press asks all actions of the talk, so those that cannot matter are left out at once.
    beats = (beat for spec in scenes for beat in spec.beats)
    asked = [each for beat in beats for each in beat.actions if each.verb == "poster" or each.children]
    for span in _posters(asked):
        if first is not None:
            label = Label(first, "the first is here")
            ctx.report("PVC0311", "a talk has one poster", span, "keep one of them", labels=(label,))
        first = first or span


def _posters(actions: Iterable[Action]) -> Iterator[Span]:
    for action in actions:
        if action.verb == "poster":
            yield action.span
        yield from _posters(action.children)


def _one_talk(ctx: Context, db: Sources, path: str, absent: bool) -> None:
    unit = unit_of(db, path)
    if absent:
        # Whoever cannot be read as YAML at all has been told that, and may hold a talk for all that is known.
        unread = is_yaml(path) and db.get(PARSED, path).diagnostics
        if not db.get(ITEMS, (path, tree.Broken)) and not unread:
            begin = "begin it with `- kind: talk`" if is_yaml(path) else 'begin it with `talk "Title" { }`'
            ctx.report("PVC0201", f"`{path}` holds no talk", None, begin)
        return
    (base, first), *others = db.get(ITEMS, (path, tree.Talk))
    for other, block in others:
        label = Label(Scope(unit, base).span(first.item.at), "the first is here")
        ctx.report(
            "PVC0202",
            "a file holds one talk",
            Scope(unit, other).span(block.item.at),
            "put the other into a file of its own",
            labels=(label,),
        )


def _lost(ctx: Context, db: Sources, path: str) -> None:
    """Scenes of a used file that is no talk itself: nobody plays them."""
    for name, binding in unit_of(db, path).modules.items():
        used = binding.value
        if not isinstance(used, Unit) or used.standard or db.get(ITEMS, (used.path, tree.Talk)):
            continue
        scenes = db.get(SCENES, used.path)
        first = next(iter(scenes), None)
        if first is not None:
            many = f"{len(scenes)} scenes" if len(scenes) > 1 else f"the scene `{first.name}`"
            label = Label(Scope(used, first.base).span(first.name_at), "a scene of that file")
            hint = "a talk plays the scenes of its own file: move them there, and leave here what they share"
            message = f"`{name}` holds {many}, which this talk does not play"
            ctx.warn("PVC0216", message, binding.span, hint, labels=(label,))


def _repeated(ctx: Context, db: Sources, path: str) -> None:
    unit = unit_of(db, path)
    seen: dict[str, SceneHead] = {}
    for head in db.get(SCENES, path):
        first = seen.setdefault(head.name, head)
        if first is not head:
            ctx.report(
                "PVC0209",
                f"two scenes are named `{head.name}`",
                Scope(unit, head.base).span(head.name_at),
                "rename one of them",
                labels=(Label(Scope(unit, first.base).span(first.name_at), "the first is here"),),
            )


def _concepts(db: Sources, env: int, unit: Unit) -> tuple[ConceptSpec, ...]:
    found: list[ConceptSpec] = []
    modules = [binding.value for binding in unit.modules.values()]
    for each in (unit, *modules):
        if isinstance(each, Unit) and not each.standard:
            found += [thing.concept for thing in _values(db, env, each, "concept", ConceptThing)]
    return tuple(found)
