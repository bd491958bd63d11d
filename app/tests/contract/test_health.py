"""The contract's first table: health and database."""

from __future__ import annotations

from tests.contract.plugin import Plugin
from tests.contract.rows import shows
from tests.contract.shapes import check

HEALTH = {
    "status": {"healthy", "degraded"},
    "database_loaded": bool,
    "performer_count": int,
    "face_count": int,
}
FFMPEG = {"ffmpeg_available": bool, "v2_endpoint_ready": bool}
RATE_LIMITER = {
    "total_requests": int,
    "total_wait_time": float,
    "avg_wait_time": float,
    "requests_per_second": float,
    "queue_depth": int,
}
DATABASE_INFO = {
    "version": str,
    "performer_count": int,
    "face_count": int,
    "sources": [str],
    "created_at": (str, None),
}


@shows("GET /health")
def test_health_tells_what_is_loaded(plugin: Plugin) -> None:
    answer = plugin.get("/health")
    check(answer, HEALTH)
    assert (answer["status"], answer["database_loaded"], answer["performer_count"]) == ("healthy", True, 3)
    assert answer["face_count"] >= 3


@shows("GET /health")
def test_health_stays_200_and_degraded_without_a_database(without_database: Plugin) -> None:
    answer = without_database.get("/health")
    check(answer, HEALTH)
    assert answer == answer | {
        "status": "degraded",
        "database_loaded": False,
        "performer_count": 0,
        "face_count": 0,
    }


@shows("GET /health/ffmpeg")
def test_health_of_ffmpeg_says_that_films_can_be_looked_into(plugin: Plugin) -> None:
    answer = plugin.get("/health/ffmpeg")
    check(answer, FFMPEG)
    assert answer == answer | {"ffmpeg_available": True, "v2_endpoint_ready": True}


@shows("GET /health/rate-limiter")
def test_health_of_the_rate_limiter_counts_the_calls_to_stash(plugin: Plugin) -> None:
    before = plugin.get("/health/rate-limiter")
    check(before, RATE_LIMITER)
    plugin.post("/identify/gallery", {"gallery_id": "32"})
    after = plugin.get("/health/rate-limiter")
    check(after, RATE_LIMITER)
    assert after["total_requests"] > before["total_requests"]


@shows("GET /database/info")
def test_database_info_describes_the_database(plugin: Plugin) -> None:
    answer = plugin.get("/database/info")
    check(answer, DATABASE_INFO)
    assert answer["performer_count"] == 3


@shows("GET /database/info")
def test_database_info_is_503_without_a_database(without_database: Plugin) -> None:
    assert without_database.refusal("GET", "/database/info").status == 503
