# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The Python version and libraries that the collection requires, and the command that installs the libraries.

Modules import this file before any other part of the collection. So it must be valid syntax for every Python that
Ansible itself supports, and imports nothing else from the collection before it has checked the version.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import sys

PYTHON = (3, 11)

RARELY = 100_000
"""How many new objects make Python collect garbage, instead of 700: what a task creates lasts until its end."""

REQUIREMENTS = {
    "azure.identity": "azure-identity>=1.19.0",
    "azure.mgmt.containerinstance": "azure-mgmt-containerinstance>=10.1.0",
    "azure.mgmt.resource": "azure-mgmt-resource>=23.2.0",
    "websockets": "websockets>=13.0",
}
"""The lines of requirements.txt, by the name of the module that each provides."""


def require_python() -> None:
    """Fail the module, and say what to do, if the Python that runs it is too old.

    Otherwise, make what follows faster: the process runs one task and spends most of its time on imports. They create
    next to no garbage, so it is collected rarely, and compile each module once instead of twice.
    """
    if sys.version_info >= PYTHON:
        from .zip_imports import compile_once

        gc.set_threshold(RARELY)
        compile_once(__spec__.loader)
        return
    needed, here = (".".join(map(str, version)) for version in (PYTHON, sys.version_info[:3]))
    message = (
        f"azure_containers.aci needs Python {needed} or newer where the task runs, but {sys.executable} is Python "
        f"{here}. Set ansible_python_interpreter to a newer one that has the libraries. For tasks on the controller "
        "that is the value of ansible_playbook_python; elsewhere, install them with: "
        f"python{needed} -m pip install {_quoted()}"
    )
    error = {"code": "UnsupportedPython", "message": message, "status": None, "request_id": None}
    # AnsibleModule would validate the options first, and the code that describes them cannot be imported here.
    print(json.dumps({"failed": True, "msg": message, "error": error}))  # pylint: disable=ansible-bad-function
    sys.exit(1)  # pylint: disable=ansible-bad-function


def missing_libraries(purpose: str, missing: str) -> str:
    """Says what to install, everything at once, after the import of ``missing`` failed, and for what ``purpose``."""
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
