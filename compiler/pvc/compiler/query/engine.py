"""A small red-green query engine, after salsa (https://salsa-rs.github.io/salsa/reference/algorithm.html).

A query is a function of an engine and a key. What it asks of other queries while it runs is recorded, so that in a
later *revision* its result is either validated (nothing that it asked for has changed since) or computed again. A
result that comes out equal is *backdated*: who used it is validated, not run. Queries that look at the world outside
(`volatile`) run once in each revision, so that within one revision everything sees the same world.

Invariant: a query's result is a function of its key and of what it asked for; then after any sequence of edits every
result is the one that a new engine would give.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

DEEPEST = 60
"""How deep queries may ask each other in Python's own stack; what lies deeper is computed first, from a list."""

_ABSENT = object()


class Cancelled(Exception):
    """The work was given up between two queries; what is done is kept, and the next `get` goes on from there."""


class Cycle(Exception):
    """A query needs its own result, and does not say what to take instead: a bug."""


@dataclass(frozen=True, slots=True, eq=False)
class Query(Generic[K, V]):
    """``run`` computes the value of a key. ``same``: whether a new value may stand for the old one. ``cycle``: what is
    taken where the query is asked for the very value that it is computing (None: that is a bug)."""

    name: str
    run: Callable[[Any, K], V]
    same: Callable[[V, V], bool] = operator.eq
    volatile: bool = False
    cycle: Callable[[K], V] | None = None
    label: Callable[[Any, K], str] | None = None
    """What a log calls the key; by default as it is written in Python."""


@dataclass(slots=True, eq=False)
class Memo:
    """What is known of one query's value for one key. ``changed``: the revision in which the value last became
    another one; ``verified``: the last one in which it was known to hold."""

    query: Query[Any, Any]
    key: Hashable
    value: Any = _ABSENT
    needs: tuple[Memo, ...] = ()
    changed: int = 0
    verified: int = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """``ran``: the query was computed (``changed``: to another value than before), else it was only validated."""

    query: str
    key: Hashable
    label: str
    ran: bool
    changed: bool


class _Deeper(BaseException):
    """Python's stack is deep enough: ``memo`` is to be computed from its bottom."""

    def __init__(self, memo: Memo) -> None:
        self.memo = memo


@dataclass(slots=True, eq=False)
class _Frame:
    memo: Memo
    needs: dict[Memo, None] = field(default_factory=dict)
    notes: set[Hashable] = field(default_factory=set)


class Engine:
    """Results of queries through the revisions of a changing world. Belongs to one thread."""

    def __init__(self) -> None:
        self.revision = 1
        self.log: list[Event] | None = None
        self.cancelled: Callable[[], bool] | None = None
        self._memos: dict[Query[Any, Any], dict[Hashable, Memo]] = {}
        self._frames: list[_Frame] = []
        self._depth = 0
        self._swept = 0

    # -------------------------------------------------------------------------------------------- asking

    def get(self, query: Query[K, V], key: K) -> V:
        """The value of a query as of now. Raises what the query raises (then nothing is kept), and Cancelled."""
        memo = self._memo(query, key)
        if memo.verified != self.revision:
            if memo.running:
                return self._cyclic(query, key, memo)
            self._bring(memo)
        if self._frames:
            self._frames[-1].needs[memo] = None
        return cast(V, memo.value)

    def _memo(self, query: Query[Any, Any], key: Hashable) -> Memo:
        table = self._memos.get(query)
        if table is None:
            table = self._memos[query] = {}
        memo = table.get(key)
        if memo is None:
            memo = table[key] = Memo(query, key)
        return memo

    def _cyclic(self, query: Query[K, V], key: K, memo: Memo) -> V:
        if query.cycle is None:
            raise Cycle(f"{query.name} {key}")
        if self._frames:
            self._frames[-1].needs[memo] = None
        return query.cycle(key)

    @property
    def active(self) -> bool:
        """Whether a query is running."""
        return bool(self._frames)

    def before(self) -> Any:
        """The value that the running query had before, as a hint to compute the new one faster; None where none."""
        value = self._frames[-1].memo.value
        return None if value is _ABSENT else value

    def note(self, what: Hashable) -> None:
        """Notes something about the running query, for itself to ask for with `noted`."""
        if self._frames:
            self._frames[-1].notes.add(what)

    def noted(self) -> frozenset[Hashable]:
        return frozenset(self._frames[-1].notes)

    # -------------------------------------------------------------------------------------------- revisions

    def advance(self) -> None:
        """The world may have changed: from now on nothing is believed that has not been looked at again."""
        self.revision += 1

    def sweep(self, roots: Iterable[tuple[Query[Any, Any], Hashable]], most: int = 4096) -> None:
        """Forgets what none of the roots needs any more, once there is twice as much as the last time (and more than
        ``most`` results)."""
        count = sum(map(len, self._memos.values()))
        if count <= max(most, 2 * self._swept):
            return
        found = [self._memo(query, key) for query, key in roots]
        kept: set[int] = set(map(id, found))
        while found:
            for memo in found.pop().needs:
                if id(memo) not in kept:
                    kept.add(id(memo))
                    found.append(memo)
        for query, table in self._memos.items():
            self._memos[query] = {key: memo for key, memo in table.items() if id(memo) in kept}
        self._swept = sum(map(len, self._memos.values()))

    @property
    def size(self) -> int:
        """How many results are kept."""
        return sum(map(len, self._memos.values()))

    def vouch(self, query: Query[K, V], keys: Iterable[K]) -> None:
        """The running query knows that for these keys another one, which asks nothing but it, would say what it said in
        the revision before. Cheaper than running it where the keys are many."""
        table = self._memos.get(query)
        if table is None:
            return
        for key in keys:
            memo = table.get(key)
            if memo is not None and memo.verified == self.revision - 1:
                memo.verified = self.revision

    # -------------------------------------------------------------------------------------------- computing

    def _bring(self, memo: Memo) -> None:
        """Makes a memo hold in this revision."""
        if self._depth >= DEEPEST:
            raise _Deeper(memo)
        if self._depth:
            self._update(memo)
            return
        waiting = [memo]
        try:
            while waiting:
                try:
                    self._update(waiting[-1])
                    waiting.pop().running = False
                except _Deeper as deeper:
                    waiting[-1].running = True  # still asked for: whoever asks for it again closes a circle
                    waiting.append(deeper.memo)
        finally:
            for each in waiting:
                each.running = False

    def _update(self, memo: Memo) -> None:
        memo.running = True
        self._depth += 1
        try:
            if memo.value is not _ABSENT and not memo.query.volatile and self._holds(memo):
                memo.verified = self.revision
                if self.log is not None:
                    self._tell(memo, ran=False, changed=False)
            else:
                self._run(memo)
        finally:
            self._depth -= 1
            memo.running = False

    def _holds(self, memo: Memo) -> bool:
        """Whether nothing that a memo was made of has changed since; looked at in the order in which it was asked."""
        verified, revision = memo.verified, self.revision
        for need in memo.needs:
            if need.verified != revision:
                if need.running:
                    return False
                self._bring(need)
            if need.changed > verified:
                return False
        return True

    def _run(self, memo: Memo) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        frame = _Frame(memo)
        self._frames.append(frame)
        try:
            value = memo.query.run(self, memo.key)
        finally:
            self._frames.pop()
        changed = memo.value is _ABSENT or not memo.query.same(memo.value, value)
        if changed:
            memo.value = value
            memo.changed = self.revision
        memo.needs = tuple(frame.needs)
        memo.verified = self.revision
        if self.log is not None:
            self._tell(memo, ran=True, changed=changed)

    def deepen(self, by: int) -> None:
        """The running query is itself nested so deep (negative: no longer)."""
        self._depth += by

    def _tell(self, memo: Memo, ran: bool, changed: bool) -> None:
        assert self.log is not None
        query = memo.query
        label = query.label(self, memo.key) if query.label is not None else str(memo.key)
        self.log.append(Event(query.name, memo.key, label, ran, changed))
