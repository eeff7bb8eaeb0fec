"""Text is set as a typographer would: kerned, wrapped without loss, balanced, in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.surroundings import Memory, env

from pvc.compiler.math.block import MathBlock
from pvc.compiler.math.typeset import set_math
from pvc.compiler.model.display import Glyphs, Paint
from pvc.compiler.text import fonts
from pvc.compiler.text.outline import outline_from
from pvc.compiler.text.spans import inline_markdown, polish
from pvc.compiler.text.style import TextBlock, TextStyle
from pvc.compiler.text.typeset import outline, set_line, set_paragraph, text_width

WHITE = Paint(255, 255, 255)
BODY = TextStyle("Source Sans Pro", 40.0, WHITE)
ENV = env()


def glyphs(block: TextBlock) -> list[Glyphs]:
    return [element.primitive for element in block.elements if isinstance(element.primitive, Glyphs)]


def shown(block: TextBlock) -> str:
    return " ".join(run.text for run in glyphs(block))


def test_kerning_draws_pairs_together() -> None:
    assert text_width("AV", BODY, ENV) < text_width("A", BODY, ENV) + text_width("V", BODY, ENV) - 0.5


def test_figures_are_of_equal_width_where_asked() -> None:
    tabular = TextStyle("Source Sans Pro", 40.0, WHITE, tabular=True)
    assert text_width("1111", tabular, ENV) == pytest.approx(text_width("8888", tabular, ENV))
    assert text_width("1111", BODY, ENV) == pytest.approx(4 * text_width("1", BODY, ENV), abs=4)


def test_widths_grow_with_the_size_exactly() -> None:
    double = TextStyle("Source Sans Pro", 80.0, WHITE)
    assert text_width("Hamburgefonstiv", double, ENV) == pytest.approx(2 * text_width("Hamburgefonstiv", BODY, ENV))


def test_blocks_of_one_style_are_of_one_height_whatever_their_letters() -> None:
    heights = {(set_line(text, BODY, ENV).height, set_line(text, BODY, ENV).baseline) for text in ("ace", "Tjg", "x.")}
    assert len(heights) == 1


def test_lines_stand_a_leading_apart() -> None:
    block = set_paragraph("one\ntwo\nthree", BODY, 500, ENV)
    baselines = [run.ys[0] for run in glyphs(block)]
    assert baselines[1] - baselines[0] == pytest.approx(1.3 * 40, abs=0.01)
    assert baselines[2] - baselines[1] == pytest.approx(1.3 * 40, abs=0.01)


WORDS = st.lists(st.text(alphabet="abcdefgilmnopqrst", min_size=1, max_size=12), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(WORDS, st.floats(450, 1500), st.booleans())  # a line that holds the widest word, which is not broken then
def test_wrapping_keeps_every_word_and_the_width(words: list[str], width: float, balance: bool) -> None:
    text = " ".join(words)
    block = set_paragraph(text, BODY, width, ENV, balance=balance)
    assert shown(block).split() == words
    assert block.width <= width + 0.02
    for element in block.elements:
        assert element.bounds.x >= -0.01
        assert element.bounds.right <= width + 0.02
    other = set_paragraph(text, BODY, width, ENV, balance=not balance)
    assert block.lines == other.lines, "balancing never costs a line"
    assert [text[word.start : word.end] for word in block.words] == words


@settings(deadline=None, max_examples=20)
@given(WORDS)
def test_equal_text_is_set_equally(words: list[str]) -> None:
    from pvc.compiler.digest import digest_of
    from pvc.compiler.text import shape

    first = set_paragraph(" ".join(words), BODY, 700, ENV)
    shape._shapes.clear()
    assert digest_of(first) == digest_of(set_paragraph(" ".join(words), BODY, 700, ENV))


def test_balancing_leaves_no_word_alone() -> None:
    text = "The answer of attention is the weighted mean of all values, and of nothing else at all"
    width = text_width(text, BODY, ENV) / 2.05
    greedy = set_paragraph(text, BODY, width, ENV, balance=False)
    balanced = set_paragraph(text, BODY, width, ENV)
    assert greedy.lines == balanced.lines == 3

    def spread(block: TextBlock) -> float:
        rights = [max(e.bounds.right for e in block.elements if e.order == line) for line in range(block.lines)]
        return max(rights) - min(rights)

    assert spread(balanced) < 0.5 * spread(greedy)


def test_a_word_too_wide_for_the_line_is_broken_not_lost() -> None:
    block = set_paragraph("Donaudampfschifffahrtsgesellschaft", BODY, 200, ENV)
    assert block.width <= 200
    assert block.lines > 2
    assert "".join(run.text for run in glyphs(block)) == "Donaudampfschifffahrtsgesellschaft"


def test_lines_break_behind_hyphens_only_where_they_must() -> None:
    text = "a state-of-the-art method"
    whole = set_paragraph(text, BODY, 2000, ENV)
    assert whole.lines == 1
    narrow = set_paragraph(text, BODY, text_width("state-of-the-", BODY, ENV) + 5, ENV)
    assert narrow.lines >= 2
    assert shown(narrow).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("align", "edge"), [("start", 0.0), ("end", 1.0), ("center", 0.5)])
def test_alignment_is_inside_the_longest_line(align: str, edge: float) -> None:
    block = set_paragraph("a long first line\nshort", BODY, 1000, ENV, align=align)  # type: ignore[arg-type]
    short = block.elements[1]
    slack = block.width - text_width("short", BODY, ENV)
    assert glyphs(block)[1].xs[0] == pytest.approx(edge * slack, abs=0.05)
    assert short.order == 1


# ------------------------------------------------------------------------------------- scripts


def test_right_to_left_lines_begin_at_the_right() -> None:
    block = set_paragraph("שלום עולם טוב", BODY, 1000, ENV, apart=True)
    boxes = [word.box.x for word in block.words]
    assert boxes == sorted(boxes, reverse=True), "in reading order the words go to the left"


def test_mixed_directions_keep_latin_words_readable() -> None:
    block = set_line("השיטה attention מעולה", BODY, ENV, apart=True)
    by_text = {run.text: run.xs[0] for run in glyphs(block)}
    assert by_text["מעולה"] < by_text["attention"] < by_text["השיטה"]
    latin = next(run for run in glyphs(block) if run.text == "attention")
    assert list(latin.xs) == sorted(latin.xs)


def test_short_right_to_left_lines_hang_at_the_right() -> None:
    block = set_paragraph("שלום עולם ארוך מאוד\nקצר", BODY, 1000, ENV)
    assert block.elements[-1].bounds.right == pytest.approx(block.width, abs=0.5)


def test_arabic_letters_join() -> None:
    def ids(text: str) -> list[int]:
        return [glyph for run in glyphs(set_line(text, BODY, ENV)) for glyph in run.ids]

    assert ids("ههه") != ids("ه") * 3
    assert not set_line("مرحبا بالعالم", BODY, ENV).missing


@pytest.mark.parametrize("family", ["Source Sans Pro", "Source Serif Pro", "IBM Plex Mono"])
@pytest.mark.parametrize("text", ["Ελληνικά ἀρχή", "Кириллица ёж", "עברית", "العربية", "naïve façade Łódź", "∑ → ≤ ∞"])
def test_every_family_covers_these_scripts(family: str, text: str) -> None:
    for weight in (400, 700):
        block = set_line(text, TextStyle(family, 40.0, WHITE, weight=weight), ENV)
        assert block.missing == ()
        assert all(0 not in run.ids for run in glyphs(block)), "no empty boxes"


def test_characters_without_a_glyph_are_named() -> None:
    assert set_line("漢字 and 漢", BODY, ENV).missing == ("漢", "字")


def test_a_project_font_mends_what_is_missing() -> None:
    stix = (fonts.file(fonts.chain("DejaVu Sans", 400, False, ENV)[0].digest).parent / "STIXGeneral.ttf").read_bytes()
    world = Memory()
    digest = world.give(stix)
    mended = env(world=world, font_files=(digest,))
    covered = fonts.chain("Source Sans Pro", 400, False, mended)
    own = next(face for face in covered if face.digest == digest)
    others = frozenset().union(*(face.characters for face in covered if face is not own))
    char = chr(min(code for code in own.characters - others if code > 0x20))
    assert set_line(char, BODY, ENV).missing == (char,)
    block = set_line(char, BODY, mended)
    assert block.missing == ()
    assert glyphs(block)[0].font == digest


def test_a_project_font_is_used_by_its_family_name() -> None:
    stix = (fonts.file(fonts.chain("DejaVu Sans", 400, False, ENV)[0].digest).parent / "STIXGeneral.ttf").read_bytes()
    world = Memory()
    digest = world.give(stix)
    style = TextStyle("STIXGeneral", 40.0, WHITE)
    assert glyphs(set_line("plain", style, env(world=world, font_files=(digest,))))[0].font == digest


def test_fonts_are_found_by_digest_in_a_fresh_process() -> None:
    run = glyphs(set_line("A", BODY, ENV))[0]
    fonts._paths.clear()
    fonts._digest_of_file.cache_clear()
    assert fonts.file(run.font).name == "SourceSansPro-Regular.otf"
    with pytest.raises(KeyError):
        fonts.file("0" * 64)


def test_outlines_lie_where_the_glyphs_do() -> None:
    block = set_line("Ix", BODY, ENV)
    run = glyphs(block)[0]
    upright, _ = outline(run)
    xs, ys = upright.points[0::2], upright.points[1::2]
    assert min(xs) >= run.xs[0]
    assert max(ys) == pytest.approx(block.baseline, abs=0.05), "a capital stands on the baseline"
    assert max(ys) - min(ys) == pytest.approx(0.656 * 40, abs=0.5), "Source Sans' capitals are 656 units high"
    assert set(upright.verbs) <= set("MLCQZ")
    assert outline_from(run, Path(fonts.file(run.font))) == outline(run)


# ------------------------------------------------------------------------------------- small corrections


@pytest.mark.parametrize(
    ("written", "language", "set_as"),
    [
        ('He said "yes".', "en", "He said “yes”."),
        ('Sie sagte "ja".', "de", "Sie sagte „ja“."),
        ('"oui"', "fr", "«\u202foui\u202f»"),
        ("it's the '90s", "en", "it’s the ’90s"),
        ("'quoted' word", "en", "‘quoted’ word"),
        ("pages 3--5 --- or so...", "en", "pages 3–5 — or so…"),
        ("-5 and (-3.5) but 2-3 and x-1", "en", "−5 and (−3.5) but 2-3 and x-1"),
        ("two  spaces", "en", "two spaces"),
        ("plain", "en", "plain"),
    ],
)
def test_polish(written: str, language: str, set_as: str) -> None:
    assert polish(written, language) == set_as


def test_raw_text_is_left_alone_with_all_its_blanks() -> None:
    block = set_line('x = "a"  -- 1', TextStyle("IBM Plex Mono", 40.0, WHITE), ENV, raw=True)
    assert block.width == pytest.approx(13 * 0.6 * 40, abs=0.1), "IBM Plex Mono is 600 units wide"


def test_inline_markdown() -> None:
    mono = TextStyle("IBM Plex Mono", 36.0, WHITE)
    spans = inline_markdown(
        "a **bold** and *slanted* `co*de*` [link](https://x.org) 2*3*4 \\*kept\\*", BODY, mono, "en"
    )
    styled = [(span.text, span.style.weight, span.style.italic, span.style.family) for span in spans]
    assert ("bold", 700, False, "Source Sans Pro") in styled
    assert ("slanted", 400, True, "Source Sans Pro") in styled
    assert ("co*de*", 400, False, "IBM Plex Mono") in styled
    whole = "".join(span.text for span in spans)
    assert whole == "a bold and slanted co*de* link 2*3*4 *kept*"
    assert [whole[span.start : span.start + len(span.text)] for span in spans] == [span.text for span in spans]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("costs $5 and $10", []),
        ("from $5 to $x$ and $y$", ["x", "y"]),
        ("US$ 3 and US$ 4", []),
        ("$ x^2 $ is set", [" x^2 "]),
        (r"\$5 and $x_1$.", ["x_1"]),
        ("$a$-$b$", ["a", "b"]),
        ("one $ alone", []),
        (r"$\$5$", [r"\$5"]),
    ],
)
def test_sums_of_money_are_no_formulas(text: str, formulas: list[str]) -> None:
    set_as: list[str] = []

    def formula(tex: str, style: TextStyle) -> MathBlock:
        set_as.append(tex)
        return set_math("x", style.size, style.paint, ENV, display=False)

    inline_markdown(text, BODY, BODY, "en", formula)
    assert set_as == formulas
