# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in for azure.azcollection: sends to the emulator what that serves, and keeps the rest in a file."""

from __future__ import annotations

import json
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any

UNKNOWN = ("InvalidResourceNamespace", "InvalidResourceType", "NotFound")


class Azure:
    """The emulator, and a file beside it: ``RECIPE_STORE``."""

    def __init__(self) -> None:
        self._endpoint = os.environ["AZURE_RESOURCE_MANAGER_ENDPOINT"].rstrip("/")
        self._trust = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
        self._store = Path(os.environ["RECIPE_STORE"])

    def ask(self, method: str, url: str, version: str, body: Any = None) -> tuple[int, Any]:
        """Status and body of the answer."""
        status, answer = self._send(method, f"{self._endpoint}{url}?api-version={version}", body)
        if status == 404 and answer["error"]["code"] in UNKNOWN:
            return self._keep(method, url, body)
        return status, answer

    def _keep(self, method: str, url: str, body: Any) -> tuple[int, Any]:
        kept = json.loads(self._store.read_text()) if self._store.exists() else {}
        log = kept.setdefault("log", [])
        live = kept.get(url)
        if method == "GET":
            return (404, {"error": {"code": "ResourceNotFound"}}) if live is None else (200, live)
        log.append([method, url, body])
        if method == "PUT":
            kept[url] = {"id": url, "name": url.rpartition("/")[2], **body}
            if "/userAssignedIdentities/" in url:
                principal = str(uuid.uuid5(uuid.NAMESPACE_URL, url))
                kept[url]["properties"] = {**body.get("properties", {}), "principalId": principal}
        elif method == "PATCH":
            if live is None:
                return 404, {"error": {"code": "ResourceNotFound"}}
            live["properties"] = {**live["properties"], **body["properties"]}
        parent, _slash, kind = url.rpartition("/")[0].rpartition("/")
        if kind == "externalEndpoints":  # a profile shows its endpoints
            others = [each for each in kept[parent]["properties"]["endpoints"] if each["id"] != url]
            kept[parent]["properties"]["endpoints"] = [*others, kept[url]]
        self._store.write_text(json.dumps(kept))
        return 200, kept.get(url, {})

    def _send(self, method: str, url: str, body: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, context=self._trust) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def _token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": os.environ["AZURE_CLIENT_ID"],
            "client_secret": os.environ["AZURE_CLIENT_SECRET"],
            "scope": f"{self._endpoint}/.default",
        }
        url = f"{self._endpoint}/{os.environ['AZURE_TENANT_ID']}/oauth2/v2.0/token"
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), context=self._trust) as answer:
            found: str = json.load(answer)["access_token"]
            return found
