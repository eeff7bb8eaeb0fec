"""The components made of text: they fit, say what they are, have the parts that they declare, and complain usefully."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.surroundings import CONCEPTS, STDLIB, Memory, env, themes

from pvc.compiler.digest import installed
from pvc.compiler.layout import registry
from pvc.compiler.layout.code import _rows
from pvc.compiler.layout.colors import contrast, paint
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import union
from pvc.compiler.model.display import Element, Fragment, Glyphs, Paint, Shape, quantise
from pvc.compiler.model.values import Code, Markdown, Record, Symbol, Tex, Token, Value
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import parse

PROGRAM = '''def attention(Q, K, V):
    """Scaled dot-product attention."""
    scores = Q @ K.T / math.sqrt(3.5)  # one for each pair
    return softmax(scores) @ V'''
PAPER = Record((("title", "A Short Note"), ("authors", ("A. One", "B. Two")), ("year", "2026")))

USUAL: dict[str, dict[str, Value]] = {
    "title": {"text": "Attention, explained", "subtitle": "What it computes, and why", "authors": "The authors"},
    "heading": {"text": "A soft look-up"},
    "text": {"content": "A query is compared with **every** key.\n\nThe sum $\\sum_i w_i$ is one."},
    "bullets": {
        "items": ("A soft look-up", "Scores grow with $d_k$", "The root keeps them `small`"),
        "title": "In short",
    },
    "quote": {"text": "The answer is the weighted mean of the values.", "by": "A short note, 2026"},
    "equation": {
        "formula": Tex(r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V"),
        "where": ("Q: the queries",),
    },
    "derivation": {"steps": (Tex("(a+b)^2 = (a+b)(a+b)"), Tex("= a^2 + 2ab + b^2"))},
    "code": {"source": Code(PROGRAM, "python"), "title": "attention.py"},
    "lower_third": {"name": "Ada Lovelace", "role": "Analyst"},
    "citation": {"source": PAPER},
    "end_card": {
        "title": "Thank you",
        "citation": "A Short Note, 2026",
        "links": ("example.org/note",),
        "credits": "pvc",
    },
}
BOXES = {"wide": (1728.0, 850.0), "half": (820.0, 850.0), "tall": (972.0, 1500.0)}


def lay(
    name: str, arguments: Mapping[str, Value] | None = None, box: str = "wide", around: Env | None = None
) -> Fragment:
    given = USUAL[name] if arguments is None else arguments
    return registry.lay_out(name, given, Box(*BOXES[box]), around or env())


def codes(fragment: Fragment) -> list[str]:
    return [problem.code for problem in fragment.problems]


def paints(element: Element) -> list[Paint]:
    primitive = element.primitive
    if isinstance(primitive, Glyphs):
        return [primitive.paint]
    if isinstance(primitive, Shape) and element.role == "glyph" and primitive.fill:
        return [primitive.fill]
    return []


def texts(fragment: Fragment, part: str | None = None) -> list[str]:
    chosen = range(len(fragment.elements)) if part is None else fragment.part(part) or ()
    runs = [fragment.elements[index].primitive for index in chosen]
    return [run.text for run in runs if isinstance(run, Glyphs)]


@pytest.mark.parametrize("theme", ["midnight", "paper"])
@pytest.mark.parametrize("box", sorted(BOXES))
@pytest.mark.parametrize("name", sorted(USUAL))
def test_every_component_fits_reads_and_stands_out(name: str, box: str, theme: str) -> None:
    around = env(theme, concepts=CONCEPTS)
    size = Box(*BOXES[box])
    arguments = USUAL[name]
    if name == "code" and box != "wide":
        arguments = {"source": Code("weights = softmax(scores)\nreturn weights @ V", "python")}
    fragment = registry.lay_out(name, arguments, size, around)
    assert fragment.problems == ()
    assert 0 < fragment.width <= size.width + 1
    assert 0 < fragment.height <= size.height + 1
    assert fragment.description
    background = paint(around.theme, "background")
    for element in fragment.elements:
        assert element.bounds.x >= -14, "a formula's stroke may overhang by a hair"
        assert element.bounds.y >= -14
        assert element.bounds.right <= fragment.width + 14
        assert element.bounds.bottom <= fragment.height + 14
        for each in paints(element):
            assert contrast(each, element.ground or background) >= 4.5


@pytest.mark.parametrize("name", sorted(USUAL))
def test_equal_arguments_give_equal_bytes(name: str) -> None:
    first = registry.fragment_digest(lay(name))
    registry._memory.clear()
    assert registry.fragment_digest(lay(name)) == first


@pytest.mark.parametrize("name", sorted(USUAL))
def test_declared_parts_are_there(name: str) -> None:
    """The prelude's declarations and the implementations agree: parameters that exist, parts that come out."""
    parsed = parse((STDLIB / "prelude.vid").read_text(encoding="utf-8"), "prelude.vid")
    assert not parsed.diagnostics
    declared = {
        block.item.name: block.item for block in parsed.file.blocks if isinstance(block.item, tree.ComponentDecl)
    }
    component = declared[name]
    layouts = [item.value for item in component.body if isinstance(item, tree.Setting) and item.name == "layout"]
    assert [value.value for value in layouts if isinstance(value, tree.Text)] == [name]
    assert set(USUAL[name]) <= {parameter.name for parameter in component.parameters}
    around = env(concepts=CONCEPTS, addressed=('words["query"]', r"tex:\sqrt{d_k}" if name == "equation" else "tex:a"))
    fragment = lay(name, around=around)
    families = {selector.partition("[")[0].partition(":")[0] for selector, _ in fragment.parts}
    for item in component.body:
        if isinstance(item, tree.PartDecl) and item.name != "concept":
            assert item.name in families, item.name


# ------------------------------------------------------------------------------------- memory


def test_results_come_back_from_the_world() -> None:
    world = Memory()
    first = lay("bullets", around=env(world=world))
    registry._memory.clear()
    again = lay("bullets", around=env(world=Memory(dict(world.kept))))
    assert again == first
    broken = Memory(dict.fromkeys(world.kept, b"junk"))
    registry._memory.clear()
    assert lay("bullets", around=env(world=broken)) == first


def test_every_input_is_part_of_the_key() -> None:
    around = env()
    base = registry.layout_key("text", USUAL["text"], Box(800, 600), around)
    others = [
        registry.layout_key("quote", USUAL["text"], Box(800, 600), around),
        registry.layout_key("text", {"content": "other"}, Box(800, 600), around),
        registry.layout_key("text", USUAL["text"], Box(801, 600), around),
        registry.layout_key("text", USUAL["text"], Box(800, 601), around),
        *(
            registry.layout_key("text", USUAL["text"], Box(800, 600), changed)
            for changed in (
                replace(around, theme=themes()["paper"]),
                replace(around, concepts=CONCEPTS),
                replace(around, language="de"),
                replace(around, reference=(1080, 1920)),
                replace(around, addressed=("lines[1]",)),
                replace(around, font_files=("0" * 64,)),
            )
        ),
    ]
    assert len({base, *others}) == len(others) + 1
    order = dict(reversed(list(USUAL["quote"].items())))
    assert registry.layout_key("quote", order, Box(1, 1), around) == registry.layout_key(
        "quote", USUAL["quote"], Box(1, 1), around
    )


def test_another_version_of_any_library_lays_out_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shaping, plots, graphs and pages of PDFs are theirs: what was remembered of an older one must not come back."""
    keys = []
    for version in ("99.0", "99.1"):
        site = tmp_path / version
        (site / f"matplotlib-{version}.dist-info").mkdir(parents=True)
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(site))
            installed.cache_clear()
            keys.append(registry.layout_key("text", USUAL["text"], Box(800, 600), env()))
    installed.cache_clear()
    assert keys[0] != keys[1] != registry.layout_key("text", USUAL["text"], Box(800, 600), env())


def test_unknown_layouts_and_families_are_problems() -> None:
    assert codes(lay("sculpture", {})) == ["PVC0501"]
    around = env()
    strange = replace(around.theme, fonts=(*around.theme.fonts, ("sans", "Comic Papyrus")))
    fragment = lay("heading", around=replace(around, theme=strange))
    assert codes(fragment) == ["PVC0506"]
    assert "Comic Papyrus" in fragment.problems[0].message


# ------------------------------------------------------------------------------------- fitting


def test_a_long_title_wraps_before_it_shrinks() -> None:
    fragment = lay("title", {"text": "Why attention divides by the square root of the size of its keys"})
    runs = [fragment.elements[index].primitive for index in fragment.part("text") or ()]
    assert {run.size for run in runs if isinstance(run, Glyphs)} == {quantise(1.14 * 92.0)}
    assert len(runs) == 2


def test_a_title_with_the_frame_to_itself_is_a_page() -> None:
    fragment = lay("title", {"text": "Attention", "subtitle": "A soft look-up", "authors": "Ada Lovelace"})
    assert (fragment.width, fragment.height, fragment.stretch) == (1728, 850, True)
    sizes = {
        name: {
            run.size
            for index in fragment.part(name) or ()
            if isinstance(run := fragment.elements[index].primitive, Glyphs)
        }
        for name in ("text", "subtitle", "authors")
    }
    assert sizes["text"] == {138.0}
    assert max(sizes["subtitle"]) < 60
    foot = union(fragment.elements[index].bounds for index in fragment.part("authors") or ())
    assert foot.bottom > 800
    beside = registry.lay_out("title", {"text": "Attention", "authors": "Ada Lovelace"}, Box(900, 260), env())
    assert not beside.stretch


def test_what_cannot_fit_is_a_problem_and_stays_readable() -> None:
    long = "A sentence that goes on and on for much longer than anybody would want to read it. " * 12
    fragment = registry.lay_out("text", {"content": long}, Box(500, 300), env())
    assert codes(fragment) == ["PVC0754", "PVC0503"]
    assert (
        min(run.size for run in (element.primitive for element in fragment.elements) if isinstance(run, Glyphs)) >= 32
    )
    assert "1728" in lay("code", {"source": Code("x" * 400, "python")}).problems[0].message


def test_a_wide_formula_shrinks_as_far_as_it_can_be_read() -> None:
    formula = {"formula": Tex("+".join(f"x_{{{number}}}" for number in range(14)))}
    small = registry.lay_out("equation", formula, Box(1300, 400), env())
    assert small.problems == ()
    assert small.width <= 1301
    assert codes(registry.lay_out("equation", formula, Box(400, 400), env())) == ["PVC0503"]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(alphabet="abcde fghij", min_size=1, max_size=60), min_size=1, max_size=6), st.floats(600, 1728))
def test_lists_stay_in_their_box_or_say_so(items: list[str], width: float) -> None:
    fragment = registry.lay_out("bullets", {"items": tuple(items)}, Box(width, 800), env())
    if "PVC0503" not in codes(fragment):
        assert fragment.width <= width + 1
        assert fragment.height <= 801
    words = [word for item in items for word in item.split()]
    assert sorted(" ".join(texts(fragment)).split()) == sorted(words)


@pytest.mark.parametrize("name", sorted(USUAL))
def test_nothing_to_show_is_a_problem(name: str) -> None:
    empty: dict[str, Value] = {
        key: "" if isinstance(value, str) else () if isinstance(value, tuple) else value
        for key, value in USUAL[name].items()
    }
    empty.update({"equation": {"formula": Tex(" ")}, "code": {"source": Code("\n\n", "python")}}.get(name, {}))
    if name == "citation":
        empty = {"source": Record(())}
    if name == "end_card":
        assert lay(name, {"title": "Thanks"}).problems == ()
        return
    assert set(codes(lay(name, empty))) & {"PVC0504", "PVC0510"}


def test_missing_characters_are_named_with_their_text() -> None:
    fragment = lay("bullets", {"items": ("fine", "漢字 here")})
    (problem,) = fragment.problems
    assert problem.code == "PVC0502"
    assert "漢 (U+6F22)" in problem.message
    assert "漢字 here" in problem.message


# ------------------------------------------------------------------------------------- single components


def test_items_come_in_one_after_the_other() -> None:
    fragment = lay("bullets")
    orders = [
        {fragment.elements[index].order for index in fragment.part(f"items[{number}]") or ()} for number in (1, 2, 3)
    ]
    assert all(max(one) < min(two) for one, two in itertools.pairwise(orders))
    assert fragment.elements[(fragment.part("items[1]") or (0,))[0]].role == "dot"


def test_a_list_with_the_body_to_itself_is_set_in_rows_as_wide_as_that() -> None:
    def rows(box: Box, items: tuple[str, ...] = ("one", "two", "three")) -> tuple[Fragment, list[Element]]:
        made = registry.lay_out("bullets", {"items": items}, box, env())
        return made, [element for element in made.elements if element.role == "line"]

    beside, none = rows(Box(1728, 700))
    assert none == []
    assert beside.width < 600
    alone, rules = rows(Box(1728, 700, alone=True))
    assert alone.width == 1728
    assert {rule.bounds.width for rule in rules} == {1728}
    assert len(rules) == 4
    assert rules[0].bounds.y == pytest.approx(0, abs=2)
    assert rules[-1].bounds.y == pytest.approx(alone.height, abs=2)
    gaps = [two.bounds.y - one.bounds.y for one, two in itertools.pairwise(rules)]
    assert max(gaps) - min(gaps) < 1
    last = [alone.elements[index] for index in alone.part("items[3]") or ()]
    assert [element.role for element in last].count("line") == 2, "the last row brings the rule below it"
    _, none = rows(Box(800, 700, alone=True))
    assert none == []
    many, _ = rows(Box(1728, 420, alone=True), tuple(f"line {number}" for number in range(5)))
    assert many.problems == ()
    assert many.height <= 421


def test_lists_that_are_too_long_are_linted_not_refused() -> None:
    fragment = lay("bullets", {"items": tuple(f"item {number}" for number in range(7))})
    assert [(problem.code, problem.severity) for problem in fragment.problems] == [("PVC0750", "warning")]
    wordy = lay("bullets", {"items": ("word " * 20,)})
    assert [(problem.code, problem.severity) for problem in wordy.problems] == [("PVC0751", "warning")]


def test_numbered_items_have_figures_of_one_column() -> None:
    fragment = lay("bullets", {"items": tuple("abcd"), "numbered": True})
    figures = [fragment.elements[(fragment.part(f"items[{n}]") or (0,))[0]] for n in range(1, 5)]
    assert [figure.primitive.text for figure in figures if isinstance(figure.primitive, Glyphs)] == [
        "1.",
        "2.",
        "3.",
        "4.",
    ]
    assert len({round(figure.bounds.right, 1) for figure in figures}) == 1


def test_right_to_left_lists_have_their_marks_at_the_right() -> None:
    fragment = lay("bullets", {"items": ("הסבר על הקשב", "שורה שנייה")}, around=env(language="he"))
    mark, text = (fragment.elements[index] for index in (fragment.part("items[1]") or ())[:2])
    assert mark.role == "dot"
    assert mark.bounds.x > text.bounds.right


def test_paragraphs_lines_and_words_of_a_text_are_parts() -> None:
    content = "A query is compared with every key. " * 3 + "\n\nThe end."
    fragment = lay("text", {"content": content}, around=env(concepts=CONCEPTS, addressed=('words["every key"]',)))
    assert fragment.part("paragraphs[2]") is not None
    assert "".join(texts(fragment, "paragraphs[2]")).replace(" ", "") == "Theend."
    assert texts(fragment, "concept:queries") == ["query"] * 3
    assert texts(fragment, 'words["every key"]') == ["every", "key."] * 3
    lines = [selector for selector, _ in fragment.parts if selector.startswith("lines[")]
    assert lines == [f"lines[{number}]" for number in range(1, len(lines) + 1)]
    assert sum(len(indices) for selector, indices in fragment.parts if selector in lines) == len(fragment.elements)


def test_the_words_of_a_concept_are_parts_of_titles_and_lists_too() -> None:
    around = env(concepts=CONCEPTS)
    assert texts(lay("heading", {"text": "A **query** meets keys"}, around=around), "concept:queries") == ["query"]
    assert texts(lay("title", {"text": "Every query meets keys"}, around=around), "concept:keys") == ["keys"]
    assert texts(lay("bullets", {"items": ("Every query", "x")}, around=around), "concept:queries") == ["query"]


def test_text_takes_the_theme_s_sizes_and_colours_only() -> None:
    fragment = lay("text", {"content": Markdown("**Big** claim"), "size": Symbol("title"), "color": Token("accent")})
    run = fragment.elements[0].primitive
    assert isinstance(run, Glyphs)
    assert run.size == 92.0
    assert run.paint == paint(themes()["midnight"], "accent")
    assert codes(lay("text", {"content": "x", "size": Symbol("huge")})) == ["PVC0505"]


def test_steps_of_a_derivation_are_aligned_at_their_relations() -> None:
    steps = (Tex(r"(a+b)^2 &= (a+b)(a+b)"), Tex(r"\phantom{(a+b)^2} = a^2 + 2ab + b^2"), Tex(r"\ge 4ab"))
    fragment = lay("derivation", {"steps": steps}, around=env(addressed=("tex:ab",)))
    assert fragment.problems == ()

    def first(number: int, code: str) -> float:
        chosen = fragment.part(f"steps[{number}]") or ()
        return next(fragment.elements[i].bounds.x for i in chosen if fragment.elements[i].morph == f"glyph:{code}")

    assert first(1, "3D") == pytest.approx(first(2, "3D"), abs=0.01)
    assert first(3, "2265") == pytest.approx(first(1, "3D"), abs=1.0)
    orders = [{fragment.elements[i].order for i in fragment.part(f"steps[{n}]") or ()} for n in (1, 2, 3)]
    assert max(orders[0]) < min(orders[1])
    assert max(orders[1]) < min(orders[2])
    assert codes(lay("derivation", {"steps": steps}, around=env(addressed=("tex:zz",)))) == ["PVC0512"]


def test_an_equation_scales() -> None:
    one, two = lay("equation", {"formula": Tex("x")}), lay("equation", {"formula": Tex("x"), "scale": Fraction(2)})
    assert two.width == pytest.approx(2 * one.width, abs=0.1)
    assert one.baseline is not None


def test_a_quotation_has_one_pair_of_the_language_s_quotes() -> None:
    for written in ("Ja.", '"Ja."', "„Ja.“"):
        fragment = lay("quote", {"text": written}, around=env(language="de"))
        assert "".join(texts(fragment)) == "„Ja.“"


def test_code_keeps_its_columns() -> None:
    fragment = lay("code")
    assert [selector for selector, _ in fragment.parts if selector.startswith("lines")] == [
        f"lines[{n}]" for n in range(1, 5)
    ]
    assert texts(fragment, "lines[4]")[0] == "4"
    runs = {run.text: run for element in fragment.elements if isinstance(run := element.primitive, Glyphs)}
    column = 0.6 * runs["def"].size
    indent = runs["return"].xs[0] - runs["def"].xs[0]
    assert indent == pytest.approx(4 * column, abs=0.05)
    assert runs["def"].paint != runs["attention"].paint


def test_code_is_tidied_but_never_polished() -> None:
    source = Code('\n    if a:\n\tb = "x" -- 1\n\n', "python")
    fragment = lay("code", {"source": source, "numbers": False})
    assert "".join("".join(texts(fragment, f"lines[{n}]")) for n in (1, 2)).replace(" ", "") == 'ifa:b="x"--1'


def test_code_of_an_unknown_language_is_shown_plain() -> None:
    fragment = lay("code", {"source": Code("a = 1", "pyhton")})
    assert [(problem.code, problem.severity) for problem in fragment.problems] == [("PVC0753", "warning")]
    assert fragment.problems[0].hint == "did you mean `python`?"
    assert "".join(texts(fragment, "lines[1]")) == "1a = 1"


def test_long_listings_are_linted() -> None:
    fragment = lay("code", {"source": Code("\n".join(f"line {n}" for n in range(16)), "text")})
    assert codes(fragment) == ["PVC0752"]


def test_many_authors_are_shortened() -> None:
    record = Record((("title", "T"), ("authors", ("A", "B", "C", "D")), ("year", "2017")))
    assert texts(lay("citation", {"source": record}), "authors") == ["A et al., 2017"]
    assert texts(lay("citation"), "authors") == ["A. One and B. Two, 2026"]


LONG = "def step(x):\n    value = first_thing(x) + second_thing(x) * third_thing(x) - fourth(x)\n"


def test_long_lines_of_a_listing_go_on_in_another_row() -> None:
    given = {"source": Code(f"{LONG}    return value", "python"), "numbers": True}
    wide = registry.lay_out("code", given, Box(1728, 800), env())
    narrow = registry.lay_out("code", given, Box(960, 800), env())
    assert codes(wide) == codes(narrow) == []
    assert narrow.width <= 960

    def tops(fragment: Fragment, part: str) -> list[float]:
        runs = (fragment.elements[index].primitive for index in fragment.part(part) or ())
        return sorted({run.ys[0] for run in runs if isinstance(run, Glyphs)})

    assert [len(tops(wide, f"lines[{number}]")) for number in (1, 2, 3)] == [1, 1, 1]
    assert [len(tops(narrow, f"lines[{number}]")) for number in (1, 2, 3)] == [1, 2, 1]
    assert tops(narrow, "lines[2]")[-1] < tops(narrow, "lines[3]")[0]
    sizes = {run.size for run in (element.primitive for element in narrow.elements) if isinstance(run, Glyphs)}
    assert min(sizes) >= 24


@given(st.text("ab(),. ", max_size=90), st.integers(16, 40))
def test_rows_of_a_line_lose_nothing_but_blanks(text: str, columns: int) -> None:
    rows = _rows([("Text", text)], columns)
    said = "".join(piece for row in rows for _, piece in row)
    assert said.replace(" ", "") == text.replace(" ", "")
    for row in ("".join(piece for _, piece in each) for each in rows):
        assert len(row) <= columns or not any(sign in row[columns // 2 + 6 : columns] for sign in ",() ")
