"""What layouts need around them: the standard themes as their file says them, a World in memory, an environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pvc.compiler.digest import digest_bytes
from pvc.compiler.layout.component import Env
from pvc.compiler.model.program import ConceptSpec
from pvc.compiler.model.theme import Theme
from pvc.compiler.model.values import Color, Token
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import parse
from pvc.compiler.world import Unreadable

STDLIB = Path(__file__).parents[2] / "stdlib"


@dataclass
class Memory:
    """A World without a disk: remembers, and knows the bytes that it was given."""

    kept: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def give(self, data: bytes) -> str:
        digest = digest_bytes(data)
        self.blobs[digest] = data
        return digest

    def read(self, path: str) -> bytes:
        raise Unreadable(path, "there are no files here")

    def digest(self, path: str) -> str:
        raise Unreadable(path, "there are no files here")

    def blob(self, digest: str) -> bytes:
        return self.blobs[digest]

    def recall(self, key: str) -> bytes | None:
        self.asked.append(key)
        return self.kept.get(key)

    def remember(self, key: str, value: bytes) -> None:
        self.kept[key] = value


def _color(digits: str) -> Color:
    return Color(*(int(digits[at : at + 2], 16) for at in range(0, len(digits), 2)))


def _token(value: tree.Expr) -> object:
    match value:
        case tree.ColorLiteral():
            return _color(value.hex)
        case tree.Number():
            return Fraction(value.value)
        case tree.Text():
            return value.value
    raise AssertionError(f"no token: {value}")


def _word(value: tree.Expr) -> str:
    """A free setting as the checker keeps it."""
    if isinstance(value, tree.ColorLiteral):
        color = _color(value.hex)
        return f"#{color.red:02x}{color.green:02x}{color.blue:02x}{color.alpha:02x}"
    return str(_token(value))


@cache
def themes() -> MappingProxyType[str, Theme]:
    """The themes of the standard library, read from its file by the real parser."""
    parsed = parse((STDLIB / "themes.vid").read_text(encoding="utf-8"), "themes.vid")
    assert not parsed.diagnostics
    made: dict[str, Theme] = {}
    for block in parsed.file.blocks:
        item = block.item
        assert isinstance(item, tree.ThemeDecl)
        base = made[item.extends.parts[-1]] if isinstance(item.extends, tree.Name) else None
        groups: dict[str, dict[str, object]] = {
            name: dict(getattr(base, name)) if base else {} for name in ("colors", "type", "fonts", "space", "motion")
        }
        style = dict(base.style) if base else {}
        for group in item.body:
            assert isinstance(group, tree.Group)
            for setting in group.items:
                assert isinstance(setting, tree.Setting)
                if group.name in ("style", "caption"):
                    prefix = "caption_" if group.name == "caption" else ""
                    style[prefix + setting.name] = _word(setting.value)
                else:
                    groups[group.name][setting.name] = _token(setting.value)
        made[item.name] = Theme(
            item.name,
            *(tuple(groups[name].items()) for name in ("colors", "type", "fonts", "space", "motion")),  # type: ignore[arg-type]
            style=tuple(style.items()),
        )
    return MappingProxyType(made)


CONCEPTS = (
    ConceptSpec("queries", ("Q",), ("query", "queries"), Token("cool")),
    ConceptSpec("keys", ("K",), ("key", "keys"), Token("warm")),
)


def env(
    theme: str = "midnight",
    *,
    addressed: tuple[str, ...] = (),
    language: str = "en",
    reference: tuple[int, int] = (1920, 1080),
    concepts: tuple[ConceptSpec, ...] = (),
    world: Memory | None = None,
    font_files: tuple[str, ...] = (),
) -> Env:
    surroundings = world if world is not None else Memory()
    return Env(themes()[theme], concepts, language, reference, addressed, surroundings, font_files)
