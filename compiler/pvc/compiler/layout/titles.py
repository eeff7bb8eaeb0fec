"""What opens, heads and closes a talk: title, heading, lower third, end card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.page import MEASURE, Page, concept_parts, fitted, starts_right, style_of
from pvc.compiler.model.display import Fragment, Problem, Rect, quantise
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock, TextStyle

_RULE = (112.0, 6.0)
"""Length and thickness of the accent rule, px."""
_PAGE = (0.8, 0.55)
"""Shares of the frame's width and of its shorter side from which on a title is a page."""
_OPENING = (1.5, 1.38, 1.26, 1.14)
"""How much larger than elsewhere a title on a page may be."""
_OPENING_WIDTH = 0.8
"""Share of the frame's width that it takes at most."""
_OPTICAL = 0.42
"""Share of the spare height that is above it."""
_FOOT = 56.0
"""Px between the foot of a page and what is above it; its hairline lies in the middle of them."""


def _text(arguments: Mapping[str, Value], name: str) -> str:
    value = arguments.get(name)
    return value.strip() if isinstance(value, str) else ""


def _stack(
    page: Page,
    rows: list[tuple[TextBlock | None, float, tuple[str, ...], str]],
    right: bool,
    top: float = 0.0,
    width: float = 0.0,
) -> Rect:
    """Blocks one below the other from ``top``, each with the gap above it; None is the accent rule. All start at one
    edge of ``width`` px, or of the widest."""
    width = width or max((block.width for block, _, _, _ in rows if block is not None), default=0.0)
    y = top
    for block, gap, parts, text in rows:
        y += gap
        if block is None:
            length, thick = min(_RULE[0], width), _RULE[1]
            start = width if right else 0.0
            page.rule(start, y + thick / 2, start - length if right else length, y + thick / 2, "accent", thick, *parts)
            y += thick
        else:
            first = len(page.elements)
            page.put(block, width - block.width if right else 0.0, y, *parts, text=text)
            concept_parts(page, block, text, first)
            y += block.height
        page.order += 1
    return Rect(0.0, 0.0, width, y)


def _title_block(text: str, style: TextStyle, width: float, height: float, page: Page) -> TextBlock:
    """The title in at most three lines, if it can be so in a size worthy of a title; else in as many as it takes."""
    trial = Page(page.env)
    block, _ = fitted(text, style, width, min(height, 3.3 * style.size), 68, trial, what="the title")
    if trial.problems:
        block, _ = fitted(text, replace(style, size=min(style.size, 72.0)), width, height, 56, page, what="the title")
    return block


def title(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """The opening card: rule, title, subtitle, authors, at one edge. With the frame to itself it is a page: the title
    large above the middle, and who speaks at the foot, under a hairline."""
    page = Page(env)
    text, subtitle, authors = (_text(arguments, name) for name in ("text", "subtitle", "authors"))
    if not text:
        page.problem(Problem("PVC0504", "the title is empty", "say in a few words what the talk is about"))
    if box.width >= _PAGE[0] * env.reference[0] and box.height >= _PAGE[1] * min(env.reference):
        return _title_page(text, subtitle, authors, box, page)
    room = box.height * (0.62 if subtitle or authors else 0.85)
    style = style_of(env, "title", weight=700, leading=1.1, role="display")
    block = _title_block(text, style, min(box.width, 15.5 * style.size), room, page)
    width = min(box.width, max(block.width, 13 * style.size))
    rows: list[tuple[TextBlock | None, float, tuple[str, ...], str]] = [
        (None, 0.0, ("rule",), ""),
        (block, 34.0, ("text",), text),
    ]
    used = 40.0 + block.height
    if subtitle:
        style = style_of(env, "body", "muted", leading=1.25)
        below, _ = fitted(subtitle, style, width, max(50.0, (box.height - used) * 0.6), 32, page, what="the subtitle")
        rows.append((below, 26.0, ("subtitle",), subtitle))
        used += 26.0 + below.height
    if authors:
        style = style_of(env, "small", "text", weight=600)
        last, _ = fitted(authors, style, width, max(44.0, box.height - used), 28, page, what="the authors")
        rows.append((last, 46.0, ("authors",), authors))
    area = _stack(page, rows, starts_right(text))
    described = ". ".join(filter(None, (f"Title: {text}", subtitle, f"By {authors}" if authors else "")))
    return page.fragment(area.width, area.height, entrance="draw", description=described)


def _opening(text: str, box: Box, page: Page) -> TextBlock:
    """A title as large as a page wants it: the largest of a few steps at which it takes no more lines than it takes in
    the theme's own size; the theme's own where it is long."""
    style = style_of(page.env, "title", weight=700, leading=1.08, role="display")
    width = min(box.width, _OPENING_WIDTH * page.env.reference[0])
    plain = _title_block(text, style, width, 0.62 * box.height, Page(page.env))
    for step in _OPENING:
        larger = replace(style, size=quantise(style.size * step))
        trial = Page(page.env)
        block, used = fitted(text, larger, width, 0.5 * box.height, larger.size, trial, what="the title")
        if not trial.problems and used.size == larger.size and block.lines <= max(2, plain.lines):
            return block
    return _title_block(text, style, width, 0.62 * box.height, page)


def _title_page(text: str, subtitle: str, authors: str, box: Box, page: Page) -> Fragment:
    env = page.env
    right = starts_right(text)
    block = _opening(text, box, page)
    rows: list[tuple[TextBlock | None, float, tuple[str, ...], str]] = [
        (None, 0.0, ("rule",), ""),
        (block, 40.0, ("text",), text),
    ]
    if subtitle:
        style = style_of(env, "body", "muted", leading=1.25, scale=1.12)
        room = max(60.0, 0.8 * box.height - block.height)
        width = min(box.width, 1.15 * MEASURE * style.size)
        below, _ = fitted(subtitle, style, width, room, 32, page, what="the subtitle")
        rows.append((below, 30.0, ("subtitle",), subtitle))
    height = _RULE[1] + sum(gap + (each.height if each is not None else 0.0) for each, gap, _, _ in rows)
    foot: TextBlock | None = None
    if authors:
        style = style_of(env, "small", weight=600)
        foot, _ = fitted(authors, style, box.width, 0.25 * box.height, 28, page, what="the authors")
    strip = foot.height + _FOOT if foot is not None else 0.0
    if height + strip > box.height + 0.5:
        page.problem(
            Problem(
                "PVC0503",
                f"title, subtitle and authors do not fit: they need {height + strip:.0f} px of height and have "
                f"{box.height:.0f}",
                "say it in fewer words, and leave what can be said later to the narration",
            )
        )
    top = max(0.0, _OPTICAL * (box.height - height - strip))
    _stack(page, rows, right, top, box.width)
    if foot is not None:
        line = box.height - strip + _FOOT / 2
        page.rule(0.0, line, box.width, line, "rule", 2.0, "rule")
        page.order += 1
        page.put(foot, box.width - foot.width if right else 0.0, box.height - foot.height, "authors", text=authors)
    described = ". ".join(filter(None, (f"Title: {text}", subtitle, f"By {authors}" if authors else "")))
    fragment = page.fragment(box.width, box.height, entrance="draw", description=described)
    return replace(fragment, stretch=True)


def heading(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """A scene's heading."""
    page = Page(env)
    text = _text(arguments, "text")
    if not text:
        page.problem(Problem("PVC0504", "the heading is empty", "say in a few words what the scene shows"))
    style = style_of(env, "heading", weight=600, leading=1.15, role="display")
    block, _ = fitted(text, style, box.width, box.height, 44, page, what="the heading")
    width = box.width if starts_right(text) else block.width  # its place is at the top left, of what it covers
    page.put(block, width - block.width, 0.0, "text", text=text)
    concept_parts(page, block, text, 0)
    fragment = page.fragment(width, block.height, description=f"Heading: {text}")
    return replace(fragment, baseline=block.baseline)


def lower_third(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """A name and a role on a surface with an accent bar."""
    page = Page(env)
    name, role = _text(arguments, "name"), _text(arguments, "role")
    if not name:
        page.problem(Problem("PVC0504", "the lower third names nobody", "give the speaker's name"))
    pad_x, pad_y, bar = 32.0, 26.0, 30.0
    room = min(box.width, 900.0) - 2 * pad_x - bar
    style = style_of(env, "body", weight=600, leading=1.15)
    first, _ = fitted(name, style, room, 120.0, 34, page, what="the name")
    second: TextBlock | None = None
    if role:
        second, _ = fitted(role, style_of(env, "small", "muted", leading=1.2), room, 90.0, 28, page, what="the role")
    inner_width = max(first.width, second.width if second else 0.0)
    inner_height = first.height + (10.0 + second.height if second else 0.0)
    width, height = inner_width + 2 * pad_x + bar, inner_height + 2 * pad_y
    right = starts_right(name)
    page.surface(Rect(0.0, 0.0, width, height), "surface", 14.0)
    page.order += 1
    x = width - pad_x - 4.0 if right else pad_x + 4.0
    page.rule(x, height - pad_y, x, pad_y, "accent", 8.0)
    page.order += 1
    left = pad_x if right else pad_x + bar
    edge = left + inner_width
    page.put(first, edge - first.width if right else left, pad_y, "name", text=name)
    page.order += 1
    if second is not None:
        page.put(second, edge - second.width if right else left, pad_y + first.height + 10.0, "role", text=role)
    described = f"{name}, {role}" if role else name
    return page.fragment(width, height, entrance="draw", description=described)


def end_card(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Thanks, what to cite, links and credits, one below the other and centred."""
    page = Page(env)
    text, citation, credits = (_text(arguments, name) for name in ("title", "citation", "credits"))
    value = arguments.get("links")
    links = [link.strip() for link in value if isinstance(link, str)] if isinstance(value, tuple) else []
    width = min(box.width, 1300.0)
    style = style_of(env, "title", weight=700, leading=1.1, scale=0.85, role="display")
    head, _ = fitted(text, style, width, box.height * 0.4, 56, page, align="center", what="the title")
    rows: list[tuple[TextBlock | None, float, tuple[str, ...], str]] = [(head, 0.0, ("title",), text)]
    rows.append((None, 30.0, (), ""))
    if citation:
        style = style_of(env, "body", role="serif", leading=1.3, scale=0.95)
        block, _ = fitted(citation, style, width, box.height * 0.3, 32, page, align="center", what="the citation")
        rows.append((block, 38.0, ("citation",), citation))
    for number, link in enumerate(links, 1):
        style = style_of(env, "small", "accent", weight=600, leading=1.2)
        block, _ = fitted(link, style, width, 90.0, 28, page, align="center", what="the link", markdown=False)
        rows.append((block, 38.0 if number == 1 else 14.0, (f"links[{number}]", "links"), link))
    if credits:
        style = style_of(env, "small", "muted", leading=1.25, scale=0.95)
        block, _ = fitted(credits, style, width, 120.0, 28, page, align="center", what="the credits")
        rows.append((block, 52.0, ("credits",), credits))
    inner = max((block.width for block, _, _, _ in rows if block is not None), default=0.0)
    y = 0.0
    for row, gap, parts, content in rows:
        y += gap
        if row is None:
            page.rule((inner - _RULE[0]) / 2, y + 3.0, (inner + _RULE[0]) / 2, y + 3.0, "accent", _RULE[1], *parts)
            y += _RULE[1]
        else:
            page.put(row, (inner - row.width) / 2, y, *parts, text=content)
            y += row.height
        page.order += 1
    if y > box.height + 0.5:
        page.problem(
            Problem(
                "PVC0503",
                f"the end card needs {y:.0f} px of height and has {box.height:.0f}",
                "leave out a link or shorten the credits",
            )
        )
    described = ". ".join(filter(None, (text, citation, *links, credits)))
    return page.fragment(inner, y, entrance="draw", description=described)
