# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of requests that got no answer."""

from __future__ import annotations

import pytest

pytest.importorskip("azure.core")

from azure.core import exceptions as sdk
from azure.core.exceptions import ServiceRequestError
from azure.core.rest import HttpRequest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import connection_errors
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.transport import new_transport
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    ConnectionFailed,
    CredentialsError,
    ForeignOrigin,
)


def test_a_connection_that_was_lost_is_another_thing_than_one_that_was_not_made() -> None:
    inner = OSError("[Errno 111] Connection refused")
    error = RuntimeError("outer", inner)
    error.where = "https://arm.example"  # type: ignore[attr-defined]
    made, lost = (connection_errors.unreachable("Could not read", error, sent=sent) for sent in (False, True))
    assert "https://arm.example could not be reached (Connection refused)" in made.msg
    assert "the connection to https://arm.example was lost (Connection refused)" in lost.msg
    assert made.transient
    assert lost.transient


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        (None, ""),
        ("", ""),
        ("http://proxy:3128", " through the proxy http://proxy:3128"),
        ("http://user:planted@proxy:3128", " through the proxy http://proxy:3128"),
    ],
)
def test_a_proxy_is_named_without_its_password(proxy: str | None, said: str) -> None:
    assert connection_errors.through(proxy) == said


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:planted@127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(ServiceRequestError) as caught:
        new_transport(None).send(HttpRequest("GET", "https://arm.example/"))
    told = connection_errors.unreachable("Could not", caught.value, sent=False).msg
    assert "https://arm.example through the proxy http://127.0.0.1:1 could not be reached" in told
    assert "planted" not in told


@pytest.mark.parametrize(
    ("error", "write", "kind", "code"),
    [
        (ForeignOrigin("elsewhere"), False, ForeignOrigin, None),
        (sdk.TooManyRedirectsError([]), False, AzureError, "TooManyRedirects"),
        (sdk.DecodeError("garbled"), False, AzureError, "InvalidAnswer"),
        (sdk.HttpResponseError("no"), False, CredentialsError, None),
        (sdk.ServiceResponseError("lost"), False, ConnectionFailed, None),
        (sdk.ServiceResponseError("lost"), True, Ambiguous, None),
        (sdk.ServiceRequestError("refused"), True, ConnectionFailed, None),
        (sdk.AzureError("else"), False, AzureError, None),
    ],
)
def test_every_exception_of_the_sdk_has_its_error(
    error: Exception, write: bool, kind: type[AciError], code: str | None
) -> None:
    found = connection_errors.translated("Could not read", error, write)
    assert found.__class__ is kind
    assert found.msg.startswith("Could not read: ")
    assert code is None or found.code == code
