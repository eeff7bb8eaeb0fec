"""Running text: paragraphs, lists, quotations, and the card of a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.page import MEASURE, Page, fitted, paint_of, plain, rich, starts_right, style_of, word_parts
from pvc.compiler.layout.sheet import disc
from pvc.compiler.model.display import Element, Fragment, Problem, Rect, Shape, quantise
from pvc.compiler.model.values import Color, Markdown, Record, Symbol, Token, Value
from pvc.compiler.text.spans import quotes
from pvc.compiler.text.style import TextBlock, TextStyle
from pvc.compiler.text.typeset import Align, set_line

MOST_ITEMS = 5
MOST_WORDS = 8
WALL = 50
"""Words of running text that nobody reads while listening."""
_LEAST = {"title": 60.0, "heading": 44.0, "body": 32.0, "small": 28.0}
"""The least size of each of the theme's sizes, px."""


_ROWS = 0.75
"""Share of the frame's width from which on a list that has the body to itself is set in rows."""
_ROW_SIZE = 1.25
"""Its type to the theme's body size: below a heading's."""
_ROW_AIR = (0.4, 0.95, 1.5)
"""Least and most room above and below a row's words, em; the most where the box is higher than wide."""
_ROWS_DOWN = 0.84
"""Share of its box's height that a list in rows fills at most by its air alone."""


def text_of(value: Value) -> str:
    """Text or markdown as it was written, without white space around it."""
    if isinstance(value, Markdown):
        return value.source.strip()
    return value.strip() if isinstance(value, str) else ""


def paragraphs_of(source: str) -> tuple[str, ...]:
    """Paragraphs of a text: parted by empty lines; a single line break inside is a space, as in markdown."""
    parts = re.split(r"\n[^\S\n]*\n\s*", source.strip())
    return tuple(re.sub(r"\s*\n\s*", " ", part).strip() for part in parts if part.strip())


def text(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Paragraphs of one size."""
    page = Page(env)
    source = text_of(arguments.get("content"))
    if not source:
        page.problem(Problem("PVC0504", "the text is empty", "write what it should say"))
    words = len(plain(source).split())
    if words > WALL:
        page.problem(
            Problem(
                "PVC0754",
                f"a text of {words} words will be read instead of the voice being heard",
                f"at most {WALL} words, better a dozen; leave the rest to the narration",
                "warning",
            )
        )
    token = _choice(arguments.get("size"), "body", tuple(_LEAST), "size", page)
    align = _align(arguments.get("align"), page)
    color = arguments.get("color")
    weight = {"title": 700, "heading": 600}.get(token, 400)
    tint: str | Token | Color = color if isinstance(color, Token | Color) else "text"
    role = "display" if weight > 400 else "sans"
    style = style_of(env, token, tint, weight=weight, leading=1.15 if weight > 400 else None, role=role)
    width = min(box.width, MEASURE * style.size) if weight == 400 else box.width
    pieces = paragraphs_of(source)
    blocks = _column(pieces, style, width, box.height, _LEAST[token], page, align)
    area = max((block.width for block, _ in blocks), default=0.0)
    right = bool(pieces) and starts_right(pieces[0])
    y, line = 0.0, 0
    for number, ((block, used), piece) in enumerate(zip(blocks, pieces, strict=True), 1):
        if number > 1:
            y += 0.6 * used.size
        slack = area - block.width
        x = slack * {"start": float(right), "center": 0.5, "end": float(not right)}[align]
        first = len(page.elements)
        page.put(block, x, y, f"paragraphs[{number}]", by_line=True, text=piece)
        for index, element in enumerate(block.elements, first):
            page.parts.setdefault(f"lines[{line + element.order + 1}]", []).append(index)
        word_parts(page, block, rich(piece, used, page), first)
        line += block.lines
        page.order += 1
        y += block.height
    return page.fragment(area, y, description=plain(" ".join(pieces)))


def _column(
    pieces: tuple[str, ...], style: TextStyle, width: float, height: float, least: float, page: Page, align: Align
) -> list[tuple[TextBlock, TextStyle]]:
    """Paragraphs, all of one size, in the height at hand."""
    size = style.size
    while True:
        trial = Page(page.env)
        sized = _resized(style, size)
        blocks = [fitted(piece, sized, width, 1e6, min(least, size), trial, align=align) for piece in pieces]
        total = sum(block.height for block, _ in blocks) + 0.6 * size * max(0, len(blocks) - 1)
        if total <= height + 0.5 or size <= least:
            break
        size = max(least, size * 0.96)
    for problem in trial.problems:
        page.problem(problem)
    if total > height + 0.5:
        page.problem(
            Problem(
                "PVC0503",
                f"the text does not fit: at its least size of {least:.0f} px it is {total:.0f} px high, and there is "
                f"room for {height:.0f} px",
                "say it in fewer words, split it over two visuals, or give it a larger region",
            )
        )
    return blocks


def _resized(style: TextStyle, size: float) -> TextStyle:
    return replace(style, size=quantise(size))


def _choice(value: Value, default: str, allowed: tuple[str, ...], name: str, page: Page) -> str:
    """A word that must be one of a few."""
    if value is None:
        return default
    word = value.name if isinstance(value, Symbol) else str(value)
    if word in allowed:
        return word
    page.problem(Problem("PVC0505", f"`{name}` cannot be `{word}`", f"it is one of {', '.join(allowed)}"))
    return default


def _align(value: Value, page: Page) -> Align:
    word = _choice(value, "start", ("start", "center", "end", "left", "right"), "align", page)
    choices: dict[str, Align] = {"center": "center", "end": "end", "right": "end"}
    return choices.get(word, "start")


def bullets(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """A list. All items are of one size; marks hang in a column of their own; items come in one by one. With the body
    of the frame to itself it is set in rows as wide as that, parted by hairlines."""
    page = Page(env)
    value = arguments.get("items")
    items = [text_of(item) for item in value] if isinstance(value, tuple) else []
    for number, item in enumerate(items, 1):
        if not item.strip():
            page.problem(Problem("PVC0504", f"item {number} of the list is empty", "write what it should say"))
    items = [re.sub(r"\s*\n\s*", " ", item) for item in items if item.strip()]
    title = text_of(arguments.get("title"))
    numbered = arguments.get("numbered") is True
    if not items:
        page.problem(Problem("PVC0504", "the list has no items", "give `items` at least one text"))
    _lint(items, page)
    right = bool(items) and starts_right(items[0])
    head: TextBlock | None = None
    top = 0.0
    if title:
        style = style_of(env, "heading", weight=600, leading=1.15, scale=0.8, role="display")
        head, _ = fitted(title, style, box.width, box.height * 0.4, 40, page, what="the list's title")
        top = head.height + 34.0
    rows = box.alone and box.width >= _ROWS * env.reference[0]
    style = style_of(env, "body", leading=1.22, scale=_ROW_SIZE if rows else 1.0)
    size, least = style.size, _LEAST["body"]
    while True:
        trial = Page(env)
        sized = _resized(style, size)
        indent = _indent(len(items), sized, numbered, env)
        room = min(box.width, MEASURE * 1.25 * size) - indent
        blocks = [fitted(item, sized, room, 1e6, min(size, least), trial, what="the item")[0] for item in items]
        letters = top + sum(block.height for block in blocks)
        gap = _air(letters, len(blocks), size, box, rows)
        total = letters + gap * (len(blocks) if rows else max(0, len(blocks) - 1))
        if total <= box.height + 0.5 or size <= least:
            break
        size = max(least, size * 0.96)
    for problem in trial.problems:
        page.problem(problem)
    if total > box.height + 0.5:
        page.problem(
            Problem(
                "PVC0503",
                f"the list does not fit: at its least size of {least:.0f} px it is {total:.0f} px high, and there is "
                f"room for {box.height:.0f} px",
                "shorten the items or split the list over two scenes",
            )
        )
    inner = max((block.width for block in blocks), default=0.0)
    width = box.width if rows else max(inner + indent, head.width if head else 0.0)
    if head is not None:
        page.put(head, width - head.width if right else 0.0, 0.0, "title", text=title)
        page.order += 1
    y = top + (gap / 2 if rows else 0.0)
    for number, (block, item) in enumerate(zip(blocks, items, strict=True), 1):
        name = f"items[{number}]"
        _mark(page, number, numbered, width if right else 0.0, right, y + block.baseline, indent, sized, name)
        x = width - indent - block.width if right else indent
        first = len(page.elements)
        page.put(block, x, y, name, text=item)
        word_parts(page, block, rich(item, sized, page), first)
        if rows:
            _row_rule(page, y - gap / 2, width, right, name)
            if number == len(items):
                _row_rule(page, y + block.height + gap / 2, width, right, name)
        page.order += 1
        y += block.height + gap
    spoken = "; ".join(f"{number}. {plain(item)}" if numbered else plain(item) for number, item in enumerate(items, 1))
    described = f"List: {spoken}" if not title else f"{plain(title)}: {spoken}"
    height = max(0.0, y - (gap / 2 if rows else gap))
    return page.fragment(width, height, entrance="fade", description=described)


def _air(letters: float, count: int, size: float, box: Box, rows: bool) -> float:
    """Px between the items of a list, whose words and title are ``letters`` high: airy where there is room."""
    if rows:
        least, wide, upright = (2 * share * size for share in _ROW_AIR)
        most = upright if box.height > box.width else wide
        return max(least, min(most, (_ROWS_DOWN * box.height - letters) / max(1, count)))
    return (0.95 if letters + 0.95 * size * max(0, count - 1) <= 0.7 * box.height else 0.62) * size


def _row_rule(page: Page, y: float, width: float, right: bool, name: str) -> None:
    """A hairline over the whole width, drawn from where reading begins."""
    page.rule(width if right else 0.0, y, 0.0 if right else width, y, "rule", 2.0, name)


def _lint(items: list[str], page: Page) -> None:
    if len(items) > MOST_ITEMS:
        page.problem(
            Problem(
                "PVC0750",
                f"a list of {len(items)} items is more than a viewer takes in while listening",
                f"at most {MOST_ITEMS} items; split it, or say less",
                "warning",
            )
        )
    for number, item in enumerate(items, 1):
        words = len(plain(item).split())
        if words > 2 * MOST_WORDS:
            page.problem(
                Problem(
                    "PVC0751",
                    f"item {number} has {words} words; it will be read instead of the voice being heard",
                    f"about {MOST_WORDS} words an item; leave the rest to the narration",
                    "warning",
                )
            )


def _indent(count: int, style: TextStyle, numbered: bool, env: Env) -> float:
    if not numbered:
        return 0.9 * style.size
    widest = set_line(f"{'0' * len(str(count))}.", _number_style(style, env), env).width
    return widest + 0.45 * style.size


def _number_style(style: TextStyle, env: Env) -> TextStyle:
    return replace(style, weight=600, tabular=True, paint=paint_of(env, "accent"))


def _mark(
    page: Page,
    number: int,
    numbered: bool,
    edge: float,
    right: bool,
    baseline: float,
    indent: float,
    style: TextStyle,
    name: str,
) -> None:
    """An item's dot, in the middle of the first line's lower-case letters, or its figure."""
    if numbered:
        figure = f"\u200f{number}." if right else f"{number}."  # the mark before makes the point stand at its left
        block = set_line(figure, _number_style(style, page.env), page.env)
        x = edge - block.width if right else edge + indent - 0.45 * style.size - block.width
        page.put(block, x, baseline - block.baseline, name)
        return
    radius = 0.15 * style.size
    x = edge - radius if right else edge + radius
    y = baseline - 0.26 * style.size
    bounds = Rect(quantise(x - radius), quantise(y - radius), quantise(2 * radius), quantise(2 * radius))
    paint = paint_of(page.env, "accent")
    dot = Element(Shape(disc(x, y, radius), fill=paint), bounds, "dot", page.order, "mark", (quantise(x), quantise(y)))
    page.add(dot, name)


def quote(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """A quotation in the serif with an accent bar beside it, and who said it."""
    page = Page(env)
    source, by = text_of(arguments.get("text")), text_of(arguments.get("by"))
    if not source:
        page.problem(Problem("PVC0504", "the quotation is empty", "give the words as they stand in the source"))
    source = re.sub(r"\s*\n\s*", " ", source)
    bare = source.strip('"“”„«» ')
    right = starts_right(bare)
    inset, bar = 60.0, 8.0
    style = style_of(env, "body", role="serif", leading=1.34, scale=1.2)
    room = min(box.width - inset, 24 * style.size)
    opening, closing = quotes(env.language)
    block, used = fitted(bare + closing, style, room, box.height * (0.8 if by else 1.0), 36, page, what="the quotation")
    rows: list[tuple[TextBlock, str, str]] = [(block, "text", bare + closing)]
    if by:
        line = by if re.match(r"[—–]", by) else f"— {by}"
        small = style_of(env, "small", "muted", leading=1.25)
        rows.append((fitted(line, small, room, 100.0, 28, page, what="the source")[0], "by", line))
    inner = max(each.width for each, _, _ in rows)
    height = sum(each.height for each, _, _ in rows) + (30.0 if by else 0.0)
    width = inner + inset
    x = width - bar / 2 if right else bar / 2
    page.rule(x, 0.0, x, height, "accent", bar)
    page.order += 1
    mark = set_line(opening, used, env, raw=True)  # hung outside, so that the letters make the edge
    start = width - inset if right else inset - mark.width
    page.put(mark, start, block.baseline - mark.baseline, "text")
    y = 0.0
    for each, name, content in rows:
        left = width - inset - each.width if right else inset
        first = len(page.elements)
        page.put(each, left, y, name, by_line=True, text=content)
        if name == "text":
            word_parts(page, each, rich(content, used, page), first)
        page.order += 1
        y += each.height + 30.0
    described = f"Quotation: {plain(bare)}" + (f" ({plain(by)})" if by else "")
    return page.fragment(width, height, entrance="draw", description=described)


def citation(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """A paper's title, authors and year on a card."""
    page = Page(env)
    value = arguments.get("source")
    fields = dict(value.fields) if isinstance(value, Record) else {}
    title = text_of(fields.get("title")) or text_of(fields.get("name"))
    names = fields.get("authors")
    authors = [text_of(name) for name in names] if isinstance(names, tuple) else [text_of(names)]
    authors = [name for name in authors if name]
    year = str(fields.get("year") or "").strip()
    if not title:
        page.problem(
            Problem("PVC0504", "the cited source has no title", 'give it one: `paper x = pdf(..., title: "...")`')
        )
    pad, bar = 44.0, 34.0
    right = starts_right(title)
    room = min(box.width, 1180.0) - 2 * pad - bar
    style = style_of(env, "body", role="serif", weight=600, leading=1.22, scale=1.1)
    rows = [(fitted(title, style, room, box.height * 0.6, 34, page, what="the paper's title")[0], "title", title)]
    line = ", ".join(filter(None, (_names(authors), year)))
    if line:
        small = style_of(env, "small", "muted", leading=1.25)
        rows.append((fitted(line, small, room, 130.0, 28, page, what="the authors")[0], "authors", line))
    inner = max(block.width for block, _, _ in rows)
    height = sum(block.height for block, _, _ in rows) + 18.0 * (len(rows) - 1) + 2 * pad * 0.85
    width = inner + 2 * pad + bar
    page.surface(Rect(0.0, 0.0, width, height), "surface", 18.0)
    page.order += 1
    x = width - pad - 4.0 if right else pad + 4.0
    page.rule(x, pad * 0.9, x, height - pad * 0.9, "accent", 8.0)
    page.order += 1
    y = pad * 0.85
    for block, name, content in rows:
        left = width - pad - bar - block.width if right else pad + bar
        page.put(block, left, y, name, text=content)
        page.order += 1
        y += block.height + 18.0
    return page.fragment(width, height, entrance="draw", description=f"Source: {title}. {line}")


def _names(authors: list[str]) -> str:
    """Up to three names in full, else the first and "et al."."""
    if len(authors) > 3:
        return f"{authors[0]} et al."
    return ", ".join(authors[:-1]) + (" and " if len(authors) > 1 else "") + authors[-1] if authors else ""
