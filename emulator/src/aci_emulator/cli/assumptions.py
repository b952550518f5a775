# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about the emulator's choices: what is not known about the service, and what the emulator does instead.

`python -m aci_emulator.cli.assumptions` prints docs/docsite/rst/emulator_choices.rst; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..container_instance.definition.refusals import CHOSEN, REFUSALS
from ..core.switches import SWITCHES


@dataclass(frozen=True)
class Choice:
    """A fixed behaviour where that of the service is not known, and the reason for it."""

    subject: str
    choice: str
    evidence: str


CHOICES: tuple[Choice, ...] = (
    Choice(
        "Events of an eviction",
        "``Preempted``, of the group.",
        "Invented. It is only known that evictions have events.",
    ),
    Choice(
        "The end of a repair",
        "The third restart ends it, or the ``--seconds`` of the fault ``repair`` do; the group keeps its address.",
        "Recorded once, in 2021: 500, 500, 204 within 40 seconds.",
    ),
    Choice(
        "Events of a private group after a start",
        "Counted once more, because the group joins the network again.",
        "Recorded for a create only.",
    ),
    Choice(
        "A group with a network profile and without an address",
        "Gets a private address with the ports of its containers.",
        "Recorded in 2019, without the request; a published template sends no address.",
    ),
    Choice(
        "A network profile in a group that is written with a newer API version",
        "Stays: newer versions cannot express it.",
        "Not known.",
    ),
    Choice(
        "Where orchestratorId is",
        "Where it was sent, in the group or in its properties; later PUTs without it keep it.",
        "Documented as a member of the JSON of a group that an NGroup created, but not at which level.",
    ),
    Choice(
        "When a group is transitioning",
        "While an operation runs, unless a container waits in a back-off (for an image that cannot be pulled, or in a "
        "crash loop): such a group can be changed.",
        "The refusal of a PUT is quoted, its limits are not. A group whose image is misspelled can be fixed on Azure.",
    ),
    Choice(
        "A definition for a group that is stopped, has finished or failed to be provisioned",
        "Redeploys it: nothing is refused as unchangeable, and the address changes.",
        "Documented: such groups cannot be updated; the group is deployed as a new one.",
    ),
    Choice(
        "Public addresses",
        "Random, from 198.18.0.0/15.",
        "Reserved for benchmarks and routed nowhere, so a client that bypasses the proxy reaches nobody.",
    ),
    Choice(
        "Private addresses",
        "The first free address of the subnet, starting with its fifth; 10.0.0.0/16 for a subnet that does not exist.",
        "10.0.0.4 is recorded for the first group of a subnet.",
    ),
    Choice(
        "DNS names with a scope other than Unsecure",
        "``<label>.<hash>.<region>.azurecontainer.io``, where the hash is 16 letters and digits over what the scope "
        "shares; for Noreuse it is random, and stays as long as label and scope do.",
        "The hash is documented, its position is not.",
    ),
    Choice(
        "Policy of a confidential group that is sent without one",
        "One that allows everything, the same for all groups.",
        "Recorded in 2023; only its beginning is known.",
    ),
    Choice(
        "Properties of newer API versions",
        "A group shows all its properties to every version.",
        "Recorded in 2025: version 2021-10-01 is answered with properties of 2024.",
    ),
    Choice(
        "Largest groups",
        "31 cpu and 240 GB (confidential 180 GB, spot 4 cpu and 16 GB); more is ServiceUnavailable.",
        "The sizes are documented; the answer to larger ones is not.",
    ),
    Choice(
        "What a stopped or finished group uses of a quota",
        "One container group, but no cores.",
        "Documented: its resources are released and billing ends.",
    ),
    Choice(
        "Container group profiles",
        "What a group leaves out comes from its profile, containers by name; the group then shows all of it.",
        "The reference is specified; how the two are merged is not.",
    ),
    Choice(
        "Standby pools",
        "Every pool that a group names has one ready (switch ``--standby-pool``), of the profile that the group names. "
        "Configuration maps go to containers of the same name.",
        "Microsoft.StandbyPool is not emulated. In the recording the names differ and the maps are not shown.",
    ),
    Choice(
        "Polling",
        "Answers that begin or show an operation carry ``x-ms-retry-after-ms`` (20 to 500), which Azure's do not.",
        "Without it the Azure SDK asks every 30 seconds, whatever the emulator's speed.",
    ),
    Choice(
        "Operations",
        "The last ten of each group are kept.",
        "How long the service keeps them is not known.",
    ),
    Choice(
        "Actions for which requests are counted",
        "``ContainerGroupCreation`` for every PUT, ``ContainerGroupDeletion`` for every DELETE.",
        "The first is quoted; the second is named after it.",
    ),
    Choice(
        "The activity log",
        "The ``caller`` is the object ID of an application. An event is there at once, and what an asynchronous "
        "operation came to is not logged: its last event is ``Accepted``.",
        "Documented: an email address, UPN or SPN claim, and an event when an operation ends. Events appear minutes "
        "later.",
    ),
    Choice(
        "Filters of the activity log that are not documented",
        "Refused with BadRequest, whose code and message are at the top of the body.",
        "The refusal of a start before 90 days is quoted in this form.",
    ),
    Choice(
        "When container groups were changed, and by whom",
        "Not shown: groups have no ``systemData``.",
        "Specified since 2025-09-01; no recording has it.",
    ),
)

_HEAD = """\
..
  Copyright (c) 2026, the azure_containers.aci contributors
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.azure_containers.aci.docsite.emulator_choices:

What the emulator chooses
=========================

.. contents::
   :local:
   :depth: 1

``aci-emulator`` behaves as recordings, the specification, the documentation and user reports say Azure Container
Instances does. Where they are silent or disagree, it has to choose. This page lists every choice; it is generated from
the emulator's own tables.
"""

_SWITCHES = """\
Switches
--------

Each of these is an option of ``aci-emulator serve``, such as ``--put-tags replace``. ``--profile strict`` and
``--profile lenient`` set all of them; a switch given in addition overrides the profile. A playbook that passes under
both profiles does not depend on unknown behaviour.
"""

_REFUSALS = """\
Refusals with invented wording
------------------------------

The service is known to refuse these, or its specification implies it. The error code or the text is not known: do not
rely on either. All other refusals have a code and text that the service has been seen to return.
"""

_FIXED = """\
Fixed choices
-------------
"""


def render() -> str:
    """The page, as reStructuredText."""
    parts = [_HEAD, _SWITCHES, *map(_switch, range(len(SWITCHES))), _FIXED, _choices(), _REFUSALS, _refusals()]
    return "\n".join(parts)


def _switch(index: int) -> str:
    switch = SWITCHES[index]
    values = ", ".join(f"``{value}``" + (" (default)" if value == switch.default else "") for value in switch.values)
    return (
        f"``--{switch.name}``\n"
        f"  {switch.help}\n\n"
        f"  * Values: {values}; lenient ``{switch.lenient}``, strict ``{switch.strict}``.\n"
        f"  * Evidence: {switch.evidence}\n"
    )


def _choices() -> str:
    return "\n".join(f"{each.subject}\n  {each.choice}\n\n  Evidence: {each.evidence}\n" for each in CHOICES)


def _refusals() -> str:
    rows = sorted({(each.status, each.code, each.source) for each in REFUSALS.values() if each.evidence == CHOSEN})
    table = [".. list-table::", "   :header-rows: 1", "", "   * - Code", "     - Status", "     - Evidence"]
    for status, code, source in rows:
        table += [f"   * - ``{code}``", f"     - {status}", f"     - {source[0].upper()}{source[1:]}."]
    return "\n".join(table) + "\n"


if __name__ == "__main__":
    print(render(), end="")
