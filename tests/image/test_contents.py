"""What is in the image, and what must not be."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from docker.models.images import Image
from support.builds import Run


@pytest.fixture(scope="module")
def packages(run: Run) -> set[str]:
    """Names of the installed Python packages."""
    code = "from importlib.metadata import distributions as d; print(*(x.name.lower() for x in d()))"
    return set(run(f'python -c "{code}"').split())


def test_there_is_exactly_one_onnx_runtime_and_it_is_the_gpu_build(packages: set[str], run: Run) -> None:
    assert {name for name in packages if name.startswith("onnxruntime")} == {"onnxruntime-gpu"}
    providers = run('python -c "import onnxruntime; print(*onnxruntime.get_available_providers())"')
    assert "CUDAExecutionProvider" in providers.split()


def test_there_is_exactly_one_opencv_and_it_needs_no_display(packages: set[str]) -> None:
    assert {name for name in packages if name.startswith("opencv")} == {"opencv-python-headless"}


@pytest.mark.parametrize("heavy", ["torch", "tensorflow", "deepface", "keras", "jax"])
def test_no_training_framework_is_installed(heavy: str, packages: set[str]) -> None:
    assert not {name for name in packages if name.startswith(heavy)}


def test_the_cpu_variant_carries_no_cuda_libraries(packages: set[str]) -> None:
    assert not {name for name in packages if name.startswith("nvidia")}


@pytest.mark.parametrize(
    "tool", ["pip", "pip3", "uv", "gcc", "cc", "g++", "make", "git", "cmake", "/opt/venv/bin/pip"]
)
def test_nothing_to_build_or_install_with_is_left(tool: str, run: Run) -> None:
    assert run(f"command -v {tool} || echo absent") == "absent"


def test_no_installer_module_is_left(run: Run) -> None:
    code = (
        "import importlib.util as u; print([m for m in ('pip', 'setuptools', 'ensurepip') if u.find_spec(m)])"
    )
    assert run(f'python -c "{code}"') == "[]"


def test_no_cache_of_an_installer_and_no_test_of_a_package_is_left(run: Run) -> None:
    assert run("ls -A /var/lib/apt/lists /var/cache /root/.cache 2>/dev/null | grep -v : || true") == ""
    assert run("find /opt/venv /app -type d \\( -name tests -o -name test \\)") == ""


def test_packages_and_application_are_compiled_to_bytecode(run: Run) -> None:
    """On a read-only root filesystem every start would compile them again."""
    uncompiled = run(
        "for f in $(find /app/stash_sense -name '*.py'); do"
        " [ -f $(dirname $f)/__pycache__/$(basename $f .py).cpython-311.pyc ] || echo $f; done"
    )
    assert uncompiled == ""
    assert int(run("find /opt/venv -name '*.pyc' | wc -l")) > 1000


def test_the_models_are_the_ones_of_the_build_and_the_detector_is_not_among_them(
    run: Run, models_dir: Path
) -> None:
    lines = run("cd /app/models && sha256sum *.onnx *.task").splitlines()
    hashes = {name: digest for digest, name in (line.split() for line in lines)}
    names = {"facenet512.onnx", "arcface.onnx", "pose_landmarker_lite.task"}
    assert hashes == {name: hashlib.sha256((models_dir / name).read_bytes()).hexdigest() for name in names}


def test_the_golden_answer_names_the_models_it_was_computed_with(run: Run, models_dir: Path) -> None:
    golden = run("cat /app/models/golden.json")
    for name in ("facenet512.onnx", "arcface.onnx"):
        assert hashlib.sha256((models_dir / name).read_bytes()).hexdigest() in golden
    assert json.loads(golden)


def test_the_manifest_lies_beside_the_models(run: Run, repository: Path) -> None:
    assert run("cat /app/models/models.yml") == (repository / "image/models.yml").read_text().strip()


def test_what_the_sidecar_calls_is_there(run: Run) -> None:
    assert run("ffmpeg -version").startswith("ffmpeg version")
    assert run("ffprobe -version").startswith("ffprobe version")
    assert re.match(r"curl \d", run("curl --version"))


def test_films_can_be_looked_into_without_a_process_for_each_frame(run: Run) -> None:
    """FFmpeg's libraries come with a Python package; whether all that they need is there shows only here."""
    ask = "from stash_sense.media.video.ffmpeg import ffmpeg_available; print(ffmpeg_available())"
    assert run(f'python -c "{ask}"') == "True"


def test_the_application_belongs_to_root_and_nobody_else_may_write_it(run: Run) -> None:
    assert run("find /app /opt/venv \\( ! -uid 0 -o ! -gid 0 \\) | head -n 3") == ""
    assert run("find /app /opt/venv ! -type l -perm /022 | head -n 3") == ""


def test_the_cpu_image_is_several_gb_smaller_than_the_gpu_one(image: Image) -> None:
    """The GPU variant's base alone has 2.2 GB, its cuDNN 1 GB more."""
    assert image.attrs["Size"] < 2.2e9
