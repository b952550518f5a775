# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moments as the service writes them."""

from __future__ import annotations

from datetime import datetime


def long_stamp(moment: datetime) -> str:
    """With seven digits of a second, as recorded for the start of operations: 2021-10-25T21:18:23.0092034Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond:06d}0Z"
