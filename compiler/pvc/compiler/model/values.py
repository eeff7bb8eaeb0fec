"""Typed values: what an argument of a component is once the checker has read it. All frozen, hashable and canonical.

`str` stands for `text`, `bool` for `bool`, `int` and `Fraction` for `int` and `number`, `tuple` for `list`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; ``frames`` is set instead where it was written in frames (`12f`)."""

    seconds: Fraction
    frames: int | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """`40%` (of the frame, along the axis asked for), `120px` (of the reference frame), `2em`. A sum of lengths in
    different units (`40% + 12px`) has the unit `sum` and its ``terms`` in the order `%`, `px`, `em`, none of them 0."""

    value: Fraction
    unit: str
    terms: tuple[tuple[Fraction, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Angle:
    degrees: Fraction


@dataclass(frozen=True, slots=True)
class Color:
    """Straight sRGB, 0..255 each."""

    red: int
    green: int
    blue: int
    alpha: int = 255


@dataclass(frozen=True, slots=True)
class Token:
    """A colour of the theme by name (`theme.accent`); stays symbolic until layout, so that a theme's edit is seen only
    by what shows it."""

    name: str


@dataclass(frozen=True, slots=True)
class Tex:
    source: str


@dataclass(frozen=True, slots=True)
class Markdown:
    source: str


@dataclass(frozen=True, slots=True)
class Code:
    source: str
    language: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A bare word where a component expects one of a few (`left`, `fade`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Interval:
    """`-3..3`; both ends of one type."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Record:
    """Fields in the order they were written."""

    fields: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of data with typed columns: ``types[i]`` is `text`, `number`, `int` or `bool` for ``columns[i]``."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The name of a column in the table given beside it."""

    name: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes: ``digest`` (BLAKE3, hex) finds them through the World; ``path`` (as written) is for messages only
    and is never part of a key. ``kind`` is `image`, `font`, `sound`, `video`, `pdf`, `model3d`,
    `program` or `file`; ``page`` counts from 1."""

    digest: str
    path: str
    kind: str
    page: int | None = None


Value: TypeAlias = (
    str
    | bool
    | int
    | Fraction
    | Duration
    | Length
    | Angle
    | Color
    | Token
    | Tex
    | Markdown
    | Code
    | Symbol
    | Interval
    | Record
    | Table
    | Column
    | Asset
    | tuple["Value", ...]
    | None
)
