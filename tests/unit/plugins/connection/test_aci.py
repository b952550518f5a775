# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection plugin's errors about a container that it cannot reach."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader

from ansible_collections.azure_containers.aci.plugins.connection import aci
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, AzureError, TimedOut
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.transfer import TransferFailed

SECRET = "canary-conn-4Zk"
OPTIONS: dict[str, Any] = {"client_secret": SECRET, "resource_group": "shop", "container_group": "web"}


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Any:
    found = connection_loader.get("azure_containers.aci.aci", PlayContext(), class_only=True)
    made = found(PlayContext()) if found is not None else aci.Connection(PlayContext())
    monkeypatch.setattr(made, "get_option", OPTIONS.get)
    return made


def module_of(connection: Any) -> Any:
    import sys

    return sys.modules[type(connection).__module__]


def test_an_error_that_quotes_a_secret(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_params: Any) -> None:
        raise AzureError(f"The secret {SECRET} is not valid for https://u:other-canary@h/.")

    monkeypatch.setattr(module_of(connection), "shared_client", refused)
    with pytest.raises(AnsibleConnectionFailure) as caught:
        connection._connect()
    assert "is not valid" in str(caught.value)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TransferFailed(f"No room for {SECRET}."), AnsibleError),
        (TransferFailed(f"There is no {SECRET}.", code="FileNotFound"), AnsibleFileNotFound),
        (TimedOut(f"{SECRET} took too long."), AnsibleError),
        (AciError(f"{SECRET} was lost."), AnsibleConnectionFailure),
    ],
    ids=str,
)
def test_an_error_in_a_session(connection: Any, error: AciError, kind: type[Exception]) -> None:
    module = module_of(connection)
    connection.masker = module.masker_of(OPTIONS)
    with pytest.raises(kind) as caught:
        module._Failures(connection).__exit__(type(error), error, None)
    assert str(caught.value)
    assert SECRET not in str(caught.value)
