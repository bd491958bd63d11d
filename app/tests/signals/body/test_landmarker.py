"""The pose process: what it finds, that it has no network, and how it ends."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stash_sense.signals.body.landmarker import PoseError, PoseLandmarkerProcess
from stash_sense.signals.body.ratios import measure
from tests.conftest import read_photo


def test_a_photo_down_to_the_hips_gives_the_ratio_of_shoulders_to_hips_and_no_more(
    landmarker: PoseLandmarkerProcess, faces_dir: Path
) -> None:
    [pose] = landmarker.detect(read_photo(faces_dir / "probe/obama_from_two.jpg"))
    ratios = measure(pose)
    assert ratios is not None
    assert ratios.shoulder_hip == pytest.approx(1.69, abs=0.1)
    assert (ratios.leg_torso, ratios.arm_span_height) == (None, None)
    assert ratios.confidence > 0.9


@pytest.mark.parametrize("photo", ["probe/obama.jpg", "people/biden/2.jpg", "probe/solvay_1927.jpg"])
def test_a_photo_of_heads_gives_no_ratio(
    landmarker: PoseLandmarkerProcess, faces_dir: Path, photo: str
) -> None:
    assert [measure(pose) for pose in landmarker.detect(read_photo(faces_dir / photo))] in ([], [None])


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (64, 64)])
def test_a_picture_of_nobody_and_of_any_shape_has_no_pose(
    landmarker: PoseLandmarkerProcess, shape: tuple[int, int]
) -> None:
    assert landmarker.detect(np.zeros((*shape, 3), np.uint8)) == []


def test_every_thread_of_it_is_refused_the_network(landmarker: PoseLandmarkerProcess) -> None:
    landmarker.detect(np.zeros((64, 64, 3), np.uint8))
    threads = list(Path(f"/proc/{landmarker.pid}/task").iterdir())
    assert len(threads) > 1
    for thread in threads:
        status = (thread / "status").read_text()
        # 2 is "filter"; a container has one of its own, but lets new privileges be gained.
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status


def test_leaving_the_network_refuses_sockets_to_this_process_its_threads_and_its_children() -> None:
    code = """
import socket, subprocess, sys, threading
from stash_sense.signals.body.no_network import leave_network
refused = []
left = threading.Event()
def knock():
    left.wait()
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family)
        except PermissionError:
            refused.append(family)
earlier, later = (threading.Thread(target=knock) for _ in range(2))
earlier.start()
leave_network()
left.set()
later.start()
earlier.join()
later.join()
knock()
child = subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], stderr=subprocess.PIPE)
print(len(refused), "PermissionError" in child.stderr.decode())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["9", "True"]


def test_it_gets_nothing_of_the_environment_that_it_does_not_need(
    pose_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STASH_API_KEY", "not-for-mediapipe")
    process = PoseLandmarkerProcess(pose_model)
    try:
        assert b"not-for-mediapipe" not in Path(f"/proc/{process.pid}/environ").read_bytes()
    finally:
        process.close()


def test_what_mediapipe_writes_goes_to_the_log_for_debugging_and_nowhere_else(
    pose_model: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        process = PoseLandmarkerProcess(pose_model)
        process.wait_until_ready()
        process.close()
    written = [record for record in caplog.records if "XNNPACK" in record.message]
    assert written
    assert all(record.levelno == logging.DEBUG for record in written)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"", b"not a model", None])
def test_a_broken_model_is_an_error_that_says_so(pose_model: Path, tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.task"
    broken.write_bytes(pose_model.read_bytes()[:1_000_000] if content is None else content)
    process = PoseLandmarkerProcess(broken)
    with pytest.raises(PoseError, match=r"zip archive|ExternalFile"):
        process.wait_until_ready()
    process.close()
    assert not process.alive


def test_a_killed_process_is_an_error_and_not_a_wait(pose_model: Path, faces_dir: Path) -> None:
    process = PoseLandmarkerProcess(pose_model)
    process.wait_until_ready()
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(PoseError, match="ended with status -9"):
        process.detect(np.asarray(Image.new("RGB", (2000, 2000))))
    process.close()


def test_it_ends_by_itself_when_the_sidecar_is_gone(pose_model: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from stash_sense.signals.body.landmarker import PoseLandmarkerProcess
process = PoseLandmarkerProcess(Path({str(pose_model)!r}))
process.wait_until_ready()
print(process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 20
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
    return "\nState:\tZ" not in status  # ended, and only not yet taken note of
