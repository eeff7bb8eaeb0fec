"""The speed of everything an author does with the standard talk: `python benchmarks/standard.py [-o FILE.json]`.

Whole processes are timed, started fresh, each several times: a cold build, a build where nothing changed, builds after
one word, the caption style, a colour or the order of scenes changed, `pvc --version`, and `pvc check` on a generated
talk of 10,000 lines. Painting and encoding are set beside Skia and x264 alone. Prints a table of targets; writes all
numbers as JSON if asked. Takes some two minutes; `--quick` builds cold only once.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import edits
import limits
import long_talk
from measure import PVC, Run, Spread, build, machine, report, run, spread

LONG = 600
"""Scenes of the generated talk: some 10,000 lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. ``value``: what was measured in the target's unit; ``target``: None where only the effect
    counts; ``held``: whether the target is met."""

    what: str
    value: str
    target: str
    held: bool


def _ran(built: dict[str, Any], kind: str) -> list[str]:
    return [name for name in built["ran"] if name.startswith(f"{kind}: ")]


def _pictures(built: dict[str, Any]) -> list[str]:
    return _ran(built, "segment") + _ran(built, "frames")


def _scenes_of(names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        scene = name.partition(": ")[2].partition(",")[0]
        found[scene] = found.get(scene, 0) + 1
    return found


def cold(folder: Path, times: int) -> tuple[Path, Path, Spread, dict[str, Any]]:
    """Builds the talk so many times from nothing: its path, the last cache, the times, and the median run's report."""
    runs: list[Run] = []
    for number in range(times):
        talk = edits.copied(folder / f"cold{number}")
        runs.append(build(talk, folder / f"cache{number}"))
    middle = sorted(runs, key=lambda one: one.wall)[len(runs) // 2]
    return talk, folder / f"cache{times - 1}", spread(runs), report(middle)


def edited(
    talk: Path, cache: Path, versions: list[str], again: Callable[[], object] | None = None
) -> tuple[Spread, dict[str, Any]]:
    """Builds versions of the talk one after the other; the times, and the last report. ``again``: before each, brings
    the talk back to its first version (built, so that the cache and the last build are as before)."""
    runs = []
    for text in versions:
        if again is not None:
            again()
        talk.write_text(text)
        runs.append(build(talk, cache))
    return spread(runs), report(runs[-1])


def measure(folder: Path, times: int, every: int) -> tuple[dict[str, Any], list[Row]]:
    """Everything; the numbers and the table."""
    numbers: dict[str, Any] = {"machine": machine()}
    rows: list[Row] = []

    def note(name: str, times: Spread | None, **rest: object) -> None:
        numbers[name] = {**(times.plain() if times is not None else {}), **rest}
        print(f"measured: {name}", file=sys.stderr, flush=True)

    talk, cache, took, built = cold(folder, times)
    first = talk.read_text()
    numerator, _, denominator = built["fps"].partition("/")
    seconds = built["frames"] * int(denominator) / int(numerator)
    share = took.wall / seconds
    note(
        "cold",
        took,
        talk=round(seconds, 2),
        share=round(share, 4),
        stages=built["seconds"],
        nodes=built["nodes"],
        frames={name: built[name] for name in ("frames", "moving", "held", "painted")},
    )
    rows.append(
        Row(
            "cold build of the talk",
            f"1/{1 / share:.1f} of its {seconds:.0f} s (CPU {took.cpu:.0f} s)",
            "1/8",
            share <= 1 / 8,
        )
    )

    def back() -> None:
        talk.write_text(first)
        build(talk, cache)

    runs = [build(talk, cache) for _ in range(7)]
    last = report(runs[-1])
    ran = sum(counts["ran"] for counts in last["nodes"].values())
    took = spread(runs)
    note("nothing_changed", took, ran=ran)
    rows.append(Row("nothing changed", f"{took.wall:.2f} s, {ran} nodes ran", "0.3 s, 0", took.wall <= 0.3 and not ran))

    took, built = edited(talk, cache, [edits.one_word(first, number) for number in range(5)])
    spoken, drawn = _ran(built, "speak"), _pictures(built)
    note("one_word", took, ran=built["ran"], lengths=built["lengths"], stages=built["seconds"])
    rows.append(
        Row(
            "one word changed",
            f"{took.wall:.2f} s, {len(spoken)} spoken, {len(drawn)} painted, {len(built['lengths'])} holds differ",
            "1.5 s, 1, 0",
            took.wall <= 1.5 and len(spoken) == 1 and not drawn,
        )
    )

    sizes = [edits.themed(first, f"caption {{ size = {size}px }}") for size in (42, 44, 46)]
    back()
    took, built = edited(talk, cache, sizes)
    note("caption_style", took, ran=built["ran"])
    painted = _pictures(built)
    rows.append(Row("caption style changed", f"{took.wall:.2f} s, {len(painted)} painted", "0 painted", not painted))

    back()
    took, built = edited(talk, cache, [edits.themed(first, "colors { warm = #ff9d5c }")], back)
    painted = _pictures(built)
    total = sum(built["nodes"]["segment"].values())
    note("theme_colour", took, scenes=_scenes_of(painted), ran=built["ran"])
    rows.append(
        Row(
            "a colour of the theme changed",
            f"{took.wall:.2f} s, {len(painted)} of {total} pictures",
            "only what shows it",
            0 < len(painted) < total and set(built["nodes"]["speak"].values()) >= {0},
        )
    )

    back()
    took, built = edited(talk, cache, [edits.reordered(first), first, edits.reordered(first)])
    painted = _pictures(built)
    note("reordered", took, ran=built["ran"])
    rows.append(Row("scenes reordered", f"{took.wall:.2f} s, {len(painted)} painted", "0 painted", not painted))

    took = spread([run([*PVC, "--version"]) for _ in range(9)])
    note("version", took)
    rows.append(Row("pvc --version", f"{took.wall:.3f} s", "0.1 s", took.wall < 0.1))

    long = long_talk.write(folder / "long", LONG)
    lines = long.read_text().count("\n")
    took = spread([run([*PVC, "check", str(long), "-q", "--cache-dir", str(folder / f"long{n}")]) for n in range(7)])
    note("check_long", took, lines=lines, scenes=LONG)
    rows.append(Row(f"pvc check, {lines} lines, cold", f"{took.wall:.2f} s", "1 s", took.wall <= 1.0))

    numbers["limits"] = limits.limits(edits.STANDARD / "talk.vid", every).plain()
    return numbers, rows


def stages(numbers: dict[str, Any]) -> str:
    """Where a cold build's work went."""
    spent = numbers["cold"]["stages"]
    total = sum(spent.values())
    lines = [f"  {name:8} {seconds:6.2f} s of work  {seconds / total:4.0%}" for name, seconds in spent.items()]
    frames = numbers["cold"]["frames"]
    lines.append(f"  {frames['painted']} frames painted of {frames['frames']}; {frames['held']} are held")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.json", help="where all numbers go")
    parser.add_argument("--quick", action="store_true", help="one cold build, and fewer chunks beside the libraries")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work there and leave it (default: a temporary one)")
    chosen = parser.parse_args()
    times, every = (1, 9) if chosen.quick else (3, 3)
    if chosen.keep is not None:
        chosen.keep.mkdir(parents=True, exist_ok=True)
        numbers, rows = measure(chosen.keep.resolve(), times, every)
    else:
        with tempfile.TemporaryDirectory(prefix="pvc-benchmark-") as folder:
            numbers, rows = measure(Path(folder), times, every)
    numbers["targets"] = {row.what: {"measured": row.value, "target": row.target, "met": row.held} for row in rows}
    if chosen.output is not None:
        chosen.output.write_text(json.dumps(numbers, indent=1) + "\n")
    print(numbers["machine"])
    width = max(len(row.value) for row in rows)
    for row in rows:
        print(f"  {'ok  ' if row.held else 'MISS'}  {row.what:32} {row.value:{width}}  target {row.target}")
    print(f"one word: ran {', '.join(numbers['one_word']['ran'])}")
    for scene, number, old, new in numbers["one_word"]["lengths"]:
        print(f"          hold {number} of {scene}: {old} -> {new} frames")
    print(f"a colour: painted {', '.join(f'{n} of {scene}' for scene, n in numbers['theme_colour']['scenes'].items())}")
    print("cold build, work by stage (stages overlap on several cores):")
    print(stages(numbers))
    print("beside the libraries alone, on the same frames:")
    print(limits.told(numbers["limits"]))


if __name__ == "__main__":
    main()
