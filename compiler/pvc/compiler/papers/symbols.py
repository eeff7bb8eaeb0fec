"""What TeX commands print, as plain text."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


GREEK = {
    **dict(
        zip(
            _words(
                "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
                "phi chi psi omega"
            ),
            "αβγδϵζηθικλμνξπρστυϕχψω",
            strict=True,
        )
    ),
    **dict(zip(_words("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"), "ΓΔΘΛΞΠΣΥΦΨΩ", strict=True)),
    "varepsilon": "ε",
    "vartheta": "ϑ",
    "varpi": "ϖ",
    "varrho": "ϱ",
    "varsigma": "ς",
    "varphi": "φ",
}

MATH = {
    **GREEK,
    "infty": "∞",
    "partial": "∂",
    "nabla": "∇",
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "sqrt": "√",
    "ell": "ℓ",
    "hbar": "ℏ",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "neq": "≠",
    "ne": "≠",
    "approx": "≈",
    "sim": "∼",
    "equiv": "≡",
    "propto": "∝",
    "in": "∈",
    "notin": "∉",
    "subset": "⊂",
    "subseteq": "⊆",
    "cup": "∪",
    "cap": "∩",
    "emptyset": "∅",
    "setminus": "∖",
    "forall": "∀",
    "exists": "∃",
    "neg": "¬",
    "land": "∧",
    "lor": "∨",
    "wedge": "∧",
    "vee": "∨",
    "times": "×",
    "cdot": "·",
    "div": "÷",
    "pm": "±",
    "mp": "∓",
    "ast": "∗",
    "star": "⋆",
    "circ": "∘",
    "bullet": "•",
    "oplus": "⊕",
    "otimes": "⊗",
    "odot": "⊙",
    "top": "⊤",
    "bot": "⊥",
    "perp": "⊥",
    "mid": "|",
    "vert": "|",
    "Vert": "‖",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "Rightarrow": "⇒",
    "Leftarrow": "⇐",
    "mapsto": "↦",
    "iff": "⇔",
    "ldots": "…",
    "cdots": "…",
    "dots": "…",
    "dotsc": "…",
    "vdots": "⋮",
    "prime": "′",
    "langle": "⟨",
    "rangle": "⟩",
    "lceil": "⌈",
    "rceil": "⌉",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lbrace": "{",
    "rbrace": "}",
    "colon": ":",
    "gg": "≫",
    "ll": "≪",
    **{
        name: name
        for name in (
            _words(
                "arccos arcsin arctan arg cos cosh cot det dim exp gcd hom inf ker lg lim liminf limsup ln log max "
                "min Pr sec sin"
                "sinh sup tan tanh"
            )
        )
    },
}
"""In formulas."""

TEXT = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "dag": "†",
    "ddag": "‡",
    "S": "§",
    "P": "¶",
    "copyright": "©",
    "pounds": "£",
    "euro": "€",
    "textregistered": "®",
    "texttrademark": "™",
    "textdegree": "°",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textendash": "–",
    "textemdash": "—",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textunderscore": "_",
    "textperiodcentered": "·",
    "textbullet": "•",
    "slash": "/",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "LaTeXe": "LaTeX2e",
    "quad": " ",
    "qquad": " ",
    "newline": " ",
    "eg": "e.g.",
    "ie": "i.e.",
    "textmu": "µ",
    "space": " ",
    "nobreakspace": " ",
    "enspace": " ",
    "par": "\n\n",
}
"""In running text; `\\eg` and `\\ie` where the document does not define them."""

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
}
"""Accent commands as combining characters."""

DROPPED: dict[str, int] = {
    **dict.fromkeys(
        _words(
            "vspace hspace bibliographystyle bibliography addbibresource documentclass usepackage RequirePackage "
            "newlength"
            "color pagestyle thispagestyle theoremstyle lstset hypersetup pagenumbering geometry captionsetup "
            "linespread"
            "vskip hskip nocite index glsadd phantom hphantom vphantom cline cmidrule fontsize selectlanguage "
            "tikzset"
            "usetikzlibrary pgfplotsset allowdisplaybreaks institute affil affiliation email address keywords "
            "thanks"
            "subjclass acmConference acmYear acmDOI acmISBN ccsdesc crefname Crefname addtolength rule "
            "stepcounter SetKwInOut"
            "SetKwProg setstretch setitemize setlist bstctlcite markboth markright PassOptionsToPackage "
            "includeonly"
            "titlerunning authorrunning icmltitlerunning icmlkeywords newcounter counterwithin numberwithin "
            "noalign"
            "algrenewcommand algnewcommand orcid special"
        ),
        1,
    ),
    **dict.fromkeys(
        _words(
            "setlength addtocounter setcounter newtheorem resizebox scalebox raisebox fontfamily rotatebox "
            "titleformat"
            "titlespacing parbox DeclareUnicodeCharacter icmlauthor icmlaffiliation icmlcorrespondingauthor"
        ),
        2,
    ),
    "definecolor": 3,
    "multicolumn": 2,
    "multirow": 2,
    "textcolor": 1,
    "href": 1,
    "colorbox": 1,
    "makebox": 0,
    "hyperref": 0,
    "resizebox": 2,
    "scalebox": 1,
    "raisebox": 1,
    "rotatebox": 1,
    "parbox": 1,
    "colorlet": 2,
    "newcolumntype": 2,
}
"""Commands whose first arguments are not printed; further ones are."""

CITATIONS = frozenset(
    _words(
        "cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite autocite "
        "footcite supercite Cite"
        "Citep Citet onlinecite citenum"
    )
)
REFERENCES = frozenset(_words("ref eqref autoref cref Cref pageref nameref vref subref labelcref hyperlink"))
HEADINGS = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "subsubsection": 4,
    "paragraph": 5,
    "subparagraph": 6,
}
DISPLAYS = frozenset(
    _words(
        "equation align gather multline eqnarray flalign alignat displaymath math dmath subequations split "
        "aligned gathered"
        "alignedat array matrix pmatrix bmatrix vmatrix cases"
    )
)
"""Environments set as formulas (starred ones too)."""

LABELLED = frozenset(_words("equation align gather multline eqnarray flalign alignat dmath subequations"))
RAW = frozenset(_words("verbatim Verbatim lstlisting minted alltt filecontents"))
HIDDEN = frozenset(_words("comment tikzpicture pgfpicture thebibliography CCSXML axis pspicture"))
FLOWING = frozenset(
    _words(
        "document itemize enumerate description center flushleft flushright quote quotation abstract "
        "multicols minipage"
        "onehalfspace spacing small footnotesize appendices appendix tabular tabularx tabular* array "
        "subequations adjustbox"
        "landscape sloppypar titlepage frontmatter keywords IEEEkeywords"
    )
)
"""Environments that are no place of their own for a label."""

WITH_ARGUMENTS = {
    "tabular": 1,
    "tabularx": 2,
    "tabular*": 2,
    "array": 1,
    "minipage": 1,
    "multicols": 1,
    "alignat": 1,
    "alignedat": 1,
}
WITH_ARGUMENTS |= {
    "alignat*": 1,
    "wrapfigure": 2,
    "subfigure": 1,
    "wraptable": 2,
    "spacing": 1,
    "adjustbox": 1,
    "minted": 1,
    "longtable": 1,
}
