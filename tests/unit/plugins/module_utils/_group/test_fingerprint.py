# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The digest of all secrets of a group: what changes it, and which tags are not fingerprints."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.fingerprint import fingerprint, matches

KEY = "the user's key"
SALT = b"0123456789abcdef"


def body(**values: Any) -> dict[str, Any]:
    """A group with a secure value, a plain one and a secret volume."""
    variables = [
        {"name": "TOKEN", "secureValue": values.get("token", "planted")},
        {"name": "COLOUR", "value": values.get("colour", "blue")},
    ]
    return {
        "properties": {
            "containers": [{"name": "web", "properties": {"image": "nginx", "environmentVariables": variables}}],
            "volumes": [{"name": "keys", "secret": values.get("files", {"a.pem": "cGxhbnRlZA=="})}],
        }
    }


def test_the_tag_has_version_salt_and_digest_and_no_secret() -> None:
    version, salt, digest = fingerprint(body(), KEY, SALT).split(":")
    assert version == "v1"
    assert base64.urlsafe_b64decode(salt) == SALT
    assert len(base64.urlsafe_b64decode(digest)) == 32
    assert "planted" not in fingerprint(body(), KEY, SALT)


def test_it_fits_into_a_tag() -> None:
    assert len(fingerprint(body(token="x" * 10_000), KEY)) <= 256


def test_every_salt_makes_another_tag_and_each_matches() -> None:
    one, other = fingerprint(body(), KEY), fingerprint(body(), KEY)
    assert one != other
    assert matches(one, body(), KEY)
    assert matches(other, body(), KEY)


@pytest.mark.parametrize(
    ("changed", "key", "same"),
    [
        (body(), KEY, True),
        (body(colour="red"), KEY, True),  # no secret
        (body(token="other"), KEY, False),
        (body(files={"a.pem": "b3RoZXI="}), KEY, False),
        (body(files={"b.pem": "cGxhbnRlZA=="}), KEY, False),
        (body(token=""), KEY, False),
        (body(), "another key", False),
        (body(), "", False),
    ],
)
def test_what_another_digest_means(changed: dict[str, Any], key: str, same: bool) -> None:
    assert matches(fingerprint(body(), KEY, SALT), changed, key) is same


def test_the_order_of_containers_variables_and_volumes_does_not_matter() -> None:
    one = body()
    one["properties"]["containers"].append({"name": "db", "properties": {"image": "postgres"}})
    other = copy.deepcopy(one)
    other["properties"]["containers"].reverse()
    for container in other["properties"]["containers"]:
        container["properties"].get("environmentVariables", []).reverse()
    assert fingerprint(one, KEY, SALT) == fingerprint(other, KEY, SALT)


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_an_empty_secret_counts_as_none(nothing: Any) -> None:
    without: dict[str, Any] = {"properties": {"containers": [], "volumes": [{"name": "keys"}]}}
    empty: dict[str, Any] = {"properties": {"containers": [], "volumes": [{"name": "keys", "secret": nothing}]}}
    assert fingerprint(empty, KEY, SALT) == fingerprint(without, KEY, SALT)


@pytest.mark.parametrize("tag", [None, "", "v1", "v1:", "v1::", "v1:x:y", "v1:é:y", "v2:MDEyMzQ1Njc4OWFiY2RlZg==:y"])
def test_a_tag_that_nobody_can_read_is_of_no_secrets(tag: str | None) -> None:
    assert not matches(tag, body(), KEY)


def test_a_tag_of_another_version_does_not_match() -> None:
    assert not matches(fingerprint(body(), KEY, SALT).replace("v1", "v2", 1), body(), KEY)


def test_a_digest_that_was_cut_off_or_extended_does_not_match() -> None:
    tag = fingerprint(body(), KEY, SALT)
    assert not matches(tag[:-1], body(), KEY)
    assert not matches(tag + "=", body(), KEY)
