"""What is said of a scene's picture before it is painted, and how well colours can be told apart."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from plan.shapes import INK, Nowhere, glyph, lay
from plan.talks import FORMAT, THEME, act, scene, silent, talk, visual

from pvc.compiler.diagnostics.model import Severity
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.model.display import Element, Fragment, Glyphs, Paint, Problem, Rect
from pvc.compiler.model.program import Action, Place, Program, VisualSpec
from pvc.compiler.model.values import Color
from pvc.compiler.plan import plan
from pvc.compiler.stage import lint_scene, stage
from pvc.compiler.stage.colors import contrast, legible, over

WHITE, BLACK, GREY = Paint(255, 255, 255), Paint(0, 0, 0), Paint(119, 119, 119)


def line(text: str, size: float, paint: Paint = INK, ground: Paint | None = None) -> Element:
    run = Glyphs("f" * 64, size, tuple(map(ord, text)), (0.0,) * len(text), (size,) * len(text), paint, text)
    return Element(run, Rect(0, 0, 20.0 * len(text), size), "text", 0, "", None, ground)


def made(visual: VisualSpec, box: Box, env: Env) -> Fragment:
    """`words`: a line of text of some size and grey; `huge`: wider than any frame; else the shapes of `plan.shapes`."""
    given = dict(visual.arguments)
    if visual.layout in ("words", "text"):
        shade = given.get("shade", 240)
        assert isinstance(shade, int)
        size = given.get("size", 42)
        assert isinstance(size, int)
        ground = Paint(250, 250, 250) if given.get("light") else None
        text = line("Words to read", float(size), Paint(shade, shade, shade), ground)
        return Fragment(260.0, float(size), (text,))
    if visual.layout == "huge":
        return Fragment(9000.0, 100.0, (Element(glyph(0, 80, 80, "a").primitive, Rect(0, 0, 9000, 100), "box"),))
    if visual.layout == "wrong":
        return Fragment(0, 0, (), problems=(Problem("PVC0543", "no column", "name one", "warning"),))
    return lay(visual, box, env)


def found(program: Program) -> list[tuple[str, Severity]]:
    return [(one.code, one.severity) for one in lint_scene(program, 0, Nowhere(), made)]


def shown(*cast: VisualSpec, actions: tuple[Action, ...] | None = None) -> Program:
    return talk(scene("a", cast, silent(*(actions or tuple(act("show", one.id) for one in cast)))))


@pytest.mark.parametrize(
    ("front", "ground", "ratio"),
    [(BLACK, WHITE, 21.0), (WHITE, WHITE, 1.0), (GREY, WHITE, 4.48), (Paint(0, 0, 255), WHITE, 8.59)],
)
def test_contrast_is_that_of_the_standard(front: Paint, ground: Paint, ratio: float) -> None:
    assert contrast(front, ground) == pytest.approx(ratio, abs=0.01)
    assert contrast(ground, front) == pytest.approx(ratio, abs=0.01)


def test_a_half_transparent_colour_is_judged_as_it_is_seen() -> None:
    faint = Paint(0, 0, 0, 64)
    assert over(faint, WHITE) == Paint(191, 191, 191)
    assert contrast(faint, WHITE) < 2


@pytest.mark.parametrize("ground", [WHITE, BLACK, Paint(15, 20, 32), GREY])
def test_highlights_are_made_legible_and_no_more(ground: Paint) -> None:
    for color in (Paint(255, 176, 92), Paint(30, 40, 200), Paint(128, 128, 128)):
        mended = legible(color, ground, 4.4)
        assert contrast(mended, ground) >= 4.4
        if contrast(color, ground) >= 4.4:
            assert mended == color


def test_contrast_of_text() -> None:
    assert found(shown(visual("a", "words"))) == []
    assert found(shown(visual("a", "words", shade=60))) == [("PVC0572", Severity.ERROR)]
    assert found(shown(visual("a", "text", shade=130))) == [("PVC0572", Severity.WARNING)]
    assert found(shown(visual("a", "words", shade=130))) == []
    assert found(shown(visual("a", "words", light=True))) == [("PVC0572", Severity.ERROR)]


def test_text_too_small() -> None:
    assert found(shown(visual("a", "words", size=18))) == [("PVC0573", Severity.WARNING)]
    small = replace(FORMAT, width=320, height=180)
    assert found(replace(shown(visual("a", "words")), format=small)) == [("PVC0573", Severity.WARNING)]


def test_what_does_not_fit_is_outside() -> None:
    assert found(shown(visual("a", "huge"))) == [("PVC0570", Severity.ERROR)]


def test_overlap_only_where_places_collide() -> None:
    cast = (visual("a", width=600), visual("b", width=600))
    assert found(shown(*cast)) == []
    spot = Place(x=Fraction(1, 2), y=Fraction(1, 2))
    collide = tuple(act("show", name, place=spot) for name in "ab")
    assert found(shown(*cast, actions=collide)) == [("PVC0571", Severity.WARNING)]
    after = (collide[0], act("hide", "a"), collide[1])
    assert found(shown(*cast, actions=after)) == []


def test_a_picture_over_the_whole_frame_may_be_covered() -> None:
    cast = (visual("a", "image", width=3000, height=3000), visual("b"))
    actions = (act("show", "a", place=Place("full")), act("show", "b"))
    assert found(shown(*cast, actions=actions)) == []


def test_too_full() -> None:
    cast = tuple(visual(name, width=860, height=420) for name in "abcd")
    assert found(shown(*cast)) == [("PVC0574", Severity.WARNING)]
    assert found(shown(*cast[:2])) == []


def test_problems_of_layouts_keep_their_severity() -> None:
    assert found(shown(visual("a", "wrong"))) == [("PVC0543", Severity.WARNING)]


def test_an_action_that_nobody_draws() -> None:
    actions = (act("show", "a"), act("explode", "a"))
    assert found(shown(visual("a"), actions=actions)) == [("PVC0577", Severity.WARNING)]
    drawn = replace(visual("a"), native="surface")
    assert found(shown(drawn, actions=actions)) == []


def test_flashing_needs_the_plan() -> None:
    actions = tuple(act(verb, "a", lasts=2) for _ in range(5) for verb in ("show", "hide"))
    program = shown(visual("a"), actions=actions)
    time = plan(program, {}).time.scenes[0]
    assert "PVC0575" in [one.code for one in stage(program, 0, time, Nowhere(), made).diagnostics]
    slow = shown(visual("a"), actions=tuple(act(verb, "a", lasts="0.4") for verb in ("show", "hide") * 5))
    assert stage(slow, 0, plan(slow, {}).time.scenes[0], Nowhere(), made).diagnostics == ()


def test_a_light_theme_is_judged_by_its_own_background() -> None:
    paper = replace(THEME, colors=(("background", Color(250, 249, 246)), *THEME.colors[1:]))
    program = replace(shown(visual("a", "words")), theme=paper)
    assert found(program) == [("PVC0572", Severity.ERROR)]
