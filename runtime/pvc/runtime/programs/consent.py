"""Whether programs of talks may run, and who says so: a person at the command line, or in their own settings.

Never the project: a configuration that lies beside a stranger's talk is the stranger's. So the nearest `pvc.toml` is
not asked, only `--allow-programs`, the environment, and the file in the user's own folder of settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.runtime.errors import PvcError

if TYPE_CHECKING:
    from pvc.compiler.model.program import Program

VARIABLE = "PVC_PROGRAMS"
NEVER, SANDBOX, WEAK = "never", "sandbox", "weak"
WORDS = (NEVER, SANDBOX, WEAK)


@dataclass(frozen=True, slots=True)
class Consent:
    """``run``: programs may be run, in a sandbox. ``weak``: also where that sandbox lacks Landlock."""

    run: bool = False
    weak: bool = False


REFUSED = Consent()


def settings_file() -> Path:
    """The user's own settings: `pvc/config.toml` in their folder for such (XDG Base Directory)."""
    folder = os.environ.get("XDG_CONFIG_HOME")
    return Path(folder if folder and os.path.isabs(folder) else os.path.expanduser("~/.config")) / "pvc" / "config.toml"


def consent(flag: bool, weak: bool) -> Consent:
    """What the command line, then the environment, then the user's settings say. Raises PvcError for words that say
    neither."""
    if flag or weak:
        return Consent(True, weak)
    word = os.environ.get(VARIABLE)
    if word is not None:
        return _of(word, f"the environment's {VARIABLE}")
    path = settings_file()
    try:
        data = path.read_bytes()
    except OSError:
        return REFUSED
    import tomllib

    try:
        found = tomllib.loads(data.decode("utf-8")).get("programs", NEVER)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PvcError("PVC0907", f"{path} is no TOML: {error}", 'write `programs = "sandbox"`') from error
    return _of(found, f"`programs` in {path}")


def _of(word: object, where: str) -> Consent:
    if word not in WORDS:
        raise PvcError("PVC0907", f"{where} is {word!r}", f"it is one of: {', '.join(WORDS)}")
    return Consent(word != NEVER, word == WEAK)


def refused(program: Program) -> tuple[Diagnostic, ...]:
    """What a build has to say where programs may not run: an error for each that has nothing in its place, a warning
    for each that is shown by a picture."""
    from pvc.compiler.programs import shown

    found = []
    for visual, use in shown(program):
        if use.fallback:
            message = f"the program `{use.file.path}` was not run; `{visual.id}` shows its fallback"
            hint = "`--allow-programs` runs it in a sandbox"
            found.append(Diagnostic("PVC0846", Severity.WARNING, message, visual.span, hint))
        else:
            message = f"`{visual.id}` needs the program `{use.file.path}`, and nothing allows that to run"
            hint = 'look at it, then build with `--allow-programs`; or state a picture, `fallback: "still.png"`'
            found.append(Diagnostic("PVC0840", Severity.ERROR, message, visual.span, hint))
    return tuple(dict.fromkeys(found))
