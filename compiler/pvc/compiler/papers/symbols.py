"""What TeX commands print, as plain text: plain tables."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


GREEK = {
    **dict(
        zip(
            _words(
                """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
                upsilon phi chi psi omega"""
            ),
            "αβγδϵζηθικλμνξπρστυϕχψω",
            strict=True,
        )
    ),
    **dict(zip(_words("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"), "ΓΔΘΛΞΠΣΥΦΨΩ", strict=True)),
    **dict(zip(_words("varepsilon vartheta varpi varrho varsigma varphi"), "εϑϖϱςφ", strict=True)),
}

_RELATIONS = dict(
    zip(
        _words(
            """leq le geq ge neq ne approx sim equiv propto in notin subset subseteq cup cap emptyset setminus
            forall exists neg land lor wedge vee times cdot div pm mp ast star circ bullet oplus otimes odot top
            bot perp mid vert Vert to rightarrow leftarrow Rightarrow Leftarrow mapsto iff ldots cdots dots
            dotsc vdots prime langle rangle lceil rceil lfloor rfloor lbrace rbrace colon gg ll infty partial
            nabla sum prod int sqrt ell hbar"""
        ),
        "≤≤≥≥≠≠≈∼≡∝∈∉⊂⊆∪∩∅∖∀∃¬∧∨∧∨×·÷±∓∗⋆∘•⊕⊗⊙⊤⊥⊥||‖→→←⇒⇐↦⇔………" + "…⋮′⟨⟩⌈⌉⌊⌋{}:≫≪∞∂∇∑∏∫√ℓℏ",
        strict=True,
    )
)
_FUNCTIONS = _words(
    """arccos arcsin arctan arg cos cosh cot det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr sec
    sin sinh sup tan tanh"""
)
MATH = {**GREEK, **_RELATIONS, **{name: name for name in _FUNCTIONS}}
"""In formulas."""

TEXT = {
    **dict(
        zip(
            _words("ss ae AE oe OE o O aa AA l L i j dag ddag S P copyright pounds euro"),
            "ßæÆœŒøØåÅłŁıȷ†‡§¶©£€",
            strict=True,
        )
    ),
    **dict(
        zip(
            _words(
                """textregistered texttrademark textdegree textbackslash textasciitilde textendash textemdash
                textquoteleft textquoteright textquotedblleft textquotedblright ldots dots textellipsis textbar
                textless textgreater textunderscore textperiodcentered textbullet slash textmu"""
            ),
            "®™°\\~–—‘’“”………|<>_·•/µ",
            strict=True,
        )
    ),
    **dict.fromkeys(_words("quad qquad newline space nobreakspace enspace"), " "),
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "LaTeXe": "LaTeX2e",
    "eg": "e.g.",
    "ie": "i.e.",
    "par": "\n\n",
}
"""In running text; `\\eg` and `\\ie` where the document does not define them."""

ACCENTS = dict(
    zip(
        _words("` ' ^ \" ~ = . u v H c k r d b"),
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a\u0323\u0331",
        strict=True,
    )
)
"""Accent commands as combining characters."""

DROPPED: dict[str, int] = {
    **dict.fromkeys(
        _words(
            """vspace hspace bibliographystyle bibliography addbibresource documentclass usepackage RequirePackage
            newlength color pagestyle thispagestyle theoremstyle lstset hypersetup pagenumbering geometry
            captionsetup linespread vskip hskip nocite index glsadd phantom hphantom vphantom cline cmidrule
            fontsize selectlanguage tikzset usetikzlibrary pgfplotsset institute affil affiliation email address
            keywords thanks subjclass acmConference acmYear acmDOI acmISBN ccsdesc crefname Crefname rule
            stepcounter SetKwInOut SetKwProg setstretch setitemize setlist bstctlcite PassOptionsToPackage
            includeonly titlerunning authorrunning icmltitlerunning icmlkeywords newcounter noalign
            algrenewcommand algnewcommand orcid special textcolor href colorbox scalebox raisebox rotatebox
            parbox footnotemark graphicspath inst"""
        ),
        1,
    ),
    **dict.fromkeys(
        _words(
            """setlength addtolength addtocounter setcounter newtheorem resizebox fontfamily titleformat
            titlespacing DeclareUnicodeCharacter icmlauthor icmlaffiliation icmlcorrespondingauthor multicolumn
            multirow colorlet newcolumntype counterwithin numberwithin markboth"""
        ),
        2,
    ),
    "definecolor": 3,
    "makebox": 0,
    "hyperref": 0,
    "allowdisplaybreaks": 0,
}
"""Commands whose first arguments are not printed; further ones are."""

CITATIONS = frozenset(
    _words(
        """cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite autocite footcite
        supercite Cite Citep Citet onlinecite citenum"""
    )
)
REFERENCES = frozenset(_words("ref eqref autoref cref Cref pageref nameref vref subref labelcref hyperlink"))
HEADINGS = {
    name: level
    for level, name in enumerate(_words("part chapter section subsection subsubsection paragraph subparagraph"))
}
DISPLAYS = frozenset(
    _words(
        """equation align gather multline eqnarray flalign alignat displaymath math dmath subequations split
        aligned gathered alignedat array matrix pmatrix bmatrix vmatrix cases"""
    )
)
"""Environments set as formulas (starred ones too)."""

LABELLED = frozenset(_words("equation align gather multline eqnarray flalign alignat dmath subequations"))
RAW = frozenset(_words("verbatim Verbatim lstlisting minted alltt filecontents"))
HIDDEN = frozenset(_words("comment tikzpicture pgfpicture thebibliography CCSXML axis pspicture"))
FLOWING = frozenset(
    _words(
        """document itemize enumerate description center flushleft flushright quote quotation abstract multicols
        minipage onehalfspace spacing small footnotesize appendices appendix tabular tabularx array adjustbox
        landscape sloppypar titlepage frontmatter keywords IEEEkeywords"""
    )
)
"""Environments that are no place of their own for a label."""

WITH_ARGUMENTS = {
    **dict.fromkeys(
        _words(
            """tabular array minipage multicols alignat alignedat alignat* alignedat* subfigure spacing adjustbox
            minted longtable"""
        ),
        1,
    ),
    **dict.fromkeys(_words("tabularx tabular* wrapfigure wraptable"), 2),
}
"""How many arguments follow `\\begin{NAME}`."""
