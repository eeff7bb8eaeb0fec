"""What can be written inside quotes and backquotes: files, labels, names of parts, markup, TeX."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

from pvc.compiler.check.sources import READERS
from pvc.compiler.check.things import PaperThing
from pvc.lsp.analysis import Analysis
from pvc.lsp.context import Context, locals_before
from pvc.lsp.indexes import formulas, indexed, indexes
from pvc.lsp.items import Completion, Item, fits, ranked
from pvc.lsp.names import Slot
from pvc.lsp.navigation import parameter_of
from pvc.lsp.tex import COMMANDS

MARKUP = {
    "break": "<break 300ms>",
    "emphasis": "<emphasis>word</emphasis>",
    "rate": "<rate 90%>words</rate>",
    "pitch": "<pitch +2st>words</pitch>",
    "volume": "<volume -6dB>words</volume>",
    "sub": "<sub 'said'>shown</sub>",
    "say-as": "<say-as digits>42</say-as>",
    "phoneme": "<phoneme 'ipa'>word</phoneme>",
}
DATA_READERS = ("csv", "tsv", "json", "yaml")
_ASSETS = frozenset({"image", "video", "sound", "font", "model3d", "program", "file"})
"""Types whose values are written as the name of a file."""


def in_text(analysis: Analysis, found: Context, text: str, offset: int) -> Completion:
    place = indexed(text, found)
    if found.inside == "tex":
        commands = (Item(f"\\{name}", "tex", doc) for name, doc in COMMANDS.items())
        if found.prefix.startswith("\\"):
            return Completion(ranked(commands, found.prefix), found.start)
        if place is None or found.content != found.prefix:
            return Completion((), offset)
        pieces = (replace(each, label=each.label[4:-1]) for each in formulas(analysis, place[0]))
        return Completion(ranked(pieces, found.content), found.start)
    if found.inside == "text" and place is not None and analysis.unit is not None:
        made = locals_before(text, found, offset).get(place[0], "")
        names = (
            replace(each, label=each.label[1:-1])
            for each in indexes(analysis, analysis.unit, *place, made)
            if each.label.startswith('"')
        )
        return Completion(ranked(names, found.content), offset - len(found.content))
    if found.inside == "text" and found.item == "scene" and found.words[-1:] == ["say"]:
        opened = re.search(r"<(/?[a-z-]*)$", found.content)
        marks = (Item(name, "markup", usage, text=name) for name, usage in MARKUP.items())
        return Completion(ranked(marks, opened[1]) if opened else (), offset - len(opened[1] if opened else ""))
    labels = _labels(analysis, found)
    if labels:
        return Completion(tuple(labels), offset - len(found.content))
    if found.inside == "text" and _is_file(analysis, found):
        folder, _, prefix = found.content.rpartition("/")
        start = offset - len(prefix)
        base = os.path.join(os.path.dirname(analysis.path), folder)
        return Completion(ranked(_files(base, prefix, vid=found.item == "use"), prefix), start)
    return Completion((), offset)


def _is_file(analysis: Analysis, found: Context) -> bool:
    """Whether the text at the cursor names a file."""
    call = found.call
    if call is None:
        return found.item in ("use", "font", "music", "sound") and not found.opened
    if call.callee in {*READERS, *DATA_READERS}:
        return call.argument in (None, "file")
    slot = Slot(tuple(call.callee.split(".")), call.argument, call.index)
    parameter = parameter_of(analysis.unit, slot) if analysis.unit is not None else None
    if parameter is None:
        return False
    kind = parameter.type
    inner = kind.arguments[0] if kind.name == "list" and kind.arguments else kind
    return inner.name in _ASSETS


def _labels(analysis: Analysis, found: Context) -> list[Item]:
    """The labels of a paper, behind `from PAPER at "` and in `figure(from: PAPER, label: "`."""
    words = found.words
    name = words[-2] if len(words) > 2 and words[-1] == "at" and words[-3] == "from" else None
    if name is None and found.call is not None and found.call.argument == "label":
        match = re.search(r"from\s*:\s*(\w+)", analysis.lines.text[found.call.start : found.start])
        name = match[1] if match else None
    binding = analysis.unit.find("values", name) if name is not None and analysis.unit is not None else None
    thing = binding.value if binding is not None else None
    if found.inside != "text" or not isinstance(thing, PaperThing) or thing.paper is None:
        return []
    return [Item(each.name, "label", each.kind) for each in thing.paper.labels if fits(each.name, found.content)]


def _files(folder: str, prefix: str, vid: bool) -> Iterator[Item]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir()) for entry in entries)[:500]
    except OSError:
        return
    for name, is_folder in names:
        if name.startswith(".") and not prefix.startswith("."):
            continue
        if is_folder:
            yield Item(name, "folder", text=f"{name}/")
        elif not vid or name.endswith(".vid"):
            yield Item(name, "file")
