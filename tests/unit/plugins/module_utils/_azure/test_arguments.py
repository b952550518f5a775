# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection's options."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.arguments import (
    AUTH_SOURCES,
    CONNECTION_ARGUMENTS,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.credential_sources import FURTHER_SOURCES
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.credentials import FIRST_SOURCES


def test_every_source_can_be_chosen_and_every_choice_is_one() -> None:
    assert {"auto", *FIRST_SOURCES, *FURTHER_SOURCES} == set(AUTH_SOURCES)
    assert CONNECTION_ARGUMENTS["auth_source"]["choices"] == list(AUTH_SOURCES)


@pytest.mark.parametrize("option", ["client_secret", "certificate_password"])
def test_secrets_are_masked(option: str) -> None:
    assert CONNECTION_ARGUMENTS[option]["no_log"] is True


def test_nothing_has_a_default_that_would_hide_the_environment() -> None:
    assert not [name for name, option in CONNECTION_ARGUMENTS.items() if "default" in option or "fallback" in option]


def test_aliases_are_unique() -> None:
    names = [name for option, spec in CONNECTION_ARGUMENTS.items() for name in (option, *spec.get("aliases", ()))]
    assert len(set(names)) == len(names)
