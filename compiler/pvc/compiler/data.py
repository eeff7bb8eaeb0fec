"""Where the plain data lies that pvc reads at run time: the grammar, the standard library, schemas, error pages.

In a checkout they are the top-level folders; in an installed wheel they lie under ``pvc/compiler/_data`` (see
``force-include`` in pyproject.toml). Nothing else in the compiler knows the difference.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_CHECKOUT = {"grammar": "grammar", "stdlib": "stdlib", "schemas": "schemas", "errors": "docs/errors"}
"""The folders by the name that `path` takes first, relative to a checkout's root."""


@cache
def _root(folder: str) -> Path:
    installed = Path(__file__).parent / "_data" / folder
    if installed.is_dir():
        return installed
    checkout = Path(__file__).parents[3] / _CHECKOUT[folder]
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"pvc was installed without its {folder} folder; install it again")


def path(folder: str, *parts: str) -> Path:
    """The file ``parts`` under one of `grammar`, `stdlib`, `schemas`, `errors`. The folder exists, the file may not.

    Raises KeyError for another folder and FileNotFoundError where an installation lacks the folder.
    """
    if folder not in _CHECKOUT:
        raise KeyError(folder)
    return _root(folder).joinpath(*parts)
