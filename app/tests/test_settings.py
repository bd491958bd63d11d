from __future__ import annotations

from pathlib import Path

import pytest

from stash_sense.settings import RequireGpu, Settings, SettingsError, settings_table

README = Path(__file__).parents[1] / "README.md"


def test_without_any_variable_the_documented_defaults_hold() -> None:
    settings = Settings.from_environment()
    assert settings.stash_url is None
    assert settings.stash_api_key is None
    assert settings.data_dir == Path("/data")
    assert settings.enable_body_signal is True
    assert settings.enable_tattoo_signal is False
    assert settings.stash_rate_limit == 5.0
    assert settings.require_gpu is RequireGpu.AUTO
    assert settings.log_level == "INFO"
    assert settings.port == 5000


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_URL", "")
    monkeypatch.setenv("STASH_RATE_LIMIT", "")
    settings = Settings.from_environment()
    assert settings.stash_url is None
    assert settings.stash_rate_limit == 5.0


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("STASH_RATE_LIMIT", "fast", "a number greater than 0"),
        ("STASH_RATE_LIMIT", "0", "a number greater than 0"),
        ("STASH_RATE_LIMIT", "nan", "a number greater than 0"),
        ("REQUIRE_GPU", "maybe", "auto, true or false"),
        ("ENABLE_BODY_SIGNAL", "perhaps", "true or false"),
        ("LOG_LEVEL", "CHATTY", "DEBUG, INFO, WARNING or ERROR"),
        ("PORT", "70000", "from 1 to 65535"),
        ("MAX_IMAGE_PIXELS", "-1", "at least 4096"),
        ("STASH_URL", "ftp://host", "http://host:6969"),
    ],
)
def test_a_bad_value_is_one_line_with_the_variable_the_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment()
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    assert value in message
    assert allowed in message


def test_several_bad_values_are_all_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "y")
    with pytest.raises(SettingsError, match=r"LOG_LEVEL.*PORT"):
        Settings.from_environment()


def test_a_bad_api_key_is_named_but_its_value_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_API_KEY", "not a-key")
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment()
    assert "STASH_API_KEY" in str(caught.value)
    assert "a-key" not in str(caught.value)


def test_the_api_key_does_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_API_KEY", "eyJhbGciOi")
    settings = Settings.from_environment()
    assert "eyJhbGciOi" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    "given",
    ["http://host:6969", "http://host:6969/", "http://host:6969/graphql", "http://host:6969/graphql/"],
)
def test_the_address_of_stash_is_taken_with_and_without_slash_and_graphql(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("STASH_URL", given)
    assert Settings.from_environment().stash_url == "http://host:6969"


@pytest.mark.parametrize("given", ["True", "FALSE", "Auto"])
def test_require_gpu_is_read_whatever_its_case(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("REQUIRE_GPU", given)
    assert Settings.from_environment().require_gpu == given.lower()


def test_the_readme_has_the_table_of_settings_as_the_code_has_it() -> None:
    assert settings_table() in README.read_text("utf-8")


def test_a_bad_address_of_a_database_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://me:sesame@host/x")
    with pytest.raises(SettingsError, match=r"DATABASE_URL.*expected an address such as") as caught:
        Settings.from_environment()
    assert "sesame" not in str(caught.value)


def test_a_password_for_a_database_does_not_show_when_settings_are_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:sesame@host/x")
    settings = Settings.from_environment()
    assert "sesame" not in f"{settings!r} {settings}"
