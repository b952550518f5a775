# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the service refuses in the volumes and mounts of a container group. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from .refusals import refuse

MAX_VOLUMES = 20
KINDS = ("azureFile", "emptyDir", "secret", "secretReference", "gitRepo")

_NAME = re.compile(r"[a-z0-9]|[a-z0-9][-a-z0-9]{0,61}[a-z0-9]")
_FILE = re.compile(r"[-._A-Za-z0-9]+")
# What gives a group access to a share: a key, a reference to one, or an identity.
_SHARE_KEYS = ("storageAccountKey", "storageAccountKeyReference", "userAssignedIdentityClientId")


def check_volumes(group: str, properties: Mapping[str, Any], *, lossless: bool, hyphens: bool) -> None:
    """Refuses volumes of no kind or several kinds, incomplete kinds, and mounts of volumes that do not exist.

    `lossless`: a missing key or an empty secret volume is refused, so that secrets are not lost by omitting them.
    `hyphens`: a name may have two hyphens in a row.
    """
    volumes: list[dict[str, Any]] = properties.get("volumes") or []
    if len(volumes) > MAX_VOLUMES:
        raise refuse("too_many_volumes", group=group, count=len(volumes))
    names: set[str] = set()
    for volume in volumes:
        name = volume.get("name") or ""
        if not _NAME.fullmatch(name) or ("--" in name and not hyphens):
            raise refuse("volume_name", volume=name, group=group)
        if name in names:
            raise refuse("duplicate_volume", volume=name, group=group)
        names.add(name)
        _check_kind(group, name, volume, lossless)
    for container in [*properties.get("containers", []), *properties.get("initContainers", [])]:
        _check_mounts(group, container, names)


def _check_kind(group: str, name: str, volume: Mapping[str, Any], lossless: bool) -> None:
    kinds = [kind for kind in KINDS if kind in volume]
    # The two kinds of secrets can be combined: some files are given, others come from a vault.
    if len(kinds) != 1 and kinds != ["secret", "secretReference"]:
        raise refuse("volume_kind", volume=name, group=group)
    for kind in kinds:
        if kind == "azureFile":
            _check_share(group, name, volume[kind], lossless)
        elif kind == "secret":
            _check_secret(group, name, volume[kind], lossless=lossless and len(kinds) == 1)
        elif kind == "gitRepo":
            _check_repository(group, name, volume[kind])


def _check_share(group: str, name: str, share: Mapping[str, Any], lossless: bool) -> None:
    for key in ("shareName", "storageAccountName"):
        if not share.get(key):
            raise refuse("azure_file", missing=key, volume=name, group=group)
    if lossless and not any(share.get(key) for key in _SHARE_KEYS):
        raise refuse("storage_key", volume=name, group=group)


def _check_secret(group: str, name: str, secret: Mapping[str, str], *, lossless: bool) -> None:
    if lossless and not secret:
        raise refuse("secret_volume", volume=name, group=group, reason="It cannot be empty.")
    for file, content in secret.items():
        if not _FILE.fullmatch(file) or file in (".", ".."):
            raise refuse("secret_volume", volume=name, group=group, reason="A name of a secret is not a file name.")
        try:
            base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            reason = f"The value of the secret '{file}' is not in Base64."
            raise refuse("secret_volume", volume=name, group=group, reason=reason) from None


def _check_repository(group: str, name: str, repository: Mapping[str, Any]) -> None:
    if not repository.get("repository"):
        raise refuse("git_repo", volume=name, group=group, reason="The repository is not specified.")
    directory = repository.get("directory", "")
    if ".." in directory.split("/"):
        raise refuse("git_repo", volume=name, group=group, reason="The directory cannot contain '..'.")


def _check_mounts(group: str, container: Mapping[str, Any], names: set[str]) -> None:
    paths: set[str] = set()
    for mount in container["properties"].get("volumeMounts", []):
        path = mount.get("mountPath") or ""
        reason = ""
        if not path:
            reason = "The volume mount path cannot be empty."
        elif ":" in path:
            reason = "The volume mount path cannot contain ':'."
        elif path in paths:
            reason = "The volume mount path is used more than once."
        if reason:
            raise refuse("mount_path", path=path, container=container["name"], group=group, reason=reason)
        paths.add(path)
        if mount.get("name") not in names:
            raise refuse("mount_without_volume", volume=mount.get("name", ""), container=container["name"], group=group)
