"""One thing that can be written at the cursor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """``kind`` is the language's word for what it is; ``text`` replaces the prefix at the cursor."""

    label: str
    kind: str
    detail: str = ""
    doc: str = ""
    text: str | None = None
