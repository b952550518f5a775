# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import (
    MASK,
    has_no_credentials_left,
    may_have_credentials,
    without_credentials,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.url_credentials import (
    credentials_in,
    is_emptied,
    replaced_credentials,
)

PIECES = st.sampled_from(
    ["a", "b:c", "://", "@", "?", "&", ";", "=", "sig", "se", "/", " ", "ssh", "<secret: x>", MASK, "*", "https"]
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://user:planted@host/x.git", f"https://{MASK}@host/x.git"),
        ("https://planted@host/x.git", f"https://{MASK}@host/x.git"),
        ("https://user:pla@nted@host:8443", f"https://{MASK}@host:8443"),
        ("https://h/x?a=b&sig=planted%3D&c=d", f"https://h/x?a=b&sig={MASK}&c=d"),
        ("https://h/x?sp=planted&se=planted&sv=1", f"https://h/x?sp={MASK}&se={MASK}&sv=1"),
        ("https://h/?TOKEN=planted#x", f"https://h/?TOKEN={MASK}#x"),
        ("https://h/?access_token=planted;code=planted", f"https://h/?access_token={MASK};code={MASK}"),
        ("get 'https://h/?key=planted' -o x", f"get 'https://h/?key={MASK}' -o x"),
        ("user:planted@registry.example.com/x:1", f"{MASK}@registry.example.com/x:1"),
        ("postgres://u:planted@db/x", f"postgres://{MASK}@db/x"),
    ],
)
def test_credentials(text: str, masked: str) -> None:
    assert without_credentials(text) == masked
    assert has_no_credentials_left(masked)
    assert not has_no_credentials_left(text)
    assert without_credentials(masked) == masked
    filled = without_credentials(text, "<secret: volumes[v].git_repo.repository>")
    assert "planted" not in filled
    assert "://" not in text or has_no_credentials_left(filled)


@pytest.mark.parametrize(
    "text",
    [
        "repo/image:tag@sha256:0123",
        "image:tag@sha256:0123",
        "host:5000/a/b:t@sha256:0123",
        "ssh://git@host/x",
        "https://host/a@b?q=1",
        "mail@example.com",
        "https://host/?monkey=1",
        "a=b&sig=c",
    ],
)
def test_no_credentials(text: str) -> None:
    assert without_credentials(text) == text
    assert not set(credentials_in(text)) - {""}
    assert not has_no_credentials_left(text)


def test_as_texts() -> None:
    found = set(credentials_in("https://user:planted@host/?sig=signed&se=2026-01-01"))
    assert found == {"signed", "user:planted", "planted"}


@given(st.lists(PIECES, max_size=9).map("".join))
def test_what_is_not_looked_into_has_none(text: str) -> None:
    """Most texts are not searched, because of what they lack. The search would find nothing in them."""
    assert without_credentials(text) == replaced_credentials(text, MASK)
    assert has_no_credentials_left(text) == (("://" in text and is_emptied(text)) or text.startswith(f"{MASK}@"))
    if not may_have_credentials(text):
        assert not list(credentials_in(text))
