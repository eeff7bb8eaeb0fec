"""A film of all components that stand still: matrices, number lines, boxes, pies, areas, diagrams, pseudocode."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from e2e.running import pvc

TALK = r"""
use std.charts
use std.diagrams

talk "Every still component" {
  format = 720p30
}

concept query {
  symbol = tex`Q`
  words = ["query", "queries"]
  color = theme.cool
}

let times = [
  { model: "base", ms: 21 },
  { model: "base", ms: 24 },
  { model: "base", ms: 26 },
  { model: "base", ms: 40 },
  { model: "query first", ms: 12 },
  { model: "query first", ms: 14 },
  { model: "query first", ms: 15 },
  { model: "query first", ms: 17 },
]
let parts = [
  { name: "attention", share: 55 },
  { name: "query", share: 25 },
  { name: "head", share: 18 },
  { name: "bias", share: 1 },
  { name: "norm", share: 1 },
]
let growth = [
  { year: 2018, kind: "text", v: 2 },
  { year: 2019, kind: "text", v: 4 },
  { year: 2020, kind: "text", v: 9 },
  { year: 2018, kind: "query", v: 1 },
  { year: 2019, kind: "query", v: 2 },
  { year: 2020, kind: "query", v: 3 },
]

scene algebra "Algebra" {
  let turn = matrix(rows: [[0, -1], [1, 0]], name: tex`R`, brackets: round)
  let ball = number_line(
    range: -3..3,
    points: [{ at: 0, label: "$x_0$" }],
    intervals: [{ range: -1..1, label: "$|x| < 1$", open: "both" }],
  )
  say "The {columns} columns say where the axes go." {
    show turn
    at columns: highlight turn.columns[1]
  }
  say "And this is near the origin." {
    hide turn
    show ball
  }
}

scene data "Data" {
  let spread = charts.box(times, x: model, y: ms, unit: "ms", title: "Latency")
  let pie = charts.pie(parts, x: name, y: share, title: "Where the time goes")
  let area = charts.area(growth, x: year, y: v, series: kind, title: "Data")
  say "The {query} query comes first." {
    show spread
    at query: highlight spread.boxes["query first"]
  }
  say "Most of it is attention." {
    transform spread into pie
  }
  say "Both grow." {
    transform pie into area
  }
}

scene diagrams "Diagrams" {
  let kinds = diagrams.tree(
    edges: [
      "model -> encoder",
      "model -> decoder",
      "decoder -> query attention",
      "decoder -> feed-forward",
    ],
  )
  let talk = diagrams.sequence(
    messages: ["client -> server: question", "server -> model: query", "model --> server: answer"],
  )
  let net = diagrams.neural_net(
    layers: [4, 512, 2],
    names: ["input", "query", "output"],
    outputs: ["cat", "dog"],
  )
  let history = diagrams.timeline(events: ["2014: Attention", "2017: Transformer", "2018: BERT"])
  say "A tree." {
    show kinds
  }
  say "A sequence, whose {answer} answer comes back." {
    hide kinds
    show talk
    at answer: highlight talk.messages["answer"]
  }
  say "A network." {
    hide talk
    show net
  }
  say "A time line." {
    hide net
    show history
  }
}

scene steps "Steps" {
  let descent = algorithm(pseudo`
Input: a rate $\eta$
repeat
    $g \leftarrow \nabla L(\theta)$  // of one batch
    $\theta \leftarrow \theta - \eta g$
until converged
`, title: "Gradient descent")
  let eq = equation(tex`E = mc^2`, where: ["m: the mass", "c: the speed of light"])
  let before = code(python`
def step(x):
    return f(x)
`)
  let after = code(python`
def step(x, scale):
    y = f(x)
    return y * scale
`)
  say "Take a {gradient} gradient." {
    show descent
    at gradient: highlight descent.lines[2]
  }
  say "Energy is mass." {
    hide descent
    show eq
  }
  say "And an edit." {
    hide eq
    show before
  }
  say "Like this one here." {
    transform before into after
  }
}
"""


def test_a_film_of_them_is_built(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    checked = pvc("check", "talk.vid", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "nothing to complain about" in checked.stdout + checked.stderr
    built = pvc("build", "talk.vid", cwd=tmp_path, timeout=500)
    assert built.returncode == 0, built.stderr
    with av.open(str(tmp_path / "talk.mp4")) as film:
        lights = [
            float(np.asarray(frame.to_ndarray(format="gray")).std())
            for number, frame in enumerate(film.decode(video=0))
            if number % 15 == 0
        ]
    assert len(lights) > 30
    assert sum(light > 6 for light in lights) > 0.6 * len(lights), "most of the time something is seen"
