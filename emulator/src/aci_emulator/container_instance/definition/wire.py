# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON as the service writes it."""

from __future__ import annotations

import json
from typing import Any


def dumps(value: Any) -> str:
    """Compact JSON. Floats keep their decimal (`2.0`), which is how cpu and memoryInGB are recorded."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
