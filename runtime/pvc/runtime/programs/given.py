"""What a program is given besides the canvas and the time: sizes, arguments, the theme's colours and fonts, its files.

Part of the inside of the sandbox: it imports nothing but the standard library, and the engine where it is asked for
one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Given:
    """``width`` and ``height`` of the picture in px of the reference frame, ``length`` of its motion in seconds,
    ``arguments`` as the talk wrote them."""

    def __init__(self, request: dict[str, Any], shade: Callable[[int, int, int, int], Any], face: Callable[..., Any]):
        self.width: float = request["width"]
        self.height: float = request["height"]
        self.length: float = request["length"]
        self.arguments: dict[str, Any] = request["arguments"]
        self._colors: dict[str, list[int]] = request["colors"]
        self._fonts: dict[str, str] = request["fonts"]
        self._files: dict[str, str] = request["files"]
        self._shade = shade
        self._face = face

    def color(self, name: str, opacity: float = 1.0) -> Any:
        """A colour of the theme, as the engine takes it. The file has to name it in full (or the talk in an argument):
        so a change of another colour draws nothing anew."""
        if name.startswith("#"):
            digits = name[1:]
            digits = "".join(each * 2 for each in digits) if len(digits) in (3, 4) else digits
            channels = [int(digits[at : at + 2], 16) for at in range(0, len(digits), 2)]
        elif name in self._colors:
            channels = self._colors[name]
        else:
            known = ", ".join(sorted(self._colors)) or "none"
            raise KeyError(f"there is no colour '{name}' here; named in this file and known to the theme: {known}")
        red, green, blue, alpha = (*channels, 255)[:4]
        return self._shade(red, green, blue, round(alpha * min(1.0, max(0.0, opacity))))

    def font(self, role: str = "sans", size: float = 36.0) -> Any:
        """A font of the theme (`sans`, `serif`, `mono`), as the engine takes it; ``size`` in px."""
        if role not in self._fonts:
            raise KeyError(f"there is no font '{role}'; fonts are: {', '.join(sorted(self._fonts))}")
        return self._face(self._fonts[role], size)

    def file(self, path: str) -> str:
        """Where one of the program's ``inputs`` lies, by the path that the talk names it with."""
        if path not in self._files:
            known = ", ".join(sorted(self._files)) or "none"
            raise KeyError(f"'{path}' is not among the inputs of this program; they are: {known}")
        return self._files[path]
