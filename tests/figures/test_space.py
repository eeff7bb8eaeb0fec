"""What stands in space: the projection, that nothing leaves its box however it is turned, depth, and files of atoms."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from drawn import FULL, HALF, between, lay, table
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.surroundings import Memory, env
from numpy.typing import NDArray

from pvc.compiler.layout.component import Box
from pvc.compiler.layout.plots.expression import BadExpression, evaluate, parse
from pvc.compiler.layout.registry import implementation
from pvc.compiler.layout.space.chemistry import MOST_ATOMS, BadMolecule, guessed, read
from pvc.compiler.layout.space.molecule import formula
from pvc.compiler.layout.space.network import spread
from pvc.compiler.model.display import (
    Ball,
    Chunk,
    Element,
    Fragment,
    Glyphs,
    Item,
    Keyframe,
    Layer,
    Mesh,
    Paint,
    Rect,
    Space,
    Track,
)
from pvc.compiler.model.space import pose
from pvc.compiler.model.values import Asset, Column, Value
from pvc.compiler.text import fonts
from pvc.runtime.backends.canvas.backend import CanvasBackend

XYZ = b"3\nwater\nO 0 0 0.117\nH 0 0.757 -0.471\nH 0 -0.757 -0.471\n"
SURFACE: dict[str, Value] = {"fn": "sin(x) * cos(y)", "x": between(-3, 3), "y": between(-3, 3), "z_label": "loss"}
CLOUD: dict[str, Value] = {
    "data": table(
        *("a b c kind", "number number number text"),
        *((0.0, 1.0, 2.0, "p"), (3.0, 1.5, 0.5, "q"), (1.0, 1.0, 1.0, "p")),
    ),
    "x": Column("a"),
    "y": Column("b"),
    "z": Column("c"),
    "series": Column("kind"),
}
NETWORK: dict[str, Value] = {"edges": ("a -- b", "b -- c", "c -- a", "c -- d", "e -- f")}


def molecule(data: bytes = XYZ, **more: Value) -> Fragment:
    world = Memory()
    arguments: dict[str, Value] = {"file": Asset(world.give(data), "it.xyz", "model3d"), **more}
    return implementation("space.molecule")(arguments, FULL, env(world=world))


def codes(fragment: Fragment) -> set[str]:
    return {problem.code for problem in fragment.problems}


# ------------------------------------------------------------------------------------------------ the projection

spots = st.tuples(*(st.floats(-1, 1, width=32) for _ in range(3)))


@settings(max_examples=80, deadline=None)
@given(spots, st.floats(-720, 720), st.floats(-60, 60))
def test_turning_keeps_distances_and_a_full_turn_changes_nothing(
    spot: tuple[float, float, float], azimuth: float, tilt: float
) -> None:
    space = Space(100.0, 50.0, 200.0, 6.0, 30.0, 20.0)
    seen = pose(space, azimuth, tilt)
    for row in (seen.right, seen.away, seen.up):
        assert math.isclose(sum(value * value for value in row), 1.0, abs_tol=1e-9)
    assert seen.seen((0.0, 0.0, 0.0)) == pytest.approx((100.0, 50.0, 0.0))
    again = pose(space, azimuth + 360.0, tilt)
    assert seen.seen(spot) == pytest.approx(again.seen(spot), abs=1e-6)


def test_what_is_nearer_is_larger_and_up_is_up() -> None:
    seen = pose(Space(0.0, 0.0, 100.0, 5.0, 0.0, 0.0))
    assert seen.seen((0.0, 0.0, 1.0))[1] < 0  # y is down on the screen
    assert seen.seen((1.0, 0.0, 0.0))[0] > 0
    assert seen.magnification(-1.0) > seen.magnification(0.0) == 100.0 > seen.magnification(1.0)
    above = pose(Space(0.0, 0.0, 100.0, 5.0, 0.0, 90.0))
    assert above.seen((0.0, 0.0, 1.0))[2] == pytest.approx(-1.0)


# ------------------------------------------------------------------------------------------------ layouts


@pytest.mark.parametrize("theme", ["midnight", "paper"])
@pytest.mark.parametrize("box", [FULL, HALF, Box(900.0, 1300.0)])
@pytest.mark.parametrize(
    ("layout", "arguments"), [("space.surface", SURFACE), ("space.cloud", CLOUD), ("space.network", NETWORK)]
)
def test_nothing_leaves_its_box_however_it_is_turned(
    layout: str, arguments: Mapping[str, Value], box: Box, theme: str
) -> None:
    fragment = lay(layout, box, theme, **arguments)
    assert not fragment.problems
    inside(fragment, box)


def inside(fragment: Fragment, box: Box) -> None:
    assert fragment.space is not None
    for turn in range(0, 360, 15):
        seen = pose(fragment.space, float(turn))
        for element in fragment.elements:
            for x, y in corners(element, seen, fragment.space):
                assert -4 <= x <= box.width + 4
                assert -4 <= y <= box.height + 4


def corners(element: Element, seen: object, space: Space) -> list[tuple[float, float]]:
    """The corners of what an element covers in a pose."""
    from pvc.compiler.model.space import Pose

    assert isinstance(seen, Pose)
    primitive = element.primitive
    if isinstance(primitive, Ball):
        x, y, depth = seen.seen(primitive.centre)
        radius = primitive.radius * seen.magnification(depth)
        return [(x - radius, y - radius), (x + radius, y + radius)]
    if isinstance(primitive, Mesh):
        points = primitive.points
        found = [seen.seen((points[at], points[at + 1], points[at + 2])) for at in range(0, len(points), 3)]
        return [(x, y) for x, y, _ in found if not math.isnan(y)]
    if element.pin is not None and element.pin.spot is not None and seen.open(element.pin.gates) > 0:
        at, rest = seen.seen(element.pin.spot), pose(space).seen(element.pin.spot)
        box = element.bounds
        return [
            (box.x + at[0] - rest[0], box.y + at[1] - rest[1]),
            (box.right + at[0] - rest[0], box.bottom + at[1] - rest[1]),
        ]
    return []


def test_a_molecule_stays_inside_too() -> None:
    inside(molecule(labels=True), FULL)
    inside(molecule(b"1\n\nHe 0 0 0\n"), FULL)
    inside(molecule(b"2\n\nH 0 0 0\nH 0 0 0.74\n"), FULL)


def test_axes_show_each_name_from_every_side_exactly_once() -> None:
    fragment = lay("space.surface", **SURFACE)
    assert fragment.space is not None
    for turn in range(7, 360, 15):
        seen = pose(fragment.space, float(turn))
        for name in ("x", "y", "loss"):
            shown = [
                seen.open(element.pin.gates)
                for element in fragment.elements
                if isinstance(element.primitive, Glyphs) and element.primitive.text == name and element.pin
            ]
            assert sum(share > 0.5 for share in shown) <= 1
            assert sum(shown) >= 0.9 or name != "loss"


@pytest.mark.parametrize("box", [FULL, HALF, Box(900.0, 1300.0)])
def test_words_at_the_axes_do_not_run_into_each_other(box: Box) -> None:
    """Both the upright axis and the floor's begin where a label stands."""
    rows = ((22.0, 41.0, 18.9), (200.0, 20.0, 28.4), (0.0, 80.0, 20.8))
    arguments: dict[str, Value] = {"data": table("size speed score", "number number number", *rows)}
    fragment = lay("space.cloud", box, **arguments, x=Column("size"), y=Column("speed"), z=Column("score"))
    assert fragment.space is not None
    for turn in range(0, 360, 5):
        seen = pose(fragment.space, float(turn))
        words = [
            corners(element, seen, fragment.space)
            for element in fragment.elements
            if isinstance(element.primitive, Glyphs) and element.pin and seen.open(element.pin.gates) > 0.5
        ]
        for one, other in itertools.combinations([Rect(*a, b[0] - a[0], b[1] - a[1]) for a, b in words], 2):
            across = min(one.right, other.right) - max(one.x, other.x)
            down = min(one.bottom, other.bottom) - max(one.y, other.y)
            assert min(across, down) <= 4, turn


def test_the_sheet_is_the_function() -> None:
    fragment = lay("space.surface", **{**SURFACE, "fn": "x + 2*y", "z": between(-9, 9)})
    mesh = next(element.primitive for element in fragment.elements if isinstance(element.primitive, Mesh))
    points = np.array(mesh.points).reshape(-1, 3)
    expected = (3 * points[:, 0] + 2 * 3 * points[:, 1]) / 9 * 0.72
    assert points[:, 2] == pytest.approx(expected, abs=1e-3)


def test_a_sheet_has_holes_where_the_function_has_no_value() -> None:
    fragment = lay("space.surface", **{**SURFACE, "fn": "sqrt(1 - x^2 - y^2)"})
    mesh = next(element.primitive for element in fragment.elements if isinstance(element.primitive, Mesh))
    heights = np.array(mesh.points).reshape(-1, 3)[:, 2]
    assert 0 < np.isfinite(heights).sum() < heights.size
    assert not np.isnan(painted(fragment, {}, (0.0, 0.0)).astype(float)).any()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fn": "sin(x) *"}, "PVC0544"),
        ({"fn": "z + x"}, "PVC0544"),
        ({"fn": "log(-1 - x^2)"}, "PVC0545"),
        ({"x": between(3, -3)}, "PVC0546"),
        ({"z": between(3, -3)}, "PVC0546"),
    ],
)
def test_what_is_wrong_with_a_surface_is_said(change: dict[str, Value], code: str) -> None:
    assert codes(lay("space.surface", **{**SURFACE, **change})) == {code}


def test_two_variables_are_read_only_where_there_are_two() -> None:
    assert evaluate(parse("x^2 - y", ("x", "y")), 3.0, 4.0) == 5.0
    with pytest.raises(BadExpression, match="y"):
        parse("x + y")
    with pytest.raises(BadExpression) as bad:
        parse("q", ("x", "y"))
    assert "x and y" in str(bad.value.hint)


def test_too_many_points_are_refused() -> None:
    rows = [(float(n), float(n % 7), float(n % 11), "p") for n in range(3001)]
    data = table("a b c kind", "number number number text", *rows)
    assert codes(lay("space.cloud", **{**CLOUD, "data": data})) == {"PVC0568"}


def test_networks_are_spread_the_same_every_time() -> None:
    from pvc.compiler.layout.diagrams.network import Edge, Network, Node

    nodes = tuple(Node(name, name) for name in "abcdefgh")
    ring = Network(nodes, tuple(Edge(n, (n + 1) % 8, "", False, False, ()) for n in range(8)))
    places = spread(ring)
    assert places == spread(ring)
    near = [math.dist(places[n], places[(n + 1) % 8]) for n in range(8)]
    far = [math.dist(places[n], places[(n + 4) % 8]) for n in range(4)]
    assert max(near) < min(far)


# ------------------------------------------------------------------------------------------------ molecules

MOL = b"""water
  x

  3  2  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.1170 O   0  0  0  0  0  0
    0.0000    0.7570   -0.4710 H   0  0  0  0  0  0
    0.0000   -0.7570   -0.4710 H   0  0  0  0  0  0
  1  2  1  0
  1  3  1  0
M  END
"""
PDB = b"""HEADER
HETATM    1  O   HOH A   1       0.000   0.000   0.117  1.00  0.00           O
HETATM    2  H1  HOH A   1       0.000   0.757  -0.471  1.00  0.00           H
HETATM    3  H2  HOH A   1       0.000  -0.757  -0.471  1.00  0.00           H
CONECT    1    2    3
END
"""


@pytest.mark.parametrize("data", [XYZ, MOL, PDB, XYZ.replace(b"\n", b"\r\n")])
def test_water_is_water_in_every_format(data: bytes) -> None:
    found = read(data)
    assert [element for element, _ in found.atoms] == ["O", "H", "H"]
    assert found.bonds == ((0, 1), (0, 2))
    assert formula(found) == "H₂O"
    fragment = molecule(data)
    assert not fragment.problems
    parts = dict(fragment.parts)
    assert len(parts['atoms["H"]']) == 2
    assert len(parts['atoms["O"]']) == 1
    assert len(parts["bonds"]) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"5\nfew\nO 0 0 0\n",
        b"1\n\nO 0 zero 0\n",
        b"1\n\nO 0 0 nan\n",
        b"1\n\n8 0 0 0\n",
        b"1\n\nO 0 0\n",
        b"-1\n\n",
        b"0\n\n",
        b"\xff\xfe\x00",
        b"1\n\nO 1e9 0 0\n",
        MOL[:200],
        MOL.replace(b"  1  3  1", b"  1  9  1"),
        MOL.replace(b"V2000", b"V3000"),
        b"1600\n\n" + b"C 0 0 0\n" * 1600,
    ],
)
def test_a_file_that_is_no_molecule_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(BadMolecule):
        read(data)
    assert codes(molecule(data)) == {"PVC0567"}


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.text().map(str.encode), st.sampled_from([XYZ, MOL, PDB])),
    st.data(),
)
def test_no_file_ends_in_a_traceback(data: bytes, more: st.DataObject) -> None:
    at = more.draw(st.integers(0, max(0, len(data) - 1)))
    broken = data[:at] + more.draw(st.binary(max_size=3)) + data[at + 1 :]
    for each in (data, broken):
        try:
            found = read(each)
        except BadMolecule:
            continue
        assert 0 < len(found.atoms) <= MOST_ATOMS
        assert all(math.isfinite(each) for _, place in found.atoms for each in place)
        assert all(0 <= end < len(found.atoms) for bond in found.bonds for end in bond)


def test_bonds_are_guessed_among_many_atoms_as_among_few() -> None:
    rng = np.random.default_rng(5)
    atoms = tuple(("C", tuple(float(v) for v in rng.uniform(-6, 6, 3))) for _ in range(120))
    slow = {
        (i, j)
        for i in range(120)
        for j in range(i + 1, 120)
        if 0.4 < math.dist(atoms[i][1], atoms[j][1]) <= 0.76 * 2 + 0.45
    }
    assert set(guessed(atoms)) == slow  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ paint


@dataclass(frozen=True)
class Held:
    one: Fragment

    def fragment(self, digest: str) -> Fragment:
        return self.one

    def blob(self, digest: str) -> Path:
        return fonts.file(digest)


SIZE = (480, 270)


def chunk(fragment: Fragment, tracks: tuple[Track, ...], frames: int = 1) -> Chunk:
    item = Item("v", "d", 96.0, 56.0, 1.0, tracks)
    return Chunk((1920, 1080), Paint(15, 20, 32), (Layer("canvas", (item,)),), frames, frames == 1)


def painted(fragment: Fragment, _: object, orbit: tuple[float, float]) -> NDArray[np.uint8]:
    still = Track("orbit", None, (Keyframe(0, orbit),))
    return next(CanvasBackend().paint(chunk(fragment, (still,)), 0, SIZE, True, Held(fragment))).pixels.copy()


def two_balls() -> Fragment:
    red, blue = Paint(255, 0, 0), Paint(0, 0, 255)
    balls = (Ball((0.0, -0.5, 0.0), 0.3, red), Ball((0.0, 0.5, 0.0), 0.3, blue))
    whole = Rect(600.0, 200.0, 500.0, 500.0)
    elements = tuple(Element(ball, whole, "dot") for ball in balls)
    return Fragment(1728.0, 900.0, elements, space=Space(864.0, 450.0, 400.0, 6.0, 0.0, 0.0))


def test_what_is_in_front_covers_what_is_behind_whatever_its_place_in_the_list() -> None:
    fragment = two_balls()
    middle = (round((56 + 450) / 4), round((96 + 864) / 4))
    front, behind = painted(fragment, None, (0.0, 0.0))[middle], painted(fragment, None, (180.0, 0.0))[middle]
    assert front[0] > front[2]
    assert behind[2] > behind[0]
    turned = replace(fragment, elements=fragment.elements[::-1])
    assert (painted(turned, None, (0.0, 0.0)) == painted(fragment, None, (0.0, 0.0))).all()


def test_a_turn_changes_the_picture_and_a_full_one_does_not() -> None:
    fragment = lay("space.surface", Box(1728.0, 900.0), **SURFACE)
    rest = painted(fragment, None, (0.0, 0.0)).astype(int)
    assert np.abs(rest - painted(fragment, None, (40.0, 0.0))).max() > 60
    assert np.abs(rest - painted(fragment, None, (360.0, 0.0))).max() <= 2


@pytest.mark.parametrize("what", ["surface", "cloud", "network", "molecule"])
def test_frames_of_a_turn_have_the_bytes_of_frames_painted_alone(what: str) -> None:
    made = {
        "surface": lambda: lay("space.surface", Box(1728.0, 900.0), **SURFACE),
        "cloud": lambda: lay("space.cloud", Box(1728.0, 900.0), **CLOUD),
        "network": lambda: lay("space.network", Box(1728.0, 900.0), **NETWORK),
        "molecule": lambda: molecule(labels=True),
    }[what]()
    tracks = (
        Track("orbit", None, (Keyframe(0, (0.0, 0.0)), Keyframe(6, (50.0, 8.0), "in_out"))),
        Track("opacity", None, (Keyframe(2, (1.0,)), Keyframe(5, (0.4,)))),
        Track("opacity", (0, 1), (Keyframe(0, (0.3,)),)),
        Track("scale", tuple(range(len(made.elements))), (Keyframe(0, (1.0, 0.2)), Keyframe(6, (1.0, 1.0)))),
    )
    moving = chunk(made, tracks, 7)
    backend, held = CanvasBackend(), Held(made)
    frames = [frame.pixels.copy() for frame in backend.paint(moving, 0, SIZE, True, held)]
    assert len(frames) == 7
    for number, whole in enumerate(backend.paint_whole(moving, 0, SIZE, True, held)):
        assert (frames[number] == whole.pixels).all()
        assert (frames[number] == backend.paint_one(moving, 0, number, SIZE, True, held).pixels).all()


# ------------------------------------------------------------------------------------------------ the camera


def test_the_camera_comes_to_where_a_part_is_once_it_has_gone_round(tmp_path: Path) -> None:
    from pvc.compiler.check import check
    from pvc.compiler.disk import DiskWorld
    from pvc.compiler.model.tracks import apply, item_matrix, motion
    from pvc.compiler.model.tracks import pose as state_of
    from pvc.compiler.plan import plan
    from pvc.compiler.stage import stage

    (tmp_path / "it.xyz").write_bytes(XYZ)
    file = tmp_path / "talk.vid"
    file.write_text(
        'talk "T" {\n}\nscene one "One" {\n  let w = molecule("it.xyz")\n  show w\n  together {\n'
        "    zoom camera to w.atoms[2]\n    orbit camera by 100deg\n  }\n  wait 1s\n}\n"
    )
    world = DiskWorld()
    program = check(str(file), world).program
    assert program is not None
    found = stage(program, 0, plan(program, {}).time.scenes[0], world)
    still = [placed.chunk for placed in found.placed if placed.chunk.hold and placed.chunk.layers[0].items][-1]
    (item,) = still.layers[0].items
    fragment = found.fragments[item.fragment]
    assert fragment.space is not None
    now = state_of(motion(item, len(fragment.elements)), 0).whole
    assert now.azimuth == 100.0
    ball = fragment.elements[dict(fragment.parts)["atoms[2]"][0]].primitive
    assert isinstance(ball, Ball)
    x, y, _ = pose(fragment.space, now.azimuth, now.elevation).seen(ball.centre)
    assert apply(item_matrix(item, fragment, now), x, y) == pytest.approx((960.0, (56 + 950) / 2), abs=8)
