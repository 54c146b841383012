"""The transport, against a server on loopback that does what servers should not."""

from __future__ import annotations

import asyncio
import gzip
import logging
import shutil
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pyproject_ls.index.destinations import is_refused, origin_of, redirected
from pyproject_ls.index.transport import Fetch, FetchError, Kind, Limits, Reply, Transport
from tests.index.faults import Answer, Clock, Handler, Loopback, Request, nothing_left, redirect

QUICK = Limits(connect=1, read=0.1, total=2, pauses=(0, 0))
PATIENT = QUICK._replace(read=60, total=60)
SECRET = "s3cret"
LOGIN = ("me", SECRET)
GZIP = (("Content-Encoding", "gzip"),)


async def no_sleep(seconds: float) -> None:
    """Does not wait."""


def run(
    answer: Handler | Answer,
    work: Callable[[Transport, Loopback], Awaitable[None]],
    limits: Limits = QUICK,
    **options: object,
) -> Loopback:
    """Let `work` use a transport and a server; nothing may be left behind."""

    async def main() -> Loopback:
        transport = Transport(limits, **{"sleep": no_sleep, **options})  # type: ignore[arg-type]
        async with Loopback(answer) as server:
            await work(transport, server)
            await transport.close()
        await nothing_left()
        return server

    return asyncio.run(main())


def fails(
    answer: Handler | Answer, limits: Limits = QUICK, path: str = "x/", **fields: object
) -> FetchError:
    """The error that a request for `answer` ends with."""
    found: list[FetchError] = []

    async def work(transport: Transport, server: Loopback) -> None:
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch(server.url + path, **fields))  # type: ignore[arg-type]
        found.append(caught.value)

    run(answer, work, limits)
    return found[0]


def test_an_answer() -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        reply = await transport.fetch(Fetch(server.url + "x/", "text/html", etag='"1"', auth=LOGIN))
        assert reply == Reply(200, reply.headers, b"hello", server.url + "x/")
        assert reply.headers["x-one"] == "1"

    server = run(Answer(body=b"hello", headers=(("X-One", "1"),)), work)
    headers = server.seen[0].headers
    assert headers["user-agent"].startswith("pyproject-ls/")
    assert headers["accept"] == "text/html"
    assert headers["accept-encoding"] == "gzip"
    assert headers["if-none-match"] == '"1"'
    assert headers["authorization"] == "Basic bWU6czNjcmV0"
    assert "referer" not in headers


@pytest.mark.parametrize("status", [304, 404, 410])
def test_answers_without_a_body(status: int) -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        for _ in range(3):
            reply = await transport.fetch(Fetch(server.url, modified="Sat, 01 Nov 2025 00:00:00"))
            assert (reply.status, reply.body) == (status, b"")

    body = b"" if status == 304 else b"nothing here"
    assert run(Answer(status, body), work).connections == 1


def test_no_cookie_is_kept() -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        await transport.fetch(Fetch(server.url))
        await transport.fetch(Fetch(server.url))

    server = run(Answer(headers=(("Set-Cookie", "a=b; Path=/"),)), work)
    assert len(server.seen) == 2
    assert "cookie" not in server.seen[1].headers


@pytest.mark.parametrize(
    ("answer", "kind", "status"),
    [
        (Answer(400), "content", 400),
        (Answer(204), "content", 204),
        (Answer(304), "content", 304),
        (Answer(401), "auth", 401),
        (Answer(403), "forbidden", 403),
        (Answer(407), "connect", None),
        (Answer(429), "rate", 429),
        (Answer(500), "server", 500),
        (Answer(503), "server", 503),
        (Answer(503, headers=(("Retry-After", "5"),)), "rate", 503),
        (Answer(body=b"x" * 2000), "too-large", None),
        (Answer(body=b"x" * 2000, is_chunked=True), "too-large", None),
        (Answer(length="99999999999999999999", body=b"x"), "too-large", None),
        (Answer(body=gzip.compress(b"x" * 9000), headers=GZIP), "too-large", None),
        (Answer(body=gzip.compress(b"x" * 900)[:-9], headers=GZIP), "content", None),
        (Answer(body=b"no gzip", headers=GZIP), "content", None),
        (Answer(body=b"x", headers=(("Content-Encoding", "br"),)), "content", None),
        (Answer(body=b"x", headers=(("Content-Encoding", "gzip, gzip"),)), "content", None),
        (Answer(body=b"x" * 900, cut=300), "connect", None),
        (Answer(body=b"x" * 900, hang=300), "timeout", None),
        (Answer(hang=0), "timeout", None),
        (Answer(cut=0), "connect", None),
        (Answer(raw=b"SSH-2.0-OpenSSH\r\n"), "connect", None),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), "connect", None),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000), "connect", None),
        (redirect(""), "redirect", None),
        (redirect("file:///etc/passwd"), "redirect", None),
        (redirect("http://127.0.0.1:99999/"), "refused-address", None),
        (redirect("http://user:pw@127.0.0.1/"), "refused-address", None),
        (redirect("http://169.254.169.254/latest/"), "refused-address", None),
        (redirect("http://[::ffff:169.254.169.254]/"), "refused-address", None),
        (redirect("/again"), "redirect", None),
    ],
    ids=lambda value: None if isinstance(value, Answer) else str(value),
)
def test_what_is_no_answer(answer: Answer, kind: Kind, status: int | None) -> None:
    error = fails(answer, max_wire=1000, max_decoded=5000)
    assert (error.kind, error.status) == (kind, status)
    assert str(error) == error.reason


def test_a_bomb_costs_no_memory() -> None:
    bomb = Answer(body=gzip.compress(bytes(200 << 20), 1), headers=(("Content-Encoding", "gzip"),))
    peak = _peak()
    assert fails(bomb).kind == "too-large"
    assert _peak() - peak < 150 << 20


def test_a_page_of_50_megabytes() -> None:
    assert fails(Answer(body=bytes(50 << 20))).kind == "too-large"
    assert fails(Answer(body=bytes(50 << 20), length="")).kind == "too-large"


def test_gzip_in_several_members() -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        assert (await transport.fetch(Fetch(server.url))).body == b"ab"

    packed = gzip.compress(b"a") + gzip.compress(b"b")
    run(Answer(body=packed + b"\0\0", headers=GZIP), work)


def test_a_page_that_drips_has_an_end() -> None:
    error = fails(
        Answer(body=b"x" * 1000, drip=0.01), QUICK._replace(total=0.15, pauses=()), path="slow"
    )
    assert (error.kind, error.reason) == ("timeout", "takes too long to answer")


def test_faults_that_pass() -> None:
    answers = [Answer(500), Answer(cut=0), Answer(body=b"there")]

    async def work(transport: Transport, server: Loopback) -> None:
        assert (await transport.fetch(Fetch(server.url))).body == b"there"

    server = run(lambda request: answers.pop(0), work)
    assert len(server.seen) == 3


def test_redirects_stay_polite() -> None:
    """Three hops; what follows a redirect is asked with the same headers."""

    def answer(request: Request) -> Answer:
        return {
            "/a": redirect("b", 301),
            "/b": redirect("//{host}/c".format(host=request.headers["host"]), 308),
            "/c": redirect("/d#there", 307),
        }.get(request.path, Answer(body=b"end"))

    async def work(transport: Transport, server: Loopback) -> None:
        reply = await transport.fetch(Fetch(server.url + "a", "x/y", LOGIN))
        assert (reply.body, reply.url) == (b"end", server.url + "d")

    server = run(answer, work)
    assert [each.headers["accept"] for each in server.seen] == ["x/y"] * 4
    assert len(server.authorizations()) == 4
    assert server.connections == 1


def test_too_many_redirects() -> None:
    error = fails(lambda request: redirect(request.path + "x"))
    assert error.reason == "redirects more than 3 times"


def test_another_origin_sees_no_credentials() -> None:
    """Neither directly nor on the way back."""

    async def main() -> None:
        transport = Transport(QUICK)
        async with Loopback(Answer()) as good, Loopback(Answer()) as evil:
            good.answer = lambda request: (
                Answer(body=b"end") if request.path == "/back" else redirect(evil.url)
            )
            evil.answer = redirect(good.url + "back")
            reply = await transport.fetch(Fetch(good.url, auth=LOGIN))
            assert reply.body == b"end"
            assert evil.paths() == ["/"]
            assert evil.authorizations() == []
            assert ["authorization" in each.headers for each in good.seen] == [True, False]
        await transport.close()

    asyncio.run(main())


def test_what_is_sent_is_not_sent_elsewhere() -> None:
    assert fails(redirect("/y"), method="POST", body=b"{}").kind == "redirect"


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("https://a.example/x/", "../y", "https://a.example/y"),
        ("https://a.example/x/", "//b.example/", "https://b.example/"),
        ("http://a.example/", "https://a.example/", "https://a.example/"),
        ("https://a.example/", "http://a.example/", None),
        ("https://a.example/", "ftp://a.example/", None),
        ("https://a.example/", "javascript:alert(1)", None),
    ],
)
def test_where_redirects_lead(url: str, location: str, target: str | None) -> None:
    if target is not None:
        assert redirected(url, location) == target
        return
    with pytest.raises(FetchError):
        redirected(url, location)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "//a.example/",
        "https://",
        "https://me:pw@a.example/",
        "https://a.example:99999/",
        "https://169.254.169.254/",
        "https://[fe80::1]/",
        "https://a.example/" + "x" * 9000,
        "",
    ],
)
def test_addresses_that_are_not_asked(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        origin_of(url)
    assert caught.value.kind == "refused-address"
    assert "pw" not in caught.value.reason


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("127.0.0.1", False),
        ("::1", False),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("93.184.216.34", False),
        ("fd00::1", False),
        ("169.254.1.1", True),
        ("0.0.0.0", True),
        ("0.1.2.3", True),
        ("::", True),
        ("224.0.0.1", True),
        ("ff02::1", True),
        ("fe80::1", True),
        ("fe80::1%eth0", True),
        ("fd00:ec2::254", True),
        ("100.100.100.200", True),
        ("255.255.255.255", True),
        ("::ffff:169.254.169.254", True),
        ("64:ff9b::a9fe:a9fe", True),
        ("2002:a9fe:a9fe::", True),
    ],
)
def test_ip_addresses(address: str, refused: bool) -> None:
    assert is_refused(address) is refused


def test_a_name_that_leads_to_a_refused_address() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "169.254.169.254"]

    async def work(transport: Transport, server: Loopback) -> None:
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch("http://metadata.example/"))
        assert caught.value.kind == "refused-address"

    run(Answer(), work, resolve=resolve)


def test_a_name_that_leads_elsewhere_a_moment_later() -> None:
    """The connection itself is looked at too, before anything is sent."""

    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    async def work(transport: Transport, server: Loopback) -> None:
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch(server.url, auth=LOGIN))
        assert caught.value.kind == "refused-address"
        assert server.seen == []

    run(Answer(), work, resolve=resolve, refuses=lambda address: address == "127.0.0.1")


@pytest.mark.parametrize("error", [OSError("no"), UnicodeError("label"), TimeoutError()])
def test_a_name_that_nobody_knows(error: Exception) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise error

    async def work(transport: Transport, server: Loopback) -> None:
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch("https://nowhere.example/"))
        assert caught.value.kind == "dns"

    run(Answer(), work, resolve=resolve)


def test_a_port_where_nobody_listens() -> None:
    async def main() -> None:
        async with Loopback(Answer()) as server:
            pass
        transport = Transport(QUICK)
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch(server.url))
        assert caught.value.kind == "connect"
        assert caught.value.reason == "cannot be reached: it refuses connections"
        await transport.close()

    asyncio.run(main())


def test_an_origin_that_fails_is_left_alone() -> None:
    clock = Clock()

    async def work(transport: Transport, server: Loopback) -> None:
        async def kind() -> Kind | None:
            try:
                await transport.fetch(Fetch(server.url))
            except FetchError as error:
                return error.kind
            return None

        assert [await kind() for _ in range(4)] == ["server", "server", "server", "offline"]
        asked = len(server.seen)
        clock.now += 59
        assert await kind() == "offline"
        assert len(server.seen) == asked
        clock.now += 2
        assert await kind() == "server"  # one more failure is enough now
        assert await kind() == "offline"
        clock.now += 61
        server.answer = Answer()
        assert [await kind() for _ in range(2)] == [None, None]
        server.answer = Answer(500)
        assert [await kind() for _ in range(4)] == ["server", "server", "server", "offline"]

    run(Answer(500), work, clock=clock)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("99999", 600),
        ("0", 1),
        ("-3", 30),
        ("soon", 30),
        ("9" * 400, 30),
        ("Sat, 01 Nov 2025 00:01:00 GMT", 60),
        ("Sat, 01 Nov 2014 00:01:00 GMT", 1),
        ("Sat, 99 Nov 2014 00:01:00 GMT", 30),
    ],
)
def test_retry_after(header: str, seconds: float) -> None:
    clock = Clock()

    async def work(transport: Transport, server: Loopback) -> None:
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch(server.url))
        assert (caught.value.kind, caught.value.retry_after) == ("rate", seconds)
        clock.now += seconds - 0.5
        for _ in range(2):  # and asking does not make it longer
            with pytest.raises(FetchError):
                await transport.fetch(Fetch(server.url))
        assert len(server.seen) == 1
        server.answer = Answer()
        clock.now += 1
        assert (await transport.fetch(Fetch(server.url))).status == 200

    wall = 1761955200.0  # 2025-11-01
    run(Answer(429, headers=(("Retry-After", header),)), work, clock=clock, wall=lambda: wall)


def test_eight_connections_to_an_origin() -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        urls = [f"{server.url}{number}" for number in range(40)]
        replies = await asyncio.gather(*(transport.fetch(Fetch(url)) for url in urls))
        assert {each.status for each in replies} == {200}
        assert server.most_open == 8

    run(Answer(delay=0.002), work, PATIENT)


def test_a_cancelled_request_leaves_room_for_others() -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        tasks = [asyncio.ensure_future(transport.fetch(Fetch(server.url))) for _ in range(20)]
        while len(server.seen) < 8:
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        server.answer = Answer(body=b"free")
        assert (await transport.fetch(Fetch(server.url))).body == b"free"

    run(Answer(hang=0), work, PATIENT)


def test_many_origins_do_not_pile_up() -> None:
    async def main() -> None:
        transport = Transport(QUICK._replace(servers=2))
        for _ in range(6):
            async with Loopback(Answer()) as server:
                await transport.fetch(Fetch(server.url))
                assert len(transport._servers._servers) <= 3
        await transport.close()

    asyncio.run(main())


def test_after_close() -> None:
    async def work(transport: Transport, server: Loopback) -> None:
        waiting = asyncio.ensure_future(transport.fetch(Fetch(server.url)))
        while not server.seen:
            await asyncio.sleep(0)
        await transport.close()
        with pytest.raises(FetchError):
            await waiting
        with pytest.raises(FetchError):
            await transport.fetch(Fetch(server.url))

    run(Answer(hang=0), work, QUICK._replace(read=60))


def test_a_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for hosts that nobody could look up here; its password shows nowhere."""

    async def work(transport: Transport, server: Loopback) -> None:
        monkeypatch.setenv("http_proxy", server.url.replace("//", f"//me:{SECRET}@"))
        monkeypatch.setenv("no_proxy", "localhost")
        reply = await transport.fetch(Fetch("http://nowhere.example/x"))
        assert reply.body == b"proxied"
        assert server.paths() == ["http://nowhere.example/x"]
        server.answer = Answer(407)
        with pytest.raises(FetchError) as caught:
            await transport.fetch(Fetch("http://nowhere.example/x"))
        assert SECRET not in str(caught.value)

    run(Answer(body=b"proxied"), work)


def test_a_proxy_that_nobody_can_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "gopher://127.0.0.1/")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    error = fails(Answer())
    assert error.kind == "connect"


def test_certificates(tmp_path: Path) -> None:
    context = _self_signed(tmp_path)

    async def main() -> None:
        transport = Transport(QUICK)
        async with Loopback(Answer(body=b"safe"), context) as server:
            url = server.url
            with pytest.raises(FetchError) as caught:
                await transport.fetch(Fetch(url))
            assert caught.value.kind == "tls"
            reason = "cannot be reached safely: its certificate is signed by itself"
            assert caught.value.reason == reason
            own = str(tmp_path / "cert.pem")
            assert (await transport.fetch(Fetch(url, verify=own))).body == b"safe"
            assert (await transport.fetch(Fetch(url, verify=False))).body == b"safe"
            with pytest.raises(FetchError) as caught:  # not on the connection of another
                await transport.fetch(Fetch(url))
            with pytest.raises(FetchError) as caught:
                await transport.fetch(Fetch(url, verify=str(tmp_path / "none.pem")))
            assert caught.value.kind == "tls"
            other = url.replace("127.0.0.1", "localhost")
            with pytest.raises(FetchError) as caught:
                await transport.fetch(Fetch(other, verify=own))
            assert caught.value.reason.endswith("its certificate is for another host")
        async with Loopback(Answer()) as plain:
            with pytest.raises(FetchError) as caught:
                await transport.fetch(Fetch(plain.url.replace("http:", "https:")))
            assert caught.value.kind == "tls"
        await transport.close()

    asyncio.run(main())


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    reasons: list[str] = []

    async def work(transport: Transport, server: Loopback) -> None:
        for answer in (Answer(), Answer(401), Answer(500), Answer(cut=0)):
            server.answer = answer
            for _ in range(3):
                try:
                    url = f"{server.url}{SECRET}/?token={SECRET}"
                    await transport.fetch(Fetch(url, auth=LOGIN))
                except FetchError as error:
                    reasons.append(error.reason)

    with caplog.at_level(logging.DEBUG):
        run(Answer(), work)
    assert "is left alone" in caplog.text
    assert len(reasons) == 9
    assert SECRET not in caplog.text + "".join(reasons)
    assert "bWU6czNjcmV0" not in caplog.text


def test_the_default_limits_are_those_of_the_design() -> None:
    limits, request = Limits(), Fetch("http://x.example/")
    assert (limits.connect, limits.read, limits.total) == (5, 15, 60)
    assert (limits.connections, limits.failures, limits.offline) == (8, 3, 60)
    assert (request.max_wire, request.max_decoded) == (16 << 20, 32 << 20)


def _self_signed(folder: Path) -> ssl.SSLContext:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    options = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    subprocess.run([openssl, *command.split(), *map(str, options)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _peak() -> int:
    resource = pytest.importorskip("resource")
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * 1024
