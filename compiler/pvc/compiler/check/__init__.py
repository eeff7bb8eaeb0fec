"""From files to the checked Program: `check(path, world)`."""

from pvc.compiler.check.run import Checked, check

__all__ = ["Checked", "check"]
