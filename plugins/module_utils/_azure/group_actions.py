# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The requests for a container group that exists: its tags, start, restart, stop, logs and commands."""

from __future__ import annotations

from typing import Any

from .._common.errors import AzureError
from .operation import Operation
from .sdk import body_of
from .sender import Sender
from .shapes import CONTAINER_GROUP

LOG = {"content": str}
EXEC = {"webSocketUri": str, "password": str}


class GroupActions:
    """Requests of one client, which raise what its own methods raise."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def patch_group(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """See ``Client.patch_group``."""
        action_text = f"Could not update the tags of container group {name} in resource group {resource_group}"
        answer = self._sender.versioned(
            lambda: self._sender.write(
                action_text, self._sender.group("PATCH", resource_group, name, body=body, expected=(200,)), deadline
            )
        )
        return body_of(action_text, answer, CONTAINER_GROUP, write=True)

    def start_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """See ``Client.start_group``."""
        action_text = f"Could not start container group {name} in resource group {resource_group}"
        return self._sender.versioned(
            lambda: self._sender.begin(
                action_text, self._sender.group("POST", resource_group, name, "start", expected=(202, 204)), deadline
            )
        )

    def restart_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """See ``Client.restart_group``."""
        action_text = f"Could not restart container group {name} in resource group {resource_group}"
        return self._sender.versioned(
            lambda: self._sender.begin(
                action_text, self._sender.group("POST", resource_group, name, "restart", expected=(204,)), deadline
            )
        )

    def stop_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> None:
        """See ``Client.stop_group``."""
        action_text = f"Could not stop container group {name} in resource group {resource_group}"
        self._sender.versioned(
            lambda: self._sender.write(
                action_text, self._sender.group("POST", resource_group, name, "stop", expected=(204,)), deadline
            )
        )

    def logs(
        self, resource_group: str, name: str, container: str, tail: int | None = None, timestamps: bool = False
    ) -> str | None:
        """See ``Client.logs``."""
        action_text = f"Could not read the log of container {container} of container group {name}"
        query = {"timestamps": "true"} if timestamps else {}
        if tail is not None:
            query["tail"] = str(tail)
        try:
            answer = self._sender.versioned(
                lambda: self._sender.sdk.call(
                    action_text,
                    self._sender.group("GET", resource_group, name, "containers", container, "logs", query=query),
                )
            )
        except AzureError as error:
            if error.code == "ContainerLogNotAvailable":
                return None
            raise
        # For a container that wrote nothing, the content is null.
        return str(body_of(action_text, answer, LOG).get("content") or "")

    def execute_command(self, resource_group: str, name: str, container: str, body: dict[str, Any]) -> dict[str, Any]:
        """See ``Client.execute_command``."""
        action_text = f"Could not run a command in container {container} of container group {name}"
        # Safe to retry: the program starts only when the WebSocket is opened.
        answer = self._sender.versioned(
            lambda: self._sender.sdk.call(
                action_text,
                self._sender.group("POST", resource_group, name, "containers", container, "exec", body=body),
            )
        )
        return body_of(action_text, answer, EXEC)
