# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Clients of the controller's processes. All of a run share one sign-in, whichever plugin asks for a token first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible import constants as C  # noqa: N812 - the name that it has everywhere in Ansible

from ..module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ..module_utils._azure.client import Client, connect
from ..module_utils._common.masking import Masker, no_log_texts
from ._run_files import RunFiles

_clients: dict[str, Client] = {}
"""Clients of this process: the items of a loop, and the attempts of `until`, share their connections."""


def new_client(params: Mapping[str, Any]) -> Client:
    """A client for these connection options that keeps its tokens for as long as the run lasts."""
    return connect(params, run_files())


def run_files() -> RunFiles:
    """What all tasks of this run share, in whichever process they are."""
    return RunFiles(C.DEFAULT_LOCAL_TMP)


def shared_client(params: Mapping[str, Any]) -> Client:
    """The client of this process for these connection options."""
    key = _client_key(params)
    if key not in _clients:
        _clients[key] = new_client(params)
    return _clients[key]


def masker_of(params: Mapping[str, Any]) -> Masker:
    """What takes the secrets of these options out of a plugin's errors: services quote what they were sent."""
    return Masker(no_log_texts(CONNECTION_ARGUMENTS, params))


def forget_client(params: Mapping[str, Any]) -> None:
    """Another attempt reads files and environment again, as a module would."""
    _clients.pop(_client_key(params), None)


def _client_key(params: Mapping[str, Any]) -> str:
    return json.dumps({name: params.get(name) for name in (*CONNECTION_ARGUMENTS, "api_version")}, sort_keys=True)
