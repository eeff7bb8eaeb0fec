"""LaTeX to plain text, well enough to find a quote in it: not a TeX, but a reader of papers.

Done: `\\input`, comments, macros with arguments, accents, ligatures and dashes, formulas as characters, footnotes,
captions, labels with what they name, figures, title, authors and year. Not done: conditionals, catcodes, counters; a
number that only TeX knows becomes U+FFFC.

Everything is bounded: files, total length, expansions. Whatever is malformed is read as far as it goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from pvc.compiler.papers import symbols
from pvc.compiler.papers.flatten import MOST_CHARACTERS
from pvc.compiler.papers.paper import REFERENCE, PaperFigure
from pvc.compiler.papers.tex_source import TOKEN, Source

MOST_EXPANSIONS = 200_000


_PAGE = re.compile(r"page\s*=\s*(\d+)")
_CAPTION_END, _FRAME_END, _HEADING_END = "\x02", "\x03", "\x04"


@dataclass(slots=True)
class Macro:
    count: int
    default: str | None
    body: str


@dataclass(slots=True)
class _Frame:
    """An environment (or sub-figure) that is open. ``start``: where it begins in the output."""

    name: str
    start: int
    labels: list[str] = field(default_factory=list)
    files: list[tuple[str, int]] = field(default_factory=list)
    caption: str = ""
    figures: list[PaperFigure] = field(default_factory=list)


class Reader:
    """The state of reading one document. The output is a list of pieces; ``length`` is how long they are together."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        self.out: list[str] = []
        self.length = 0
        self.macros: dict[str, Macro] = {}
        self.math = False
        self.space = False
        self.expansions = 0
        self.frames: list[_Frame] = []
        self.captions: list[int] = []
        self.sections: list[tuple[int, int]] = []  # (level, start)
        self.labels: list[tuple[str, str, int, int]] = []  # name, kind, start, end (-1: a section that is still open)
        self.section_labels: list[tuple[str, int]] = []  # name, index into sections
        self.figures: list[PaperFigure] = []
        self.footnotes: list[str] = []
        self.title: str | None = None
        self.authors: list[str] = []
        self.date: str | None = None
        self.started = "\\begin{document}" not in text

    # -------------------------------------------------------------------------------------------- output

    def emit(self, piece: str) -> None:
        if not piece:
            return
        if self.space and self.out and not self.out[-1].endswith(("\n", " ")):
            self.out.append(" ")
            self.length += 1
        self.space = False
        self.out.append(piece)
        self.length += len(piece)

    def paragraph(self) -> None:
        self.space = False
        if self.out and not self.out[-1].endswith("\n\n"):
            self.out.append("\n\n")
            self.length += 2

    # -------------------------------------------------------------------------------------------- the loop

    def run(self) -> None:
        while (buffer := self.source.top()) is not None:
            found = TOKEN.match(buffer.text, buffer.at)
            assert found is not None
            buffer.at = found.end()
            kind, text = found.lastgroup, found.group()
            if kind == "command":
                self.command(text)
            elif not self.started:
                continue
            elif kind == "word":
                self.emit(text)
            elif kind == "space":
                self.space = self.space or not self.math
            elif kind == "blank":
                if not self.math:
                    self.paragraph()
            elif kind == "dashes":
                self.emit({1: "-", 2: "–", 3: "—"}.get(len(text), "—") if not self.math else "-")
            elif kind == "quotes":
                self.emit({"``": "“", "''": "”", "`": "‘", "'": "’" if not self.math else "′", '"': "”"}[text])
            else:
                self.other(text)
            if self.length > MOST_CHARACTERS:
                return

    def other(self, text: str) -> None:
        if text == "~" or text == "&":
            self.space = True
        elif text == "$":
            buffer = self.source.top()
            if buffer is not None and buffer.text[buffer.at : buffer.at + 1] == "$":
                buffer.at += 1
            self.math = not self.math
        elif text == _CAPTION_END:
            start = self.captions.pop() if self.captions else len(self.out)
            if self.frames:
                self.frames[-1].caption = tidy("".join(self.out[start:]))
            self.paragraph()
        elif text == _HEADING_END:
            self.paragraph()
        elif text == _FRAME_END:
            self.close_frame()
        elif text in "[]#":
            if not (self.math and text == "#"):
                self.emit(text)
        elif text == "}" and not self.math:
            buffer = self.source.top()
            if buffer is not None and buffer.text[buffer.at : buffer.at + 1] == "{":
                self.space = True  # two arguments of an unknown command are not one word
        # other braces, ^ and _ print nothing

    # -------------------------------------------------------------------------------------------- commands

    def command(self, token: str) -> None:
        name = token[1:]
        bare = name.rstrip("*") or name
        if bare in self.macros and self.expand(self.macros[bare]):
            return
        known = _COMMANDS.get(bare)
        if known is not None:
            known(self)
            return
        if not self.started:
            return
        if bare in symbols.CITATIONS:
            while self.source.optional() is not None:
                pass
            self.source.argument()
            self.space = False  # the space before it is the citation's
        elif bare in symbols.REFERENCES:
            self.reference(self.source.argument().strip())
        elif bare in symbols.HEADINGS:
            self.heading(symbols.HEADINGS[bare])
        elif bare in symbols.DROPPED:
            while self.source.optional() is not None:
                pass
            for _ in range(symbols.DROPPED[bare]):
                self.source.argument()
            while self.source.optional() is not None:
                pass
        elif bare in symbols.ACCENTS and not (self.math and len(bare) == 1 and bare.isalpha()):
            self.accent(symbols.ACCENTS[bare])
        elif self.math and bare in symbols.MATH:
            self.emit(symbols.MATH[bare])
        elif bare in symbols.TEXT:
            if bare == "par":
                self.paragraph()
            elif symbols.TEXT[bare] == " ":
                self.space = True
            else:
                self.emit(symbols.TEXT[bare])
                self.after_word()
        elif bare in symbols.MATH:
            self.emit(symbols.MATH[bare])
        elif len(bare) == 1 and not bare.isalpha():
            self.control(bare)
        else:
            self.after_word()  # unknown: its groups are printed, its name is not

    def after_word(self) -> None:
        """A command that ends in a letter swallows the space behind it, as TeX does."""
        buffer = self.source.top()
        if buffer is not None and buffer.text[buffer.at : buffer.at + 1] in (" ", "\t"):
            while buffer.at < len(buffer.text) and buffer.text[buffer.at] in " \t":
                buffer.at += 1

    def control(self, character: str) -> None:
        if character in "%&#_{}$":
            self.emit(character)
        elif character in "([":
            self.math = True
        elif character in ")]":
            self.math = False
        elif character == "\\":
            self.source.optional()
            self.space = True
        elif character in " \n\t,;:>":
            self.space = self.space or not self.math
        # \- \/ \! \@ print nothing

    def accent(self, combining: str) -> None:
        base = self.source.argument()
        if base.startswith("\\"):
            base = {"\\i": "i", "\\j": "j"}.get(base.strip(), symbols.TEXT.get(base[1:].strip(), ""))
        base = base.strip("{} ")
        if base and not self.math:
            self.emit(unicodedata.normalize("NFC", base[0] + combining) + base[1:])
        elif base:
            self.source.push(base)

    def expand(self, macro: Macro) -> bool:
        self.expansions += 1
        if self.expansions > MOST_EXPANSIONS:
            return False
        values: list[str] = []
        if macro.default is not None:
            given = self.source.optional()
            values.append(macro.default if given is None else given)
        while len(values) < macro.count:
            values.append(self.source.argument())
        body = macro.body
        if macro.count:
            body = re.sub(
                r"#([1-9])", lambda found: values[int(found[1]) - 1] if int(found[1]) <= len(values) else "", body
            )
        else:
            self.after_word()
        if len(body) < 200_000:
            self.source.push(body)
        return True

    def reference(self, label: str) -> None:
        """A sub-figure's letter is known; other numbers only TeX knows."""
        if self.frames:
            for index, figure in enumerate(self.frames[-1].figures):
                if figure.label == label and index < 26:
                    self.emit(f"({'abcdefghijklmnopqrstuvwxyz'[index]})")
                    return
        self.emit(REFERENCE)

    def heading(self, level: int) -> None:
        self.source.optional()
        text = self.source.argument()
        self.paragraph()
        self.sections.append((level, self.length))
        self.source.push(text + _HEADING_END)

    # -------------------------------------------------------------------------------------------- environments

    def begin(self) -> None:
        name = self.source.argument().strip()
        plain = name.rstrip("*")
        if name == "document":
            self.started = True
            self.out.clear()
            self.length = 0
            return
        if plain in symbols.RAW or plain in symbols.HIDDEN:
            buffer = self.source.top()
            if buffer is None:
                return
            end = buffer.text.find(f"\\end{{{name}}}", buffer.at)
            end = len(buffer.text) if end < 0 else end
            raw = buffer.text[buffer.at : end]
            buffer.at = min(len(buffer.text), end + len(name) + 6)
            if plain in symbols.RAW and self.started:
                self.paragraph()
                self.emit(raw.strip("\n"))
                self.paragraph()
            return
        while self.source.optional() is not None:
            pass
        for _ in range(symbols.WITH_ARGUMENTS.get(name, 0)):
            self.source.argument()
        if plain in symbols.DISPLAYS:
            self.math = True
            self.space = True
        elif plain == "abstract":
            self.paragraph()
            self.sections.append((2, self.length))
        else:
            self.paragraph() if plain not in ("tabular", "small") else None
        self.frames.append(_Frame(plain, self.length))

    def end(self) -> None:
        name = self.source.argument().strip().rstrip("*")
        if name == "document":
            self.source.buffers.clear()
            return
        if not any(frame.name == name for frame in self.frames):
            return
        while self.frames and self.close_frame() != name:
            pass
        if name in symbols.DISPLAYS:
            self.math = any(frame.name in symbols.DISPLAYS for frame in self.frames)
            self.space = True
        elif name != "tabular":
            self.paragraph()

    def close_frame(self) -> str:
        if not self.frames:
            return ""
        frame = self.frames.pop()
        kind = frame.name
        for label in frame.labels:
            self.labels.append((label, kind, frame.start, self.length))
        parent = self.frames[-1] if self.frames else None
        figures = [PaperFigure(each.label, each.caption or frame.caption, each.files) for each in frame.figures]
        if frame.files or figures:
            files = tuple(frame.files) or tuple(file for each in figures for file in each.files)
            figures += [PaperFigure(label, frame.caption, files) for label in frame.labels]
        if parent is not None:
            parent.figures += figures
            parent.files += [
                file
                for file in frame.files
                if kind in ("subfigure", "subfloat") or parent.name in ("figure", "wrapfigure")
            ]
            if not parent.caption and kind in symbols.FLOWING:
                parent.caption = frame.caption
        else:
            self.figures += figures
        return kind

    def label(self) -> None:
        name = self.source.argument().strip()
        for frame in reversed(self.frames):
            if frame.name in symbols.FLOWING or (frame.name in symbols.DISPLAYS and frame.name not in symbols.LABELLED):
                continue
            frame.labels.append(name)
            return
        if self.sections:
            self.section_labels.append((name, len(self.sections) - 1))
        else:
            self.labels.append((name, "document", 0, -1))

    def caption(self) -> None:
        self.source.optional()
        text = self.source.argument()
        self.paragraph()
        self.captions.append(len(self.out))
        self.source.push(text + _CAPTION_END)

    def graphics(self) -> None:
        options = self.source.optional() or ""
        file = self.source.argument().strip().strip('"')
        page = _PAGE.search(options)
        if self.frames and file:
            self.frames[-1].files.append((file, int(page[1]) if page else 1))

    def subfloat(self) -> None:
        captions = [each for each in (self.source.optional(), self.source.optional()) if each]
        body = self.source.argument()
        self.frames.append(_Frame("subfloat", self.length, caption=plain(captions[-1]) if captions else ""))
        self.source.push(body + _FRAME_END)

    def footnote(self) -> None:
        self.source.optional()
        self.footnotes.append(self.source.argument())

    def define(self) -> None:
        name = self.source.argument().strip().lstrip("\\").rstrip("*")
        count = self.source.optional()
        default = self.source.optional() if count is not None else None
        body = self.source.argument()
        digits = (count or "0").strip()
        self.macros[name] = Macro(int(digits) if digits.isdigit() and len(digits) == 1 else 0, default, body)

    def define_plain(self) -> None:
        """`\\def\\name#1#2{body}`."""
        buffer = self.source.skip_space()
        if buffer is None:
            return
        found = re.compile(r"\\([A-Za-z@]+|.)\s*((?:#\d)*)\s*(?=\{)").match(buffer.text, buffer.at)
        if found is None:
            self.source.argument()
            return
        buffer.at = found.end()
        self.macros[found[1]] = Macro(len(found[2]) // 2, None, self.source.argument())

    def operator(self) -> None:
        name = self.source.argument().strip().lstrip("\\")
        self.macros[name] = Macro(0, None, self.source.argument().replace("\\,", " "))

    def fraction(self) -> None:
        top, bottom = self.source.argument(), self.source.argument()
        self.source.push(f"{top}/{bottom}")

    def item(self) -> None:
        mark = self.source.optional()
        self.paragraph()
        if mark:
            self.source.push(f"{mark} ")

    def set_title(self) -> None:
        self.source.optional()
        self.title = self.source.argument()

    def set_author(self) -> None:
        self.source.optional()
        self.authors.append(self.source.argument())

    def set_date(self) -> None:
        self.date = self.source.argument()


_COMMANDS: dict[str, Callable[[Reader], None]] = {
    "begin": Reader.begin,
    "end": Reader.end,
    "label": Reader.label,
    "caption": Reader.caption,
    "includegraphics": Reader.graphics,
    "includesvg": Reader.graphics,
    "subfloat": Reader.subfloat,
    "subfigure": Reader.subfloat,
    "subcaptionbox": Reader.subfloat,
    "footnote": Reader.footnote,
    "footnotetext": Reader.footnote,
    "newcommand": Reader.define,
    "renewcommand": Reader.define,
    "providecommand": Reader.define,
    "DeclareRobustCommand": Reader.define,
    "def": Reader.define_plain,
    "gdef": Reader.define_plain,
    "DeclareMathOperator": Reader.operator,
    "frac": Reader.fraction,
    "tfrac": Reader.fraction,
    "dfrac": Reader.fraction,
    "item": Reader.item,
    "title": Reader.set_title,
    "icmltitle": Reader.set_title,
    "author": Reader.set_author,
    "date": Reader.set_date,
}


def tidy(text: str) -> str:
    """One line, no spaces before punctuation."""
    return re.sub(r"\s+([.,;:!?)])", r"\1", " ".join(text.split()))


def plain(source: str, macros: dict[str, Macro] | None = None) -> str:
    """A piece of TeX as one line of plain text."""
    reader = Reader(source)
    reader.started = True
    reader.macros = dict(macros or {})
    reader.run()
    return tidy("".join(reader.out))
