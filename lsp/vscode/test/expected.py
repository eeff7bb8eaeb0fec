"""The tokens of every text of the repository by pvc's own lexer, with the scopes that each may have, as JSON."""

from __future__ import annotations

import json
import sys

from editors.test_pygments import TEXTS, terminals

from pvc.compiler.highlight.classes import TEXTMATE
from pvc.compiler.syntax.lexer import TooDeep


def main() -> None:
    found = []
    for name, text, right in TEXTS:
        if not right:
            continue
        expected = []
        try:
            known = list(terminals(text))
        except TooDeep:  # an example of just that
            continue
        for at, kinds in known:
            line = text.count("\n", 0, at)
            column = at - (text.rfind("\n", 0, at) + 1)
            before = text[at - column : at]
            token = text[at : at + 20].split("\n")[0]
            scopes = sorted(TEXTMATE[kind] for kind in kinds)
            units = len(before.encode("utf-16-le")) // 2
            expected.append({"line": line, "column": units, "scopes": scopes, "token": token})
        found.append({"name": name, "text": text, "expected": expected})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
