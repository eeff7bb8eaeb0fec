"""Knowing that nothing changed without doing anything: what a build looked at and what it wrote, as of its end.

A trace is believed only if everything in it still holds: our code and the installed packages, the options, every file
that was looked at (also the ones that were not there), every output, and what each voice that is not built in says of
itself. It is read with the standard library, msgpack and blake3 alone.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from pvc.compiler import codec
from pvc.compiler.digest import canonical, digest_of
from pvc.compiler.model.speech import Utterance
from pvc.runtime.build.environment import environment
from pvc.runtime.build.world import Seen, look_at_output, unchanged
from pvc.runtime.store.blobs import replace_file
from pvc.runtime.store.location import FORMAT
from pvc.runtime.store.seal import sealed, unsealed

_VERSION = 1
_SEAL = "trace"
_MODULES = ("pvc.runtime.build.trace", "pvc.runtime.build.world", "pvc.compiler.diagnostics.model")
BUILT_IN = "espeak"
"""The voice engine whose identity follows from the installed packages alone."""


@dataclass(frozen=True, slots=True)
class Trace:
    """``files``: all that was looked at; ``outputs``: all that was written; ``voices``: one sentence of each voice that
    is not built in with its identity then; ``report``: the build's report as JSON; ``findings``: its diagnostics."""

    version: int
    environment: str
    options: str
    files: tuple[Seen, ...]
    outputs: tuple[Seen, ...]
    voices: tuple[tuple[Utterance, tuple[tuple[str, str], ...]], ...]
    report: str
    findings: tuple[object, ...]


def talk_folder(root: Path, talk: Path) -> Path:
    """Where the store at ``root`` keeps what is known of a talk, apart for each place that a talk lies at."""
    return root / FORMAT / "talks" / digest_of(str(talk))[:32]


def _path(root: Path, talk: Path, output: Path, options: str) -> Path:
    return talk_folder(root, talk) / f"{digest_of((str(output), options))[:32]}.trace"


def up_to_date(root: Path, talk: Path, output: Path, options: str) -> Trace | None:
    """The trace of the last build of ``talk`` to ``output`` with these options, if building again would change nothing.
    Notes that had to be proved by reading are brought up to date on disk, so that the next time a stat is enough."""
    path = _path(root, talk, output, options)
    trace = _read(path, options)
    if trace is None:
        return None
    if trace.environment != environment():
        return None
    files = tuple(now for seen in trace.files if (now := unchanged(seen)) is not None)
    outputs = tuple(now for seen in trace.outputs if (now := unchanged(seen, output=True)) is not None)
    if len(files) < len(trace.files) or len(outputs) < len(trace.outputs) or not _voices_hold(trace):
        return None
    fresh = replace(trace, files=files, outputs=outputs)
    if fresh != trace:
        with contextlib.suppress(OSError):
            replace_file(path, sealed(_SEAL, canonical(fresh)))
    return fresh


def _read(path: Path, options: str) -> Trace | None:
    try:
        trace = codec.decode(unsealed(_SEAL, path.read_bytes()) or b"", _MODULES)
    except (OSError, codec.Undecodable):
        return None
    known = isinstance(trace, Trace) and (trace.version, trace.options) == (_VERSION, options)
    return trace if known else None


def left_over(root: Path, talk: Path, output: Path, options: str, written: tuple[Path, ...]) -> tuple[Path, ...]:
    """Files beside the film that the last build of ``talk`` to ``output`` wrote, that nobody has touched since, and
    that are not among what this one has ``written``: captions of a talk that now wants none."""
    trace = _read(_path(root, talk, output, options), options)
    outputs = trace.outputs if trace is not None else ()
    kept = {str(path) for path in written}
    return tuple(
        Path(seen.path)
        for seen in outputs
        if seen.path not in kept and Path(seen.path).is_file() and unchanged(seen, output=True) is not None
    )


def _voices_hold(trace: Trace) -> bool:
    if not trace.voices:
        return True
    from pvc.runtime.errors import PvcError
    from pvc.runtime.speech.engines import engine

    try:
        return all(engine(spoken.voice.engine).identity(spoken) == identity for spoken, identity in trace.voices)
    except PvcError:
        return False


def write_trace(
    root: Path,
    talk: Path,
    output: Path,
    options: str,
    files: tuple[Seen, ...],
    written: tuple[Path, ...],
    voices: tuple[tuple[Utterance, tuple[tuple[str, str], ...]], ...],
    report: str,
    findings: tuple[object, ...],
) -> None:
    """Notes a finished build. Losing the note costs a look into the store, so a failure to write it is no error."""
    outputs = tuple(look_at_output(str(path)) for path in written)
    trace = Trace(_VERSION, environment(), options, files, outputs, voices, report, findings)
    path = _path(root, talk, output, options)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, sealed(_SEAL, canonical(trace)))
