"""What comes of a node: its files by digest, and facts about them. Plain values with canonical bytes."""

from __future__ import annotations

from dataclasses import dataclass

RESULT_MODULES = (__name__,)
"""What `codec.decode` needs to read a Result back."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file that a node made: ``name`` tells it from the node's others."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a node: files, and facts about them (plain values: sample counts, word times, seconds by stage)."""

    outputs: tuple[Output, ...] = ()
    facts: tuple[tuple[str, object], ...] = ()

    def output(self, name: str = "main") -> Output:
        """The output of that name. Raises KeyError."""
        for output in self.outputs:
            if output.name == name:
                return output
        raise KeyError(name)

    def fact(self, name: str) -> object:
        """Raises KeyError."""
        for key, value in self.facts:
            if key == name:
                return value
        raise KeyError(name)
