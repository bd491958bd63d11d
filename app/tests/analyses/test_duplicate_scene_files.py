"""Scenes with several files, found in a real Stash over GraphQL; how files are compared."""

from __future__ import annotations

from typing import Any

import pytest

from stash_sense.analyses.duplicate_scene_files import DuplicateSceneFiles, best_first, quality_score
from stash_sense.analyses.readable import readable_duration, readable_size
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient
from stash_sense.stash.objects.scenes import VideoFile
from tests.support.analysis_trial import Trial
from tests.support.stash_server import StashFile, StashPerformer, StashScene, StashServer

GIGABYTE = 1024**3


@pytest.fixture
def trial(client: StashClient, library: Library) -> Trial:
    return Trial(DuplicateSceneFiles(), client, library)


def film(number: str, **values: Any) -> StashFile:
    known = {
        "path": f"/films/{number}.mp4",
        "size": GIGABYTE,
        "duration": 3723.9,
        "width": 1920,
        "height": 1080,
        "frame_rate": 25.0,
        "bit_rate": 6_000_000,
    }
    return StashFile(number, **{**known, **values})


def video(number: str = "1", **values: Any) -> VideoFile:
    known = {
        "id": number,
        "path": "/a.mp4",
        "basename": "a.mp4",
        "size": 10,
        "duration": 1.0,
        "video_codec": "vp9",
        "audio_codec": "aac",
        "width": 100,
        "height": 100,
        "frame_rate": 25.0,
        "bit_rate": 0,
    }
    return VideoFile.model_validate({**known, **values})


async def test_a_scene_with_two_files_is_recommended_with_the_better_one_to_keep(
    stash: StashServer, trial: Trial
) -> None:
    stash.studios = {"5": "A Studio"}
    stash.performers = {"3": StashPerformer("Ann")}
    small = film("21", size=GIGABYTE // 2, width=1280, height=720, bit_rate=2_500_000)
    stash.scenes = {
        "7": StashScene(
            "Holidays", [small, film("22", video_codec="hevc")], studio_id="5", performer_ids=["3"]
        ),
        "8": StashScene("Single", [film("31")]),
        "9": StashScene("Nothing"),
    }
    context = await trial.run()
    ((target, found),) = (await trial.found()).items()
    assert (target, found.target_type, found.confidence, context.created) == ("7", "scene", 1.0, 1)
    details = dict(found.details)
    best, other = details.pop("files")
    assert details == {
        "scene_title": "Holidays",
        "suggested_keeper_id": "22",
        "total_size": GIGABYTE * 3 // 2,
        "total_size_formatted": "1.5 GB",
        "potential_savings": GIGABYTE // 2,
        "potential_savings_formatted": "512.0 MB",
        "performers": [{"id": "3", "name": "Ann"}],
        "studio": "A Studio",
    }
    assert best == {
        "id": "22",
        "path": "/films/22.mp4",
        "basename": "22.mp4",
        "size": GIGABYTE,
        "size_formatted": "1.0 GB",
        "duration": 3723.9,
        "duration_formatted": "1:02:03",
        "video_codec": "hevc",
        "audio_codec": "aac",
        "width": 1920,
        "height": 1080,
        "resolution": "1920x1080",
        "frame_rate": 25.0,
        "bit_rate": 6_000_000,
        "quality_score": 313.36,
        "is_suggested_keeper": True,
    }
    assert (other["id"], other["quality_score"], other["is_suggested_keeper"]) == ("21", 144.66, False)


async def test_a_scene_without_a_title_is_named_by_its_file_and_may_lack_studio_and_performers(
    stash: StashServer, trial: Trial
) -> None:
    stash.scenes = {"7": StashScene(None, [film("21"), film("22")])}
    await trial.run()
    details = (await trial.found())["7"].details
    assert (details["scene_title"], details["studio"], details["performers"]) == ("21.mp4", None, [])


async def test_only_scenes_with_several_files_are_asked_for(stash: StashServer, trial: Trial) -> None:
    stash.scenes = {str(number): StashScene("Single", [film(str(number))]) for number in range(1, 301)}
    stash.scenes["301"] = StashScene("Double", [film("401"), film("402")])
    await trial.run()
    assert len(stash.asked("FindScenes")) == 1
    assert list(await trial.found()) == ["301"]


async def test_a_scene_whose_file_was_deleted_elsewhere_is_resolved_and_a_new_file_brings_it_back(
    stash: StashServer, trial: Trial
) -> None:
    stash.scenes = {"7": StashScene("Double", [film("21"), film("22")])}
    await trial.run()
    removed = stash.scenes["7"].files.pop()
    await trial.run()
    assert await trial.found() == {}
    stash.scenes["7"].files.append(removed)
    assert (await trial.run()).created == 1
    assert list(await trial.found()) == ["7"]


async def test_a_dismissed_scene_is_never_recommended_again(stash: StashServer, trial: Trial) -> None:
    stash.scenes = {"7": StashScene("Double", [film("21"), film("22")])}
    await trial.run()
    await trial.dismiss("scene", "7", permanent=True)
    stash.scenes["7"].files.append(film("23"))
    assert (await trial.run()).created == 0
    assert await trial.found() == {}


async def test_more_than_a_page_of_such_scenes_is_found(stash: StashServer, trial: Trial) -> None:
    stash.scenes = {
        str(number): StashScene(None, [film(f"{number}1"), film(f"{number}2")]) for number in range(1, 231)
    }
    assert (await trial.run()).created == 230


@pytest.mark.parametrize(
    ("values", "score"),
    [
        ({}, 1.0),
        ({"width": 3840, "height": 2160}, 829.44),
        ({"bit_rate": 4_500_000}, 5.5),
        ({"video_codec": "hevc"}, 101.0),
        ({"video_codec": "H265"}, 101.0),
        ({"video_codec": "h264"}, 51.0),
        ({"width": 0, "height": 0, "video_codec": ""}, 0.0),
    ],
)
def test_a_file_s_score_is_what_the_contract_says(values: dict[str, Any], score: float) -> None:
    assert quality_score(video(**values)) == pytest.approx(score)


def test_among_equal_scores_the_larger_file_comes_first_and_then_the_older() -> None:
    files = [video("12"), video("9"), video("10", size=11)]
    assert [file.id for file in best_first(files)] == ["10", "9", "12"]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1024**2 - 1, "1.0 MB"),
        (1536 * 1024, "1.5 MB"),
        (5 * GIGABYTE, "5.0 GB"),
        (3000 * GIGABYTE, "2.9 TB"),
    ],
)
def test_sizes_are_written_as_file_managers_do(size: int, text: str) -> None:
    assert readable_size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (600, "10:00"), (3600, "1:00:00")]
)
def test_durations_are_written_as_players_do(seconds: float, text: str) -> None:
    assert readable_duration(seconds) == text
