"""The image runs as root and as any other user, and writes only to its mounts and /tmp."""

from pathlib import Path

import docker
import pytest
from docker.models.images import Image
from support.builds import Run

UNRAID_USER = "99:100"


@pytest.fixture(scope="module")
def detector_cache(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An InsightFace cache as a host keeps it: readable by all, with the detector in it."""
    cache = tmp_path_factory.mktemp("insightface")
    pack = cache / "models/buffalo_sc"
    pack.mkdir(parents=True)
    (pack / "det_500m.onnx").write_bytes((models_dir / "buffalo_sc/det_500m.onnx").read_bytes())
    cache.chmod(0o755)
    return cache


@pytest.mark.parametrize("user", ["0:0", UNRAID_USER, "4711:4711"])
def test_every_model_answers_on_a_read_only_root_filesystem(
    user: str, run: Run, detector_cache: Path
) -> None:
    said = run(
        "stash-sense warm-models",
        user=user,
        read_only=True,
        tmpfs={"/tmp": ""},
        network_mode="none",
        volumes={str(detector_cache): {"bind": "/root/.insightface", "mode": "ro"}},
    )
    assert "detector: CPUExecutionProvider" in said
    assert "golden query: the portrait's vectors agree" in said


def test_the_pose_process_finds_its_libraries_and_may_leave_the_network(run: Run) -> None:
    code = (
        "from pathlib import Path; from stash_sense.signals.body.landmarker import PoseLandmarkerProcess; "
        "process = PoseLandmarkerProcess(Path('/app/models/pose_landmarker_lite.task')); "
        "process.wait_until_ready(); process.close(); print('ready')"
    )
    said = run(
        f'python -c "{code}"', user=UNRAID_USER, read_only=True, tmpfs={"/tmp": ""}, network_mode="none"
    )
    assert said == "ready"


@pytest.mark.parametrize("user", ["0:0", UNRAID_USER])
def test_it_serves_and_stops_at_once_on_a_read_only_root_filesystem(
    user: str, engine: docker.DockerClient, image: Image, detector_cache: Path, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    container = engine.containers.run(
        image.id,
        detach=True,
        user=user,
        read_only=True,
        tmpfs={"/tmp": ""},
        network_mode="none",
        volumes={
            str(detector_cache): {"bind": "/root/.insightface", "mode": "rw"},
            str(tmp_path): {"bind": "/data", "mode": "rw"},
        },
    )
    try:
        health = "curl -sS --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:5000/health"
        status, answer = container.exec_run(["sh", "-c", health])
        assert status == 0, answer
        assert b'"status":"degraded"' in answer, "without a database it is up, and says what is missing"
        container.stop(timeout=10)
        container.reload()
        assert container.attrs["State"]["ExitCode"] in (0, 143), container.logs()
    finally:
        container.remove(force=True)


def test_another_user_may_write_to_the_mount_points_but_not_to_the_application(run: Run) -> None:
    folders = "/data /root/.insightface /tmp /app /app/models /opt/venv"
    tries = f"for d in {folders}; do touch $d/x 2>/dev/null && echo $d; done; true"
    assert run(tries, user=UNRAID_USER).split() == ["/data", "/root/.insightface", "/tmp"]


def test_the_command_line_is_on_the_path_and_knows_its_commands(run: Run) -> None:
    said = run("stash-sense --help", user=UNRAID_USER, working_dir="/data")
    for command in ("serve", "check-database", "build-database", "identify", "warm-models"):
        assert command in said


def test_files_in_the_working_directory_cannot_replace_the_application(run: Run) -> None:
    said = run("cd /data && echo 'raise SystemExit(\"hijacked\")' >stash_sense.py && stash-sense --version")
    assert "hijacked" not in said
