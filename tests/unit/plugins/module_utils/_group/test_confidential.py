# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy of Confidential groups."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.confidential import (
    check_policy,
    is_confidential,
)

WITH = {"properties": {"sku": "confidential", "confidentialComputeProperties": {"ccePolicy": "p"}}}
WITHOUT = {"properties": {"sku": "Confidential"}}


def test_what_is_confidential() -> None:
    assert is_confidential(WITH)
    assert not is_confidential({"properties": {"sku": "Standard"}})


def test_its_policy_stays() -> None:
    with pytest.raises(InvalidArguments, match="it cannot be removed"):
        check_policy(WITH, WITHOUT)


def test_a_policy_may_be_replaced_and_given_up_with_the_sku() -> None:
    check_policy(WITH, WITH)
    check_policy(WITHOUT, WITHOUT)
    check_policy(WITH, {"properties": {"sku": "Standard"}})
