from __future__ import annotations

from pathlib import Path

from stash_sense import __version__
from tests.support.sidecar import RunningSidecar


def test_health_counts_performers_and_faces(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "healthy"
    assert body["database_loaded"] is True
    assert body["performer_count"] == 3
    assert body["face_count"] >= 3


def test_ready_names_every_check_with_its_state_and_reason(
    sidecar: RunningSidecar, people_database: Path
) -> None:
    answer = sidecar.client.get("/ready")
    assert answer.status_code == 200
    body = answer.json()
    assert body["ready"] is True
    assert body["version"] == __version__
    assert {check["name"] for check in body["checks"]} == {
        *("database", "models", "golden", "gpu"),
        *("body", "tattoo", "stash"),
    }
    assert all(check["reason"] for check in body["checks"])
    assert body["database"]["path"] == str(people_database)


def test_the_stand_in_models_are_named_as_such(sidecar: RunningSidecar) -> None:
    reason = sidecar.check("models")["reason"]
    assert "not the manifest's files: facenet512, arcface" in reason


def test_the_golden_query_checks_landmarks_and_both_vectors(sidecar: RunningSidecar) -> None:
    reason = sidecar.check("golden")["reason"]
    assert "facenet512 1.0000" in reason
    assert "arcface 1.0000" in reason
    assert "landmarks within" in reason


def test_database_info_has_the_promised_fields(sidecar: RunningSidecar) -> None:
    body = sidecar.client.get("/database/info").json()
    assert body.keys() >= {"version", "performer_count", "face_count", "sources", "created_at"}
    assert body["performer_count"] == 3
    assert isinstance(body["sources"], list)


def test_ffmpeg_health_has_the_promised_fields(sidecar: RunningSidecar) -> None:
    body = sidecar.client.get("/health/ffmpeg").json()
    assert body == body | {"ffmpeg_available": True, "v2_endpoint_ready": True}


def test_rate_limiter_health_has_the_promised_fields(sidecar: RunningSidecar) -> None:
    body = sidecar.client.get("/health/rate-limiter").json()
    assert body.keys() >= {
        "total_requests",
        "total_wait_time",
        "avg_wait_time",
        "requests_per_second",
        "queue_depth",
    }


def test_an_unknown_path_is_json_with_a_detail(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.get("/nothing/here")
    assert answer.status_code == 404
    assert isinstance(answer.json()["detail"], str)
