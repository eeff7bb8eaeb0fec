"""LaTeX and PDF as text; quotes found however they are broken, spelt or typeset."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from check_worlds import ProjectWorld, checked, codes, scene
from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.check.figures import caption, credit
from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.program import Source
from pvc.compiler.model.values import Asset
from pvc.compiler.papers.document import document
from pvc.compiler.papers.flatten import flatten
from pvc.compiler.papers.paper import REFERENCE, Paper, Unsound
from pvc.compiler.papers.quotes import find_in, mismatch, nearest_quote, normalise, numbers
from pvc.compiler.papers.read import read_paper
from pvc.compiler.papers.tex import plain
from pvc.compiler.source import Span

ROOT = Path(__file__).parents[2]
PAPERS = Path(os.environ.get("PVC_PAPERS") or ROOT.parent / "shared" / "papers")
EDO = PAPERS / "edo" / "arxiv"


def read(source: str, **files: str | bytes) -> Paper:
    others = {name.replace("__", "."): data for name, data in files.items()}
    return read_paper(ProjectWorld({"main.tex": source, **others}), "latex", "main.tex", ())


def body(text: str, preamble: str = "") -> str:
    return f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{text}\n\\end{{document}}\n"


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("50\\% and \\& \\_ \\# \\$", "50% and & _ # $"),
        ("a~b\\,c\\ d", "a b c d"),
        ("``quoted'' and `single'", "“quoted” and ‘single’"),
        ("1--2 and --- and \\-- here", "1–2 and — and - here"),
        ("caf\\'e, na\\\"{\\i}ve, \\c{c}a, Stra\\ss e, \\O rsted", "café, naïve, ça, Straße, Ørsted"),
        ("\\textbf{bold} and {\\em it}", "bold and it"),
        ("the \\(k\\)-means of $x_i^2$", "the k-means of xi2"),
        ("\\(\\frac{1}{2} \\leq \\alpha\\)", "1/2≤α"),
        ("a claim~\\cite[p.~3]{x,y}. Next", "a claim. Next"),
        ("see Figure~\\ref{fig:a}.", f"see Figure {REFERENCE}."),
        ("a\\footnote{A note.} b", "a b"),
        ("\\href{http://x}{text} \\url{http://y}", "text http://y"),
        ("\\textcolor{red}{word}\\vspace{1em}", "word"),
        ("\\verb|x|", "|x|"),
    ],
)
def test_running_text(source: str, printed: str) -> None:
    assert plain(source) == printed


def test_macros_with_arguments_and_defaults() -> None:
    preamble = (
        r"\newcommand{\pair}[2][one]{#1 and #2}\def\who#1{by #1}\newcommand\br{\textbf}"
        r"\DeclareMathOperator*{\argmin}{arg\,min}"
    )
    found = document(body(r"\pair{two}, \pair[three]{four}, \who{Ada}, \br{bold}, \(\argmin_x f\)", preamble))
    assert found.text.strip() == "one and two, three and four, by Ada, bold, argminxf"


def test_comments_are_not_printed_but_percent_signs_and_listings_are() -> None:
    source = "one % a comment\ntwo\n\n50\\% three%\nfour\n\\begin{verbatim}\nx % y\n\\end{verbatim}"
    assert read(body(source)).text.split() == ["one", "two", "50%", "threefour", "x", "%", "y"]


def test_a_macro_that_defines_itself_ends() -> None:
    found = document(body(r"\a done", r"\newcommand{\a}{x\a}"))
    assert "x" in found.text


def test_sections_are_found_by_their_labels() -> None:
    found = document(
        body(r"\section{One}\label{a} alpha \subsection{Deep}\label{b} beta \section{Two} gamma \label{c}")
    )
    text = {label.name: found.text[label.start : label.end] for label in found.labels}
    assert "alpha" in text["a"]
    assert "beta" in text["a"]
    assert "gamma" not in text["a"]
    assert "alpha" not in text["b"]
    assert "gamma" in text["c"]


def test_an_equation_has_the_text_around_it() -> None:
    display = "\\begin{equation}\\label{e} a = b \\end{equation}"
    source = f"Far before.\n\nJust before:\n{display}\nwhere a is b.\n\nAfter.\n\nFar after."
    found = document(body(source))
    label = next(each for each in found.labels if each.name == "e")
    around = found.text[label.start : label.end]
    assert "Just before" in around
    assert "where a is b" in around


def test_title_authors_year() -> None:
    preamble = (
        r"\title{A \emph{Good} Paper\thanks{Money.}}\author{Ada Lovelace\thanks{x} \\ Place \and "
        r"Charles Babbage$^{1}$, Mary Somerville and Alan Turing \\ a@b.c}\date{May 1843}"
    )
    found = document(body("text", preamble))
    assert found.title == "A Good Paper"
    assert found.authors == ("Ada Lovelace", "Charles Babbage", "Mary Somerville", "Alan Turing")
    assert found.year == "1843"


def test_inputs_and_what_is_missing() -> None:
    paper = read(body(r"one \input{two} \include{gone} end"), two__tex="two % comment\n", sub__tex="x")
    assert paper.text.split() == ["one", "two", "end"]
    assert paper.remarks == ("its part `gone` is not there",)
    assert dict(paper.files).keys() >= {"main.tex", "two.tex"}


def test_files_that_input_each_other_end() -> None:
    remarks: list[str] = []
    texts = {"a.tex": "A \\input{b}", "b.tex": "B \\input{a}"}
    assert flatten("a.tex", texts.get, remarks).split() == ["A", "B"]


def test_figures() -> None:
    source = r"""
    \begin{figure}\includegraphics[page=2]{a.pdf}\caption{Both, in Section~\ref{s}.}\label{f}\end{figure}
    \begin{figure}\subfloat[First]{\label{g1}\includegraphics{b}}\subfloat[][]{\label{g2}\includegraphics{c}}
      \caption{Whole: \subref{g1} and \subref{g2}.}\label{g}\end{figure}
    \begin{table}\caption{T}\label{t}\end{table}"""
    found = {figure.label: figure for figure in document(body(source)).figures}
    assert found["f"].files == (("a.pdf", 2),)
    assert caption(found["f"].caption) == "Both."
    assert found["g1"].caption == "First"
    assert found["g2"].caption == "Whole: (a) and (b)."
    assert found["g"].files == (("b", 1), ("c", 1))
    assert "t" not in found


def test_credit() -> None:
    def source(*authors: str, year: str | None = "2020") -> Source:
        return Source("x", "latex", "main.tex", "", "Title", authors, year, Span("t", 0, 0))

    assert credit(source("Ada Lovelace")) == "Lovelace, 2020"
    assert credit(source("Ada Lovelace", "Charles Babbage")) == "Lovelace and Babbage, 2020"
    assert credit(source("A B", "C D", "E F", year=None)) == "B et al."
    assert credit(source()) == "Title, 2020"


# ------------------------------------------------------------------------------------------------ quotes

WORD = st.text(alphabet="abcdefgäéß", min_size=1, max_size=7)
SEPARATORS = st.sampled_from([" ", "\n", "\n\n  ", "\u00a0", " – ", " (", ", ", "-\n", "‐"])


@given(st.lists(st.tuples(WORD, SEPARATORS), min_size=2, max_size=14), st.data())
def test_any_run_of_words_is_a_quote(pieces: list[tuple[str, str]], data: st.DataObject) -> None:
    text = "".join(word + separator for word, separator in pieces)
    start = data.draw(st.integers(0, len(pieces) - 1))
    end = data.draw(st.integers(start + 1, len(pieces)))
    quote = " ".join(word for word, _ in pieces[start:end])
    assert find_in(text, quote)
    assert find_in(text, quote.upper() if "ß" not in quote else quote)


@given(st.text(max_size=60))
def test_normalising_keeps_places(text: str) -> None:
    found = normalise(text)
    assert len(found.letters) == len(found.at)
    assert list(found.at) == sorted(found.at)
    assert all(0 <= at < len(text) for at in found.at)
    assert normalise(found.letters).letters == found.letters


@pytest.mark.parametrize(
    ("text", "quote", "there"),
    [
        ("The ﬁrst efﬁcient method", "first efficient", True),
        ("extremely\nsmall gradi-\nents", "extremely small gradients", True),
        ("he said “it’s” so", "it's so", True),
        ("well-known results", "well known results", True),
        ("the size of it", "he size", False),
        ("it grows to 0.93 now", "grows to 0.93", True),
        ("it grows to 0.93 now", "grows to 093", False),
        ("a method that we call slow", "a method ... slow", True),
        ("a method that we call slow", "slow ... a method", False),
        (f"as in Figure {REFERENCE} below", "in Figure 12 below", True),
        (f"as in Figure {REFERENCE} below", "in Figure A below", False),
        ("the k-means method", "the \\(k\\)-means method", True),
        ("anything", "...", False),
        ("anything", "", False),
    ],
)
def test_quotes(text: str, quote: str, there: bool) -> None:
    assert bool(find_in(text, quote)) is there


def test_the_nearest_passage() -> None:
    paper = read(body("It was observed that large values push the softmax into regions with small gradients, sadly."))
    assert nearest_quote(paper, "large values pushed the softmax into regions of small gradients") == (
        "large values push the softmax into regions with small gradients"
    )
    assert nearest_quote(paper, "nothing like this occurs anywhere") is None


def test_numbers_and_negations() -> None:
    assert numbers("Three of 1,000 and 0.50 at −2") == {"3", "1000", "0.5", "2"}
    text = "We saw nothing. It grows to 0.93 at size 512, and never falls. So be it."
    start, end = text.index("It grows"), text.index(", and")
    assert not mismatch("It grows to 93 percent.", text, start, end)
    assert [each.code for each in mismatch("It grows to 0.95 at 512.", text, start, end)] == ["PVC0605"]
    assert not mismatch("It does not fall.", text, start, end)  # the rest of the sentence denies too
    assert [each.code for each in mismatch("It cannot be.", text, len(text) - 9, len(text))] == ["PVC0606"]


# ------------------------------------------------------------------------------------------------ through a World


def test_a_paper_is_remembered_until_one_of_its_files_changes() -> None:
    world = ProjectWorld({"main.tex": body(r"\input{two}"), "two.tex": "first"})
    assert read_paper(world, "latex", "main.tex", ()).text.strip() == "first"
    key = next(iter(world.memory))
    assert read_paper(world, "latex", "main.tex", ()).text.strip() == "first"
    assert list(world.memory) == [key]
    world._files["two.tex"] = b"second"
    assert read_paper(world, "latex", "main.tex", ()).text.strip() == "second"
    world.memory[key] = b"damaged"
    assert read_paper(world, "latex", "main.tex", ()).text.strip() == "second"


@given(st.text(alphabet="\\{}[]$%&#^_~-`'\"ab1 \n", max_size=120))
def test_any_tex_ends_in_text(source: str) -> None:
    assert "\n" not in plain(source)
    for found in (document(source), document(body(source, source))):
        for label in found.labels:
            assert 0 <= label.start <= label.end <= len(found.text)


@given(
    st.lists(
        st.sampled_from(
            [
                r"\begin{figure}",
                r"\end{figure}",
                r"\caption{",
                "}",
                r"\label{x}",
                r"\subfloat[",
                "]{",
                r"\section{a}",
                r"\begin{align}",
                r"\end{align}",
                "$",
                r"\item",
                r"\newcommand{\x}[2]{#1}",
                r"\x",
                r"\begin{verbatim}",
                r"\input{x}",
                r"\footnote{",
                r"\author{",
                r"\end{document}",
            ]
        ),
        max_size=30,
    )
)
def test_any_commands_end_in_text(pieces: list[str]) -> None:
    found = document(body("a".join(pieces)))
    for label in found.labels:
        assert 0 <= label.start <= label.end <= len(found.text)


def test_a_pdf() -> None:
    import skia

    stream = skia.DynamicMemoryWStream()
    with skia.PDF.MakeDocument(stream) as made:
        for words in ("Extremely small", "gradients everywhere"):
            with made.page(400, 300) as canvas:
                canvas.drawString(words, 20, 40, skia.Font(skia.Typeface(), 20), skia.Paint())
    data = bytes(stream.detachAsData())
    world = ProjectWorld({"p.pdf": data, "bad.pdf": b"%PDF-1.7 nonsense"})
    paper = read_paper(world, "pdf", "p.pdf", ())
    assert [label.name for label in paper.labels] == ["page 1", "page 2"]
    assert find_in(paper.text, "small gradients")
    with pytest.raises(Unsound):
        read_paper(world, "pdf", "bad.pdf", ())


@pytest.mark.skipif(not EDO.is_dir(), reason="the real paper is not here (PVC_PAPERS)")
def test_a_real_paper() -> None:
    world = DiskWorld()
    paper = read_paper(world, "latex", str(EDO / "main.tex"), ())
    assert paper.title == "Evolutionary Dataset Optimisation: learning algorithm quality through evolution"
    assert paper.authors == ("Henry Wilde", "Vincent Knight", "Jonathan Gillard")
    assert not paper.remarks
    assert "\\" not in paper.text.replace("\\{", "")[: paper.text.index("Implementation example")]
    for quote in (
        "generating artificial data through genetic evolution, the purpose of which is to create populations",
        "known properties about preferable datasets for the clustering algorithms known as k-means and DBSCAN",
        "datasets - or simulate new datasets themselves - and a common metric amongst the proposed method",
        "the robustness of the method(s) in question. This process",
        "With that, when \\(k\\) is fixed a priori, reducing the number of points in each cluster",
        "Figure 1 shows an example of the fitness (above) and dimension (below) progression",
    ):
        assert find_in(paper.text, quote), quote
    labels = {label.name for label in paper.labels}
    assert {"section:introduction", "eq:inertia", "subsec:dbscan", "fig:inertia-inds", "algorithm:mutation"} <= labels
    figure = paper.figure("fig:small-inertia-inds")
    assert figure is not None
    assert figure.files == (("Fig8a.pdf", 1),)


@pytest.mark.skipif(not EDO.is_dir(), reason="the real paper is not here (PVC_PAPERS)")
def test_a_figure_out_of_a_real_paper(tmp_path: Path) -> None:
    from pvc.compiler.check import check

    (tmp_path / "paper").symlink_to(EDO.parent)
    talk = tmp_path / "talk.vid"
    talk.write_text(
        'talk "T" {\n}\npaper edo = latex("paper/arxiv/main.tex")\n'
        + scene('  say "Hello." {\n    show figure(from: edo, label: "fig:inertia-inds", index: 2)\n  }')
    )
    result = check(str(talk), DiskWorld())
    assert not codes(result), result.diagnostics
    assert result.program is not None
    shown = dict(result.program.scenes[0].visuals[0].arguments)
    assert isinstance(shown["file"], Asset)
    assert shown["file"].path == "Fig8b.pdf"
    assert shown["credit"] == "Wilde et al."
    assert str(shown["caption"]).startswith("Representative individuals based on inertia with: (a)")


def test_the_citation_of_a_source_reaches_the_layout() -> None:
    result = checked('paper note = latex("paper/main.tex")\n' + scene("  show citation(note)"))
    assert result.program is not None
    record = dict(result.program.scenes[0].visuals[0].arguments)["source"]
    assert dict(record.fields)["year"] == "2026"  # type: ignore[union-attr]
