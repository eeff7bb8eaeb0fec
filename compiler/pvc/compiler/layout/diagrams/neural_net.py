"""`diagrams.neural_net`: layers of neurons with the edges between them. Large layers show their first and last neurons
with an ellipsis between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pvc.compiler.layout import arguments as given
from pvc.compiler.layout.colors import concept_color, concept_parts, mix, readable
from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.labels import Look, heading, line, look, paragraph, put, rich
from pvc.compiler.layout.numbers import fixed
from pvc.compiler.layout.page import plain
from pvc.compiler.layout.sheet import Sheet, disc, named, numbered
from pvc.compiler.model.display import Fragment, Paint, Path, Point, Stroke, quantise
from pvc.compiler.model.values import Value
from pvc.compiler.text.style import TextBlock

MOST_LAYERS = 12

MOST_SHOWN = 16
"""Neurons that a layer may show at most."""

_RADIUS = (10.0, 34.0)
"""The least and the largest radius of a neuron, px."""

_APART = 0.9
"""Between two names in a row, in their size."""


@dataclass(frozen=True, slots=True)
class Layer:
    """``size`` neurons, of which those with the numbers ``shown`` (from 1) are drawn, with an ellipsis where numbers
    are left out."""

    name: str
    size: int
    shown: tuple[int, ...]

    @property
    def places(self) -> tuple[int | None, ...]:
        """What stands at each place of the layer: a neuron's number, None for the ellipsis."""
        found: list[int | None] = []
        for number in self.shown:
            if found and found[-1] is not None and number != found[-1] + 1:
                found.append(None)
            found.append(number)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Plan:
    """``at(along, across)``: layers follow each other along x, or down where ``down``."""

    down: bool
    radius: float
    step: float
    centers: tuple[float, ...]
    middle: float
    ends: tuple[float, float] = (0.0, 0.0)
    """The least steps of the first and of the last layer, whose neurons have names beside each other."""

    def place(self, layer: Layer, index: int, number: int) -> Point:
        named = (self.ends[0] if index == 0 else 0.0, self.ends[1] if index == len(self.centers) - 1 else 0.0)
        across = self.middle + (number - (len(layer.places) - 1) / 2) * max(self.step, *named)
        return (across, self.centers[index]) if self.down else (self.centers[index], across)


def lay_out(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Parts `layers["name"]`, `layers[n]`, `neurons["layer,neuron"]`, `edges[n]` (those behind layer n), `labels`,
    `title`."""
    sheet, seen = Sheet(), look(env)
    layers = read(sheet, arguments)
    title = given.text(arguments, "title")
    above = heading(sheet, title, box.width, seen)
    top = above.height + seen.size if above else 0.0
    if not layers:
        return sheet.fragment(box.width, max(top, 1.0), entrance="grow")
    roomy = box.width >= 900 and len(layers) <= 6
    larger = replace(seen, size=seen.size * 1.25) if roomy else seen
    width, height = _drawn(sheet, arguments, layers, box, top, larger)
    if width > box.width + 0.5 or height > box.height + 0.5:
        sheet.problem(
            "PVC0553",
            f"the network needs {round(width)} × {round(height)} px, it has {round(box.width)} × {round(box.height)}",
            "show fewer neurons of each layer (`most: 5`) or fewer layers, or give it a larger region",
        )
    return sheet.fragment(
        *(box.width if title else width, height),
        entrance="grow",
        description=_described(title, layers),
    )


def read(sheet: Sheet, arguments: Mapping[str, Value]) -> tuple[Layer, ...]:
    """The layers; none where their sizes are wrong."""
    value = arguments.get("layers")
    sizes = [item for item in value if isinstance(item, int)] if isinstance(value, tuple) else []
    names = given.texts(arguments, "names")
    if not sizes or min(sizes) < 1 or len(sizes) > MOST_LAYERS:
        sheet.problem(
            "PVC0585",
            f"a network has 1 to {MOST_LAYERS} layers of at least one neuron each",
            "write how many neurons each layer has, as in `[4, 8, 8, 2]`",
        )
        return ()
    if names and len(names) != len(sizes):
        sheet.problem(
            "PVC0585", f"`names` names {len(names)} of {len(sizes)} layers", 'give one for each, `""` for none'
        )
    most = given.whole(arguments, "most", 7)
    if not 2 <= most <= MOST_SHOWN:
        sheet.problem("PVC0585", f"`most` is {most}", f"a layer can show 2 to {MOST_SHOWN} neurons")
        most = 7
    found = []
    for index, size in enumerate(sizes):
        first = most - most // 2
        shown = range(1, size + 1) if size <= most else (*range(1, first + 1), *range(size - most // 2 + 1, size + 1))
        found.append(Layer(names[index] if index < len(names) else "", size, tuple(shown)))
    return tuple(found)


def _drawn(
    sheet: Sheet, arguments: Mapping[str, Value], layers: Sequence[Layer], box: Box, top: float, seen: Look
) -> tuple[float, float]:
    """Everything below ``top``; returns width and height of the whole."""
    direction = given.text(arguments, "direction", "auto")
    down = direction == "down" or (direction == "auto" and box.height - top > box.width * 1.2)
    heads = _heads(sheet, layers, box, down, seen)
    beside = max((block.width + seen.size * 0.7 for blocks in heads for block in blocks), default=0.0)
    inputs, outputs = (
        _ends(sheet, arguments, name, (box.width - beside) / len(layer.places) if down else None, seen)
        for name, layer in (("inputs", layers[0]), ("outputs", layers[-1]))
    )
    room = Box(box.width, box.height - top)
    plan, width, height = _planned(layers, heads, inputs, outputs, room, down, seen)
    plan = _moved(plan, top)
    colors = [_color(layer, seen) for layer in layers]
    for index in range(len(layers) - 1):
        _edges(sheet, layers, index, plan, colors, seen)
    for index, layer in enumerate(layers):
        _layer(sheet, layer, index, plan, colors[index], seen)
    _label(sheet, layers, heads, plan, top, width, seen)
    for blocks, index, sign in ((inputs, 0, -1.0), (outputs, len(layers) - 1, 1.0)):
        _name_ends(sheet, layers[index], index, blocks, plan, sign, seen)
    return width, top + height


def _heads(sheet: Sheet, layers: Sequence[Layer], box: Box, down: bool, seen: Look) -> list[list[TextBlock]]:
    """The name of each layer and, where not all of its neurons are shown or it has a name, how many it has."""
    width = box.width * 0.24 if down else box.width / len(layers) * 0.94
    style, quiet = seen.style(weight=600), seen.style(seen.muted)
    align: Literal["start", "center"] = "start" if down else "center"
    found = []
    for layer in layers:
        blocks = []
        if layer.name:
            color = _color(layer, seen)
            own = seen.style(readable(color, seen.background, seen.text), weight=600) if _speaks(layer, seen) else style
            blocks.append(paragraph(rich(layer.name, own, seen.env, sheet), own, width, seen.env, align))
        if layer.name or len(layer.shown) < layer.size:
            blocks.append(line(fixed(layer.size, 0, seen.env.language), quiet, seen.env))
        found.append(blocks)
    return found


def _ends(sheet: Sheet, arguments: Mapping[str, Value], name: str, share: float | None, seen: Look) -> list[TextBlock]:
    """The names of neurons; in a row, where each has a ``share`` of its width, they are broken into lines."""
    style = seen.style()
    if share is not None:
        room = max(share - seen.size * _APART, 1.0)
        return [
            paragraph(rich(text, style, seen.env, sheet), style, room, seen.env, "center")
            for text in given.texts(arguments, name)
        ]
    return [line(rich(text, style, seen.env, sheet), style, seen.env) for text in given.texts(arguments, name)]


def _planned(
    layers: Sequence[Layer],
    heads: Sequence[Sequence[TextBlock]],
    inputs: Sequence[TextBlock],
    outputs: Sequence[TextBlock],
    room: Box,
    down: bool,
    seen: Look,
) -> tuple[_Plan, float, float]:
    """Radius and steps as large as the room allows, and the size of the whole."""
    most = max(len(layer.places) for layer in layers)
    wide = max((max((block.width for block in blocks), default=0.0) for blocks in heads), default=0.0)
    tall = max((sum(block.height for block in blocks) for blocks in heads), default=0.0)
    gap = seen.size * 0.7
    if down:
        ends = [
            max((block.height for block in blocks), default=0.0) + gap if blocks else 0.0
            for blocks in (inputs, outputs)
        ]
        across = room.width - (wide + gap if wide else 0.0)
        along = room.height - sum(ends)
    else:
        ends = [
            max((block.width for block in blocks), default=0.0) + gap if blocks else 0.0 for blocks in (inputs, outputs)
        ]
        across = room.height - (tall + gap if tall else 0.0)
        along = room.width - sum(ends)
    step = min(_RADIUS[1] * 2.9, across / most)
    radius = max(_RADIUS[0], min(_RADIUS[1], step * 0.36))
    step = max(step, radius * 2.3)
    between = max(radius * 4.5, wide + gap if not down else tall + gap)
    side = max(radius + 2, (tall if down else wide) / 2)
    if len(layers) > 1:
        between = max(between, min(along - 2 * side, (len(layers) - 1) * step * 4.2) / (len(layers) - 1))
    begin = ends[0] + side
    centers = tuple(begin + between * index for index in range(len(layers)))
    length = centers[-1] + side + ends[1]
    breadth = most * step
    if down:
        steps = [
            max((block.width + seen.size * _APART for block in blocks), default=0.0) for blocks in (inputs, outputs)
        ]
        breadth = max(breadth, steps[0] * len(layers[0].places), steps[1] * len(layers[-1].places))
        return (
            _Plan(True, radius, step, centers, breadth / 2, (steps[0], steps[1])),
            breadth + (wide + gap if wide else 0.0),
            length,
        )
    return _Plan(False, radius, step, centers, breadth / 2), length, breadth + (tall + gap if tall else 0.0)


def _moved(plan: _Plan, top: float) -> _Plan:
    if plan.down:
        return replace(plan, centers=tuple(y + top for y in plan.centers))
    return replace(plan, middle=plan.middle + top)


def _speaks(layer: Layer, seen: Look) -> bool:
    return concept_color(seen.env, layer.name) is not None if layer.name else False


def _color(layer: Layer, seen: Look) -> Paint:
    concept = concept_color(seen.env, layer.name) if layer.name else None
    return concept[1] if concept else seen.accent


def _selectors(layer: Layer, index: int, seen: Look) -> tuple[str, ...]:
    own = (named("layers", plain(layer.name)),) if layer.name else ()
    return ("layers", numbered("layers", index + 1), *own, *concept_parts(seen.env, layer.name))


def _edges(sheet: Sheet, layers: Sequence[Layer], index: int, plan: _Plan, colors: Sequence[Paint], seen: Look) -> None:
    """The edges behind a layer, one path for each of its neurons, from border to border."""
    first, second = layers[index], layers[index + 1]
    stroke = Stroke(mix(seen.background, mix(colors[index], seen.muted, 0.6), 0.42), 2.0, cap="butt")
    targets = [plan.place(second, index + 1, place) for place, number in enumerate(second.places) if number is not None]
    for place, number in enumerate(first.places):
        if number is None:
            continue
        x, y = plan.place(first, index, place)
        points: list[float] = []
        for tx, ty in targets:
            length = max(1e-6, ((tx - x) ** 2 + (ty - y) ** 2) ** 0.5)
            ux, uy = (tx - x) / length * plan.radius, (ty - y) / length * plan.radius
            points += (x + ux, y + uy, tx - ux, ty - uy)
        sheet.shape(
            Path("ML" * len(targets), tuple(map(quantise, points))),
            "line",
            stroke=stroke,
            parts=("edges", numbered("edges", index + 1)),
            order=2 * index + 2,
            morph=f"edges:{index + 1}:{number}",
        )


def _layer(sheet: Sheet, layer: Layer, index: int, plan: _Plan, color: Paint, seen: Look) -> None:
    own, order = _selectors(layer, index, seen), 2 * index + 1
    for place, number in enumerate(layer.places):
        x, y = plan.place(layer, index, place)
        if number is None:
            for offset in (-0.24, 0.0, 0.24):
                px, py = (x + offset * plan.step, y) if plan.down else (x, y + offset * plan.step)
                sheet.shape(
                    *(disc(px, py, max(3.0, plan.radius * 0.12)), "dot"),
                    fill=seen.muted,
                    parts=own,
                    order=order,
                    morph=f"ellipsis:{index + 1}:{offset:g}",
                    origin=(px, py),
                )
            continue
        sheet.shape(
            *(disc(x, y, plan.radius), "dot"),
            fill=mix(seen.background, color, 0.22),
            stroke=Stroke(color, 3.0),
            parts=(*own, "neurons", named("neurons", f"{index + 1},{number}")),
            order=order,
            morph=f"neuron:{index + 1}:{number}",
            origin=(x, y),
        )


def _label(
    sheet: Sheet,
    layers: Sequence[Layer],
    heads: Sequence[Sequence[TextBlock]],
    plan: _Plan,
    top: float,
    width: float,
    seen: Look,
) -> None:
    """Names and sizes below the layers, or at the right of them where they follow each other downwards."""
    most = max(len(layer.places) for layer in layers)
    for index, (layer, blocks) in enumerate(zip(layers, heads, strict=True)):
        tall = sum(block.height for block in blocks)
        y = plan.centers[index] - tall / 2 if plan.down else top + most * plan.step + seen.size * 0.7
        for number, block in enumerate(blocks):
            x = 2 * plan.middle + seen.size * 0.7 if plan.down else plan.centers[index] - block.width / 2
            x = min(max(x, 0.0), width - block.width)
            put(
                *(sheet, block, x, y),
                size=seen.size,
                parts=("labels", *_selectors(layer, index, seen)),
                order=2 * index + 1,
                morph=f"layer:{index + 1}:{number}",
            )
            y += block.height


def _name_ends(
    sheet: Sheet, layer: Layer, index: int, blocks: Sequence[TextBlock], plan: _Plan, sign: float, seen: Look
) -> None:
    """Names of inputs before the first layer and of outputs behind the last, each at its neuron."""
    places = [place for place, number in enumerate(layer.places) if number is not None]
    if len(blocks) > len(places):
        what = "inputs" if sign < 0 else "outputs"
        sheet.problem(
            "PVC0585", f"`{what}` names {len(blocks)} neurons, {len(places)} are shown", "name those that are shown"
        )
    for number, (place, block) in enumerate(zip(places, blocks, strict=False), 1):
        x, y = plan.place(layer, index, place)
        away = plan.radius + seen.size * 0.4
        parts = ("labels", *_selectors(layer, index, seen))
        if plan.down:
            put(
                *(sheet, block, x, y + sign * away),
                size=seen.size,
                across="middle",
                along="bottom" if sign < 0 else "top",
                parts=parts,
                order=2 * index + 1,
                morph=f"end:{index + 1}:{number}",
            )
        else:
            put(
                *(sheet, block, x + sign * away, y),
                size=seen.size,
                across="end" if sign < 0 else "start",
                along="middle",
                parts=parts,
                order=2 * index + 1,
                morph=f"end:{index + 1}:{number}",
            )


def _described(title: str, layers: Sequence[Layer]) -> str:
    told = [
        f"{plain(layer.name) or f'layer {index}'} of {layer.size} neuron{'s' if layer.size != 1 else ''}"
        for index, layer in enumerate(layers, 1)
    ]
    return f"{title or 'A neural network'}: {', '.join(told)}, each fully connected to the next."
