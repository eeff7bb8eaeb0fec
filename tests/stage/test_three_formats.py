"""One spec in three formats: what stands side by side in a wide frame is stacked in the others, nothing stands where
players draw, and the examples come out whole in all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from layout.surroundings import themes

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.stage import lint_scene, regions
from pvc.compiler.stage.lints import ink
from pvc.compiler.stage.lives import lives
from pvc.compiler.stage.scene import arranged, registered

EXAMPLES = Path(__file__).parents[2] / "examples"
FORMATS = {"1080p30": (1920, 1080), "vertical30": (1080, 1920), "square30": (1080, 1080)}


def in_format(example: str, name: str, folder: Path) -> str:
    """An example's talk beside links to its files, in another format."""
    for path in (EXAMPLES / example).iterdir():
        if path.name != "talk.vid":
            (folder / path.name).symlink_to(path)
    text = (EXAMPLES / example / "talk.vid").read_text(encoding="utf-8")
    line = next(line for line in text.split("\n") if line.strip().startswith("format "))
    (folder / "talk.vid").write_text(text.replace(line, f"  format = {name}"), encoding="utf-8")
    return str(folder / "talk.vid")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("example", ["attention", "euler", "hello"])
def test_examples_fit_every_format(example: str, name: str, tmp_path: Path) -> None:
    world = DiskWorld()
    checked = check(in_format(example, name, tmp_path), world)
    program = checked.program
    assert program is not None
    assert program.format.reference == FORMATS[name]
    stage = regions.frame(program.theme, program.format.reference)
    for index, spec in enumerate(program.scenes):
        said = [(spec.id, one.code, one.message) for one in lint_scene(program, index, world)]
        assert not [each for each in said if each[1].startswith("PVC05")]
        for standing in arranged(program, spec, lives(spec), world, registered):
            for stand in standing.stands:
                box = ink(standing.fragment, stand)
                assert box.x >= stage.margin_x - 4
                assert box.right <= stage.width - stage.margin_x + 4
                assert box.y >= stage.margin_y - 4
                assert box.bottom <= max(stage.floor, stage.height - stage.margin_y) + 4


@pytest.mark.parametrize("name", sorted(themes()))
def test_an_upright_frame_keeps_clear_of_what_players_draw(name: str) -> None:
    stage = regions.frame(themes()[name], (1080, 1920))
    assert stage.margin_y >= 0.1 * 1920
    assert stage.height - stage.floor >= 0.2 * 1920
    assert stage.margin_x >= 0.06 * 1080 - 4
    wide = regions.frame(themes()[name], (1920, 1080))
    assert wide.height - wide.floor == pytest.approx(float(dict(themes()[name].space)["caption_zone"]))


@pytest.mark.parametrize(("reference", "stacked"), [((1920, 1080), False), ((1080, 1920), True), ((1080, 1080), True)])
def test_halves_are_stacked_where_the_frame_is_not_wide(reference: tuple[int, int], stacked: bool) -> None:
    stage = regions.frame(themes()["midnight"], reference)
    first, second = (regions.named(name, stage, stage.body, False) for name in ("left", "right"))
    if stacked:
        assert first.bottom < second.y
        assert first.width == second.width == stage.body.width
    else:
        assert first.right < second.x
        assert first.height == second.height == stage.body.height
