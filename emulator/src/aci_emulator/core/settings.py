# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings with which an emulator starts."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The emulated regions: name and display name.
REGIONS: dict[str, str] = {
    "australiacentral": "Australia Central",
    "australiaeast": "Australia East",
    "australiasoutheast": "Australia Southeast",
    "brazilsouth": "Brazil South",
    "canadacentral": "Canada Central",
    "canadaeast": "Canada East",
    "centralindia": "Central India",
    "centralus": "Central US",
    "eastasia": "East Asia",
    "eastus": "East US",
    "eastus2": "East US 2",
    "francecentral": "France Central",
    "germanywestcentral": "Germany West Central",
    "italynorth": "Italy North",
    "japaneast": "Japan East",
    "japanwest": "Japan West",
    "koreacentral": "Korea Central",
    "northcentralus": "North Central US",
    "northeurope": "North Europe",
    "norwayeast": "Norway East",
    "polandcentral": "Poland Central",
    "southafricanorth": "South Africa North",
    "southcentralus": "South Central US",
    "southeastasia": "Southeast Asia",
    "southindia": "South India",
    "spaincentral": "Spain Central",
    "swedencentral": "Sweden Central",
    "switzerlandnorth": "Switzerland North",
    "uaenorth": "UAE North",
    "uksouth": "UK South",
    "ukwest": "UK West",
    "westcentralus": "West Central US",
    "westeurope": "West Europe",
    "westindia": "West India",
    "westus": "West US",
    "westus2": "West US 2",
    "westus3": "West US 3",
}


RUNTIMES = ("auto", "simulated", "process", "podman")
PULL_POLICIES = ("missing", "always", "never")


def default_state_dir() -> Path:
    """Returns ``$ACI_EMULATOR_STATE_DIR``, or ``aci-emulator`` in the user's state directory."""
    given = os.environ.get("ACI_EMULATOR_STATE_DIR")
    if given:
        return Path(given)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "aci-emulator"


def normalise_location(location: str) -> str:
    """Returns the name of a region in the form used in IDs: "westus2" for "West US 2"."""
    return location.replace(" ", "").lower()


def reachable(host: str) -> str:
    """Returns a listening address in the form for URLs: loopback for the wildcard address."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def unbound(error: OSError, host: str, port: int, option: str) -> OSError:
    """Returns the error for a port that cannot be bound, which names the port and the option to change it."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return OSError(f"cannot listen on {host}: {error.strerror}. Choose an address of this machine with --host")
    reason = "another program listens on it" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
    place = f"port {port} of {host}" if port else f"a port of {host}"
    return OSError(f"cannot listen on {place}: {reason}. Choose another one with {option}")


@dataclass
class Settings:
    """The configuration of one emulator. Times are in emulated seconds unless a name says otherwise."""

    state_dir: Path
    host: str = "127.0.0.1"
    port: int = 0
    proxy_port: int = 0
    passed_hosts: tuple[str, ...] = ()  # external hosts that the proxy permits, see proxy.PassedHosts
    speed: float = 1.0
    runtime: str = "auto"  # auto, simulated, process, podman
    image_pull: str = "missing"  # missing, always, never: when the podman runtime pulls from a registry
    switches: dict[str, str] = field(default_factory=dict)  # switch -> value; its default if absent
    limits: dict[str, int] = field(
        default_factory=dict
    )  # name of a usage (ContainerGroups, StandardCores, ...) -> limit
    regions: dict[str, str] = field(default_factory=lambda: dict(REGIONS))
    unreachable_registries: tuple[str, ...] = ()
    unregistered_providers: tuple[str, ...] = ()  # namespaces that no subscription has registered yet
    provisioning_seconds: float = 2.0  # from an accepted PUT until infrastructure and images are ready
    pull_seconds: float = 1.0
    throttle: dict[str, str] = field(default_factory=dict)  # reads, writes -> "SIZE:REFILL" (per second)
    storage_accounts: dict[str, str] | None = None  # name -> key, "" for any; None: every account can be mounted
    exec_input_limit: int | None = None  # bytes of each exec input frame that arrive; None: all
    policies: list[Any] = field(default_factory=list)  # in the form that policies.read_policy expects
    instance_metadata: bool = False  # whether the metadata service issues tokens to anyone who asks
    page_size: int = 100  # resources on one page of a list
    token_lifetime: int = 3599  # real seconds; stepping the clock ages tokens too
    group_delete_seconds: float = 3.0  # minimum time to delete a resource group
    base_url: str = ""  # https://127.0.0.1:PORT, known once the port is bound
    proxy_url: str = ""  # http://127.0.0.1:PORT of the forward proxy, likewise

    def region(self, location: str) -> str | None:
        """Returns the canonical name of a region, or None if it is not served."""
        name = normalise_location(location)
        return name if name in self.regions else None
