"""Finding a sub-expression in a formula, after both were set: by structure, not by how they are spelt.

The sub-expression is set by itself, and its sequence of items (symbols, fractions, roots, scripts) is looked for in
every row of the formula. So spacing, braces and synonyms do not matter, nothing is added to the formula that could
change its spacing, and every occurrence is found. A last symbol also matches the base of a script (`QK` in `QK^\\top`),
and `d_k` is found in `d_k^2`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pvc.compiler.math.svg import Drawing, Leaf, Node

_TOKENS = ("mi", "mo", "mn", "mtext", "ms")
_ROWS = ("svg", "math", "g", "mrow", "TeXAtom", "mstyle", "mpadded", "semantics", "merror")
_SCRIPTS = {
    "msub": "sub",
    "munder": "sub",
    "msup": "sup",
    "mover": "sup",
    "msubsup": "subsup",
    "munderover": "subsup",
}
_INVISIBLE = frozenset({"2061", "2062", "2063", "2064"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a row: a symbol (``kind`` `token`, ``symbol`` its code points) or a construct with ``rows``."""

    kind: str
    symbol: str
    rows: tuple[tuple[Item, ...], ...]
    leaves: tuple[int, ...]

    def same(self, other: Item) -> bool:
        return (
            self.kind == other.kind
            and self.symbol == other.symbol
            and len(self.rows) == len(other.rows)
            and all(_same_rows(mine, theirs) for mine, theirs in zip(self.rows, other.rows, strict=True))
        )


Row = tuple[Item, ...]


def items(drawing: Drawing) -> Row:
    """The formula as one row of items."""
    return _row(drawing.root, drawing.leaves)


def find(pattern: Row, row: Row) -> list[tuple[int, ...]]:
    """Leaves of each occurrence of ``pattern`` in ``row`` and in all rows inside, left to right, none overlapping."""
    found: list[tuple[int, ...]] = []
    if not pattern:
        return found
    at = 0
    while at < len(row):
        leaves = _match(pattern, row[at : at + len(pattern)])
        if leaves is not None:
            found.append(leaves)
            rest = row[at + len(pattern) - 1]  # what hangs on the last item may hold more
            if set(rest.leaves) - set(leaves):
                for inner in rest.rows[1:]:
                    found.extend(find(pattern, inner))
            at += len(pattern)
            continue
        for inner in row[at].rows:
            found.extend(find(pattern, inner))
        at += 1
    return found


def rows(row: Row) -> list[Row]:
    """The row and all rows inside of it."""
    return [row, *(each for item in row for inner in item.rows for each in rows(inner))]


def _same_rows(mine: Row, theirs: Row) -> bool:
    return len(mine) == len(theirs) and all(a.same(b) for a, b in zip(mine, theirs, strict=True))


def _match(pattern: Row, row: Row) -> tuple[int, ...] | None:
    if len(row) < len(pattern) or not all(a.same(b) for a, b in zip(pattern[:-1], row, strict=False)):
        return None
    last = _loose(pattern[-1], row[len(pattern) - 1])
    if last is None:
        return None
    return (*(leaf for item in row[: len(pattern) - 1] for leaf in item.leaves), *last)


def _loose(wanted: Item, item: Item) -> tuple[int, ...] | None:
    if wanted.same(item):
        return item.leaves
    if item.kind in ("sub", "sup", "subsup") and len(item.rows[0]) == 1:
        base = item.rows[0]
        if wanted.kind not in ("sub", "sup", "subsup"):
            return _loose(wanted, base[0])
        if item.kind == "subsup" and _same_rows(wanted.rows[0], base):
            script = item.rows[1 if wanted.kind == "sub" else 2]
            if wanted.kind != "subsup" and _same_rows(wanted.rows[1], script):
                return (*base[0].leaves, *(leaf for each in script for leaf in each.leaves))
    return None


def _row(node: Node, leaves: tuple[Leaf, ...]) -> Row:
    """The items of a node, rows inside of rows laid out flat."""
    if node.kind in _TOKENS and node.children:  # MathJax joins relations in a row (`= =`) into one operator
        return tuple(item for child in node.children for item in _row(replace(child, kind=node.kind), leaves))
    if node.kind in _TOKENS:
        indices = [part for part in node.parts if isinstance(part, int)]
        chars = [leaves[index].char for index in indices if leaves[index].kind in ("glyph", "text")]
        symbol = _symbol([char for char in chars if char not in _INVISIBLE], node.kind)
        return (Item("token", symbol, (), tuple(indices)),) if symbol else ()
    if node.kind in _ROWS:
        return tuple(item for child in node.children for item in _row(child, leaves))
    if node.kind == "mspace" or (not node.parts):
        return ()
    inner = [_row(child, leaves) for child in node.children]
    if node.kind == "mtd":  # MathJax 3 leaves out the row inside of a cell
        inner = [tuple(item for row in inner for item in row)]
    kind = _SCRIPTS.get(node.kind, node.kind)
    if kind in ("sub", "sup") and len(inner) == 2 and not inner[1]:
        return inner[0]
    if kind in ("msqrt", "mroot"):
        inner = [_row(child, leaves) for child in node.children if child.kind != "mo"]
    if kind == "subsup" and len(inner) == 3:
        inner = _under_then_over(node, inner, leaves)
    return (Item(kind, "", tuple(inner), tuple(node.leaves())),)


_PIECES = {
    **dict.fromkeys(("239B", "239C", "239D"), "28"),
    **dict.fromkeys(("239E", "239F", "23A0"), "29"),
    **dict.fromkeys(("23A1", "23A2", "23A3"), "5B"),
    **dict.fromkeys(("23A4", "23A5", "23A6"), "5D"),
    **dict.fromkeys(("23A7", "23A8", "23A9", "23AA"), "7B"),
    **dict.fromkeys(("23AB", "23AC", "23AD"), "7D"),
    **dict.fromkeys(("23D0",), "7C"),
}
"""Pieces of which tall brackets are built, by the bracket."""


def _symbol(codes: list[str], kind: str) -> str:
    """A token's code points; of an operator put together from pieces (a tall bracket, a long arrow) only what it is."""
    if kind == "mo" and len(codes) > 1:
        first = _PIECES.get(codes[0], codes[0])
        if not chr(int(first, 16)).isalnum():
            return first
    return " ".join(codes)


def _under_then_over(node: Node, inner: list[Row], leaves: tuple[Leaf, ...]) -> list[Row]:
    """Base, lower and upper script: MathJax draws the two scripts in either order."""

    def height(row: Row) -> float:
        ys = [y for item in row for leaf in item.leaves for y in leaves[leaf].path.points[1::2]]
        return sum(ys) / len(ys) if ys else 0.0

    first, second = inner[1], inner[2]
    return [inner[0], first, second] if height(first) > height(second) else [inner[0], second, first]
