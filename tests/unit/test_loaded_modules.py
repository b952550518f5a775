# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An aci_group task that finds nothing to change loads only what it needs: each task compiles each file again."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("azure.mgmt.core")
pytest.importorskip("azure.identity")

ROOT = "ansible_collections.azure_containers.aci.plugins.module_utils."
LOADED = {
    "_azure": """
        arguments
        client
        clouds
        credentials
        exchange
        identity
        origin
        sdk
        shapes
        sign_in
        tls
        transport
    """,
    "_common": """
        api_versions
        display_text
        errors
        interpreter
        masking
        file_names
        mistakes
        price_options
        provisioning
        retry
        run_cache
        telling_names
        wait
    """,
    "_engines": "aci_group",
    "_group": """
        environment
        facts
        changes
        names
        plan
        schema
        shared_arguments
        state
        tags
        verdicts
        wire
    """,
    "_module": "",
    "_reconcile": """
        recovery
        task
    """,
}
"""The modules of the collection that such a task loads, by their packages."""

OPTIONS: dict[str, Any] = {
    "tenant_id": "t",
    "client_id": "c",
    "client_secret": "planted-secret",
    "subscription_id": "s",
    "resource_manager_endpoint": "https://arm.example",
    "authority_host": "https://login.example",
    "resource_group": "shop",
    "name": "web",
    "location": "westeurope",
    "tags": {"team": "web"},
    "containers": [
        {
            "name": "web",
            "image": "nginx",
            "resources": {"requests": {"cpu": 1, "memory_in_gb": 1.5}},
            "ports": [{"port": 80}],
            "env": {"MODE": "fast"},
        }
    ],
}
GROUP: dict[str, Any] = {
    "id": "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web",
    "name": "web",
    "type": "Microsoft.ContainerInstance/containerGroups",
    "location": "westeurope",
    "tags": {"team": "web"},
    "properties": {
        "provisioningState": "Succeeded",
        "osType": "Linux",
        "restartPolicy": "Always",
        "sku": "Standard",
        "instanceView": {"state": "Running", "events": []},
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "nginx",
                    "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}},
                    "ports": [{"port": 80, "protocol": "TCP"}],
                    "environmentVariables": [{"name": "MODE", "value": "fast"}],
                    "instanceView": {"restartCount": 0, "currentState": {"state": "Running"}},
                },
            }
        ],
    },
}

TASK = """
import io, json, sys
import requests, urllib3
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

options, group = json.load(sys.stdin)


class Azure(requests.adapters.HTTPAdapter):
    def send(self, request, **_options):
        url = request.url
        if url.endswith("/openid-configuration"):
            base = url.partition("/v2.0")[0]
            found = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize", "issuer": base}
        elif url.startswith("https://login.example"):
            found = {"token_type": "Bearer", "expires_in": 3599, "access_token": "a-token"}
        else:
            assert request.method == "GET", request.method
            found = group
        content = io.BytesIO(json.dumps(found).encode())
        kind = {"Content-Type": "application/json"}
        raw = urllib3.HTTPResponse(content, headers=kind, status=200, preload_content=False)
        return self.build_response(request, raw)


requests.Session.get_adapter = lambda _self, url: Azure()

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import connect
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_group import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

assert SPEC.checked(options) == (None, [])
checked = ArgumentSpecValidator(SPEC.argument_spec()).validate(options)
assert checked.error_messages == []
params = checked.validated_parameters
context = Context(params, False, True, connect(params), masker=SPEC.masker(params))
result, error = SPEC.attempt(context, 0)
assert error is None, error
result = context.masker.result(result)
print(json.dumps([result["changed"], sorted(sys.modules)]))
"""


def names_after(program: str) -> list[str]:
    """The modules that the program prints, run in a fresh interpreter for a task that changes nothing."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([OPTIONS, GROUP]),
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    assert done.returncode == 0, done.stderr
    changed, names = json.loads(done.stdout)
    assert changed is False
    return list(names)


def test_a_task_that_changes_nothing_loads_no_more_than_it_needs() -> None:
    loaded = {name.removeprefix(ROOT) for name in names_after(TASK) if name.startswith(ROOT)}
    wanted = {*LOADED, *(f"{package}.{name}" for package, names in LOADED.items() for name in names.split())}
    more = sorted(loaded - wanted)
    assert not more, (
        f"A task that finds nothing to change now loads {', '.join(more)}, which every task would compile. Import it "
        "inside the function that needs it. If really every task needs it, add it to LOADED in this file."
    )
    fewer = sorted(wanted - loaded)
    assert not fewer, f"Such a task no longer loads {', '.join(fewer)}: remove it from LOADED in this file."


def test_a_worker_imports_nothing_for_its_request() -> None:
    preloaded = f"import sys\nimport {ROOT}_azure.preloaded\nfrom {ROOT}_engines import aci_group\n"
    program = f"{preloaded}BEFORE = set(sys.modules)\n{TASK}".replace(
        "sorted(sys.modules)", "sorted(set(sys.modules) - BEFORE)"
    )
    names = names_after(program)
    late = [name for name in names if name.startswith(("azure.", "requests", "urllib3", "encodings."))]
    assert not late, (
        f"The worker of a task imports {', '.join(late)}, each worker again. Import it in _azure/preloaded.py, which "
        "the main process loads once."
    )
