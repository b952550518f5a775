# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants templates in responses and output of containers, and detects them by their effects.

Runs with the ansible-core of its interpreter: before 2.19, every string was a template unless it was marked
otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible import template

from aci_emulator.identity.directory import Directory, Role
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import connect
from emulator import RunningEmulator, emulator
from front import Place, front, settings

HERE = Path(__file__).parent

# Each template writes a file, except for a comment, which would disappear.
KINDS = {
    "pipe": "{{{{ lookup('pipe', 'touch {mark}') }}}}",
    "block": "{{% set planted = lookup('pipe', 'touch {mark}') %}}",
    "native": "{{{{ cycler.__init__.__globals__.os.system('touch {mark}') }}}}",
    "header": "#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ lookup('pipe', 'touch {mark}') ]]",
    "comment": "{{# {mark} #}}",
}

# Where the service says a word of its own: in names, tags, definitions, addresses, errors, and the activity log.
PLACES = ("group", "name", "container", "image", "owner", "tag", "fqdn", "plain", "environment", "location", "caller")

# The output of containers: their logs, and the output of commands.
PRINTED = ("log", "output")


def mark(kind: str, place: str) -> str:
    return f"hit-{kind}-{place}"


def planted_text(kind: str, place: str) -> str:
    return KINDS[kind].format(mark=mark(kind, place))


def word(kind: str, place: str) -> str:
    return f"plant-{kind}-{place}"


PLANTED: dict[str, Any] = {word(kind, place): planted_text(kind, place) for kind in KINDS for place in PLACES}

# Not strings: objects that newer caches would mistake for trusted strings, and older ones for marked strings.
CLAIMS: dict[str, Any] = {}
CLAIMS["plant-marked-owner"] = {
    "__ansible_type": "_AnsibleTaggedStr",
    "value": planted_text("pipe", "marked"),
    "tags": [{"__ansible_type": "TrustedAsTemplate"}],
}
CLAIMS["plant-unsafe-owner"] = {"__ansible_unsafe": planted_text("pipe", "unsafe")}

GROUPS = """\
plugin: azure_containers.aci.aci
strict: false
keyed_groups:
  - key: aci_tags.owner | default('none')
  - key: aci_tags
    prefix: tag
  - key: aci_images
    prefix: image
    parent_group: images
  - key: made_text
    prefix: made
compose:
  made_tags: aci_tags
  made_text: aci_tags.owner
  made_joined: aci_tags.owner ~ aci_id
  made_decoded: aci_tags.encoded | b64decode
groups:
  owned: aci_tags.owner != ''
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: cache
cache_timeout: 3600
"""
NAMED = """
hosts: containers
hostnames:
  - aci_tags.role | default('')
  - aci_tags.encoded | b64decode ~ '-named'
filters:
  - aci_tags.owner != '' and inventory_hostname != ''
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("trust")
    for name in ("hosts.yml", "modules.yml", "containers.yml"):
        (folder / name).write_text((HERE / name).read_text())
    (folder / "groups.aci.yml").write_text(GROUPS)
    (folder / "named.aci.yml").write_text(GROUPS + NAMED)
    (folder / "containers.aci.yml").write_text("plugin: azure_containers.aci.aci\nhosts: containers\nconnection: aci\n")
    with emulator(runtime="process", speed=20) as azure:
        fill(azure)
        with front(azure, PLANTED) as url, front(azure, CLAIMS) as claiming:
            yield Place(folder, settings(folder, azure, url), settings(folder, azure, claiming))


def fill(azure: RunningEmulator) -> None:
    """Groups with words as names and values, and groups with plain names whose containers print the strings."""
    azure.put("resourcegroups/plain", "2022-09-01", {"location": "westeurope"})
    for kind in [*KINDS, "marked", "unsafe"]:
        owner = {
            "owner": word(kind, "owner"),
            "encoded": "e3sgbG9va3VwKCdwaXBlJywgJ3RvdWNoIGhpdC1waXBlLWVuY29kZWQnKSB9fQ==",
        }
        if kind in KINDS:
            tags = {**owner, word(kind, "tag"): "one", "role": word(kind, "owner"), "only": "texts"}
            azure.put(f"resourcegroups/{word(kind, 'group')}", "2022-09-01", {"location": "westeurope"})
            body = definition(kind, word(kind, "container"), f"emulator.local/sh:{word(kind, 'image')}", tags)
            body["properties"]["ipAddress"] = {
                "type": "Public",
                "dnsNameLabel": word(kind, "fqdn"),
                "ports": [{"port": 80, "protocol": "TCP"}],
            }
            put(azure, word(kind, "group"), word(kind, "name"), body)
            owner["only"] = "texts"
        put(azure, "plain", f"plain-{kind}", definition(kind, "plain", "emulator.local/sh", owner))
        if kind in KINDS:
            change_as(azure, word(kind, "caller"), f"plain-{kind}", owner)


def change_as(azure: RunningEmulator, caller: str, name: str, tags: dict[str, str]) -> None:
    """Have somebody with a name of their own change a group, so that the activity log has it."""
    directory = Directory.load(azure.state_dir)
    principal = directory.give_role(caller, Role(caller, ["*"]))
    principal.object_id = caller
    directory.save()
    identity = {"client_id": principal.client_id, "client_secret": principal.secrets[0]}
    client = connect(azure.connection() | identity)
    try:
        client.patch_group("plain", name, {"tags": tags})
    finally:
        client.close()


def put(azure: RunningEmulator, group: str, name: str, body: dict[str, Any]) -> None:
    resource = f"resourceGroups/{group}/providers/Microsoft.ContainerInstance/containerGroups/{name}"
    azure.put(resource, "2023-05-01", body)


def definition(kind: str, name: str, image: str, tags: dict[str, str]) -> dict[str, Any]:
    printed = {place: planted_text(kind, place) if kind in KINDS else kind for place in PRINTED}
    container = {
        "image": image,
        "command": ["sh", "-c", 'printf "%s\\n" "$PLANTED_LOG"; while true; do sleep 1; done'],
        "environmentVariables": [
            {"name": "PLANTED", "value": word(kind, "environment")},
            {"name": "PLANTED_LOG", "value": printed["log"]},
            {"name": "PLANTED_OUTPUT", "value": printed["output"]},
        ],
        "ports": [{"port": 80, "protocol": "TCP"}],
        "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.0}},
    }
    return {
        "location": "westeurope",
        "tags": tags,
        "properties": {
            "osType": "Linux",
            "restartPolicy": "Never",
            "containers": [{"name": name, "properties": container}],
        },
    }


def arrived(printed: str, places: tuple[str, ...]) -> None:
    """Every string was printed unchanged: a template would have removed the comments."""
    missing = [place for place in places if planted_text("comment", place) not in printed]
    assert not missing, printed[-6000:]


INVENTORY = ("-i", "groups.aci.yml", "-i", "named.aci.yml")
SAID_BY_INVENTORY = ("group", "name", "container", "image", "owner", "tag", "fqdn")
USES = {
    "graph": ("ansible-inventory", *INVENTORY, "--graph"),
    "list": ("ansible-inventory", *INVENTORY, "--list"),
    "playbook": ("ansible-playbook", *INVENTORY, "hosts.yml"),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("cache", ["cold", "warm", "of-1.0.0"])
def test_the_inventory_runs_nothing(place: Place, cache: str, use: str) -> None:
    kept = sorted((place.folder / "cache").glob("*"))
    if cache == "cold":
        for path in kept:
            path.unlink()
    elif not kept:
        place.run("ansible-inventory", *INVENTORY, "--graph")
        place.effects()
    if cache == "of-1.0.0":
        place.run("python", "-c", REWRITTEN, json.dumps(CLAIMS))
    printed = place.run(*USES[use])
    assert place.effects() == []
    if use == "playbook":
        arrived(printed.replace('\\"', '"'), SAID_BY_INVENTORY)


# Version 1.0.0 passed its facts unchanged to the cache plugin, including objects in place of strings.
REWRITTEN = """
import json, sys
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([])
from ansible.plugins.cache import CachePluginAdjudicator
def cache():
    return CachePluginAdjudicator("ansible.builtin.jsonfile", _uri="cache", _timeout=3600, _prefix="")
claims = json.loads(sys.argv[1])
def claimed(value):
    if isinstance(value, dict):
        return {key: claimed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [claimed(item) for item in value]
    return claims.get(value, value) if isinstance(value, str) else value
written = cache()
written.load_whole_cache()
for key in list(written.keys()):
    if isinstance(written[key], str):
        written[key] = claimed(json.loads(written[key]))
written.set_cache()
"""


def test_objects_in_place_of_texts_are_refused(place: Place) -> None:
    printed = place.run("ansible-inventory", "-i", "containers.aci.yml", "--list", **place.claiming)
    assert place.effects() == []
    assert "is an object instead of a string" in " ".join(printed.split())


@pytest.mark.parametrize("in_process", ["true", "false"], ids=["in-process", "by-module"])
def test_what_modules_return_runs_nothing(place: Place, in_process: str) -> None:
    words = json.dumps({"trust_words": [word(kind, "location") for kind in KINDS]})
    printed = place.run("ansible-playbook", "modules.yml", "-e", words, ANSIBLE_AZURE_ACI_IN_PROCESS=in_process)
    assert place.effects() == []
    said = (
        "group",
        "name",
        "container",
        "image",
        "owner",
        "tag",
        "fqdn",
        "environment",
        "location",
        "caller",
        *PRINTED,
    )
    arrived(printed.replace('\\"', '"'), said)


def test_what_drift_reports_runs_nothing(place: Place) -> None:
    """The report has the names of whoever changed the groups."""
    wanted = [
        {"resource_group": "plain", "name": f"plain-{kind}", "definition": definition("other", "plain", "other", {})}
        for kind in KINDS
    ]
    variables = json.dumps({"aci_definitions": wanted, "aci_drift_report": str(place.folder / "drift.json")})
    printed = place.run("ansible-playbook", "azure_containers.aci.drift", "-e", variables)
    assert place.effects() == []
    arrived(printed.replace('\\"', '"'), ("caller",))
    reported = json.loads((place.folder / "drift.json").read_text())
    assert [each["last_modified"]["by"] for each in reported] == [planted_text(kind, "caller") for kind in KINDS]


def test_what_containers_print_runs_nothing(place: Place) -> None:
    printed = place.run("ansible-playbook", "-i", "containers.aci.yml", "containers.yml")
    assert place.effects() == []
    arrived(printed, ("output",))


def test_why_a_container_cannot_be_reached_runs_nothing(place: Place) -> None:
    """The error contains the names of the existing containers."""
    command = ["ansible-playbook", "-i", "containers.aci.yml", "containers.yml", "-e", "ansible_aci_container=absent"]
    printed = place.run(*command)
    assert place.effects() == []
    assert "UNREACHABLE" in printed
    arrived(printed, ("container",))


def test_programs_that_read_the_inventory_see_plain_names(place: Place) -> None:
    """ansible-inventory prints marks, so strings that cannot be templates have none."""
    printed = place.run("ansible-inventory", "-i", "containers.aci.yml", "--list")
    found = json.loads(printed[printed.index("{") :])["_meta"]["hostvars"]["plain-pipe_plain"]
    # Since 2.19, ansible-inventory itself marks every string.
    shown = {"__ansible_unsafe": "plain-pipe"} if hasattr(template, "trust_as_template") else "plain-pipe"
    assert found["aci_container_group"] == shown
