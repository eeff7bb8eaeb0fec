"""The transport: pygls, less its own copy of every document (`documents` keeps them), and never a traceback sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from functools import wraps
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from pvc.lsp.options import Options

log = logging.getLogger("pvc.lsp")

Params = TypeVar("Params")
Result = TypeVar("Result")


class Protocol(LanguageServerProtocol):
    """Passes what concerns documents straight to us. pygls would keep a copy of its own, at a cost that grows with the
    file, and raise for an edit outside of it."""

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: Any) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: Any) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: Any) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """Offers only what serves this client: one that asks for diagnostics, but cannot be told to ask again (Neovim
        0.11), would never hear what comes later than its question: of layouts, and of an edit in another file."""
        result = yield from super().lsp_initialize(params)
        if not asks_again(params.capabilities):
            result.capabilities.diagnostic_provider = None
        return result

    def handle_message(self, message: Any) -> None:
        """Hands a message on, if it comes in its time: before `initialize` and after `shutdown` requests are refused
        and notifications let fall, as the protocol says, but for `exit`."""
        method = getattr(message, "method", None)
        if isinstance(method, str) and method != lsp.EXIT:
            refusal = self._untimely(method)
            if refusal is not None:
                identity = getattr(message, "id", None)
                if identity is not None:
                    self._send_response(identity, None, refusal)
                return
        super().handle_message(message)

    def _untimely(self, method: str) -> lsp.ResponseError | None:
        if self._shutdown:
            return lsp.ResponseError(lsp.ErrorCodes.InvalidRequest, "the server was asked to shut down")
        begun = hasattr(self, "client_capabilities")
        if method == lsp.INITIALIZE and begun:
            return lsp.ResponseError(lsp.ErrorCodes.InvalidRequest, "the server is initialized already")
        if method != lsp.INITIALIZE and not begun:
            return lsp.ResponseError(lsp.ErrorCodes.ServerNotInitialized, "`initialize` comes first")
        return None

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message's JSON as a value. pygls leaves a request that it cannot read without an answer, and its client
        waiting; ours hears that it made no sense."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], None, error.to_response_error())
            raise


class Server(LanguageServer):
    """Errors go to the log on stderr; a client that sent nonsense hears of it in the answer, in one sentence."""

    options: Options = Options()

    def report_server_error(self, error: Exception, source: Any) -> None:
        if isinstance(error, JsonRpcInvalidParams):
            return  # the answer says why, and nothing is wrong here
        log.error("%s: %s", type(error).__name__, error)


def asks_again(client: lsp.ClientCapabilities) -> bool:
    """Whether a client asks for the findings about its documents, and again when it is told to. Any other is sent
    them."""
    asks = client.text_document is not None and client.text_document.diagnostic is not None
    told = client.workspace.diagnostics if client.workspace is not None else None
    return asks and told is not None and bool(told.refresh_support)


def guarded(handler: Callable[[Params], Result]) -> Callable[[Params], Result]:
    """The handler, whose exceptions become an answer of one sentence; the traceback goes to the log."""

    @wraps(handler)
    def run(params: Params) -> Result:
        try:
            return handler(params)
        except JsonRpcException:
            raise
        except RecursionError:
            raise JsonRpcInternalError("the document is nested too deeply for this") from None
        except Exception:
            log.exception("in %s", handler.__name__)
            raise JsonRpcInternalError("pvc could not answer; its log on stderr says why") from None

    return run


def refused(reason: str) -> JsonRpcException:
    """What is raised for a request that cannot be done, as a plain sentence for the user."""
    return JsonRpcInvalidParams(reason)


def plain(value: Any) -> Any:
    """JSON of no known form as it came: pygls makes named tuples of its mappings."""
    named = getattr(value, "_asdict", None)
    if named is not None:
        return {name: plain(each) for name, each in named().items()}
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value
