"""What is remembered of texts is bounded by their size: a long scene that is edited all day fills no memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pvc.compiler.recent import Recent
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import KEPT, parse_block
from pvc.lsp.memo import once_a_block


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30))))
def test_results_are_right_and_weigh_no_more_than_they_may(most: int, asked: list[tuple[int, int]]) -> None:
    recent: Recent[tuple[int, int], int] = Recent(most)
    made: list[tuple[int, int]] = []
    for before, key in zip([None, *asked], asked, strict=False):
        count = len(made)
        assert recent.get(key, key[1], lambda key=key: made.append(key) or sum(key)) == sum(key)  # type: ignore[misc]
        assert recent.weight <= max(most, key[1])
        if key == before:
            assert len(made) == count
    recent.clear()
    assert recent.weight == 0


def test_versions_of_a_long_block_are_not_kept_for_ever() -> None:
    parse_block.cache_clear()
    for number in range(30):
        text = f'let a = "{"x" * 100_000}{number}"\n'
        item, problems = parse_block(text)
        assert parse_block(text)[0] is item
        assert not problems
        assert parse_block.weight <= KEPT
    parse_block.cache_clear()


def test_results_of_blocks_are_kept_by_their_text_and_spelling() -> None:
    asked: list[str] = []
    work = once_a_block(lambda block: asked.append(block.text) or len(asked))  # type: ignore[func-returns-value]
    one = tree.Block(tree.Broken("a", tree.At(0, 1)), 0, "a")
    assert work(one) == work(tree.Block(one.item, 70, "a")) == 1
    assert work(tree.Block(one.item, 0, "b")) == 2
