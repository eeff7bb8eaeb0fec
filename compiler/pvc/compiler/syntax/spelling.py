"""Which spelling a file is in, and from one to the other."""

from __future__ import annotations

from pvc.compiler.syntax.format import YAML_SUFFIXES, Formatted, format_file, format_text
from pvc.compiler.syntax.parser import Parsed, parse
from pvc.compiler.syntax.phrases import Unprintable


def is_yaml(path: str) -> bool:
    """Whether a file of this name is in the YAML spelling."""
    return path.lower().endswith(YAML_SUFFIXES)


def parse_file(text: str, path: str, before: Parsed | None = None) -> Parsed:
    """The tree of a file in the spelling that its name says; ``before``: as it was before an edit, where known."""
    if is_yaml(path):
        from pvc.compiler.syntax.yaml.read import parse_yaml

        return parse_yaml(text, path)
    return parse(text, path, before)


def convert(text: str, path: str, target: str) -> Formatted:
    """A file's text in the spelling of the file name ``target``, comments kept. Where the file has errors the text is
    empty: half a spec is worse than none."""
    parsed = parse_file(text, path)
    if parsed.diagnostics:
        return Formatted("", parsed.diagnostics)
    try:
        if is_yaml(target):
            from pvc.compiler.syntax.yaml.write import yaml_text

            return Formatted(yaml_text(parsed.file), ())
        return Formatted(format_file(parsed.file), ())
    except Unprintable:
        return Formatted("", parsed.diagnostics)


def fmt(text: str, path: str) -> Formatted:
    """A file's text in canonical form, in its own spelling."""
    return convert(text, path, path) if is_yaml(path) else format_text(text, path)
