"""The graph's laws, on real stores with small work: incremental equals cold, and exactly what is new runs."""

from __future__ import annotations

import random
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvc.compiler.graph import nodes
from pvc.runtime.build.events import Event, Finished, Started, Wanted
from pvc.runtime.build.realise import Realiser
from pvc.runtime.errors import MediaError
from pvc.runtime.execute.local import Inside
from pvc.runtime.execute.task import Task
from pvc.runtime.store.collect import collect
from pvc.runtime.store.result import Result
from pvc.runtime.store.store import Store

WORK = "work_pure:make"


class Counting(Inside):
    """Runs here, and notes which keys ran."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.ran: list[str] = []

    def submit(self, task: Task) -> Future[Result]:
        self.ran.append(task.key)
        return super().submit(task)


def build(store: Store, talk: tuple[tuple[str, ...], ...]) -> tuple[str, list[str], set[str]]:
    """Builds a talk of scenes of sentences: a leaf for each sentence, a node over each scene, one over all. Gives the
    digest of the last, the keys that ran, and all keys."""
    realiser = Realiser(store)
    realiser.executor = counting = Counting(store.blobs.root)
    scenes = []
    for scene in talk:
        leaves = [realiser.want(nodes.Drawing(text), WORK, text) for text in scene]
        realiser.finish(leaves)
        placings = tuple(nodes.Placing(at, leaf.done.output().digest, 1) for at, leaf in enumerate(leaves))
        scenes.append(realiser.want(nodes.Audio(placings, len(placings), ()), WORK, "scene"))
    realiser.finish()
    whole = tuple(nodes.Placing(at, scene.done.output().digest, 1) for at, scene in enumerate(scenes))
    film = realiser.want(nodes.Audio(whole, -1, (("film", ""),)), WORK, "film")
    realiser.finish()
    return film.done.output().digest, counting.ran, set(realiser.entries)


sentences = st.sampled_from(["a", "b", "c", "d", "e"])
talks = st.lists(st.lists(sentences, max_size=4).map(tuple), max_size=4).map(tuple)


@settings(deadline=None, max_examples=40)
@given(history=st.lists(talks, min_size=2, max_size=5), seed=st.integers(0, 2**16))
def test_incremental_equals_cold_and_runs_only_what_is_new(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[tuple[str, ...], ...]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("laws")
    seen: set[str] = set()
    with Store(folder / "warm") as warm:
        for number, talk in enumerate(history):
            film, ran, keys = build(warm, talk)
            assert sorted(ran) == sorted(keys - seen), "a node ran that was known, or was taken though it was not"
            seen |= keys
            with Store(folder / f"cold{number}") as cold:
                assert build(cold, talk)[0] == film
    # The same with a store that forgets at random between the builds.
    chance = random.Random(seed)
    with Store(folder / "forgetful") as store:
        for talk in history:
            film = build(store, talk)[0]
            with Store(folder / "reference") as reference:
                assert build(reference, talk)[0] == film
            if chance.random() < 0.5:
                collect(store, chance.randrange(2000))
            for digest, _ in list(store.blobs.every()):
                if chance.random() < 0.3:
                    store.drop(digest)


def test_equal_nodes_are_asked_for_once(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        _, ran, _ = build(store, (("a", "a"), ("a", "a")))
    assert len(ran) == len(set(ran)) == 3


def test_a_result_that_is_wrong_is_not_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        realiser = Realiser(store)
        realiser.executor = Inside(store.blobs.root)
        realiser.want(nodes.Drawing("a"), WORK, "the drawing", check=lambda result: "3 frames instead of 4")
        with pytest.raises(MediaError, match="the drawing came out wrong: 3 frames instead of 4") as caught:
            realiser.finish()
        assert caught.value.code == "PVC0892"
        (key,) = realiser.entries
        assert store.find(key) is None


def test_a_known_result_that_looks_wrong_is_made_again(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        build(store, (("a",),))
        realiser = Realiser(store)
        realiser.executor = counting = Counting(store.blobs.root)
        looks = iter(["it is of an older kind", None])
        realiser.want(nodes.Drawing("a"), WORK, "a", check=lambda result: next(looks))
        realiser.finish()
        assert len(counting.ran) == 1


def test_a_dry_look_runs_nothing(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        realiser = Realiser(store, dry=True)
        entry = realiser.want(nodes.Drawing("a"), WORK, "a")
        realiser.finish()
        assert entry.result is None
        assert list(store.blobs.every()) == []


def test_watchers_hear_of_every_node(tmp_path: Path) -> None:
    heard: list[Event] = []
    with Store(tmp_path) as store:
        for _ in range(2):
            realiser = Realiser(store, heard.append)
            inside = Inside(store.blobs.root)

            class Telling:
                def submit(self, task: Task) -> Future[Result]:
                    realiser.started(task)  # noqa: B023 - used at once
                    return inside.submit(task)  # noqa: B023

            realiser.executor = Telling()
            realiser.want(nodes.Drawing("a"), WORK, "a")
            realiser.finish()
    assert [type(event) for event in heard] == [Wanted, Started, Finished, Wanted]
    assert [event.cached for event in heard if isinstance(event, Wanted)] == [False, True]
