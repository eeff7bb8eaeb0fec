"""Papers that are there only as a PDF: text by page through pdfium. Its pages are its labels (`at "page 3"`)."""

from __future__ import annotations

import re

from pvc.compiler.papers.paper import PaperLabel, Unsound

MOST_PAGES = 2_000


def pdf_text(data: bytes) -> tuple[str, tuple[PaperLabel, ...], str | None, tuple[str, ...], str | None]:
    """Text, labels, title, authors and year of a PDF. Raises Unsound."""
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "it needs a password" if "password" in str(error).lower() else "it is no PDF that can be read"
        raise Unsound(reason, "open it in a viewer and save it again") from None
    try:
        if len(opened) > MOST_PAGES:
            raise Unsound(f"it has {len(opened)} pages, at most {MOST_PAGES} are read")
        facts = opened.get_metadata_dict()
        pages: list[str] = []
        labels: list[PaperLabel] = []
        length = 0
        for number in range(len(opened)):
            page = opened[number]
            held = page.get_textpage()
            text = held.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "-").replace("\x02", "-")
            held.close()
            page.close()
            labels.append(PaperLabel(f"page {number + 1}", "page", length, length + len(text)))
            pages.append(text)
            length += len(text) + 2
    except pypdfium2.PdfiumError:
        raise Unsound("one of its pages is damaged", "open it in a viewer and save it again") from None
    finally:
        opened.close()
    text = "\n\n".join(pages)
    if not text.strip():
        raise Unsound("it holds no text, only pictures", "run it through text recognition (OCR) first")
    year = re.search(r"D:((?:19|20)\d\d)", facts.get("CreationDate", ""))
    authors = tuple(name.strip() for name in re.split(r";|,| and ", facts.get("Author", "")) if name.strip())
    return text, tuple(labels), facts.get("Title", "").strip() or None, authors, year[1] if year else None
