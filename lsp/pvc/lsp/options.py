"""What a client asks for when it connects (`initializationOptions`) or later (`workspace/didChangeConfiguration`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Options:
    """``lens``: lines above talks and scenes whose commands (`pvc.preview`, `pvc.build`, `pvc.buildDraft`) the client
    has. ``thumbnail``: pictures of frames in hovers, for a client that shows pictures in Markdown. ``layout``: findings
    about pictures, made in a process of its own while nobody types."""

    lens: bool = False
    thumbnail: bool = False
    layout: bool = True


def read(given: object, before: Options) -> Options:
    """The options with what a client said; what makes no sense changes nothing. They may stand below `pvc`."""
    if not isinstance(given, Mapping):
        return before
    inner = given.get("pvc", given)
    if not isinstance(inner, Mapping):
        return before
    said = {each.name: inner[each.name] for each in fields(Options) if isinstance(inner.get(each.name), bool)}
    return replace(before, **said)
