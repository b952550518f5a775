# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs with the same origin, and the links in responses that are followed."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.clouds import Cloud
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.origin import (
    origin_of,
    resolved,
    same_origin,
    shown,
)

GOOD = "https://good.example"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (GOOD, "https://good.example:443"),
        (GOOD, "https://good.example:/path"),
        (GOOD, "HTTPS://GOOD.example/path?query#fragment"),
        (GOOD, "https://good.example./path"),
        ("https://good.example:8443", "https://GOOD.example:8443/x"),
        ("https://[::1]:8443", "https://[0:0:0:0:0:0:0:1]:8443/x"),
        ("https://[2001:DB8::1]", "https://[2001:db8:0::1]:443/"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("https://b\u00fccher.example", "https://b\u00fccher.example/x"),
    ],
)
def test_one_origin(one: str, other: str) -> None:
    assert all(same_origin(*pair) for pair in ((one, other), (other, one)))


@pytest.mark.parametrize(
    "other",
    [
        "http://good.example",
        "http://good.example:443",
        "https://good.example:80",
        "https://good.example:0",
        "https://good.example:8443",
        "https://evil.example",
        "https://good.example.evil.example",
        "https://evilgood.example",
        "https://sub.good.example",
        "https://good.example@evil.example",
        "https://good.example:443@evil.example",
        "https://evil.example@good.example",
        "https://user:password@good.example",
        "https://good.example\\@evil.example",
        "https://evil.example\\.good.example",
        "https:\\\\good.example",
        "https:///good.example",
        "https://good.example..",
        "https://.",
        "https://",
        "//good.example",
        "good.example",
        "/path",
        "",
        " https://good.example",
        "https://good.example\n",
        "https://good\t.example",
        "https://good .example",
        "https://good.example:port",
        "https://good.example:99999",
        "https://[::1",
        "https://[good.example]",
        "https://g\u03bfod.example",
        "https://good\u3002example",
        "wss://good.example",
        "ftp://good.example",
        "javascript:good.example",
        "data:text/plain,good.example",
    ],
)
def test_another_origin_or_none(other: str) -> None:
    assert not same_origin(GOOD, other)
    assert not same_origin(other, GOOD)


@pytest.mark.parametrize(
    ("one", "other"), [("127.0.0.1", "localhost"), ("127.0.0.1", "2130706433"), ("[::1]", "localhost")]
)
def test_names_of_one_machine_are_different_origins(one: str, other: str) -> None:
    assert not same_origin(f"https://{one}:8443", f"https://{other}:8443")


def test_an_address_without_an_origin_is_like_nothing() -> None:
    assert not same_origin("nowhere", "nowhere")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://good.example/next?a=b%20c", "https://good.example/next?a=b%20c"),
        ("https://good.example:443/next", "https://good.example:443/next"),
        ("/next?a=b", "https://good.example/next?a=b"),
        ("next", "https://good.example/next"),
        ("?page=2", "https://good.example/?page=2"),
        ("//good.example/next", "https://good.example/next"),
        ("../../next", "https://good.example/next"),
        ("/next?mail=a@b&url=https://evil.example", "https://good.example/next?mail=a@b&url=https://evil.example"),
        ("https://good.example/next#part", "https://good.example/next"),
        ("/subscriptions/a b", "https://good.example/subscriptions/a b"),
    ],
)
def test_links_that_are_followed(link: str, url: str) -> None:
    assert resolved("https://good.example/some/path?query", link) == url


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/next",
        "http://good.example/next",
        "//evil.example/next",
        "//good.example@evil.example/next",
        "\\\\evil.example/next\n",
        "https://good.example:8443/next",
        "https://[::1/next",
        "mailto:somebody@good.example",
        "https:evil.example\r\nHost: evil.example",
        "\x00/next",
    ],
)
def test_links_that_are_not_followed(link: str) -> None:
    assert resolved("https://good.example", link) is None


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("https://evil.example:443/path?sig=planted", "https://evil.example"),
        ("https://user:planted@evil.example/path", "https://evil.example"),
        ("https://evil.example\x1b]0;title\x07/", "https://evil.example]0;title"),
        ("planted", "an address that is not valid"),
        ("/planted", "an address that is not valid"),
        (f"https://{'a' * 999}", f"https://{'a' * 192}"),
    ],
)
def test_how_errors_name_an_address(link: str, words: str) -> None:
    assert shown(link) == words


class TestSignIn:
    """The sign-in service may refer only to another of its own hosts."""

    @pytest.mark.parametrize(
        ("home", "other", "expected"),
        [
            ("https://login.microsoftonline.com", "https://login.microsoft.com", True),
            ("https://login.windows.net", "https://login.microsoftonline.com", True),
            ("https://login.chinacloudapi.cn", "https://login.partner.microsoftonline.cn", True),
            ("https://login.microsoftonline.us", "https://login.usgovcloudapi.net", True),
            ("https://login.microsoftonline.com", "http://login.microsoft.com", False),
            ("https://login.microsoftonline.com", "https://login.microsoft.com:8443", False),
            ("https://login.microsoftonline.com", "https://login.microsoftonline.us", False),
            ("https://login.microsoftonline.com", "https://westeurope.login.microsoft.com", False),
            ("https://login.microsoftonline.com", "https://evil.example", False),
            ("https://login.example", "https://login.microsoftonline.com", False),
            ("https://login.example", "https://sub.login.example", False),
            ("https://login.microsoftonline.com", "http://169.254.169.254", False),
        ],
    )
    def test_hosts(self, home: str, other: str, expected: bool) -> None:
        assert Cloud("x", GOOD, home).signs_in_at(str(origin_of(other))) is expected

    def test_regions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AZURE_REGIONAL_AUTHORITY_NAME", "westeurope")
        cloud = Cloud("x", GOOD, "https://login.microsoftonline.com")
        assert cloud.signs_in_at("https://westeurope.login.microsoft.com")
        assert cloud.signs_in_at("http://169.254.169.254")
        assert not cloud.signs_in_at("https://evillogin.microsoft.com")

    def test_who_vouches_for_a_private_sign_in_host(self) -> None:
        cloud = Cloud("x", GOOD, "https://login.example", instance_discovery=True)
        assert cloud.signs_in_at("https://login.microsoftonline.com")
        assert not cloud.signs_in_at("https://evil.example")
