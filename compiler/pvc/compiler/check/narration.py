"""The text of a `say`: cues, markup and escapes taken out, so that what is left is what captions show.

Syntax, beside plain text: `{name}` is a cue; `{row.name}` (with a dot) is a value; `\\{ \\} \\< \\\\` are the
characters themselves; markup is a subset of SSML in the language's own spelling:

    <break 300ms>                       silence
    <emphasis> ... </emphasis>          (or `<emphasis strong>`; strong, moderate, reduced)
    <rate 90%> ... </rate>              speed, relative to the voice's
    <pitch +2st> ... </pitch>           pitch in semitones (`st`) or percent
    <volume -6dB> ... </volume>
    <sub 'alias'> ... </sub>            said as the alias, shown as written
    <say-as digits> ... </say-as>       digits, characters, ordinal, cardinal, date, time
    <phoneme 'ipa'> ... </phoneme>      said by its sounds

White space of any length is one space. Typographic quotes and dashes are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from unicodedata import category

from pvc.compiler.check.context import Context, replacing, suggestion
from pvc.compiler.check.interpolation import VALUE, interpolated
from pvc.compiler.diagnostics.model import Edit, Fix, Label
from pvc.compiler.model.program import Cue, SpeechMark
from pvc.compiler.resolve.near import distance
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_TOKEN = re.compile(
    r"""(?P<escape>\\[\\{}<>])
      | (?P<space>[^\S\xa0\u202f\u2007]+)
      | \{(?P<cue>[^{}]*)\}
      | <(?P<tag>/?[A-Za-z][^<>]*)>
      | (?P<text>[^\\{}<>\s]+ | [\xa0\u202f\u2007]+)
      | (?P<odd>.)""",
    re.VERBOSE | re.DOTALL,
)
_CUE = re.compile(r"[^\W\d][\w\-]*")

_VALUES: dict[str, tuple[re.Pattern[str], str, bool]] = {
    "break": (re.compile(r"\d+(?:\.\d+)?(?:ms|s)|none|weak|medium|strong"), "<break 300ms>", True),
    "emphasis": (re.compile(r"(?:strong|moderate|reduced)?"), "<emphasis>...</emphasis>", False),
    "rate": (re.compile(r"[+-]?\d+(?:\.\d+)?%|x-slow|slow|medium|fast|x-fast"), "<rate 90%>...</rate>", False),
    "pitch": (re.compile(r"[+-]?\d+(?:\.\d+)?(?:%|st)|low|medium|high"), "<pitch +2st>...</pitch>", False),
    "volume": (re.compile(r"[+-]?\d+(?:\.\d+)?(?:%|dB)|soft|medium|loud"), "<volume +3dB>...</volume>", False),
    "sub": (re.compile(r"'[^']*'|\"[^\"]*\""), "<sub 'alias'>...</sub>", False),
    "say-as": (
        re.compile(r"digits|characters|ordinal|cardinal|date|time|telephone|spell-out"),
        "<say-as digits>...</say-as>",
        False,
    ),
    "phoneme": (re.compile(r"'[^']+'|\"[^\"]+\""), "<phoneme 'ipa'>...</phoneme>", False),
}
"""For each element: what its value looks like, an example, and whether it stands alone."""

_LIMITS = {"break": (0.0, 10.0), "rate": (25.0, 400.0), "pitch": (-24.0, 24.0), "volume": (-40.0, 12.0)}
"""What a voice can do, in seconds, percent of its own rate, semitones and decibels."""

_SIZE = re.compile(r"([+-]?)(\d+(?:\.\d+)?)(ms|s|%|st|dB)")


def _beyond(kind: str, value: str) -> str | None:
    """Why no voice can do what an element asks for; None where it can."""
    size = _SIZE.fullmatch(value)
    if size is None or kind not in _LIMITS:
        return None
    sign, digits, unit = size.groups()
    number = float(f"{sign}{digits}")
    low, high = _LIMITS[kind]
    if unit == "ms":
        number /= 1000
    elif unit == "%" and kind == "rate":
        number = 100 + number if sign else number
    elif unit == "%":
        whole = 100 + number if sign else number
        return None if 25 <= whole <= 400 else "from 25% to 400%"
    if low <= number <= high:
        return None
    shown = {"break": "s", "rate": "%", "pitch": "st", "volume": "dB"}[kind]
    return f"from {low:g}{shown} to {high:g}{shown}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A narration read. ``origin[i]`` is the index in the written value of character ``i`` of ``text`` (one more entry
    for its end)."""

    text: str
    cues: tuple[Cue, ...]
    marks: tuple[SpeechMark, ...]
    origin: tuple[int, ...]
    node: tree.Narration
    scope: Scope
    values: tuple[tuple[str, str], ...] = ()
    """What the names of values in it (`{row.model}`) stand for."""

    def span(self, start: int, end: int) -> Span:
        """Where ``text[start:end]`` is written."""
        first = self.origin[start]
        last = self.origin[end - 1] + 1 if end > start else first
        return value_span(self.scope, self.node, first, last)


def value_span(scope: Scope, node: tree.Narration, start: int, end: int) -> Span:
    """The span of ``node.value[start:end]`` in the file."""
    if node.offsets:
        offsets = node.offsets
        first = offsets[start] if start < len(offsets) else node.at.end - 1
        last = offsets[end] if end < len(offsets) else node.at.end - 1
        if end > start and end - 1 < len(offsets):
            last = max(last if end < len(offsets) else 0, offsets[end - 1] + 1)
        return scope.span(tree.At(first, max(first, last)))
    return scope.span(tree.At(node.at.start + 1 + start, node.at.start + 1 + end))


def spoken(
    ctx: Context,
    scope: Scope,
    node: tree.Narration,
    phrases: bool = False,
    known: Mapping[str, str] | None = None,
) -> Spoken:
    """Read a narration; what is wrong in it is reported and left out. ``phrases``: marks may hold several
    words, as in a translation, where values are those that are ``known`` of the original."""
    value = node.value
    if not value.isprintable():
        _unspeakable(ctx, scope, node)
    if not any(character in value for character in "{}<>\\"):
        quick = _plain(value)
        if quick is not None:
            return Spoken(quick, (), (), tuple(range(len(quick) + 1)), node, scope)
    text: list[str] = []
    origin: list[int] = []
    cues: list[tuple[str, int, int]] = []  # name, offset in the text, start in the value
    marks: list[SpeechMark] = []
    opened: list[tuple[str, str, int, int]] = []  # kind, value, offset, start in the value
    crossed: list[str] = []
    space = False
    values: dict[str, str] = {}

    def emit(piece: str, at: int) -> None:
        nonlocal space
        if space and text:
            text.append(" ")
            origin.append(at - 1)
        space = False
        for index, character in enumerate(piece):
            text.append(character)
            origin.append(at + index)

    def next_offset() -> int:
        return len(text) + (1 if space and text else 0)

    for found in _TOKEN.finditer(value):
        kind, start = found.lastgroup, found.start()
        if kind == "space":
            space = True
        elif kind == "text":
            emit(found.group(), start)
        elif kind == "escape":
            emit(found.group()[1], start + 1)
        elif kind == "cue":
            name = found["cue"].strip()
            value_ = known.get(name) if known is not None else None
            if not phrases and VALUE.fullmatch(name):
                at = value_span(scope, node, start, found.end())
                value_ = interpolated(ctx, scope, name, tree.At(at.start - scope.base, at.end - scope.base))
                if value_ is None:
                    continue
            if value_ is not None:
                values[name] = value_
                begin = len(text) + (1 if space and text and value_ else 0)
                emit(value_, start) if value_ else None
                origin[begin:] = [start] * (len(origin) - begin)
                if len(origin) > begin:
                    origin[-1] = found.end() - 1
                continue
            if not (_CUE.fullmatch(name) or (phrases and name)):
                _bad_cue(ctx, scope, node, name, start, found.end())
                continue
            cues.append((name, next_offset(), start))
        elif kind == "tag":
            _tag(ctx, scope, node, found, next_offset, lambda: len(text), opened, crossed, marks)
        else:
            _odd(ctx, scope, node, found.group(), start, emit)
    for kind_, _, _, start in opened:
        span = value_span(scope, node, start, start + len(kind_) + 1)
        ctx.report("PVC0412", f"`<{kind_}>` is never closed", span, f"write `</{kind_}>` behind the words it is for")
    plain = "".join(text)
    origin.append(len(value))
    length = len(plain)
    made = tuple(
        Cue(name, min(offset, length), value_span(scope, node, start, start + len(name) + 2))
        for name, offset, start in cues
    )
    _duplicates(ctx, made)
    return Spoken(
        plain,
        made,
        tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))),
        tuple(origin),
        node,
        scope,
        tuple(values.items()),
    )


def _plain(value: str) -> str | None:
    """The value itself where it is plain text already (no white space to fold), else None."""
    if value != value.strip() or "\n" in value or "\t" in value or "\r" in value or "  " in value:
        return None
    return value


def _unspeakable(ctx: Context, scope: Scope, node: tree.Narration) -> None:
    for at, character in enumerate(node.value):
        if category(character) == "Cc" and not character.isspace():
            message = f"the character U+{ord(character):04X} can be neither said nor shown"
            ctx.report("PVC0412", message, value_span(scope, node, at, at + 1), "remove it")
            return


def _bad_cue(ctx: Context, scope: Scope, node: tree.Narration, name: str, start: int, end: int) -> None:
    span = value_span(scope, node, start, end)
    hint = "a cue is one word in braces, as in `{scores}`; a brace itself is written `\\{`"
    if node.value[max(0, start - 2) : start] == "\\u":
        return  # an escape of no character, which was said while reading
    ctx.report("PVC0412", f"`{{{name}}}` is no cue", span, hint)


def _odd(
    ctx: Context, scope: Scope, node: tree.Narration, character: str, start: int, emit: Callable[[str, int], None]
) -> None:
    if character in "{}":
        span = value_span(scope, node, start, start + 1)
        fix = replacing(span, f"\\{character}")
        what = "opens no cue" if character == "{" else "closes no cue"
        ctx.report("PVC0412", f"this brace {what}", span, f"a brace itself is written `\\{character}`", fixes=(fix,))
        return
    emit(character, start)  # a lone `<`, `>` or backslash means itself


def _tag(
    ctx: Context,
    scope: Scope,
    node: tree.Narration,
    found: re.Match[str],
    next_offset: Callable[[], int],
    here: Callable[[], int],
    opened: list[tuple[str, str, int, int]],
    crossed: list[str],
    marks: list[SpeechMark],
) -> None:
    """Reads one `<...>`. ``crossed`` are elements whose end is still to come though it is of no use any more."""
    inner = found["tag"].strip()
    start, end = found.span()
    span = value_span(scope, node, start, end)
    if inner.startswith("/"):
        kind = inner[1:].strip()
        if not opened or opened[-1][0] != kind:
            if any(each[0] == kind for each in opened):  # what stands inside is closed behind it: that is said once
                inside = opened[-1][0]
                hint = f"close what was opened last: write `</{inside}>` before it"
                ctx.report("PVC0412", f"`</{kind}>` closes nothing while `<{inside}>` is open", span, hint)
                while (left := opened.pop()[0]) != kind:
                    crossed.append(left)
            elif kind in crossed:
                crossed.remove(kind)
            else:
                last = f"; `<{opened[-1][0]}>` is open" if opened else ""
                ctx.report("PVC0412", f"`</{kind}>` closes nothing{last}", span, "close what was opened last")
            return
        _, value, begin, _ = opened.pop()
        finish = here()
        if finish > begin:
            marks.append(SpeechMark(kind, begin, finish, value))
        return
    kind, _, value = inner.rstrip("/").strip().partition(" ")
    value = value.strip()
    if kind not in _VALUES:
        near, fixes = suggestion(kind, _VALUES, value_span(scope, node, start + 1, start + 1 + len(kind)))
        ctx.report(
            "PVC0412",
            f"there is no markup `<{kind}>`",
            span,
            f"{near}; `<` itself is written `\\<`" if near else "`<` itself is written `\\<`",
            fixes=_both_ends(scope, node, kind, found.end(), fixes),
        )
        crossed.append(kind)
        return
    pattern, example, alone = _VALUES[kind]
    offset = next_offset()
    if not pattern.fullmatch(value):
        ctx.report(
            "PVC0412",
            f"`<{kind}>` cannot be `{value}`" if value else f"`<{kind}>` needs a value",
            span,
            f"as in `{example}`",
        )
        value = ""
        if alone:
            return
        opened.append((kind, value, offset, start))
        return
    if limits := _beyond(kind, value):
        ctx.report("PVC0412", f"`<{kind}>` cannot be `{value}`", span, f"voices can do {limits}")
    if value[:1] in "'\"" and value:
        value = value[1:-1]
        if not value.strip():
            ctx.report("PVC0412", f"`<{kind}>` needs a value", span, f"as in `{example}`")
    if alone:
        marks.append(SpeechMark(kind, offset, offset, value))
    else:
        opened.append((kind, value or "moderate" if kind == "emphasis" else value, offset, start))


def _both_ends(scope: Scope, node: tree.Narration, kind: str, behind: int, fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """The fix of an element's name, at its end as well."""
    end = node.value.find(f"</{kind}>", behind)
    if not fixes or end < 0:
        return fixes
    (edit,) = fixes[0].edits
    closing = Edit(value_span(scope, node, end + 2, end + 2 + len(kind)), edit.text)
    return (replace(fixes[0], edits=(edit, closing)),)


def _duplicates(ctx: Context, cues: tuple[Cue, ...]) -> None:
    seen: dict[str, Cue] = {}
    for cue in cues:
        first = seen.setdefault(cue.name, cue)
        if first is not cue and not ctx.crowded:
            label = Label(first.span, "the first is here")
            ctx.report(
                "PVC0402",
                f"the cue `{cue.name}` occurs twice in this narration",
                cue.span,
                "rename one of them",
                labels=(label,),
                fixes=(replacing(cue.span, "", "remove the second"),),
            )


# ------------------------------------------------------------------------------------------------ phrases

_ALIKE = str.maketrans("’‘“”–—−\u00a0\u202f", "''\"\"---  ")
"""Typographic characters as a keyboard has them, one for one."""


def _occurrences(text: str, phrase: str) -> list[int]:
    found: list[int] = []
    at = text.find(phrase)
    while at >= 0:
        found.append(at)
        at = text.find(phrase, at + 1)
    return [at for at in found if _edge(text, at) and _edge(text, at + len(phrase))]


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Letters of scripts that put no space between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""


def _edge(text: str, at: int) -> bool:
    """Whether a word may begin or end at ``at``: not between two letters of a script that has spaces."""
    if at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum()):
        return True
    return _UNSPACED.match(text[at - 1]) is not None or _UNSPACED.match(text[at]) is not None


def find_phrase(text: str, phrase: str) -> list[int]:
    """Where a phrase stands in a narration, as whole words: as written, else without regard to case, else also without
    regard to typographic quotes and dashes. More than one place where it is ambiguous."""
    phrase = " ".join(phrase.split())
    if not phrase:
        return []
    found = _occurrences(text, phrase)
    if found:
        return found
    # lower() may change a string's length in a few scripts; then only the exact comparison is sound
    lowered, wanted = text.lower(), phrase.lower()
    if len(lowered) == len(text):
        found = _occurrences(lowered, wanted)
        if not found:
            found = _occurrences(lowered.translate(_ALIKE), wanted.translate(_ALIKE))
    return found


def nearest_phrase(text: str, phrase: str) -> str | None:
    """The run of words in the narration that is nearest to a phrase that does not occur; None where none is near."""
    words = list(re.finditer(r"\S+", text))
    count = max(1, len(phrase.split()))
    best: tuple[int, str] | None = None
    bound = max(2, len(phrase) // 2)
    lowered = phrase.lower()
    for size in sorted({count, max(1, count - 1), count + 1}, key=lambda each: abs(each - count)):
        for index in range(len(words) - size + 1):
            candidate = text[words[index].start() : words[index + size - 1].end()].strip('.,;:!?()"“”')
            far = distance(lowered, candidate.lower(), bound)
            if far <= bound and (best is None or far < best[0]):
                best = (far, candidate)
                bound = far
    return best[1] if best else None
