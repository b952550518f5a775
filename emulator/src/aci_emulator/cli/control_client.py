# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connects other programs to a running emulator, using the files in its state directory."""

from __future__ import annotations

import json
import os
import shlex
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..core.control_key import KEY_HEADER, PROXY_KEY_FILE, read_key
from ..core.facts import read_facts
from ..core.interception_files import USER, InterceptionFiles
from ..core.statedir import StateError, is_served, parse_json
from ..identity.directory import Directory
from ..identity.sign_in_env import INSTANCE_METADATA_WAYS, INTERCEPTED_WAYS, WAYS, ServedEmulator

_BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "WEBSOCKET_CLIENT_CA_BUNDLE")
DIRECT_VARIABLES = (
    "AZURE_AUTHORITY_HOST",
    "AZURE_RESOURCE_MANAGER_ENDPOINT",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
)
"""Variables that may lead a client to this machine without the proxy, because NO_PROXY includes loopback."""


class CommandError(Exception):
    """An error that the user can fix; the text says how."""


def served(state_dir: Path, wait: float = 0.0) -> dict[str, Any] | None:
    """Returns the facts about the emulator that serves a state directory, or None after ``wait`` seconds without one.

    An emulator that is starting counts once it is ready: until then, the facts are those of a process that has ended.
    """
    deadline = time.monotonic() + wait
    while True:
        facts = read_facts(state_dir)
        # In this order: testing the lock could prevent an emulator that is starting from acquiring it.
        if facts is not None and _is_alive(facts["pid"]) and is_served(state_dir):
            return facts
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.05)


def require_served(state_dir: Path, wait: float = 0.0) -> dict[str, Any]:
    """Returns the same as ``served``. Raises CommandError if that is None."""
    facts = served(state_dir, wait)
    if facts is None:
        command = f"aci-emulator serve --state-dir {shlex.quote(str(state_dir))}"
        raise CommandError(f"no emulator serves {state_dir}: start one with {command}")
    return facts


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it belongs to another user
    return True


def environment(state_dir: Path, way: str = "client-secret", wait: float = 0.0) -> dict[str, str]:
    """Returns the environment variables for clients of a running emulator; ``way`` is one of WAYS to sign in.

    If it needs the metadata service, the emulator serves that from now on. Raises CommandError if no emulator runs
    within ``wait`` seconds.
    """
    facts = require_served(state_dir, wait)
    if way in INSTANCE_METADATA_WAYS:
        call(state_dir, "POST", "/emulator/instance-metadata", {"served": True})
    proof = WAYS[way](ServedEmulator(state_dir, Directory.load(state_dir), facts["url"]))
    subscription = proof.pop("AZURE_SUBSCRIPTION_ID", facts["subscription_id"])
    return {
        **proof,
        "AZURE_SUBSCRIPTION_ID": subscription,
        "AZURE_AUTHORITY_HOST": facts["url"],
        "AZURE_RESOURCE_MANAGER_ENDPOINT": facts["url"],
        "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
        "REQUESTS_CA_BUNDLE": facts["ca"],
        "SSL_CERT_FILE": facts["ca"],
        "ACI_EMULATOR_STATE_DIR": str(state_dir),
        "ACI_EMULATOR_PROXY": facts["proxy"],
        "ACI_EMULATOR_PRICES_ENDPOINT": facts["url"],
        "ACI_EMULATOR_SECOND_SUBSCRIPTION_ID": facts["second_subscription_id"],
    }


def intercepted_environment(state_dir: Path, way: str = "client-secret", wait: float = 0.0) -> dict[str, str]:
    """Returns the environment variables for programs that do not know the emulator, which answers their requests to
    Azure.

    Raises CommandError like ``environment``, and for a way to sign in that works only with the emulator's own address.
    """
    if way not in INTERCEPTED_WAYS:
        raise CommandError(
            f"--as {way} cannot be used with --intercept: it gets tokens from an address of its own instead of Azure. "
            f"Choose one of {', '.join(INTERCEPTED_WAYS)}"
        )
    facts = require_served(state_dir, wait)
    proof = WAYS[way](ServedEmulator(state_dir, Directory.load(state_dir), facts["url"]))
    return {
        **proof,
        "AZURE_SUBSCRIPTION_ID": proof.get("AZURE_SUBSCRIPTION_ID", facts["subscription_id"]),
        "AZURE_TOKEN_CREDENTIALS": INTERCEPTED_WAYS[way],
        "AZURE_CONFIG_DIR": str(InterceptionFiles(state_dir).azure_config),
        **interception_variables(state_dir, facts["proxy"]),
        "ACI_EMULATOR_STATE_DIR": str(state_dir),
        "ACI_EMULATOR_PROXY": facts["proxy"],
        "ACI_EMULATOR_SECOND_SUBSCRIPTION_ID": facts["second_subscription_id"],
    }


def interception_variables(state_dir: Path, proxy_url: str) -> dict[str, str]:
    """Returns the variables that lead a program through an intercepting proxy, and make it trust the proxy's CA.

    ``state_dir`` is where the proxy keeps its CA and its key. Raises CommandError if they are missing.
    """
    files = InterceptionFiles(state_dir)
    for path in (files.ca, files.bundle, files.azure_config):
        if not path.exists():
            raise CommandError(f"{path} is missing: restart the emulator to create it")
    address = urlsplit(proxy_url)
    proxy = address._replace(netloc=f"{USER}:{read_key(state_dir, PROXY_KEY_FILE)}@{address.netloc}").geturl()
    bundle = str(files.bundle)
    return {
        # Programs read upper or lower case, so both are set: an inherited value could take precedence.
        **dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), proxy),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1,::1"),
        **dict.fromkeys(_BUNDLE_VARIABLES, bundle),
        "NODE_EXTRA_CA_CERTS": str(files.ca),
        "NODE_USE_ENV_PROXY": "1",  # fetch of Node.js 24 and newer
    }


def misleading_variables(variables: Mapping[str, str]) -> list[str]:
    """Returns the names of variables that bypass interception, because they contain an emulator's own address."""
    found = []
    for name in DIRECT_VARIABLES:
        url = variables.get(name, "")
        host = urlsplit(url).hostname if "://" in url else None
        if host in ("localhost", "127.0.0.1", "::1"):
            found.append(name)
    return found


def call(state_dir: Path, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Calls a control endpoint of the emulator that serves a state directory. Returns the JSON response, or None.

    Raises CommandError if no emulator does, or if it refuses.
    """
    facts = require_served(state_dir)
    content = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", KEY_HEADER: read_key(state_dir)}
    return send(facts, method, path, content, headers)


def send(facts: dict[str, Any], method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Any:
    """Sends a request to the emulator that ``facts`` describe. Returns the JSON response, or None.

    Raises CommandError if it does not respond, or if it refuses.
    """
    request = urllib.request.Request(facts["url"] + path, content, headers, method=method)  # noqa: S310 - our own https
    handlers = [
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=facts["ca"])),
    ]
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=60) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        try:
            reason = json.loads(error.read())["error"]["message"]
        except (ValueError, KeyError, TypeError):
            reason = str(error)
        raise CommandError(reason) from None
    except urllib.error.URLError as error:
        raise CommandError(f"{facts['url']} does not respond: {error.reason}") from None
    return json.loads(text) if text else None


def read_document(path: Path) -> Any:
    """Returns the JSON document in a file given by the user. Raises CommandError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from None
    try:
        return parse_json(path, content)
    except StateError as error:
        raise CommandError(str(error)) from None
