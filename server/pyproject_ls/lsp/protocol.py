"""JSON-RPC as a server for many editors needs it, on top of pygls.

pygls finds handlers, runs them (functions, coroutines, generators) and converts parameters. What
differs here: every request gets an answer, whatever is wrong with it; an error is one line in the
log and never a traceback; documents are not kept twice; and the process ends through `Session.stop`
instead of `sys.exit` in the middle of a callback.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Generator
from concurrent.futures import Future
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

from pyproject_ls.index.priority import somebody_is_served, somebody_waits
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.convert import APPLY_EDIT, Written, written
from pyproject_ls.lsp.introduction import understood
from pyproject_ls.lsp.logs import where

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

Id = int | str | None

logger = logging.getLogger(__name__)

_NOT_KEPT_BY_PYGLS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
_WITHOUT_PARAMETERS = (types.INITIALIZED, types.SHUTDOWN, types.EXIT)


class Protocol(LanguageServerProtocol):
    """The messages of one session."""

    _server: Session

    def __init__(self, server: Session, converter: Any) -> None:
        super().__init__(server, converter)
        for method in _NOT_KEPT_BY_PYGLS:
            self.fm.builtin_features.pop(method, None)
        self.received = 0
        """How many messages have come."""
        self._initialized = False
        self._writing = threading.Lock()
        self._ids = count(1)

    # In

    def receive(self, body: bytes | None) -> None:
        """Handle one message; None for one whose length could not be read. Never raises."""
        self.received += 1
        self._receive(body)
        somebody_is_served()

    def _receive(self, body: bytes | None) -> None:
        if body is None:
            self._refuse(None, JsonRpcParseError("the headers have no usable Content-Length"))
            return
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            self._refuse(None, JsonRpcParseError(f"the message is no JSON: {error}"))
            return
        try:
            self._dispatch(message)
        except Exception as error:  # a fault of ours; the server stays up
            self._server.report("a message could not be handled", error)

    def _dispatch(self, message: Any) -> None:
        if not isinstance(message, dict):
            self._refuse(None, JsonRpcInvalidRequest("a message has to be an object"))
            return
        id_, method = message.get("id"), message.get("method")
        if not isinstance(id_, (int, str)) or isinstance(id_, bool):
            id_ = None
        if method is None and id_ is not None and ("result" in message or "error" in message):
            self._take_response(id_, message)
        elif not isinstance(method, str) or message.get("jsonrpc") != self.VERSION:
            self._refuse(id_, JsonRpcInvalidRequest("the message is not of JSON-RPC 2.0"))
        elif "id" not in message:
            self._take_notification(method, message)
        elif id_ is None:
            self._refuse(None, JsonRpcInvalidRequest("an id has to be a number or a string"))
        else:
            self._take_request(id_, method, message)

    def _take_request(self, id_: int | str, method: str, message: dict[str, Any]) -> None:
        if not self._initialized and method != types.INITIALIZE:
            self._refuse(id_, JsonRpcServerNotInitialized("the server is not initialized yet"))
        elif self._initialized and method == types.INITIALIZE:
            self._refuse(id_, JsonRpcInvalidRequest("the server is initialized already"))
        elif self._shutdown:
            self._refuse(id_, JsonRpcInvalidRequest("the server is shutting down"))
        elif (handler := self._handler(method)) is None:
            self._refuse(id_, JsonRpcMethodNotFound.of(method))
        else:
            try:
                params = self._params(method, message)
            except Exception as error:
                problem = f"the parameters of {method} cannot be understood"
                logger.debug("%s: %s", problem, where(error), exc_info=True)
                self._refuse(id_, JsonRpcInvalidParams(problem))
                return
            started = time.perf_counter()
            self._ctx_msg_id.set(id_)
            self._execute_handler(
                id_, handler, partial(self._answer, id_, method, started), (params,)
            )

    def _take_notification(self, method: str, message: dict[str, Any]) -> None:
        if method == types.EXIT:
            self._server.stop(0 if self._shutdown else 1)
        elif self._shutdown or not self._initialized:
            logger.debug("ignored %s: the server is not running", method)
        elif method == types.CANCEL_REQUEST:
            self._cancel(message.get("params"))
        elif (handler := self._handler(method)) is None:
            if not method.startswith("$/"):
                logger.debug("ignored %s: not supported", method)
        else:
            try:
                params = self._params(method, message)
            except Exception as error:
                logger.warning("ignored %s: its parameters cannot be understood", method)
                logger.debug("%s: %s", method, where(error), exc_info=True)
                return
            self._execute_handler(method, handler, partial(self._check, method), (params,))

    def _take_response(self, id_: int | str, message: dict[str, Any]) -> None:
        future = self._request_futures.pop(id_, None)
        self._result_types.pop(id_, None)
        if future is None or future.done():
            logger.debug("ignored an answer to an unknown request %r", id_)
        elif message.get("error") is not None:
            error = message["error"]
            text = error.get("message") if isinstance(error, dict) else None
            future.set_exception(JsonRpcException(str(text or "it was refused")))
        else:
            future.set_result(message.get("result"))

    def _handler(self, method: str) -> Any:
        return self.fm.builtin_features.get(method) or self.fm.features.get(method)

    def _params(self, method: str, message: dict[str, Any]) -> Any:
        if method in _WITHOUT_PARAMETERS:
            return None
        params = message.get("params")
        if method not in types.METHOD_TO_TYPES:  # a request of our own: JSON values
            return params
        kind: Any = types.METHOD_TO_TYPES[method][2]
        structure = partial(self._converter.structure, cl=kind)
        return understood(params, structure) if method == types.INITIALIZE else structure(params)

    def _cancel(self, params: Any) -> None:
        id_ = params.get("id") if isinstance(params, dict) else None
        future = self._request_futures.get(id_) if isinstance(id_, (int, str)) else None
        if future is not None:  # else it has been answered
            future.cancel()

    def _run_generator(
        self,
        future: Future[Any] | None,
        *,
        gen: Generator[Any, Any, Any],
        result_future: Future[Any],
    ) -> None:
        """Go on with a handler that has waited for `future`.

        As pygls does it, except that a step which has ended is forgotten: pygls keeps all of them.
        """
        if result_future.cancelled():
            return
        try:
            handler, args, kwargs = gen.send(future.result() if future is not None else None)
        except StopIteration as end:
            result_future.set_result(end.value)
            return
        except Exception as error:
            result_future.set_exception(error)
            return
        step = f"{self._server.name}-step-{next(self._ids)}"

        def go_on(done: Future[Any]) -> None:
            self._request_futures.pop(step, None)
            somebody_waits()
            self._run_generator(done, gen=gen, result_future=result_future)
            somebody_is_served()

        self._execute_handler(step, handler, go_on, args, kwargs)

    # Out

    def _answer(self, id_: int | str, method: str, started: float, future: Future[Any]) -> None:
        """Answer a request whose handler has ended somehow."""
        self._request_futures.pop(id_, None)
        if future.cancelled():
            self._refuse(id_, JsonRpcRequestCancelled(f"{method} was cancelled"))
            return
        error = future.exception()
        if error is None:
            self._send_response(id_, future.result())
        elif isinstance(error, JsonRpcException):
            self._refuse(id_, error)
        else:
            self._server.report(f"{method} failed", error)
            self._refuse(id_, JsonRpcInternalError(f"{method} failed; the log says where"))
        self._server.trace(method, time.perf_counter() - started)

    def _check(self, method: str, future: Future[Any]) -> None:
        """See whether the handler of a notification went well."""
        self._request_futures.pop(method, None)
        if not future.cancelled() and (error := future.exception()) is not None:
            self._server.report(f"{method} failed", error)

    def _refuse(self, id_: Id, error: JsonRpcException) -> None:
        if id_ is None:
            logger.warning("a message was refused: %s", error.message)
        body = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": id_, "error": body})

    def _send_response(
        self, msg_id: int | str, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        if error is not None:
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": error})
        elif isinstance(result, Written):
            self._write(f'{{"jsonrpc":"2.0","id":{written(msg_id)},"result":{result}}}')
        else:
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "result": result})

    def _send_data(self, data: Any) -> None:
        """Send a message: JSON values, with instances of `lsprotocol` anywhere in them."""
        try:
            body = written(data, self._serialize_message)
        except Exception as error:
            self._server.report("a message could not be written", error)
            if isinstance(data, dict) and data.get("id") is not None and "method" not in data:
                self._refuse(data["id"], JsonRpcInternalError("the answer could not be written"))
            return
        self._write(body)

    def _write(self, body: str) -> None:
        if self.writer is None:
            return
        try:
            with self._writing:
                self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body.encode()))
        except (OSError, ValueError):  # the client is gone
            self._server.stop(1)

    def tell(self, method: str, params: Any) -> None:
        """Send a notification with parameters that are JSON values. From any thread."""
        if isinstance(params, Written):
            self._write(f'{{"jsonrpc":"2.0","method":"{method}","params":{params}}}')
        else:
            self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    def ask(self, method: str, params: Any) -> Future[Any]:
        """Send a request with parameters that are JSON values; the result will be such, too."""
        id_ = f"{self._server.name}-{next(self._ids)}"
        future: Future[Any] = Future()
        self._request_futures[id_] = future
        message = {"jsonrpc": self.VERSION, "id": id_, "method": method}
        self._send_data(message if params is None else {**message, "params": params})
        return future

    # What pygls has built in

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Get to know the client, and tell it what the server can do."""
        result = yield from super().lsp_initialize(params)
        capabilities = result.capabilities
        encoding = capabilities.position_encoding or types.PositionEncodingKind.Utf16
        client = Client.of(
            params.capabilities,
            encoding.value if isinstance(encoding, types.PositionEncodingKind) else encoding,
        )
        if not client.pulls:
            capabilities.diagnostic_provider = None
        if not client.code_actions:
            capabilities.code_action_provider = None
        elif not client.action_literals:  # options are for those who know kinds
            capabilities.code_action_provider = True
        commands = list(self.fm.commands)
        if client.action_literals:  # the edits of actions need no command
            commands.remove(APPLY_EDIT)
        capabilities.execute_command_provider = types.ExecuteCommandOptions(commands)
        self._initialized = True
        self._server.meet(client, params)
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, params: None) -> None:  # type: ignore[override]
        """Give up what is running; from now on only `exit` is heard."""
        self._shutdown = True
        for id_, future in list(self._request_futures.items()):
            if id_ != self.msg_id and not future.done():
                future.cancel()
