"""The modules of the standard library by name, apart from what reads them: references and galleries need no checker."""

PRELUDE = ("prelude", "themes")
"""Standard modules that are always in scope."""

STANDARD = ("charts", "diagrams")
"""Standard modules that a talk asks for by `use std.NAME`."""
