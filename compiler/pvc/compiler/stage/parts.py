"""Finding the parts of a visual that an action names among the parts that its fragment has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pvc.compiler.layout.selectors import outer
from pvc.compiler.model.display import Fragment
from pvc.compiler.model.program import SceneSpec
from pvc.compiler.plan.walk import walk

_RANGE = re.compile(r"^(?P<base>[^\[\]]+)\[(?P<low>\d+)\.\.(?P<high>\d+)\]$")
_INDEXED = re.compile(r"^(?P<base>[^\[:]+)\[")
MOST = 10_000
"""The longest range that is written out; more parts than that no fragment has."""


def expand(selector: str) -> tuple[str, ...]:
    """A selector as single parts: `lines[3..5]` is `lines[3]`, `lines[4]`, `lines[5]`; ends may be swapped."""
    around = outer(selector)
    match = _RANGE.match(selector[len(around) :])
    if match is None:
        return (selector,)
    low, high = sorted((int(match["low"]), int(match["high"])))
    return tuple(f"{around}{match['base']}[{number}]" for number in range(low, min(high, low + MOST) + 1))


def family(selector: str) -> str:
    """What kind of part it is: `lines` for `lines[3]`, `tex` for `tex:x`, the name itself for a bare one; behind what
    stands before its last dot (`card.lines`)."""
    around = outer(selector)
    own = selector[len(around) :]
    match = _INDEXED.match(own)
    if match:
        return around + match["base"]
    return around + own.partition(":")[0]


def of_concept(selector: str) -> bool:
    """Whether a part is what belongs to a concept."""
    return selector[len(outer(selector)) :].startswith("concept:")


def addressed(scene: SceneSpec, visual: str) -> tuple[str, ...]:
    """The selectors of a visual's parts that a scene acts on or expects to see, sorted: what its layout has to mark."""
    found: set[str] = set()
    for step in walk(scene):
        action = step.action
        if action.part is not None and visual in action.visuals:
            found.update(expand(action.part.selector))
    for expectation in scene.expectations:
        seen = expectation.sighting
        if seen is not None and seen.part is not None and seen.visual == visual:
            found.update(expand(seen.part.selector))
    return tuple(sorted(found))


def elements(fragment: Fragment, selector: str) -> tuple[int, ...]:
    """The elements of a part, of every part in a range, or of all parts of a family (`items`); empty where there is
    none."""
    parts = dict(fragment.parts)
    exact = parts.get(selector)
    if exact is not None:
        return exact
    chosen = [parts[single] for single in expand(selector) if single in parts]
    if not chosen and family(selector) == selector:
        chosen = [indices for name, indices in fragment.parts if family(name) == selector]
    return tuple(sorted({index for indices in chosen for index in indices}))


def layout_at(fragment: Fragment, chosen: Iterable[int], layout: str) -> str:
    """What laid out some elements: the inner visual's layout where they are all of one, else the visual's own."""
    found = {fragment.inner_at(index) for index in chosen}
    only = next(iter(found)) if len(found) == 1 else None
    return only.layout if only is not None else layout


def missing(fragment: Fragment, selector: str) -> tuple[str, ...]:
    """The single parts that a selector asks for and that the fragment does not have."""
    parts = dict(fragment.parts)
    if selector in parts:
        return ()
    if family(selector) == selector and any(family(name) == selector for name in parts):
        return ()
    return tuple(single for single in expand(selector) if single not in parts)


def nearest(fragment: Fragment, selector: str) -> tuple[str, ...]:
    """Up to three parts that a fragment does have and that are spelt most alike; the first few where none is."""
    names = [name for name, _ in fragment.parts]
    close = get_close_matches(selector, names, 3, 0.5)
    if not close:
        close = [name for name in names if family(name) == family(selector)] or names
    return tuple(close[:3])


def siblings(fragment: Fragment, selector: str) -> tuple[int, ...]:
    """The elements of the other parts of the same family: what steps back when this part is spoken of."""
    own = set(elements(fragment, selector))
    kind = family(selector)
    if of_concept(selector):
        return tuple(index for index in range(len(fragment.elements)) if index not in own)
    return tuple(
        sorted(
            {index for name, indices in fragment.parts if family(name) == kind for index in indices if index not in own}
        )
    )
