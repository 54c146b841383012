"""An editor in the storm: it types, looks around, measures, and reads all that it is told."""

from __future__ import annotations

import base64
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.lsp.client import PULL, Client, Json
from tests.server_faults_hosts import SECRETS, Hosts

CAPABILITIES: Json = {**PULL, "window": {"workDoneProgress": True, "showMessage": {}}}
CAPABILITIES["workspace"] = {**PULL["workspace"], "codeLens": {"refreshSupport": True}}

LIMIT = 0.1
"""Seconds in which completions and hovers are there."""

COLLECT_EVERY = 1.0
"""Seconds after which the server tidies up again; 30 for people, who have more time."""

START = (
    f"from pyproject_ls.lsp import server; server.COLLECT_EVERY = {COLLECT_EVERY};"
    "from pyproject_ls.index import origins;"
    "origins.Limits.__new__.__defaults__ ="
    " (1, 0.5, 3, (0.01, 0.05), 3, 0.3, 0.3, 0.3, 8, 32, 60);"
    "raise SystemExit(server.serve_stdio())"
)
"""The server, but it forgives indexes sooner: else most faults would meet an index that is left
alone, and so nobody."""

LOOK = 1.0
"""Seconds for which somebody looks at a file that was opened, before typing the first letter."""

NAMES = 3000
DEPENDENCIES = 20

_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_FENCE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1`*[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_MARKUP = re.compile(r"<[A-Za-z/!?]|!\[|\]\((?!https?://)|\]\[|^ {0,3}\[[^\]]*\]:", re.MULTILINE)


class Listener(Client):
    """A client that hears everything: problems are what nobody should be told.

    `says_yes` is the answer to the question whether credentials may be sent.
    """

    says_yes = False

    def __init__(self, *arguments: Any, secrets: tuple[str, ...] = (), **options: Any) -> None:
        self.problems: list[str] = []
        self.approvals: list[str] = []
        self.reports: Counter[str] = Counter()
        """How often each line came into the log, digits left out."""
        self.heard: Counter[str] = Counter()
        """How often each method was heard."""
        self.hostile = 0
        """How many texts were shown that somebody hostile has written."""
        self._secrets = secrets
        super().__init__(*arguments, **options)

    def __enter__(self) -> Listener:
        return self

    def _take(self, message: Json) -> None:
        if "error" in message and message["error"]["code"] != -32601:
            self.problems.append(f"an error is the answer: {message['error']}")
        if message.get("method") == "window/logMessage":
            text = message["params"]["message"]
            self.reports[re.sub(r"\d+", "0", text)] += 1
            if message["params"]["type"] == 1:
                self.problems.append(f"an error in the log: {text}")
        self.heard[message.get("method", "")] += 1
        for path, text in _strings(message, ""):
            self._look_at(path, text)
        super()._take(message)
        # a long storm must not fill this process
        self.notifications[:-200] = []
        self.requests[:-200] = []

    def _answer(self, message: Json) -> Any:
        if message["method"] != "window/showMessageRequest":
            return super()._answer(message)
        self.approvals.append(message["params"]["message"])
        titles = [each["title"] for each in message["params"]["actions"]]
        return {"title": titles[0 if self.says_yes else 1]}

    def _look_at(self, path: str, text: str) -> None:
        problem = ""
        self.hostile += "trap.example" in text
        if _NOT_SHOWN.search(text):
            problem = "a character that nobody sees"
        elif any(each in text for each in self._secrets):
            problem = "a secret"
        elif re.search(r"documentation|contents|tooltip", path) and markup_in(text):
            problem = f"markup ({markup_in(text)})"
        if problem and len(self.problems) < 20:
            self.problems.append(f"{problem} in {path}: {text[:300]!r}")


def markup_in(markdown: str) -> str:
    """What a reader of Markdown would take for HTML, an image, or a link to no web address."""
    text = _SPAN.sub("", _ESCAPED.sub("", _FENCE.sub("", markdown)))
    found = _MARKUP.search(text)
    return text[found.start() :][:60] if found else ""


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """All texts in a message, with the keys that lead to them; our own text is left out."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in {"newText", "data"}:
                yield from _strings(each, f"{path}.{key}")
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, path)


def secrets() -> tuple[str, ...]:
    """What must not be seen anywhere but at the right host: passwords, plain and as sent."""
    found = [password for _, password in SECRETS.values()]
    for pair in SECRETS.values():
        found.append(base64.b64encode(":".join(pair).encode()).decode())
    return tuple(found)


def leaks(folder: Path) -> list[str]:
    """The files below `folder` that hold a secret."""
    wanted = [each.encode() for each in secrets()]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in wanted)
    ]


def start(folder: Path, hosts: Hosts, *, offline: bool = False) -> Listener:
    """A server whose public index is a host of `hosts`, and whose cache is below `folder`."""
    username, password = SECRETS["corp"]
    environment = {
        "PYPROJECT_LS_OFFLINE": "",
        "PYPROJECT_LS_CACHE_DIR": str(folder / "cache"),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "POETRY_HTTP_BASIC_CORP_USERNAME": username,
        "POETRY_HTTP_BASIC_CORP_PASSWORD": password,
        # memory is counted: Python's own allocator keeps what it has had
        "PYTHONMALLOC": "malloc",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_TRIM_THRESHOLD_": "131072",
    }
    return Listener(
        CAPABILITIES,
        settings=settings(hosts, 0, offline=offline),
        command=(sys.executable, "-c", START),
        environment=environment,
        secrets=secrets(),
    )


def settings(hosts: Hosts, number: int, **more: Any) -> Json:
    """Settings that differ by `number`, so that the server begins anew."""
    ranking = hosts.url("public", f"/{number}/ranking.json")
    return {"index": {"url": hosts.url("public"), "ranking": ranking}, **more}


class Editor:
    """Somebody who works on one file with some twenty dependencies, at random."""

    def __init__(self, client: Listener, path: Path, hosts: Hosts, chance: random.Random) -> None:
        self.client = client
        self.more: Json = {}
        """More settings, which stay."""
        self.hosts = hosts
        self.times: dict[str, list[float]] = {"completion": [], "hover": []}
        self.asked: Counter[str] = Counter()
        self._chance = chance
        self._items: list[Json] = []
        self._waiting: list[int] = []
        self._settings = 0
        self.text = project(hosts, self._names())
        path.write_text(self.text, "utf-8")
        self.uri = client.open(path, self.text)
        self.look_around()
        self.settle()
        time.sleep(LOOK)
        self._steps: dict[Callable[[], None], int] = {
            self.type_name: 4,
            self.type_version: 4,
            self.type_extra: 2,
            self.hover: 6,
            self.look_at_item: 4,
            self.look_around: 4,
            self.paste: 2,
        }

    def step(self) -> None:
        """Do something."""
        (step,) = self._chance.choices(list(self._steps), list(self._steps.values()))
        step()
        self.settle(4)

    def pause(self) -> None:
        """Sit back, long enough for a server that uses the time to tidy up."""
        self.settle()
        self.client.sync()
        time.sleep(2.5 * COLLECT_EVERY)

    def settle(self, left: int = 0) -> None:
        """Wait for what was asked in passing, until so many answers are open."""
        while len(self._waiting) > left:
            self.client.answer_to(self._waiting.pop(0))

    # What somebody does

    def paste(self) -> None:
        """Replace all dependencies at once, now and then in another world."""
        if self._chance.random() < 0.4:
            self.begin_anew()
        self.text = project(self.hosts, self._names())
        self.client.replace(self.uri, self.text)
        self.look_around()

    def begin_anew(self) -> None:
        """Change a setting: whatever was left alone is asked again."""
        self._settings += 1
        self.client.settings = settings(self.hosts, self._settings, **self.more)
        self.client.notify("workspace/didChangeConfiguration", {"settings": None})

    def type_name(self) -> None:
        """Write the name of a package, letter by letter."""
        place = self._place(r"[\"\n](package-)(\d+)")
        for digit in str(self._chance.randrange(NAMES)) + self._chance.choice(["", "", "_x", "-"]):
            self._splice(place.end(1), place.end(2), digit)
            self._complete(place.end(1) + 1)
            place = self._at(place.start(), r"[\"\n](package-)([\w-]*)")

    def type_version(self) -> None:
        """Ask for the versions of a package."""
        place = self._place(r"[\"\n]package-\d+.*?(>=|\^)([\d.]*)")
        typed = self._chance.choice(["", "1", "1.", "2"])
        self._splice(place.start(2), place.end(2), typed)
        self._complete(place.start(2) + len(typed))

    def type_extra(self) -> None:
        """Ask for the extras of a package."""
        place = self._place(r"[\"](package-\d+)(?:\[(\w*)\])?")
        self._splice(place.end(1), place.end(), "[f]")
        self._complete(place.end(1) + 2)

    def hover(self) -> None:
        """Look at something."""
        place = self._place(r"(?m)[\"\n](package-\d+)|^(?:name|url|dependencies) =")
        self._timed("hover", self._chance.randrange(place.start() + 1, place.end()))

    def look_at_item(self) -> None:
        """Look at one of the completions that were offered last."""
        if self._items:
            item = self._chance.choice(self._items)
            self._in_passing("completionItem/resolve", item)

    def look_around(self) -> None:
        """Ask what an editor asks by itself when a text has changed."""
        document = {"textDocument": {"uri": self.uri}}
        end = {"line": len(self.text), "character": 0}
        everywhere = {"start": {"line": 0, "character": 0}, "end": end}
        self._in_passing("textDocument/diagnostic", document)
        self._in_passing("textDocument/inlayHint", {**document, "range": everywhere})
        self._in_passing("textDocument/codeLens", document)
        automatic = types.CodeActionTriggerKind.Automatic.value
        context: Json = {"context": {"diagnostics": [], "triggerKind": automatic}}
        self._in_passing("textDocument/codeAction", {**document, "range": everywhere, **context})

    # How it is done

    def _names(self) -> list[str]:
        return [
            f"package{self._chance.choice(['-'] * 8 + ['_', '.'])}{self._chance.randrange(NAMES)}"
            for _ in range(DEPENDENCIES)
        ]

    def _place(self, pattern: str) -> re.Match[str]:
        """One of the places that look so."""
        found = list(re.finditer(pattern, self.text))
        if not found:  # typed over
            self.paste()
            return self._place(pattern)
        return self._chance.choice(found)

    def _at(self, offset: int, pattern: str) -> re.Match[str]:
        found = re.compile(pattern).match(self.text, offset)
        assert found is not None
        return found

    def _splice(self, start: int, end: int, new: str) -> None:
        range_ = {"start": self._position(start), "end": self._position(end)}
        self.text = self.text[:start] + new + self.text[end:]
        self.client.change(self.uri, {"range": range_, "text": new})
        if self._chance.random() < 0.5:
            self._in_passing("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})

    def _complete(self, offset: int) -> None:
        found = self._timed("completion", offset)
        self._items = found["items"] if found else []

    def _timed(self, what: str, offset: int) -> Any:
        params = {"textDocument": {"uri": self.uri}, "position": self._position(offset)}
        start = time.perf_counter()
        found = self.client.request(f"textDocument/{what}", params)
        self.times[what].append(time.perf_counter() - start)
        return found

    def _in_passing(self, method: str, params: Json) -> None:
        self.asked[method] += 1
        self._waiting.append(self.client.start_request(method, params))

    def _position(self, offset: int) -> Json:
        before = self.text[:offset]
        return {"line": before.count("\n"), "character": offset - before.rfind("\n") - 1}


def project(hosts: Hosts, names: list[str]) -> str:
    """A file with these dependencies, and sources of all kinds."""
    mirror = hosts.url("mirror").replace("//", "//{}:{}@".format(*SECRETS["mirror"]))
    some = [names[at::4] for at in range(4)]
    listed = "".join(f'    "{each}>=1.0",\n' for each in some[0])
    extra = ", ".join(f'"{each}[fast]>=1"' for each in some[1])
    plain = "".join(f'{each.replace(".", "-")} = "^1.0"\n' for each in some[2])
    bound = "".join(
        f'{each.replace(".", "-")} = {{ version = "^1.1", source = "{source}" }}\n'
        for each, source in zip(
            some[3], ("corp", "mirror", "tls", "nameless", "CORP") * 9, strict=False
        )
    )
    return f"""\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = [
{listed}]

[project.optional-dependencies]
more = [{extra}]

[tool.poetry.group.test.dependencies]
{plain}
[tool.poetry.group.bound.dependencies]
{bound}
[[tool.poetry.source]]
name = "PyPI"
priority = "primary"

[[tool.poetry.source]]
name = "corp"
url = "{hosts.url("corp")}"
priority = "supplemental"

[[tool.poetry.source]]
name = "mirror"
url = "{mirror}"
priority = "supplemental"

[[tool.poetry.source]]
name = "tls"
url = "{hosts.url("trap", scheme="https")}"
priority = "explicit"

[[tool.poetry.source]]
name = "nameless"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""
