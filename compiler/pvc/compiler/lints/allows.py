"""Comments that allow a lint in one place: `// pvc: allow long-still, PVC0705 because the picture speaks`.

Such a comment stands above a statement or behind it, and holds for that statement with everything in it; above `talk`
it holds for the whole file. Comments belong to statements in the tree, so the formatter and the YAML spelling (where
they begin with `#`) keep what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from pvc.compiler.diagnostics.model import Diagnostic, Edit, Fix, Severity
from pvc.compiler.lints.table import find, near
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_MARK = "pvc:"
_COMMENT = re.compile(r"//\s*pvc:\s*(.*)", re.DOTALL)
_WORDS = re.compile(r"[^\s,]+")
_CODE = re.compile(r"PVC\d{4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Allow:
    """One lint that one comment allows in ``area``. ``word`` is where the comment names it."""

    code: str
    word: Span
    area: Span
    removal: Span | None
    """The comment with the space around it, where it allows nothing else."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the comments of a file allow, and what is wrong with them."""

    allows: tuple[Allow, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


NOTHING = Allowed()


@dataclass(frozen=True, slots=True)
class _Remark:
    """A comment that speaks to pvc: ``text`` is what follows the mark, ``start`` where that stands in the file."""

    text: str
    start: int
    span: Span
    removal: Span
    area: Span | None


def allowed(file: tree.File) -> Allowed:
    """What the comments of one file allow."""
    remarks = [*_remarks(file)]
    if not remarks:
        return NOTHING
    allows: list[Allow] = []
    said: list[Diagnostic] = []
    for remark in remarks:
        _read(remark, allows, said)
    return Allowed(tuple(allows), tuple(said))


def _remarks(file: tree.File) -> Iterator[_Remark]:
    length = sum(len(block.text) for block in file.blocks) + len(file.tail)
    whole = Span(file.path, 0, length)
    for block in file.blocks:
        if _MARK not in block.text or isinstance(block.item, tree.Broken):
            continue
        cursor: dict[str, int] = {}
        for node, comment in _comments(block.item):
            found = _COMMENT.match(comment)
            if found is None:
                continue
            # The same words may stand in a comment twice: they are met in the order of the text.
            body = comment[2:]
            # Up to the line's end: one comment may begin as another one reads.
            whole_line = re.compile(rf"(?<=[/#]){re.escape(body)}(?=[^\S\n]*(?:\n|\Z))")
            match = whole_line.search(block.text, cursor.get(body, 0)) or whole_line.search(block.text)
            if match is None:
                continue
            at = match.start()
            cursor[body] = at + len(body)
            begin = block.start + at
            area: Span | None = None
            if node is not None:
                own = Span(file.path, block.start + node.start, block.start + node.end)
                area = whole if isinstance(block.item, tree.Talk) and node == block.item.at else own
            lead = 1 if block.text[at - 1 : at] == "#" else 2
            span = Span(file.path, begin - lead, begin + len(body))
            low, high = _with_space(block.text, at - lead, at + len(body))
            removal = Span(file.path, block.start + low, block.start + high)
            yield _Remark(found[1], begin + found.start(1) - 2, span, removal, area)
    start = length - len(file.tail)
    for found in re.finditer(r"^[ \t]*((?://|#)[ \t]*pvc:[ \t]*(.*?))[ \t]*$", file.tail, re.MULTILINE):
        span = Span(file.path, start + found.start(1), start + found.end(1))
        yield _Remark(found[2], start + found.start(2), span, span, None)


def _with_space(text: str, start: int, end: int) -> tuple[int, int]:
    """A comment with the space before it; with its whole line, where it has one to itself."""
    low = len(text[:start].rstrip(" \t"))
    if low and text[low - 1] != "\n":
        return low, end
    return low, end + 1 if text[end : end + 1] == "\n" else end


def _comments(node: object) -> Iterator[tuple[tree.At | None, str]]:
    """Every comment below a node with the place of the statement that it belongs to, in the order of the text; None
    for one that stands before a closing brace."""
    if isinstance(node, tuple):
        for each in node:
            yield from _comments(each)
        return
    if not is_dataclass(node):
        return
    trivia: tree.Trivia = getattr(node, "trivia", tree.NO_TRIVIA)
    at: tree.At = getattr(node, "at", tree.NOWHERE)
    for comment in trivia.leading:
        yield at, comment
    for each in fields(node):
        if each.name not in ("trivia", "at", "name_at"):
            yield from _comments(getattr(node, each.name))
    for comment in trivia.dangling:
        yield None, comment
    if trivia.trailing is not None:
        yield at, trivia.trailing


def _read(remark: _Remark, allows: list[Allow], said: list[Diagnostic]) -> None:
    def say(message: str, span: Span, hint: str, fixes: tuple[Fix, ...] = ()) -> None:
        said.append(Diagnostic("PVC0791", Severity.WARNING, message, span, hint, fixes=fixes))

    words = list(_WORDS.finditer(remark.text))
    path = remark.span.path
    form = "write `pvc: allow NAME` or `pvc: allow NAME because ...`"
    if not words or words[0][0] != "allow":
        say("This comment speaks to pvc and asks for nothing that it knows", remark.span, form)
        return
    if remark.area is None:
        say("There is no statement below this comment", remark.span, "put it above the statement that it is for")
        return
    named = []
    for word in words[1:]:
        if word[0] == "because":
            break
        named.append(word)
    if not named:
        say("This comment does not say what to allow", remark.span, form)
    for word in named:
        span = Span(path, remark.start + word.start(), remark.start + word.end())
        lint = find(word[0])
        if lint is not None:
            allows.append(Allow(lint.code, span, remark.area, remark.removal if len(named) == 1 else None))
        elif _CODE.fullmatch(word[0]):
            say(f"`{word[0]}` is no lint and cannot be allowed", span, "only warnings and notes can; mend the error")
        else:
            meant = near(word[0])
            fixes = (Fix(f"write `{meant}`", (Edit(span, meant),)),) if meant else ()
            hint = f"did you mean `{meant}`?" if meant else "`pvc explain` lists names; a reason follows `because`"
            say(f"There is no lint `{word[0]}`", span, hint, fixes)


def allows_of(files: Iterable[tree.File]) -> Allowed:
    """What the comments of several files allow."""
    each = [allowed(file) for file in files]
    return Allowed(
        tuple(allow for one in each for allow in one.allows), tuple(found for one in each for found in one.diagnostics)
    )
