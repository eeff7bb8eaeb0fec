"""A file's text, brought from the version that it is written in to the one that this pvc speaks."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.diagnostics.model import Applicability, Diagnostic, Edit, Fix, Severity
from pvc.compiler.migrate.steps import STEPS
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.spelling import convert, is_yaml, parse_file
from pvc.compiler.syntax.version import OLDEST, VERSION, Stated, stated


@dataclass(frozen=True, slots=True)
class Migrated:
    """``text`` is the file's, changed by ``changes`` (in a few words each); ``diagnostics`` say why it was not."""

    text: str
    changes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def migrate(text: str, path: str) -> Migrated:
    """The file in the current language, in its own spelling, comments and form kept. A file that does not state its
    version is taken for one of any: a step changes only what the current language does not know. Idempotent."""
    parsed = parse_file(text, path)
    found = stated(parsed.file)
    refused = refusal(found.number, found.span) if found is not None else None
    if refused is not None:
        return Migrated(text, diagnostics=(refused,))
    if parsed.diagnostics:
        return Migrated(text, diagnostics=parsed.diagnostics)
    changes: list[str] = []
    if is_yaml(path) and not _exact(text, path):
        return _through_vid(text, path)
    version = found.number if found is not None and found.number is not None else OLDEST
    for step in STEPS:
        if step.version < version:
            continue
        made = sorted(step.changes(parse_file(text, path).file), key=lambda change: change.edit.span.start)
        for change in reversed(made):
            span = change.edit.span
            text = text[: span.start] + change.edit.text + text[span.end :]
        changes += (change.about for change in made)
    now = stated(parse_file(text, path).file)
    if now is not None and now.number is not None and now.number < VERSION:
        text = text[: now.span.start] + str(VERSION) + text[now.span.end :]
        changes.append(f"version {now.number} is version {VERSION}")
    return Migrated(text, tuple(changes))


def _exact(text: str, path: str) -> bool:
    """Whether every change can be made in the text itself: inside a YAML block scalar places are not exact."""
    file = parse_file(text, path).file
    made = [change for step in STEPS for change in step.changes(file)]
    return all(text[change.edit.span.start : change.edit.span.end] == change.old for change in made)


def _through_vid(text: str, path: str) -> Migrated:
    """A YAML file migrated as `.vid` and written anew: comments stay, its form becomes the canonical one."""
    done = migrate(convert(text, path, "talk.vid").text, "talk.vid")
    if done.diagnostics or not done.changes:
        return Migrated(text, diagnostics=done.diagnostics)
    return Migrated(convert(done.text, "talk.vid", path).text, done.changes)


def migration(file: tree.File, found: Stated) -> Diagnostic:
    """What is said of a talk in an older language: its fix is the migration, where that is sure to work."""
    text = "".join(block.text for block in file.blocks) + file.tail
    done = migrate(text, file.path)
    fixes: tuple[Fix, ...] = ()
    if not done.diagnostics:
        whole = Edit(Span(file.path, 0, len(text)), done.text)
        fixes = (Fix(f"migrate it to version {VERSION}", (whole,), Applicability.SAFE),)
    return Diagnostic(
        "PVC0218",
        Severity.ERROR,
        f"This talk is written in version {found.number} of the language; this pvc speaks version {VERSION}",
        found.span,
        f"`pvc migrate {file.path}` brings it to version {VERSION}",
        fixes=fixes,
    )


def refusal(number: int | None, span: Span) -> Diagnostic | None:
    """What is said of a version that this pvc cannot read."""
    if number is None:
        return Diagnostic(
            "PVC0310",
            Severity.ERROR,
            "`vid` takes the number of a version of the language",
            span,
            f"write `vid = {VERSION}`, or leave it away for the current one",
        )
    if number > VERSION:
        return Diagnostic(
            "PVC0217",
            Severity.ERROR,
            f"This talk is written in version {number} of the language; this pvc speaks version {VERSION}",
            span,
            "install a newer pvc: `pip install -U paper-video-compiler`",
        )
    return None
