"""Files that a talk shows: found beside the file that names them, known by digest, and looked at enough to tell that
they are what they are taken for."""

from __future__ import annotations

import os

from pvc.compiler.check.context import Context
from pvc.compiler.check.things import UNKNOWN, Thing
from pvc.compiler.model.values import Asset
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.text import sfnt
from pvc.compiler.world import Unreadable

LARGEST = {
    "image": 64_000_000,
    "font": 64_000_000,
    "sound": 512_000_000,
    "video": 512_000_000,
    "model3d": 256_000_000,
    "program": 256_000,
    "file": 64_000_000,
}

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image", "PNG"),
    (b"\xff\xd8\xff", "image", "JPEG"),
    (b"GIF8", "gif", "GIF"),
    (b"II*\0", "picture", "TIFF"),
    (b"MM\0*", "picture", "TIFF"),
    (b"\0\0\0\x0cjP  ", "picture", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "picture", "JPEG XL"),
    (b"\xff\x0a", "picture", "JPEG XL"),
    (b"BM", "picture", "BMP"),
    (b"%!PS", "eps", "PostScript"),
    (b"%PDF-", "pdf", "PDF"),
    (b"\x00\x01\x00\x00", "font", "TrueType"),
    (b"OTTO", "font", "OpenType"),
    (b"ttcf", "font", "font collection"),
    (b"true", "font", "TrueType"),
    (b"wOFF", "webfont", "WOFF"),
    (b"wOF2", "webfont", "WOFF2"),
    (b"fLaC", "sound", "FLAC"),
    (b"OggS", "sound", "Ogg"),
    (b"ID3", "sound", "MP3"),
    (b"\xff\xfb", "sound", "MP3"),
    (b"glTF", "model3d", "glTF"),
)


def kind_of_bytes(data: bytes) -> tuple[str, str]:
    """(kind, format) by the first bytes; ("unknown", "") where nothing is recognised."""
    for magic, kind, name in _MAGIC:
        if data.startswith(magic):
            return kind, name
    if data[:4] == b"RIFF":
        return {b"WEBP": ("image", "WebP"), b"WAVE": ("sound", "WAV")}.get(data[8:12], ("unknown", ""))
    if data[4:8] == b"ftyp":
        still = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIF", b"msf1": "HEIF"}
        return ("picture", still[data[8:12]]) if data[8:12] in still else ("video", "MP4")
    start = data[:512].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in data[:4096].lower():
        return "svg", "SVG"
    return "unknown", ""


def beside(scope: Scope, written: str) -> str:
    """A path written in a file, relative to that file's folder."""
    return os.path.normpath(os.path.join(os.path.dirname(scope.unit.path), written))


def read_file(ctx: Context, path: str) -> bytes:
    """The bytes of a file; its digest is noted among the files read. Raises Unreadable."""
    data = ctx.world.read(path)
    ctx.files[path] = ctx.world.digest(path)
    return data


def unreadable(ctx: Context, written: str, error: Unreadable, span: Span) -> None:
    """Report a file that cannot be had."""
    if "://" in written:
        hint = "download it into the project: builds never use the network"
        ctx.report("PVC0001", f"`{written}` is an address, not a file", span, hint)
        return
    hint = "the path counts from the folder of the file that names it"
    ctx.report("PVC0001", f"`{written}` cannot be read: {error.reason}", span, hint)


def asset(ctx: Context, scope: Scope, written: str, kind: str, expr: tree.Expr) -> Thing:
    """The file that a quoted path names, as an Asset; what is wrong with it is reported."""
    span = scope.span(expr.at)
    if kind == "file" and _leads_out(written):
        hint = "programs get files of the project alone: put it into the folder of the talk, or below"
        ctx.report("PVC0848", f"`{written}` lies outside of the folder that names it", span, hint)
        return UNKNOWN
    return asset_at(ctx, beside(scope, written), written, kind, span)


def asset_at(ctx: Context, path: str, written: str, kind: str, span: Span) -> Thing:
    """As `asset`, for a path that is resolved already."""
    try:
        data = read_file(ctx, path)
    except Unreadable as error:
        unreadable(ctx, written, error, span)
        return UNKNOWN
    digest = ctx.files[path]
    if len(data) > LARGEST.get(kind, 64_000_000):
        ctx.report(
            "PVC0004",
            f"`{written}` is too large for {kind} ({len(data) / 1e6:.3g} MB)",
            span,
            f"at most {LARGEST[kind] / 1e6:.3g} MB",
        )
        return UNKNOWN
    if kind == "file":
        return Asset(digest, written, "file")
    if kind == "program":
        return _program(ctx, data, digest, written, span)
    found, format_name = kind_of_bytes(data)
    if kind in ("video", "model3d", "sound") and found == "unknown" and data:
        found = kind  # too many formats to tell by their first bytes
    if found == kind == "font":
        try:
            sfnt.examine(data)
        except sfnt.NoFont as reason:
            ctx.report("PVC0810", f"`{written}` cannot be used as a font: it {reason}", span, "take another copy of it")
            return UNKNOWN
    if found == kind or (kind == "image" and found == "pdf"):
        return Asset(digest, written, found, 1 if found == "pdf" else None)
    what = (
        f"it is {format_name}" if format_name else ("it is empty" if not data else "its bytes are of no known format")
    )
    drawn = found in ("picture", "gif", "svg", "eps")
    hints = {
        "image": "images are PNG, JPEG, WebP or PDF" + (f": export the {format_name} file as one" if drawn else ""),
        "font": "fonts are TrueType or OpenType files (.ttf, .otf)",
        "sound": "sounds are WAV, FLAC, Ogg or MP3",
    }
    ctx.report("PVC0810", f"`{written}` is no {kind} file: {what}", span, hints.get(kind))
    return UNKNOWN


def _program(ctx: Context, data: bytes, digest: str, written: str, span: Span) -> Thing:
    """A program is Python that can be read. It is parsed, never run."""
    from pvc.compiler.programs import Unparsable, outline

    try:
        outline(data)
    except Unparsable as error:
        ctx.report("PVC0848", f"`{written}` is no program: {error}", span, error.hint)
        return UNKNOWN
    return Asset(digest, written, "program")


def _leads_out(written: str) -> bool:
    """Whether a path leads out of the folder that it counts from."""
    inside = os.path.normpath(written)
    return os.path.isabs(inside) or inside.split(os.sep)[0] == os.pardir or "\\" in written or written.startswith("~")
