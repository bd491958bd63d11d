"""What the user has set up in Stash."""

import json
import traceback

import pytest

from stash_sense.stash.client import StashClient, StashUnavailable
from tests.support.stash_server import StashBoxSetting, StashServer


async def test_the_stash_boxes_come_with_keys_that_do_not_show(
    stash: StashServer, client: StashClient
) -> None:
    assert await client.configuration.stash_boxes() == []
    stash.stash_boxes.append(StashBoxSetting("https://box.example/graphql", "Box", "hunter2"))
    (box,) = await client.configuration.stash_boxes()
    assert (box.endpoint, box.name) == ("https://box.example/graphql", "Box")
    assert box.api_key.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(box)


async def test_a_key_in_an_answer_of_unknown_form_does_not_show_in_the_error(
    stash: StashServer, client: StashClient
) -> None:
    boxes = [{"endpoint": "https://box.example/graphql", "api_key": "hunter2"}]
    answer = {"data": {"configuration": {"general": {"stashBoxes": boxes}}}}
    stash.faults.body = json.dumps(answer).encode()
    with pytest.raises(StashUnavailable) as caught:
        await client.configuration.stash_boxes()
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
