"""One connection with one client: what it can do, what it has open, how it wants things."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from pyproject_ls import __version__
from pyproject_ls.checks.registry import all_checks
from pyproject_ls.config import IndexSettings, Settings, ToolSettings, for_file
from pyproject_ls.facts import Answer, Question
from pyproject_ls.index.places import index_settings
from pyproject_ls.lsp import features, handlers
from pyproject_ls.lsp.asking import People
from pyproject_ls.lsp.channel import Channel
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.diagnostics import Diagnostics
from pyproject_ls.lsp.documents import Document, Documents
from pyproject_ls.lsp.jobs import Jobs
from pyproject_ls.lsp.logs import ClientLog, where
from pyproject_ls.lsp.overview import Overview
from pyproject_ls.lsp.packages import Packages
from pyproject_ls.lsp.parent import watch_parent
from pyproject_ls.lsp.projects import Projects
from pyproject_ls.lsp.protocol import Protocol
from pyproject_ls.lsp.resolutions import Resolutions
from pyproject_ls.lsp.settings import SECTION, ClientSettings, read, section_of
from pyproject_ls.lsp.tools import Tools
from pyproject_ls.lsp.uris import is_below, name_of

NAME = "pyproject-ls"

PATIENCE = 1.0
"""Seconds that the first diagnostics wait for the client to tell its settings."""

CALM = 0.05
"""Seconds between new diagnostics that were sent and the request to ask for lenses again."""

LONG_CALM = 0.4
"""The same for hints, which come last.

Neovim 0.11 takes the old hints for the new ones if it draws the screen, as new diagnostics and
lenses make it do, between this request and the answer to its question.
"""

logger = logging.getLogger(__name__)


class Session(LanguageServer):
    """A language server that talks to one client over `channel`, in one event loop.

    `finished` gets the exit status. Methods are for the loop's thread where nothing else is said.
    """

    protocol: Protocol

    def __init__(self, channel: Channel) -> None:
        super().__init__(
            NAME, __version__, protocol_cls=Protocol, converter_factory=default_converter
        )
        self.loop = asyncio.get_running_loop()
        self.finished: asyncio.Future[int] = self.loop.create_future()
        self.client = Client()
        self.people = People()
        self.packages = Packages(self)
        self.documents = Documents(self.settings_for, self._facts_came_late, self.packages)
        self.diagnostics = Diagnostics(self)
        self.projects = Projects(self.documents, lambda: self.workspace.folders)
        self.tools = Tools(self)
        self.jobs = Jobs(self)
        self.resolutions = Resolutions(self)
        self.overview = Overview(self)
        self.wants_output = False
        """Whether the client has a place for what tools print."""
        self._base = index_settings(os.environ)
        self._settings = ClientSettings(index=self._base)
        self._pushed: object = None
        self._folder_settings: dict[str, ClientSettings] = {}
        self._complaints: set[str] = set()
        self._waiting: asyncio.Event | None = None
        self._was_told = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self._looking = False
        self._look_once_more = False
        self._stale: dict[str, asyncio.TimerHandle] = {}
        self._log = ClientLog(self._show_in_log)
        self._log.install()
        self.protocol.set_writer(channel)
        handlers.register(self)
        features.register(self)

    # The client

    def meet(self, client: Client, params: types.InitializeParams) -> None:
        """Begin the work with a client that has introduced itself."""
        self.client = client
        options = section_of(params.initialization_options)
        if isinstance(options, Mapping) and options.get("trusted") is False:
            self._base = self._base._replace(trusted=False)
        self.wants_output = isinstance(options, Mapping) and options.get("toolOutput") is True
        self.protocol.trace = params.trace or types.TraceValue.Off
        self.take_pushed_settings(params.initialization_options)
        if params.process_id:
            watch_parent(params.process_id, partial(self.call, self.stop, 1))
        self.loop.call_soon(all_checks)  # imported while the client reads the answer

    @property
    def is_trusted(self) -> bool:
        """Whether programs of the project may be run and its own indexes asked.

        A client can say that they may not.
        """
        return self.index_settings.trusted

    @property
    def index_settings(self) -> IndexSettings:
        """How indexes may be reached: as every folder of the workspace allows it.

        Until a client that is asked has told its settings nothing is fetched; should it take too
        long, only the public index is asked.
        """
        told = [each.index for each in (self._settings, *self._folder_settings.values())]
        found = told[0]._replace(
            offline=any(each.offline for each in told), trusted=all(each.trusted for each in told)
        )
        if self._was_told or not self.client.configuration:
            return found
        is_late = self._waiting is not None and self._waiting.is_set()
        return found._replace(offline=found.offline or not is_late, trusted=False)

    def ask(self, method: str, params: Any, then: Callable[[Any], None] | None = None) -> None:
        """Send a request; `then` gets the result as JSON values, or None where it was refused."""

        def answered(future: Future[Any]) -> None:
            result = None
            if not future.cancelled():
                error = future.exception()
                if error is None:
                    result = future.result()
                else:
                    logger.debug("the client refused %s: %s", method, error)
            if then is not None:
                try:
                    then(result)
                except Exception as error:
                    self.report(f"the answer to {method} could not be used", error)

        self.protocol.ask(method, params).add_done_callback(answered)

    def tell(self, method: str, params: Any) -> None:
        """Send a notification whose parameters are JSON values. From any thread."""
        self.protocol.tell(method, params)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in the background; what goes wrong in it goes into the log."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.report("something in the background failed", error)

    def stop(self, status: int) -> None:
        """End the session with this exit status."""
        if not self._is_stopping:
            self._is_stopping = True
            self.packages.close()
            self.start(self._finish(status))

    async def _finish(self, status: int) -> None:
        """Leave no process behind, and no half of a job."""
        try:
            self.resolutions.close()
            await self.jobs.close()
            await self.tools.close()
        finally:
            if not self.finished.done():
                self.finished.set_result(status)

    def call(self, function: Callable[..., None], *arguments: object) -> None:
        """Call `function` in the loop's thread. From any thread."""
        try:
            self.loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:  # the loop has ended
            return

    # Settings

    def settings_for(self, uri: str) -> Settings:
        """The settings of a document: those of the innermost folder that it lies in."""
        return for_file(self._client_settings_for(uri).settings, name_of(uri))

    def tool_settings_for(self, uri: str) -> ToolSettings:
        """Which tool to use for a document, and where it is."""
        return self._client_settings_for(uri).tools

    def _client_settings_for(self, uri: str) -> ClientSettings:
        folders = [folder for folder in self._folder_settings if is_below(uri, folder)]
        return self._folder_settings[max(folders, key=len)] if folders else self._settings

    def take_pushed_settings(self, value: object) -> None:
        """Use settings that came unasked; where a client is asked and has none, they hold too."""
        self._pushed = section_of(value)
        if self.client.configuration and self._waiting is not None:
            self.ask_for_settings()
        else:
            self._take_settings(None, {})

    def _take_settings(self, asked: object, folders: dict[str, object]) -> None:
        """Use what the client answered for the workspace and for each of its folders."""
        base = self._pushed if asked is None else asked
        self._settings, problems = read(base, self._base)
        self._folder_settings = {}
        for folder, own in folders.items():
            own = base if own is None else own
            self._folder_settings[folder], more = read(own, self._base)
            problems += more
        self._log.set_level(self._settings.log_level)
        self._complain(problems)
        self.refresh(self.documents.configure())
        self.packages.configure(self.index_settings)
        self.tools.configure()

    def ask_for_settings(self) -> None:
        """Ask the client for its settings, for the workspace and for each of its folders."""
        if not self.client.configuration:
            return
        self._waiting = self._waiting or asyncio.Event()
        folders = [folder.uri for folder in self.workspace.folders.values()]
        items: list[dict[str, str]] = [{"section": SECTION}]
        items += [{"section": SECTION, "scopeUri": folder} for folder in folders]

        def answered(result: Any) -> None:
            self._was_told = True
            if isinstance(result, list) and len(result) == len(items):
                self._take_settings(result[0], dict(zip(folders, result[1:], strict=True)))
            else:
                self.packages.configure(self.index_settings)
            if self._waiting is not None:
                self._waiting.set()

        self.ask(types.WORKSPACE_CONFIGURATION, {"items": items}, answered)

    @property
    def is_ready(self) -> bool:
        """Whether the settings are known, or there are none to wait for."""
        return self._waiting is None or self._waiting.is_set()

    async def ready(self) -> None:
        """Wait until the settings are known, or the client has taken too long to tell them."""
        if self._waiting is not None and not self._waiting.is_set():
            try:
                await asyncio.wait_for(self._waiting.wait(), PATIENCE)
            except asyncio.TimeoutError:
                self._waiting.set()
                self.packages.configure(self.index_settings)

    def _complain(self, problems: list[str]) -> None:
        """Warn of settings that are wrong, once for each fault."""
        new = [each for each in dict.fromkeys(problems) if each not in self._complaints]
        self._complaints = set(problems)
        if new:
            message = f"{NAME}: {'; '.join(new)}."
            self.tell(types.WINDOW_SHOW_MESSAGE, {"type": 2, "message": message})

    # Facts

    def refresh(self, documents: list[Document]) -> None:
        """See to it that the client hears of what is new about `documents`."""
        self.diagnostics.refresh(documents)
        self._refresh_hints(documents)
        self.refresh_lenses(documents)

    def refresh_lenses(self, documents: list[Document]) -> None:
        """The same, for what only lenses show."""
        self.overview.changed(documents)
        if self.client.refreshes_lenses and any(each.shows_lenses for each in documents):
            self._ask_to_refresh(types.WORKSPACE_CODE_LENS_REFRESH, CALM)
            if not self.client.pulls:
                self._refresh_hints(documents)  # new lenses make it draw the screen, too

    def _refresh_hints(self, documents: list[Document]) -> None:
        if self.client.refreshes_hints and any(each.shows_hints for each in documents):
            self._ask_to_refresh(types.WORKSPACE_INLAY_HINT_REFRESH, LONG_CALM)

    def _ask_to_refresh(self, method: str, calm: float) -> None:
        """Send the request `method` after `calm` seconds without news.

        Once for all that is new until then. A client that asks by itself needs no calm.
        """
        waiting = self._stale.pop(method, None)
        if waiting is not None:
            waiting.cancel()
        calm = 0 if self.client.pulls else calm
        self._stale[method] = self.loop.call_later(calm, self._refresh_now, method)

    def _refresh_now(self, method: str) -> None:
        self._stale.pop(method, None)
        self.ask(method, None)

    def look_again(self) -> None:
        """Ask the disk for all facts again, and tell the client what has changed by it."""
        if self._looking:
            self._look_once_more = True
        else:
            self._looking = True
            self.start(self._look_again())

    async def _look_again(self) -> None:
        try:
            again = True
            while again:
                self._look_once_more = False
                changed = [each for each in self.documents if await each.look_again()]
                self.refresh(changed)
                again = self._look_once_more
        finally:
            self._looking = False

    def _facts_came_late(self, document: Document, new: Mapping[Question, Answer]) -> None:
        """Facts arrived in a worker thread."""
        self.call(self._learn, document, new)

    def _learn(self, document: Document, new: Mapping[Question, Answer]) -> None:
        if document.learn(new):
            self.refresh([document])

    # The log

    def report(self, what: str, error: BaseException) -> None:
        """Put an error of ours into the log: one line, with details for developers."""
        logger.error("%s: %s", what, where(error), exc_info=error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What pygls reports: into the log, never in the user's face."""
        self.report("the protocol failed", error)

    def trace(self, method: str, seconds: float) -> None:
        """Tell a client that traces us how long a request took."""
        if self.protocol.trace != types.TraceValue.Off:
            message = f"{method}: {seconds * 1e3:.1f} ms"
            self.tell(types.LOG_TRACE, {"message": message})

    def _show_in_log(self, kind: int, text: str) -> None:
        self.tell(types.WINDOW_LOG_MESSAGE, {"type": kind, "message": text})
