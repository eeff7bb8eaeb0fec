"""What the components made of text have in common: the theme's tokens as styles, fitting, and a page that elements are
put on.

Text is fitted by wrapping and balancing first; only then it shrinks, by steps of 4%, down to a least size below which
it is a problem instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pvc.compiler.layout.colors import resolved
from pvc.compiler.layout.component import Env
from pvc.compiler.layout.compose import rectangle, shift
from pvc.compiler.math.block import MathBlock
from pvc.compiler.math.typeset import missing_characters, set_math
from pvc.compiler.model.display import Element, Fragment, Glyphs, Paint, Path, Problem, Rect, Shape, Stroke, quantise
from pvc.compiler.model.values import Color, Token
from pvc.compiler.text.spans import FORMULA, Span, inline_markdown
from pvc.compiler.text.style import TextBlock, TextStyle
from pvc.compiler.text.typeset import Align, runs_right_to_left, set_paragraph, text_width

MATH_IN_TEXT = 1.1
"""Em of a formula inside text to the text's own, so that their x-heights agree (0.44 em and 0.49 em)."""

CODE_IN_TEXT = 0.9
"""The same for code in a line of text."""

MEASURE = 23.0
"""The longest line of body text in em: about 45 characters, what the eye takes in at a glance."""


def paint_of(env: Env, color: str | Token | Color) -> Paint:
    """A token of the theme by name, or any colour, as a paint."""
    return resolved(env.theme, Token(color) if isinstance(color, str) else color)


def size_of(env: Env, token: str) -> float:
    """A type size of the theme; of a token that an older theme lacks, the body's (and 1.7 times it for formulas)."""
    sizes = dict(env.theme.type)
    if token in sizes:
        return float(sizes[token])
    return float(sizes["body"]) * (1.7 if token == "formula" else 1.0)


def style_of(
    env: Env,
    token: str,
    color: str | Token | Color = "text",
    *,
    weight: int = 400,
    role: str = "sans",
    italic: bool = False,
    leading: float | None = None,
    scale: float = 1.0,
) -> TextStyle:
    """A text style of the theme: ``token`` is a type size, ``role`` a font's."""
    lead = leading if leading is not None else float(dict(env.theme.type).get("leading", 1.3))
    return TextStyle(
        *(env.theme.font(role), quantise(size_of(env, token) * scale), paint_of(env, color)),
        weight=weight,
        italic=italic,
        leading=lead,
    )


@dataclass(slots=True)
class Page:
    """Elements, parts and problems of a fragment in the making. ``order`` is that of what is put next; ``ground`` the
    colour that lies behind it, where that is not the frame's."""

    env: Env
    elements: list[Element] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    order: int = 0
    ground: Paint | None = None

    def add(self, element: Element, *parts: str) -> None:
        for part in parts:
            self.parts.setdefault(part, []).append(len(self.elements))
        self.elements.append(element)

    def put(self, block: TextBlock, x: float, y: float, *parts: str, by_line: bool = False, text: str = "") -> Rect:
        """A text block with its top left corner at (x, y). ``by_line``: each line has an order of its own. Missing
        characters are reported, with ``text`` as where they stand."""
        last = 0
        for element in block.elements:
            last = max(last, element.order)
            order = self.order + (element.order if by_line else 0)
            self.add(shift(replace(element, order=order, ground=self.ground), x, y), *parts)
        if by_line:
            self.order += last
        if block.missing:
            shown = text or " ".join(
                each.primitive.text for each in block.elements if isinstance(each.primitive, Glyphs)
            )
            self.problems.append(missing_characters(block.missing, shown))
        return Rect(x, y, block.width, block.height)

    def formula(self, block: MathBlock, x: float, y: float, *parts: str) -> None:
        """A formula with its top left corner at (x, y), its elements in their own order after what is there."""
        first = len(self.elements)
        last = 0
        for element in block.elements:
            last = max(last, element.order)
            self.add(shift(replace(element, order=self.order + element.order, ground=self.ground), x, y), *parts)
        for name, indices in block.parts:
            self.parts.setdefault(name, []).extend(first + index for index in indices)
        for problem in block.problems:
            self.problem(problem)
        self.order += last

    def surface(self, rect: Rect, color: str, radius: float, *parts: str, morph: str = "surface") -> Paint:
        """A rounded surface; what is put next lies on it."""
        paint = paint_of(self.env, color)
        radius *= self.env.theme.corners
        self.add(Element(Shape(rectangle(rect, radius), fill=paint), rect, "box", self.order, morph), *parts)
        self.ground = paint
        return paint

    def rule(self, x: float, y: float, x2: float, y2: float, color: str, width: float, *parts: str) -> None:
        """A straight line, drawn from its start."""
        stroke = Stroke(paint_of(self.env, color), width, cap="butt")
        path = Path("ML", tuple(quantise(value) for value in (x, y, x2, y2)))
        half = width / 2
        left, top = min(x, x2), min(y, y2)
        bounds = Rect(
            *(quantise(left - (half if x == x2 else 0)), quantise(top - (half if y == y2 else 0))),
            *(quantise(abs(x2 - x) or width), quantise(abs(y2 - y) or width)),
        )
        self.add(Element(Shape(path, stroke=stroke), bounds, "line", self.order, "rule", ground=self.ground), *parts)

    def problem(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def fragment(self, width: float, height: float, *, entrance: str = "fade", description: str = "") -> Fragment:
        return Fragment(
            *(quantise(width), quantise(height), tuple(self.elements)),
            parts=tuple((name, tuple(sorted(set(indices)))) for name, indices in self.parts.items()),
            entrance=entrance,
            problems=tuple(self.problems),
            description=description,
        )


def rich(text: str, style: TextStyle, page: Page) -> tuple[Span, ...]:
    """Markdown inside a paragraph as spans; what is wrong with its formulas goes to the page's problems."""

    def formula(tex: str, around: TextStyle) -> MathBlock:
        block = set_math(tex, around.size * MATH_IN_TEXT, around.paint, page.env, display=False)
        for problem in block.problems:
            page.problem(problem)
        return block

    mono = replace(style, family=page.env.theme.font("mono"), size=quantise(style.size * CODE_IN_TEXT))
    return inline_markdown(text, style, mono, page.env.language, formula)


def plain(text: str) -> str:
    """Markdown without its marks, for descriptions."""
    text = re.sub(r"`+(.+?)`+|\*\*(.+?)\*\*|\[([^\]]+)\]\([^)\s]+\)", lambda m: m[1] or m[2] or m[3], text)
    return re.sub(rf"(?<![\w*])[*_](\S[^*_]*?)[*_](?![\w*])|{FORMULA}", lambda m: m[1] or m["math"], text)


def fitted(
    text: str,
    style: TextStyle,
    width: float,
    height: float,
    least: float,
    page: Page,
    *,
    align: Align = "start",
    what: str = "the text",
    markdown: bool = True,
) -> tuple[TextBlock, TextStyle]:
    """A paragraph no wider than ``width`` and, if it can be, no taller than ``height``: in its own size if that will
    do, else smaller, but not below ``least`` px, where it is a problem. The style is that in which it was set."""
    apart = bool(concepts_in(text, page.env)) or any(each.startswith("words[") for each in page.env.addressed)

    def made(size: float) -> tuple[TextBlock, TextStyle]:
        sized = replace(style, size=quantise(size))
        content: str | Sequence[Span] = rich(text, sized, page) if markdown else text
        return set_paragraph(content, sized, width, page.env, align=align, apart=apart), sized

    return shrunk(made, style.size, least, width, height, page, text, what)


def shrunk(
    made: Callable[[float], tuple[TextBlock, TextStyle]],
    size: float,
    least: float,
    width: float,
    height: float,
    page: Page,
    text: str,
    what: str,
) -> tuple[TextBlock, TextStyle]:
    """The largest of a few sizes at which what ``made`` sets fits."""
    least = min(least, size)
    while True:
        block, style = made(size)
        fits = (
            block.height <= height + 0.5 and block.width <= width + 0.5 and not _broken_word(text, style, width, page)
        )
        if fits:
            return block, style
        if size <= least:
            page.problem(_unfit(text, what, block, least, width, height))
            return block, style
        size = max(least, size * 0.96)


def _unfit(text: str, what: str, block: TextBlock, least: float, width: float, height: float) -> Problem:
    """Why a text does not fit: it is too large as a whole, or one word of it is longer than a line."""
    quoted = text if len(text) <= 60 else f"{text[:57]}..."
    if block.height <= height + 0.5 and block.width <= width + 0.5:
        return Problem(
            "PVC0503",
            f"{what} “{quoted}” does not fit: at its least size of {least:.0f} px one of its words is longer than "
            f"a line of {width:.0f} px",
            "divide the word, or give the text a larger region",
        )
    return Problem(
        "PVC0503",
        f"{what} “{quoted}” does not fit: at its least size of {least:.0f} px it is {block.width:.0f} x "
        f"{block.height:.0f} px, and there is room for {width:.0f} x {height:.0f} px",
        "say it in fewer words, split it over two visuals, or give it a larger region",
    )


def _broken_word(text: str, style: TextStyle, width: float, page: Page) -> bool:
    longest = max(re.split(r"[\s\-–—/]+", plain(text)), key=len, default="")
    return len(longest) > 8 and text_width(longest, style, page.env) > width


@cache
def _words_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def concepts_in(text: str, env: Env) -> tuple[str, ...]:
    """Names of the concepts whose words occur in a text."""
    return tuple(spec.name for spec in env.concepts if spec.words and _words_pattern(spec.words).search(text))


def word_parts(page: Page, block: TextBlock, spans: Sequence[Span], first: int) -> None:
    """Parts for the words of concepts (`concept:query`) and for phrases that the talk acts on (`words["a b"]`), in a
    block set apart whose elements begin at index ``first`` of the page."""
    whole = "".join(span.text for span in spans)
    wanted = [(f"concept:{spec.name}", spec.words) for spec in page.env.concepts if spec.words]
    for selector in page.env.addressed:
        match = re.fullmatch(r'words\["((?:[^"\\]|\\.)*)"\]', selector)
        if match:
            phrase = re.sub(r"\\(.)", r"\1", match[1])
            wanted.append((selector, (phrase,)))
    for name, words in wanted:
        for match in _words_pattern(tuple(words)).finditer(whole):
            for word in block.words:
                if word.start < match.end() and match.start() < word.end:
                    page.parts.setdefault(name, []).append(first + word.element)


def concept_parts(page: Page, block: TextBlock, text: str, first: int) -> None:
    """`word_parts` for a line of markdown that holds no formulas (a title, a heading)."""
    if concepts_in(text, page.env) or any(each.startswith("words[") for each in page.env.addressed):
        style = TextStyle(page.env.theme.font("sans"), 10.0, paint_of(page.env, "text"))
        word_parts(page, block, rich(text, style, page), first)


def starts_right(text: str) -> bool:
    """Whether a block of this text belongs to the right edge of its column."""
    return runs_right_to_left(plain(text))
