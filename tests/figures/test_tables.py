"""Tables: numbers on their decimals, words wrapped, sizes that fit."""

from __future__ import annotations

import pytest
from figures.drawn import FULL, HALF, assert_sound, codes, lay, members, table, texts

from pvc.compiler.layout.component import Box
from pvc.compiler.layout.registry import implementation
from pvc.compiler.model.display import Glyphs, Shape

DATA = table(
    "model score cost",
    "text number number",
    ("ByteNet", 23.75, None),
    ("GNMT", 4.6, 2.3e19),
    ("Transformer", 128.4, 3.3e18),
)


def test_numbers_stand_on_their_decimal_marks() -> None:
    fragment = lay("table", data=DATA)
    assert_sound(fragment)
    marks, rights = set(), set()
    for row in (1, 2, 3):
        (cell,) = members(fragment, f'cells["{row},score"]')
        assert isinstance(cell.primitive, Glyphs)
        mark = cell.primitive.text.index(".")
        marks.add(round(cell.primitive.xs[mark], 1))
        rights.add(round(cell.bounds.right, 0))
    assert len(marks) == 1
    assert len(rights) == 1
    assert {"23.75", "4.60", "128.40"} <= set(texts(fragment))


def test_rows_and_columns_are_level() -> None:
    fragment = lay("table", data=DATA)
    for row in (1, 2, 3):
        cells = [members(fragment, f'cells["{row},{name}"]')[0] for name in DATA.columns]
        baselines = {round(cell.primitive.ys[0], 1) for cell in cells if isinstance(cell.primitive, Glyphs)}
        assert len(baselines) == 1
    words = members(fragment, 'columns["model"]')
    assert len({round(cell.primitive.xs[0], 1) for cell in words if isinstance(cell.primitive, Glyphs)}) == 1


def test_parts() -> None:
    fragment = lay("table", data=DATA, title="Title", note="Note")
    assert members(fragment, 'cells["GNMT,score"]') == members(fragment, 'cells["2,score"]')
    assert set(members(fragment, 'cells["GNMT,score"]')) <= set(members(fragment, 'rows["GNMT"]'))
    assert members(fragment, "columns[1]") == members(fragment, 'columns["model"]')
    for name in ("title", "note", "header"):
        assert members(fragment, name)


def test_columns_are_chosen_and_ordered() -> None:
    fragment = lay("table", data=DATA, columns=("score", "model"))
    score, model = (members(fragment, f'columns["{name}"]')[0].bounds.x for name in ("score", "model"))
    assert score < model
    assert codes(lay("table", data=DATA, columns=("scores",))) == {"PVC0556"}


def test_long_words_wrap_before_they_shrink() -> None:
    rows = [("method", "A sentence that is long enough to need two lines or three in half a frame")]
    fragment = lay("table", HALF, data=table("name what", "text text", *rows))
    (header,) = [e for e in members(fragment, 'columns["name"]') if isinstance(e.primitive, Glyphs) and e.order == 0]
    cells = members(fragment, 'cells["1,what"]')
    assert len(cells) >= 2
    sizes = {cell.primitive.size for cell in cells if isinstance(cell.primitive, Glyphs)}
    assert sizes == {42.0}
    assert header
    assert not fragment.problems


def test_nothing_is_smaller_than_a_label() -> None:
    rows = [(f"row {n}", *(1000.0 * n + c for c in range(9))) for n in range(12)]
    data = table("name " + " ".join(f"column_{c}" for c in range(9)), "text" + " number" * 9, *rows)
    fragment = lay("table", FULL, data=data)
    sizes = {e.primitive.size for e in fragment.elements if isinstance(e.primitive, Glyphs)}
    assert min(sizes) >= 28
    assert codes(lay("table", Box(500, 300), data=data)) == {"PVC0555"}


def test_too_many_rows() -> None:
    assert codes(lay("table", data=table("n", "int", *((n,) for n in range(41))))) == {"PVC0555"}


@pytest.mark.parametrize("data", [table("", ""), table("a b", "text int")])
def test_empty(data: object) -> None:
    assert codes(lay("table", data=data)) == {"PVC0556"}  # type: ignore[arg-type]


def test_the_row_that_speaks_has_a_band() -> None:
    fragment = lay("table", data=DATA, highlight="GNMT")
    band = [e for e in members(fragment, 'rows["GNMT"]') if isinstance(e.primitive, Shape) and e.role == "area"]
    assert len(band) == 1
    for cell in members(fragment, 'rows["GNMT"]'):
        assert band[0].bounds.x <= cell.bounds.x
        assert cell.bounds.bottom <= band[0].bounds.bottom


def test_zebra_is_a_matter_of_the_theme() -> None:
    from dataclasses import replace

    from layout.surroundings import env

    plain = env()
    striped = replace(plain, theme=replace(plain.theme, style=(("table", "zebra"),)))
    layout = implementation("table")
    bands = [
        sum(1 for element in layout({"data": DATA}, FULL, each).elements if element.role == "area")
        for each in (plain, striped)
    ]
    assert bands == [0, 1]


def test_languages_write_numbers_their_way() -> None:
    data = table("n v", "text number", ("a", 12345.5), ("b", -1.25))
    assert {"12.345,50", "−1,25"} <= set(texts(lay("table", data=data, language="de")))
    assert {"12,345.50", "−1.25"} <= set(texts(lay("table", data=data)))


def test_the_numbers_of_a_column_are_grouped_alike() -> None:
    data = table("name steps year", "text number int", ("a", 4096.0, 2014), ("b", 16807.0, 2017), ("c", -512.0, 2020))
    shown = texts(lay("table", data=data))
    assert {"4,096", "16,807", "−512"} <= set(shown)
    assert {"2014", "2017", "2020"} <= set(shown), "a column of years stays as it is"
