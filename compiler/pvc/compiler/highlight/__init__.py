"""Colours for `.vid` text without parsing it: for Pygments, and for the grammars of editors that are made from here.

`classes` says what each terminal of grammar/vid.lark is to a reader; `rules` spells that as regular expressions that
Python and Oniguruma read alike; `pygments_lexer` and `lsp/vscode/generate.py` put them into their own forms.
"""
