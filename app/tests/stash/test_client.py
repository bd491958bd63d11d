"""Reading images from a real (small) Stash."""

import asyncio
import logging
import time
from dataclasses import replace

import pytest

from stash_sense.media.fetch import FetchTooLargeError
from stash_sense.stash.client import (
    Priority,
    StashClient,
    StashNotConfigured,
    StashNotFound,
    StashUnavailable,
)
from tests.stash.conftest import API_KEY, IMPATIENT, client_for, failure
from tests.support.stash_server import StashPerformer, StashPicture, StashServer, stash_running
from tests.support.threaded_server import unused_address

LIMIT = 10_000
PHOTO = bytes(range(256)) * 4


async def test_an_image_is_found_with_what_is_known_of_it(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(PHOTO, 640, 480, title="Föhn", gallery_ids=("3", "5"))
    image = await client.images.get("7")
    assert (image.id, image.title, image.width, image.height) == ("7", "Föhn", 640, 480)
    assert [gallery.id for gallery in image.galleries] == ["3", "5"]
    assert image.paths.image == f"{stash.url}/image/7/image?t=1735689600"
    assert not image.is_clip


async def test_its_content_is_downloaded_with_the_key(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    assert await client.images.download(await client.images.get("7"), LIMIT) == PHOTO
    assert stash.seen("/image/7/image")[0].headers["apikey"] == API_KEY


async def test_the_version_is_told(stash: StashServer, client: StashClient) -> None:
    assert await client.version() == "v0.28.1"
    stash.version = None
    assert await client.version() is None


@pytest.mark.parametrize("written", ["", "/", "/graphql", "/graphql/"])
async def test_the_address_may_be_written_in_any_form(stash: StashServer, written: str) -> None:
    client = client_for(stash.url + written)
    assert await client.version() == "v0.28.1"
    await client.aclose()


async def test_a_stash_below_a_path_prefix_works() -> None:
    with stash_running(API_KEY, prefix="/stash") as stash:
        stash.images["7"] = StashPicture(PHOTO)
        client = client_for(stash.url)
        assert await client.images.download(await client.images.get("7"), LIMIT) == PHOTO
        await client.aclose()


async def test_links_that_point_elsewhere_are_fetched_from_the_configured_address(
    stash: StashServer, client: StashClient
) -> None:
    with stash_running() as elsewhere:
        stash.external_host = elsewhere.url
        stash.images["7"] = StashPicture(PHOTO)
        elsewhere.images["7"] = StashPicture(b"not this one")
        assert await client.images.download(await client.images.get("7"), LIMIT) == PHOTO
        assert elsewhere.requests == []


async def test_a_clip_gives_its_thumbnail(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(b"video", 64, 48, thumbnail=PHOTO, is_clip=True)
    image = await client.images.get("7")
    assert (image.is_clip, image.width, image.height) == (True, 64, 48)
    assert await client.images.download(image, LIMIT) == PHOTO


@pytest.mark.parametrize("image_id", ["999", "", "abc", "-1", "7 ", "²", "7}) { id } #", "../7"])
async def test_an_id_that_stash_does_not_have_is_not_found(
    stash: StashServer, client: StashClient, image_id: str
) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    assert "no image with the id" in await failure(client.images.get(image_id), StashNotFound)


async def test_a_file_that_stash_has_lost_is_not_found(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(None)
    message = await failure(client.images.download(await client.images.get("7"), LIMIT), StashNotFound)
    assert "rescan" in message


async def test_a_file_beyond_the_limit_is_refused(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(b"x" * (LIMIT + 1))
    with pytest.raises(FetchTooLargeError, match="MAX_IMAGE_BYTES"):
        await client.images.download(await client.images.get("7"), LIMIT)


@pytest.mark.parametrize("url", [None, ""])
async def test_without_an_address_every_call_says_what_to_set(stash: StashServer, url: str | None) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    known = client_for(stash.url)
    image = await known.images.get("7")
    client = client_for(url, None)
    assert not client.configured
    assert client.origin is None
    for call in (client.version(), client.images.get("7"), client.images.download(image, LIMIT)):
        assert "STASH_URL is not set" in await failure(call, StashNotConfigured)
    await client.aclose()
    await known.aclose()


async def test_nobody_at_the_address_is_named_with_what_to_check() -> None:
    address = unused_address()
    client = client_for(address)
    message = await failure(client.version(), StashUnavailable)
    assert address in message
    assert "STASH_URL" in message
    await client.aclose()


async def test_a_wrong_key_is_named_and_not_tried_again(stash: StashServer) -> None:
    client = client_for(stash.url, "hunter2")
    message = await failure(client.images.get("7"), StashUnavailable)
    assert "STASH_API_KEY" in message
    assert "hunter2" not in message
    assert len(stash.requests) == 1
    await client.aclose()


@pytest.mark.parametrize("key", [None, ""])
async def test_a_missing_key_is_named(stash: StashServer, key: str | None) -> None:
    client = client_for(stash.url, key)
    assert "STASH_API_KEY is not set" in await failure(client.images.get("7"), StashUnavailable)
    await client.aclose()


async def test_a_log_in_page_in_place_of_the_content_is_named(
    stash: StashServer, client: StashClient
) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    image = await client.images.get("7")
    stash.api_key = "changed meanwhile"
    assert "STASH_API_KEY" in await failure(client.images.download(image, LIMIT), StashUnavailable)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_failure_that_passes_is_not_noticed(
    stash: StashServer, client: StashClient, status: int
) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    stash.faults.status, stash.faults.times = status, 2
    assert (await client.images.get("7")).id == "7"
    assert len(stash.requests) == 3


async def test_a_dropped_connection_is_made_anew(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    stash.faults.drop_connection, stash.faults.times = True, 2
    assert (await client.images.get("7")).id == "7"


async def test_a_failure_that_stays_is_reported_after_three_attempts(
    stash: StashServer, client: StashClient
) -> None:
    stash.faults.status = 500
    assert "HTTP 500" in await failure(client.images.get("7"), StashUnavailable)
    assert len(stash.requests) == 3


async def test_a_connection_that_always_drops_is_reported(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    image = await client.images.get("7")
    stash.faults.drop_connection = True
    assert "broke" in await failure(client.images.get("7"), StashUnavailable)
    await failure(client.images.download(image, LIMIT), StashUnavailable)


async def test_a_user_s_action_is_waited_for_longer_than_a_look_up(stash: StashServer) -> None:
    client = client_for(stash.url, timeouts=IMPATIENT)
    stash.faults.slow_seconds = 1
    assert "did not answer" in await failure(client.version(Priority.INTERACTIVE), StashUnavailable)
    assert await client.version(Priority.USER_ACTION) == "v0.28.1"
    await client.aclose()


async def test_a_deletion_is_waited_for_longest(stash: StashServer) -> None:
    client = client_for(stash.url, timeouts=replace(IMPATIENT, patient=0.5, once=10))
    stash.performers["7"] = StashPerformer("Ann")
    stash.faults.slow_seconds = 1
    assert "did not answer" in await failure(client.version(Priority.USER_ACTION), StashUnavailable)
    await client.performers.delete(["7"], Priority.USER_ACTION)
    assert stash.performers == {}
    await client.aclose()


async def test_a_slow_stash_is_waited_for_once(stash: StashServer, client: StashClient) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    image = await client.images.get("7")
    stash.requests.clear()
    stash.faults.slow_seconds = 3
    impatient = client_for(stash.url, timeouts=IMPATIENT)
    assert "did not answer" in await failure(impatient.images.get("7"), StashUnavailable)
    await failure(impatient.images.download(image, LIMIT), StashUnavailable)
    assert [request.path for request in stash.requests] == ["/graphql", "/image/7/image"]
    await impatient.aclose()


async def test_what_stash_says_is_passed_on_in_one_line_without_the_key(
    stash: StashServer, client: StashClient
) -> None:
    stash.faults.graphql_error = f"database is locked\nfor ApiKey {API_KEY}"
    message = await failure(client.images.get("7"), StashUnavailable)
    assert "database is locked for ApiKey ***" in message
    assert len(stash.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html>another service</html>",
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"data": {"findImage": {"id": 7}}}',
        b'{"data": null}',
        b'{"data": {}}',
        b'{"errors": [{"code": 7}]}',
    ],
)
async def test_an_answer_in_another_form_is_named(
    stash: StashServer, client: StashClient, body: bytes
) -> None:
    stash.faults.body = body
    await failure(client.images.get("7"), StashUnavailable)


async def test_a_redirect_is_named_and_the_key_does_not_follow_it(
    stash: StashServer, client: StashClient
) -> None:
    with stash_running() as elsewhere:
        stash.images["7"] = StashPicture(PHOTO)
        image = await client.images.get("7")
        stash.faults.redirect_to = f"{elsewhere.url}/graphql"
        message = await failure(client.images.get("7"), StashUnavailable)
        assert elsewhere.url in message
        assert "STASH_URL" in message
        await failure(client.images.download(image, LIMIT), StashUnavailable)
        assert elsewhere.requests == []


async def test_calls_pass_the_rate_limiter_and_downloads_do_not(stash: StashServer) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    client = client_for(stash.url, rate=2)
    started = time.monotonic()
    image = await client.images.get("7")
    for _ in range(10):
        await client.images.download(image, LIMIT)
    assert time.monotonic() - started < 4
    await client.images.get("7")
    await client.images.get("7")
    assert time.monotonic() - started >= 1 - 0.02
    assert client.rate_limiter_stats().total_requests == 3
    await client.aclose()


async def test_every_attempt_takes_its_turn(stash: StashServer, client: StashClient) -> None:
    stash.faults.status = 500
    await failure(client.version(), StashUnavailable)
    assert client.rate_limiter_stats().total_requests == 3


async def test_an_interactive_call_overtakes_bulk_ones(stash: StashServer) -> None:
    stash.images["7"] = StashPicture(PHOTO)
    client = client_for(stash.url, rate=20)
    bulk = [asyncio.create_task(client.version(Priority.BULK)) for _ in range(40)]
    await asyncio.sleep(0.01)
    await client.images.get("7")
    # Some may have passed before it came.
    assert [request.operation for request in stash.requests].index("FindImage") < 10
    for task in bulk:
        task.cancel()
    await asyncio.gather(*bulk, return_exceptions=True)
    await client.aclose()


async def test_the_connection_is_kept(stash: StashServer, client: StashClient) -> None:
    for _ in range(5):
        await client.version()
    assert len({request.client for request in stash.requests}) == 1


async def test_the_key_is_in_no_log_line(
    stash: StashServer, client: StashClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # The command line quiets them, and a test of it may have run in this process.
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    stash.images["7"] = StashPicture(PHOTO)
    await client.images.download(await client.images.get("7"), LIMIT)
    stash.faults.status = 500
    await failure(client.version(), StashUnavailable)
    assert caplog.records
    assert API_KEY not in caplog.text


def test_a_malformed_address_or_key_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="http://host:6969"):
        client_for("host:6969")
    with pytest.raises(ValueError, match="copy it again"):
        client_for("http://host:6969", "two words")
