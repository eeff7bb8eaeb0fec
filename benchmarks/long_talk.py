"""How long `pvc check` takes on a talk of 10,000 lines: `python benchmarks/long_talk.py [SCENES]`.

The talk is generated (600 scenes of about 16 lines, as people write them: formulas, lists, charts, code, cues, phrases,
claims) and checked in fresh processes, one after the other: nothing is remembered between runs.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = """/// A generated talk, to measure the front end with.
talk "A long talk" {
  format   = 1080p30
  theme    = midnight
  voice    = ada
  language = en
  expect duration in 1min..1000min
}

use std.charts

paper note = latex("paper/main.tex")
voice ada  = espeak(voice: "en-us", rate: 0.95)
data bleu  = csv("data/bleu.csv") { model: text, score: number }

concept queries {
  symbol = tex`Q`
  words  = ["query", "queries"]
  color  = theme.cool
}

"""

PAPER = r"""\documentclass{article}
\title{A Paper}\author{Some One}\date{2026}
\begin{document}
\section{Scaling}\label{sec:scaled}
For large values of $d_k$ the dot products grow large in magnitude, pushing the softmax function into regions where it
has extremely small gradients.
\end{document}
"""

WORDS = (
    "every query is compared with each key and the score says how well they fit so that the weights follow from a "
    "softmax over all of them while the square root keeps gradients alive as the model learns what matters most"
)

EQUATION = """scene equation_{n} "Every query meets every key ({n})" {{
  let eq = equation(tex`\\operatorname{{softmax}}\\left(\\frac{{QK^\\top}}{{\\sqrt{{d_{n}}}}}\\right)V`, scale: 1.{n})
  let other = equation(tex`\\sum_{{i=1}}^{n} x_i^2`)

  say "{sentence}, {{scores}} giving one score for each pair." {{
    show eq with write
    at scores: highlight eq[tex`QK^\\top`] color theme.warm
  }}

  say "Dividing by the square root of the key size {sentence}." {{
    at "square root": highlight eq[queries]
    transform eq into other
  }}
  wait 0.5s
}}

"""
BULLETS = """scene points_{n} "What to remember ({n})" {{
  let list = bullets([
    "{first}",
    "{second}",
    "{third}",
  ], title: "In short")

  say "{{one}} First, {sentence}. {{two}} Second, {other}." {{
    at one: reveal list.items[1]
    at two + 0.2s: reveal list.items[2]
  }}
  // a comment that stays with its statement
  say "And that {{third}} is all there is to say about it." {{
    at third: reveal list.items[3] for 0.4s
  }}
}}

"""
CHART = """scene chart_{n} "Measured ({n})" {{
  claim "Large dot products push the softmax into regions with tiny gradients."
    from note at "sec:scaled" quote "extremely small gradients"

  say "Here is what that buys: {sentence}." {{
    show heading("Measured {n}")
    show charts.bar(bleu, x: model, y: score, title: "Scores {n}") as scores_chart in left
  }}
  say "The last bar {{bar}} is the highest one, {other}." {{
    at bar: highlight scores_chart.bars["Transformer"] color theme.good
  }}
  together {{
    hide scores_chart
    show text("{first}") in right
  }}
}}

"""
CODE = """scene code_{n} "In code ({n})" {{
  let listing = code(
    python`def attention(Q, K, V):
    scores = Q @ K.T / math.sqrt({n})
    return softmax(scores) @ V`,
    title: "attention_{n}.py",
  )

  say "In code it is {{three}} three lines: {sentence}." {{
    show listing
    at three: highlight listing.lines[2..3]
  }}
  say "{other}, and the last line mixes the values." {{
    at "the last line": highlight listing.lines[3]
  }}
}}

"""


def talk(scenes: int, seed: int = 1) -> str:
    """The text of a talk of so many scenes; equal arguments give equal texts."""
    source = random.Random(seed)
    words = WORDS.split()

    def phrase(length: int) -> str:
        return " ".join(source.choice(words) for _ in range(length))

    def one(number: int) -> str:
        return (EQUATION, BULLETS, CHART, CODE)[number % 4].format(
            n=number + 1,
            sentence=phrase(9).capitalize(),
            other=phrase(8).capitalize(),
            first=phrase(5).capitalize(),
            second=phrase(6).capitalize(),
            third=phrase(4).capitalize(),
        )

    return HEAD + "".join(map(one, range(scenes)))


def write(folder: Path, scenes: int) -> Path:
    """The talk with its paper and its data in a folder."""
    (folder / "paper").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "paper" / "main.tex").write_text(PAPER)
    (folder / "data" / "bleu.csv").write_text("model,score\nRNN,24.6\nConvS2S,25.2\nTransformer,28.4\n")
    path = folder / "talk.vid"
    path.write_text(talk(scenes))
    return path


_MEASURE = """
import json, sys, time
begin = time.perf_counter()
from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
loaded = time.perf_counter()
found = check(sys.argv[1], DiskWorld())
done = time.perf_counter()
from pvc.compiler.syntax.parser import parse, parse_block
parse_block.cache_clear()
text = open(sys.argv[1]).read()
again = time.perf_counter()
parse(text, sys.argv[1])
parsed = time.perf_counter()
print(json.dumps([loaded - begin, done - loaded, parsed - again, [one.code for one in found.diagnostics][:5]]))
"""


def main() -> None:
    scenes = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "talk", scenes)
        lines = path.read_text().count("\n")
        runs = []
        for _ in range(5):
            done = subprocess.run(
                [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
            )
            runs.append(json.loads(done.stdout))
    loading, both, parsing, said = min(runs, key=lambda run: run[0] + run[1])
    if said:
        raise SystemExit(f"the generated talk is not clean: {said}")
    print(f"{scenes} scenes, {lines} lines; best of {len(runs)} fresh processes")
    print(f"  import the front end   {loading:6.3f} s")
    print(f"  parse and check        {both:6.3f} s   (parsing alone, again: {parsing:.3f} s)")
    print(f"  both                   {loading + both:6.3f} s")


if __name__ == "__main__":
    main()
