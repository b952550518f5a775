# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants control characters in responses and output of containers, and searches for them in what users see."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from emulator import emulator
from front import Place, front, settings

# A title and a bell, a cleared screen, colours in both forms, an overwritten line, a deletion, and reversed text.
ORDERS = "\x1b]0;title\x07\x1b[2J\x1b[31m\x9b31m\rover\x7f\u202eback\u2066"
SHOWN = r"\x1b]0;title\x07\x1b[2J\x1b[31m\x9b31m\rover\x7f\u202eback\u2066"

PLACES = ("name", "container", "owner", "location")
PLANTED = {f"plant-{place}": f"{place}-{ORDERS}-end" for place in PLACES}

INVENTORY = """\
plugin: azure_containers.aci.aci
hostnames: [aci_tags.owner]
keyed_groups:
  - key: aci_tags.owner
"""
STRICT = INVENTORY + "strict: true\ncompose:\n  broken: aci_tags.missing.deeper\n"

CONTAINERS = """\
plugin: azure_containers.aci.aci
hosts: containers
connection: aci
"""

PLAYBOOK = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - azure_containers.aci.aci_run:
        resource_group: plain
        name: job
        containers:
          - name: job
            image: emulator.local/sh
            command: [sh, -c, 'printf "%s\\n" "$SAID"']
            environment_variables:
              - name: SAID
                value: "{{ said }}"
      register: ran
      failed_when: ran.containers[0].content != said ~ "\\n"

    - azure_containers.aci.aci_group:
        resource_group: plain
        name: fails
        restart_policy: Never
        wait_for: completed
        containers:
          - name: last
            image: emulator.local/sh
            command: [sh, -c, 'echo {{ said | b64encode }} | base64 -d; exit 3']
      ignore_errors: true

    - azure_containers.aci.aci_group:
        resource_group: plain
        name: fails
        state: absent

    - azure_containers.aci.aci_group:
        resource_group: plain
        name: refused
        location: plant-location
        containers:
          - name: web
            image: emulator.local/sh
      ignore_errors: true
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("controls")
    for name, content in (
        ("named.aci.yml", INVENTORY),
        ("strict.aci.yml", STRICT),
        ("containers.aci.yml", CONTAINERS),
        ("play.yml", PLAYBOOK),
    ):
        (folder / name).write_text(content)
    with emulator(runtime="process", speed=20) as azure:
        azure.put("resourcegroups/plain", "2022-09-01", {"location": "westeurope"})
        container = {"image": "emulator.local/sh", "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.0}}}
        properties = {"osType": "Linux", "containers": [{"name": "plant-container", "properties": container}]}
        resource = "resourceGroups/plain/providers/Microsoft.ContainerInstance/containerGroups/plant-name"
        body = {"location": "westeurope", "tags": {"owner": "plant-owner"}, "properties": properties}
        azure.put(resource, "2023-05-01", body)
        with front(azure, PLANTED) as url:
            yield Place(folder, settings(folder, azure, url))


def orders_in(printed: str) -> list[str]:
    """The control characters in output, except for line endings."""
    return sorted({character for character in ORDERS if not character.isprintable() and character in printed})


@pytest.mark.parametrize("in_process", ["true", "false"], ids=["in-process", "by-module"])
def test_progress_and_failures_show_them(place: Place, in_process: str) -> None:
    said = json.dumps({"said": ORDERS.replace("\r", "")})
    variables = {"ANSIBLE_AZURE_ACI_IN_PROCESS": in_process, "ANSIBLE_AZURE_ACI_PROGRESS": "true"}
    printed = place.run("ansible-playbook", "play.yml", "-e", said, **variables)
    assert orders_in(printed) == []
    assert ("job | " + SHOWN.replace(r"\r", "") in printed) == (in_process == "true")
    assert f"location-{SHOWN}-end" in printed.replace("\\\\", "\\")
    assert "last | " + SHOWN.replace(r"\r", "") in printed.replace("\\\\", "\\")


def test_names_of_hosts_and_groups_show_them(place: Place) -> None:
    printed = place.run("ansible-inventory", "-i", "named.aci.yml", "--graph")
    assert orders_in(printed) == []
    assert f"owner-{SHOWN}-end" in printed


def test_errors_of_the_inventory_show_them(place: Place) -> None:
    printed = place.run("ansible-inventory", "-i", "strict.aci.yml", "--graph")
    assert orders_in(printed) == []
    # Older versions of ansible-core wrap warnings, even within words.
    assert f"name-{SHOWN}-end" in "".join(printed.split())


def test_errors_of_the_connection_show_them(place: Place) -> None:
    command = ["ansible", "all", "-i", "containers.aci.yml", "-m", "ansible.builtin.raw", "-a", "true"]
    printed = place.run(*command, "-e", "ansible_aci_container=absent", expected=4)
    assert f"container-{SHOWN}-end" in printed.replace("\\\\", "\\")
