"""Whose comments are whose in the twin: YAML loses them, so they are given back by where they stand.

A comment on a line of its own belongs to the node that follows it, unless it stands further right than that node's
dash: then it is the last thing in the body above. A comment behind something belongs to the node whose line it is.
Blank lines above a node are kept as in `.vid`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.expressions import plain_comment
from pvc.compiler.syntax.yaml.compose import Comment, Composed, Node
from pvc.compiler.syntax.yaml.shapes import Many, OneOf, class_of, fields_of


@dataclass(slots=True)
class Holder:
    """A node that can have comments; ``column`` is that of its dash; ``body``: comments may end it."""

    node: Node
    line: int
    column: int
    body: bool
    leading: list[str] = field(default_factory=list)
    trailing: str | None = None
    dangling: list[str] = field(default_factory=list)
    blank: bool = False

    def trivia(self, doc: str | None, documented: bool = False) -> tree.Trivia:
        """``documented``: a doc comment stands below these comments, though it is not kept among them."""
        leading = list(self.leading)
        while (doc is not None or documented) and leading and not leading[-1]:
            leading.pop()
        if not (leading or self.trailing or doc is not None or self.blank or self.dangling):
            return tree.NO_TRIVIA
        return tree.Trivia(tuple(leading), self.trailing, doc, self.blank, tuple(self.dangling))


@dataclass(frozen=True, slots=True)
class Remarks:
    """The holders by their node's offset, where each item's text begins, and where the tail does."""

    holders: dict[int, Holder]
    starts: tuple[int, ...]
    tail: int


def assign(text: str, composed: Composed, items: Sequence[Node]) -> Remarks:
    """Gives every comment to its holder."""
    lines = composed.lines
    own = {comment.line: comment for comment in composed.comments if comment.own_line}
    holders = list(_holders(text, lines, items))
    tops = {node.start for node in items}
    starts: list[int] = []
    before: list[Holder] = []
    for holder in holders:
        top = holder.line
        while top > 0 and (top - 1 in own or not _line(text, lines, top - 1).strip()):
            top -= 1
        if holder.node.start in tops:
            starts.append(lines[top] if starts else 0)
        for number in range(top, holder.line):
            comment = own.pop(number, None)
            if comment is None:
                if not holder.leading:
                    holder.blank = bool(before)
                elif holder.leading[-1]:
                    holder.leading.append("")
                continue
            owner = _body_above(before, comment.column) if comment.column > holder.column else None
            if owner is not None and not holder.leading:
                _end_with(owner, comment, text, lines)
                holder.blank = False
            else:
                holder.leading.append(plain_comment(_spelt(comment.text)))
        before.append(holder)
    tail = _tail(text, lines, own, before)
    _head(composed, holders, own)
    offsets = [holder.node.start for holder in holders]
    below: list[int] = []
    for comment in composed.comments:
        index = bisect_right(offsets, comment.start) - 1
        if index < 0 or comment.start >= tail or (comment.own_line and comment.line not in own):
            continue
        holder = holders[index]
        owner = None
        if comment.own_line:
            below = below or _columns_below(text, lines, own)
            if comment.column > below[comment.line]:
                owner = _body_above(holders, comment.column, index + 1)
        if owner is not None:
            _end_with(owner, comment, text, lines)
        elif comment.own_line or holder.trailing is not None:
            # Between the keys of a node there is no place for a comment in the tree: it moves above the node.
            holder.leading.append(plain_comment(_spelt(comment.text)))
        else:
            holder.trailing = _spelt(comment.text)
    return Remarks({holder.node.start: holder for holder in holders}, tuple(starts), tail)


def _head(composed: Composed, holders: Sequence[Holder], own: dict[int, Comment]) -> None:
    """Comments at `vid:` and `items:` belong to the first item, above its own."""
    if not holders:
        return
    first = holders[0]
    head = [
        _spelt(comment.text)
        for comment in composed.comments
        if comment.start < first.node.start
        and comment.line < first.line
        and (comment.line in own or not comment.own_line)
    ]
    if head:
        first.leading[:0] = [plain_comment(text) for text in head] + ([""] if first.leading else [])
        for number in [number for number in own if number < first.line]:
            del own[number]


def _end_with(owner: Holder, comment: Comment, text: str, lines: tuple[int, ...]) -> None:
    """One more comment at the end of a body, and the blank line that parts it from the one before."""
    if owner.dangling and not _line(text, lines, comment.line - 1).strip():
        owner.dangling.append("")
    owner.dangling.append(_spelt(comment.text))


def _columns_below(text: str, lines: tuple[int, ...], own: dict[int, Comment]) -> list[int]:
    """For each line the indentation of the first line below it that has content."""
    found = [0] * len(lines)
    column = 0
    for number in range(len(lines) - 1, -1, -1):
        found[number] = column
        content = _line(text, lines, number)
        if number not in own and content.strip():
            column = len(content) - len(content.lstrip(" "))
    return found


def _tail(text: str, lines: tuple[int, ...], own: dict[int, Comment], before: list[Holder]) -> int:
    """Where the tail begins: comments at the end that stand right of a dash still end the body above them."""
    first = len(lines)
    while first > 0 and (first - 1 in own or not _line(text, lines, first - 1).strip()):
        first -= 1
    for number in range(first, len(lines)):
        comment = own.get(number)
        if comment is None:
            continue
        owner = _body_above(before, comment.column)
        if owner is None:
            break
        _end_with(owner, comment, text, lines)
        del own[number]
        first = number + 1
    return lines[first] if first < len(lines) else len(text)


def _holders(text: str, lines: tuple[int, ...], items: Sequence[Node]) -> Iterator[Holder]:
    """Every node that can have comments, in the order of the text."""
    pending = list(reversed(items))
    while pending:
        node = pending.pop()
        if node.kind == "mapping":
            keys = {key.value: value for key, value in node.pairs}
            kind = keys["kind"].value if "kind" in keys and keys["kind"].kind == "scalar" else None
            if kind is not None or {"name", "type"} <= keys.keys():
                line = bisect_right(lines, node.start) - 1
                column = node.start - lines[line]
                head = text[lines[line] : node.start].rstrip()
                if head.endswith("-"):
                    column = len(head) - 1
                yield Holder(node, line, column, kind is not None and _has_body(kind, keys))
            pending.extend(value for _, value in reversed(node.pairs))
        elif node.kind == "sequence":
            pending.extend(reversed(node.items))


def _has_body(kind: str, keys: Mapping[str, Node]) -> bool:
    cls = class_of(kind)
    if cls is None:
        return False
    if cls is tree.Declaration:  # without columns it has no braces in a .vid file
        return "columns" in keys and bool(keys["columns"].items)
    return any(isinstance(one.shape, Many) and isinstance(one.shape.of, OneOf) for one in fields_of(cls))


def _body_above(holders: Sequence[Holder], column: int, count: int | None = None) -> Holder | None:
    """The innermost body that is open at the end of the first ``count`` holders and holds things at ``column``."""
    limit: int | None = None
    for index in range((len(holders) if count is None else count) - 1, -1, -1):
        holder = holders[index]
        if limit is not None and holder.column >= limit:
            continue
        limit = holder.column
        if holder.body and holder.column < column:
            return holder
        if limit == 0:
            return None
    return None


def _spelt(comment: str) -> str:
    return "//" + comment[1:]


def _line(text: str, lines: tuple[int, ...], number: int) -> str:
    end = lines[number + 1] if number + 1 < len(lines) else len(text)
    return text[lines[number] : end].strip("\ufeff")
