"""Nodes of the tree, from a node downwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass


def nodes_at(root: object, offset: int) -> Iterator[object]:
    """The nodes around a block-relative offset, from the outermost inwards."""
    if isinstance(root, tuple):
        for each in root:
            yield from nodes_at(each, offset)
        return
    if not is_dataclass(root):
        return
    at = getattr(root, "at", None)
    if at is not None and not at.start <= offset <= at.end:
        return
    yield root
    for field in fields(root):
        if field.name not in ("at", "trivia"):
            inner = getattr(root, field.name)
            if isinstance(inner, tuple) or is_dataclass(inner):
                yield from nodes_at(inner, offset)


def nodes(root: object) -> Iterator[object]:
    """Every node below a node, itself included."""
    if isinstance(root, tuple):
        for each in root:
            yield from nodes(each)
    elif is_dataclass(root):
        yield root
        for field in fields(root):
            if field.name not in ("at", "trivia"):
                inner = getattr(root, field.name)
                if isinstance(inner, tuple) or is_dataclass(inner):
                    yield from nodes(inner)
