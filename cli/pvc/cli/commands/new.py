"""`pvc new`."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit
from pvc.runtime.build.outputs import output_error
from pvc.runtime.errors import PvcError
from pvc.runtime.store.blobs import replace_file

TALK = """\
/// A first talk: what is said is the clock, what is shown hangs on the words.
talk "{title}" {{
  format = 1080p30
  theme = midnight
  language = en
}}

use std.charts

data trees = csv("data/trees.csv") {{ year: int, height: number }}

scene opening "Opening" {{
  say "This is the first scene of your talk. Change a word, build again, and only what changed is made anew." {{
    show title("{title}", subtitle: "A talk written as text")
  }}
}}

scene formula "A formula" {{
  let growth = equation(tex`h(t) = h_\\infty \\left(1 - e^{{-t/\\tau}}\\right)`)

  say "Formulas are written as in a paper. {{limit}} Parts of them are pointed at when they are spoken of." {{
    show growth with write
    at limit: highlight growth[tex`h_\\infty`] color theme.warm
  }}
}}

scene figures "Numbers" {{
  let heights = charts.bar(
    data: trees,
    x: year,
    y: height,
    unit: " m",
    title: "Height of a young tree",
  )

  say "Charts are drawn from data files, and every number on them is one of the file." {{
    show heights with grow
  }}
  say "Watch the file and the talk together in version control: a change of either is a small, readable difference."
}}

scene ending "What next" {{
  let next = bullets(
    ["pvc check talk.vid", "pvc build talk.vid", "pvc frame talk.vid@0:05"],
    title: "Three commands",
  )

  say "Check the talk as you write, build it when you like, and look at any moment without building the rest." {{
    show next
  }}
}}
"""
DATA = "year,height\n1,0.8\n2,1.9\n3,2.7\n4,3.2\n5,3.6\n"
README = """\
# {title}

`talk.vid` is the whole talk: what is said, what is shown, and when. `data/` holds what its charts are drawn from.

    pvc check talk.vid          errors and warnings, in a moment
    pvc build talk.vid          talk.mp4 with captions and chapters
    pvc frame talk.vid@0:12     one picture, without building the rest

`pvc --help` lists everything else.
"""
FIRST = "My talk"
"""The title where the folder's name gives none."""

IGNORED = "*.mp4\n*.srt\n*.vtt\ntalk.json\ntalk.png\ntalk.chapters.txt\n"


@click.command(
    epilog="""\b
Examples:
  pvc new my-talk
  cd my-talk && pvc build talk.vid"""
)
@click.argument("folder", default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--title", help="The talk's title [from the folder's name].")
def command(folder: Path, title: str | None) -> int:
    """Make a talk that builds, in DIR (the working folder if left out). Never overwrites anything."""
    around = surroundings()
    name = title or title_of(folder.absolute().name)
    if not title and not drawable(name):
        name = FIRST
    if any(ord(character) < 32 for character in name) or not name.strip():
        raise click.UsageError("a title is one line of text")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    files = {
        "talk.vid": TALK.format(title=quoted),
        "data/trees.csv": DATA,
        "README.md": README.format(title=name),
        ".gitignore": IGNORED,
    }
    taken = [path for path in files if os.path.lexists(folder / path)]
    if "talk.vid" in taken or "data/trees.csv" in taken:
        raise PvcError("PVC0913", f"{folder / taken[0]} is there already", "choose another folder: `pvc new my-talk`")
    for path, text in files.items():
        if path in taken:
            continue
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            replace_file(folder / path, text.encode())
        except OSError as error:
            raise output_error(folder / path, error, "choose another folder: `pvc new my-talk`") from error
    made = [path for path in files if path not in taken]
    if around.json:
        emit({"ok": True, "folder": str(folder), "files": made})
    elif not around.quiet:
        into = f"./{folder}" if str(folder).startswith("-") else str(folder)
        place = "" if folder == Path() else f"cd {shlex.quote(into)} && "
        print(f"made {', '.join(made)} in {folder}\nnext: {place}pvc build talk.vid")
    return 0


def title_of(name: str) -> str:
    """`my-first_talk` becomes `My first talk`."""
    words = re.sub(r"[-_.\s]+", " ", name).strip()
    return words[:1].upper() + words[1:] if words else FIRST


def drawable(text: str) -> bool:
    """Whether the fonts of this installation have all characters of a text. A folder may have any name; the talk that
    is made has to build."""
    if text.isascii():
        return text.isprintable()
    from pvc.compiler.text.fonts import absent

    return not absent(text)
