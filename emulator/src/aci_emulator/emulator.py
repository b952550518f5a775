# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The object that holds one emulator together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import Clock
from .settings import Settings
from .store import Store

if TYPE_CHECKING:
    from .container_instance import ContainerInstance
    from .directory import Directory
    from .resource_manager import ResourceManager
    from .runtime.supervisor import Supervisor


@dataclass
class Emulator:
    """One emulator. Built by ``build``, served by ``app.create_app``."""

    settings: Settings
    store: Store
    clock: Clock
    directory: Directory
    resource_manager: ResourceManager
    supervisor: Supervisor
    container_instance: ContainerInstance
