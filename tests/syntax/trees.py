"""Generated syntax trees: every node type, with the words, texts and comments that are hardest to spell.

Only trees that a parser could have made: no blank line above the first statement of a body, an `at` whose single action
carries the comment behind it, and so on.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pvc.compiler.syntax import tree

WORDS = (
    *("a", "b", "eq", "x1", "größe", "at", "in", "color", "for", "say", "show", "let", "if", "else", "talk", "scene"),
    *(
        "use",
        "theme",
        "data",
        "with",
        "note",
        "part",
        "render",
        "action",
        "wait",
        "claim",
        "from",
        "quote",
        "and",
        "or",
    ),
    *("visible", "below", "to", "by", "on", "as", "fallback", "extends", "lexicon", "together", "expect", "chapter"),
    *("row", "column"),
)
RESERVED = frozenset({"true", "false", "not"})
"""Words that cannot be the name of a value."""
NOT_A_VERB = frozenset(
    (
        *(
            "say",
            "at",
            "together",
            "wait",
            "claim",
            "expect",
            "note",
            "review",
            "chapter",
            "let",
            "if",
            "for",
            "render",
        ),
        *(
            "part",
            "row",
            "column",
            "overlay",
            "grid",
            "action",
            "lexicon",
            "scene",
            "else",
            "and",
            "or",
            "with",
            "into",
            "by",
            "as",
            "on",
            "from",
            "to",
            "in",
        ),
        *("fallback", "extends", "quote", "not"),
    )
)
OPERATORS = ("and", "or", "in")
"""Words behind which a line goes on: the names of values may be spelt so, in parentheses, other names may not."""
names = st.sampled_from([word for word in WORDS if word not in OPERATORS])
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ['say "x"', "{cue}", "a\\b", "// no comment", "`", "line\nline", "é日本", "\u2028", "\t\r"]
)
lines = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12).map(str.strip)
comments = lines.map(lambda line: f"// {line}".rstrip())
docs = st.lists(lines, min_size=1, max_size=2).map("\n".join)


def texts_node(strategy: st.SearchStrategy[str] = texts) -> st.SearchStrategy[tree.Text]:
    return st.builds(tree.Text, strategy)


@st.composite
def narrations(draw: st.DrawFn) -> tree.Narration:
    pieces = st.sampled_from(["word ", "{cue}", "\\{", "\\}", "\\\\", "\\<", "<break/>", '"', "é", "\n", "."])
    return tree.Narration("".join(draw(st.lists(pieces, max_size=6))))


units = st.sampled_from([None, "s", "ms", "%", "px", "em", "deg", "min", "f"])
numbers = st.builds(
    lambda digits, places, negative, unit: tree.Number(
        Decimal(-digits if negative and digits else digits).scaleb(-places), unit
    ),
    st.integers(0, 10**20),
    st.integers(0, 25),
    st.booleans(),
    units,
)
value_names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda parts: tree.Name(tuple(parts)))
tags = st.sampled_from(["tex", "md", "python", "at"])
raws = st.text(st.sampled_from('ab \\{}\n"`/'), max_size=10)
leaves = st.one_of(
    value_names,
    st.just(tree.Name(("1080p30",))),
    texts_node(),
    numbers,
    st.builds(tree.Bool, st.booleans()),
    st.builds(tree.ColorLiteral, st.sampled_from(["1e90ff", "00000080"])),
    st.builds(tree.Tagged, tags, raws),
)


def _argument(name: str | None, value: Any, trivia: tree.Trivia) -> tree.Argument:
    return tree.Argument(name, value, trivia=trivia)


@st.composite
def trivia_inside(draw: st.DrawFn) -> tree.Trivia:
    if draw(st.integers(0, 9)):
        return tree.NO_TRIVIA
    above = tuple(draw(st.lists(comments, max_size=2)))
    return tree.Trivia(above, draw(st.none() | comments), draw(st.none() | docs))


def _compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arguments = st.lists(st.builds(_argument, st.none() | names, inner, trivia_inside()), max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            tree.Call, value_names.filter(lambda name: name.parts not in [("in",), ("and",), ("or",)]), arguments
        ),
        st.lists(inner, max_size=3).map(lambda items: tree.ListExpr(tuple(items))),
        st.lists(st.tuples(names | texts, inner), max_size=3).map(lambda fields: tree.RecordExpr(tuple(fields))),
        st.builds(tree.Index, inner, inner),
        st.builds(tree.Attribute, inner, names),
        st.builds(tree.RangeExpr, inner, inner),
        st.builds(tree.Unary, st.sampled_from(["-", "not"]), inner).filter(_is_unfolded),
        st.builds(
            tree.Binary,
            st.sampled_from(["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "in", "and", "or"]),
            inner,
            inner,
        ),
    )


def _is_unfolded(node: tree.Unary) -> bool:
    return True


expressions = st.recursive(leaves, _compound, max_leaves=6)
type_names = st.sampled_from(["text", "number", "list", "column", "at", "color", "part"])
type_exprs = st.recursive(
    st.builds(tree.TypeExpr, type_names),
    lambda inner: st.builds(tree.TypeExpr, type_names, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    max_leaves=3,
)


@st.composite
def trivia(draw: st.DrawFn, first: bool = False, body: bool = False) -> tree.Trivia:
    """``first``: nothing stands above it in its body; ``body``: it has one, where comments may dangle."""
    if draw(st.booleans()):
        return tree.NO_TRIVIA
    above: list[str] = []
    for comment in draw(st.lists(comments, max_size=2)):
        if above and draw(st.booleans()):
            above.append("")
        above.append(comment)
    doc = draw(st.none() | docs)
    if above and doc is None and draw(st.booleans()):
        above.append("")
    dangling = tuple(draw(st.lists(comments, max_size=2))) if body else ()
    return tree.Trivia(tuple(above), draw(st.none() | comments), doc, not first and draw(st.booleans()), dangling)


NOWHERE = tree.NOWHERE


@st.composite
def bodies(draw: st.DrawFn, statement: Any, least: int = 0) -> tuple[Any, ...]:
    """``statement(first)`` gives a strategy."""
    count = draw(st.integers(least, 3))
    return tuple(draw(statement(index == 0)) for index in range(count))


extension_arguments = st.lists(st.builds(_argument, st.none() | names, expressions, trivia_inside()), max_size=2).map(
    tuple
)
extensions = st.builds(
    tree.Call, value_names.filter(lambda name: name.parts not in [("in",), ("and",), ("or",)]), extension_arguments
)
clause_words = st.sampled_from(
    ["with", "in", "for", "to", "into", "by", "at", "color", "ease", "on", "fallback", "from"]
)


@st.composite
def clauses(draw: st.DrawFn, closed: bool = False) -> tuple[tree.Clause, ...]:
    found = []
    for index in range(draw(st.integers(1 if closed else 0, 2))):
        words = st.sampled_from(["with", "for", "to", "by"]) if closed and index == 0 else clause_words
        word = draw(words)
        value = draw(expressions)
        if word in ("with", "in", "for", "to", "by") and draw(st.integers(0, 4)) == 0:
            value = tree.Unary(draw(st.sampled_from(["below", "above", "beside"])), value)
        found.append(tree.Clause(word, value))
    return tuple(found)


def settings_(first: bool = False) -> st.SearchStrategy[tree.Setting]:
    return st.builds(tree.Setting, names, expressions, st.just(NOWHERE), trivia(first))


@st.composite
def groups(draw: st.DrawFn, first: bool = False, depth: int = 2) -> Any:
    body = draw(bodies(lambda first: groups(first, depth - 1) if depth and draw(st.booleans()) else settings_(first)))
    name = draw(names.filter(lambda word: word not in NOT_A_VERB))
    return tree.Group(name, body, NOWHERE, draw(trivia(first, body=True)))


def text_remarks(first: bool) -> st.SearchStrategy[tree.Remark]:
    return st.builds(
        tree.Remark, st.sampled_from(["note", "review", "chapter"]), texts_node(), st.just(NOWHERE), trivia(first)
    )


@st.composite
def actions(draw: st.DrawFn, first: bool = False) -> tree.Action:
    verb = draw(st.sampled_from(["show", "hide", "orbit", "transform", "sound", "voice", "data"]))
    if draw(st.booleans()):
        verb = draw(st.sampled_from([verb, "on", "quote", "with"]))
        operands = tuple(draw(st.lists(expressions, min_size=1, max_size=2)))
        return tree.Action(verb, operands, draw(clauses()), NOWHERE, draw(trivia(first)))
    found = draw(clauses(closed=True)) if draw(st.booleans()) else ()
    return tree.Action(verb, (), found, NOWHERE, draw(trivia(first)))


@st.composite
def expects(draw: st.DrawFn, first: bool = False) -> tree.Expect:
    condition = draw(expressions)
    if draw(st.integers(0, 3)) == 0:
        condition = tree.Unary(draw(st.sampled_from(["visible", "hidden"])), condition)
    found = draw(clauses())
    if found and found[0].keyword == "in":  # that would be an operator
        found = ()
    return tree.Expect(condition, found, NOWHERE, draw(trivia(first)))


@st.composite
def statements(draw: st.DrawFn, first: bool = False, depth: int = 2) -> Any:
    """A statement of a scene."""

    def body(least: int = 0) -> tuple[Any, ...]:
        return draw(bodies(lambda first: statements(first, depth - 1), least))

    def branch() -> tuple[Any, ...]:
        return draw(bodies(lambda first: st.one_of(statements(first, depth - 1), part_declarations(first))))

    kinds = ["action", "wait", "claim", "expect", "remark", "let", "setting"]
    if depth:
        kinds += ["say", "anchored", "together", "if", "for", "arrangement"]
    kind = draw(st.sampled_from(kinds))
    own = draw(trivia(first, body=kind in ("say", "together", "if", "for", "arrangement")))
    if kind == "action":
        return draw(actions(first))
    if kind == "wait":
        return tree.Wait(draw(expressions), NOWHERE, own)
    if kind == "claim":
        quote = draw(st.none() | texts_node())
        return tree.Claim(
            draw(texts_node()), draw(st.none() | value_names), draw(st.none() | texts_node()), quote, NOWHERE, own
        )
    if kind == "expect":
        return draw(expects(first))
    if kind == "remark":
        return draw(text_remarks(first))
    if kind == "let":
        return tree.Let(draw(names), draw(expressions), NOWHERE, own)
    if kind == "setting":
        return draw(settings_(first))
    if kind == "say":
        return tree.Say(draw(narrations()), draw(clauses()), body(), NOWHERE, own)
    if kind == "anchored":
        return draw(anchored(first, depth))
    if kind == "together":
        return tree.Together(body(), NOWHERE, own)
    if kind == "arrangement":
        word = draw(st.sampled_from(["row", "column", "overlay", "grid"]))
        inside = draw(bodies(lambda first: st.one_of(statements(first, depth - 1), part_declarations(first))))
        return tree.Arrangement(word, inside, NOWHERE, own)
    if kind == "for":
        return tree.For(draw(names), draw(expressions), branch(), NOWHERE, own)
    otherwise = branch()
    return tree.If(draw(expressions), branch(), otherwise, NOWHERE, own)


@st.composite
def part_declarations(draw: st.DrawFn, first: bool) -> tree.PartDecl:
    """A part of a component, with a type or with the inner visual that it names."""
    own = draw(trivia(first))
    doc = draw(st.none() | texts_node())
    if draw(st.booleans()):
        return tree.PartDecl(draw(names), draw(st.none() | type_exprs), doc, NOWHERE, own)
    by = draw(st.none() | expressions)
    return tree.PartDecl(draw(names), None, doc, NOWHERE, own, of=draw(expressions), by=by)


@st.composite
def anchored(draw: st.DrawFn, first: bool, depth: int) -> tree.Anchored:
    target: Any = draw(st.one_of(names.map(lambda name: tree.Name((name,))), texts_node()))
    offset = draw(st.none() | numbers)
    body = draw(bodies(lambda first: statements(first, depth - 1)))
    own = draw(trivia(first, body=True))
    if len(body) == 1 and own.trailing is not None and not own.dangling:
        own = tree.Trivia(own.leading, None, own.doc, own.blank_before)
    return tree.Anchored(tree.Anchor(target, offset), body, NOWHERE, own)


@st.composite
def fields(draw: st.DrawFn, default: bool) -> tree.FieldDecl:
    inside = draw(trivia_inside())
    return tree.FieldDecl(
        draw(names if default else names | texts),
        draw(type_exprs),
        draw(st.none() | expressions) if default else None,
        inside.doc,
        NOWHERE,
        tree.Trivia(inside.leading, inside.trailing),
    )


@st.composite
def component_statements(draw: st.DrawFn, first: bool) -> Any:
    kind = draw(st.sampled_from(["render", "part", "action", "group", "statement"]))
    own = draw(trivia(first))
    doc = draw(st.none() | texts_node())
    if kind == "render":
        return tree.Render(draw(names), draw(texts_node()), NOWHERE, own)
    if kind == "part":
        return draw(part_declarations(first))
    if kind == "action":
        parameters = tuple(draw(st.lists(fields(default=True), max_size=2)))
        return tree.ActionDecl(draw(names), parameters, doc, NOWHERE, own)
    if kind == "group":
        return draw(groups(first))
    return draw(statements(first, 1))


@st.composite
def scenes(draw: st.DrawFn, first: bool = False) -> tree.Scene:
    title = draw(st.none() | texts_node())
    body = draw(bodies(lambda first: statements(first)))
    said = draw(clauses())
    if draw(st.integers(0, 3)) == 0:
        said += (tree.Clause("if", draw(expressions)),)
    return tree.Scene(draw(names), title, said, body, NOWHERE, draw(trivia(first, body=True)))


@st.composite
def lexicons(draw: st.DrawFn, first: bool = False) -> tree.Lexicon:
    return tree.Lexicon(draw(bodies(entries)), NOWHERE, draw(trivia(first, body=True)))


def entries(first: bool = False) -> st.SearchStrategy[tree.LexiconEntry]:
    return st.builds(tree.LexiconEntry, texts_node(), texts_node(), st.just(NOWHERE), trivia(first))


def sentences(first: bool = False) -> st.SearchStrategy[tree.Translated]:
    return st.builds(tree.Translated, narrations(), narrations(), st.just(NOWHERE), trivia(first))


@st.composite
def translated_scenes(draw: st.DrawFn, first: bool = False) -> tree.TranslatedScene:
    body = draw(bodies(lambda first: st.one_of(sentences(first), entries(first), text_remarks(first))))
    title = draw(st.none() | texts_node())
    return tree.TranslatedScene(draw(names), title, body, NOWHERE, draw(trivia(first, body=True)))


@st.composite
def choices(draw: st.DrawFn, first: bool = False) -> tree.If:
    """An `if` in a talk."""
    inner = lambda first: st.one_of(settings_(first), expects(first), text_remarks(first))  # noqa: E731
    own = draw(trivia(first, body=True))
    return tree.If(draw(expressions), draw(bodies(inner)), draw(bodies(inner)), NOWHERE, own)


@st.composite
def items(draw: st.DrawFn, first: bool = False) -> Any:
    """A top-level item."""
    own = draw(trivia(first, body=True))
    plain = tree.Trivia(own.leading, own.trailing, own.doc, own.blank_before)
    kind = draw(
        st.sampled_from(
            ["talk", "use", "declaration", "let", "lexicon", "concept", "theme", "component", "scene", "translation"]
        )
    )
    if kind == "talk":
        inner = lambda first: st.one_of(settings_(first), expects(first), text_remarks(first))  # noqa: E731
        some = lambda first: st.one_of(inner(first), groups(first), choices(first))  # noqa: E731
        return tree.Talk(draw(texts_node()), draw(bodies(some)), NOWHERE, own)
    if kind == "use":
        module = draw(st.none() | value_names)
        path = draw(texts_node()) if module is None else None
        return tree.Use(module, path, draw(st.none() | names), NOWHERE, plain)
    if kind == "declaration":
        columns = tuple(draw(st.lists(fields(default=False), max_size=3)))
        word = draw(st.sampled_from(["paper", "voice", "data", "font", "music", "sound"]))
        return tree.Declaration(word, draw(names), draw(expressions), columns, NOWHERE, own if columns else plain)
    if kind == "let":
        return tree.Let(draw(names), draw(expressions), NOWHERE, plain)
    if kind == "lexicon":
        return draw(lexicons(first))
    if kind == "concept":
        return tree.Concept(draw(names), draw(bodies(settings_)), NOWHERE, own)
    if kind == "theme":
        some = lambda first: st.one_of(settings_(first), groups(first))  # noqa: E731
        given = tuple(draw(st.lists(fields(default=True), max_size=2)))
        extends = draw(st.none() | value_names | extensions)
        return tree.ThemeDecl(draw(names), extends, draw(bodies(some)), NOWHERE, own, parameters=given)
    if kind == "component":
        parameters = tuple(draw(st.lists(fields(default=True), max_size=3)))
        return tree.ComponentDecl(draw(names), parameters, draw(bodies(component_statements)), NOWHERE, own)
    if kind == "scene":
        return draw(scenes(first))
    some = lambda first: st.one_of(  # noqa: E731
        translated_scenes(first), settings_(first), groups(first), lexicons(first), entries(first)
    )
    language = draw(st.sampled_from(["de", "pt-BR", "zh-Hant-TW", "de-1996", "x y"]))
    return tree.Translation(language, draw(bodies(some)), NOWHERE, own)


@st.composite
def files(draw: st.DrawFn) -> tree.File:
    """A file without text: blocks of generated items."""
    count = draw(st.integers(0, 3))
    blocks = tuple(tree.Block(draw(items(index == 0)), 0, "") for index in range(count))
    return tree.File("talk.vid", blocks)
