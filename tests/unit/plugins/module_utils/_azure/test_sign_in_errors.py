# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why there is no token."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("azure.identity")

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.sign_in_errors import ADVICE
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError


def refusal(code: str, text: str = "Words of the service. Trace ID: 1 Correlation ID: 2") -> tuple[int, Any]:
    return 401, {"error": "invalid_client", "error_description": f"AADSTS{code}: {text}"}


@pytest.mark.parametrize("code", ADVICE)
def test_refusals_are_explained(azure: Any, code: str) -> None:
    azure.token = refusal(code)
    with pytest.raises(CredentialsError) as caught:
        azure.client().list_groups()
    reason, advice = ADVICE[code]
    assert caught.value.code == f"AADSTS{code}"
    assert f"{reason} (AADSTS{code}). {advice}" in caught.value.msg
    assert "https://login.example" in caught.value.msg


def test_an_unknown_refusal_is_passed_on(azure: Any) -> None:
    azure.token = refusal("1234567")
    with pytest.raises(CredentialsError, match=r"AADSTS1234567: Words of the service\.$") as caught:
        azure.client().list_groups()
    assert caught.value.code == "AADSTS1234567"
