"""The analysis as a whole: a Stash, fingerprints in the database, recommendations."""

from __future__ import annotations

import pytest

from stash_sense.analyses.duplicate_scenes.analysis import DuplicateScenes
from stash_sense.library.library import Library
from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from stash_sense.library.schema import scene_fingerprint_faces
from stash_sense.stash.client import StashClient
from tests.support.analysis_trial import Trial
from tests.support.stash_server import StashFile, StashPerformer, StashScene, StashServer

BOX = "https://box.example/graphql"


@pytest.fixture
def trial(client: StashClient, library: Library) -> Trial:
    return Trial(DuplicateScenes(), client, library)


async def recognise(trial: Trial, scene_id: str, status: str = "complete", **shares: float) -> None:
    performers = tuple(FingerprintPerformer(who, 10, 0.9, share) for who, share in shares.items())
    fingerprint = SceneFingerprint(scene_id, 20, 60, "1", performers, status)  # type: ignore[arg-type]
    assert await trial.library.save_scene(fingerprint) is None


async def test_scenes_with_the_same_people_in_the_same_shares_are_recommended(
    stash: StashServer, trial: Trial
) -> None:
    for number in ("7", "12", "30"):
        stash.scenes[number] = StashScene(f"Scene {number}")
    await recognise(trial, "7", ann=0.6, bea=0.4)
    await recognise(trial, "12", cal=1.0)
    await recognise(trial, "30", ann=0.5, bea=0.5)
    context = await trial.run()
    assert (context.processed, context.created) == (3, 1)
    (found,) = (await trial.found()).values()
    assert (found.target_type, found.target_id, found.confidence) == ("scene", "7", pytest.approx(0.68))
    assert found.details["scene_b_id"] == "30"
    assert found.details["confidence"] == 68.0
    assert found.details["signal_breakdown"] == {
        "stashbox_match": False,
        "stashbox_endpoint": None,
        "face_score": 68.0,
        "face_reasoning": "all 2 recognised performers are in both; "
        "their shares of the faces differ by 10% on average",
        "metadata_score": 0.0,
        "metadata_reasoning": "studio and performers do not agree",
    }
    assert found.details["reasoning"] == [found.details["signal_breakdown"]["face_reasoning"]]


async def test_one_scene_of_a_stash_box_is_certain(stash: StashServer, trial: Trial) -> None:
    stash.scenes["1"] = StashScene("One", stash_ids=[(BOX, "u-1")])
    stash.scenes["2"] = StashScene("Two", stash_ids=[(BOX, "u-1")])
    await trial.run()
    found = (await trial.found())["1"]
    assert (found.confidence, found.details["confidence"]) == (1, 100)
    assert found.details["reasoning"] == [f"{BOX} knows both as one scene"]
    assert found.details["signal_breakdown"]["stashbox_endpoint"] == BOX


async def test_metadata_alone_suffices_when_all_of_it_agrees(stash: StashServer, trial: Trial) -> None:
    stash.studios["4"] = "A studio"
    stash.performers |= {"8": StashPerformer("Ann"), "9": StashPerformer("Bea")}
    for number, length in (("1", 600.0), ("2", 603.0)):
        file = StashFile(f"1{number}", duration=length)
        stash.scenes[number] = StashScene("Film", [file], "2024-05-01", "4", ["8", "9"])
    await trial.run()
    found = (await trial.found())["1"]
    assert found.details["confidence"] == 60
    said = "same studio, same performers, same date, durations 3 s apart"
    assert found.details["signal_breakdown"]["metadata_reasoning"] == said


async def test_a_scene_that_was_deleted_takes_its_recommendation_along(
    stash: StashServer, trial: Trial
) -> None:
    for number in ("1", "2"):
        stash.scenes[number] = StashScene("Film", stash_ids=[(BOX, "u")])
    await trial.run()
    del stash.scenes["2"]
    await trial.run()
    assert await trial.found() == {}
    assert set(await trial.found("resolved")) == {"1"}


async def test_a_dismissed_scene_stays_dismissed(stash: StashServer, trial: Trial) -> None:
    for number in ("1", "2"):
        stash.scenes[number] = StashScene("Film", stash_ids=[(BOX, "u")])
    await trial.run()
    await trial.dismiss("scene", "1", permanent=False)
    assert (await trial.run(full=True)).created == 0
    assert await trial.found() == {}


async def test_fingerprints_that_are_to_be_made_anew_do_not_count(stash: StashServer, trial: Trial) -> None:
    for number in ("1", "2"):
        stash.scenes[number] = StashScene("Film")
        await recognise(trial, number, "pending", ann=1.0)
    await trial.run()
    assert await trial.found() == {}


async def test_a_share_that_an_old_database_lacks_is_counted_from_the_faces(
    stash: StashServer, trial: Trial
) -> None:
    for number in ("1", "2"):
        stash.scenes[number] = StashScene("Film")
        await recognise(trial, number, ann=0.5, bea=0.5)
    change = scene_fingerprint_faces.update().values(proportion=None)
    await trial.library.writing(lambda connection: connection.execute(change))
    await trial.run()
    assert (await trial.found())["1"].details["confidence"] == 85
