# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The common options of modules, which no module redefines."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._engines import (
    aci_cp,
    aci_exec,
    aci_group,
    aci_group_info,
    aci_group_profile,
    aci_logs,
    aci_run,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.shared_arguments import (
    CONTAINER_GROUP,
    DESIRED,
    SHELL,
    WAITING,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._module import ModuleSpec


@pytest.mark.parametrize(
    ("spec", "shared"),
    [
        (aci_exec.SPEC, {**CONTAINER_GROUP, **SHELL}),
        (aci_cp.SPEC, {**CONTAINER_GROUP, **SHELL}),
        (aci_logs.SPEC, CONTAINER_GROUP),
        (aci_group_profile.SPEC, {**CONTAINER_GROUP, **DESIRED}),
        (aci_group.SPEC, {**DESIRED, **WAITING}),
        (aci_group_info.SPEC, WAITING),
        (aci_run.SPEC, WAITING),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_modules_take_them_as_they_are(spec: ModuleSpec, shared: dict[str, Any]) -> None:
    assert {name: spec.arguments.get(name) for name in shared} == shared
