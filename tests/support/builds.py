"""Building an image, or only sending its context, with a client that has BuildKit."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")

# What the image tests build, and how they run a shell command in it: options are docker-py's.
TAG = "stash-sense-test:image"
VERSION = "1.2.3-test"
REVISION = "0123456789abcdef0123456789abcdef01234567"
Run = Callable[..., str]


class BuildError(Exception):
    """The build failed; the message is its output."""


def docker_build(repository: Path, context: Path, *options: str, dockerfile: str | None = None) -> str:
    """Build ``context`` with ``options`` and return the whole output.

    Raises:
        BuildError: the build failed.
    """
    client = subprocess.run(
        [repository / "scripts/docker-client.sh"], capture_output=True, text=True, check=True
    ).stdout.strip()
    secret = ["--secret", f"id=ca,src={AUTHORITIES}"] if AUTHORITIES.is_file() else []
    done = subprocess.run(
        [
            client,
            "build",
            "--progress=plain",
            *secret,
            *options,
            *(["-f", "-"] if dockerfile else []),
            str(context),
        ],
        input=dockerfile or "",
        env={**os.environ, "DOCKER_BUILDKIT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise BuildError(done.stdout)
    return done.stdout


def build_cpu_image(repository: Path, context: Path, tag: str, **arguments: str) -> str:
    """Build the CPU variant from ``context`` on this machine's base image as ``tag``; return the output."""
    base = subprocess.run(
        [repository / "scripts/base-image.sh"], capture_output=True, text=True, check=True
    ).stdout.strip()
    options = [f"--build-arg={key}={value}" for key, value in arguments.items()]
    dockerfile = str(context / "image/Dockerfile")
    return docker_build(
        repository, context, "-f", dockerfile, "-t", tag,
        f"--build-arg=BASE_IMAGE={base}", "--build-arg=VARIANT=cpu", *options,
    )  # fmt: skip
