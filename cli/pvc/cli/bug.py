"""What is said when pvc itself is at fault: one short message, and a report in a file. The screen stays readable."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence

from pvc.cli.main import version
from pvc.cli.surroundings import Surroundings


def report_text(error: BaseException, arguments: Sequence[str]) -> str:
    """What a maintainer needs: versions, the command, the traceback. No environment variables, no contents of files."""
    lines = [
        f"pvc {version()}, Python {sys.version.split()[0]}, {platform.platform()}",
        "command: pvc " + " ".join(arguments),
        "",
        "".join(traceback.format_exception(error)),
    ]
    return "\n".join(lines)


def show_bug(error: BaseException, arguments: Sequence[str], surroundings: Surroundings) -> None:
    """Says that this is a bug and where the report lies."""
    try:
        handle, path = tempfile.mkstemp(prefix="pvc-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(report_text(error, arguments))
    except OSError:
        path = ""
    message = f"this is a bug in pvc, not in your talk: {type(error).__name__}: {str(error).splitlines()[0:1]}"
    if surroundings.json:
        import json

        print(json.dumps({"error": {"code": "PVC0999", "message": message, "report": path or None}}))
    place = f"the report is in {path}; please attach it to an issue" if path else "run again with --debug to see more"
    print(f"error[PVC0999]: {message}\n  = help: {place}", file=sys.stderr)
