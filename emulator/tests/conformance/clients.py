# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the official clients come from, each in an environment of its own below `.venv/environments`.

The functions make what is missing, which takes minutes, and raise `EnvironmentFailed` where that does not succeed.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))

from environments import FOLDER, EnvironmentFailed, add_requirements, environment

__all__ = ["FOLDER", "SDKS", "EnvironmentFailed", "az_program", "azcollection_programs", "environment", "sdk_python"]

SDKS = ("10.1.0", "10.2.0b2")
ANSIBLE = "ansible==12.3.0"


def sdk_python(version: str) -> Path:
    """An interpreter with this version of the Azure SDK."""
    packages = (f"azure-mgmt-containerinstance=={version}", "azure-identity")
    return environment(f"sdk-{version}", packages) / "python"


def az_program() -> Path:
    """The official command line."""
    return environment("az", ("azure-cli",)) / "az"


def azcollection_programs() -> Path:
    """The folder of programs of an Ansible with azure.azcollection, which the package ansible contains.

    What that collection requires is in a file of its own, and is installed beside it.
    """
    programs = environment("azcollection", (ANSIBLE,))
    packages = next((programs.parent / "lib").glob("python*/site-packages"))
    add_requirements(programs, packages / "ansible_collections" / "azure" / "azcollection" / "requirements.txt")
    return programs
