"""What the user has set up in Stash."""

from stash_sense.stash.client import StashClient
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
