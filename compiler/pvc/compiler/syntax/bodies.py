"""Which statements may stand in which body. The grammar allows any of them in any, so that this can say it in words."""

from __future__ import annotations

from pvc.compiler.syntax import tree

_SCENE: tuple[type, ...] = (
    *(tree.Action, tree.Anchored, tree.Together, tree.Wait, tree.Say, tree.Claim, tree.Expect, tree.Remark, tree.Let),
    *(tree.If, tree.For, tree.Setting, tree.Arrangement, tree.Broken),
)

ALLOWED: dict[str, frozenset[type]] = {
    "talk": frozenset((tree.Setting, tree.Group, tree.Expect, tree.Remark, tree.If, tree.Broken)),
    "lexicon": frozenset((tree.LexiconEntry, tree.Broken)),
    "concept": frozenset((tree.Setting, tree.Broken)),
    "theme": frozenset((tree.Setting, tree.Group, tree.Broken)),
    "group": frozenset((tree.Setting, tree.Group, tree.Broken)),
    "component": frozenset((*_SCENE, tree.Render, tree.PartDecl, tree.ActionDecl, tree.Group)),
    "scene": frozenset(_SCENE),
    "branch": frozenset((*_SCENE, tree.PartDecl)),
    "arrangement": frozenset((*_SCENE, tree.PartDecl)),
    "translation": frozenset(
        (tree.TranslatedScene, tree.LexiconEntry, tree.Setting, tree.Group, tree.Lexicon, tree.Broken)
    ),
    "translated scene": frozenset((tree.Translated, tree.LexiconEntry, tree.Remark, tree.Broken)),
}

_PLACES = {
    "talk": "a talk holds settings, `expect`, `note` and `review`, and `if` around them",
    "lexicon": 'a lexicon holds entries: "written" -> "spoken"',
    "concept": "a concept holds settings: name = value",
    "theme": "a theme holds settings and groups of settings",
    "group": "a group holds settings: name = value",
    "component": "a component holds settings, parts, actions, `render` lines and statements of a scene",
    "branch": "a branch or a loop holds what may stand around it",
    "arrangement": "an arrangement holds settings, `show`, further arrangements, `let`, `if`, `for` and parts",
    "scene": "a scene holds `say`, actions, `let`, `claim`, `expect` and notes",
    "translation": "a translation holds settings, a lexicon, texts and scenes",
    "translated scene": 'a scene of a translation holds `say "original" -> "translation"`, texts and `chapter`',
}

_ALL_BRANCHES = "a translation holds what any branch of a scene says: what is not said needs none, and does no harm"
_CHOOSING = {
    "theme": "choose between two themes in the talk: if CONDITION { theme = NAME }",
    "translation": _ALL_BRANCHES,
    "translated scene": _ALL_BRANCHES,
}
"""What is written instead of an `if`."""

_NAMES: dict[type, str] = {
    tree.Anchored: "`at`",
    tree.Together: "`together`",
    tree.Arrangement: "an arrangement (`row`, `column`, `overlay`, `grid`)",
    tree.Wait: "`wait`",
    tree.Say: "`say`",
    tree.Claim: "`claim`",
    tree.Expect: "`expect`",
    tree.Let: "`let`",
    tree.If: "`if`",
    tree.For: "`for`",
    tree.Setting: "a setting",
    tree.Render: "`render`",
    tree.PartDecl: "`part`",
    tree.ActionDecl: "`action`",
    tree.LexiconEntry: "an entry of a lexicon",
    tree.Lexicon: "`lexicon`",
    tree.TranslatedScene: "`scene`",
    tree.Translated: "a translated `say`",
}


def misplaced(node: object, place: str) -> tuple[str, str]:
    """Message and hint for a statement that cannot stand in a body of kind ``place``."""
    if isinstance(node, tree.Action):
        what = f"`{node.verb}`"
    elif isinstance(node, tree.Group):
        what = f"a group (`{node.name} {{ ... }}`)"
    elif isinstance(node, tree.Remark):
        what = f"`{node.kind}`"
    else:
        what = _NAMES[type(node)]
    hint = _CHOOSING.get(place, _PLACES[place]) if isinstance(node, tree.If) else _PLACES[place]
    article = "an" if place[0] in "aeiou" else "a"
    return f"{what[0].upper() + what[1:]} cannot stand in {article} {place}", hint
