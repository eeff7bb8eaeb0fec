"""Writes what the extension takes from the language: its grammars, from the same rules as the Pygments lexer, and the
icon as PNG. Run `python lsp/vscode/generate.py` after a change of the grammar; a test asks for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pvc.compiler.highlight import rules
from pvc.compiler.highlight.classes import TEXTMATE

HERE = Path(__file__).parent
NOTE = "Made by lsp/vscode/generate.py from grammar/vid.lark; edit those."

LANGUAGES = {
    "bash": ("bash|sh|shell", "source.shell", "shellscript"),
    "c": ("c|h", "source.c", "c"),
    "cpp": ("cpp|cc|cxx", "source.cpp", "cpp"),
    "css": ("css", "source.css", "css"),
    "go": ("go|golang", "source.go", "go"),
    "html": ("html", "text.html.basic", "html"),
    "java": ("java", "source.java", "java"),
    "javascript": ("javascript|js", "source.js", "javascript"),
    "json": ("json", "source.json", "json"),
    "julia": ("julia|jl", "source.julia", "julia"),
    "lua": ("lua", "source.lua", "lua"),
    "markdown": ("md|markdown", "text.html.markdown", "markdown"),
    "python": ("python|py|python3", "source.python", "python"),
    "r": ("r|R", "source.r", "r"),
    "rust": ("rust|rs", "source.rust", "rust"),
    "sql": ("sql", "source.sql", "sql"),
    "typescript": ("typescript|ts", "source.ts", "typescript"),
    "vid": ("vid", "source.vid", "vid"),
    "yaml": ("yaml|yml", "source.yaml", "yaml"),
}
"""Languages of raw texts that VS Code has grammars for: their tags, their scope, their id."""


def _captures(groups: tuple[str | None, ...]) -> dict[str, dict[str, str]]:
    return {str(number): {"name": TEXTMATE[name]} for number, name in enumerate(groups, 1) if name is not None}


def _rule(rule: rules.Rule) -> dict[str, Any]:
    return {"match": rule.pattern, "captures": _captures(rule.groups)}


def _raw(raw: rules.Raw, tags: str | None, content: str, inner: list[dict[str, str]]) -> dict[str, Any]:
    """A raw text; ``tags`` None is for any tag."""
    begin = raw.begin if tags is None else raw.begin.replace(f"({rules.NAME})", f"({tags})")
    return {
        "begin": begin,
        "beginCaptures": _captures(("tag", "punctuation")),
        "end": raw.end,
        "endCaptures": _captures(("punctuation",)),
        "contentName": content,
        "patterns": inner,
    }


def _raws() -> list[dict[str, Any]]:
    empty, *full = rules.raws()
    found: list[dict[str, Any]] = [{"match": empty.begin, "captures": _captures(("tag", "punctuation"))}]
    for raw in full:
        found.append(_raw(raw, "tex", "meta.embedded.block.tex.vid", [{"include": "#tex"}]))
        for name, (tags, scope, _) in LANGUAGES.items():
            found.append(_raw(raw, tags, f"meta.embedded.block.{name}", [{"include": scope}]))
        found.append(_raw(raw, None, TEXTMATE["raw"], []))
    return found


def _tex() -> list[dict[str, Any]]:
    """TeX as it stands in formulas."""
    return [
        {"match": r"(?<!\\)%.*$", "name": "comment.line.percentage.tex"},
        {
            "match": r"(\\(?:begin|end))(\{)([^{}]*)(\})",
            "captures": {
                "1": {"name": "keyword.control.tex"},
                "2": {"name": "punctuation.section.group.tex"},
                "3": {"name": "variable.parameter.function.tex"},
                "4": {"name": "punctuation.section.group.tex"},
            },
        },
        {"match": r"\\(?:[A-Za-z]+\*?|[^A-Za-z])", "name": "support.function.tex"},
        {"match": r"[{}\[\]()]", "name": "punctuation.section.group.tex"},
        {"match": r"[_^&]", "name": "keyword.operator.tex"},
        {"match": r"\d+(?:\.\d+)?", "name": "constant.numeric.tex"},
        {"match": r"[=+*/<>-]", "name": "keyword.operator.tex"},
    ]


def grammar() -> dict[str, Any]:
    """The TextMate grammar of `.vid`."""
    everything = [{"include": f"#{name}"} for name in ("comments", "raws", "statements", "strings", "names", "values")]
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "information_for_contributors": [NOTE],
        "name": "vid",
        "scopeName": "source.vid",
        "fileTypes": ["vid"],
        "patterns": [*everything, {"include": "#marks"}],
        "repository": {
            "comments": {"patterns": [_rule(rule) for rule in rules.comments()]},
            "raws": {"patterns": _raws()},
            "tex": {"patterns": _tex()},
            "statements": {"patterns": [_rule(rule) for rule in rules.statements()]},
            "strings": {
                "begin": '"',
                "end": '"|(?=$)',
                "name": TEXTMATE["string"],
                "patterns": [_rule(rule) for rule in rules.in_texts()],
            },
            "names": {"patterns": [_rule(rule) for rule in rules.names()]},
            "values": {"patterns": [_rule(rule) for rule in rules.values()]},
            "marks": {"patterns": [*({"match": ";", "name": TEXTMATE["punctuation"]},), *map(_rule, rules.marks())]},
        },
    }


def fences() -> dict[str, Any]:
    """The grammar that colours blocks of `vid` in Markdown."""
    return {
        "information_for_contributors": [NOTE],
        "scopeName": "markdown.vid.codeblock",
        "injectionSelector": "L:text.html.markdown",
        "patterns": [
            {
                "begin": r"(^|\G)(\s*)(`{3,}|~{3,})\s*(?i:(vid)((?:\s+|[:,{?])[^`]*)?$)",
                "name": "markup.fenced_code.block.markdown",
                "end": r"(^|\G)(\2|\s{0,3})(\3)\s*$",
                "beginCaptures": {
                    "3": {"name": "punctuation.definition.markdown"},
                    "4": {"name": "fenced_code.block.language"},
                    "5": {"name": "fenced_code.block.language.attributes"},
                },
                "endCaptures": {"3": {"name": "punctuation.definition.markdown"}},
                "patterns": [
                    {
                        "begin": r"(^|\G)(\s*)(.*)",
                        "while": r"(^|\G)(?!\s*([`~]{3,})\s*$)",
                        "contentName": "meta.embedded.block.vid",
                        "patterns": [{"include": "source.vid"}],
                    }
                ],
            }
        ],
    }


def in_yaml() -> dict[str, Any]:
    """The grammar that colours formulas behind `!tex` in the YAML twin."""
    return {
        "information_for_contributors": [NOTE],
        "scopeName": "yaml.vid.tex",
        "injectionSelector": "L:source.yaml -comment",
        "patterns": [
            {
                "match": r"(!tex)\s+(?:'((?:[^']|'')*)'|\"((?:[^\"\\]|\\.)*)\"|([^#\n]*))",
                "captures": {
                    "1": {"name": "storage.type.tag-handle.yaml"},
                    **{
                        number: {"name": "meta.embedded.tex.vid", "patterns": [{"include": "source.vid#tex"}]}
                        for number in "234"
                    },
                },
            }
        ],
    }


def embedded() -> dict[str, str]:
    """For package.json: which language is spoken in which scope, so that comments and brackets follow it."""
    found = {f"meta.embedded.block.{name}": language for name, (_, _, language) in LANGUAGES.items() if name != "vid"}
    return {"meta.embedded.block.tex.vid": "latex", **found}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def files() -> dict[str, str]:
    """Every generated text, by its path in the extension."""
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    for each in package["contributes"]["grammars"]:
        if each.get("language") == "vid":
            each["embeddedLanguages"] = embedded()
    return {
        "package.json": _json(package),
        "syntaxes/vid.tmLanguage.json": _json(grammar()),
        "syntaxes/vid.markdown.tmLanguage.json": _json(fences()),
        "syntaxes/vid.yaml.tmLanguage.json": _json(in_yaml()),
        "LICENSE": (HERE.parents[1] / "LICENSE").read_text(encoding="utf-8"),
    }


def icon(size: int = 256) -> bytes:
    """The icon, painted from its SVG."""
    import skia

    picture = skia.SVGDOM.MakeFromStream(skia.MemoryStream((HERE / "images" / "icon.svg").read_bytes()))
    surface = skia.Surface(size, size)
    picture.setContainerSize(skia.Size(size, size))
    picture.render(surface.getCanvas())
    return bytes(surface.makeImageSnapshot().encodeToData())


def main() -> None:
    for name, text in files().items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (HERE / "images" / "icon.png").write_bytes(icon())


if __name__ == "__main__":
    main()
