"""Colours for `.vid` text without parsing it: for Pygments, and for grammars of editors that are generated from here.

`classes` says what each terminal of grammar/vid.lark is to a reader; `rules` spells that as regular expressions that
Python and Oniguruma read alike; `pygments_lexer` and `lsp/vscode/generate.py` put them into their own forms.
"""
