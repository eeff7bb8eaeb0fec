"""Real little fragments for tests of the stage: boxes, rows of bars, lines of text, made without fonts."""

from __future__ import annotations

from fractions import Fraction

from plan.talks import HERE

from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.compose import rectangle
from pvc.compiler.model.display import Element, Fragment, Glyphs, Paint, Path, Rect, Shape, Stroke
from pvc.compiler.model.program import VisualSpec
from pvc.compiler.world import Unreadable

INK = Paint(236, 239, 244)
BLUE = Paint(122, 180, 255)


class Nowhere:
    """A World without files that remembers what it is told."""

    def __init__(self) -> None:
        self.memory: dict[str, bytes] = {}
        self.recalled = 0

    def read(self, path: str) -> bytes:
        raise Unreadable(path, "there are no files")

    def digest(self, path: str) -> str:
        raise Unreadable(path, "there are no files")

    def blob(self, digest: str) -> bytes:
        raise KeyError(digest)

    def recall(self, key: str) -> bytes | None:
        self.recalled += key in self.memory
        return self.memory.get(key)

    def remember(self, key: str, value: bytes) -> None:
        self.memory[key] = value


def _number(visual: VisualSpec, name: str, otherwise: float) -> float:
    value = dict(visual.arguments).get(name)
    return float(value) if isinstance(value, int | Fraction) else otherwise


def glyph(x: float, y: float, size: float, letter: str, order: int = 0, paint: Paint = INK) -> Element:
    run = Glyphs(
        "f" * 64,
        size,
        (ord(letter[0]),) * len(letter),
        tuple(x + 20 * i for i in range(len(letter))),
        (y,) * len(letter),
        paint,
        letter,
    )
    return Element(run, Rect(x, y - size * 0.75, 20.0 * len(letter), size), "glyph", order, f"glyph:{letter}")


def lay(visual: VisualSpec, box: Box, env: Env) -> Fragment:
    """`test.box` (width, height), `test.word` (text: one glyph for each letter), `chart.test` (bars), `bullets`
    (items: lines of text), `heading`: what the stage needs to know of a layout, nothing more."""
    kind = visual.layout
    if kind in ("chart.test",):
        count = int(_number(visual, "bars", 4))
        step = box.width / count
        bars = [
            Element(
                Shape(
                    rectangle(Rect(i * step + 8, box.height / (i + 2), step - 16, box.height * (1 - 1 / (i + 2)))), BLUE
                ),
                Rect(i * step + 8, box.height / (i + 2), step - 16, box.height * (1 - 1 / (i + 2))),
                "bar",
                i + 1,
                f"bar:{i}",
                (i * step + step / 2, box.height),
            )
            for i in range(count)
        ]
        axis = Element(
            Shape(Path("ML", (0.0, box.height, box.width, box.height)), None, Stroke(INK, 2.0)),
            Rect(0.0, box.height - 1, box.width, 2.0),
            "line",
            0,
        )
        parts = tuple((f"bars[{i + 1}]", (i + 1,)) for i in range(count))
        return Fragment(box.width, box.height, (axis, *bars), (*parts, ("axis", (0,))), "grow", stretch=True)
    if kind == "test.word":
        text = str(dict(visual.arguments).get("text", "ab"))
        size = _number(visual, "size", 60)
        letters = tuple(glyph(20.0 * i, size * 0.75, size, letter) for i, letter in enumerate(text))
        parts = tuple((f"tex:{letter}", (i,)) for i, letter in enumerate(text))
        return Fragment(20.0 * len(text), size, letters, parts, "write")
    if kind in ("bullets", "code", "derivation"):
        items = dict(visual.arguments).get("items", ("one", "two", "three"))
        assert isinstance(items, tuple)
        rows = tuple(glyph(0.0, 60.0 * i + 40.0, 42.0, str(item), i) for i, item in enumerate(items))
        name = {"bullets": "items", "code": "lines", "derivation": "steps"}[kind]
        parts = tuple((f"{name}[{i + 1}]", (i,)) for i in range(len(items)))
        return Fragment(400.0, 60.0 * len(items), rows, parts, "fade")
    width, height = _number(visual, "width", 300), _number(visual, "height", 200)
    if kind == "heading":
        width, height = 500.0, 64.0
    width, height = min(width, box.width), min(height, box.height)
    edge = Element(Shape(rectangle(Rect(0, 0, width, height)), BLUE), Rect(0, 0, width, height), "box", 0, "box")
    return Fragment(width, height, (edge,), (("edge", (0,)),))


__all__ = ["HERE", "Nowhere", "glyph", "lay"]
