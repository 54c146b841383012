"""Files in folders, served as they are: the index that the packaging guide shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts.packages import Release
from pyproject_ls.index.client import FRESH_METADATA, Client
from pyproject_ls.index.credentials import Credentials
from pyproject_ls.index.records import Index
from pyproject_ls.index.sources import Surroundings
from pyproject_ls.index.store import Store
from pyproject_ls.index.transport import Transport
from pyproject_ls.index.trust import Approvals
from tests.index.faults import Clock
from tests.indexes import servers
from tests.indexes.asking import Asking, poetry_project
from tests.indexes.guard import Guard
from tests.indexes.packages import SUMMARY, Version

RELEASES = (
    Version("Acme.Counter", "1.0", ">=3.8", SUMMARY, ("fast",)),
    Version("Acme.Counter", "1.1", ">=3.9", SUMMARY),
)
ROOT = '<!DOCTYPE html><a href="acme-counter/">Acme.Counter</a>\n'
PAGE = """\
<!DOCTYPE html>
<html><head><meta name="pypi:repository-version" content="1.0"><title>Acme.Counter</title></head>
<body>
<a href="acme_counter-1.0-py3-none-any.whl" data-requires-python="&gt;=3.8"
   data-core-metadata="true">acme_counter-1.0-py3-none-any.whl</a>
<a href="acme_counter-1.1-py3-none-any.whl" data-requires-python="&gt;=3.9"
   data-yanked="counts &lt;wrong&gt;">acme_counter-1.1-py3-none-any.whl</a>
</body></html>
"""


@pytest.fixture
def static(tmp_path: Path) -> Iterator[str]:
    """The address of the index."""
    folder = tmp_path / "simple"
    package = folder / "acme-counter"
    package.mkdir(parents=True)
    (folder / "index.html").write_text(ROOT, "utf-8")
    (package / "index.html").write_text(PAGE, "utf-8")
    for each in RELEASES:
        built = each.wheel()
        (package / built.filename).write_bytes(built.content)
        (package / f"{built.filename}.metadata").write_text(each.metadata, "utf-8")
    with servers.static(folder) as url:
        yield url


def test_all_that_it_says(static: str, tmp_path: Path) -> None:
    with Asking(poetry_project(static), tmp_path) as asking:
        assert asking.package("acme-counter").releases == (
            Release("1.1", requires_python=">=3.9", yanked="counts <wrong>"),
            Release("1.0", requires_python=">=3.8"),
        )
        details = asking.details("acme-counter")
        assert (details.version, details.summary, details.extras) == ("1.0", SUMMARY, ("fast",))
        assert asking.names("acme") == (["Acme.Counter"], True)
        assert asking.problem() == ""


def test_what_has_not_changed_is_not_sent_again(static: str, tmp_path: Path) -> None:
    clock = Clock(1_700_000_000.0)

    async def twice(index: Index) -> None:
        transport, store = Transport(), Store(tmp_path / "cache")
        settings = IndexSettings()
        credentials = Credentials(
            Surroundings.read(None, settings, {}), Approvals(tmp_path / "approvals.json")
        )
        client = Client(transport, store, credentials, settings, clock)
        first = await client.details(index, "acme-counter")
        clock.now += FRESH_METADATA + 1
        assert await client.details(index, "acme-counter") is first
        await client.close()
        await transport.close()
        store.close()

    with Guard(static) as guard:
        asyncio.run(twice(Index("corp", guard.url("/"))))
    assert [each.status for each in guard.log] == [200, 200, 304, 304]
    assert [bool(each.condition) for each in guard.log] == [False, False, True, True]
