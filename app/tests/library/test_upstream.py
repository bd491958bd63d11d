"""What is remembered of stash-boxes, on either kind of database."""

from __future__ import annotations

from stash_sense.analyses.duplicate_scenes.fingerprints import read_fingerprints
from stash_sense.analyses.upstream_changes.pending import pending_changes
from stash_sense.library import recommendations, upstream_fields, upstream_snapshots
from stash_sense.library.recommendation import Draft
from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from stash_sense.library.upstream_snapshots import UpstreamSnapshot
from tests.library.conftest import NewLibrary

BOX, OTHER = "https://a.example/graphql", "https://b.example/graphql"


async def test_a_snapshot_takes_the_place_of_the_earlier_one(new_library: NewLibrary) -> None:
    library = new_library()
    first = UpstreamSnapshot("u-1", "7", {"name": "Ann", "aliases": ["A."]}, "2025-01-01T00:00:00Z")
    second = UpstreamSnapshot("u-1", "7", {"name": "Anna"}, None)
    for box, snapshot in ((BOX, first), (OTHER, first), (BOX, second)):
        await library.writing(
            lambda connection, box=box, snapshot=snapshot: upstream_snapshots.save_all(
                connection, "performer", box, [snapshot]
            )
        )
    for box, expected in ((BOX, second), (OTHER, first)):
        found = await library.reading(
            lambda connection, box=box: upstream_snapshots.of_endpoint(connection, "performer", box)
        )
        assert found == {"u-1": expected}
    await library.stop()


async def test_fields_are_switched_for_one_box_at_a_time(new_library: NewLibrary) -> None:
    library = new_library()
    for fields in ({"name": False, "country": False}, {"name": True}):
        await library.writing(
            lambda connection, fields=fields: upstream_fields.configure(connection, "performer", BOX, fields)
        )
    decided = await library.reading(
        lambda connection: upstream_fields.configured(connection, "performer", BOX)
    )
    assert decided == {"name": True, "country": False}
    assert (
        await library.reading(lambda connection: upstream_fields.configured(connection, "performer", OTHER))
        == {}
    )
    await library.stop()


async def test_pending_changes_are_read_also_as_an_earlier_sidecar_may_have_written_them(
    new_library: NewLibrary,
) -> None:
    library = new_library()
    change = {"field": "country", "local_value": "DE", "upstream_value": "AT"}
    drafts = [
        Draft("performer", "1", {"endpoint": BOX, "changes": [change, "?"]}),
        Draft("performer", "2", {"changes": None}),
    ]
    await library.writing(lambda connection: recommendations.recommend_all(connection, "upstream", drafts))
    found = await library.reading(lambda connection: pending_changes(connection, "upstream"))
    assert [(one.field, one.previous_upstream_value) for one in found["1"].changes] == [("country", None)]
    assert (found["1"].endpoint, found["2"].endpoint, found["2"].changes) == (BOX, "", [])
    await library.stop()


async def test_fingerprints_are_read_all_at_once(new_library: NewLibrary) -> None:
    library = new_library()
    for number, status in (("5", "complete"), ("12", "complete"), ("6", "error"), ("x", "complete")):
        performers = (FingerprintPerformer("ann", 3, 0.9, 0.75), FingerprintPerformer("bea", 1, 0.9, 0.25))
        fingerprint = SceneFingerprint(number, 4, 60, "1", performers, status)  # type: ignore[arg-type]
        assert await library.save_scene(fingerprint) is None
    found = await library.reading(read_fingerprints)
    assert found.of(5) == found.of(12) == {"ann": 750_000, "bea": 250_000}
    assert found.of(6) == found.of(7) == {}
    await library.stop()
