"""Which font file sets which characters: families that come as pip packages, fallbacks for other scripts, and the
project's own files.

Nothing here imports a font package (or matplotlib, whose package carries DejaVu): files are found beside the package's
spec. A font is known by the BLAKE3 digest of its file everywhere else; digests are taken when a file is first used
(about 0.2 ms each), and of the whole catalogue only where a digest is asked for that this process has not met.

Only static fonts are listed, because a `Glyphs` names a file and no axis settings; a variable file is used at its
default instance (Heebo's is Regular).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pvc.compiler.digest import digest_bytes, digest_of
from pvc.compiler.text import sfnt

if TYPE_CHECKING:
    from pvc.compiler.layout.component import Env


@dataclass(frozen=True, slots=True)
class Family:
    """Font files of one family: ``package`` is the import name of what carries them, ``folder`` where in it; ``faces``
    are (weight, italic, file name)."""

    name: str
    package: str
    folder: str
    faces: tuple[tuple[int, bool, str], ...]


def _source(name: str, package: str, stem: str) -> Family:
    weights = {200: "ExtraLight", 300: "Light", 400: "Regular", 600: "Semibold", 700: "Bold", 900: "Black"}
    upright = tuple((weight, False, f"{stem}-{word}.otf") for weight, word in weights.items())
    italic = tuple((weight, True, f"{stem}-{'' if weight == 400 else word}It.otf") for weight, word in weights.items())
    return Family(name, package, "files", upright + italic)


def _plex(name: str, package: str, stem: str, italic: bool) -> Family:
    weights = {300: "Light", 400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
    faces = tuple((weight, False, f"{stem}-{word}.ttf") for weight, word in weights.items())
    if italic:
        faces += tuple(
            (weight, True, f"{stem}-{'' if weight == 400 else word}Italic.ttf") for weight, word in weights.items()
        )
    return Family(name, package, "files", faces)


def _dejavu(name: str, stem: str, slanted: str) -> Family:
    faces = (
        (400, False, f"{stem}.ttf"),
        (700, False, f"{stem}-Bold.ttf"),
        (400, True, f"{stem}-{slanted}.ttf"),
        (700, True, f"{stem}-Bold{slanted}.ttf"),
    )
    return Family(name, "matplotlib", "mpl-data/fonts/ttf", faces)


CATALOGUE = {
    family.name: family
    for family in (
        _source("Source Sans Pro", "font_source_sans_pro", "SourceSansPro"),
        _source("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro"),
        _plex("IBM Plex Mono", "fontpkg_ibm_plex_mono", "IBMPlexMono", italic=True),
        _plex("IBM Plex Sans Arabic", "fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic", italic=False),
        Family("Heebo", "fontpkg_heebo", "files", ((400, False, "Heebo[wght].ttf"),)),
        _dejavu("DejaVu Sans", "DejaVuSans", "Oblique"),
        _dejavu("DejaVu Serif", "DejaVuSerif", "Italic"),
        _dejavu("DejaVu Sans Mono", "DejaVuSansMono", "Oblique"),
    )
}
"""The families that a plain installation has, by the name that a theme uses."""

FALLBACKS = {
    "Source Serif Pro": ("DejaVu Serif", "IBM Plex Sans Arabic", "Heebo", "DejaVu Sans"),
    "IBM Plex Mono": ("DejaVu Sans Mono", "IBM Plex Sans Arabic", "Heebo", "DejaVu Sans"),
    "DejaVu Sans Mono": ("IBM Plex Sans Arabic", "Heebo", "DejaVu Sans"),
}
"""What is tried after a family, for each character that it lacks; other families fall back to `PLAIN_FALLBACKS`."""

PLAIN_FALLBACKS = ("IBM Plex Sans Arabic", "Heebo", "DejaVu Sans")

DEFAULT_FAMILY = "Source Sans Pro"


@dataclass(frozen=True, slots=True)
class Face:
    """A loaded font: ``characters`` are the code points it covers, ``upem`` its units per em."""

    digest: str
    font: Any
    characters: frozenset[int]
    upem: int
    family: str
    weight: int = 400
    italic: bool = False
    names: frozenset[str] = frozenset()
    """What a project's own file calls its family: with its weight (`My Font Light`) and without."""


def harfbuzz() -> Any:
    """HarfBuzz, imported when text is first shaped; its module says nothing of types."""
    return import_module("uharfbuzz")


_paths: dict[str, Path] = {}


@cache
def _folder(package: str, folder: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / folder


@cache
def _digest_of_file(path: Path) -> str:
    digest = digest_bytes(path.read_bytes())
    _paths[digest] = path
    return digest


@cache
def installed(family: str) -> bool:
    """Whether a family of the catalogue is really there."""
    return _face_path(family, 400, False) is not None


@cache
def _face_path(family: str, weight: int, italic: bool) -> Path | None:
    """The file of the nearest face: the italic wish weighs more than any difference of weight."""
    entry = CATALOGUE.get(family)
    folder = _folder(entry.package, entry.folder) if entry else None
    if entry is None or folder is None:
        return None
    ranked = sorted(entry.faces, key=lambda face: (face[1] != italic, abs(face[0] - weight), face[0] < weight))
    return next((folder / name for _, _, name in ranked if (folder / name).is_file()), None)


def file(digest: str) -> Path:
    """The file of an installed font by its digest. KeyError for one that is none of the catalogue's (a project's own
    font: its bytes are found through the World, or the store)."""
    if digest not in _paths:
        for entry in CATALOGUE.values():
            folder = _folder(entry.package, entry.folder)
            for _, _, name in entry.faces:
                if folder is not None and (folder / name).is_file():
                    _digest_of_file(folder / name)
    return _paths[digest]


def _open(digest: str, data: bytes | None, family: str) -> Face:
    hb = harfbuzz()
    blob = hb.Blob(data) if data is not None else hb.Blob.from_file_path(str(_paths[digest]))
    face = hb.Face(blob)
    return Face(digest, hb.Font(face), frozenset(face.unicodes), face.upem, family)


@cache
def _installed_face(path: Path, family: str) -> Face:
    return _open(_digest_of_file(path), None, family)


_project: dict[str, Face] = {}


def _project_face(digest: str, env: Env) -> Face:
    face = _project.get(digest)
    if face is None:
        hb = harfbuzz()
        data = env.world.blob(digest)
        kinds = (hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY, hb.OTNameIdPredefined.FONT_FAMILY)
        opened = hb.Face(hb.Blob(data))
        names = [name for kind in kinds if (name := opened.get_name(kind))]
        weight, italic = sfnt.style(data)
        face = _open(digest, data, names[0] if names else "")
        known = frozenset(name.casefold() for name in names)
        face = _project[digest] = replace(face, weight=weight, italic=italic, names=known)
    return face


_chains: dict[tuple[str, int, bool, tuple[str, ...]], tuple[Face, ...]] = {}


def chain(family: str, weight: int, italic: bool, env: Env) -> tuple[Face, ...]:
    """The faces to try in turn for each character: the family's, the project's own files, the fallbacks. A project
    file whose family name is the one asked for comes first, of several the nearest in slope and weight. Never empty
    where the package is whole."""
    key = (family, weight, italic, env.font_files)
    found = _chains.get(key)
    if found is None:
        found = _chains[key] = tuple(_faces(family, weight, italic, env))
    return found


def _faces(family: str, weight: int, italic: bool, env: Env) -> list[Face]:
    own = [_project_face(digest, env) for digest in env.font_files]
    main = family if family in CATALOGUE else DEFAULT_FAMILY
    own.sort(key=lambda face: (face.italic != italic, abs(face.weight - weight), face.weight < weight))
    wanted = [face for face in own if family.casefold() in face.names]
    others = [face for face in own if face not in wanted]
    return [
        *wanted,
        *_catalogue_faces((main,), weight, italic),
        *others,
        *_catalogue_faces(FALLBACKS.get(main, PLAIN_FALLBACKS), weight, italic),
    ]


def _catalogue_faces(families: tuple[str, ...], weight: int, italic: bool) -> list[Face]:
    paths = [(_face_path(name, weight, italic), name) for name in families]
    return [_installed_face(path, name) for path, name in paths if path is not None]


def unknown_families(env: Env) -> tuple[str, ...]:
    """Families that the theme names and nobody has: neither the catalogue nor the project's files."""
    named = [name for role, name in env.theme.fonts if role != "math"]
    absent = [name for name in dict.fromkeys(named) if not installed(name)]
    if not absent:
        return ()
    own = {name for digest in env.font_files for name in _project_face(digest, env).names}
    return tuple(name for name in absent if name.casefold() not in own)


def absent(text: str) -> tuple[str, ...]:
    """Characters that no font of the catalogue has."""
    faces = _catalogue_faces(tuple(CATALOGUE), 400, False)
    known = frozenset[int]().union(*(face.characters for face in faces))
    return tuple(dict.fromkeys(char for char in text if ord(char) not in known))


@cache
def identity() -> str:
    """What tells this installation's fonts from another's: names and sizes of the catalogue's files and the versions of
    the packages that carry them. Cheap (no file is read), for keys of layouts."""
    seen: list[tuple[str, int]] = []
    for package, folder in sorted({(entry.package, entry.folder) for entry in CATALOGUE.values()}):
        path = _folder(package, folder)
        if path is None or not path.is_dir():
            continue
        seen.extend(sorted((each.name, each.stat().st_size) for each in path.iterdir() if each.is_file()))
        site = path.parents[len(Path(folder).parts)]
        seen.extend((each.name, 0) for each in sorted(site.glob(f"{package}-*.dist-info")))
    return digest_of(tuple(seen))
