"""Tables from files: every format, encodings, and cells that are not what they should be."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from check_worlds import checked, codes, only, scene
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.check.tables import Unfit, cell, csv_rows, decode, inferred, json_rows, yaml_rows
from pvc.compiler.check.things import UNKNOWN
from pvc.compiler.model.values import Table

BODY = scene('  say "Hello." {\n    show table(t)\n  }')


def table(declaration: str, **files: str | bytes) -> Table:
    """The table that a declaration named `t` makes."""
    result = checked(declaration + BODY, **files)
    assert not result.diagnostics, result.diagnostics
    assert result.program is not None
    value = dict(result.program.scenes[0].visuals[0].arguments)["data"]
    assert isinstance(value, Table)
    return value


def test_csv_with_declared_columns_in_their_order() -> None:
    found = table(
        'data t = csv("d.csv") { n: number, name: text, ok: bool, i: int }\n',
        d__csv="name,i,n,ok,more\nA,1,1.50,true,x\nB,-2,−3e2,no,y\n",
    )
    assert found.columns == ("n", "name", "ok", "i")
    assert found.types == ("number", "text", "bool", "int")
    assert found.rows == ((Fraction(3, 2), "A", True, 1), (Fraction(-300), "B", False, -2))


def test_types_are_inferred_where_none_are_declared() -> None:
    found = table('data t = csv("d.csv")\n', d__csv="name;i;n;ok\n012;1;1.5;true\nx;2;2;false\n")
    assert found.types == ("text", "int", "number", "bool")


@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "yaml"])
def test_all_formats_give_the_same_table(kind: str) -> None:
    texts = {
        "csv": 'model,score\n"A, B",24.6\nC,28\n',
        "tsv": "model\tscore\nA, B\t24.6\nC\t28\n",
        "json": '[{"model": "A, B", "score": 24.6}, {"model": "C", "score": 28}]',
        "yaml": "- model: A, B\n  score: 24.6\n- model: C\n  score: 28\n",
    }
    found = table(f'data t = {kind}("d.{kind}") {{ model: text, score: number }}\n', **{f"d__{kind}": texts[kind]})
    assert found == Table(("model", "score"), ("text", "number"), (("A, B", Fraction(123, 5)), ("C", Fraction(28))))


def test_json_numbers_are_exact() -> None:
    assert table('data t = json("d.json")\n', d__json='[{"x": 0.1}]').rows == ((Fraction(1, 10),),)


def test_yaml_is_not_cleverer_than_the_columns() -> None:
    found = table('data t = yaml("d.yaml") { a: text, b: text, c: bool }\n', d__yaml="- {a: yes, b: 012, c: no}\n")
    assert found.rows == (("yes", "012", False),)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("ä,b\n1,2\n".encode("utf-8-sig"), ""),
        ("ä,b\n1,2\n".encode("utf-16"), ""),
        ("ä,b\n1,2\n".encode("cp1252"), ', encoding: "cp1252"'),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    assert table(f'data t = csv("d.csv"{encoding})\n', d__csv=data).columns == ("ä", "b")


@pytest.mark.parametrize(
    ("kind", "content", "code", "words"),
    [
        ("csv", "a,b\n1\n", "PVC0613", "Line 2 has 1 cell"),
        ("csv", 'a,b\n"1,2\n', "PVC0610", "no CSV"),
        ("csv", "", "PVC0616", "empty"),
        ("csv", "a,,b\n1,2,3\n", "PVC0616", "column 2 has no name"),
        ("csv", "a,a\n1,2\n", "PVC0617", "two columns"),
        ("csv", b"a\n\xff\n", "PVC0615", "line 2"),
        ("csv", b"a\0b\n", "PVC0615", "NUL"),
        ("csv", "a\n" + "1\n" * 100_001, "PVC0614", "100000 rows"),
        ("csv", ",".join(f"c{i}" for i in range(1001)) + "\n", "PVC0614", "1000 columns"),
        ("csv", b"a\n" + b"x" * 16_000_001, "PVC0614", "16 MB"),
        ("json", "[", "PVC0610", "line 1 is no JSON"),
        ("json", "3", "PVC0610", "no list of records"),
        ("json", "[]", "PVC0616", "empty list"),
        ("json", '[{"a": [1]}]', "PVC0612", "`a` of item 1 is a list"),
        ("json", '[{"a": 1}, {"b": 1}]', "PVC0613", "item 1 lacks `b`"),
        ("json", '[{"a": NaN}]', "PVC0612", "NaN"),
        ("json", '[{"a": 1e999999999}]', "PVC0612", "too large"),
        ("json", '[{"a": ' + "9" * 5000 + "}]", "PVC0612", "too many digits"),
        ("json", "[" * 100_000, "PVC0610", "nested too deeply"),
        ("yaml", "a: [", "PVC0610", "no YAML"),
        ("yaml", "a: &x [1]\nb: *x\n", "PVC0610", "aliases"),
        ("yaml", "- {a: 1, a: 2}\n", "PVC0617", "`a` twice"),
        ("yaml", "- a: {b: {c: {d: {e: 1}}}}\n", "PVC0610", "nested too deeply"),
    ],
)
def test_what_is_no_table(kind: str, content: str | bytes, code: str, words: str) -> None:
    found = only(checked(f'data t = {kind}("d.{kind}")\n' + BODY, **{f"d__{kind}": content}))
    assert found.code == code
    assert words.lower() in found.message.lower()


def test_bad_cells_are_told_by_row_and_the_rest_counted() -> None:
    rows = "".join(f"x{i},1\n" for i in range(8))
    found = only(checked('data t = csv("d.csv") { a: number }\n' + BODY, d__csv="a,b\n" + rows))
    assert found.code == "PVC0612"
    assert found.notes[0] == "line 2: `x0`"
    assert found.notes[-1] == "and 3 more"


@pytest.mark.parametrize(
    ("written", "hint"),
    [("1,234", "thousands"), ("1,5", "decimal point"), ("28%", "percent"), ("", "every row"), ("2.5", "number")],
)
def test_hints_for_bad_cells(written: str, hint: str) -> None:
    kind = "int" if written == "2.5" else "number"
    found = only(checked(f'data t = csv("d.csv") {{ a: {kind}, b: text }}\n' + BODY, d__csv=f'a,b\n"{written}",x\n'))
    assert found.hint is not None
    assert hint in found.hint


CELLS = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(CELLS, st.integers(-(10**9), 10**9), st.booleans()), min_size=1, max_size=8))
def test_csv_and_json_agree_and_lose_nothing(rows: list[tuple[str, int, bool]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["t", "n", "b"])
    writer.writerows([text, number, str(flag).lower()] for text, number, flag in rows)
    from_csv = csv_rows(out.getvalue(), ",")
    from_json = json_rows(json.dumps([{"t": text, "n": number, "b": flag} for text, number, flag in rows]))
    for read in (from_csv, from_json):
        typed = [(cell(t, "text"), cell(n, "int"), cell(b, "bool")) for t, n, b in read.rows]
        assert typed == rows


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.booleans()), max_size=8))
def test_a_column_fits_the_type_inferred_for_it(column: list[str | int | bool | None]) -> None:
    kind = inferred(column)
    assert all(cell(value, kind) is not UNKNOWN for value in column)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_unfit(data: bytes) -> None:
    for read in (lambda text: csv_rows(text, None), json_rows, yaml_rows):
        try:
            raw = read(decode(data, None))
        except Unfit:
            continue
        assert all(len(row) == len(raw.columns) for row in raw.rows)


def test_a_column_is_a_list_and_a_row_a_record() -> None:
    result = checked(
        'data t = csv("data/bleu.csv") { model: text, score: number }\n'
        + scene("  for row in t {\n    show text(row.model)\n  }\n  show bullets(t.model)\n  show text(t[2].model)")
    )
    assert not codes(result)
    assert result.program is not None
    shown = [dict(visual.arguments) for visual in result.program.scenes[0].visuals]
    assert [each.get("content") for each in shown] == ["RNN", "ConvS2S", "Transformer", None, "ConvS2S"]
    assert shown[3]["items"] == ("RNN", "ConvS2S", "Transformer")
