"""Whether two texts of a block say the same: whether they differ in comments and white space alone.

If they do, what was found out about the one holds of the other, and only where it stands is another place
(`query.anchors.Moved`). Documentation (`///`) is read, so it counts as what is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from pvc.compiler.query.anchors import Moved
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.blocks import changed
from pvc.compiler.syntax.lexer import Tokens, TooDeep, lex

LARGEST = 100_000
"""Characters of a block for which it is looked at; reading it twice costs as much as checking it."""


def moved(old: tree.Block, new: tree.Block) -> Moved | None:
    """Where the words of a block stand in its new text; None where that says anything else than the old one."""
    if max(len(old.text), len(new.text)) > LARGEST or not _may_be_spacing(old.text, new.text):
        return None
    try:
        before, after = lex(old.text), lex(new.text)
    except TooDeep:
        return None
    if before.problems or after.problems or before.kinds != after.kinds or before.values != after.values:
        return None
    if [*_documentation(before)] != [*_documentation(after)]:
        return None
    words = [index for index, kind in enumerate(before.kinds) if kind != "SEP"]
    return Moved(
        new.start,
        tuple(before.starts[index] for index in words),
        tuple(before.ends[index] for index in words),
        tuple(after.starts[index] for index in words),
        tuple(after.ends[index] for index in words),
    )


def _may_be_spacing(old: str, new: str) -> bool:
    """Whether what differs has a comment in its lines, or is the same but for white space. Nearly every key press ends
    here."""
    low, high = changed(old, new)
    begin, end = old.rfind("\n", 0, low) + 1, len(old) - (len(new) - high)
    if "//" in old[begin:end] or "//" in new[begin:high]:
        return True
    return "".join(old[low:end].split()) == "".join(new[low:high].split())


def _documentation(tokens: Tokens) -> Iterator[tuple[int, tuple[str, ...]]]:
    for index, comments in sorted(tokens.leading.items()):
        found = tuple(each for each in comments if each.startswith("///"))
        if found:
            yield index, found
    for index, comment in sorted(tokens.trailing.items()):
        if comment.startswith("///"):
            yield index, (comment,)
