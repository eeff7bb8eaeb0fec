"""Files as a checker sees them through many edits: their bytes, their trees, and their blocks by name.

Spans of what is found here count from a block's anchor (`query.anchors`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.query import Engine, Query
from pvc.compiler.query.anchors import SHIFT, Anchors, Moved, Starts
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.resolve.spacing import moved
from pvc.compiler.source import Span
from pvc.compiler.syntax import reading, spelling, tree
from pvc.compiler.syntax.parser import Parsed
from pvc.compiler.world import Unreadable, World


@dataclass(frozen=True, slots=True)
class Env:
    """What expressions are read for: a talk, in one of its formats (None: the first) and languages (None: as it is
    written). ``told``: whether findings about its translations are wanted where it is checked as it is written. Not
    ``settled``: its settings are just being read, so that nothing may ask for them."""

    path: str
    format: str | None
    language: str | None = None
    told: bool = True
    settled: bool = True


class Sources(Engine):
    """The engine of a checker, with the world that it looks at. ``fixed``: nothing is ever checked again."""

    def __init__(self, world: World, fixed: bool = False) -> None:
        super().__init__()
        self.world = world
        self.anchors = Anchors(fixed)
        self.units: dict[str, Unit] = {}
        self.standard: set[str] = set()
        """Files of the standard library: they are part of the program and do not change."""
        self.keys: dict[str, dict[int, str]] = {}
        """What the blocks of a file are called, by their anchors."""
        self.pinned: set[tuple[str, int]] = set()
        """Blocks that a fix is about, by path and anchor (`pin`)."""
        self.moved: dict[str, frozenset[int]] = {}
        """Blocks that are known as they were before an edit of their comments or white space."""
        self._environments: dict[Env, int] = {}
        self._numbered: list[Env] = []

    def number(self, env: Env) -> int:
        """A number for an environment, so that keys are small."""
        found = self._environments.get(env)
        if found is None:
            found = self._environments[env] = len(self._numbered)
            self._numbered.append(env)
        return found

    def env(self, number: int) -> Env:
        return self._numbered[number]

    def pin(self, spans: Iterable[Span]) -> None:
        """Notes where a fix would write. It may count on the white space and comments there, so that any edit of such a
        block makes another block of it."""
        for span in spans:
            base = span.start >> SHIFT << SHIFT
            if base:
                self.pinned.add((span.path, base))

    def mistaken(self, path: str) -> frozenset[int]:
        """Blocks of a file that are not known as they are though a fix is about them: all has to be asked once more."""
        return frozenset(base for base in self.moved.get(path, ()) if (path, base) in self.pinned)

    def block_name(self, path: str, base: int) -> str:
        """What people call a block: `scene intro`, `let x`."""
        return self.keys.get(path, {}).get(base, "?")


# ------------------------------------------------------------------------------------------------ bytes

Look = tuple[str | None, str]
"""The digest of a file's bytes, or None and why it cannot be read."""


def _file(db: Sources, path: str) -> Look:
    try:
        return db.world.digest(path), ""
    except Unreadable as error:
        return None, error.reason


FILE: Query[str, Look] = Query("file", _file, volatile=True)
"""What stands at a path: looked at once in each revision."""


@dataclass(slots=True)
class TrackedWorld:
    """The engine's world; whoever reads through it depends on what was read, and on what could not be."""

    db: Sources

    def read(self, path: str) -> bytes:
        self.digest(path)
        return self.db.world.read(path)

    def digest(self, path: str) -> str:
        digest, reason = self.db.get(FILE, path)
        if digest is None:
            raise Unreadable(path, reason)
        return digest

    def blob(self, digest: str) -> bytes:
        return self.db.world.blob(digest)

    def recall(self, key: str) -> bytes | None:
        return self.db.world.recall(key)

    def remember(self, key: str, value: bytes) -> None:
        self.db.world.remember(key, value)


# ------------------------------------------------------------------------------------------------ trees


@dataclass(frozen=True, slots=True)
class Read:
    """A file's text with its tree; ``parsed`` is None where it is no text. ``problem``: why it cannot be read."""

    text: str
    parsed: Parsed | None
    diagnostics: tuple[Diagnostic, ...]
    problem: str | None = None


def _read(db: Sources, path: str) -> Read:
    if path in db.standard:
        text = Path(path).read_text(encoding="utf-8") if os.path.isfile(path) else ""
        return Read(text, spelling.parse_file(text, path), ())
    digest, reason = db.get(FILE, path)
    if digest is None:
        return Read("", None, (), reason)
    try:
        data = db.world.read(path)
    except Unreadable as error:  # it went away between two looks
        return Read("", None, (), error.reason)
    decoded, found = reading.decode(data, path)
    if decoded is None:
        return Read("", None, found)
    before = db.before()
    old = before.parsed if isinstance(before, Read) else None
    parsed = spelling.parse_file(decoded, path, old)
    return Read(decoded, parsed, (*found, *parsed.diagnostics))


def _as_read(one: Read, other: Read) -> bool:
    return (
        one.text == other.text
        and one.problem == other.problem
        and (one.parsed is None) == (other.parsed is None)
        and one.diagnostics == other.diagnostics
    )


PARSED: Query[str, Read] = Query("parse", _read, _as_read)
"""The tree of a file; after an edit only the blocks around it are read again."""


@dataclass(frozen=True, slots=True)
class Readable:
    """Whether a file has a tree; ``problem``: why it cannot be read at all."""

    has_tree: bool
    problem: str | None


def _readable(db: Sources, path: str) -> Readable:
    found = db.get(PARSED, path)
    return Readable(found.parsed is not None, found.problem)


READABLE: Query[str, Readable] = Query("readable", _readable)
"""Whether a file can be read, whatever stands in it."""

_ITEMS: dict[type, str] = {
    tree.Talk: "talk",
    tree.Use: "use",
    tree.Lexicon: "lexicon",
    tree.Let: "let",
    tree.Concept: "concept",
    tree.ComponentDecl: "component",
    tree.ThemeDecl: "theme",
    tree.Scene: "scene",
    tree.Translation: "translation",
}


def _key(item: tree.Item) -> str:
    """What a block is known by through edits: what it declares; else its kind, and what is no item by its text."""
    kind = _ITEMS.get(type(item), "")
    match item:
        case tree.Let() | tree.Concept() | tree.ComponentDecl() | tree.ThemeDecl() | tree.Scene():
            return f"{kind} {item.name}"
        case tree.Declaration():
            return f"{item.kind} {item.name}"
        case tree.Use():
            written = item.path.value if item.path is not None else ".".join(item.module.parts) if item.module else ""
            return f"use {item.alias or written}"
        case tree.Broken():
            return f"broken {' '.join(item.text[:80].split())}"
        case _:
            return kind or type(item).__name__.lower()


MISTAKEN: Query[str, frozenset[int]] = Query("mistaken", lambda db, path: db.mistaken(path), volatile=True)
"""Blocks of a file that have to be read anew (`Sources.mistaken`); mostly none."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A file's blocks in order, each with its anchor. A block of which only comments and white space were edited is
    still the one that was read before (but for its ``start``): ``now`` holds it as it is, and where its words are."""

    blocks: tuple[tuple[int, tree.Block], ...]
    by_base: dict[int, tree.Block]
    now: dict[int, tuple[tree.Block, Moved]]

    def current(self, base: int) -> tree.Block:
        """A block as it stands in the file."""
        found = self.now.get(base)
        return found[0] if found is not None else self.by_base[base]


def _laid(db: Sources, path: str) -> Laid:
    parsed = db.get(PARSED, path).parsed
    blocks = parsed.file.blocks if parsed is not None else ()
    fixed = db.anchors.fixed or path in db.standard
    before: Laid | None = db.before()
    anew = db.get(MISTAKEN, path) if not fixed else frozenset()
    taken: dict[str, int] = {}
    found: list[tuple[int, tree.Block]] = []
    now: dict[int, tuple[tree.Block, Moved]] = {}
    keys: dict[int, str] = {}
    same: list[tuple[str, int]] = []
    for block in blocks:
        key = _key(block.item)
        count = taken[key] = taken.get(key, 0) + 1
        if count > 1:
            key = f"{key}#{count}"
        base = block.start if fixed else db.anchors.of(path, key, block.start)
        keys[base] = key
        old = before.by_base.get(base) if before is not None else None
        if before is None or old is None:
            found.append((base, block))
            continue
        if old.item is not block.item:
            where = _moved(db, path, base, before, block, parsed) if base not in anew else None
            if where is None:
                found.append((base, block))
                db.pinned.discard((path, base))
                continue
            now[base] = block, where
            block = replace(old, start=block.start)
        same.append((path, base))
        found.append((base, block))
    db.keys[path] = keys
    db.moved[path] = frozenset(now)
    if not fixed:
        db.anchors.retain(path, frozenset(keys.values()))
    db.vouch(BLOCK, same)
    return Laid(tuple(found), dict(found), now)


def _moved(db: Sources, path: str, base: int, before: Laid, block: tree.Block, parsed: Parsed | None) -> Moved | None:
    """Where the words of a block are now if nothing else of it was edited, else None."""
    known = before.now.get(base)
    if known is not None and known[0].item is block.item:
        return replace(known[1], start=block.start)
    if parsed is None or (path, base) in db.pinned or not path.endswith(".vid"):
        return None
    read = parsed.items.get(block.text)
    if read is None or read[1]:
        return None  # what is said of it is put where it stands by the parser
    return moved(before.by_base[base], block)


LAID: Query[str, Laid] = Query("blocks", _laid, lambda one, other: False)


def same_block(one: tree.Block | None, other: tree.Block | None) -> bool:
    """Whether a block reads as before, wherever it stands."""
    if one is None or other is None:
        return one is other
    if one.text != other.text:
        return False
    return one.item is other.item or ("*" not in one.text and one.item == other.item)


def _block(db: Sources, key: tuple[str, int]) -> tree.Block | None:
    path, base = key
    return db.get(LAID, path).by_base.get(base)


BLOCK: Query[tuple[str, int], tree.Block | None] = Query("block", _block, same_block)
"""A block by its anchor, None where it is gone. Where it stands is not part of it: ``start`` may be an old one."""


def starts(db: Sources, paths: tuple[str, ...]) -> Starts:
    """Where the blocks of files stand now."""
    if db.anchors.fixed:
        return {}
    found: dict[tuple[str, int], int | Moved] = {}
    for path in paths:
        laid = db.get(LAID, path)
        for base, block in laid.blocks:
            if base >> SHIFT:
                found[path, base >> SHIFT] = block.start
        for base, (_, where) in laid.now.items():
            found[path, base >> SHIFT] = where
    return found
