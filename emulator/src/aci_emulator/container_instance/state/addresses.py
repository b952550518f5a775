# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assigns addresses and DNS names.

Public addresses are from 198.18.0.0/15, which is reserved for benchmarks and not routed, so that a client that
bypasses the emulator's proxy reaches nobody. If the scope of a label is not Unsecure, the name contains a hash of
sixteen letters and digits: `<label>.<hash>.<region>.azurecontainer.io`. The documentation only says that there is a
hash; this format is the emulator's choice.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta

from ...core.clock import Clock
from ...core.store import Store

DOMAIN = "azurecontainer.io"
RELEASE_SECONDS = 60.0

_ADDRESSES = "container_addresses"
_NAMES = "container_names"
_PUBLIC = ipaddress.ip_network("198.18.0.0/15")
DEFAULT_PREFIX = "10.0.0.0/16"
_ANY = "0.0.0.0/0"
# The first four addresses of a subnet, and its last one, are reserved for the platform.
_RESERVED = 4


class NameTaken(Exception):
    """The DNS name belongs to another group."""


class NoAddress(Exception):
    """A subnet has no free address."""


class Addresses:
    """Addresses and names with their groups. A group is identified by its key, which is its ID in lower case."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def allocate_public(self, group: str) -> str:
        """A public address that no other group has."""
        while True:
            address = str(_PUBLIC[1 + secrets.randbelow(_PUBLIC.num_addresses - 2)])
            if self._store.get(_ADDRESSES, address) is None:
                self._store.put(_ADDRESSES, address, {"group": group})
                return address

    def allocate_private(self, group: str, subnet: str, prefix: str | None) -> str:
        """The first free address of a subnet (`prefix` in CIDR notation; 10.0.0.0/16 if the subnet is unknown)."""
        network = ipaddress.ip_network(prefix or DEFAULT_PREFIX, strict=False)
        for index in range(_RESERVED, network.num_addresses - 1):
            address = str(network[index])
            key = f"{address}@{subnet.lower()}"
            if self._store.get(_ADDRESSES, key) is None:
                self._store.put(_ADDRESSES, key, {"group": group})
                return address
        raise NoAddress(subnet)

    def may_have(self, group: str, subnet: str, address: str, prefix: str | None) -> bool:
        """Whether a group can have the given address: it is in the subnet, and not used by another group."""
        try:
            inside = ipaddress.ip_address(address) in ipaddress.ip_network(prefix or _ANY)
        except ValueError:
            return False
        owner = self._store.get(_ADDRESSES, f"{address}@{subnet.lower()}")
        return inside and (owner is None or owner["group"] == group)

    def claim_private(self, group: str, subnet: str, address: str) -> str:
        """Allocates a given address of a subnet."""
        self._store.put(_ADDRESSES, f"{address}@{subnet.lower()}", {"group": group})
        return address

    def release(self, address: str, subnet: str = "") -> None:
        """Releases an address."""
        self._store.delete(_ADDRESSES, f"{address}@{subnet.lower()}" if subnet else address)

    def check_name(self, group: str, name: str) -> None:
        """Raises NameTaken if another group has the name, or had it until recently."""
        owner = self._store.get(_NAMES, name)
        if owner is None or owner["group"] == group:
            return
        if owner["group"] == "" and datetime.fromisoformat(owner["until"]) <= self._clock.now():
            return
        raise NameTaken(name)

    def claim_name(self, group: str, name: str) -> None:
        """Claims a name. Raises NameTaken."""
        self.check_name(group, name)
        self._store.put(_NAMES, name, {"group": group})

    def release_name(self, name: str, *, late: bool) -> None:
        """Releases a name, at once or a minute later."""
        if late:
            until = self._clock.now() + timedelta(seconds=RELEASE_SECONDS)
            self._store.put(_NAMES, name, {"group": "", "until": until.isoformat()})
        else:
            self._store.delete(_NAMES, name)

    def resolve(self, host: str) -> str | None:
        """The key of the group with this name or address, or None."""
        host = host.rstrip(".").lower()
        found = self._store.get(_NAMES, host) or self._store.get(_ADDRESSES, host)
        if found is None:
            private = self._store.list(_ADDRESSES, f"{host}@", limit=1)
            found = private[0][1] if private else None
        return (found["group"] or None) if found else None


def full_name(label: str, scope: str, region: str, *, tenant: str, subscription: str, resource_group: str) -> str:
    """The DNS name for a label in a region. The hash depends on what the scope shares; Noreuse is always unique."""
    shared = {
        "TenantReuse": tenant,
        "SubscriptionReuse": f"{tenant}/{subscription}",
        "ResourceGroupReuse": f"{tenant}/{subscription}/{resource_group}",
        "Noreuse": secrets.token_hex(16),
    }
    if scope not in shared:
        return f"{label}.{region}.{DOMAIN}"
    digest = hashlib.sha256(f"{scope}/{shared[scope]}".lower().encode()).digest()
    return f"{label}.{base64.b32encode(digest)[:16].decode().lower()}.{region}.{DOMAIN}"
