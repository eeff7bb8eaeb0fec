"""A listing becomes another: kept lines move, what is gone fades, what is new is written."""

from __future__ import annotations

from figures.drawn import FULL
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.surroundings import env

from pvc.compiler.layout.registry import implementation
from pvc.compiler.model.display import Fragment, Glyphs, Shape
from pvc.compiler.model.values import Code
from pvc.compiler.stage.edits import of_a_line, paired
from pvc.compiler.stage.matching import match
from pvc.compiler.stage.script import Script, Stand, script, value
from pvc.compiler.stage.transforms import transform

BEFORE = "def step(x):\n    y = f(x)\n    return y"
AFTER = "def step(x, scale):\n    y = f(x)\n    z = y * scale\n    return z"


def listing(source: str) -> Fragment:
    return implementation("code")({"source": Code(source, "python")}, FULL, env())


def words(fragment: Fragment, line: int) -> dict[str, int]:
    """The pieces of a line, without its number, by what they say."""
    found = {}
    for index in fragment.part(f"lines[{line}]") or ():
        element = fragment.elements[index]
        if of_a_line(element) and isinstance(element.primitive, Glyphs):
            found[element.primitive.text.strip()] = index
    return found


def actor(fragment: Fragment) -> Script:
    return script("v", fragment, "d", 0, 1000, Stand(960.0, 540.0))


def test_lines_that_are_kept_are_matched_as_wholes() -> None:
    old, new = listing(BEFORE), listing(AFTER)
    found = {pair.old: pair.new for pair in match(old, new, range(len(old.elements)), range(len(new.elements)))}
    for word, index in words(old, 2).items():
        assert found[index] == words(new, 2)[word], "y = f(x) is kept"
    assert found[words(old, 1)["def"]] == words(new, 1)["def"], "a changed line keeps what it has in common"
    assert found[words(old, 3)["return"]] == words(new, 4)["return"]
    assert not set(words(new, 3).values()) & set(found.values()), "z = y * scale is new"


def test_brackets_never_travel_to_other_lines() -> None:
    old, new = listing("a = f(1)\nb = 2"), listing("b = 2\nprint(c, d, e)")
    found = {pair.old: pair.new for pair in match(old, new, range(len(old.elements)), range(len(new.elements)))}
    gone, come = set(words(old, 1).values()), set(words(new, 2).values())
    assert not any(found.get(index) in come for index in gone)
    for word, index in words(old, 2).items():
        assert found[index] == words(new, 1)[word]


def test_new_words_are_written_after_the_others_have_moved() -> None:
    source, target = actor(listing(BEFORE)), actor(listing(AFTER))
    transform(source, target, 0, 60, None, 3)
    new = target.fragment
    (late,) = words(new, 3).values()
    (begun,) = [frame for frame in range(61) if value(target, "opacity", "morph", late, frame) == (1.0,)][:1]
    assert begun == 33
    assert ("trim", "life", late) in target.curves or ("clip", "life", late) in target.curves
    kept = words(new, 2)["y = f"]
    moved = [value(target, "translate", "morph", kept, frame) for frame in (begun, 60)]
    assert moved == [(0.0, 0.0), (0.0, 0.0)]
    gone = words(source.fragment, 3)["y"]
    assert value(source, "opacity", "life", gone, 30) == (0.0,)


STEP = r"$\theta \leftarrow \theta - \eta g$"
LINES = st.lists(
    st.sampled_from(["a = 1", "b = f(a)", "return b", "if a:", "    c = a + b", ""]), min_size=1, max_size=8
)


@settings(max_examples=40, deadline=None)
@given(LINES, LINES)
def test_every_piece_has_one_partner_at_most(first: list[str], second: list[str]) -> None:
    old, new = listing("\n".join(["x", *first])), listing("\n".join(["x", *second]))
    found = match(old, new, range(len(old.elements)), range(len(new.elements)))
    assert len({pair.old for pair in found}) == len({pair.new for pair in found}) == len(found)
    if first == second:
        assert len(found) == len(old.elements)
    loose = paired(old.elements, new.elements, range(len(old.elements)), range(len(new.elements)))
    for one, two in loose:
        assert old.elements[one].primitive.text == new.elements[two].primitive.text  # type: ignore[union-attr]


def test_symbols_of_a_changed_line_keep_to_themselves() -> None:
    old, new = (
        implementation("algorithm")({"source": Code(source, "pseudo")}, FULL, env())
        for source in ("set $x$ to $y + 1$ now\nreturn", "set $x$ to $z^2 + 1$ now\nreturn")
    )
    found = match(old, new, range(len(old.elements)), range(len(new.elements)))
    shapes = [
        (old.elements[pair.old].primitive, new.elements[pair.new].primitive)
        for pair in found
        if old.elements[pair.old].role == "glyph"
    ]
    assert len(shapes) == 3, "x, the plus and the one"
    for one, two in shapes:
        assert isinstance(one, Shape)
        assert isinstance(two, Shape)
        assert one.path.verbs == two.path.verbs


def test_the_most_alike_lines_become_each_other() -> None:
    old, new = (
        implementation("algorithm")({"source": Code(source, "pseudo")}, FULL, env())
        for source in (STEP, f"$m \\leftarrow \\beta m + g$\n{STEP[:-2]}m$")
    )
    found = {pair.new for pair in match(old, new, range(len(old.elements)), range(len(new.elements)))}
    first, second = (
        {index for index in new.part(f"lines[{n}]") or () if of_a_line(new.elements[index])} for n in (1, 2)
    )
    assert not found & first, "m is new"
    assert len(found & second) >= len(second) - 1, "theta stays, g becomes m"
