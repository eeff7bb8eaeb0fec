"""TeX commands worth offering: those of mathematics that MathJax knows and talks use."""

from __future__ import annotations

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_RELATIONS = "leq geq neq approx equiv sim simeq propto in notin subset subseteq supset ll gg mid parallel perp models"
_OPERATORS = (
    "sum prod int iint oint lim max min sup inf arg argmax argmin log ln exp sin cos tan det dim ker gcd Pr times cdot "
    "div pm mp circ oplus otimes odot cap cup setminus land lor lnot forall exists partial nabla infty top bot"
)
_ARROWS = "to gets rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow mapsto uparrow downarrow"
_ACCENTS = "hat bar vec tilde dot ddot overline underline widehat widetilde overbrace underbrace"
_FONTS = "mathbf mathbb mathcal mathrm mathsf mathtt mathfrak boldsymbol text operatorname"
_SHAPES = "frac dfrac tfrac sqrt binom left right big Big bigg Bigg begin end quad qquad phantom dots cdots ldots vdots"

COMMANDS: dict[str, str] = {
    name: kind
    for kind, names in (
        ("Greek letter", _GREEK),
        ("relation", _RELATIONS),
        ("operator or symbol", _OPERATORS),
        ("arrow", _ARROWS),
        ("accent", _ACCENTS),
        ("font", _FONTS),
        ("structure", _SHAPES),
    )
    for name in names.split()
}
"""Each command, without its backslash, with what it is."""
