"""`diagrams.timeline`: events along a line, each with its date. It runs to the right where the frame is wide, with the
events above and below the line in turn, and downwards where it is tall."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.charts.frame import spread
from pvc.compiler.layout.charts.positions import as_date
from pvc.compiler.layout.colors import concept_color, concept_parts, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, heading, longest_word, look, paragraph, put, rich
from pvc.compiler.layout.page import plain
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Paint, Stroke
from pvc.compiler.model.values import Record, Value
from pvc.compiler.text.style import TextBlock

MOST = 14
"""Events that can be followed."""

_SIZES = (1.5, 1.25, 1.1, 1.0)
_DOT = 11.0
_STEM = 30.0


@dataclass(frozen=True, slots=True)
class Event:
    """``when`` is the date as a number where it is one (a year, a date), for places in proportion."""

    date: str
    label: str
    text: str
    when: float | None


@dataclass(frozen=True, slots=True)
class _Card:
    """An event's lines, set: date, label, text."""

    blocks: tuple[tuple[str, TextBlock], ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Set:
    """``places`` of the events along the line and ``middles`` of their cards (px), ``line``: where the line is across
    it; ``over``: which cards stand above a line that runs to the right."""

    size: float
    down: bool
    cards: tuple[_Card, ...]
    places: tuple[float, ...]
    middles: tuple[float, ...]
    over: tuple[bool, ...]
    line: float
    width: float
    height: float
    fits: bool
    whole: bool = True
    """Whether no word of a label had to be broken."""


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Parts `events["label"]`, `events[n]`, `dates`, `axis`, `labels`, `title`."""
    sheet, seen = Sheet(), look(env)
    events = read(sheet, arguments.get("events"))
    title = given.text(arguments, "title")
    above = heading(sheet, title, box.width, seen)
    top = above.height + seen.size * 1.6 if above else 0.0
    if not events:
        return sheet.fragment(box.width, max(top, 1.0), entrance="grow")
    room = Box(box.width, box.height - top)
    found = _fitted(sheet, arguments, events, room, seen)
    if not found.fits:
        sheet.problem(
            "PVC0553",
            f"the timeline needs {round(found.width)} × {round(found.height)} px at the least size of labels, it has "
            f"{round(room.width)} × {round(room.height)}",
            "show fewer events, shorten their texts, or give it a larger region",
        )
    _draw(sheet, events, found, top, seen)
    return sheet.fragment(
        *(found.width, top + found.height),
        entrance="grow",
        description=_described(title, events),
    )


def read(sheet: Sheet, value: Value) -> tuple[Event, ...]:
    """The events in the order given; what is wrong with one is reported."""
    items = value if isinstance(value, tuple) else ()
    found = []
    for number, item in enumerate(items, 1):
        if isinstance(item, Record):
            fields = {name: given.as_text(field).strip() for name, field in item.fields}
            for strange in (name for name in fields if name not in ("date", "label", "text")):
                sheet.problem(
                    "PVC0586",
                    f"event {number} has a field `{strange}`, which means nothing",
                    "an event has a `date`, a `label` and a `text`",
                )
            date, label, text = (fields.get(name, "") for name in ("date", "label", "text"))
        else:
            date, _, label = given.as_text(item).partition(":")
            date, label, text = date.strip(), label.strip(), ""
        if not label and not date:
            sheet.problem(
                "PVC0586", f"event {number} says nothing", 'write "2017: what happened", or { date: ..., label: ... }'
            )
            continue
        found.append(Event(date, label, text, when(date)))
    if len(found) > MOST:
        sheet.problem(
            "PVC0586",
            f"a timeline of {len(found)} events cannot be followed in a video",
            f"show at most {MOST} of them",
        )
        return ()
    if not items:
        sheet.problem("PVC0586", "the timeline has no events", 'give it some, as in `["2017: Attention"]`')
    return tuple(found)


def when(date: str) -> float | None:
    """A date as days (2017, 2017-06, 2017-06-12) or a year's number (-300, `300 BC`); None for other words."""
    plainly = date.strip().replace("\N{MINUS SIGN}", "-")
    day = as_date(plainly)
    if day is not None:
        return day
    year = re.fullmatch(r"(-?\d{1,6})(?:\s*(BC|BCE|AD|CE))?", plainly)
    if year is None:
        return None
    return float(year[1]) * 365.2425 * (-1 if year[2] in ("BC", "BCE") else 1)


def _fitted(sheet: Sheet, arguments: Mapping[str, Value], events: Sequence[Event], room: Box, seen: Look) -> _Set:
    """The largest size of labels at which it fits, in the direction that suits the room; the last tried where none
    does."""
    direction = given.text(arguments, "direction", "auto")
    ways = [direction == "down"] if direction != "auto" else [False, True]
    if direction == "auto" and room.height > room.width:
        ways.reverse()
    broken: _Set | None = None
    for factor in _SIZES:
        for down in ways:
            for even in _spacings(given.text(arguments, "spacing", "auto"), events):
                made = _downwards if down else _rightwards
                found = made(sheet, events, seen.size * factor, even, room, seen)
                if found.fits and found.whole:
                    return found
                if found.fits and broken is None:
                    broken = found
    if broken is not None:
        return broken
    last = _downwards if ways[0] else _rightwards
    return last(sheet, events, seen.size, True, room, seen)


def _spacings(wanted: str, events: Sequence[Event]) -> tuple[bool, ...]:
    """Whether events stand at even distances, in the order in which this is tried: in proportion to their dates where
    all of them have one, they are in order, and no two are too close for it."""
    dates = [event.when for event in events]
    known = [date for date in dates if date is not None]
    ordered = len(known) == len(dates) > 1 and known == sorted(known) and known[0] < known[-1]
    if wanted == "even" or not ordered:
        return (True,)
    return (False,) if wanted == "dates" else (False, True)


def _shares(events: Sequence[Event], even: bool) -> list[float]:
    """Where events stand along the line, 0..1."""
    if len(events) == 1:
        return [0.5]
    dates = [event.when for event in events if event.when is not None]
    if even or len(dates) < len(events):
        return [index / (len(events) - 1) for index in range(len(events))]
    return [(date - dates[0]) / (dates[-1] - dates[0]) for date in dates]


def _card(sheet: Sheet, event: Event, size: float, width: float, align: str, seen: Look, dated: bool) -> _Card:
    small = max(seen.size, size * 0.82)
    accent = _color(event, seen)
    kinds = (
        (
            "date",
            event.date if dated else "",
            seen.style(readable(accent, seen.background, seen.text), weight=600, size=small),
        ),
        ("label", event.label, seen.style(weight=600, size=size)),
        ("text", event.text, seen.style(seen.muted, size=small)),
    )
    blocks = tuple(
        (
            kind,
            paragraph(
                rich(text, style, seen.env, sheet), style, width, seen.env, "center" if align == "center" else "start"
            ),
        )
        for kind, text, style in kinds
        if text
    )
    return _Card(
        blocks, max((block.width for _, block in blocks), default=0.0), sum(block.height for _, block in blocks)
    )


def _color(event: Event, seen: Look) -> Paint:
    concept = concept_color(seen.env, event.label)
    return concept[1] if concept else seen.accent


def _rightwards(sheet: Sheet, events: Sequence[Event], size: float, even: bool, room: Box, seen: Look) -> _Set:
    """A level line; cards above and below it in turn, each centred at its event or as near as others leave room."""
    gap = size * 0.8
    slots = max(1.0, (len(events) + 1) / 2)
    width = min(size * 11, room.width / slots - gap)
    cards = tuple(_card(sheet, event, size, max(width, size * 3), "center", seen, True) for event in events)
    half = max(cards[0].width, cards[-1].width) / 2
    edge = max(min(half, room.width / 4), _DOT + 4)
    places = tuple(edge + share * (room.width - 2 * edge) for share in _shares(events, even))
    over = tuple(index % 2 == 0 for index in range(len(events)))
    middles = [0.0] * len(events)
    fits = True
    for above in (True, False):
        side = [index for index in range(len(events)) if over[index] == above]
        widths = [cards[index].width + gap for index in side]
        if not side:
            continue
        moved = spread([places[index] for index in side], widths, -gap / 2, room.width + gap / 2)
        fits = fits and sum(widths) <= room.width + gap + 0.5
        for index, middle in zip(side, moved, strict=True):
            middles[index] = middle
            fits = fits and abs(middle - places[index]) <= max(cards[index].width / 2 - _DOT, _DOT)
    words = max((card.width for card in cards), default=0.0)
    tops = max((card.height for card, above in zip(cards, over, strict=True) if above), default=0.0)
    bottoms = max((card.height for card, above in zip(cards, over, strict=True) if not above), default=0.0)
    line = tops + _STEM + _DOT
    height = line + (_DOT + _STEM + bottoms if bottoms else _DOT + 2)
    fits = fits and height <= room.height + 0.5 and words <= width + 0.5 and _apart(places)
    bold = seen.style(weight=600, size=size)
    whole = all(longest_word(plain(event.label), bold, seen.env) <= max(width, size * 3) for event in events)
    return _Set(size, False, cards, places, tuple(middles), over, line, room.width, height, fits, whole)


def _downwards(sheet: Sheet, events: Sequence[Event], size: float, even: bool, room: Box, seen: Look) -> _Set:
    """An upright line with the dates at its left and the cards at its right."""
    gap = size * 0.7
    dates = [_date(sheet, event, size, seen) for event in events]
    line = max((block.width for block in dates if block), default=0.0) + _DOT + size * 0.7
    width = min(room.width - line - _DOT - size * 0.7, size * 22)
    cards = tuple(_card(sheet, event, size, max(width, size * 3), "start", seen, False) for event in events)
    heights = [
        max(card.height, size * 1.2, date.height if date else 0.0) + gap
        for card, date in zip(cards, dates, strict=True)
    ]
    least = sum(heights)
    length = min(room.height, max(least, least * 1.5)) if room.height > least else least
    first, last = heights[0] / 2, heights[-1] / 2
    wanted = [first + share * (length - first - last) for share in _shares(events, even)]
    middles = spread(wanted, heights, 0.0, length)
    fits = least <= room.height + 0.5 and all(
        abs(middle - place) <= size * 0.6 for middle, place in zip(middles, wanted, strict=True)
    )
    fits = fits and max((card.width for card in cards), default=0.0) <= width + 0.5
    fits = fits and all(block.width <= size * 6 + 0.5 and block.height <= size * 2.6 for block in dates if block)
    whole = line + _DOT + size * 0.7 + max(card.width for card in cards)
    return _Set(*(size, True, cards, tuple(middles), tuple(middles)), (False,) * len(events), line, whole, length, fits)


def _date(sheet: Sheet, event: Event, size: float, seen: Look) -> TextBlock | None:
    style = seen.style(readable(_color(event, seen), seen.background, seen.text), weight=600, size=size)
    return paragraph(rich(event.date, style, seen.env, sheet), style, size * 6, seen.env, "end") if event.date else None


def _apart(places: Sequence[float]) -> bool:
    return all(two - one >= 3 * _DOT for one, two in pairwise(places))


def _draw(sheet: Sheet, events: Sequence[Event], found: _Set, top: float, seen: Look) -> None:
    stroke = Stroke(seen.muted, 3.0)
    if found.down:
        axis = polyline(((found.line, top + 2.0), (found.line, top + found.height - 2.0)))
    else:
        axis = polyline(((2.0, top + found.line), (found.width - 2.0, top + found.line)))
    sheet.shape(axis, "line", stroke=stroke, parts=("axis",), morph="axis")
    for index, (event, card) in enumerate(zip(events, found.cards, strict=True)):
        place, middle = found.places[index], found.middles[index]
        order, color = index + 1, _color(event, seen)
        name = plain(event.label or event.date)
        parts = ("events", numbered("events", index + 1), named("events", name), *concept_parts(seen.env, event.label))
        x, y = (found.line, top + place) if found.down else (place, top + found.line)
        if not found.down:
            end = y - _DOT - _STEM + 6 if found.over[index] else y + _DOT + _STEM - 6
            stem = polyline(((x, y), (x, end)))
            sheet.shape(
                stem, "line", stroke=Stroke(seen.rule, 2.5, cap="butt"), parts=parts, order=order, morph=f"stem:{name}"
            )
        sheet.shape(
            *(disc(x, y, _DOT), "box"),
            fill=color,
            stroke=Stroke(seen.background, 4.0),
            parts=parts,
            order=order,
            morph=f"event:{name}",
            origin=(x, y),
        )
        if found.down:
            date = _date(sheet, event, found.size, seen)
            left = found.line + _DOT + found.size * 0.7
            line = top + middle - card.height / 2
            if date is not None:
                first = card.blocks[0][1] if card.blocks else date
                put(
                    *(sheet, date, found.line - _DOT - found.size * 0.7, line + first.baseline - date.baseline),
                    size=found.size,
                    across="end",
                    parts=(*parts, "dates", "labels"),
                    order=order,
                    morph=f"date:{name}",
                )
        else:
            left = middle
            line = y - _DOT - _STEM - card.height if found.over[index] else y + _DOT + _STEM
        for kind, block in card.blocks:
            put(
                *(sheet, block, left, line),
                size=found.size,
                across="start" if found.down else "middle",
                parts=(*parts, "labels", *(("dates",) if kind == "date" else ())),
                order=order,
                morph=f"{kind}:{name}",
            )
            line += block.height


def _described(title: str, events: Sequence[Event]) -> str:
    told = [": ".join(part for part in (event.date, plain(event.label), plain(event.text)) if part) for event in events]
    return f"{title or 'Timeline'}. {'; '.join(told)}."
