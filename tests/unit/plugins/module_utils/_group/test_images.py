# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""References to images, and the digests in recorded events."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.images import (
    DOCKER_HUB,
    Reference,
    is_digest,
    parse_reference,
    pulled_digest,
    registry_host,
)

A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx", Reference(DOCKER_HUB, "library/nginx", "latest", "", "nginx")),
        ("nginx:1.27", Reference(DOCKER_HUB, "library/nginx", "1.27", "", "nginx")),
        ("shop/web:1", Reference(DOCKER_HUB, "shop/web", "1", "", "shop/web")),
        ("docker.io/library/nginx", Reference(DOCKER_HUB, "library/nginx", "latest", "", "docker.io/library/nginx")),
        (f"nginx@{A}", Reference(DOCKER_HUB, "library/nginx", "", A, "nginx")),
        (f"nginx:1@{A}", Reference(DOCKER_HUB, "library/nginx", "1", A, "nginx")),
        ("Shop.azurecr.io/a/b:v1", Reference("shop.azurecr.io", "a/b", "v1", "", "Shop.azurecr.io/a/b")),
        ("localhost:5000/x", Reference("localhost:5000", "x", "latest", "", "localhost:5000/x")),
        ("localhost/x", Reference("localhost", "x", "latest", "", "localhost/x")),
    ],
)
def test_references(image: str, expected: Reference) -> None:
    assert parse_reference(image) == expected


@pytest.mark.parametrize(
    "image",
    [
        "",
        "Nginx",
        "https://host.example/x",
        "a b",
        "me@host.example/x",
        "host.example\\@evil.example/x",
        "host.example:port/x",
        "host.example/../x",
        "host.example/x?y",
        "nginx@sha256:abc",
        "nginx:",
        "-host.example/x",
        "nginx\n",
    ],
)
def test_what_is_no_reference(image: str) -> None:
    assert parse_reference(image) is None


def test_pinned_drops_the_tag() -> None:
    reference = parse_reference("shop.azurecr.io/web:1.0")
    assert reference is not None
    assert reference.pinned(A) == f"shop.azurecr.io/web@{A}"


@pytest.mark.parametrize(
    ("server", "host"),
    [("Shop.azurecr.io", "shop.azurecr.io"), ("https://index.docker.io/", DOCKER_HUB), ("docker.io", DOCKER_HUB)],
)
def test_servers_of_credentials(server: str, host: str) -> None:
    assert registry_host(server) == host


def test_digests() -> None:
    assert is_digest(A)
    assert not is_digest("sha256:" + "a" * 63)
    assert not is_digest(f"{A}\n")


def container(*messages: str) -> dict[str, Any]:
    events = [
        {"message": message, "lastTimestamp": f"2026-01-0{number}T00:00:00Z"}
        for number, message in enumerate(messages, start=1)
    ]
    return {"properties": {"instanceView": {"events": events}}}


@pytest.mark.parametrize(
    ("image", "messages", "expected"),
    [
        # As recorded in 2020, 2021 and 2025.
        ("alpine:latest", [f'pulling image "alpine@{A}"', f'Successfully pulled image "alpine@{A}"'], A),
        ("mcr.microsoft.com/azuredocs/x", [f'Successfully pulled image "mcr.microsoft.com/azuredocs/x@{A}"'], A),
        ("alpine", [f'Successfully pulled image "docker.io/library/alpine@{A}"'], A),
        ("alpine", [f'pulling image "alpine@{A}"', f'pulling image "alpine@{B}"'], B),
        ("alpine", [f'pulling image "alpine@{A}"', 'Failed to pull image "alpine": no'], A),
        ("alpine", ['pulling image "alpine:latest"'], None),
        ("alpine", [f'pulling image "other@{A}"'], None),
        ("alpine", [f'the log says pulling image "alpine@{A}"'], None),
        ("alpine", ['pulling image "alpine@sha256:e044..."'], None),
        ("alpine", [], None),
    ],
)
def test_the_digest_that_runs(image: str, messages: list[str], expected: str | None) -> None:
    reference = parse_reference(image)
    assert reference is not None
    assert pulled_digest(container(*messages), reference) == expected


@pytest.mark.parametrize("events", [None, [None, 3], [{}], [{"message": None}]])
def test_events_of_a_strange_form(events: Any) -> None:
    reference = parse_reference("alpine")
    assert reference is not None
    assert pulled_digest({"properties": {"instanceView": {"events": events}}}, reference) is None
