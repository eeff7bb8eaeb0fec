"""Half of the standard talk, written for stock Manim 0.22 as its own users would write it.

Each scene does what the scene of that name does in the talk: its actions begin at the same frames and last as long;
the file named by PVC_BENCHMARK_TIMES says when (see `compare.py`). What differs: Pango's default font; formulas by
Typst instead of TeX, in pieces, so that their parts can be coloured; numbers at the axes as plain text; the figure as
ellipses (its ImageMobject fails under today's Pillow); no voice, captions or chapters, which Manim does not make.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UL,
    UP,
    Animation,
    Axes,
    Circle,
    Code,
    Create,
    Ellipse,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    Line,
    MathTypst,
    Mobject,
    Rectangle,
    Scene,
    Table,
    Text,
    TransformFromCopy,
    VGroup,
    VMobject,
    Write,
    config,
)

GROUND, INK, MUTED, RULE = "#0f1420", "#eef1f7", "#a9b3c7", "#3a4660"
ACCENT, WARM, SECOND = "#66b3ff", "#ffb454", "#fa941a"
ASSETS = Path(os.environ["PVC_BENCHMARK_ASSETS"])
TIMES = json.loads(Path(os.environ["PVC_BENCHMARK_TIMES"]).read_text())
config.background_color = GROUND


class Timed(Scene):
    """A scene whose actions stand at given frames."""

    def setup(self) -> None:
        self.times = TIMES[type(self).__name__]
        self.next_action = 0
        self.now = 0

    def until(self, frame: int) -> None:
        if frame > self.now:
            self.wait((frame - self.now) / TIMES["fps"])
            self.now = frame

    def act(self, *animations: Animation) -> None:
        """The next action of the talk."""
        start, frames = self.times["actions"][self.next_action]
        self.next_action += 1
        self.until(start)
        self.play(*animations, run_time=frames / TIMES["fps"])
        self.now += frames

    def leave(self) -> None:
        """Whatever is still shown leaves."""
        if self.next_action != len(self.times["actions"]):
            raise ValueError(f"{type(self).__name__} does {self.next_action} of {len(self.times['actions'])} actions")
        self.until(self.times["frames"] - TIMES["tail"])
        self.play(*map(FadeOut, list(self.mobjects)), run_time=TIMES["exit"] / TIMES["fps"])
        self.now += TIMES["exit"]
        self.until(self.times["frames"])


def lit(one: VMobject, others: list[VMobject], color: str | None = None) -> list[Animation]:
    """A thing comes forward and the things beside it step back."""
    forward = one.animate.set_opacity(1.0)
    return [forward if color is None else forward.set_color(color), *(o.animate.set_opacity(0.35) for o in others)]


def words(text: str, size: float = 28, color: str = INK, **rest: object) -> Text:
    return Text(text, font_size=size, color=color, **rest)


class plan_scene(Timed):
    def construct(self) -> None:
        heading = words("The plan", 40).to_corner(UL)
        texts = ("What a gradient is", "Why plain descent bounces", "What momentum adds", "What it all costs")
        items = [VGroup(words("•", color=ACCENT), words(text)).arrange(RIGHT, buff=0.2) for text in texts]
        VGroup(*items).arrange(DOWN, aligned_edge=LEFT, buff=0.4)
        self.act(FadeIn(heading))
        for item in items:
            self.act(FadeIn(item))
        self.leave()


class rule(Timed):
    def construct(self) -> None:
        pieces = ("w_(t+1) = w_t -", "eta", "nabla f(w_t)")
        update = VGroup(*(MathTypst(piece, font_size=68) for piece in pieces)).arrange(RIGHT, buff=0.12)
        update.set_color(INK)
        update[1].set_color(WARM)
        texts = (
            "f(w - eta nabla f) approx f(w) - eta nabla f^top nabla f",
            "= f(w) - eta norm(nabla f)^2",
            "< f(w)",
        )
        steps = [MathTypst(text, font_size=48).set_color(INK) for text in texts]
        VGroup(*steps).arrange(DOWN, buff=0.5)
        self.act(Write(update))
        self.act(update[2].animate.set_color(ACCENT))
        self.act(update[1].animate.set_color(WARM))
        self.act(FadeOut(update))
        self.act(FadeIn(steps[0]))
        self.act(TransformFromCopy(steps[0], steps[1]))
        self.act(TransformFromCopy(steps[1], steps[2]))
        self.leave()


class curves(Timed):
    def construct(self) -> None:
        rows = list(csv.DictReader((ASSETS / "descent.csv").open()))
        axes = Axes(x_range=[0, 40, 5], y_range=[0, 80, 20], x_length=11, y_length=5.6, tips=False)
        axes.set_color(RULE)
        numbers = VGroup(
            *(words(str(x), 18, MUTED).next_to(axes.c2p(x, 0), DOWN, buff=0.15) for x in range(0, 41, 5)),
            *(words(str(y), 18, MUTED).next_to(axes.c2p(0, y), LEFT, buff=0.15) for y in range(0, 81, 20)),
            words("step", 18, MUTED).next_to(axes, DOWN, buff=0.4),
        )
        grid = VGroup(*(Line(axes.c2p(0, y), axes.c2p(40, y), color=RULE, stroke_width=1.5) for y in range(20, 81, 20)))
        title = words("Loss over steps", 26, weight="BOLD").next_to(axes, UP, buff=0.2).align_to(axes, LEFT)
        series = []
        for method, color in (("plain", ACCENT), ("momentum", SECOND)):
            own = [row for row in rows if row["method"] == method]
            line = axes.plot_line_graph(
                [float(row["step"]) for row in own],
                [float(row["loss"]) for row in own],
                line_color=color,
                add_vertex_dots=False,
            )
            label = words(method, 18, color).next_to(line, RIGHT, buff=0.1).align_to(line, DOWN)
            series.append(VGroup(line, label))
        chart = VGroup(axes, numbers, grid, title, *series)
        self.act(FadeIn(axes, numbers, grid, title), *map(Create, series))
        for bright, dim in (series, series[::-1]):  # of the curves only strokes: a fill would close them
            curve, label = bright
            other, far = dim
            forward = (curve.animate.set_stroke(opacity=1.0), label.animate.set_opacity(1.0))
            self.act(*forward, other.animate.set_stroke(opacity=0.35), far.animate.set_opacity(0.35))
        self.act(FadeOut(chart))

        rows = list(csv.DictReader((ASSETS / "methods.csv").open()))
        bars = []
        for number, row in enumerate(rows):
            bar = Rectangle(width=float(row["steps"]) * 0.26, height=0.6, fill_opacity=1, stroke_width=0, color=ACCENT)
            bar.move_to([-4.6, 1.2 - 1.1 * number, 0], aligned_edge=LEFT)
            name = words(row["method"], 20, MUTED).next_to(bar, LEFT, buff=0.2)
            bars.append(VGroup(bar, name, words(row["steps"], 20, ACCENT).next_to(bar, RIGHT, buff=0.15)))
        spine = Line([-4.6, 1.8, 0], [-4.6, -1.6, 0], color=RULE)
        heading = words("Steps until the loss is below one", 26, weight="BOLD").to_corner(UL)
        self.act(
            FadeIn(heading, spine),
            *(GrowFromEdge(one[0], LEFT) for one in bars),
            *(FadeIn(one[1], one[2]) for one in bars),
        )
        self.act(*lit(bars[2], bars[:2]))
        self.leave()


class listing_scene(Timed):
    def construct(self) -> None:
        listing = Code(
            code_string="""def descend(w, rate, momentum):
    velocity = 0
    for step in range(1000):
        velocity = momentum * velocity - rate * gradient(w)
        w = w + velocity
    return w""",
            language="python",
            formatter_style="monokai",
            paragraph_config={"font_size": 24},
        )
        lines = list(listing.code_lines)
        self.act(FadeIn(listing))
        self.act(*lit(lines[3], lines[:3] + lines[4:]))
        self.act(*lit(lines[4], lines[:4] + lines[5:]))
        self.act(FadeOut(listing))

        rows = list(csv.reader((ASSETS / "costs.csv").open()))
        table = Table(rows, element_to_mobject=lambda text: words(text, 26), line_config={"color": RULE})
        table.scale(0.8)
        title = words("What it costs for n weights", 26, weight="BOLD").next_to(table, UP, buff=0.3)
        body = [VGroup(*row) for row in table.get_rows()[1:]]
        self.act(FadeIn(table, title))
        self.act(*lit(body[1], [body[0], body[2]]))
        self.act(*lit(body[2], [body[0], body[1]]))
        self.leave()


class close(Timed):
    def construct(self) -> None:
        saying = words("“Momentum averages the bounces away\nand adds up what the steps agree on.”", 36)
        bar = Rectangle(width=0.06, height=1.6, fill_opacity=1, stroke_width=0, color=ACCENT).next_to(saying, LEFT)
        by = words("— Notes on Descent", 20, MUTED).next_to(saying, DOWN, aligned_edge=LEFT)
        quote = VGroup(saying, bar, by)
        self.act(FadeIn(quote))
        self.act(FadeOut(quote))

        places = {"Newton": (-5.2, 2.4), "momentum": (-3.6, 1.2), "descent": (-2.2, -0.3), "noise": (-1.4, -2.2)}
        names = {name: words(name, 22).move_to([*at, 0]) for name, at in places.items()}
        rings = [Circle(0.55, color=RULE, fill_color="#1a2233", fill_opacity=1).move_to(one) for one in names.values()]
        pairs = (("descent", "momentum"), ("momentum", "Newton"), ("descent", "noise"))
        links = [Line([*places[a], 0], [*places[b], 0], color=MUTED, stroke_width=2) for a, b in pairs]
        graph = VGroup(*links, *rings, *names.values())
        picture = VGroup(
            Rectangle(width=5.6, height=3.2, fill_color="#ffffff", fill_opacity=1, stroke_width=0),
            *(Ellipse(width=0.6 * k, height=0.34 * k, color="#5b3f8f", stroke_width=2) for k in range(1, 9)),
        ).move_to([3.8, 0.5, 0])
        caption = words("The valley again", 18).next_to(picture, DOWN, buff=0.1)
        figure: list[Mobject] = [picture, caption]
        self.act(*map(Create, graph))
        self.act(*map(FadeIn, figure))
        self.act(FadeOut(graph))
        self.act(*map(FadeOut, figure))

        citation = words("Notes on Descent", 20, MUTED).to_edge(DOWN)
        card = VGroup(words("Thank you", 60), words("Notes on Descent, 2026", 24, MUTED)).arrange(DOWN)
        self.act(FadeIn(citation))
        self.act(FadeIn(card))
        self.leave()
