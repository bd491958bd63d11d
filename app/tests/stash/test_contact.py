"""What readiness says of Stash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from stash_sense.readiness import is_ready
from stash_sense.stash.client import StashClient
from stash_sense.stash.contact import StashContact
from tests.stash.conftest import API_KEY, client_for
from tests.support.stash_server import StashServer


@pytest.fixture
async def contacts() -> AsyncIterator[list[StashContact]]:
    made: list[StashContact] = []
    yield made
    for contact in made:
        await contact.stop()


async def told(contact: StashContact, state: str) -> str:
    async with asyncio.timeout(30):
        while contact.check.state != state:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
    return contact.check.reason


async def test_a_stash_that_answers_is_told_with_its_version_and_asked_no_more(
    stash: StashServer, client: StashClient, contacts: list[StashContact]
) -> None:
    contacts.append(contact := StashContact(client, again_seconds=0.01))
    assert contact.check.state == "starting"
    contact.start()
    assert await told(contact, "ok") == "Stash v0.28.1 has answered"
    await asyncio.sleep(0.1)
    assert len(stash.asked("Version")) == 1


async def test_a_wrong_key_is_told_until_it_is_right_and_hinders_nothing(
    stash: StashServer, contacts: list[StashContact], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_for(stash.url, "sk-another-key")
    contacts.append(contact := StashContact(client, again_seconds=0.01))
    contact.start()
    reason = await told(contact, "off")
    assert reason.startswith("unavailable: ")
    assert "STASH_API_KEY" in reason
    assert is_ready([contact.check])
    await asyncio.sleep(0.2)
    stash.reset("sk-another-key")
    await told(contact, "ok")
    assert len([line for line in caplog.messages if "asked again" in line]) == 1
    assert API_KEY not in caplog.text
    await client.aclose()


async def test_without_an_address_nobody_is_asked(contacts: list[StashContact]) -> None:
    client = client_for(None)
    contacts.append(contact := StashContact(client))
    contact.start()
    assert (contact.check.state, contact.check.reason[:20]) == ("off", "STASH_URL is not set")
    await client.aclose()
