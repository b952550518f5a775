# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that would lead to the URL of another resource."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.names import check_names


@pytest.mark.parametrize("option", ["resource_group", "name", "container"])
@pytest.mark.parametrize("value", ["", ".", "..", "a/b", "../shop", "a?b", "a#b", "a%2fb", "a\\b", "a\nb"])
def test_no_names(option: str, value: str) -> None:
    with pytest.raises(InvalidArguments, match=f"^{option}: "):
        check_names({option: value})


@pytest.mark.parametrize("value", ["shop", "shop.v2", "Shop_(1)", "\u00fcber-shop", None])
def test_names(value: str | None) -> None:
    check_names({"resource_group": value, "name": value})
