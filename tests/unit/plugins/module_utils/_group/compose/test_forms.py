# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The alternative forms in a compose file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose import forms
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.text import parsed


def value(text: str) -> Any:
    return parsed(f"v: {text}".encode(), "f")["v"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1h5m30s20ms", "3930.02"),
        ("90s", "90"),
        ("1m30s", "90"),
        ("0", "0"),
        ("0s", "0"),
        ("1.5s", "1.5"),
        ("2d", "172800"),
        ("100us", "0.0001"),
    ],
)
def test_durations(text: str, wanted: str) -> None:
    assert forms.duration_of(value(text), "p") == Decimal(wanted)


@pytest.mark.parametrize("text", ["10", "1x", "-1s", "s", "1 s", "[1s]"])
def test_no_durations(text: str) -> None:
    with pytest.raises(InvalidArguments, match=r"^p: "):
        forms.duration_of(value(text), "p")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("512m", 512 << 20),
        ("1g", 1 << 30),
        ("1.5G", 3 << 29),
        ("300MB", 300 << 20),
        ("2gb", 2 << 30),
        ("1GiB", 1 << 30),
        ("64kb", 65536),
        ("10b", 10),
        ("1024", 1024),
    ],
)
def test_bytes(text: str, wanted: int) -> None:
    assert forms.bytes_of(value(text), "p") == wanted


@pytest.mark.parametrize("text", ["much", "1x", "-1g", "1,5g"])
def test_no_bytes(text: str) -> None:
    with pytest.raises(InvalidArguments, match="512m"):
        forms.bytes_of(text, "p")


@pytest.mark.parametrize("text", ["0", "-1", "many", "nan", "inf"])
def test_no_cpus(text: str) -> None:
    with pytest.raises(InvalidArguments, match="CPUs"):
        forms.cpus_of(text, "p")


def test_scalars_as_text() -> None:
    assert [forms.text_of(value(each), "p") for each in ("a", "1", "true", "1.5", "'0755'", "2.0")] == [
        "a",
        "1",
        "true",
        "1.5",
        "0755",
        "2.0",
    ]


@pytest.mark.parametrize("text", ["0755", "1.10", "0x1F", "+1", "1e3", "~", "[a]", "{a: b}"])
def test_what_may_mean_several_texts_is_refused(text: str) -> None:
    with pytest.raises(InvalidArguments, match=r"^services\.a: "):
        forms.text_of(value(text), "services.a")


def test_flags_and_whole_numbers_may_be_texts() -> None:
    assert [forms.flag_of(each, "p") for each in (True, "true", "yes", False, "False", "0")] == [True] * 3 + [False] * 3
    assert forms.whole_of("5", "p") == 5
    for read in (forms.flag_of, forms.whole_of):
        with pytest.raises(InvalidArguments):
            read("maybe", "p")


def test_words() -> None:
    assert forms.words_of("-m http.server '8080 0'", "p") == ["-m", "http.server", "8080 0"]
    assert forms.words_of(["a b", 1], "p") == ["a b", "1"]
    assert forms.words_of("", "p") == []
    with pytest.raises(InvalidArguments, match="quote"):
        forms.words_of("it's", "p")


def test_mappings_may_be_lists() -> None:
    assert forms.mapping_of(["A=1", "B", "C=", "D=e=f"], "p") == {"A": "1", "B": None, "C": "", "D": "e=f"}
    assert forms.mapping_of(None, "p") == {}
    assert forms.mapping_of(["db:10.0.0.1", "web=::1"], "p", "=:") == {"db": "10.0.0.1", "web": "::1"}
    with pytest.raises(InvalidArguments):
        forms.mapping_of("A=1", "p")


def port(target: int, published: str | None, host_ip: str | None = None, protocol: str = "tcp") -> dict[str, Any]:
    return {"target": target, "published": published, "host_ip": host_ip, "protocol": protocol}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("80", [port(80, None)]),
        ('"80:80"', [port(80, "80")]),
        ("53:53/udp", [port(53, "53", None, "udp")]),
        ("8080:80", [port(80, "8080")]),
        ("127.0.0.1:9153:9153", [port(9153, "9153", "127.0.0.1")]),
        ("127.0.0.1::80", [port(80, None, "127.0.0.1")]),
        ('"[::1]:80:80"', [port(80, "80", "::1")]),
        ("8001-8002:9001-9002", [port(9001, "8001"), port(9002, "8002")]),
        ("3000-3001", [port(3000, None), port(3001, None)]),
        ("8000-8009:80", [port(80, "8000-8009")]),
        ("{target: 80, published: '80', protocol: TCP}", [port(80, "80")]),
        ("{target: '80', published: 8080, host_ip: 10.0.0.1}", [port(80, "8080", "10.0.0.1")]),
    ],
)
def test_ports(text: str, wanted: list[dict[str, Any]]) -> None:
    found = forms.ports_of([value(text)], "p")
    assert [{name: each.get(name) for name in wanted[0]} for each in found] == wanted


@pytest.mark.parametrize(
    "text",
    ["web", "80:web", "0", "65536", "1:2:3:4", "2-1", "'8000-8002:80-81'", "'[::1:80'", "{published: 80}", "::1:80"],
)
def test_no_ports(text: str) -> None:
    with pytest.raises(InvalidArguments, match=r"^p\[0\]: "):
        forms.ports_of([value(text)], "p")


@given(
    st.integers(1, 65535),
    st.integers(1, 65535),
    st.sampled_from(["tcp", "udp"]),
    st.sampled_from([None, "10.0.0.1", "::1"]),
)
def test_short_and_long_ports_say_the_same(target: int, published: int, protocol: str, host: str | None) -> None:
    place = "" if host is None else f"[{host}]:" if ":" in host else f"{host}:"
    long = {"target": target, "published": published, "protocol": protocol, "host_ip": host}
    assert forms.ports_of([f"{place}{published}:{target}/{protocol}"], "p") == forms.ports_of([long], "p")


def test_exposed_ports() -> None:
    assert forms.exposed_of([80, "53/udp", "3000-3001"], "p") == [
        (80, "tcp"),
        (53, "udp"),
        (3000, "tcp"),
        (3001, "tcp"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/data", {"type": "volume", "target": "/data"}),
        ("db:/data", {"type": "volume", "source": "db", "target": "/data", "read_only": False, "x-options": []}),
        ("db:/data/:ro", {"type": "volume", "source": "db", "target": "/data", "read_only": True, "x-options": []}),
        ("./a:/a", {"type": "bind", "source": "./a", "target": "/a", "read_only": False, "x-options": []}),
        ("~/a:/a", {"type": "bind", "source": "~/a", "target": "/a", "read_only": False, "x-options": []}),
        ("/a:/b:rw,Z", {"type": "bind", "source": "/a", "target": "/b", "read_only": False, "x-options": ["Z"]}),
        ("C:\\\\a:C:\\\\b", None),
    ],
)
def test_volumes(text: str, wanted: dict[str, Any] | None) -> None:
    found = forms.volumes_of([value(text)], "p")
    if wanted is None:
        found, wanted = (
            forms.volumes_of(["C:\\a:C:\\b:ro"], "p"),
            {
                "type": "bind",
                "source": "C:\\a",
                "target": "C:\\b",
                "read_only": True,
                "x-options": [],
            },
        )
    assert found == [wanted]


@pytest.mark.parametrize("item", ["a:b:c:d", ":/a", "a:", {"type": "volume"}, {"target": "/a"}])
def test_no_volumes(item: Any) -> None:
    with pytest.raises(InvalidArguments):
        forms.volumes_of([item], "p")


def test_a_service_in_one_form() -> None:
    service = {
        "image": "i",
        "command": "a 'b c'",
        "environment": ["A=1"],
        "depends_on": ["db"],
        "networks": ["front"],
        "secrets": ["s", {"source": "t", "target": "u"}],
        "healthcheck": {"test": "exit 0"},
        "build": ".",
        "dns": "10.0.0.1",
        "env_file": ["a.env", {"path": "/b.env", "required": False}],
        "links": ["db:database"],
        "labels": {"a": "b"},
    }
    assert forms.canonical_service(service, "services.web", "/p") == {
        "image": "i",
        "command": ["a", "b c"],
        "environment": {"A": "1"},
        "depends_on": {"db": {"condition": "service_started"}},
        "networks": {"front": None},
        "secrets": [{"source": "s"}, {"source": "t", "target": "u"}],
        "healthcheck": {"test": ["CMD-SHELL", "exit 0"]},
        "build": {"context": "."},
        "dns": ["10.0.0.1"],
        "env_file": [{"path": "/p/a.env"}, {"path": "/b.env", "required": False}],
        "links": ["db:database"],
        "labels": {"a": "b"},
    }
    assert forms.canonical_service(None, "p", "/p") == {}
    for wrong in (
        "web",
        ["image"],
        {"ports": 80},
        {"secrets": [{"target": "a"}]},
        {"env_file": [{}]},
        {"depends_on": 1},
    ):
        with pytest.raises(InvalidArguments):
            forms.canonical_service(wrong, "services.web", "/p")
