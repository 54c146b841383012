"""What is made ready in advance, what is left until it is needed, and what is made only once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import Names, NamesLike, Package, ReleasesOf
from pyproject_ls.index import popular
from pyproject_ls.index.answering import Answering
from pyproject_ls.index.exchange import Fetch
from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.names import NameLists
from pyproject_ls.index.network import Network
from pyproject_ls.index.service import Asker, Service
from pyproject_ls.index.trust import Approvals
from pyproject_ls.lsp.answers import Answers
from pyproject_ls.project.lookup import Lookup
from tests.index_server import IndexServer

SERVER = Path(__file__).resolve().parents[2] / "server"
FLASK = ReleasesOf("flask", Lookup())


def modules(program: str) -> set[str]:
    """The top-level modules that another process has imported after `program`."""
    tail = "\nimport sys; print(*sorted({each.split('.')[0] for each in sys.modules}))"
    run = subprocess.run(
        [sys.executable, "-c", program + tail],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SERVER)},
    )
    return set(run.stdout.split())


def test_a_server_starts_without_what_only_indexes_need() -> None:
    found = modules("import pyproject_ls.lsp.session, pyproject_ls.lsp.server")
    heavy = {"httpx", "httpcore", "anyio", "sqlite3", "cachetools", "packaging", "lzma", "tempfile"}
    assert not found & heavy


def test_what_was_fetched_earlier_needs_no_http() -> None:
    found = modules("import pyproject_ls.index.answering")
    assert "sqlite3" in found
    assert not found & {"httpx", "httpcore", "anyio", "email"}


def test_judging_releases_is_prepared() -> None:
    """Otherwise the first keystroke after the first answer would import it all."""
    program = (
        "import sys\n"
        "from pyproject_ls.facts.packages import Package, Release\n"
        "from pyproject_ls.project import selection\n"
        "from pyproject_ls.project.wants import Want\n"
        "selection.prepare()\n"
        "before = set(sys.modules)\n"
        "releases = tuple(Release(each, '', '>=3.9') for each in ('2.0', '1.1', '1.0'))\n"
        "for want in (Want('^1.0', True), Want('>=1.0,<2', False)):\n"
        "    found = selection.choice(Package('a', releases), want, '>=3.10,<4', True)\n"
        "    assert found.release.version == '1.1', found\n"
        "new = set(sys.modules) - before\n"
        "assert not new, new"
    )
    assert "packaging" in modules(program)


def test_searching_is_prepared(tmp_path: Path) -> None:
    popular.write(tmp_path, ["qqq-ranked"])
    lists = NameLists(tmp_path)
    lists.prepare()
    (tmp_path / popular.RANKING_FILE).unlink()
    assert [each.name for each in lists.search("qqq", []).found] == ["qqq-ranked"]


def test_a_service_prepares_searching(tmp_path: Path) -> None:
    popular.write(tmp_path, ["qqq-ranked"])
    service = Service(IndexSettings(), tmp_path, fetch_names=False)
    service.prepare()
    assert service._loop is not None
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), service._loop).result(60)
    (tmp_path / popular.RANKING_FILE).unlink()
    question = NamesLike("qqq", Lookup())
    found = service.now([question], None, ())[question]
    assert isinstance(found, Names)
    assert [each.name for each in found.found] == ["qqq-ranked"]
    service.close()


def test_an_offline_service_prepares_nothing(tmp_path: Path) -> None:
    service = Service(IndexSettings(offline=True), tmp_path)
    service.prepare()
    assert service._loop is None


def test_a_closed_network_asks_nobody() -> None:
    async def work() -> None:
        network = Network()
        await network.close()
        with pytest.raises(FetchError, match="settings have changed"):
            await network.fetch(Fetch("http://127.0.0.1:1/"))

    asyncio.run(work())


def test_what_the_store_has_is_read_once(tmp_path: Path) -> None:
    """The answer from the store and the one after it are made of the same releases."""
    with IndexServer() as server:
        settings = IndexSettings(url=server.url("/simple/"))

        async def ask() -> tuple[Answer | None, Answer]:
            answering = Answering(settings, tmp_path, Approvals(tmp_path / "approvals.json"))
            try:
                stored = await answering.stored(FLASK, None)
                return stored, await answering.fetched(FLASK, None)
            finally:
                await answering.close()

        assert asyncio.run(ask())[0] is None
        stored, fetched = asyncio.run(ask())
    assert isinstance(stored, Package)
    assert isinstance(fetched, Package)
    assert stored.releases is fetched.releases
    assert len(server.requests) == 1


class Indexes:
    """Stands for the service: notes what is asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.asker: Asker | None = None

    def now(
        self, questions: Iterable[Question], folder: Path | None, known: Collection[str]
    ) -> dict[Question, Answer]:
        """Nothing costs nothing."""
        return {}

    def want(self, asker: Asker, questions: Collection[Question]) -> None:
        """Remember them."""
        self.asker = asker
        self.asked += questions


class WantedMeanwhile(set[Question]):
    """Looked at by one thread just before another one wants the question again."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers: Answers | None = answers

    def __contains__(self, question: object) -> bool:
        found = super().__contains__(question)
        answers, self._answers = self._answers, None
        if answers is not None:
            answers.learn({FLASK})
        return found


def test_a_question_that_is_dropped_and_asked_at_once_is_not_lost() -> None:
    indexes = Indexes()
    answers = Answers(None, lambda new: None, indexes)
    answers.learn({FLASK})
    answers.text_changed()
    answers._wanted = WantedMeanwhile(answers)
    assert indexes.asker is not None
    assert indexes.asker.still_wants(FLASK) or indexes.asked == [FLASK, FLASK]
