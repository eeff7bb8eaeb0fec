"""What the protocol demands of every answer, whatever stands in the document."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from lsp.client import Client
from pvc.lsp.positions import Encoding, LineIndex

Position = dict[str, int]
Area = dict[str, Position]


class Laws:
    """Asks a server everything about an open document and notes what no client could use. ``lines`` count as the client
    does."""

    def __init__(self, client: Client, uri: str, text: str, encoding: Encoding = Encoding.UTF16) -> None:
        self.client = client
        self.uri = uri
        self.lines = LineIndex(text, encoding)
        self.encoding = encoding
        self.wrong: list[str] = []

    def check(self, offsets: Iterable[int]) -> list[str]:
        """What is wrong with the answers about the document, and about these places in it."""
        self._symbols()
        self._folds()
        self._tokens()
        self._areas()
        for offset in offsets:
            self._around(offset)
        return self.wrong

    # -------------------------------------------------------------------------------------------- pieces

    def _blame(self, what: str) -> None:
        self.wrong.append(what)

    def _ask(self, name: str, **more: Any) -> Any:
        found = self.client.answer(f"textDocument/{name}", {"textDocument": {"uri": self.uri}, **more})
        if "error" in found and found["error"]["code"] != -32602:
            self._blame(f"{name}: {found['error']}")
        return found.get("result")

    def _at(self, offset: int) -> Position:
        place = self.lines.place(offset)
        return {"line": place.line, "character": place.column}

    def offset(self, at: Position) -> int:
        return self.lines.offset(at["line"], at["character"])

    def _real(self, at: Position, what: str) -> int:
        """The offset of a position, which must stand in the text and on no half of a character."""
        offset = self.offset(at)
        if self._at(offset) != at:
            self._blame(f"{what}: {at} is no place in the text")
        return offset

    def area(self, area: Area, what: str) -> tuple[int, int]:
        start, end = self._real(area["start"], what), self._real(area["end"], what)
        if start > end:
            self._blame(f"{what}: {area} ends before it starts")
        return start, end

    # -------------------------------------------------------------------------------------------- requests

    def _symbols(self) -> None:
        def look(symbols: list[dict[str, Any]], low: int, high: int) -> None:
            for each in symbols:
                what = f"symbol {each['name']!r}"
                start, end = self.area(each["range"], what)
                first, last = self.area(each["selectionRange"], what)
                if not start <= first <= last <= end:
                    self._blame(f"{what}: its name stands outside of it")
                if not low <= start <= end <= high:
                    self._blame(f"{what}: it stands outside of what holds it")
                if not each["name"].strip():
                    self._blame(f"{what}: it has no name")
                look(each.get("children") or [], start, end)

        look(self._ask("documentSymbol") or [], 0, len(self.lines.text))

    def _folds(self) -> None:
        for each in self._ask("foldingRange") or []:
            if not 0 <= each["startLine"] < each["endLine"] < self.lines.count:
                self._blame(f"a fold from {each['startLine']} to {each['endLine']} of {self.lines.count} lines")

    def tokens(self, data: list[int]) -> list[tuple[int, int, int, int]]:
        found: list[tuple[int, int, int, int]] = []
        line = column = 0
        for at in range(0, len(data), 5):
            step, move, length, kind, more = data[at : at + 5]
            line, column = line + step, (column if step == 0 else 0) + move
            start = self._real({"line": line, "character": column}, "token")
            end = self._real({"line": line, "character": column + length}, "token")
            if end <= start or (found and start < found[-1][1]):
                self._blame(f"the token at {line}:{column} is empty or stands on the one before")
            found.append((start, end, kind, more))
        return found

    def _tokens(self) -> None:
        whole = self.tokens((self._ask("semanticTokens/full") or {"data": []})["data"])
        size = len(self.lines.text)
        for low, high in ((0, size), (size // 3, size // 2)):
            area = {"start": self._at(low), "end": self._at(high)}
            part = self.tokens((self._ask("semanticTokens/range", range=area) or {"data": []})["data"])
            if not set(part) <= set(whole) or any(
                low <= each[0] and each[1] <= high for each in set(whole) - set(part)
            ):
                self._blame(f"the tokens from {low} to {high} are not those of the whole")

    def _areas(self) -> None:
        size = len(self.lines.text)
        whole = {"start": self._at(0), "end": self._at(size)}
        for each in self._ask("documentLink") or []:
            self.area(each["range"], "link")
        for each in self._ask("inlayHint", range=whole) or []:
            self._real(each["position"], "hint")
        for each in self._ask("codeLens") or []:
            self.area(each["range"], "lens")
        for each in self._ask("documentColor") or []:
            self.area(each["range"], "color")
            self._ask("colorPresentation", range=each["range"], color=each["color"])
        for each in self._ask("formatting", options={"tabSize": 2, "insertSpaces": True}) or []:
            self.area(each["range"], "formatting")
        found = self._ask("diagnostic") or {"items": []}
        for each in found["items"]:
            self.area(each["range"], f"diagnostic {each['code']}")
        for each in self._ask("codeAction", range=whole, context={"diagnostics": []}) or []:
            for uri, edits in each["edit"]["changes"].items():
                if uri == self.uri:
                    self.apart(edits, each["title"])

    def apart(self, edits: list[dict[str, Any]], what: str) -> None:
        """Edits of one document must not overlap."""
        spans = sorted(self.area(each["range"], what) for each in edits)
        for (_, end), (start, _) in pairwise(spans):
            if start < end:
                self._blame(f"{what}: edits stand on each other")

    def _around(self, offset: int) -> None:
        at = self._at(offset)
        offset = self.offset(at)
        found = self._ask("hover", position=at)
        if found is not None:
            start, end = self.area(found["range"], "hover")
            if not start <= offset <= end:
                self._blame(f"the hover at {offset} is about {start} to {end}")
            if not found["contents"]["value"].strip():
                self._blame(f"the hover at {offset} says nothing")
        for each in (self._ask("completion", position=at) or {"items": []})["items"]:
            start, end = self.area(each["textEdit"]["range"], f"completion {each['label']!r}")
            if end != offset or each["textEdit"]["range"]["start"]["line"] != at["line"]:
                self._blame(f"the completion {each['label']!r} at {offset} replaces {start} to {end}")
        signature = self._ask("signatureHelp", position=at)
        if signature is not None and not signature["signatures"]:
            self._blame(f"no signatures at {offset}")
        for name in ("definition", "documentHighlight", "prepareRename"):
            self._ask(name, position=at)
        for each in self._ask("references", position=at, context={"includeDeclaration": True}) or []:
            if each["uri"] == self.uri:
                self.area(each["range"], "reference")
        renamed = self._ask("rename", position=at, newName="fresh_name")
        for uri, edits in ((renamed or {}).get("changes") or {}).items():
            if uri == self.uri:
                self.apart(edits, "rename")
