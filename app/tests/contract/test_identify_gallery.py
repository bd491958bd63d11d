"""The contract's second table: galleries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.identification_shapes import GALLERY
from tests.contract.plugin import Plugin
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import BROKEN, EMPTY_GALLERY, HOLIDAYS
from tests.support.stash_server import StashServer


def identified(plugin: Plugin, gallery_id: str, **knobs: Any) -> dict[str, Any]:
    answer: dict[str, Any] = plugin.post("/identify/gallery", {"gallery_id": gallery_id, **knobs})
    check(answer, GALLERY)
    assert answer["gallery_id"] == gallery_id
    assert len(answer["errors"]) <= 10
    ranks = [(-performer["image_count"], performer["best_distance"]) for performer in answer["performers"]]
    assert ranks == sorted(ranks)
    return answer


@shows("POST /identify/gallery")
def test_the_people_of_a_gallery_are_named_and_a_broken_image_is_an_entry_in_errors(plugin: Plugin) -> None:
    answer = identified(plugin, HOLIDAYS)
    assert answer["total_images"] == 3
    assert answer["images_processed"] == 2
    obama, biden = answer["performers"]
    assert (obama["name"], obama["image_count"], sorted(obama["image_ids"])) == ("obama", 2, ["10", "7"])
    assert (biden["name"], biden["image_ids"]) == ("biden", ["7"])
    assert obama["best_distance"] <= obama["avg_distance"]
    (error,) = answer["errors"]
    assert BROKEN in error


@shows("POST /identify/gallery")
def test_the_knobs_of_a_gallery_work(plugin: Plugin) -> None:
    assert identified(plugin, HOLIDAYS, max_distance=0)["performers"] == []
    assert identified(plugin, HOLIDAYS, top_k=1, min_face_confidence=0.3)["faces_detected"] >= 3
    assert (
        plugin.refusal("POST", "/identify/gallery", json={"gallery_id": HOLIDAYS, "top_k": 0}).status == 422
    )


@shows("POST /identify/gallery")
def test_an_empty_gallery_is_a_normal_answer(plugin: Plugin) -> None:
    answer = identified(plugin, EMPTY_GALLERY)
    assert answer == answer | {"total_images": 0, "images_processed": 0, "performers": [], "errors": []}


@shows("POST /identify/gallery")
def test_an_image_that_cannot_be_downloaded_never_fails_the_request(
    plugin: Plugin, stash: StashServer
) -> None:
    stash.faults.path, stash.faults.status = "/image/", 500
    answer = identified(plugin, HOLIDAYS)
    assert (answer["images_processed"], len(answer["errors"])) == (0, 3)


@shows("POST /identify/gallery")
@pytest.mark.parametrize(("gallery_id", "status"), [("4711", 404), ("holidays", 422)])
def test_a_gallery_that_is_unknown_is_told(plugin: Plugin, gallery_id: str, status: int) -> None:
    assert plugin.refusal("POST", "/identify/gallery", json={"gallery_id": gallery_id}).status == status
