"""Every environment variable of the sidecar: its type, default, meaning and what is allowed.

This is the one description. The table in ``app/README.md`` is made from it, and the start is refused
with the ``allowed`` text of the variable that is wrong.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from stash_sense.library.database_url import parse_url
from stash_sense.stash.url import normalise_stash_url


class RequireGpu(StrEnum):
    """What to do about the graphics card."""

    AUTO = "auto"
    TRUE = "true"
    FALSE = "false"


class SettingsError(Exception):
    """A variable has a value that is not allowed; the message is one line for the person at the terminal."""


def _setting(default: Any, description: str, allowed: str) -> Any:
    return Field(default, description=description, json_schema_extra={"allowed": allowed})


_TRUE_OR_FALSE = "true or false"


class Settings(BaseSettings):
    """The sidecar's settings, read from the environment. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix="", env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    stash_url: str | None = _setting(
        None,
        "Base address of Stash. Without it the sidecar starts, and the calls that reach Stash answer 400.",
        "an address such as http://host:6969, with or without a trailing slash or /graphql",
    )
    stash_api_key: SecretStr | None = _setting(
        None,
        "Stash's API key (Settings > Security). Needed when Stash asks for a login.",
        "the key on one line, without blanks",
    )
    data_dir: Path = _setting(
        Path("/data"),
        "Folder of the recognition database: the six files themselves, or `current`, a link to a release. "
        "The sidecar's own `stash_sense.db` is made in it.",
        "a folder",
    )
    database_url: SecretStr | None = _setting(
        None,
        "A PostgreSQL database for what the sidecar remembers, in place of `stash_sense.db`; several "
        "sidecars may share it.",
        "an address such as postgresql://user:password@host:5432/name",
    )
    models_dir: Path = _setting(
        Path("/app/models"), "Folder of the embedding models and the pose model.", "a folder"
    )
    insightface_home: Path = _setting(
        Path("~/.insightface"),
        "InsightFace's cache; the face detector is looked for in it and downloaded to it when missing.",
        "a folder that can be written on the first run",
    )
    enable_body_signal: bool = _setting(
        True,
        "Let the proportions of bodies weigh candidates, where the database knows them.",
        _TRUE_OR_FALSE,
    )
    enable_tattoo_signal: bool = _setting(
        False,
        "Let tattoos weigh candidates. Needs four more files in DATA_DIR (app/README.md, Signals).",
        _TRUE_OR_FALSE,
    )
    stash_rate_limit: Annotated[float, Field(gt=0, le=1000)] = _setting(
        5.0, "Requests a second that Stash is asked at most.", "a number greater than 0 and at most 1000"
    )
    require_gpu: RequireGpu = _setting(
        RequireGpu.AUTO,
        "auto uses the GPU when it works; true is not ready without it; false never asks for it.",
        "auto, true or false",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "INFO", "How much is logged.", "DEBUG, INFO, WARNING or ERROR"
    )
    host: Annotated[str, StringConstraints(min_length=1)] = _setting(
        "0.0.0.0",  # noqa: S104 - inside a container; what is reachable is decided by the published port
        "Address to listen on.",
        "an IP address or host name of this machine",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = _setting(
        5000, "Port to listen on.", "a whole number from 1 to 65535"
    )
    max_image_bytes: Annotated[int, Field(ge=1024)] = _setting(
        50 * 1024 * 1024,
        "Size of an encoded image that is still accepted.",
        "a whole number of at least 1024",
    )
    max_image_pixels: Annotated[int, Field(ge=4096)] = _setting(
        120_000_000,
        "Width times height of an image that is still decoded; each pixel costs 3 bytes or more of memory.",
        "a whole number of at least 4096",
    )
    identify_concurrency: Annotated[int, Field(ge=1, le=64)] = _setting(
        2, "Images that are analysed at the same time; more wait in line.", "a whole number from 1 to 64"
    )

    @field_validator("stash_url")
    @classmethod
    def _base_address(cls, value: str | None) -> str | None:
        return None if value is None else normalise_stash_url(value)

    @field_validator("stash_api_key")
    @classmethod
    def _one_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and any(c.isspace() or not c.isprintable() for c in value.get_secret_value()):
            raise ValueError("blanks or control characters")
        return value

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_url(value.get_secret_value())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("require_gpu", mode="before")
    @classmethod
    def _plain_words(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("insightface_home", "models_dir", "data_dir")
    @classmethod
    def _home(cls, value: Path) -> Path:
        return value.expanduser()

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment.

        Raises:
            SettingsError: one line: each wrong variable, its value (never a secret's), what is allowed.
        """
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("; ".join(_explain(problem) for problem in error.errors())) from None


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0])
    extra = Settings.model_fields[name].json_schema_extra
    allowed = extra.get("allowed") if isinstance(extra, dict) else None
    secret = "Secret" in str(Settings.model_fields[name].annotation)
    value = "(a value that is not shown)" if secret else repr(problem.get("input"))
    return f"{name.upper()}={value} is not allowed: expected {allowed}"


def settings_table() -> str:
    """The variables as a Markdown table, for the documentation."""
    rows = ["| variable | default | meaning | allowed |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        allowed = extra["allowed"] if isinstance(extra, dict) else ""
        default = field.default
        if isinstance(default, bool):
            default = str(default).lower()
        shown = "*(none)*" if default is None else f"`{default}`"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} | {allowed} |")
    return "\n".join(rows) + "\n"
