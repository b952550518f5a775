# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What the collection needs of the Python that it runs in: its version, and the libraries with the command to install.

Modules read this file before anything else of the collection, so it has to be valid for every Python that Ansible
itself runs on, and imports nothing of ours.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import sys

PYTHON = (3, 11)

RARELY = 100_000
"""So many new objects make Python look for garbage, not 700: what a task makes lasts, and is checked each time."""

REQUIREMENTS = {
    "azure.identity": "azure-identity>=1.19.0",
    "azure.mgmt.containerinstance": "azure-mgmt-containerinstance>=10.1.0",
    "azure.mgmt.resource": "azure-mgmt-resource>=23.2.0",
    "websockets": "websockets>=13.0",
}
"""What requirements.txt names, by the module that is imported of it."""


def require_python() -> None:
    """End the module with a failure that says what to do, where the Python that runs it is too old.

    Where it is not, the module's process begins here. It lives for one task, and most of its life is imports, in which
    there is next to nothing to collect.
    """
    if sys.version_info >= PYTHON:
        gc.set_threshold(RARELY)
        return
    needed, here = (".".join(map(str, version)) for version in (PYTHON, sys.version_info[:3]))
    message = (
        f"azure_containers.aci needs Python {needed} or newer where the task runs, but {sys.executable} is Python "
        f"{here}. Set ansible_python_interpreter to a newer one that has the libraries. For tasks on the controller "
        "that is the value of ansible_playbook_python; elsewhere, install them with: "
        f"python{needed} -m pip install {_quoted()}"
    )
    error = {"code": "UnsupportedPython", "message": message, "status": None, "request_id": None}
    # AnsibleModule would refuse the options first, and what reads them cannot be imported here.
    print(json.dumps({"failed": True, "msg": message, "error": error}))  # pylint: disable=ansible-bad-function
    sys.exit(1)  # pylint: disable=ansible-bad-function


def missing_libraries(purpose: str, missing: str) -> str:
    """What to install for a ``purpose``, all at once, after an import of ``missing`` failed."""
    names = [requirement.partition(">")[0] for module, requirement in REQUIREMENTS.items() if not _is_there(module)]
    return (
        f"{', '.join(names) or missing} {'are' if len(names) > 1 else 'is'} missing in the Python that runs this task, "
        f"{sys.executable}, but needed {purpose}. Install everything that the collection needs with: "
        f"{sys.executable} -m pip install {_quoted()}"
    )


def _quoted() -> str:
    return " ".join(f"'{requirement}'" for requirement in REQUIREMENTS.values())


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
