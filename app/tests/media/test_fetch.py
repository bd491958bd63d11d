"""Fetching from addresses: limits hold whatever the server does, and Stash's key stays with Stash."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from stash_sense.media.fetch import FetchError, FetchStatusError, FetchTooLargeError, ImageFetcher
from stash_sense.stash.origin import StashOrigin
from tests.support.odd_server import OddServer, dripping, odd_server, picture, sending, silence
from tests.support.threaded_server import unused_address

LIMIT = 10_000
KEY = "sk-3c2b1a-secret"
ENDLESS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
async def odd() -> AsyncIterator[OddServer]:
    async with odd_server() as server:
        yield server


@pytest.fixture
async def other() -> AsyncIterator[OddServer]:
    async with odd_server() as server:
        yield server


@pytest.fixture
async def fetcher(odd: OddServer) -> AsyncIterator[ImageFetcher]:
    """One for which the first odd server is Stash."""
    made = ImageFetcher(
        max_bytes=LIMIT,
        stash=StashOrigin(odd.url(""), SecretStr(KEY)),
        connect_seconds=2,
        read_seconds=0.5,
        total_seconds=1.5,
    )
    yield made
    await made.aclose()


async def failure(fetcher: ImageFetcher, url: str, kind: type[FetchError] = FetchError) -> str:
    with pytest.raises(kind) as caught:
        await fetcher.fetch(url)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    assert KEY not in message
    return message


async def test_the_content_comes_back_byte_for_byte(odd: OddServer, fetcher: ImageFetcher) -> None:
    body = bytes(range(256)) * 8
    odd.answers["/a.jpg"] = picture(body)
    assert await fetcher.fetch(f"  {odd.url('/a.jpg')}\n") == body


async def test_as_many_bytes_as_allowed_are_accepted(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = picture(b"x" * LIMIT)
    assert len(await fetcher.fetch(odd.url("/a"))) == LIMIT


async def test_an_announced_size_beyond_the_limit_is_refused_unread(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/a"] = dripping("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", b"x", 0.01)
    message = await failure(fetcher, odd.url("/a"), FetchTooLargeError)
    assert "1000.0 MB" in message
    assert "MAX_IMAGE_BYTES" in message


async def test_an_endless_body_is_cut_off_at_the_limit(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = dripping(ENDLESS, b"400\r\n" + b"x" * 1024 + b"\r\n", 0)
    started = time.monotonic()
    await failure(fetcher, odd.url("/a"), FetchTooLargeError)
    assert time.monotonic() - started < 1


async def test_a_body_without_any_length_is_read_to_its_end_or_the_limit(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/small"] = sending("HTTP/1.1 200 OK\r\n\r\n", b"abc")
    odd.answers["/large"] = sending("HTTP/1.1 200 OK\r\n\r\n", b"x" * (LIMIT + 1))
    assert await fetcher.fetch(odd.url("/small")) == b"abc"
    await failure(fetcher, odd.url("/large"), FetchTooLargeError)


async def test_a_content_length_that_promises_more_than_comes_is_an_error(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/a"] = sending("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"abc")
    await failure(fetcher, odd.url("/a"))


async def test_a_content_length_smaller_than_the_body_does_not_smuggle_bytes_in(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/a"] = sending("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"abc" + b"x" * LIMIT * 2)
    assert await fetcher.fetch(odd.url("/a")) == b"abc"


@pytest.mark.parametrize("length", ["-5", "abc", "1, 2", "³"])
async def test_a_nonsensical_content_length_is_an_error(
    odd: OddServer, fetcher: ImageFetcher, length: str
) -> None:
    odd.answers["/a"] = sending(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n", b"abc")
    await failure(fetcher, odd.url("/a"))


async def test_a_slow_drip_ends_with_the_total_time(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = dripping(ENDLESS, b"1\r\nx\r\n", 0.1)
    started = time.monotonic()
    assert "1.5 s" in await failure(fetcher, odd.url("/a"))
    assert time.monotonic() - started < 3


async def test_a_silent_server_is_given_up(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = silence
    assert "no answer in time" in await failure(fetcher, odd.url("/a"))


async def test_nobody_listening_is_named_with_what_to_check(fetcher: ImageFetcher) -> None:
    address = unused_address()
    message = await failure(fetcher, f"{address}/a.jpg")
    assert address in message
    assert "cannot be reached" in message


@pytest.mark.parametrize("status", [404, 403, 500])
async def test_an_error_status_is_named(odd: OddServer, fetcher: ImageFetcher, status: int) -> None:
    odd.answers["/a"] = sending(f"HTTP/1.1 {status} Sorry\r\nContent-Length: 0\r\n\r\n")
    assert str(status) in await failure(fetcher, odd.url("/a"), FetchStatusError)


async def test_an_answer_that_is_not_http_is_an_error(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = sending("SSH-2.0-OpenSSH_9.2\r\n")
    await failure(fetcher, odd.url("/a"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(odd: OddServer, fetcher: ImageFetcher, status: int) -> None:
    odd.redirect("/a", "/b?size=large", status)
    odd.answers["/b?size=large"] = picture(b"abc")
    assert await fetcher.fetch(odd.url("/a")) == b"abc"


async def test_five_redirects_are_followed_and_a_sixth_is_not(odd: OddServer, fetcher: ImageFetcher) -> None:
    for step in range(1, 7):
        odd.redirect(f"/{step}", f"/{step + 1}")
    odd.answers["/7"] = picture(b"abc")
    assert await fetcher.fetch(odd.url("/2")) == b"abc"
    assert "more than 5 times" in await failure(fetcher, odd.url("/1"))


async def test_a_redirect_loop_is_named_with_its_steps(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.redirect("/a", "/b")
    odd.redirect("/b", "/a#again")
    message = await failure(fetcher, odd.url("/a"))
    assert "loop" in message
    assert f"{odd.url('/a')} -> {odd.url('/b')} -> {odd.url('/a')}" in message
    assert len(odd.seen) == 2


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/a.jpg", "gopher://127.0.0.1/", "//"]
)
async def test_a_redirect_to_anything_but_http_is_refused(
    odd: OddServer, fetcher: ImageFetcher, target: str
) -> None:
    odd.redirect("/a", target)
    await failure(fetcher, odd.url("/a"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.jpg",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.jpg",
        "data:image/png;base64,aaaa",
        "http://",
        "http:///a.jpg",
        "http://127.0.0.1:99999/a.jpg",
        "http://127.0.0.1:port/a.jpg",
        "http://[::1/a.jpg",
        "http://127.0.0.1\x00/a.jpg",
        "http://" + "a" * 300 + ".invalid./",
        "http://xn--\u00e4\u0300-.invalid./",
        "http://127.0.0.1/" + "a" * 100_000,
    ],
)
async def test_what_is_no_address_is_refused(fetcher: ImageFetcher, url: str) -> None:
    await failure(fetcher, url)


async def test_stash_s_own_address_gets_the_key(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/image/1/image"] = picture(b"abc")
    await fetcher.fetch(odd.url("/image/1/image"))
    assert f"apikey: {KEY}" in odd.seen[0].replace("ApiKey", "apikey")


async def test_another_port_of_stash_s_host_does_not_get_the_key(
    odd: OddServer, other: OddServer, fetcher: ImageFetcher
) -> None:
    other.answers["/a"] = picture(b"abc")
    await fetcher.fetch(other.url("/a"))
    assert KEY not in other.seen[0]


async def test_another_name_of_stash_s_host_does_not_get_the_key(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/a"] = picture(b"abc")
    await fetcher.fetch(f"http://localhost:{odd.port}/a")
    assert KEY not in odd.seen[0]


@pytest.mark.parametrize("userinfo", ["user:word@", "127.0.0.1:80@"])
async def test_an_address_that_looks_like_stash_s_does_not_get_the_key(
    odd: OddServer, other: OddServer, fetcher: ImageFetcher, userinfo: str
) -> None:
    other.answers["/a"] = picture(b"abc")
    await fetcher.fetch(f"http://{userinfo}127.0.0.1:{other.port}/a")
    assert KEY not in other.seen[0]


async def test_a_redirect_from_stash_to_elsewhere_loses_the_key_and_back_regains_it(
    odd: OddServer, other: OddServer, fetcher: ImageFetcher
) -> None:
    odd.redirect("/a", other.url("/b"))
    other.redirect("/b", odd.url("/c"))
    odd.answers["/c"] = picture(b"abc")
    assert await fetcher.fetch(odd.url("/a")) == b"abc"
    assert KEY in odd.heads("/a")[0]
    assert KEY not in other.heads("/b")[0]
    assert KEY in odd.heads("/c")[0]


async def test_without_a_stash_no_key_is_sent(odd: OddServer) -> None:
    odd.answers["/a"] = picture(b"abc")
    fetcher = ImageFetcher(max_bytes=LIMIT)
    assert await fetcher.fetch(odd.url("/a")) == b"abc"
    await fetcher.aclose()
    assert "apikey" not in odd.seen[0].lower()


async def test_cookies_do_not_pass_from_one_request_to_the_next(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/a"] = picture(b"abc", "Set-Cookie: session=1234; Path=/")
    await fetcher.fetch(odd.url("/a"))
    await fetcher.fetch(odd.url("/a"))
    assert all("cookie" not in head.lower() for head in odd.seen)


async def test_a_proxy_from_the_environment_is_not_told(
    odd: OddServer, other: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, other.url(""))
    odd.answers["/a"] = picture(b"abc")
    fetcher = ImageFetcher(max_bytes=LIMIT, stash=StashOrigin(odd.url(""), SecretStr(KEY)))
    assert await fetcher.fetch(odd.url("/a")) == b"abc"
    await fetcher.aclose()
    assert not other.seen


async def test_secrets_in_the_address_do_not_show_in_the_error(odd: OddServer, fetcher: ImageFetcher) -> None:
    url = f"http://owner:hunter2@127.0.0.1:{odd.port}/a?apikey={KEY}&access_token=t0k&size=3"
    message = await failure(fetcher, url)
    assert "hunter2" not in message
    assert "t0k" not in message
    assert "size=3" in message


async def test_a_compressed_answer_is_unpacked_within_the_limit(
    odd: OddServer, fetcher: ImageFetcher
) -> None:
    odd.answers["/small"] = picture(gzip.compress(b"abc"), "Content-Encoding: gzip")
    odd.answers["/bomb"] = picture(gzip.compress(bytes(5_000_000)), "Content-Encoding: gzip")
    assert await fetcher.fetch(odd.url("/small")) == b"abc"
    await failure(fetcher, odd.url("/bomb"), FetchTooLargeError)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "gzip,deflate"])
async def test_other_and_nested_compression_is_refused(
    odd: OddServer, fetcher: ImageFetcher, encoding: str
) -> None:
    odd.answers["/a"] = picture(gzip.compress(gzip.compress(b"abc")), f"Content-Encoding: {encoding}")
    assert "compressed" in await failure(fetcher, odd.url("/a"))


async def test_broken_compression_is_an_error(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = picture(b"not gzip at all", "Content-Encoding: gzip")
    await failure(fetcher, odd.url("/a"))


async def test_many_fetches_share_few_connections_and_all_arrive(odd: OddServer) -> None:
    odd.answers["/a"] = picture(b"abc")
    fetcher = ImageFetcher(max_bytes=LIMIT, connections=4, total_seconds=60)
    assert await asyncio.gather(*(fetcher.fetch(odd.url("/a")) for _ in range(60))) == [b"abc"] * 60
    await fetcher.aclose()


async def test_a_cancelled_fetch_leaves_the_fetcher_usable(odd: OddServer, fetcher: ImageFetcher) -> None:
    odd.answers["/a"] = silence
    odd.answers["/b"] = picture(b"abc")
    for _ in range(20):
        task: asyncio.Task[Any] = asyncio.create_task(fetcher.fetch(odd.url("/a")))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await fetcher.fetch(odd.url("/b")) == b"abc"
