"""MathJax, in process: the two functions behind which everything else of it hides, `svg` and `identity`.

MathJax's JavaScript comes from a pip package and runs in QuickJS. Two packages can carry it (see
docs/decisions/0005-mathjax-in-process.md):
`quickjax` (MathJax 4) wherever it installs from wheels, and `siwei-pymath` (MathJax 3.2.2) elsewhere. Both give SVG of
one form, which `svg.py` reads. Of both only the bundled script is used, never the Python around it.

The `noerrors` and `noundefined` packages are left out, because they turn mistakes into red text: here they are errors.
`physics` redefines common macros (`\\div`, `\\Re`), so it is tried only for a formula that needs it.
"""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pvc.compiler.digest import digest_of

LONGEST = 20_000
"""Characters of TeX that one formula may have."""

_SECONDS = 20
_MEMORY = 256 * 1024 * 1024
_STACK = 4 * 1024 * 1024

_DEFINES = re.compile(
    r"\\(?:(?:re|provide)?newcommand|[gex]?def|let|(?:re)?newenvironment|definecolor|DeclareMathOperator"
    r"|DeclarePaired\w+|label|newtagform|renewtagform)(?![A-Za-z])"
)

_APART_4 = (
    'o.attributes.hasExplicit("rspace")||u.setAttribute(o,"rspace","0pt"),'
    'x.attributes.hasExplicit("lspace")||u.setAttribute(x,"lspace","0pt");break'
)
"""MathJax 4 does not join `:` and `=`, since each remembers its TeX; what it does instead gives the pair the spacing of
MathML on the outside (`x:= y`). Left alone, TeX's own rules set no space between relations and the right one around."""

_START_3 = """
var console = {log() {}, warn() {}, error() {}};
"""
_RENDER_3 = """
globalThis.typeset = (packages) => {
  const input = new TeX({packages: AllPackages.filter((each) => !packages.includes('-' + each))
    .concat(packages.filter((each) => !each.startsWith('-')))});
  const page = mathjax.document('', {InputJax: input, OutputJax: new SVG({fontCache: 'local'})});
  return (source, display) => adaptor.innerHTML(page.convert(source, {display: display, containerWidth: 1e7}));
};
"""


class MathError(Exception):
    """TeX that MathJax refuses, in MathJax's own words."""


@cache
def _bundle() -> tuple[str, Path]:
    """Which of the packages is there: (`4` or `3`, the script)."""
    for version, package, parts in (("4", "quickjax", ("js",)), ("3", "latex", ("build",))):
        spec = find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            script = Path(next(iter(spec.submodule_search_locations))).joinpath(*parts, "mathjax_bundle.js")
            if script.is_file():
                return version, script
    raise MathError("MathJax is not installed: reinstall paper-video-compiler, whose requirements bring it")


@cache
def identity() -> str:
    """What tells this installation's MathJax from another's, without reading the script (4 MB)."""
    try:
        version, script = _bundle()
    except MathError:
        return "none"
    site = script.parents[2]
    wheels = sorted(each.name for each in site.glob("*.dist-info") if each.name.startswith(("quickjax-", "siwei_")))
    return digest_of((version, script.stat().st_size, tuple(wheels)))


def svg(tex: str, display: bool) -> str:
    """The SVG of a formula. Raises MathError. A formula that defines macros is set in an engine of its own, so that no
    formula ever depends on another."""
    if len(tex) > LONGEST:
        raise MathError(f"the formula has {len(tex)} characters, more than {LONGEST}")
    if _DEFINES.search(tex):
        return _try(tex, display, lambda physics: _engine(physics))
    return _try(tex, display, _shared)


def _try(tex: str, display: bool, engine: Any) -> str:
    try:
        return _run(engine(False), tex, display)
    except MathError as error:
        if "Undefined control sequence" not in str(error):
            raise
        try:
            return _run(engine(True), tex, display)
        except MathError:
            raise error from None


def _run(context: Any, tex: str, display: bool) -> str:
    import quickjs

    try:
        text = context.eval(f"JSON.stringify(render({json.dumps(tex)}, {json.dumps(display)}))")
    except quickjs.JSException as error:
        _local.engines = {}  # a context that ran out of memory or time is of no more use
        first = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        raise MathError(f"MathJax gave up: {first}") from error
    result = str(json.loads(text))
    if not result.lstrip().startswith("<svg"):
        raise MathError(f"MathJax gave up: {re.sub('<[^>]*>', '', result)[:200]}")
    refused = re.search(r'data-mjx-error="([^"]*)"', result)
    if refused:
        from html import unescape

        raise MathError(unescape(refused.group(1)))
    return result


_local = threading.local()


def _shared(physics: bool) -> Any:
    """This thread's engine (QuickJS measures its stack from the thread that made it)."""
    engines: dict[bool, Any] = getattr(_local, "engines", {})
    if physics not in engines:
        engines[physics] = _engine(physics)
        _local.engines = engines
    return engines[physics]


def _engine(physics: bool) -> Any:
    import quickjs

    version, script = _bundle()
    context = quickjs.Context()
    context.set_max_stack_size(_STACK)
    context.set_memory_limit(_MEMORY)
    context.set_time_limit(_SECONDS)
    source = script.read_text(encoding="utf-8")
    if version == "4":
        source = source.replace('"noerrors","noundefined",', "").replace(_APART_4, "break")
        if not physics:
            source = source.replace('"physics",', "")
        context.eval(source)
        context.eval(
            "{ const block = render; render = (source, display) => (display ? block : renderInline)(source); }"
        )
    else:
        packages = ["-noerrors", "-noundefined", "boldsymbol", *(["physics"] if physics else [])]
        context.eval(_START_3)
        context.eval(source)
        context.eval(_RENDER_3)
        context.eval(f"globalThis.render = typeset({json.dumps(packages)})")
    return context
