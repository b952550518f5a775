# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files with credentials: what is read from them, and that no error shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import credential_files
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError


@pytest.mark.parametrize("keys", [credential_files.AUTH_FILE_KEYS, credential_files.PROFILE_KEYS])
def test_every_setting_is_an_option(keys: dict[str, str]) -> None:
    assert set(keys.values()) <= set(CONNECTION_ARGUMENTS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"clientId": "c", "clientSecret": "s"}, {"client_id": "c", "client_secret": "s"}),
        ({"appId": "c", "password": "s", "tenant": "t"}, {"client_id": "c", "client_secret": "s", "tenant_id": "t"}),
        ({"appId": "c", "fileWithCertAndPrivateKey": "/p"}, {"client_id": "c", "certificate_path": "/p"}),
        ({"clientId": "c", "clientSecret": "", "galleryEndpointUrl": "x"}, {"client_id": "c"}),
    ],
)
def test_auth_files(tmp_path: Path, encoding: str, content: Any, found: dict[str, str]) -> None:
    path = tmp_path / "auth.json"
    path.write_text(json.dumps(content), encoding=encoding)
    assert credential_files.read_auth_file(str(path)) == found


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not JSON"),
        (b'{"clientSecret": "planted', "not JSON"),
        (b"\xffplanted", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'"planted"', "does not contain a JSON object"),
        (b'{"clientSecret": "planted"}', "neither clientId nor appId"),
        (b'{"clientId": "c", "clientSecret": ["planted"]}', "clientSecret must be a string"),
    ],
)
def test_bad_auth_files(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "auth.json"
    path.write_bytes(content)
    with pytest.raises(CredentialsError, match=says) as caught:
        credential_files.read_auth_file(str(path))
    assert str(path) in caught.value.msg
    assert "planted" not in caught.value.msg.replace(str(path), "")


PROFILES = """[default]
client_id = c
secret = with%sign
tenant =
unknown = x

[Other]
subscription_id: s
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [("default", {"client_id": "c", "client_secret": "with%sign"}), ("Other", {"subscription_id": "s"})],
)
def test_profiles(tmp_path: Path, name: str, found: dict[str, str]) -> None:
    path = tmp_path / "credentials"
    path.write_text(PROFILES)
    assert credential_files.read_profile(str(path), name) == found


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PROFILES, r"no profile nobody \(it has: default, Other\)"),
        ("", "it has: none"),
        ("planted", "not in INI format"),
    ],
)
def test_profiles_that_are_not_there(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "credentials"
    path.write_text(content)
    with pytest.raises(CredentialsError, match=says) as caught:
        credential_files.read_profile(str(path), "nobody")
    assert "planted" not in caught.value.msg.replace(str(path), "")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="No such file"):
        credential_files.read_auth_file(str(tmp_path / "none"))
    with pytest.raises(CredentialsError, match="Is a directory"):
        credential_files.read_profile(str(tmp_path), "default")


def test_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "auth.json").write_text('{"appId": "c"}')
    assert credential_files.read_auth_file("~/auth.json") == {"client_id": "c"}
