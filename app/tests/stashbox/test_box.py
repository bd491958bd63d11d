"""Asking a stash-box: in batches, politely, and with every failure named."""

from __future__ import annotations

import asyncio
import email.utils
import logging
import time
import uuid
from collections.abc import Awaitable
from dataclasses import replace

import pytest
from graphql import build_schema, parse, validate

from stash_sense.stashbox.documents import find_performers, query_performers
from stash_sense.stashbox.errors import StashBoxError, StashBoxPassing, StashBoxRefused, StashBoxUnavailable
from tests.stashbox.conftest import KEY, QUICK, Connect
from tests.support.stashbox_server import (
    BOX_SCHEMA_TEXT,
    BoxRecord,
    StashBoxServer,
    stashbox_running,
    without_news,
)
from tests.support.threaded_server import unused_address


def fill(server: StashBoxServer, count: int) -> list[str]:
    """Performers whose times of change ascend; gives their ids."""
    ids = [str(uuid.UUID(int=number)) for number in range(1, count + 1)]
    for number, performer_id in enumerate(ids):
        server.performers[performer_id] = BoxRecord(f"P{number}", updated=f"2025-03-01T00:00:{number:02}Z")
    return ids


async def failure(call: Awaitable[object], kind: type[StashBoxError]) -> str:
    with pytest.raises(kind) as caught:
        await call
    message = str(caught.value)
    assert "\n" not in message
    assert KEY not in message
    assert message.startswith("A box")
    return message


@pytest.mark.parametrize("news", [True, False])
def test_the_documents_fit_a_stash_box_s_schema(news: bool) -> None:
    schema = build_schema(BOX_SCHEMA_TEXT if news else without_news(BOX_SCHEMA_TEXT))
    assert validate(schema, parse(find_performers(3, news=news))) == []
    assert not news or validate(schema, parse(query_performers())) == []


async def test_performers_are_asked_for_in_batches(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 10)
    found = await connect().performers(ids)
    assert [found[one].name for one in ids] == [f"P{number}" for number in range(10)]
    assert [len(request.variables) for request in server.requests] == [4, 4, 2]


async def test_everything_about_a_performer_is_read(server: StashBoxServer, connect: Connect) -> None:
    (one,) = fill(server, 1)
    server.performers[one] = BoxRecord(
        "Ann",
        aliases=["Annie"],
        ethnicity="MIDDLE_EASTERN",
        links=["https://a.example"],
        band_size=34,
        cup_size="C",
        tattoo_pairs=[("arm", "a rose"), ("leg", None)],
        is_favorite=True,
    )
    performer = (await connect().performers([one]))[one]
    assert (performer.aliases, performer.ethnicity) == (("Annie",), "MIDDLE_EASTERN")
    assert [link.url for link in performer.urls] == ["https://a.example"]
    assert (performer.measurements.band_size, performer.measurements.cup_size) == (34, "C")
    assert [(mark.location, mark.description) for mark in performer.tattoos or ()] == [
        ("arm", "a rose"),
        ("leg", None),
    ]
    assert (performer.is_favorite, performer.deleted) == (True, False)


async def test_ids_that_the_box_does_not_have_are_left_out(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 2)
    unknown = [str(uuid.UUID(int=99)), "not-an-id"]
    assert set(await connect().performers([ids[0], *unknown, ids[1]])) == set(ids)


async def test_one_who_was_merged_into_another_is_found_by_the_old_id(
    server: StashBoxServer, connect: Connect
) -> None:
    old, new = fill(server, 2)
    server.performers[old].merged_into = new
    assert (await connect().performers([old]))[old].id == new


async def test_changes_are_read_back_to_a_moment_and_no_further(
    server: StashBoxServer, connect: Connect
) -> None:
    ids = fill(server, 10)
    found = [performer.id async for performer in connect().changed_since("2025-03-01T00:00:06Z")]
    assert found == ids[9:5:-1]
    assert len(server.asked("QueryPerformers")) == 2


async def test_a_moment_is_compared_as_a_time_not_as_text(server: StashBoxServer, connect: Connect) -> None:
    one, _ = fill(server, 2)
    server.performers[one].updated = "2025-03-01T00:00:01.25Z"
    found = [performer.id async for performer in connect().changed_since("2025-03-01T01:00:01+01:00")]
    assert found[0] == one
    assert len(found) == 2


async def test_all_changes_are_read_when_all_are_newer(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 7)
    found = [performer.id async for performer in connect().changed_since("2020-01-01T00:00:00Z")]
    assert found == ids[::-1]


async def test_a_box_that_says_when_to_come_back_is_left_alone_until_then(
    server: StashBoxServer, connect: Connect
) -> None:
    ids = fill(server, 1)
    server.requests_left, server.retry_after = 0, "1"
    started = time.monotonic()
    assert set(await connect().performers(ids)) == set(ids)
    assert time.monotonic() - started >= 1
    assert len(server.requests) == 2


async def test_a_box_may_say_it_as_a_date(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 1)
    server.requests_left, server.retry_after = 0, email.utils.formatdate(time.time() + 1.5, usegmt=True)
    assert set(await connect().performers(ids)) == set(ids)


async def test_a_box_that_wants_a_long_rest_ends_the_run(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 1)
    server.requests_left, server.retry_after = 0, "3600"
    started = time.monotonic()
    assert "HTTP 429" in await failure(connect().performers(ids), StashBoxPassing)
    assert time.monotonic() - started < 2
    assert len(server.requests) == 1


async def test_requests_keep_their_distance(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 12)
    started = time.monotonic()
    await connect(manners=replace(QUICK, rate=10)).performers(ids)
    assert time.monotonic() - started >= 0.2 - 0.02


async def test_each_box_has_a_pace_of_its_own(server: StashBoxServer, connect: Connect) -> None:
    ids = fill(server, 4)
    slow = replace(QUICK, rate=0.5)
    started = time.monotonic()
    await asyncio.gather(*(connect(manners=slow).performers(ids) for _ in range(3)))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failure_that_passes_is_not_noticed(
    server: StashBoxServer, connect: Connect, status: int
) -> None:
    ids = fill(server, 1)
    server.faults.status, server.faults.times = status, 3
    assert set(await connect().performers(ids)) == set(ids)


async def test_a_failure_that_stays_is_reported_after_some_attempts(
    server: StashBoxServer, connect: Connect
) -> None:
    server.faults.status = 500
    assert "HTTP 500" in await failure(connect().performers(fill(server, 1)), StashBoxPassing)
    assert len(server.requests) == QUICK.attempts


async def test_a_box_that_finds_a_batch_too_large_gets_smaller_ones(
    server: StashBoxServer, connect: Connect
) -> None:
    ids, server.most_at_once = fill(server, 5), 1
    box = connect()
    assert set(await box.performers(ids)) == set(ids)
    server.requests.clear()
    await box.performers(ids)
    assert [len(request.variables) for request in server.requests] == [1] * 5


async def test_an_imitation_that_knows_less_is_asked_for_less(connect: Connect) -> None:
    with stashbox_running(KEY, without_news(BOX_SCHEMA_TEXT)) as imitation:
        ids = fill(imitation, 3)
        box = connect(imitation.endpoint)
        found = await box.performers(ids)
        assert {performer.updated for performer in found.values()} == {None}
        assert len(imitation.requests) == 2
        await failure(anext(box.changed_since("2025-01-01T00:00:00Z")), StashBoxRefused)


async def test_a_wrong_key_is_named_and_not_tried_again(server: StashBoxServer, connect: Connect) -> None:
    message = await failure(connect(key="wrong").performers(fill(server, 1)), StashBoxUnavailable)
    assert "API key" in message
    assert "Metadata Providers" in message
    assert len(server.requests) == 1


async def test_a_key_that_no_request_can_carry_is_not_shown(connect: Connect) -> None:
    with pytest.raises(StashBoxUnavailable) as caught:
        await connect(key="two\nsecrets").performers(["a"])
    assert "copy it again" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_nobody_at_the_address_is_named(connect: Connect) -> None:
    message = await failure(connect(unused_address()).performers(["a"]), StashBoxPassing)
    assert "cannot be reached" in message


async def test_a_silent_box_is_named(server: StashBoxServer, connect: Connect) -> None:
    server.faults.slow_seconds = 5
    box = connect(manners=replace(QUICK, attempts=1))
    assert "did not answer" in await failure(box.performers(fill(server, 1)), StashBoxPassing)


async def test_a_redirect_does_not_get_the_key(server: StashBoxServer, connect: Connect) -> None:
    with stashbox_running(KEY) as elsewhere:
        server.faults.redirect_to = elsewhere.endpoint
        await failure(connect().performers(fill(server, 1)), StashBoxUnavailable)
        assert elsewhere.requests == []


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"data": {"p0": {"id": 7}}}', b'{"data": null}'])
async def test_an_answer_in_another_form_is_named(
    server: StashBoxServer, connect: Connect, body: bytes
) -> None:
    server.faults.body = body
    await failure(connect().performers(fill(server, 1)), StashBoxUnavailable)


async def test_what_the_box_says_is_passed_on_without_the_key(
    server: StashBoxServer, connect: Connect
) -> None:
    server.faults.graphql_error = f"no\nsuch field, {KEY}"
    assert "no such field, ***" in await failure(connect().performers(fill(server, 1)), StashBoxRefused)


async def test_the_key_is_in_no_log_line(
    server: StashBoxServer, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    await connect().performers(fill(server, 1))
    assert caplog.records
    assert KEY not in caplog.text
