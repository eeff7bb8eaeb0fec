"""What tests of figures ask of a fragment, and the data that they draw."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from layout.surroundings import env

from pvc.compiler.layout.component import Box
from pvc.compiler.layout.registry import implementation
from pvc.compiler.model.display import Element, Fragment, Glyphs, Rect, Shape
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Column, Interval, Table, Value

FULL = Box(1728.0, 780.0)
HALF = Box(840.0, 780.0)


def exact(value: object) -> Value:
    """A number as the checker would hand it over."""
    if isinstance(value, float):
        return Fraction(value)
    return value  # type: ignore[return-value]


def table(columns: str, types: str, *rows: tuple[object, ...]) -> Table:
    return Table(tuple(columns.split()), tuple(types.split()), tuple(tuple(map(exact, row)) for row in rows))


def between(low: float, high: float) -> Interval:
    return Interval(Fraction(low), Fraction(high))


def lay(
    layout: str,
    box: Box = FULL,
    theme: str = "midnight",
    concepts: tuple[ConceptSpec, ...] = (),
    language: str = "en",
    **arguments: Value,
) -> Fragment:
    """A layout's fragment without the registry's memory. Names of columns are given as texts."""
    columns = {"x", "y", "series", "label", "value"} if layout.startswith("chart.") else set()
    given = {
        name: Column(value) if name in columns and isinstance(value, str) else value
        for name, value in arguments.items()
    }
    return implementation(layout)(given, box, env(theme, concepts=concepts, language=language))


def members(fragment: Fragment, selector: str) -> tuple[Element, ...]:
    """The elements of a part; KeyError where there is none of that name."""
    return tuple(fragment.elements[index] for index in dict(fragment.parts)[selector])


def shapes(fragment: Fragment, selector: str, role: str) -> tuple[Element, ...]:
    return tuple(
        element
        for element in members(fragment, selector)
        if element.role == role and isinstance(element.primitive, Shape)
    )


def texts(fragment: Fragment) -> list[str]:
    return [element.primitive.text for element in fragment.elements if isinstance(element.primitive, Glyphs)]


def codes(fragment: Fragment) -> set[str]:
    return {problem.code for problem in fragment.problems}


def outside(fragment: Fragment, slack: float = 1.0) -> list[Element]:
    """Elements that reach out of their fragment."""
    return [
        element
        for element in fragment.elements
        if element.bounds.x < -slack
        or element.bounds.y < -slack
        or element.bounds.right > fragment.width + slack
        or element.bounds.bottom > fragment.height + slack
    ]


def overlaps(one: Rect, two: Rect, slack: float = 1.0) -> bool:
    return (
        one.x + slack < two.right
        and two.x + slack < one.right
        and one.y + slack < two.bottom
        and two.y + slack < one.bottom
    )


def colliding(fragment: Fragment) -> list[tuple[str, str]]:
    """Pairs of labels that lie over each other. Runs of one label (other fonts, other lines) have one morph key but for
    the count at its end."""
    written = [element for element in fragment.elements if isinstance(element.primitive, Glyphs)]
    return [
        (one.primitive.text, two.primitive.text)  # type: ignore[union-attr]
        for one, two in combinations(written, 2)
        if overlaps(one.bounds, two.bounds) and one.morph.rpartition(":")[0] != two.morph.rpartition(":")[0]
    ]


def assert_sound(fragment: Fragment) -> None:
    """Nothing outside, no label over another, all parts point at elements; where it does not fit it says so."""
    count = len(fragment.elements)
    for name, indices in fragment.parts:
        assert indices, name
        assert all(0 <= index < count for index in indices), name
    if any(problem.severity == "error" for problem in fragment.problems):
        return
    assert not outside(fragment)
    assert not colliding(fragment)
