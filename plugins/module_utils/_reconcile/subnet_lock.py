# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Serialises the creation of groups in a subnet, because the service prepares a subnet for one group at a time.

Tasks on this host lock a file; the lock ends with the process. Groups of other hosts, and of tasks that did not wait,
are found in the list of container groups.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .._azure.client import Client
from .._common.errors import AciError, TimedOut
from .._common.own_files import NotOurs, check_own_folder
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group import state
from .._group.facts import resource_group_of
from .._group.problems import blocker
from .._group.subnets import groups_in_subnet
from .._group.wire import ArmJson


@contextlib.contextmanager
def lock_subnet(client: Client, subnet_id: str, own_id: str, deadline: Deadline, others: int = 0) -> Iterator[None]:
    """Locks a subnet for the group ``own_id``, while up to ``others`` more groups are being provisioned there.

    Raises TimedOut if more groups than that are still being provisioned at the deadline.
    """
    with _locked(lock_file(subnet_id), subnet_id, deadline):
        _wait_for_others(client, subnet_id, own_id, deadline, others)
        yield


def lock_file(subnet_id: str) -> Path:
    """The file that this user's tasks on this host lock."""
    digest = hashlib.sha256(subnet_id.lower().rstrip("/").encode()).hexdigest()[:32]
    return Path(tempfile.gettempdir()) / f"azure_containers.aci-{os.getuid()}" / f"{digest}.lock"


@contextlib.contextmanager
def _locked(path: Path, subnet_id: str, deadline: Deadline) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # Anyone who can write there could keep us waiting.
        check_own_folder(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except (OSError, NotOurs) as error:
        raise _unavailable(subnet_id, path, "opened", error) from None
    try:
        try:
            wait_until(deadline, lambda: Poll(None, _is_locked_now(handle)), lambda _value: _late(subnet_id, []))
        except OSError as error:
            raise _unavailable(subnet_id, path, "locked", error) from None
        yield
    finally:
        os.close(handle)


def _unavailable(subnet_id: str, path: Path, act: str, error: OSError | NotOurs) -> AciError:
    reason = error.strerror if isinstance(error, OSError) else error
    return AciError(
        f"Cannot lock subnet {subnet_id}: {path} cannot be {act} ({reason}). Nothing was sent.",
        code="LockUnavailable",
    )


def _is_locked_now(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_others(client: Client, subnet_id: str, own_id: str, deadline: Deadline, others: int) -> None:
    """Waits until at most ``others`` other groups are being provisioned in the subnet."""

    def probe() -> Poll[list[str]]:
        names = _in_the_way(client, subnet_id, own_id)
        return Poll(names, len(names) <= others)

    wait_until(deadline, probe, lambda names: _late(subnet_id, names))


def _in_the_way(client: Client, subnet_id: str, own_id: str) -> list[str]:
    return [
        str(group.get("name"))
        for group in client.each_group()
        if groups_in_subnet([group], subnet_id)
        and str(group.get("id")).lower() != own_id.lower()
        and not state.provisioning_ended(group)
        and not _is_stuck(client, group)
    ]


def _is_stuck(client: Client, group: ArmJson) -> bool:
    """Whether a group is waiting for an image or a volume, which may take forever and does not affect the subnet."""
    view = client.get_group(resource_group_of(str(group["id"])) or "", str(group["name"]))
    return view is None or state.provisioning_ended(view) or blocker(view) is not None


def _late(subnet_id: str, names: list[str]) -> TimedOut:
    busy = f"{', '.join(names)} is still being provisioned" if names else "another task on this host holds the lock"
    return TimedOut(
        f"Timed out (wait_timeout) waiting to create in subnet {subnet_id}: only one group is created there at a time, "
        f"and {busy}. Nothing was sent."
    )
