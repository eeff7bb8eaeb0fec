"""How the command line was asked to behave: common options, the environment, and the configuration file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from pvc.compiler.source import Span
from pvc.runtime.errors import PvcError


@dataclass(frozen=True, slots=True)
class Config:
    """What `pvc.toml` or `[tool.pvc]` of pyproject.toml may say. ``cache_size`` such as `10GB`; ``timeout`` in seconds
    for one node. None where nothing is said."""

    cache_dir: str | None = None
    cache_size: str | None = None
    jobs: int | None = None
    preset: str | None = None
    color: str | None = None
    progress: bool | None = None
    timeout: float | None = None


@dataclass(slots=True)
class Surroundings:
    """Common options, as given before or behind the command's name."""

    json: bool = False
    quiet: bool = False
    verbose: int = 0
    color: str | None = None
    progress: bool = True
    cache_dir: Path | None = None
    debug: bool = False
    config: Config = Config()

    def colored(self, stream: TextIO) -> bool:
        """Whether to write colours to a stream: --color, then NO_COLOR, then the configuration, then a terminal."""
        choice = self.color
        if choice is None and os.environ.get("NO_COLOR"):
            return False
        choice = choice or self.config.color or "auto"
        if choice != "auto":
            return choice == "always"
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def live(self) -> bool:
        """Whether to draw progress that redraws itself."""
        wanted = self.progress and self.config.progress is not False and not (self.quiet or self.json)
        return wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def cache(self) -> Path:
        """The cache folder."""
        from pvc.runtime.store.location import folder

        configured = None if self.config.cache_dir is None else Path(self.config.cache_dir)
        if self.cache_dir is None and configured is not None and not os.environ.get("PVC_CACHE_DIR"):
            return configured
        return folder(self.cache_dir)


_KINDS: dict[str, tuple[type, ...]] = {
    "cache_dir": (str,),
    "cache_size": (str,),
    "jobs": (int,),
    "preset": (str,),
    "color": (str,),
    "progress": (bool,),
    "timeout": (int, float),
}
_WORDS = {str: "text", int: "a number", float: "a number", bool: "true or false"}


def find_config(start: Path) -> Path | None:
    """The nearest `pvc.toml`, or `pyproject.toml` that has a `[tool.pvc]`, in a folder or those above it."""
    for folder in (start, *start.parents):
        if (own := folder / "pvc.toml").is_file():
            return own
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.pvc" in project.read_bytes():
            return project
    return None


def read_config(path: Path) -> Config:
    """Reads a configuration file. Raises PvcError for what is wrong with it."""
    import tomllib

    from pvc.compiler.lints.toml import fault, place

    text = ""
    try:
        text = path.read_bytes().decode("utf-8")
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, at = fault(text, error)
        raise PvcError(
            "PVC0907", f"{path} is no TOML: {words}", "see https://toml.io for the format", Span(str(path), *at)
        ) from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise PvcError("PVC0907", f"{path} cannot be read: {error}", "see https://toml.io for the format") from error
    prefix = () if path.name == "pvc.toml" else ("tool", "pvc")
    table: object = found if path.name == "pvc.toml" else found.get("tool", {}).get("pvc", {})
    if not isinstance(table, Mapping):
        raise PvcError("PVC0907", f"{path}: [tool.pvc] is no table", "write settings as `name = value` below it")
    known = [field.name for field in fields(Config)]
    values: dict[str, object] = {}
    for name, value in table.items():
        if name == "lint":
            continue  # the compiler reads that, since editors need it as well
        key = str(name).replace("-", "_")
        where = Span(str(path), *place(text, (*prefix, str(name))))
        if key == "programs":
            message = f"{path} lies beside talks, so it cannot allow their programs"
            hint = 'say `--allow-programs`, or in your own ~/.config/pvc/config.toml: `programs = "sandbox"`'
            raise PvcError("PVC0907", message, hint, where)
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known)}"
            raise PvcError("PVC0907", f"{path} has a setting that pvc does not know: `{name}`", hint, where)
        kinds = _KINDS[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise PvcError("PVC0907", f"{path}: `{name}` is {_WORDS[kinds[0]]}, not {value!r}", None, where)
        values[key] = value
    if values.get("color") not in (None, "auto", "always", "never"):
        raise PvcError("PVC0907", f"{path}: `color` is auto, always or never, not {values['color']!r}", None)
    if isinstance(folder := values.get("cache_dir"), str):
        values["cache_dir"] = str((path.parent / Path(folder).expanduser()).absolute())
    return Config(**values)  # type: ignore[arg-type]


def sizes(text: str) -> int:
    """Bytes of `500MB`, `2 GB`, `1.5GiB` or a bare number. Raises PvcError."""
    import re

    units = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(I?)B?\s*", text.upper())
    if found is None or (found[3] and not found[2]):
        raise PvcError("PVC0907", f"'{text}' is no size", "write it as `500MB` or `10GB`")
    unit = units[found[2]]
    if found[3]:
        unit = 1 << (10 * "KMGT".index(found[2]) + 10)
    return int(float(found[1]) * unit)
