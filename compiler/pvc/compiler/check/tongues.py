"""Languages and voices as they are written: whether there is such a language, and somebody who speaks it."""

from __future__ import annotations

import re

from pvc.compiler.check.context import Context, replacing
from pvc.compiler.check.expressions import word_of
from pvc.compiler.diagnostics.model import Fix
from pvc.compiler.model.tongues import TAG, VOICES
from pvc.compiler.resolve.near import nearest
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def language_of(ctx: Context, scope: Scope, expr: tree.Expr) -> str | None:
    """A language as its BCP 47 tag; what is none is reported."""
    written = expr.value if isinstance(expr, tree.Text) else _written(expr)
    if written is None or not _LANGUAGE.fullmatch(written):
        if not isinstance(expr, tree.Missing):
            ctx.report("PVC0310", "this is no language", scope.span(expr.at), 'a code such as `en`, `de` or `"pt-BR"`')
        return None
    return written.replace("_", "-")


def _written(expr: tree.Expr) -> str | None:
    """`en` or `en-GB`, which reads as a subtraction."""
    if isinstance(expr, tree.Binary) and expr.op == "-":
        left, right = _written(expr.left), _written(expr.right)
        return f"{left}-{right}" if left and right else None
    return word_of(expr)


def unspoken(ctx: Context, language: str, span: Span, instead: str) -> None:
    """Says that nobody speaks a language; ``instead`` is how a voice for it is chosen."""
    ctx.report(
        "PVC0803",
        f"there is no voice of espeak-ng for the language `{language}`",
        span,
        f"{instead}; `pvc explain PVC0803` lists the languages that it speaks",
        fixes=_near(language, span),
    )


def known_voice(ctx: Context, name: str, span: Span) -> bool:
    """Whether espeak-ng has a voice of that name; if not, that is said. Only names that are tags of languages are
    judged: it has others (`gmw/en-US`, `English (America)`)."""
    tag = name.partition("+")[0].lower()
    if tag in VOICES or not TAG.fullmatch(tag):
        return True
    meant = nearest(tag, VOICES)
    hint = f"did you mean `{meant}`?" if meant else "voices are called by their language, as `en-us` or `de`"
    fixes = (replacing(span, f'"{meant}"'),) if meant else ()
    ctx.report("PVC0803", f"there is no voice `{name}` of espeak-ng", span, hint, fixes=fixes)
    return False


def _near(language: str, span: Span) -> tuple[Fix, ...]:
    meant = nearest(language.lower(), VOICES) if len(language) > 2 else None
    if meant is None:
        return ()
    return (replacing(span, f'"{meant}"' if "-" in meant else meant),)
