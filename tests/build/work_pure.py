"""Work for the tests of the graph: what a node gives is a pure function of the node and of what its inputs hold."""

from __future__ import annotations

from blake3 import blake3

from pvc.compiler.graph import nodes
from pvc.compiler.graph.keys import read_node
from pvc.runtime.execute.task import Workplace
from pvc.runtime.store.result import Output, Result


def make(node: bytes, place: Workplace) -> Result:
    what = read_node(node)
    given = b""
    if isinstance(what, nodes.Audio):
        given = b"".join(place.blobs.read(placing.clip) for placing in what.clips)
    data = blake3(node + given).digest() * 3
    return Result((Output("main", place.blobs.put(data), len(data)),))
