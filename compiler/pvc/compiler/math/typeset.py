"""Setting formulas: `set_math` turns TeX into elements, one for each glyph and rule, with parts and concept colours.

MathJax's result is remembered in the process and through the World, so that a warm build never starts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pvc.compiler.digest import code_digest, digest_of
from pvc.compiler.layout.component import Env
from pvc.compiler.layout.compose import shift_all, union
from pvc.compiler.math import engine, match, speech, svg
from pvc.compiler.math.block import MathBlock
from pvc.compiler.model.display import Element, Paint, Path, Problem, Rect, Shape, Stroke, quantise
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.values import Color, Token

_MACROS = """
frac dfrac tfrac sqrt sum prod int oint lim sup inf max min arg log ln exp sin cos tan text mathbf mathrm mathbb
mathcal mathsf mathtt operatorname boldsymbol left right big Big bigg begin end alpha beta gamma delta epsilon
varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi varphi chi psi omega
Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega partial nabla infty cdot times div pm mp leq geq neq
approx equiv sim propto in notin subset subseteq cup cap forall exists rightarrow leftarrow Rightarrow mapsto to
top perp mid parallel hat bar tilde vec dot ddot overline underline overbrace underbrace ldots cdots vdots ddots
quad qquad binom cases matrix pmatrix bmatrix aligned
"""
"""What people most often mean by a macro that MathJax does not know."""


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula as MathJax drew it, read once."""

    drawing: svg.Drawing
    row: match.Row


_formulas: dict[tuple[str, bool], _Formula | engine.MathError] = {}


def set_math(
    tex: str, size: float, paint: Paint, env: Env, addressed: Iterable[str] = (), *, display: bool = True
) -> MathBlock:
    """Set a formula with 1 em = ``size`` px.

    ``addressed``: selectors; each `tex:...` among them becomes a part (all its occurrences), and is a problem with the
    nearest sub-expression where the formula has none. Every concept whose symbol occurs is a part `concept:NAME` and
    coloured, except where the TeX names a colour itself. Never raises: what MathJax refuses is a problem, and the block
    is empty then.
    """
    source = _cleaned(tex)
    if not source:
        return _refused(Problem("PVC0510", "the formula is empty", "write TeX between the backquotes"))
    formula = _formula(source, display, env)
    if isinstance(formula, engine.MathError):
        return _refused(_error(tex, str(formula)))
    drawing = formula.drawing
    parts, problems = _parts(formula, addressed, env, tex)
    concepts = _concepts(formula, env)
    colors = {
        leaf: _paint(spec.color, env)
        for spec, leaves in sorted(concepts, key=lambda each: len(each[1]))
        for leaf in leaves
    }
    elements, places, lacking = _elements(drawing, size, paint, colors, env)
    if lacking:
        problems.append(missing_characters(lacking, tex))
    named = [(f"concept:{spec.name}", leaves) for spec, leaves in concepts]
    return MathBlock(
        quantise(drawing.width * size / 1000),
        quantise((drawing.ascent + drawing.descent) * size / 1000),
        quantise(drawing.ascent * size / 1000),
        tuple(elements),
        tuple((name, _places(leaves, places)) for name, leaves in [*parts, *named]),
        tuple(problems),
        speech.words(formula.row),
    )


def missing_characters(characters: Sequence[str], text: str) -> Problem:
    """The problem of characters that no font at hand covers."""
    shown = ", ".join(f"{char} (U+{ord(char):04X})" for char in characters[:8])
    more = f" and {len(characters) - 8} more" if len(characters) > 8 else ""
    quoted = text if len(text) <= 60 else f"{text[:57]}..."
    return Problem(
        "PVC0502",
        f"no font has the characters {shown}{more}, used in “{quoted}”",
        'declare a font file that has them: `font more = file("fonts/MyFont.ttf")`',
    )


# ---------------------------------------------------------------------------------------------- from MathJax


def _cleaned(tex: str) -> str:
    """TeX without what belongs to a page: equation numbers, labels, display wrappers and comments."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", tex)
    text = re.sub(r"\\(?:tag\*?|label)\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])", "", text)
    text = text.strip()
    for opening, closing in (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)")):
        if text.startswith(opening) and text.endswith(closing) and len(text) >= len(opening) + len(closing):
            text = text[len(opening) : -len(closing)].strip()
            break
    text = re.sub(r"^\\begin\{(equation|displaymath|math)\*?\}(.*)\\end\{\1\*?\}$", r"\2", text, flags=re.DOTALL)
    aligned = {"align": "aligned", "eqnarray": "aligned", "gather": "gathered", "multline": "gathered"}
    match_ = re.fullmatch(r"\\begin\{(align|eqnarray|gather|multline)\*?\}(.*)\\end\{\1\*?\}", text, flags=re.DOTALL)
    if match_:
        name = aligned[match_[1]]
        text = f"\\begin{{{name}}}{match_[2]}\\end{{{name}}}"
    return text.strip()


def _formula(source: str, display: bool, env: Env) -> _Formula | engine.MathError:
    known = _formulas.get((source, display))
    if known is None:
        if len(_formulas) > 5000:
            _formulas.clear()
        try:
            drawing = svg.read(_svg(source, display, env))
            known = _Formula(drawing, match.items(drawing))
        except engine.MathError as error:
            known = error
        except ValueError as error:
            known = engine.MathError(str(error))
        _formulas[source, display] = known
    return known


def _svg(source: str, display: bool, env: Env) -> str:
    key = digest_of(("math", source, display, engine.identity(), code_digest(("pvc.compiler.math.engine",))))
    kept = env.world.recall(key)
    if kept is not None:
        text = kept.decode("utf-8", "replace")
        if text.startswith("!"):
            raise engine.MathError(text[1:])
        return text
    try:
        text = engine.svg(source, display)
    except engine.MathError as error:
        env.world.remember(key, f"!{error}".encode())
        raise
    env.world.remember(key, text.encode())
    return text


def _error(tex: str, message: str) -> Problem:
    undefined = re.search(r"Undefined control sequence \\([A-Za-z]+)", message)
    hint = "the message is MathJax's; it knows LaTeX's and AMS' math macros and `\\newcommand` inside the formula"
    if undefined:
        near = get_close_matches(undefined[1], _MACROS.split(), 1)
        hint = (
            f"did you mean `\\{near[0]}`?"
            if near
            else f"define it in the formula: `\\newcommand{{\\{undefined[1]}}}{{...}}`"
        )
    quoted = tex if len(tex) <= 80 else f"{tex[:77]}..."
    return Problem("PVC0511", f"this formula cannot be set: {message} (in `{quoted}`)", hint)


def _refused(problem: Problem) -> MathBlock:
    return MathBlock(0.0, 0.0, 0.0, (), problems=(problem,))


# ---------------------------------------------------------------------------------------------- parts


_Leaves = tuple[int, ...]


def _parts(
    formula: _Formula, addressed: Iterable[str], env: Env, tex: str
) -> tuple[list[tuple[str, _Leaves]], list[Problem]]:
    parts: list[tuple[str, _Leaves]] = []
    problems: list[Problem] = []
    for selector in dict.fromkeys(addressed):
        if not selector.startswith("tex:"):
            continue
        wanted = selector.removeprefix("tex:")
        found = find_in(formula.row, wanted, env)
        if isinstance(found, Problem):
            problems.append(replace(found, part=selector))
        elif found:
            parts.append((selector, found))
        else:
            problems.append(replace(_absent(wanted, formula, tex), part=selector))
    return parts, problems


def find_in(row: match.Row, wanted: str, env: Env) -> _Leaves | Problem:
    """Leaves of all occurrences of the sub-expression ``wanted`` in a row; none: an empty tuple; a problem where it is
    no TeX by itself."""
    part = _formula(_cleaned(wanted), True, env) if wanted.strip() else engine.MathError("it is empty")
    if isinstance(part, engine.MathError):
        return Problem("PVC0511", f"the part `{wanted}` cannot be set: {part}", "a part is TeX that stands by itself")
    return tuple(leaf for leaves in match.find(part.row, row) for leaf in leaves)


def _absent(wanted: str, formula: _Formula, tex: str) -> Problem:
    """A part that is not there, with the most similar one that is."""
    known = [text for text in _latex(formula.drawing.root) if text.strip()] or re.findall(r"\\?[A-Za-z]+", tex)
    near = get_close_matches(wanted, dict.fromkeys(known), 1, 0.4)
    hint = f"did you mean tex`{near[0]}`?" if near else "a part is a sub-expression as it stands in the formula"
    return Problem("PVC0512", f"`{wanted}` does not occur in the formula `{tex}`", hint)


def _latex(node: svg.Node) -> list[str]:
    return [*([node.latex] if node.latex else []), *(text for child in node.children for text in _latex(child))]


def _concepts(formula: _Formula, env: Env) -> list[tuple[ConceptSpec, _Leaves]]:
    found = []
    for spec in env.concepts:
        leaves: list[int] = []
        for symbol in spec.symbols:
            where = find_in(formula.row, symbol, env)
            if not isinstance(where, Problem):
                leaves.extend(where)
        if leaves:
            found.append((spec, tuple(dict.fromkeys(leaves))))
    return found


def _paint(color: Token | Color, env: Env) -> Paint:
    value = env.theme.color(color.name) if isinstance(color, Token) else color
    return Paint(value.red, value.green, value.blue, value.alpha)


def _places(leaves: _Leaves, places: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({place for leaf in leaves for place in places.get(leaf, ())}))


# ---------------------------------------------------------------------------------------------- elements


def _elements(
    drawing: svg.Drawing, size: float, paint: Paint, colors: dict[int, Paint], env: Env
) -> tuple[list[Element], dict[int, tuple[int, ...]], list[str]]:
    """Elements in reading order, which of them each leaf became, and characters that no font has."""
    scale = size / 1000
    order_of = _orders(drawing)
    elements: list[Element] = []
    places: dict[int, tuple[int, ...]] = {}
    lacking: list[str] = []
    for leaf_index in drawing.root.leaves():
        leaf = drawing.leaves[leaf_index]
        own = _named_color(leaf.color, env) if leaf.color else colors.get(leaf_index, paint)
        order = order_of.get(leaf_index, 0)
        first = len(elements)
        if leaf.kind == "text":
            placed, missing = _text(leaf, scale, drawing.ascent, own, env)
            elements.extend(replace(element, order=order) for element in placed)
            lacking.extend(missing)
        else:
            elements.append(_element(leaf, scale, drawing.ascent, own, order))
        places[leaf_index] = tuple(range(first, len(elements)))
    return elements, places, lacking


def _orders(drawing: svg.Drawing) -> dict[int, int]:
    """The reading order of each leaf; letters of one word (an operator's name, a text) come together."""
    groups: list[list[int]] = []

    def visit(node: svg.Node) -> None:
        if node.kind in ("mi", "mo", "mn", "mtext", "ms"):
            groups.append(node.leaves())
            return
        for part in svg.reading_order(node):
            if isinstance(part, int):
                groups.append([part])
            else:
                visit(part)

    visit(drawing.root)
    return {leaf: order for order, group in enumerate(filter(None, groups)) for leaf in group}


def _element(leaf: svg.Leaf, scale: float, ascent: float, paint: Paint, order: int) -> Element:
    points = tuple(
        quantise(value * scale if index % 2 == 0 else (value + ascent) * scale)
        for index, value in enumerate(leaf.path.points)
    )
    path = Path(leaf.path.verbs, points)
    kind = leaf.char if leaf.kind == "glyph" else leaf.kind
    morph = f"glyph:{kind}"
    box = _bounds(path)
    if leaf.kind == "line":
        width = max(quantise(leaf.width * scale), 1.0)
        dash = (quantise(2 * width), quantise(2 * width)) if leaf.dashed else ()
        half = width / 2
        grown = Rect(box.x - half, box.y - half, quantise(box.width + width), quantise(box.height + width))
        stroke = Stroke(paint, width, dash, cap="butt", join="miter")
        return Element(Shape(path, stroke=stroke), grown, "line", order, morph)
    role = "box" if leaf.kind == "box" else "glyph"
    centre = (quantise(box.x + box.width / 2), quantise(box.y + box.height / 2))
    return Element(Shape(path, fill=paint), box, "box" if role == "box" else "glyph", order, morph, centre)


def _bounds(path: Path) -> Rect:
    """The box of all points; control points of a glyph's curves lie on its extremes or close to them."""
    xs, ys = path.points[0::2], path.points[1::2]
    if not xs:
        return Rect(0.0, 0.0, 0.0, 0.0)
    return Rect(min(xs), min(ys), quantise(max(xs) - min(xs)), quantise(max(ys) - min(ys)))


def _text(leaf: svg.Leaf, scale: float, ascent: float, paint: Paint, env: Env) -> tuple[list[Element], list[str]]:
    """Characters beyond MathJax's font, set in the theme's."""
    from pvc.compiler.text.style import TextStyle
    from pvc.compiler.text.typeset import set_line

    style = TextStyle(env.theme.font("sans"), quantise(leaf.width * scale), paint)
    block = set_line(leaf.char, style, env, raw=True)
    x, y = leaf.path.points[0] * scale, (leaf.path.points[1] + ascent) * scale
    return list(shift_all(block.elements, x, y - block.baseline)), list(block.missing)


_NAMED_COLORS = """
black #000000 white #ffffff red #ff0000 green #008000 blue #0000ff yellow #ffff00 orange #ffa500 purple #800080
cyan #00ffff magenta #ff00ff gray #808080 grey #808080 brown #a52a2a lime #00ff00 pink #ffc0cb teal #008080
"""
"""The colours that LaTeX's users name, beside the theme's own."""


def _named_color(text: str, env: Env) -> Paint:
    """A colour named in TeX: a token of the theme first (`\\color{accent}`), then `#rrggbb`, then the common names."""
    name = text.strip().lower()
    tokens = dict(env.theme.colors)
    if name in tokens:
        return _paint(tokens[name], env)
    words: list[str] = list(_NAMED_COLORS.split())
    if name in words[::2]:
        name = words[words.index(name) + 1]
    if re.fullmatch(r"#[0-9a-f]{6}", name):
        return Paint(int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16))
    if re.fullmatch(r"#[0-9a-f]{3}", name):
        return Paint(*(int(digit * 2, 16) for digit in name[1:]))
    return _paint(tokens.get("text", Color(128, 128, 128)), env)


def ink(block: MathBlock) -> Rect:
    """What is really drawn: the union of the elements' bounds."""
    return union(element.bounds for element in block.elements)


_RELATIONS = """
3D 3C 3E 2264 2265 2260 2261 2248 223C 2243 2245 221D 2192 2190 21D2 21D0 21D4 27F6 27F9 27FA 21A6 27FC 2208 2209
2282 2286 2283 2287 226A 226B 227A 227B 2AAF 2AB0 225C 2254 2255 2250 22A2 22A8 A9 2266 2267 2A7D 2A7E
"""
"""Code points that stand between two sides."""


def relation(tex: str, size: float, env: Env) -> float | None:
    """Where the first relation of a formula begins, px from its left end; None where it has none, or cannot be set."""
    formula = _formula(_cleaned(tex), True, env) if tex.strip() else None
    if not isinstance(formula, _Formula):
        return None
    for item in formula.row:
        inner = item
        while inner.kind in ("sub", "sup", "subsup") and len(inner.rows[0]) == 1:
            inner = inner.rows[0][0]
        if inner.kind == "token" and inner.symbol.split(" ")[0] in _RELATIONS.split():
            xs = [x for leaf in item.leaves for x in formula.drawing.leaves[leaf].path.points[0::2]]
            return quantise(min(xs) * size / 1000)
    return None
