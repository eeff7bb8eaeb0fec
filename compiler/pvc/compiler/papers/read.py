"""Reading a paper through a World, remembered by the digests of all its files."""

from __future__ import annotations

import os

from pvc.compiler.codec import Undecodable, decode
from pvc.compiler.digest import canonical, code_digest, digest_of, installed
from pvc.compiler.papers.paper import Paper, Unsound
from pvc.compiler.world import Unreadable, World

LARGEST_TEX = 8_000_000
LARGEST_PDF = 256_000_000
USUAL_FOLDERS = ("img", "images", "figures", "figs", "fig", "graphics", "plots")
"""Where papers keep their pictures, beside the document or one folder up."""

_MODULES = ("pvc.compiler.papers",)


def read_paper(world: World, kind: str, path: str, folders: tuple[str, ...]) -> Paper:
    """The paper in a `.tex` or `.pdf` file. ``folders``: where to look for pictures besides its own. Raises Unreadable
    for the file itself and Unsound where it is no paper."""
    digest = world.digest(path)
    key = digest_of(("paper", kind, path, folders, digest, code_digest(_MODULES), installed()))
    known = _recalled(world, key)
    if known is not None:
        return known
    made = _latex(world, path, folders) if kind == "latex" else _pdf(world, path, digest, folders)
    world.remember(key, canonical(made))
    return made


def _recalled(world: World, key: str) -> Paper | None:
    """What an earlier run made of it, if each of its files is still the same."""
    kept = world.recall(key)
    if kept is None:
        return None
    try:
        paper = decode(kept, ("pvc.compiler.papers.paper",))
    except Undecodable:
        return None
    if not isinstance(paper, Paper):
        return None
    for path, digest in paper.files:
        try:
            now = world.digest(path)
        except Unreadable:
            now = ""
        if now != digest:
            return None
    return paper


def _decoded(data: bytes) -> str:
    """TeX source is UTF-8 today and was Latin-1 yesterday."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _latex(world: World, path: str, folders: tuple[str, ...]) -> Paper:
    from pvc.compiler.papers.document import document
    from pvc.compiler.papers.flatten import flatten

    files: dict[str, str] = {}
    remarks: list[str] = []

    def read(name: str) -> str | None:
        try:
            digest = world.digest(name)
            data = world.blob(digest)
        except (Unreadable, KeyError):
            files[name] = ""
            return None
        files[name] = digest
        if len(data) > LARGEST_TEX:
            remarks.append(f"its part `{os.path.basename(name)}` is too large ({len(data) / 1e6:.0f} MB)")
            return ""
        if b"\0" in data[:4096]:
            if name == os.path.normpath(path):
                raise Unsound("it is no text", "name the document's main .tex file; a PDF is read by `pdf(...)`")
            remarks.append(f"its part `{os.path.basename(name)}` is no text")
            return ""
        return _decoded(data)

    source = flatten(path, read, remarks)
    found = document(source)
    if not found.text.strip():
        reason = remarks[0] if remarks else "it prints nothing"
        raise Unsound(reason, "name the document's main file, the one with \\begin{document}")
    root = os.path.dirname(path)
    named = [os.path.normpath(os.path.join(root, folder)) for folder in found.graphics]
    usual = [os.path.normpath(os.path.join(root, up, folder)) for up in ("", "..") for folder in USUAL_FOLDERS]
    places = [root, *named, *folders, *usual]
    return Paper(
        path,
        "latex",
        found.text,
        found.labels,
        found.figures,
        found.title,
        found.authors,
        found.year,
        tuple(dict.fromkeys(places)),
        tuple(sorted(files.items())),
        tuple(dict.fromkeys(remarks)),
    )


def _pdf(world: World, path: str, digest: str, folders: tuple[str, ...]) -> Paper:
    from pvc.compiler.papers.pdf import pdf_text

    data = world.blob(digest)
    if len(data) > LARGEST_PDF:
        raise Unsound(f"it is too large ({len(data) / 1e6:.0f} MB)")
    text, labels, title, authors, year = pdf_text(data)
    return Paper(path, "pdf", text, labels, (), title, authors, year, folders, ((path, digest),))
