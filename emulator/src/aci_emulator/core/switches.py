# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The behaviours of the service that are unknown or disputed, each with its possible values and a documented default.

Each switch is an option of the command line (`--put-tags keep`); `--profile strict|lenient` sets all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """One disputed behaviour. `lenient` and `strict` are its values in the two profiles."""

    name: str
    values: tuple[str, ...]
    default: str
    lenient: str
    strict: str
    help: str
    evidence: str


SWITCHES: tuple[Switch, ...] = (
    Switch(
        "put-existing",
        ("200", "201"),
        default="201",
        lenient="200",
        strict="201",
        help="Status of a PUT on an existing container group.",
        evidence="Recorded in 2019: 201, six of six. The specification allows both, and 200 is the convention of "
        "Resource Manager.",
    ),
    Switch(
        "put-tags",
        ("keep", "replace"),
        default="replace",
        lenient="replace",
        strict="keep",
        help="Whether a PUT on an existing container group keeps its tags or replaces them.",
        evidence="A user reports that deploying again wipes tags (azure-cli #5713), and for months the Terraform "
        "provider changed tags by PUT alone. A later comment in its source says that an update does not "
        "change tags.",
    ),
    Switch(
        "mutability",
        ("documented", "strict"),
        default="documented",
        lenient="documented",
        strict="strict",
        help="Which properties cannot change in place: the documented ones (OS type, restart policy, network, cpu, "
        "memory, GPU), or also ports, address type, diagnostics, DNS configuration, SKU, zones, priority, volumes, "
        "adding and removing containers.",
        evidence="The documentation of updates names the first list. Users were refused for log analytics "
        "(azure-docs #65195), and the Terraform provider recreates the group for each property of the second.",
    ),
    Switch(
        "refusal-wording",
        ("named", "general"),
        default="named",
        lenient="named",
        strict="general",
        help="Whether InvalidContainerGroupUpdate names the property with its old and new value, or lists what cannot "
        "be updated.",
        evidence="The list was quoted in 2019 and 2021, the property with its values in 2024 (azure-docs #31168).",
    ),
    Switch(
        "missing-secrets",
        ("refuse", "accept"),
        default="refuse",
        lenient="accept",
        strict="refuse",
        help="Whether a PUT with an environment variable, a registry credential, a file share, a secret volume or a "
        "workspace without its secret is refused, or accepted and the secret lost.",
        evidence="The Terraform provider's source says that it would fail; azure-rest-api-specs #29821 reports it.",
    ),
    Switch(
        "unknown-properties",
        ("drop", "keep", "refuse"),
        default="drop",
        lenient="keep",
        strict="refuse",
        help="What happens to properties that the API version of the request does not define: dropped, kept where no "
        "version defines them, or refused with InvalidRequestContent.",
        evidence="Not known. The service's parser is expected to skip what it does not know.",
    ),
    Switch(
        "below-minimum",
        ("accept", "refuse"),
        default="accept",
        lenient="accept",
        strict="accept",
        help="Whether a group may request less than 1 cpu or 1 GB in total.",
        evidence="Terraform's tests deploy groups of 0.5 cpu and 0.5 GB (2026), compose-cli's one of 0.1 and 0.1. The "
        "documentation names the minimum.",
    ),
    Switch(
        "capitals-in-group-names",
        ("accept", "refuse"),
        default="accept",
        lenient="accept",
        strict="refuse",
        help="Whether the name of a container group may have capital letters.",
        evidence="Groups with capitals were deployed (a program from 2017, a transcript in the documentation of 2020). "
        "The naming rules forbid them. Names of containers never have any: the service quotes its pattern.",
    ),
    Switch(
        "dns-label-taken",
        ("400", "409", "500"),
        default="409",
        lenient="409",
        strict="500",
        help="Status of the refusal of a DNS name label that is in use; 500 is InternalServerError.",
        evidence="DnsNameLabelAlreadyTaken is quoted without its status; in July 2024 users got 500 (azure-cli "
        "#29438).",
    ),
    Switch(
        "dns-label-release",
        ("at-once", "late"),
        default="at-once",
        lenient="at-once",
        strict="late",
        help="When the DNS name label of a deleted group can be used again: at once, or a minute later.",
        evidence="Users report that labels stay taken for some time after a deletion; no figure is known.",
    ),
    Switch(
        "address-port-protocol",
        ("echo", "fill"),
        default="echo",
        lenient="echo",
        strict="fill",
        help="Whether a port of the address that was sent without a protocol is returned without one or with TCP.",
        evidence="Ports of containers are recorded without; ports of addresses were only recorded with a protocol.",
    ),
    Switch(
        "consecutive-hyphens",
        ("allow", "refuse"),
        default="allow",
        lenient="allow",
        strict="refuse",
        help="Whether names of groups and volumes may have two hyphens in a row.",
        evidence="The documentation forbids them; no refusal is known, and container names with two in a row are "
        "deployed.",
    ),
    Switch(
        "operations-while-transitioning",
        ("allow", "refuse"),
        default="allow",
        lenient="allow",
        strict="allow",
        help="Whether delete and stop are refused with ContainerGroupTransitioning while an operation runs, as "
        "start and PUT are.",
        evidence="Recorded from 2017 to 2021: delete 200 in about 20 groups that were Pending, Creating or Updating, "
        "stop 204 right after a restart. The documentation of 2026 lists stop and delete among what is "
        "refused.",
    ),
    Switch(
        "logs-while-transitioning",
        ("available", "refuse"),
        default="available",
        lenient="available",
        strict="refuse",
        help="Whether existing logs are returned while an operation runs, or refused with ContainerGroupTransitioning.",
        evidence="Documented as refused; clients that follow logs do not meet it.",
    ),
    Switch(
        "restart-stopped",
        ("refuse", "start"),
        default="refuse",
        lenient="start",
        strict="refuse",
        help="Whether a restart of a stopped or finished group is refused or starts it.",
        evidence="A refusal is quoted in azure-cli #8136 (2018), its code for stopped and finished groups in notes of "
        "users of 2026.",
    ),
    Switch(
        "exec-stopped",
        ("refuse", "accept"),
        default="refuse",
        lenient="accept",
        strict="refuse",
        help="Whether exec and attach are refused with ContainerGroupStopped for a stopped group, or answered with"
        " an address where nothing runs.",
        evidence="One report names the refusal. For a container that has ended in a group that was not stopped, "
        "success is recorded (2021).",
    ),
    Switch(
        "patch-other",
        ("ignore", "refuse"),
        default="ignore",
        lenient="ignore",
        strict="refuse",
        help="What a PATCH does with members other than tags and location.",
        evidence="Only tags change. 20 recorded PATCHes carry a location; how other members are answered is not known.",
    ),
    Switch(
        "empty-log",
        ("null", "empty"),
        default="null",
        lenient="empty",
        strict="null",
        help="Whether the content of the log of a container that has not written anything is null or an empty string.",
        evidence="Users of az container logs see the word None, which is how a null prints.",
    ),
    Switch(
        "delete-answer",
        ("200", "202"),
        default="200",
        lenient="200",
        strict="200",
        help="Whether DELETE answers 200 with the last state at once, or 202 and deletes while an operation runs.",
        evidence="Recorded: 200, 95 of 95, the newest of June 2026. The specification of 2025-09-01 documents 202 as "
        "well.",
    ),
    Switch(
        "start-answer",
        ("204", "202"),
        default="204",
        lenient="204",
        strict="202",
        help="Status of a start that begins an operation.",
        evidence="204 is recorded in 2021; the specification documents 202 as well.",
    ),
    Switch(
        "unknown-subnets",
        ("accept", "refuse"),
        default="accept",
        lenient="accept",
        strict="refuse",
        help="Whether a group may name a subnet of a virtual network that the emulator does not have.",
        evidence="The service refuses a subnet that does not exist. If it is accepted, clients that only create "
        "container groups do not need to create networks first.",
    ),
    Switch(
        "unknown-network-profiles",
        ("accept", "refuse"),
        default="accept",
        lenient="accept",
        strict="refuse",
        help="Whether a group (of an API version before 2021-07-01) may name a network profile that the emulator "
        "does not have, in a resource group where it has none at all.",
        evidence="Recorded in 2020: NetworkProfileNotFound. If it is accepted, clients that only create container "
        "groups do not need to create network profiles first; once a resource group has any, unknown ones are refused.",
    ),
    Switch(
        "standby-pool",
        ("ready", "empty"),
        default="ready",
        lenient="ready",
        strict="empty",
        help="Whether standby pools have a group ready for a container group that names one. Microsoft.StandbyPool"
        " itself is not emulated.",
        evidence="Recorded in 2024: a group of a pool is there at once. If none is ready, a new one is created "
        "(documented).",
    ),
    Switch(
        "config-map-change",
        ("keep", "restart"),
        default="keep",
        lenient="keep",
        strict="restart",
        help="Whether a PUT that changes only configuration maps leaves the containers of a running group running, with"
        " the new maps in place, or restarts them.",
        evidence="The documentation of 2025 says that a change of a configuration map does not restart containers; "
        "whether that is so for a PUT of the whole group is not stated.",
    ),
    Switch(
        "subnet-link",
        ("release", "keep"),
        default="release",
        lenient="release",
        strict="keep",
        help="Whether the service association link of a subnet is removed with its last container group, or stays and "
        "prevents the deletion of the subnet until the link itself is deleted.",
        evidence="Users report subnets that could not be deleted because of a leftover link; an operation to delete "
        "the link exists.",
    ),
    Switch(
        "capacity-shortage",
        ("refuse", "fail"),
        default="refuse",
        lenient="refuse",
        strict="fail",
        help="What happens to a group for which a region (limit RegionCores) has no capacity: a refusal with "
        "ServiceUnavailable, or an operation that fails with the event InsufficientCapacity.",
        evidence="Both are quoted: the refusal in virtual-kubelet #592, the failed operation in Azure-Landing-Zones "
        "#472.",
    ),
    Switch(
        "failed-operation",
        ("message", "error", "bare"),
        default="message",
        lenient="error",
        strict="message",
        help="What the body of a failed operation contains besides its events: an error with a message but no code "
        "(the messages of all events), an error with code and message, or nothing.",
        evidence="Four users quote a message without a code (2023 to 2026). In 2018 a failure without an error was "
        "quoted (azure-docs #16832). Code and message are the convention of Resource Manager.",
    ),
    Switch(
        "request-limits",
        ("count", "enforce"),
        default="count",
        lenient="count",
        strict="enforce",
        help="Whether creates and deletes beyond the limits in the headers (100 per five minutes, 300 per hour) are "
        "accepted, or refused with 429.",
        evidence="The limits are documented and recorded in headers. Enforcing them makes test suites wait for "
        "minutes, so it must be enabled explicitly.",
    ),
    Switch(
        "quota-code",
        ("ContainerGroupQuotaReached", "ServiceUnavailable"),
        default="ContainerGroupQuotaReached",
        lenient="ContainerGroupQuotaReached",
        strict="ServiceUnavailable",
        help="The error code of an exceeded quota.",
        evidence="Both are documented with the same text.",
    ),
)

PROFILES = ("lenient", "strict")

_BY_NAME = {switch.name: switch for switch in SWITCHES}


def position(settings: Mapping[str, str], name: str) -> str:
    """The value of a switch, or its default if it is not set. Raises KeyError for an unknown switch."""
    return settings.get(name, _BY_NAME[name].default)


def profile(name: str) -> dict[str, str]:
    """The value of every switch in the profile `lenient` or `strict`."""
    if name not in PROFILES:
        raise ValueError(f"the profile must be one of {', '.join(PROFILES)}, not {name}")
    return {switch.name: switch.strict if name == "strict" else switch.lenient for switch in SWITCHES}


def check(settings: Mapping[str, str]) -> None:
    """Raises ValueError for an unknown switch or value, naming it."""
    for name, value in settings.items():
        if name not in _BY_NAME:
            raise ValueError(f"unknown switch {name}")
        if value not in _BY_NAME[name].values:
            raise ValueError(f"{name} must be one of {', '.join(_BY_NAME[name].values)}, not {value}")
