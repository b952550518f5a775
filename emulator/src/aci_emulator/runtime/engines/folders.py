# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folders of containers that run as processes: private roots, with the volumes in them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..base import MountFailed
from ..definition import ContainerSpec, GroupSpec

PODS = "pods"  # the folder for volumes of real containers
CONFIG_MAPS = PurePosixPath("/mnt/configmap")
_SAFE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Folders:
    """The files of containers, below a state directory.

    ``containers/<group>/<n>/roots/<container>/`` is the private root of a container in the n-th deployment of its
    group, and its working directory. A mount path ``/data`` becomes ``<root>/data``: programs reach it by the relative
    path ``data`` or as ``$ACI_EMULATOR_ROOT/data``, and can write to it even if the mount is read-only. Volumes are in
    ``volumes/`` beside the roots, and Azure file shares in ``shares/<account>/<share>/`` of the state directory, where
    they outlive the group.
    """

    def __init__(self, state_dir: Path, name: str = "containers") -> None:
        self.containers = state_dir / name
        self.shares = state_dir / "shares"

    def group(self, group_id: str) -> Path:
        """Returns the folder of a group. Its name is a digest, so that no ID can point outside."""
        return self.containers / hashlib.sha256(group_id.lower().encode()).hexdigest()[:24]

    def prepare(self, group: GroupSpec) -> Path:
        """Creates the folder of a new deployment with its volumes, and removes earlier ones. Raises MountFailed."""
        mounted = {mount.volume for spec in (*group.init_containers, *group.containers) for mount in spec.mounts}
        for volume in group.volumes:
            if volume.kind == "gitRepo" and volume.name in mounted:
                raise MountFailed(
                    "FailedMount",
                    f"The gitRepo volume '{volume.name}' cannot be mounted: containers that run as processes have no "
                    "network to clone a repository from.",
                    final=True,
                )
        base = self.group(group.id)
        number = 1 + max((int(entry.name) for entry in _folders(base) if entry.name.isdigit()), default=0)
        for entry in _folders(base):
            shutil.rmtree(entry, ignore_errors=True)
        deployment = base / str(number)
        for volume in group.volumes:
            if volume.name in mounted:
                self._fill(group, volume.name, deployment)
        _private(deployment)
        return deployment

    def root(self, deployment: Path, container: ContainerSpec) -> Path:
        """Recreates the private root of a container, with its volumes at their mount paths."""
        root = deployment / "roots" / file_name(("init-" if container.init else "") + container.name)
        if root.exists():
            shutil.rmtree(root, ignore_errors=True)
        _private(root)
        for mount in container.mounts:
            place = inside(root, mount.path)
            if place == root:
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            target = deployment / "volumes" / file_name(mount.volume)
            if target.exists() and not place.exists():
                place.symlink_to(target.resolve(), target_is_directory=True)
        write_config_map(inside(root, f"{CONFIG_MAPS}/{container.name}"), container.config_map)
        return root

    def refresh(self, deployment: Path, container: ContainerSpec) -> None:
        """Updates the configuration map in the root of a running container."""
        root = deployment / "roots" / file_name(("init-" if container.init else "") + container.name)
        if root.exists():
            write_config_map(inside(root, f"{CONFIG_MAPS}/{container.name}"), container.config_map)

    def release(self, group_id: str) -> None:
        """Removes the folder of a group, but not its file shares."""
        shutil.rmtree(self.group(group_id), ignore_errors=True)

    def _fill(self, group: GroupSpec, name: str, deployment: Path) -> None:
        volume = group.volume(name)
        place = deployment / "volumes" / file_name(name)
        if volume is None:
            return
        if volume.kind == "azureFile":
            account = file_name(str(volume.details.get("storageAccountName", "")))
            share = self.shares / account / file_name(str(volume.details.get("shareName", "")))
            _private(share)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(share.resolve(), target_is_directory=True)
            return
        _private(place)
        if volume.kind == "secret":
            for key, value in volume.details.items():
                file = place / PurePosixPath(str(key)).name
                file.touch(mode=0o600)
                file.write_bytes(_decode(str(value)))


def write_config_map(folder: Path, values: Mapping[str, str]) -> None:
    """Writes a file for each value to a folder, and removes those of an earlier map."""
    if not values and not folder.exists():
        return
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    files = {PurePosixPath(key).name: value for key, value in values.items()}
    for file in folder.iterdir():
        if file.name not in files:
            file.unlink()
    for name, value in files.items():
        (folder / name).write_text(value, encoding="utf-8")


def inside(root: Path, path: str) -> Path:
    """Returns the path below ``root`` for an absolute path in a container, from which ``..`` cannot escape."""
    parts = [part for part in PurePosixPath("/", path).parts[1:] if part not in ("", ".", "..")]
    return root.joinpath(*parts)


def _folders(path: Path) -> list[Path]:
    return list(path.iterdir()) if path.is_dir() else []


def _private(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def file_name(name: str) -> str:
    """Returns a name itself if it is safe as a file name, and a digest of it otherwise."""
    return name if _SAFE.fullmatch(name) else "x" + hashlib.sha256(name.encode()).hexdigest()[:24]


def _decode(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return value.encode()
