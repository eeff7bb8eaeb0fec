"""What declarations are, in Markdown: signatures as code, doc comments below."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from pvc.compiler.check import types
from pvc.compiler.check.things import PaperThing, Thing, VoiceThing
from pvc.compiler.library import split_doc
from pvc.compiler.model.values import Table
from pvc.compiler.resolve.scope import Binding, Unit
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.phrases import Unprintable, expression, type_text

SETTINGS = {
    "vid": "The version of the language that the file is written in.",
    "format": "The picture: size and frame rate, such as `1080p30`, `vertical60`, `square30`.",
    "formats": "Several formats: a build makes a film of each, `check` looks at all.",
    "theme": "Colours, fonts, sizes and motion: `midnight` (dark), `paper` (light) or one of your own.",
    "voice": "Who speaks: a `voice` declared in this file.",
    "language": 'The language of the narration, such as `en`, `de` or `"pt-BR"`.',
    "audience": "For whom the talk is; `if audience == ...` may ask for it.",
    "authors": "Who wrote the talk: a text or a list of texts.",
    "description": "What the talk is about, for where it is published.",
    "backend": "What draws visuals unless they say otherwise: `canvas` or `manim`.",
    "fallback": "What draws a visual whose backend is not installed.",
    "chapters": "What opens a chapter: `scenes` with a title, `explicit` (`chapter` alone), or `none`.",
    "poster": "A picture that stands for the talk; without it, what is seen where a scene says `poster`.",
    "music": "What is heard under the voice: a `music` declared in this file, or `none`.",
    "transition": "How scenes give way to each other: `fade`, `cut`, `dip`, `push` or `wipe`.",
    "progress": "A thin layer over the film that says how far it has come: `bar`, `dots` or `none`.",
    "captions": "`soft`: a track of its own, and files; `burned`: painted into the picture, and files; `none`.",
}


def printed(node: tree.Expr | None) -> str:
    """An expression as written in canonical form; `…` for what cannot be."""
    if node is None:
        return ""
    try:
        return expression(node)
    except Unprintable:
        return "…"


def parameter_label(field: tree.FieldDecl) -> str:
    default = f" = {printed(field.default)}" if field.default is not None else ""
    return f"{field.name}: {type_text(field.type)}{default}"


def signature(component: tree.ComponentDecl, name: str) -> tuple[str, list[tuple[int, int]]]:
    """`bar(data: table, ...)` and where each parameter stands in it."""
    label = f"{name}("
    places: list[tuple[int, int]] = []
    for index, field in enumerate(component.parameters):
        if index:
            label += ", "
        text = parameter_label(field)
        places.append((len(label), len(label) + len(text)))
        label += text
    return label + ")", places


def component(node: tree.ComponentDecl, name: str) -> str:
    """A component's page: how it is called, what it is, its parameters and parts."""
    fields = [f"  {parameter_label(field)}," for field in node.parameters]
    head = "\n".join([f"component {name}(", *fields, ")"]) if fields else f"component {name}()"
    lines = [f"```vid\n{head}\n```"]
    prose, example = split_doc(node.trivia.doc)
    lines += [each for each in prose.split("\n") if each]
    documented = [f"- `{field.name}`: {' '.join(field.doc.split())}" for field in node.parameters if field.doc]
    if documented:
        lines.append("\n".join(documented))
    parts = parts_of(node.body)
    if parts:
        lines.append("Parts: " + "; ".join(part(each) for each in parts))
    actions = [each for each in node.body if isinstance(each, tree.ActionDecl)]
    if actions:
        lines.append("Verbs of its own: " + "; ".join(action(each) for each in actions))
    if example:
        lines.append(f"```vid\n{example}\n```")
    return "\n\n".join(lines)


def parts_of(body: tuple[object, ...]) -> list[tree.PartDecl]:
    """The parts that a component declares, each once: those of its arrangements, branches and loops as well."""
    found: dict[str, tree.PartDecl] = {}
    for node in body:
        match node:
            case tree.PartDecl():
                found.setdefault(node.name, node)
            case tree.For():
                for each in parts_of(node.body):  # its turns are counted
                    index = tree.TypeExpr("text" if each.by is not None else "number")
                    found.setdefault(each.name, replace(each, index=each.index or index))
            case tree.Arrangement():
                found = {each.name: each for each in parts_of(node.body)} | found
            case tree.If():
                found = {each.name: each for each in parts_of((*node.body, *node.otherwise))} | found
    return list(found.values())


def part(node: tree.PartDecl) -> str:
    index = f"[{type_text(node.index)}]" if node.index is not None else ""
    return f"`{node.name}{index}`" + (f" ({node.doc.value})" if node.doc is not None else "")


def action(node: tree.ActionDecl) -> str:
    clauses = f"({', '.join(map(parameter_label, node.parameters))})" if node.parameters else ""
    return f"`{node.name}{clauses}`" + (f" ({node.doc.value})" if node.doc is not None else "")


def parameter(field: tree.FieldDecl, owner: str) -> str:
    doc = " ".join((field.doc or "").split())
    return f"```vid\n{parameter_label(field)}\n```\n\nA parameter of `{owner}`." + (f" {doc}" if doc else "")


def binding(found: Binding) -> str:
    """A declaration in a few lines."""
    node = found.node
    doc = ""
    if isinstance(node, tree.ComponentDecl):
        return component(node, found.name if not found.unit.name.startswith("std.") else _full(found))
    match node:
        case tree.Declaration():
            head = f"{node.kind} {node.name} = {printed(node.value)}"
            doc = node.trivia.doc or ""
        case tree.Let():
            head = f"let {node.name} = {printed(node.value)}"
            doc = node.trivia.doc or ""
        case tree.Concept():
            head = f"concept {node.name}"
            doc = node.trivia.doc or "A notion that keeps its colour through the talk."
        case tree.ThemeDecl():
            given = f"({', '.join(map(parameter_label, node.parameters))})" if node.parameters else ""
            head = f"theme {node.name}{given}" + (f" extends {printed(node.extends)}" if node.extends else "")
            doc = node.trivia.doc or ""
        case tree.Use():
            inner = found.value
            head = f"use {'.'.join(node.module.parts) if node.module else printed(node.path)}"
            if isinstance(inner, Unit):
                known = [*inner.components, *inner.themes, *inner.values]
                doc = "Holds " + ", ".join(f"`{name}`" for name in known) + "." if known else ""
        case _:
            head = found.name
    lines = [f"```vid\n{head}\n```"]
    if doc:
        lines.append(" ".join(doc.split("\n")))
    lines += facts(found)
    return "\n\n".join(lines)


def _full(found: Binding) -> str:
    module = found.unit.name.removeprefix("std.")
    return found.name if module in ("prelude", "themes") else f"{module}.{found.name}"


def facts(found: Binding) -> list[str]:
    """What was found when the declaration was read: a table's size, a paper's title."""
    value = found.value
    match value:
        case Table():
            names = ", ".join(f"`{name}`" for name in value.columns)
            return [f"{len(value.rows)} rows of {names}"]
        case PaperThing():
            source = value.source
            said = [source.title or "no title was found", ", ".join(source.authors), source.year or ""]
            return [" · ".join(each for each in said if each)]
        case VoiceThing():
            return [f"spoken by the engine `{value.voice.engine}`"]
    if isinstance(found.node, tree.Let) and value is not None:
        return [f"It is {types.describe(cast(Thing, value))}."]
    return []
