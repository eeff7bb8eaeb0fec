"""Programs of a talk, as the compiler sees them: Python that is parsed and never run, and where a talk uses it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pvc.compiler.model.program import Program, VisualSpec
from pvc.compiler.model.values import Asset, Record, Symbol, Value

_DEEP = 150
"""Brackets or levels of indentation beyond which no program is read: Python's parser counts on its stack."""
_CHAIN = re.compile(
    rb"(?:[-+~]\s*){150}|(?:\bnot\s+){150}|(?:\blambda\s*:\s*){150}|(?:\.\s*\w+\s*){1500}|(?:\)\s*\(){1500}"
)
"""Chains that nest without brackets."""
ENGINES = ("canvas", "manim")
"""Engines that programs are written for."""


class Unparsable(Exception):
    """A file that is no Python program; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands at the top of a program: ``draws`` is how many arguments its function `draw` wants and takes (None:
    it has none), ``scenes`` are its classes with a base whose name ends in `Scene`; ``words``: every word in it."""

    draws: tuple[int, int] | None
    scenes: tuple[str, ...]
    words: frozenset[str]


@lru_cache(maxsize=32)
def outline(data: bytes) -> Outline:
    """Reads a program without running it. Raises Unparsable."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unparsable(f"byte {error.start} is not UTF-8", "save it as UTF-8") from error
    if "\0" in text:
        raise Unparsable("it holds a zero byte", "name a Python file")
    if _too_deep(data):
        raise Unparsable("it nests too deeply to be read", "take it apart")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        raise Unparsable(f"{where}{error.msg}", "mend the program; it is Python") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unparsable("it cannot be read as Python", "name a Python file") from error
    draws, scenes = None, []
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == "draw":
            draws = _arity(node.args)
        elif isinstance(node, ast.ClassDef) and any(_last(base).endswith("Scene") for base in node.bases):
            scenes.append(node.name)
    return Outline(draws, tuple(scenes), frozenset(re.findall(r"[^\W\d]\w*", text)))


def _too_deep(data: bytes) -> bool:
    depth = 0
    for letter in data:
        if letter in b"([{":
            depth += 1
            if depth > _DEEP:
                return True
        elif letter in b")]}":
            depth = max(0, depth - 1)
    indents = (len(line) - len(line.lstrip(b" \t")) for line in data.splitlines())
    return max(indents, default=0) > 8 * _DEEP or _CHAIN.search(data) is not None


def _arity(arguments: ast.arguments) -> tuple[int, int]:
    takes = len(arguments.posonlyargs) + len(arguments.args)
    wants = takes - len(arguments.defaults)
    return wants + sum(default is None for default in arguments.kw_defaults), 99 if arguments.vararg else takes


def _last(base: ast.expr) -> str:
    match base:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Use:
    """A program that a visual shows: the file, and whether a picture stands in its place where it is not run."""

    file: Asset
    fallback: bool


def uses(visual: VisualSpec) -> Iterator[Use]:
    """The programs that a visual shows: its own, or those inside it."""
    yield from _uses(visual.layout, dict(visual.arguments))


def shown(program: Program) -> Iterator[tuple[VisualSpec, Use]]:
    """Every program of a talk, with the visual that shows it."""
    for scene in program.scenes:
        for visual in scene.visuals:
            for use in uses(visual):
                yield visual, use


def _uses(layout: str, arguments: Mapping[str, Value]) -> Iterator[Use]:
    if layout == "program":
        file = arguments.get("file")
        if isinstance(file, Asset):
            yield Use(file, isinstance(arguments.get("fallback"), Asset))
    elif layout == "arrangement":
        yield from _inside(arguments.get("picture"))


def _inside(value: Value) -> Iterator[Use]:
    if isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, Record):
        fields = dict(value.fields)
        layout, arguments = fields.get("layout"), fields.get("arguments")
        if isinstance(layout, Symbol):
            layout = layout.name
        if isinstance(layout, str) and isinstance(arguments, Record):
            yield from _uses(layout, dict(arguments.fields))
        else:
            for item in fields.values():
                yield from _inside(item)
