"""`diagrams.sequence`: actors side by side, and the messages between them from top to bottom in the order they are
sent. A call is a solid arrow, a reply (`-->`) a dashed one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.colors import concept_color, concept_parts, mix, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.layout.diagrams.drawing import HEAD, edge_path, quiet
from pvc.compiler.layout.labels import Look, heading, look, paragraph, put, rich
from pvc.compiler.layout.page import plain
from pvc.compiler.layout.sheet import Sheet, named, numbered, polyline
from pvc.compiler.model.display import Fragment, Path, Point, Rect, Stroke
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

MOST_ACTORS = 8
MOST_MESSAGES = 16

_ARROW = re.compile(r"\s*(-->|->|<--|<-|→|←)\s*")
_SIZES = (1.5, 1.25, 1.1, 1.0)
_WIDTHS = (16.0, 11.0, 8.0, 6.0)
"""Widths of labels tried, in label sizes."""

_LOOP = 64.0
_LINE = 3.5


@dataclass(frozen=True, slots=True)
class Message:
    """From one actor to another, by index; ``reply``: drawn dashed."""

    tail: int
    head: int
    label: str
    reply: bool


@dataclass(frozen=True, slots=True)
class _Set:
    """The diagram at a size of labels: ``xs`` are the lifelines, ``ys`` the arrows, measured from the top."""

    size: float
    heads: tuple[TextBlock, ...]
    labels: tuple[TextBlock | None, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    head_height: float
    width: float
    height: float


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Parts `actors["name"]`, `actors[n]`, `messages[n]`, `messages["text"]`, `lifelines`, `labels`, `title`."""
    sheet, seen = Sheet(), look(env)
    actors, messages = read(sheet, arguments)
    title = given.text(arguments, "title")
    above = heading(sheet, title, box.width, seen)
    top = above.height + seen.size if above else 0.0
    if not actors:
        return sheet.fragment(box.width, max(top, 1.0), entrance="grow")
    found = _fitted(sheet, actors, messages, Box(box.width, box.height - top), seen)
    if found.width > box.width + 0.5 or found.height > box.height - top + 0.5:
        needed = f"{round(found.width)} × {round(found.height)} px"
        sheet.problem(
            "PVC0553",
            f"the diagram needs {needed} at the least size of labels, it has {round(box.width)} × "
            f"{round(box.height - top)}",
            "give it a larger region, shorten its labels, or show fewer messages",
        )
    dx = (box.width - found.width) / 2 if title else 0.0
    _draw(sheet, actors, messages, found, max(0.0, dx), top, seen)
    width = box.width if title else found.width
    return sheet.fragment(
        *(width, top + found.height),
        entrance="grow",
        description=_described(title, actors, messages),
    )


def read(sheet: Sheet, arguments: Mapping[str, Value]) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """Actors in order and the messages between them; what is wrong is reported and left out. Without `actors` they
    stand in the order in which messages name them."""
    texts = given.texts(arguments, "messages")
    pieces = [found for number, text in enumerate(texts, 1) if (found := _split(sheet, text, number))]
    actors = tuple(dict.fromkeys(name for name in given.texts(arguments, "actors") if name))
    if not actors:
        actors = tuple(dict.fromkeys(name for tail, head, _, _ in pieces for name in (tail, head)))
    if not actors:
        sheet.problem(
            "PVC0584", "nobody takes part in the sequence", 'give it messages, as in `["client -> server: a request"]`'
        )
    if len(actors) > MOST_ACTORS or len(pieces) > MOST_MESSAGES:
        sheet.problem(
            "PVC0584",
            f"a sequence of {len(actors)} actors and {len(pieces)} messages cannot be followed in a video",
            f"show at most {MOST_ACTORS} actors and {MOST_MESSAGES} messages",
        )
        return (), ()
    messages = []
    for tail, head, label, reply in pieces:
        strange = next((name for name in (tail, head) if name not in actors), None)
        if strange is not None:
            near = get_close_matches(strange, actors, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"the actors are: {', '.join(actors)}"
            sheet.problem("PVC0584", f"no actor is called `{strange}`", hint)
            continue
        messages.append(Message(actors.index(tail), actors.index(head), label, reply))
    return actors, tuple(messages)


def _split(sheet: Sheet, text: str, number: int) -> tuple[str, str, str, bool] | None:
    """(sender, receiver, words, whether it is a reply)."""
    arrow = _ARROW.search(text)
    if arrow is None:
        sheet.problem("PVC0584", f"message {number} has no arrow: `{text}`", 'write "sender -> receiver: words"')
        return None
    first, rest = text[: arrow.start()].strip(), text[arrow.end() :]
    second, _, label = rest.partition(":")
    second = second.strip()
    if not first or not second:
        sheet.problem("PVC0584", f"message {number} has no two ends: `{text}`", 'write "sender -> receiver: words"')
        return None
    if arrow[1] in ("<-", "<--", "←"):
        first, second = second, first
    return first, second, label.strip(), arrow[1] in ("-->", "<--")


def _fitted(sheet: Sheet, actors: Sequence[str], messages: Sequence[Message], room: Box, seen: Look) -> _Set:
    """At the largest size of labels at which it fits; the smallest where none does."""
    found = None
    for factor in _SIZES:
        for ems in _WIDTHS:
            found = _at_size(sheet, actors, messages, room, seen.size * factor, ems, seen)
            if found.width <= room.width + 0.5 and found.height <= room.height + 0.5:
                return found
    assert found is not None
    return found


def _at_size(
    sheet: Sheet, actors: Sequence[str], messages: Sequence[Message], room: Box, size: float, ems: float, seen: Look
) -> _Set:
    env = seen.env
    bold, style = seen.style(size=size, weight=600), seen.style(size=max(seen.size, size * 0.86))
    heads = tuple(paragraph(rich(name, bold, env, sheet), bold, size * ems * 0.7, env, "center") for name in actors)
    labels = tuple(
        paragraph(rich(message.label, style, env, sheet), style, size * ems, env, "center") if message.label else None
        for message in messages
    )
    halves = [max(block.width + size * 1.4, size * 3.2) / 2 for block in heads]
    gaps = [halves[index] + halves[index + 1] + size * 0.8 for index in range(len(actors) - 1)]
    after = halves[-1]
    for message, label in sorted(zip(messages, labels, strict=True), key=lambda pair: abs(pair[0].head - pair[0].tail)):
        wide = (label.width if label else 0.0) + size * 1.1
        low, high = sorted((message.tail, message.head))
        if low == high:
            wide += _LOOP * 1.1
            if low == len(actors) - 1:
                after = max(after, wide)
            else:
                gaps[low] = max(gaps[low], wide + size * 0.5)
            continue
        lacking = wide + HEAD - sum(gaps[low:high])
        if lacking > 0:
            for index in range(low, high):
                gaps[index] += lacking / (high - low)
    wide = halves[0] + sum(gaps) + after
    if gaps and wide < room.width:  # wider where there is room, within reason
        stretch = min(2.2, 1 + (room.width - wide) / sum(gaps))
        gaps = [gap * stretch for gap in gaps]
    xs = [halves[0]]
    for gap in gaps:
        xs.append(xs[-1] + gap)
    head_height = max(block.height for block in heads) + size * 0.9
    steps = [
        max((label.height if label else 0.0) + size * 0.75, size * 1.5)
        if message.tail != message.head
        else max((label.height if label else 0.0) + size * 0.8, _LOOP * 1.15)
        for message, label in zip(messages, labels, strict=True)
    ]
    tail = size * 0.9
    needed = head_height + sum(steps) + tail
    if steps and needed < room.height:
        stretch = min(1.5, 1 + (room.height - needed) / sum(steps))
        steps = [step * stretch for step in steps]
    ys, y = [], head_height
    for message, step in zip(messages, steps, strict=True):
        y += step
        ys.append(y - (_LOOP * 0.3 if message.tail == message.head else 0.0))
    return _Set(size, heads, labels, tuple(xs), tuple(ys), head_height, xs[-1] + after, y + tail)


def _draw(
    sheet: Sheet, actors: Sequence[str], messages: Sequence[Message], found: _Set, dx: float, top: float, seen: Look
) -> None:
    box_fill, outline = quiet(seen)
    for index, (name, block) in enumerate(zip(actors, found.heads, strict=True)):
        x = found.xs[index] + dx
        concept = concept_color(seen.env, name)
        fill, line = (mix(seen.background, concept[1], 0.18), concept[1]) if concept else (box_fill, outline)
        parts = ("actors", numbered("actors", index + 1), named("actors", plain(name)), *concept_parts(seen.env, name))
        life = polyline(((x, top + found.head_height), (x, top + found.height)))
        sheet.shape(
            *(life, "line"),
            stroke=Stroke(line if concept else seen.rule, 2.5, (9.0, 9.0), "butt"),
            parts=(*parts, "lifelines"),
            order=2,
            morph=f"lifeline:{name}",
        )
        wide = max(block.width + found.size * 1.4, found.size * 3.2)
        rect = Rect(x - wide / 2 + 1.5, top + 1.5, wide - 3, found.head_height - 3)
        sheet.shape(
            *(rectangle(rect, min(14.0, rect.height / 3) * seen.env.theme.corners), "box"),
            fill=fill,
            stroke=Stroke(line, 2.5),
            parts=parts,
            order=1,
            morph=f"actor:{name}",
            origin=(x, top + found.head_height / 2),
        )
        put(
            *(sheet, block, x, top + (found.head_height - block.height) / 2),
            size=found.size,
            across="middle",
            parts=(*parts, "labels"),
            order=1,
            ground=fill,
            morph=f"actor-label:{name}",
        )
    for number, (message, label, y) in enumerate(zip(messages, found.labels, found.ys, strict=True), 1):
        _message(sheet, message, label, number, found, dx, top + y, seen)


def _message(
    sheet: Sheet, message: Message, label: TextBlock | None, number: int, found: _Set, dx: float, y: float, seen: Look
) -> None:
    order = number + 2
    parts = ["messages", numbered("messages", number), *concept_parts(seen.env, message.label)]
    if message.label:
        parts.append(named("messages", plain(message.label)))
    concept = concept_color(seen.env, message.label) if message.label else None
    color = readable(concept[1], seen.background, seen.text, 3.0) if concept else mix(seen.background, seen.text, 0.8)
    start, end = found.xs[message.tail] + dx, found.xs[message.head] + dx
    own = message.tail == message.head
    line, head, tip = _loop(start, y, message.reply) if own else _straight(start, end, y, message.reply)
    dash = (11.0, 8.0) if message.reply else ()
    stroke = Stroke(color, _LINE, dash, "butt" if dash else "round")
    sheet.shape(line, "line", stroke=stroke, parts=parts, order=order, morph=f"message:{number}")
    if dash:  # a dashed head would be lost; as a dot on the line it comes when the line arrives
        sheet.shape(
            *(head, "dot"),
            stroke=Stroke(color, _LINE),
            parts=parts,
            order=order,
            morph=f"message-head:{number}",
            origin=tip,
        )
    if label is None:
        return
    size = max(seen.size, found.size * 0.86)
    if own:
        put(
            *(sheet, label, start + _LOOP * 1.1, y - label.height / 2),
            size=size,
            parts=(*parts, "labels"),
            order=order,
            morph=f"message-label:{number}",
        )
        return
    middle, bottom = (start + end) / 2, y - size * 0.22
    if abs(message.tail - message.head) > 1:  # the label stands over a lifeline
        behind = Rect(middle - label.width / 2 - 8, bottom - label.height, label.width + 16, label.height - 1)
        sheet.shape(
            *(rectangle(behind), "box"), fill=seen.background, parts=parts, order=order, morph=f"behind:{number}"
        )
    put(
        *(sheet, label, middle, bottom),
        size=size,
        across="middle",
        along="bottom",
        parts=(*parts, "labels"),
        order=order,
        morph=f"message-label:{number}",
    )


def _straight(start: float, end: float, y: float, bare: bool) -> tuple[Path, Path, Point]:
    """An arrow between two lifelines (``bare``: without its head), the head alone, its tip."""
    sign = 1.0 if end > start else -1.0
    tip = end - sign * 2.0
    spline: list[Point] = [(start, y), (start + (tip - start) / 3, y), (start + (tip - start) * 2 / 3, y), (tip, y)]
    head = polyline(((tip - sign * HEAD, y - HEAD * 0.55), (tip, y), (tip - sign * HEAD, y + HEAD * 0.55)))
    return edge_path(spline, False, not bare), head, (tip, y)


def _loop(x: float, y: float, bare: bool) -> tuple[Path, Path, Point]:
    """A message to oneself: out to the right and back; as `_straight`."""
    rise = _LOOP * 0.3
    spline: list[Point] = [(x, y - rise), (x + _LOOP, y - rise * 1.2), (x + _LOOP, y + rise * 1.2), (x + 2.0, y + rise)]
    head = polyline(((x + HEAD, y + rise - HEAD * 0.55), (x + 2.0, y + rise), (x + HEAD, y + rise + HEAD * 0.55)))
    return edge_path(spline, False, not bare), head, (x + 2.0, y + rise)


def _described(title: str, actors: Sequence[str], messages: Sequence[Message]) -> str:
    told = [
        f"{actors[message.tail]} to {actors[message.head]}" + (f": {plain(message.label)}" if message.label else "")
        for message in messages
    ]
    head = title or "A sequence of messages"
    return f"{head} between {', '.join(actors)}. " + "; ".join(told) + ("." if told else "")
