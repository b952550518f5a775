# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Clients in the controller's processes. All clients of a run share one sign-in, whichever plugin is the first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible import constants as C  # noqa: N812 - its usual name in Ansible

from ..module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ..module_utils._azure.client import Client, connect
from ..module_utils._common.masking import Masker, no_log_texts
from ._run_files import RunFiles

_clients: dict[str, Client] = {}
"""The clients of this process, so that the items of a loop, and the attempts of `until`, share connections."""


def new_client(params: Mapping[str, Any]) -> Client:
    """A client for these connection options, whose tokens are stored for the duration of the run."""
    return connect(params, run_files())


def run_files() -> RunFiles:
    """The cache that all tasks of this run share, across processes."""
    return RunFiles(C.DEFAULT_LOCAL_TMP)


def shared_client(params: Mapping[str, Any]) -> Client:
    """This process's client for these connection options."""
    key = _client_key(params)
    if key not in _clients:
        _clients[key] = new_client(params)
    return _clients[key]


def masker_of(params: Mapping[str, Any]) -> Masker:
    """A masker for the secrets in these options, for a plugin's errors: services quote what they were sent."""
    return Masker(no_log_texts(CONNECTION_ARGUMENTS, params))


def forget_client(params: Mapping[str, Any]) -> None:
    """Forgets the client, so that the next attempt reads files and environment again, as a module would."""
    _clients.pop(_client_key(params), None)


def _client_key(params: Mapping[str, Any]) -> str:
    return json.dumps({name: params.get(name) for name in (*CONNECTION_ARGUMENTS, "api_version")}, sort_keys=True)
