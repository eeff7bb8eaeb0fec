"""What a page of a PDF measures, and where its ink is (pypdfium2, which carries PDFium; imported when first needed)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from pvc.compiler.digest import code_digest, digest_of, installed
from pvc.compiler.layout.component import Env
from pvc.compiler.model.display import Paint, Rect

_PROBE = 1000
"""Pixels of the page's longer side when its ink is looked for: two thousandths of a page are seen."""

_FAINT = 10
"""Differences of at most this many code values from the background are no ink."""


class BadPage(Exception):
    """Why a page cannot be shown; ``hint`` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Page:
    """Width and height in points as the page is seen; ``ink``: the rectangle that holds all that is drawn (in points
    from the top left corner), None for an empty page; ``ground``: the colour behind it."""

    width: float
    height: float
    ink: Rect | None
    ground: Paint


def probe(digest: str, page: int, env: Env) -> Page:
    """Measure a page (from 1) of the PDF with this digest. Remembered through the World. Raises BadPage."""
    key = digest_of(("pdf-page", digest, page, code_digest((__name__,)), installed()))
    kept = env.world.recall(key)
    if kept is not None:
        try:
            width, height, ink, ground = json.loads(kept)
            return Page(width, height, Rect(*ink) if ink else None, Paint(*ground))
        except (ValueError, TypeError):
            pass  # a damaged memory costs time, never correctness
    found = _measured(env.world.blob(digest), page)
    ink = found.ink
    plain = (
        found.width,
        found.height,
        [ink.x, ink.y, ink.width, ink.height] if ink else None,
        [found.ground.red, found.ground.green, found.ground.blue],
    )
    env.world.remember(key, json.dumps(plain).encode())
    return found


@lru_cache(maxsize=64)
def _measured(data: bytes, page: int) -> Page:
    import numpy as np
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        reason = "it is protected by a password" if locked else "it is damaged"
        hint = "export it again, without a password" if locked else "export it again"
        raise BadPage(f"the PDF cannot be read: {reason}", hint) from None
    try:
        if not 1 <= page <= len(document):
            raise BadPage(f"the PDF has no page {page}, its last is {len(document)}", "pages are counted from 1")
        try:
            seen = document[page - 1]
            width, height = seen.get_size()
            if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
                raise BadPage(f"the page measures {width:g} × {height:g} points", "export it at a usual size")
            scale = _PROBE / max(width, height)
            pixels = np.asarray(seen.render(scale=scale, rev_byteorder=True).to_numpy())[:, :, :3].astype(np.int16)
        except pypdfium2.PdfiumError:
            raise BadPage(f"page {page} of the PDF is damaged", "export it again") from None
    finally:
        document.close()
    corners = [tuple(int(value) for value in pixels[y, x]) for y in (0, -1) for x in (0, -1)]
    ground = max(corners, key=corners.count)
    inked = (np.abs(pixels - np.array(ground, dtype=np.int16)).max(axis=2) > _FAINT).nonzero()
    ink = None
    if len(inked[0]):
        left, right = int(inked[1].min()), int(inked[1].max()) + 1
        top, bottom = int(inked[0].min()), int(inked[0].max()) + 1
        ink = Rect(left / scale, top / scale, (right - left) / scale, (bottom - top) / scale)
    return Page(float(width), float(height), ink, Paint(*ground))
