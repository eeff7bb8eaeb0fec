"""Statements and items out of what the automaton reduces: one method for each action name of grammar/vid.lark (see
expressions.py for how they are called)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.bodies import ALLOWED, misplaced
from pvc.compiler.syntax.expressions import ExpressionBuilder, Values
from pvc.compiler.syntax.tree import At


class Body:
    """The statements between braces, and the comments before the closing one."""

    __slots__ = ("dangling", "items")

    def __init__(self, items: list[Any], dangling: tuple[str, ...]) -> None:
        self.items = items
        self.dangling = dangling


class Builder(ExpressionBuilder):
    """All actions over one block's tokens."""

    def body_empty(self, v: Values, first: int, last: int) -> Body:
        return Body([], self._dangling(last))

    def body(self, v: Values, first: int, last: int) -> Body:
        return Body(v[1], self._dangling(last))

    def _dangling(self, brace: int) -> tuple[str, ...]:
        if not self.comments:
            return ()
        self.tokens.blank.discard(brace)
        comments = self.tokens.leading.pop(brace, [])
        while comments and not comments[-1]:
            comments.pop()
        return tuple(comments)

    def fitting(self, body: Body, place: str) -> tuple[Any, ...]:
        """The statements of a body; those that cannot stand in it are said to be so and become Broken."""
        allowed = ALLOWED[place]
        items = body.items
        for index, node in enumerate(items):
            if type(node) not in allowed:
                message, hint = misplaced(node, place)
                if not self.tokens.unclosed:
                    start, end = node.at
                    line = self.tokens.text.find("\n", start, end)
                    head = At(start, end if line < 0 else line)
                    self.problem("PVC0108", message, head, hint)
                items[index] = tree.Broken(self.tokens.text[node.at.start : node.at.end], node.at, node.trivia)
        return tuple(items)

    # ------------------------------------------------------------------------------------------ statements

    def broken(self, v: Values, first: int, last: int) -> tree.Broken:
        last = max(first, last)
        if first >= len(self.starts):
            end = len(self.tokens.text)
            return tree.Broken("", At(end, end))
        at = self.at(first, last)
        return tree.Broken(self.tokens.text[at.start : at.end], at, self.trivia(first, last))

    def setting(self, v: Values, first: int, last: int) -> tree.Setting:
        return tree.Setting(
            self.values[first], v[2], self.at(first, last), self.trivia(first, last), self.at(first, first)
        )

    def group(self, v: Values, first: int, last: int) -> tree.Group:
        body: Body = v[1]
        return tree.Group(
            self.values[first],
            self.fitting(body, "group"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(first, first),
        )

    def clause(self, v: Values, first: int, last: int) -> tree.Clause:
        return tree.Clause(self.values[first], v[1], self.at(first, last), self.at(first, first))

    def clause_worded(self, v: Values, first: int, last: int) -> tree.Clause:
        place = tree.Unary(self.values[v[1]], v[2], At(self.starts[v[1]], self.ends[last]))
        return tree.Clause(self.values[first], place, self.at(first, last), self.at(first, first))

    def _action(
        self, operands: Sequence[tree.Expr], clauses: Sequence[tree.Clause], first: int, last: int
    ) -> tree.Action:
        return tree.Action(
            self.values[first],
            tuple(operands),
            tuple(clauses),
            self.at(first, last),
            self.trivia(first, last),
            self.at(first, first),
        )

    def action_bare(self, v: Values, first: int, last: int) -> tree.Action:
        return self._action((), (), first, last)

    def action_clauses(self, v: Values, first: int, last: int) -> tree.Action:
        return self._action((), v[1], first, last)

    def action(self, v: Values, first: int, last: int) -> tree.Action:
        return self._action(v[1], (), first, last)

    def action_full(self, v: Values, first: int, last: int) -> tree.Action:
        return self._action(v[1], v[2], first, last)

    def _say(self, text: int, clauses: Sequence[tree.Clause], body: Body | None, first: int, last: int) -> tree.Say:
        statements = self.fitting(body, "scene") if body else ()
        dangling = body.dangling if body else ()
        return tree.Say(
            self.narration(text), tuple(clauses), statements, self.at(first, last), self.trivia(first, last, dangling)
        )

    def say(self, v: Values, first: int, last: int) -> tree.Say:
        return self._say(v[1], (), None, first, last)

    def say_body(self, v: Values, first: int, last: int) -> tree.Say:
        return self._say(v[1], (), v[2], first, last)

    def say_clauses(self, v: Values, first: int, last: int) -> tree.Say:
        return self._say(v[1], v[2], None, first, last)

    def say_full(self, v: Values, first: int, last: int) -> tree.Say:
        return self._say(v[1], v[2], v[3], first, last)

    def anchor(self, v: Values, first: int, last: int) -> tree.Anchor:
        return self._anchor(None, first, last)

    def anchor_offset(self, v: Values, first: int, last: int) -> tree.Anchor:
        offset = self.number([], v[2], v[2])
        if isinstance(offset, tree.Number) and self.values[v[1]] == "-":
            offset = tree.Number(-offset.value, offset.unit, self.at(v[1], v[2]))
        return self._anchor(offset if isinstance(offset, tree.Number) else None, first, last)

    def _anchor(self, offset: tree.Number | None, first: int, last: int) -> tree.Anchor:
        text = self.tokens.kinds[first] == "STRING"
        target: tree.Name | tree.Text = self.string(first) if text else self.name([], first, first)
        return tree.Anchor(target, offset, self.at(first, last))

    def anchored_one(self, v: Values, first: int, last: int) -> tree.Anchored:
        statements = self.fitting(Body([v[3]], ()), "scene")
        return tree.Anchored(v[1], statements, self.at(first, last), self.trivia(first, last))

    def anchored(self, v: Values, first: int, last: int) -> tree.Anchored:
        body: Body = v[2]
        statements = self.fitting(body, "scene")
        return tree.Anchored(v[1], statements, self.at(first, last), self.trivia(first, last, body.dangling))

    def together(self, v: Values, first: int, last: int) -> tree.Together:
        body: Body = v[1]
        return tree.Together(self.fitting(body, "scene"), self.at(first, last), self.trivia(first, last, body.dangling))

    def arrangement(self, v: Values, first: int, last: int) -> tree.Arrangement:
        body: Body = v[1]
        found = self.fitting(body, "arrangement")
        return tree.Arrangement(
            self.values[first], found, self.at(first, last), self.trivia(first, last, body.dangling)
        )

    def wait(self, v: Values, first: int, last: int) -> tree.Wait:
        return tree.Wait(v[1], self.at(first, last), self.trivia(first, last))

    def claim(self, v: Values, first: int, last: int) -> tree.Claim:
        return self._claim(v[1], (), first, last)

    def claim_clauses(self, v: Values, first: int, last: int) -> tree.Claim:
        return self._claim(v[1], v[2], first, last)

    def _claim(self, text: int, clauses: Sequence[tree.Clause], first: int, last: int) -> tree.Claim:
        found: dict[str, tree.Expr] = {}
        for clause in clauses:
            kinds = {"from": tree.Name, "at": tree.Text, "quote": tree.Text}
            keyword = clause.keyword
            if keyword not in kinds:
                self.problem("PVC0113", f"A claim has no `{keyword}`", clause.at, "it has `from`, `at` and `quote`")
            elif keyword in found:
                self.problem(
                    "PVC0113", f"This claim has two `{keyword}`", clause.at, "keep one; two sources are two claims"
                )
            elif type(clause.value) is not kinds[keyword]:
                wanted = "the name of a paper" if keyword == "from" else "a text in quotes"
                self.problem("PVC0113", f"`{keyword}` takes {wanted}", clause.value.at, f"write {wanted} behind it")
            else:
                found[keyword] = clause.value
        return tree.Claim(
            self.string(text),
            found.get("from"),  # type: ignore[arg-type]  # the types were compared just now
            found.get("at"),  # type: ignore[arg-type]
            found.get("quote"),  # type: ignore[arg-type]
            self.at(first, last),
            self.trivia(first, last),
        )

    def expect(self, v: Values, first: int, last: int) -> tree.Expect:
        return tree.Expect(v[1], (), self.at(first, last), self.trivia(first, last))

    def expect_clauses(self, v: Values, first: int, last: int) -> tree.Expect:
        return tree.Expect(v[1], tuple(v[2]), self.at(first, last), self.trivia(first, last))

    def remark(self, v: Values, first: int, last: int) -> tree.Remark:
        return tree.Remark(self.values[first], self.string(v[1]), self.at(first, last), self.trivia(first, last))

    def let(self, v: Values, first: int, last: int) -> tree.Let:
        return tree.Let(self.values[v[1]], v[3], self.at(first, last), self.trivia(first, last), self.at(v[1], v[1]))

    def _if(self, v: Values, otherwise: tuple[Any, ...], dangling: tuple[str, ...], first: int, last: int) -> tree.If:
        body: Body = v[2]
        return tree.If(
            v[1],
            self.fitting(body, "branch"),
            otherwise,
            self.at(first, last),
            self.trivia(first, last, body.dangling + dangling),
        )

    def if_(self, v: Values, first: int, last: int) -> tree.If:
        return self._if(v, (), (), first, last)

    def if_else(self, v: Values, first: int, last: int) -> tree.If:
        return self._if(v, self.fitting(v[4], "branch"), v[4].dangling, first, last)

    def if_chain(self, v: Values, first: int, last: int) -> tree.If:
        return self._if(v, (v[4],), (), first, last)

    def for_(self, v: Values, first: int, last: int) -> tree.For:
        body: Body = v[4]
        return tree.For(
            self.values[v[1]],
            v[3],
            self.fitting(body, "branch"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(v[1], v[1]),
        )

    def render(self, v: Values, first: int, last: int) -> tree.Render:
        return tree.Render(
            self.values[v[1]], self.string(v[3]), self.at(first, last), self.trivia(first, last), self.at(v[1], v[1])
        )

    def _part(self, v: Values, index: tree.TypeExpr | None, doc: int | None, first: int, last: int) -> tree.PartDecl:
        words = self.string(doc) if doc is not None else None
        return tree.PartDecl(
            self.values[v[1]], index, words, self.at(first, last), self.trivia(first, last), self.at(v[1], v[1])
        )

    def part(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part(v, None, None, first, last)

    def part_doc(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part(v, None, v[2], first, last)

    def part_index(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part(v, v[3], None, first, last)

    def part_index_doc(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part(v, v[3], v[5], first, last)

    def part_of(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part_of(v, (), v[3], None, first, last)

    def part_of_doc(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part_of(v, (), v[3], v[4], first, last)

    def part_of_clauses(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part_of(v, v[2], v[4], None, first, last)

    def part_of_full(self, v: Values, first: int, last: int) -> tree.PartDecl:
        return self._part_of(v, v[2], v[4], v[5], first, last)

    def _part_of(
        self, v: Values, clauses: Sequence[tree.Clause], of: tree.Expr, doc: int | None, first: int, last: int
    ) -> tree.PartDecl:
        by: tree.Expr | None = None
        for clause in clauses:
            if clause.keyword != "by" or by is not None:
                hint = "as in `part cards by row.name = card`"
                self.problem("PVC0113", f"A part takes no `{clause.keyword}` here", clause.at, hint)
            else:
                by = clause.value
        found = self._part(v, None, doc, first, last)
        return replace(found, of=of, by=by)

    def _action_decl(self, v: Values, fields: Sequence[Any], doc: int | None, first: int, last: int) -> tree.ActionDecl:
        words = self.string(doc) if doc is not None else None
        return tree.ActionDecl(
            self.values[v[1]], tuple(fields), words, self.at(first, last), self.trivia(first, last), self.at(v[1], v[1])
        )

    def action_decl(self, v: Values, first: int, last: int) -> tree.ActionDecl:
        return self._action_decl(v, (), None, first, last)

    def action_decl_doc(self, v: Values, first: int, last: int) -> tree.ActionDecl:
        return self._action_decl(v, (), v[2], first, last)

    def action_decl_parameters(self, v: Values, first: int, last: int) -> tree.ActionDecl:
        return self._action_decl(v, v[2], None, first, last)

    def action_decl_full(self, v: Values, first: int, last: int) -> tree.ActionDecl:
        return self._action_decl(v, v[2], v[3], first, last)

    def translated(self, v: Values, first: int, last: int) -> tree.Translated:
        return tree.Translated(
            self.narration(v[1]), self.narration(v[3]), self.at(first, last), self.trivia(first, last)
        )

    def _translated_scene(self, v: Values, title: int | None, first: int, last: int) -> tree.TranslatedScene:
        body: Body = v[-1]
        return tree.TranslatedScene(
            self.values[v[1]],
            self.string(title) if title is not None else None,
            tuple(body.items),  # what may stand in it is asked once it stands in a translation
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(v[1], v[1]),
        )

    def translated_scene(self, v: Values, first: int, last: int) -> tree.TranslatedScene:
        return self._translated_scene(v, None, first, last)

    def translated_scene_title(self, v: Values, first: int, last: int) -> tree.TranslatedScene:
        return self._translated_scene(v, v[2], first, last)

    def entry(self, v: Values, first: int, last: int) -> tree.LexiconEntry:
        return tree.LexiconEntry(self.string(v[0]), self.string(v[2]), self.at(first, last), self.trivia(first, last))

    # ------------------------------------------------------------------------------------------ items

    def talk(self, v: Values, first: int, last: int) -> tree.Talk:
        body: Body = v[2]
        return tree.Talk(
            self.string(v[1]),
            self.fitting(body, "talk"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
        )

    def use(self, v: Values, first: int, last: int) -> tree.Use:
        module = v[1] if isinstance(v[1], tree.Name) else None
        path = self.string(v[1]) if module is None else None  # pyright: ignore[reportArgumentType]
        alias = self.values[v[3]] if len(v) > 2 else None
        return tree.Use(module, path, alias, self.at(first, last), self.trivia(first, last))

    def declaration(self, v: Values, first: int, last: int) -> tree.Declaration:
        return tree.Declaration(
            self.values[first],
            self.values[v[1]],
            v[3],
            (),
            self.at(first, last),
            self.trivia(first, last),
            self.at(v[1], v[1]),
        )

    def declaration_columns(self, v: Values, first: int, last: int) -> tree.Declaration:
        columns = tuple(column for column in v[5] if isinstance(column, tree.FieldDecl))
        dangling = self._dangling(last)
        at = self.at(first, last)
        found = self.trivia(first, last, dangling)
        return tree.Declaration(self.values[first], self.values[v[1]], v[3], columns, at, found, self.at(v[1], v[1]))

    def lexicon(self, v: Values, first: int, last: int) -> tree.Lexicon:
        body: Body = v[1]
        return tree.Lexicon(
            self.fitting(body, "lexicon"), self.at(first, last), self.trivia(first, last, body.dangling)
        )

    def concept(self, v: Values, first: int, last: int) -> tree.Concept:
        body: Body = v[2]
        return tree.Concept(
            self.values[v[1]],
            self.fitting(body, "concept"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(v[1], v[1]),
        )

    def _theme(
        self,
        name: int,
        extends: tree.Name | tree.Call | None,
        body: Body,
        first: int,
        last: int,
        parameters: Sequence[tree.FieldDecl] = (),
    ) -> tree.ThemeDecl:
        return tree.ThemeDecl(
            self.values[name],
            extends,
            self.fitting(body, "theme"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(name, name),
            tuple(parameters),
        )

    def theme_parameters(self, v: Values, first: int, last: int) -> tree.ThemeDecl:
        return self._theme(v[1], None, v[3], first, last, v[2])

    def theme_parameters_extends(self, v: Values, first: int, last: int) -> tree.ThemeDecl:
        return self._theme(v[1], v[4], v[5], first, last, v[2])

    def theme(self, v: Values, first: int, last: int) -> tree.ThemeDecl:
        return self._theme(v[1], None, v[2], first, last)

    def theme_extends(self, v: Values, first: int, last: int) -> tree.ThemeDecl:
        return self._theme(v[1], v[3], v[4], first, last)

    def component(self, v: Values, first: int, last: int) -> tree.ComponentDecl:
        body: Body = v[3]
        return tree.ComponentDecl(
            self.values[v[1]],
            tuple(v[2]),
            self.fitting(body, "component"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(v[1], v[1]),
        )

    def _scene(self, v: Values, title: int | None, clauses: Sequence[Any], first: int, last: int) -> tree.Scene:
        body: Body = v[-1]
        return tree.Scene(
            self.values[v[1]],
            self.string(title) if title is not None else None,
            tuple(clauses),
            self.fitting(body, "scene"),
            self.at(first, last),
            self.trivia(first, last, body.dangling),
            self.at(v[1], v[1]),
        )

    def scene(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, None, (), first, last)

    def scene_clauses(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, None, v[2], first, last)

    def scene_title(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, v[2], (), first, last)

    def scene_title_clauses(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, v[2], v[3], first, last)

    def _when(self, v: Values, keyword: int, condition: tree.Expr) -> tree.Clause:
        """The `if` of a scene, whose keyword is the token ``keyword``."""
        at = tree.At(self.at(keyword, keyword).start, condition.at.end)
        return tree.Clause("if", condition, at, self.at(keyword, keyword))

    def scene_if(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, None, (self._when(v, v[2], v[3]),), first, last)

    def scene_clauses_if(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, None, (*v[2], self._when(v, v[3], v[4])), first, last)

    def scene_title_if(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, v[2], (self._when(v, v[3], v[4]),), first, last)

    def scene_title_clauses_if(self, v: Values, first: int, last: int) -> tree.Scene:
        return self._scene(v, v[2], (*v[3], self._when(v, v[4], v[5])), first, last)

    def language(self, v: Values, first: int, last: int) -> str:
        return self.string(first).value if self.tokens.kinds[first] == "STRING" else self.values[first]

    def language_more(self, v: Values, first: int, last: int) -> str:
        return f"{v[0]}-{self.values[last]}"

    def translation(self, v: Values, first: int, last: int) -> tree.Translation:
        body: Body = v[2]
        found = tuple(
            replace(node, body=self.fitting(Body(list(node.body), ()), "translated scene"))
            if isinstance(node, tree.TranslatedScene)
            else node
            for node in self.fitting(body, "translation")
        )
        return tree.Translation(v[1], found, self.at(first, last), self.trivia(first, last, body.dangling))
