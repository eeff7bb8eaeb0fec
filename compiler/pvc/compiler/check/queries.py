"""What the checker computes, as queries: settings, the values of names, components, scenes, the talk.

Every query works in a `Context` of its own and gives an `Outcome`; a talk's diagnostics are put together from those of
all that it consists of. Keys are names and anchors, so a block that moves is the same block.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar, cast

from pvc.compiler.check import settings
from pvc.compiler.check.context import Context
from pvc.compiler.check.things import UNKNOWN, Thing
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.model.program import Expectation, Music, SceneSpec, Voice
from pvc.compiler.model.values import Symbol
from pvc.compiler.query import Query
from pvc.compiler.resolve.files import GRAPH, ITEMS, NAME, unit_of
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.resolve.sources import BLOCK, READABLE, Env, Sources, TrackedWorld
from pvc.compiler.syntax import tree

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a query found. ``files``: those that it read itself, with their digests; ``uses``: names of files (path,
    namespace, name) and settings ("setting", name) that it uses; ``expansions``: statements that
    its loops expanded to; ``cyclic``: it is made of itself."""

    value: T
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    uses: frozenset[Hashable] = frozenset()
    expansions: int = 0
    cyclic: bool = False


def context(db: Sources, env: int) -> Context:
    return Context(TrackedWorld(db), db, env)


def outcome(ctx: Context, value: T) -> Outcome[T]:
    files = tuple(ctx.files.items())
    return Outcome(value, tuple(ctx.diagnostics), files, ctx.db.noted(), ctx.expansions)


def alike(one: Any, other: Any) -> bool:
    """Whether two results cannot be told apart: types count (1 is not True), places count, and of components and files
    it must be the very same."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if is_dataclass(one):
        if kind.__name__ in ("Component", "Unit", "Scope"):
            return False
        return all(alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, Decimal):
        return str(one) == str(other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return alike(tuple(one), tuple(other))
    return bool(one == other)


def _named(db: Sources, key: tuple[Any, ...]) -> str:
    """What people call a key: its names, without its numbers and folders."""
    words = [each for each in key if isinstance(each, str) and "/" not in each and not each.endswith((".vid", ".yaml"))]
    return " ".join(words)


def scene_label(db: Sources, key: tuple[Any, ...]) -> str:
    """What people call a scene: environment and anchor come first in its key, and what tells it from the others of its
    statement last."""
    env, base = key[0], key[1]
    name = db.block_name(db.env(env).path, base).removeprefix("scene ")
    return f"{name}[{key[-1]}]" if key[-1] else name


# ------------------------------------------------------------------------------------------------ settings


@dataclass(frozen=True, slots=True)
class Settled:
    """The talk's settings, less what needs them itself: its expectations and its voice. ``names``: those that
    expressions may ask for."""

    talk: settings.Talk
    fps: Fraction
    colors: frozenset[str]
    names: dict[str, Any]
    node: tree.Talk
    base: int
    absent: bool


def _talk_of(db: Sources, path: str) -> tuple[int, tree.Talk, bool]:
    blocks = db.get(ITEMS, (path, tree.Talk))
    if not blocks:
        return 0, tree.Talk(tree.Text(""), ()), True
    base, block = blocks[0]
    assert isinstance(block.item, tree.Talk)
    return base, block.item, False


def _settings(db: Sources, env: int) -> Outcome[Settled]:
    """Read as the talk is written: a translation has settings of its own."""
    known = db.env(env)
    base, node, absent = _talk_of(db, known.path)
    ctx = context(db, db.number(Env(known.path, known.format, known.language, settled=False)))
    talk = settings.talk_settings(ctx, Scope(unit_of(db, known.path), base), node)
    names = dict(ctx.settings)
    return outcome(ctx, Settled(talk, ctx.fps, ctx.colors, names, node, base, absent))


SETTINGS: Query[int, Outcome[Settled]] = Query("settings", _settings, alike, label=lambda db, key: "")
"""The talk's settings."""


def _setting(db: Sources, key: tuple[int, str]) -> object:
    env, name = key
    found = db.get(SETTINGS, env).value
    match name:
        case ".fps":
            return found.fps
        case ".colors":
            return found.colors
        case ".backend":
            return (found.talk.backend, found.talk.fallback)
        case "":
            return tuple(found.names)
    if db.env(env).language is not None and name in ("language", "title"):
        from pvc.compiler.check.languages import LANGUAGES

        for language, title in db.get(LANGUAGES, env).value:
            if language == db.env(env).language:
                return Symbol(language) if name == "language" else title or found.names[name]
    return found.names.get(name)


SETTING: Query[tuple[int, str], object] = Query("setting", _setting, alike, label=_named)
"""One setting, so that who asks for it is not touched by a change of the others. With "": the names of all."""


@dataclass(frozen=True, slots=True)
class Finished:
    voice: Voice | None
    expectations: tuple[Expectation, ...]
    music: Music


def _finished(db: Sources, env: int) -> Outcome[Finished]:
    found = db.get(SETTINGS, env).value
    ctx = context(db, env)
    talk = replace(found.talk, expectations=[], voice=None)
    settings.finish_settings(ctx, Scope(unit_of(db, db.env(env).path), found.base), found.node, talk)
    return outcome(ctx, Finished(talk.voice, tuple(talk.expectations), talk.music))


FINISHED: Query[int, Outcome[Finished]] = Query("expectations", _finished, alike, label=lambda db, key: "")
"""The talk's voice and its expectations."""


# ------------------------------------------------------------------------------------------------ names

_NOTHING: Outcome[Any] = Outcome(UNKNOWN)
_CYCLIC: Outcome[Any] = Outcome(UNKNOWN, cyclic=True)
ValueKey = tuple[int, str, str, str]
"""Environment, path, namespace, name."""


def declaration(db: Sources, key: ValueKey) -> Binding | None:
    """A name as it is declared now."""
    _, path, space, name = key
    declared = db.get(NAME, (path, space, name))
    block = db.get(BLOCK, (path, declared.base)) if declared is not None else None
    if declared is None or block is None:
        return None
    return Binding(name, declared.kind, unit_of(db, path), declared.base, declared.at, block.item)


def _value(db: Sources, key: ValueKey) -> Outcome[Thing]:
    from pvc.compiler.check.declarations import declared_value

    binding = declaration(db, key)
    if binding is None:
        return _NOTHING
    ctx = context(db, key[0])
    return outcome(ctx, declared_value(ctx, binding))


VALUE: Query[ValueKey, Outcome[Thing]] = Query("value", _value, alike, cycle=lambda key: _CYCLIC, label=_named)
"""What a declared name stands for."""


def _component(db: Sources, key: ValueKey) -> Outcome[Any]:
    from pvc.compiler.check.components import read_component

    binding = declaration(db, key)
    if binding is None:
        return _NOTHING
    ctx = context(db, key[0])
    return outcome(ctx, read_component(ctx, binding))


def _same_component(one: Outcome[Any], other: Outcome[Any]) -> bool:
    left, right = one.value, other.value
    return alike(replace(one, value=None), replace(other, value=None)) and (
        left is right
        or (
            type(left) is type(right)
            and all(
                alike(getattr(left, field.name), getattr(right, field.name))
                for field in fields(left)
                if field.name != "scope"
            )
            and left.scope.base == right.scope.base
        )
    )


COMPONENT: Query[ValueKey, Outcome[Any]] = Query("component", _component, _same_component, label=_named)
"""A component as it is declared."""


def _body(db: Sources, key: ValueKey) -> Outcome[Any]:
    from pvc.compiler.check.bodies import read_body

    component = db.get(COMPONENT, key).value
    if component is UNKNOWN or not component.body:
        return _NOTHING
    ctx = context(db, key[0])
    return outcome(ctx, read_body(ctx, component))


BODY: Query[ValueKey, Outcome[Any]] = Query("body", _body, alike, cycle=lambda key: _CYCLIC, label=_named)
"""What a component that is made of other visuals says without a call: `Facts`; nothing for any other."""


def _default(db: Sources, key: tuple[int, str, str, str, str]) -> Outcome[Thing]:
    from pvc.compiler.check.calls import read_default

    env, path, space, name, parameter = key
    component = db.get(COMPONENT, (env, path, space, name)).value
    if component is UNKNOWN or parameter not in component.parameters:
        return _NOTHING
    ctx = context(db, env)
    return outcome(ctx, read_default(ctx, component, component.parameters[parameter]))


DEFAULT: Query[tuple[int, str, str, str, str], Outcome[Thing]] = Query(
    "default", _default, alike, cycle=lambda key: _CYCLIC, label=_named
)
"""What a component's parameter is where it is not given."""


def asked(ctx: Context, query: Query[Any, Outcome[T]], key: Any) -> Outcome[T]:
    """What a query finds that the running one needs in the middle of an expression."""
    deep = ctx.depth
    ctx.db.deepen(deep)
    try:
        return ctx.db.get(query, key)
    finally:
        ctx.db.deepen(-deep)


def declared(db: Sources, env: int) -> Iterator[Outcome[Any]]:
    """What is wrong with declarations, also with those that nothing uses: a mistake is a mistake even where nobody
    looks."""
    for path in db.get(GRAPH, db.env(env).path).paths:
        if not db.get(READABLE, path).has_tree:
            continue
        unit = unit_of(db, path)
        for space in ("values", "themes"):
            for name in getattr(unit, space):
                yield db.get(VALUE, (env, path, space, name))
        for name in unit.components:
            found = db.get(COMPONENT, (env, path, "components", name))
            yield found
            if found.value is UNKNOWN or not found.value.usable:
                continue
            if found.value.body:
                yield db.get(BODY, (env, path, "components", name))
            for parameter in found.value.parameters.values():
                if parameter.default is not None:
                    yield db.get(DEFAULT, (env, path, "components", name, parameter.name))


# ------------------------------------------------------------------------------------------------ scenes


SceneKey = tuple[int, int, int, str | None]
"""Environment, anchor, how many statements the loops of the scenes before it expanded to (0 where all of the talk's
together stay within the bound), and for a scene that data or settings make its `Turn`."""


def _scene(db: Sources, key: SceneKey) -> Outcome[SceneSpec | None]:
    from pvc.compiler.check import generated, scenes

    env, base, spent, turn = key
    path = db.env(env).path
    block = db.get(BLOCK, (path, base))
    if block is None or not isinstance(block.item, tree.Scene):
        return Outcome(None)
    ctx = context(db, env)
    ctx.expansions = spent
    backend, fallback = cast("tuple[str, str | None]", db.get(SETTING, (env, ".backend")))
    scope = Scope(unit_of(db, path), base)
    if turn is not None:
        one = db.get(generated.TURN, (env, base, turn))
        scope = generated.with_item(scope, block.item, one.item if one is not None else UNKNOWN)
    spec = scenes.scene(ctx, scope, block.item, backend, fallback, generated.scene_id(block.item.name, turn))
    ctx.expansions -= spent
    return outcome(ctx, spec)


SCENE: Query[SceneKey, Outcome[SceneSpec | None]] = Query("scene", _scene, alike, label=scene_label)
"""A scene, checked."""
