# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client for Resource Manager, for the commands: signed in as the application that owns both subscriptions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ..container_instance.definition.versions import API_VERSIONS
from ..identity.directory import Directory
from .control_client import require_served, send

RESOURCES = "2021-04-01"
# The newest stable version: older ones would not show properties of newer ones.
CONTAINERS = next(version for version in reversed(API_VERSIONS) if not version.endswith("-preview"))
NETWORKS = "2023-09-01"


class ArmClient:
    """Sends requests to the emulator that serves a state directory. Raises CommandError if that fails."""

    def __init__(self, state_dir: Path) -> None:
        facts = require_served(state_dir)
        self._facts = facts
        self.subscriptions = (str(facts["subscription_id"]), str(facts["second_subscription_id"]))
        main = Directory.load(state_dir).main
        form = {
            "grant_type": "client_credentials",
            "client_id": main.client_id,
            "client_secret": main.secrets[0],
            "scope": f"{facts['url']}/.default",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = send(facts, "POST", f"/{main.tenant_id}/oauth2/v2.0/token", urlencode(form).encode(), headers)
        self._headers = {"Authorization": f"Bearer {answer['access_token']}", "Content-Type": "application/json"}

    def get(self, path: str, version: str) -> Any:
        """Returns a resource, or the result of an action on it."""
        return send(self._facts, "GET", f"{quote(path)}?api-version={version}", None, self._headers)

    def put(self, path: str, version: str, body: dict[str, Any]) -> None:
        """Creates a resource."""
        content = json.dumps(body).encode()
        send(self._facts, "PUT", f"{quote(path)}?api-version={version}", content, self._headers)

    def list(self, path: str, version: str) -> list[dict[str, Any]]:
        """Returns the resources on all pages of a list."""
        found: list[dict[str, Any]] = []
        where = f"{quote(path)}?api-version={version}"
        while where:
            page = send(self._facts, "GET", where, None, self._headers)
            found += page["value"]
            following = urlsplit(page.get("nextLink") or "")
            where = f"{following.path}?{following.query}" if following.path else ""
        return found
