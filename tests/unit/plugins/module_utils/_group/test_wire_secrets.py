# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of groups: masked, filled in, asked for."""

from __future__ import annotations

from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._group import schema, wire
from ansible_collections.azure_containers.aci.plugins.module_utils._group.wire_secrets import (
    masked,
    with_secrets_of,
    without_secrets,
    without_values,
)


def test_secrets_are_masked_wherever_the_table_finds_them() -> None:
    body = wire.overlay(
        schema.GROUP,
        None,
        {
            "containers": [{"name": "c", "environment_variables": [{"name": "A", "secure_value": "canary"}]}],
            "volumes": [
                {"name": "secrets", "secret": {"file": "canary"}},
                {"name": "share", "azure_file": {"storage_account_key": "canary"}},
            ],
            "image_registry_credentials": [{"server": "r", "username": "u", "password": "canary"}],
            "diagnostics": {"log_analytics": {"workspace_id": "w", "workspace_key": "canary"}},
            "extensions": [{"name": "e", "protected_settings": {"deep": "canary"}}],
        },
    )
    assert str(body).count("canary") == 6
    assert "canary" not in str(without_secrets(body))
    assert "canary" not in str(masked(schema.GROUP, wire.read(schema.GROUP, body)))


def test_secrets_of_another_body_fill_in_what_is_missing() -> None:
    def group(variables: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {
            "properties": {"containers": [{"name": "web", "properties": {"environmentVariables": variables}}], **more}
        }

    old = group(
        [{"name": "TOKEN"}, {"name": "PLAIN", "value": "x"}, {"name": "OTHER"}],
        imageRegistryCredentials=[{"server": "r", "username": "u"}],
        volumes=[{"name": "keys", "secret": {}}],
    )
    given = group(
        [{"name": "TOKEN", "secureValue": "a"}, {"name": "PLAIN", "secureValue": "b"}],
        imageRegistryCredentials=[{"server": "r", "username": "u", "password": "c"}],
        volumes=[{"name": "keys", "secret": {"k": "d"}}],
    )
    filled = with_secrets_of(old, given)
    assert filled == group(
        [{"name": "TOKEN", "secureValue": "a"}, {"name": "PLAIN", "value": "x"}, {"name": "OTHER"}],
        imageRegistryCredentials=[{"server": "r", "username": "u", "password": "c"}],
        volumes=[{"name": "keys", "secret": {"k": "d"}}],
    )
    assert wire.missing_secrets(filled) == ["containers[web].environment_variables[OTHER].secure_value"]
    assert "secureValue" not in str(old)


def test_a_missing_secret_is_asked_for_with_what_may_be_given_instead() -> None:
    error = without_values(["image_registry_credentials[r].password"], " More.")
    assert error.msg == (
        "image_registry_credentials[r]: a value is required. Give password, password_reference, identity or "
        "identity_url. More."
    )
