# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Credentials from the environment of the process: Azure CLI, the machine's managed identity, a CI system's tokens."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from .._common.errors import CredentialsError
from .connection_errors import unreachable
from .transport import importing

CLI_TIMEOUT = 30
METADATA_TIMEOUT = 0.5
"""Seconds to wait for the machine's metadata service, which runs on its own host and answers at once."""

METADATA_HOST = "169.254.169.254"
IDENTITY_VARIABLES = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST")
AUDIENCE = "api://AzureADTokenExchange"
"""The audience that Microsoft Entra ID requires of a federated token."""


class Unavailable(Exception):
    """The source of credentials does not exist here, or has none; the text says why."""


# -- Azure CLI ---------------------------------------------------------------------------------------------------------


def cli_account(subscription: str) -> dict[str, str]:
    """The settings of the `az login` account for this subscription, or its default one. Raises Unavailable."""
    program = shutil.which("az")
    if program is None:
        raise Unavailable("az is not installed")
    account = _az(program, "account", "show", *(("--subscription", subscription) if subscription else ()))
    user = account.get("user")
    found = {
        "subscription_id": str(account.get("id") or ""),
        "tenant_id": str(account.get("tenantId") or ""),
        "cloud_environment": str(account.get("environmentName") or "AzureCloud"),
        "user": str(user.get("name") or "") if isinstance(user, dict) else "",
    }
    if found["cloud_environment"] not in ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud"):
        endpoints = _az(program, "cloud", "show").get("endpoints") or {}
        found["cloud_environment"] = str(endpoints.get("resourceManager") or "")
        if not found["cloud_environment"]:
            raise Unavailable("az cloud show reports no resource manager")
        found["authority_host"] = str(endpoints.get("activeDirectory") or "")
        found["audience"] = str(endpoints.get("activeDirectoryResourceId") or "")
    return {name: value for name, value in found.items() if value}


def _az(program: str, *arguments: str) -> dict[str, Any]:
    try:
        # Not AnsibleModule.run_command: a task in the controller's process has no AnsibleModule, and it has no timeout.
        done = subprocess.run(  # noqa: S603 - the user's own az # pylint: disable=ansible-bad-function
            [program, *arguments, "--output", "json", "--only-show-errors"],
            capture_output=True,
            check=False,
            text=True,
            timeout=CLI_TIMEOUT,
            env={**os.environ, "AZURE_CORE_NO_COLOR": "true"},
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"az {arguments[0]} {arguments[1]} did not answer in {CLI_TIMEOUT} s") from None
    except OSError as error:
        raise Unavailable(f"az could not be started: {error.strerror}") from None
    if done.returncode != 0:
        words = " ".join(done.stderr.split()).removeprefix("ERROR: ")[:200]
        raise Unavailable(f"az {arguments[0]} {arguments[1]} failed: {words or done.returncode}")
    try:
        found = json.loads(done.stdout)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unavailable(f"az {arguments[0]} {arguments[1]} did not answer with JSON")
    return found


# -- managed identity --------------------------------------------------------------------------------------------------


def has_managed_identity(environ: Mapping[str, str]) -> bool:
    """Whether this machine may have one: a variable says so, or the metadata service of an Azure VM answers."""
    if any(environ.get(name) for name in IDENTITY_VARIABLES):
        return True
    connection = http.client.HTTPConnection(METADATA_HOST, timeout=METADATA_TIMEOUT)
    try:
        # Azure's service answers 400 to a request without its required header; other servers do not.
        connection.request("GET", "/metadata/identity/oauth2/token")
        return connection.getresponse().status == 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# -- federated tokens --------------------------------------------------------------------------------------------------


def token_from_file(path: str) -> Callable[[Any], str]:
    """Reads the token from a file, each time anew, because whoever writes the file also renews it."""

    def read(_transport: Any) -> str:
        try:
            with open(os.path.expanduser(path), encoding="utf-8") as file:
                token = file.read().strip()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise CredentialsError(f"Could not read the federated token in {path}: {reason}.") from None
        if not token:
            raise CredentialsError(f"The federated token file {path} is empty.")
        return token

    return read


def token_from_github(environ: Mapping[str, str]) -> Callable[[Any], str]:
    """Gets a token from GitHub Actions, for a job with `permissions: id-token: write`."""
    url = environ["ACTIONS_ID_TOKEN_REQUEST_URL"]
    joint = "&" if "?" in url else "?"
    url = f"{url}{joint}{urlencode({'audience': AUDIENCE})}"
    bearer = environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    return lambda transport: _ask(transport, "GitHub Actions", "GET", url, bearer, "value")


def token_from_pipelines(environ: Mapping[str, str], connection: str) -> Callable[[Any], str]:
    """Gets a token from Azure Pipelines, for a service connection that the job may use."""
    query = urlencode({"api-version": "7.1", "serviceConnectionId": connection})
    url = f"{environ['SYSTEM_OIDCREQUESTURI']}?{query}"
    bearer = environ["SYSTEM_ACCESSTOKEN"]
    return lambda transport: _ask(transport, "Azure Pipelines", "POST", url, bearer, "oidcToken")


def _ask(transport: Any, who: str, method: str, url: str, bearer: str, key: str) -> str:
    """Ask a CI system for a token. Raises CredentialsError and ConnectionFailed."""
    with importing():
        from azure.core.exceptions import AzureError
        from azure.core.rest import HttpRequest

    what = f"Could not get a federated token from {who}"
    try:
        secure = urlsplit(url).scheme == "https"
    except ValueError:
        secure = False
    if not secure:
        raise CredentialsError(f"{what}: its address must use https.")
    headers = {"Authorization": f"Bearer {bearer}", "Accept": "application/json", "Content-Type": "application/json"}
    try:
        response = transport.bound_to(url).send(HttpRequest(method, url, headers=headers))
        content = response.read()
    except AzureError as error:
        raise unreachable(what, error, sent=False) from None
    try:
        token = json.loads(content)[key]
    except (KeyError, TypeError, ValueError, RecursionError):
        token = None
    if response.status_code != 200 or not isinstance(token, str) or not token:
        raise CredentialsError(f"{what}: it answered with status {response.status_code}.")
    return token
