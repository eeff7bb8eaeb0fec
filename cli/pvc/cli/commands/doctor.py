"""`pvc doctor`."""

from __future__ import annotations

import sys

import click

from pvc.cli.app import surroundings
from pvc.cli.report import emit

_SIGNS = {"ok": ("ok", "32"), "optional": ("--", "36"), "weak": ("!!", "33"), "missing": ("no", "31")}


@click.command(epilog="Example: pvc doctor --json")
def command() -> int:
    """Probe what this machine can do: painters, voices, codecs, fonts, memory, disk; say how to install what lacks.

    Exit code 3: something is missing that every build needs.
    """
    around = surroundings()
    from pvc.runtime.doctor import examine

    findings = []
    color = around.colored(sys.stdout)
    for finding in examine(around.cache()):
        findings.append(finding)
        if around.json or (around.quiet and finding.state != "missing"):
            continue
        sign, style = _SIGNS[finding.state]
        painted = f"\x1b[{style}m{sign}\x1b[0m" if color else sign
        print(f"{painted}  {finding.name:<9} {finding.detail}", flush=True)
        if finding.remedy:
            print(f"    {'':<9} -> {finding.remedy}")
    missing = any(finding.state == "missing" for finding in findings)
    if around.json:
        emit(
            {
                "ok": not missing,
                "findings": [
                    {"name": one.name, "state": one.state, "detail": one.detail, "remedy": one.remedy}
                    for one in findings
                ],
            }
        )
    return 3 if missing else 0
