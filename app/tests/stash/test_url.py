"""The address of Stash, as people write it."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from stash_sense.stash.origin import StashOrigin, normalise_api_key
from stash_sense.stash.url import normalise_stash_url


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://host:6969", "http://host:6969"),
        ("http://host:6969/", "http://host:6969"),
        ("http://host:6969/graphql", "http://host:6969"),
        ("http://host:6969/graphql/", "http://host:6969"),
        ("  http://host:6969//\n", "http://host:6969"),
        ("HTTPS://Host.Example/", "https://host.example"),
        ("https://host:443", "https://host"),
        ("https://host/stash/graphql", "https://host/stash"),
        ("https://host/stash/", "https://host/stash"),
        ("https://host/mygraphql", "https://host/mygraphql"),
        ("http://192.0.2.7:6969", "http://192.0.2.7:6969"),
        ("http://[2001:db8::7]:6969/", "http://[2001:db8::7]:6969"),
    ],
)
def test_every_way_of_writing_the_address_means_the_same(written: str, meant: str) -> None:
    assert normalise_stash_url(written) == meant
    assert normalise_stash_url(meant) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "host",
        "host:6969",
        "//host:6969",
        "ftp://host",
        "http://",
        "http://:6969",
        "http://host:port",
        "http://host:0",
        "http://host:70000",
        "http://ho st",
        "http://[::1",
        "http://host?apikey=1",
        "http://host/#settings",
        "http://owner:hunter2@host:6969",
    ],
)
def test_what_is_no_such_address_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="http://host:6969") as caught:
        normalise_stash_url(written)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_accepted_once_and_for_all_or_refused_with_value_error(text: str) -> None:
    for candidate in (text, f"http://{text}"):
        try:
            once = normalise_stash_url(candidate)
        except ValueError:
            continue
        assert normalise_stash_url(once) == once


class TestLinksFromStash:
    ROUTE = "/image/7/"

    @pytest.mark.parametrize(
        "link",
        [
            "http://host:6969/image/7/image?t=17",
            "http://localhost:9999/image/7/image?t=17",
            "https://stash.example/image/7/image?t=17",
            "https://stash.example/other/prefix/image/7/image?t=17",
            "/image/7/image?t=17",
        ],
    )
    @pytest.mark.parametrize("base", ["http://host:6969", "https://proxy.example/stash"])
    def test_they_lead_to_the_configured_address(self, base: str, link: str) -> None:
        assert StashOrigin(base, None).rebased(link, self.ROUTE) == f"{base}/image/7/image?t=17"

    @given(st.from_regex(r"https?://[a-z.@:]{1,20}(/[a-z0-9/.%]{0,20})?(\?[a-z=/]{0,10})?", fullmatch=True))
    def test_none_leads_the_key_elsewhere(self, link: str) -> None:
        origin = StashOrigin("http://host:6969", SecretStr("key"))
        try:
            url = httpx.URL(origin.rebased(link, self.ROUTE))
        except httpx.InvalidURL:
            return
        assert (url.scheme, url.host, url.port) == ("http", "host", 6969)


class TestKey:
    @pytest.mark.parametrize("written", [None, "", "  \n"])
    def test_an_empty_one_is_none(self, written: str | None) -> None:
        assert normalise_api_key(None if written is None else SecretStr(written)) is None

    def test_blanks_around_it_are_dropped(self) -> None:
        key = normalise_api_key(SecretStr(" abc.DEF-1\n"))
        assert key is not None
        assert key.get_secret_value() == "abc.DEF-1"

    @pytest.mark.parametrize("written", ["hunter2\nhunter3", "hunter2 hunter3", "hunter2\x00", "hünter2"])
    def test_one_that_no_header_can_carry_is_refused_without_showing_it(self, written: str) -> None:
        with pytest.raises(ValueError, match="copy it again") as caught:
            normalise_api_key(SecretStr(written))
        assert "nter" not in str(caught.value)

    @pytest.mark.parametrize(
        ("url", "sent"),
        [
            ("http://host:6969/image/7/image", True),
            ("HTTP://HOST:6969/", True),
            ("https://host:6969/", False),
            ("http://host/", False),
            ("http://host:6970/", False),
            ("http://host.example:6969/", False),
            ("http://host@evil.example:6969/", False),
            ("http://evil.example:6969/http://host:6969/", False),
        ],
    )
    def test_only_the_exact_origin_gets_it(self, url: str, sent: bool) -> None:
        headers = StashOrigin("http://host:6969", SecretStr("key")).headers_for(httpx.URL(url))
        assert headers == ({"ApiKey": "key"} if sent else {})

    def test_a_default_port_is_the_same_origin_however_written(self) -> None:
        origin = StashOrigin(normalise_stash_url("https://host:443"), SecretStr("key"))
        assert origin.headers_for(httpx.URL("https://host/a"))
        assert origin.headers_for(httpx.URL("https://host:443/a"))

    def test_it_does_not_show_in_the_representation(self) -> None:
        assert "hunter2" not in repr(StashOrigin("http://host", SecretStr("hunter2")))
