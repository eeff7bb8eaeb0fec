"""Failures that a person can mend, raised at the edge and turned into diagnostics by the command line.

PvcError
├── EngineError      an engine (painter, voice) is absent, refused its input, or died
├── MediaError       a medium could not be read, encoded or joined
├── StoreError       the cache cannot be used (disk full, not writable, damaged)
└── Cancelled        the user asked to stop
"""

from __future__ import annotations

from pvc.compiler.source import Span


class PvcError(Exception):
    """``code`` is a diagnostic's code; ``hint`` says what to do; ``span`` is where, if a file is to blame."""

    def __init__(self, code: str, message: str, hint: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.span = span


class EngineError(PvcError): ...


class MediaError(PvcError): ...


class StoreError(PvcError): ...


class Cancelled(Exception): ...
