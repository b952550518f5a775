# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks and plugins that share a client, and the storage of its tokens."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.plugin_utils import _clients
from ansible_collections.azure_containers.aci.plugins.plugin_utils._run_files import RunFiles


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """The options and stores of the created clients."""
    found: list[tuple[Any, Any]] = []

    def connect(params: Any, store: Any) -> object:
        found.append((params, store))
        return object()

    monkeypatch.setattr(_clients, "_clients", {})
    monkeypatch.setattr(_clients, "connect", connect)
    return found


def test_the_same_options_share_a_client(made: list[Any]) -> None:
    first = _clients.shared_client({"client_id": "c", "name": "one"})
    assert _clients.shared_client({"client_id": "c", "name": "two", "tenant_id": None}) is first
    assert len(made) == 1


@pytest.mark.parametrize("other", [{"client_secret": "other"}, {"subscription_id": "other"}, {"api_version": "other"}])
def test_other_options_do_not(made: list[Any], other: dict[str, str]) -> None:
    assert _clients.shared_client({"client_id": "c", **other}) is not _clients.shared_client({"client_id": "c"})


def test_a_client_is_forgotten(made: list[Any]) -> None:
    first = _clients.shared_client({"client_id": "c"})
    _clients.forget_client({"client_id": "c"})
    _clients.forget_client({"client_id": "unknown"})
    assert _clients.shared_client({"client_id": "c"}) is not first


def test_tokens_are_those_of_the_run(made: list[Any]) -> None:
    _clients.new_client({})
    assert isinstance(made[0][1], RunFiles)


def test_the_connection_plugin_loads_no_part_of_the_sdk_before_it_is_used() -> None:
    code = (
        "import sys\n"
        "import ansible_collections.azure_containers.aci.plugins.connection.aci\n"
        "print(sorted(name for name in sys.modules if name in ('azure', 'msal', 'requests')))\n"
    )
    paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=paths)
    assert done.stdout == "[]\n", done.stderr
