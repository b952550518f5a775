# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conversion of projects, rule by rule."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.convert import Options, converted
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition import checked_definition
from ansible_collections.azure_containers.aci.tests.unit.support.compose import (
    container,
    group,
    notes,
    project,
    refusals,
)


def web(**keys: Any) -> str:
    """A project with one service."""
    return json.dumps({"services": {"web": {"image": "i", **keys}}})


def two(first: dict[str, Any], second: dict[str, Any]) -> str:
    return json.dumps({"services": {"web": {"image": "i", **first}, "db": {"image": "j", **second}}})


# -- images, commands --------------------------------------------------------------------------------------------------


def test_build() -> None:
    assert refusals('{"services": {"web": {"build": "."}}}') == ["services.web.image"]
    assert refusals('{"services": {"web": {"restart": "always"}}}') == ["services.web.image"]
    assert notes(web(build=".")) == ["services.web.build"]


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ({"command": "a 'b c'"}, ["a", "b c"]),
        ({"command": ["a", "b"]}, ["a", "b"]),
        ({"entrypoint": "/run", "command": ["-v"]}, ["/run", "-v"]),
        ({"entrypoint": ["/run"]}, ["/run"]),
        ({"entrypoint": ["/run"], "command": []}, ["/run"]),
        ({"entrypoint": [], "command": ["a"]}, ["a"]),
        ({"command": None}, None),
        ({}, None),
    ],
)
def test_commands(keys: dict[str, Any], command: list[str] | None) -> None:
    assert container(web(**keys)).get("command") == command


def test_a_command_alone_is_said_and_arguments_alone_are_refused() -> None:
    assert notes(web(command="a"), "differs") == ["services.web.command"]
    assert notes(web(entrypoint=[], command="a")) == []
    assert refusals(web(command="--verbose")) == ["services.web.command"]
    assert refusals(web(command="")) == ["services.web.command"]
    assert refusals(web(entrypoint="")) == ["services.web.entrypoint"]


def test_secrets_in_commands_are_said() -> None:
    text = web(entrypoint="redis-server --requirepass ${REDIS_PASSWORD}")
    found = project(text, environment={"REDIS_PASSWORD": "hunter22"})
    converted(found, Options(restart_policy="Always"))
    assert [note.path for note in found.findings.notes] == ["services.web.command"]
    assert notes(web(entrypoint="a postgres://u:pw@h/d")) == ["services.web.command"]


# -- variables ---------------------------------------------------------------------------------------------------------


def test_what_looks_like_a_secret_is_one_unless_it_is_listed() -> None:
    environment = {
        "DB_PASSWORD": "a1b2c3d4",
        "DB_PASSWORD_FILE": "/run/secrets/x",
        "URL": "postgres://u:pw@h/d",
        "TOKEN_LIFETIME": "5",
        "API_KEY": "",
        "DSN": "Server=h;Password=${PW_PASSWORD}",
        "MINE": "x",
    }
    text = web(environment=environment)

    def secure(**options: Any) -> list[str]:
        found = project(text, environment={"PW_PASSWORD": "s3cr3t-value"})
        definition = converted(found, Options(restart_policy="Always", **options))
        variables = definition["properties"]["containers"][0]["properties"]["environmentVariables"]
        assert len(variables) == len(environment)
        return [each["name"] for each in variables if "secureValue" in each]

    assert secure() == ["DB_PASSWORD", "URL", "DSN"]
    assert secure(plain_variables=("DB_*", "URL"), secure_variables=("M*",)) == ["DSN", "MINE"]
    assert secure(plain_variables=("*",)) == []


# -- ports -------------------------------------------------------------------------------------------------------------


def test_a_public_address_only_where_it_is_wanted() -> None:
    text = web(ports=["80:80", "53:53/udp"])
    assert refusals(text) == ["public"]
    with pytest.raises(InvalidArguments, match=r"80/TCP of web, 53/UDP of web.*public: true"):
        group(text)
    assert group(text, public=True)["ipAddress"]["type"] == "Public"
    assert group(text, in_subnet=True)["ipAddress"] == {
        "type": "Private",
        "ports": [{"port": 80, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}],
    }
    inside = group(text, public=False)
    assert "ipAddress" not in inside
    assert len(inside["containers"][0]["properties"]["ports"]) == 2
    assert notes(text, "differs", public=False) == ["public"]
    assert refusals(text, public=True, in_subnet=True) == ["public"]
    assert "ipAddress" not in group(web(), public=True)
    assert "ipAddress" not in group(web(expose=[80]), public=True)


def test_no_port_is_mapped() -> None:
    text = web(ports=["8080:80"])
    assert refusals(text, public=True) == ["services.web.ports[0]"]
    assert refusals(text, in_subnet=True) == ["services.web.ports[0]"]
    assert refusals(text, public=False) == []
    assert refusals(web(ports=["127.0.0.1:8080:80"]), public=True) == []
    assert group(web(ports=["80"]), public=True)["ipAddress"]["ports"] == [{"port": 80, "protocol": "TCP"}]


def test_ports_that_cannot_be() -> None:
    assert refusals(two({"ports": ["80:80"]}, {"expose": [80]}), public=True) == ["services.db.ports"]
    assert refusals(two({"ports": ["80:80/udp"]}, {"expose": [80]}), public=True) == []
    assert refusals(web(ports=["80:80/sctp"]), public=True) == ["services.web.ports"]


def test_labels_of_addresses() -> None:
    assert refusals(two({"ports": ["80"], "domainname": "a"}, {"domainname": "b"}), public=True) == [
        "services.db.domainname"
    ]
    assert notes(web(domainname="a"), "ignored") == ["services.web.domainname"]
    assert notes(web(domainname="a", ports=["80"]), "ignored", in_subnet=True) == ["services.web.domainname"]


def test_dns() -> None:
    keys = {"dns": ["10.0.0.4"], "dns_search": ["a", "b"], "dns_opt": ["ndots:2"]}
    assert group(web(**keys), in_subnet=True)["dnsConfig"] == {
        "nameServers": ["10.0.0.4"],
        "searchDomains": "a b",
        "options": "ndots:2",
    }
    assert refusals(web(dns="10.0.0.4")) == ["services.web.dns"]
    assert refusals(web(dns_search="a"), in_subnet=True) == ["services.web.dns_search"]
    assert refusals(two({"dns": "10.0.0.4"}, {"dns": "10.0.0.5"}), in_subnet=True) == ["services.db.dns"]


# -- sizes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "cpu", "memory"),
    [
        ({}, 1.0, 1.5),
        ({"cpus": 2}, 2.0, 1.5),
        ({"mem_limit": "64m"}, 1.0, 0.1),
        ({"mem_limit": "1025m"}, 1.0, 1.1),
        ({"mem_limit": "1g", "mem_reservation": "512m"}, 1.0, 0.5),
        ({"deploy": {"resources": {"limits": {"memory": "1g"}, "reservations": {"cpus": "0.25"}}}}, 0.25, 1.0),
    ],
)
def test_requests(keys: dict[str, Any], cpu: float, memory: float) -> None:
    assert container(web(**keys))["resources"]["requests"] == {"cpu": cpu, "memoryInGB": memory}


def test_sizes_that_contradict_each_other() -> None:
    limits = {"resources": {"limits": {"cpus": "1"}}}
    assert refusals(web(cpus=2, deploy=limits)) == ["services.web.cpus"]
    assert refusals(web(cpus=1, deploy=limits)) == []
    assert refusals(web(mem_limit="1g", mem_reservation="2g")) == ["services.web.deploy.resources"]


# -- restarts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "policy"),
    [
        ({"restart": "always"}, "Always"),
        ({"restart": "unless-stopped"}, "Always"),
        ({"restart": "on-failure"}, "OnFailure"),
        ({"restart": "on-failure:5"}, "OnFailure"),
        ({"restart": "no"}, "Never"),
        ({"restart": False}, "Never"),
        ({"deploy": {"restart_policy": {"condition": "any"}}}, "Always"),
        ({"deploy": {"restart_policy": {"delay": "5s"}}}, "Always"),
        ({"deploy": {"restart_policy": {"condition": "none"}}, "restart": "always"}, "Never"),
    ],
)
def test_policies(keys: dict[str, Any], policy: str) -> None:
    assert group(web(**keys), restart_policy=None)["restartPolicy"] == policy


def test_restart_needs_a_choice_where_nobody_says_it_or_services_differ() -> None:
    assert refusals(web(), restart_policy=None) == ["restart_policy"]
    assert group(web(), restart_policy="Never")["restartPolicy"] == "Never"
    differ = two({"restart": "always"}, {"restart": "no"})
    assert refusals(differ, restart_policy=None) == ["restart_policy"]
    assert "restart_policy" in notes(differ, "differs", restart_policy="Always")
    half = two({"restart": "always"}, {})
    assert group(half, restart_policy=None)["restartPolicy"] == "Always"
    assert "services.db.restart" in notes(half, "differs", restart_policy=None)
    assert refusals(web(restart="sometimes")) == ["services.web.restart"]
    assert notes(web(restart="on-failure:3"), "ignored", restart_policy=None) == ["services.web.restart"]


# -- probes, security, platform ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("health", "command"),
    [
        ({"test": ["CMD", "a", "b"]}, ["a", "b"]),
        ({"test": ["CMD-SHELL", "a || b"]}, ["/bin/sh", "-c", "a || b"]),
        ({"test": "a"}, ["/bin/sh", "-c", "a"]),
        ({"test": ["NONE"]}, None),
        ({"test": "a", "disable": True}, None),
        ({"interval": "5s"}, None),
    ],
)
def test_probes(health: dict[str, Any], command: list[str] | None) -> None:
    probe = container(web(healthcheck=health)).get("livenessProbe")
    assert (probe and probe["exec"]["command"]) == command
    if probe:
        assert (probe["periodSeconds"], probe["timeoutSeconds"], probe["failureThreshold"]) == (30, 30, 3)


def test_probes_that_cannot_be() -> None:
    for test in (["a"], ["CMD"], ["CMD-SHELL", "a", "b"]):
        assert refusals(web(healthcheck={"test": test})) == ["services.web.healthcheck.test"]
    windows = container(web(platform="windows/amd64", healthcheck={"test": "dir"}))
    assert windows["livenessProbe"]["exec"]["command"] == ["cmd", "/S", "/C", "dir"]


def test_security() -> None:
    found = container(
        web(cap_add=["NET_ADMIN"], cap_drop=["ALL"], user="1:2", privileged=True, security_opt=["no-new-privileges"])
    )
    assert found["securityContext"] == {
        "privileged": True,
        "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]},
        "allowPrivilegeEscalation": False,
        "runAsUser": 1,
        "runAsGroup": 2,
    }
    assert "securityContext" not in container(web(privileged=False, security_opt=["no-new-privileges:false"]))
    assert refusals(web(user="www-data")) == ["services.web.user"]
    assert refusals(web(security_opt=["seccomp=unconfined"])) == ["services.web.security_opt[0]"]


def test_platforms() -> None:
    assert group(web(platform="windows/amd64"))["osType"] == "Windows"
    assert refusals(web(platform="linux/arm64")) == ["services.web.platform"]
    assert refusals(two({"platform": "linux"}, {"platform": "windows"})) == ["services"]


def test_network_modes() -> None:
    assert refusals(two({"network_mode": "service:db"}, {})) == []
    assert refusals(web(network_mode="bridge")) == []
    assert refusals(web(network_mode="host")) == ["services.web.network_mode"]


# -- order -------------------------------------------------------------------------------------------------------------


DONE = {"condition": "service_completed_successfully"}


def test_init_containers_run_in_the_order_of_their_dependencies() -> None:
    text = json.dumps(
        {
            "services": {
                "app": {"image": "a", "depends_on": {"second": DONE}},
                "second": {"image": "b", "depends_on": {"first": DONE}, "cpus": 2},
                "first": {"image": "c", "restart": "on-failure", "deploy": {"resources": {"limits": {"cpus": "1"}}}},
            }
        }
    )
    found = group(text)
    assert [each["name"] for each in found["initContainers"]] == ["first", "second"]
    assert [each["name"] for each in found["containers"]] == ["app"]
    assert all("resources" not in each["properties"] for each in found["initContainers"])
    assert notes(text, "ignored") == ["services.first.deploy.resources", "services.second.cpus"] or notes(
        text, "ignored"
    ) == ["services.second.cpus", "services.first.deploy.resources"]


def test_jobs_that_cannot_run_first() -> None:
    app = {"image": "a", "depends_on": {"job": DONE}}
    job = {"image": "j", "depends_on": ["db"], "ports": ["80"], "healthcheck": {"test": "x"}}
    assert refusals(json.dumps({"services": {"app": app, "job": job, "db": {"image": "d"}}}), public=False) == [
        "services.job.depends_on.db",
        "services.job.ports",
        "services.job.healthcheck",
    ]
    circle = json.dumps(
        {"services": {"a": {"image": "a", "depends_on": {"b": DONE}}, "b": {"image": "b", "depends_on": {"a": DONE}}}}
    )
    assert refusals(circle) == ["services.a.depends_on", "services"]
    assert refusals(two({"depends_on": {"db": {"condition": "ready"}}}, {})) == ["services.web.depends_on.db.condition"]
    assert "services" in notes(two({"depends_on": ["db"]}, {}), "differs")


# -- names -------------------------------------------------------------------------------------------------------------


def test_names_of_services() -> None:
    assert refusals('{"services": {"a_b": {"image": "i"}, "a.b": {"image": "j"}}}') == ["services.a.b"]
    assert refusals(web(container_name="_")) == ["services.web.container_name"]
    assert refusals(web(container_name="x" * 64)) == ["services.web.container_name"]


def test_who_calls_another_service_by_its_name_is_said() -> None:
    text = two({"environment": {"DB": "db:5432", "NAME": "db-name"}, "command": "wait http://db/x"}, {})
    found = project(text)
    converted(found, Options(restart_policy="Always"))
    message = next(note.message for note in found.findings.notes if note.path == "services")
    assert message.endswith("used as host names: services.web.environment.DB; services.web.command.")


def test_names_resolve_where_that_is_wanted() -> None:
    text = two(
        {"hostname": "front", "extra_hosts": ["far:10.0.0.9"], "links": ["db:database"]},
        {"networks": {"n": {"aliases": ["pg"]}}, "container_name": "pgsql"},
    )
    assert refusals(text) == ["services.web.extra_hosts"]
    found = group(text, resolve="hosts")
    added = found["containers"][-1]
    assert added["name"] == "hosts"
    assert added["properties"]["image"] == "i"
    assert added["properties"]["resources"] == {"requests": {"cpu": 0.01, "memoryInGB": 0.1}}
    script = added["properties"]["command"][2]
    assert "'127.0.0.1 web front database db pgsql pg' >> /etc/hosts" in script
    assert "'10.0.0.9 far' >> /etc/hosts" in script
    assert group(text, resolve="hosts", resolve_image="sh")["containers"][-1]["properties"]["image"] == "sh"
    assert len(group(web(), resolve="hosts")["containers"]) == 1
    assert "services" not in notes(two({}, {}), resolve="hosts")


def test_names_that_cannot_resolve() -> None:
    text = two({}, {})
    assert refusals(text, resolve="hosts", restart_policy="Never") == ["resolve"]
    assert refusals(two({"platform": "windows"}, {}), resolve="hosts") == ["resolve"]
    assert refusals(two({"hostname": "a'; rm -rf /"}, {}), resolve="hosts") == ["resolve"]
    assert refusals(web(extra_hosts=["a:host-gateway"]), resolve="hosts") == ["services.web.extra_hosts"]
    taken = json.dumps({"services": {"hosts": {"image": "a"}, "b": {"image": "b"}}})
    assert [each["name"] for each in group(taken, resolve="hosts")["containers"]] == ["hosts", "b", "hosts-2"]


# -- everything together -----------------------------------------------------------------------------------------------


def test_every_reason_is_given_at_once() -> None:
    text = web(ports=["8080:80"], volumes=["./a:/a", "data:/d"], user="me", ulimits={"nofile": 1}, nosuch=1)
    assert refusals(text, public=True) == [
        "services.web.ulimits",
        "services.web.nosuch",
        "services.web.volumes[0]",
        "services.web.volumes[1]",
        "services.web.user",
        "services.web.ports[0]",
    ]


def test_no_service() -> None:
    assert refusals('{"services": {}}') == ["services"]
    assert refusals('{"services": {"a": {"image": "i", "profiles": ["p"]}}}') == ["services"]


def test_what_comes_of_it_is_a_definition_that_aci_group_knows() -> None:
    text = two(
        {
            "ports": ["80"],
            "healthcheck": {"test": "x"},
            "dns": "10.0.0.4",
            "user": "1",
            "tmpfs": "/t",
            "cap_add": ["A"],
        },
        {"secrets": ["s"], "environment": {"PASSWORD": "a"}, "cpus": 1},
    )
    given_text = json.dumps({**json.loads(text), "secrets": {"s": {"environment": "V"}}})
    found = project(given_text, environment={"V": "v"})
    definition = converted(found, Options(restart_policy="Always", in_subnet=True))
    checked = checked_definition({**definition, "name": "web"}, "web")
    assert checked.unknown == ()
    assert checked.wire["properties"] == definition["properties"]


WHOLE: dict[str, Any] = {
    "name": "p",
    "services": {
        "web": {
            "image": "i",
            "command": ["a"],
            "environment": {"A": "b"},
            "ports": ["80:80", {"target": 81}],
            "volumes": ["v:/v", {"type": "tmpfs", "target": "/t"}],
            "secrets": ["s", {"source": "s", "target": "/x/y"}],
            "healthcheck": {"test": "x", "interval": "5s", "retries": 3},
            "deploy": {"resources": {"limits": {"cpus": "1", "memory": "1g"}}, "restart_policy": {"condition": "any"}},
            "depends_on": {"job": DONE},
            "networks": {"n": {"aliases": ["w"]}},
            "extra_hosts": {"far": "10.0.0.9"},
            "user": "1",
            "dns": ["10.0.0.4"],
            "cap_add": ["A"],
            "security_opt": ["no-new-privileges"],
            "tmpfs": ["/u"],
            "links": ["job:x"],
        },
        "job": {"image": "j", "entrypoint": "a b", "expose": [1]},
    },
    "volumes": {"v": {"driver": "azure_file", "driver_opts": {"share_name": "a", "storage_account_name": "b"}}},
    "secrets": {"s": {"file": "s.txt"}},
    "configs": {"c": {"content": "d"}},
    "networks": {"n": {}},
    "include": [],
}
SCRAPS: list[Any] = [
    None,
    True,
    -1,
    1.5,
    "x",
    "a:/b",
    ["x"],
    [None],
    [[1]],
    [{"a": None}],
    {"a": 1},
    {"a": []},
    {"a": {}},
]


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(each for key, item in items for each in places(item, (*way, key)))]


@pytest.mark.parametrize("way", places(WHOLE)[1:], ids=lambda way: ".".join(map(str, way)))
def test_whatever_stands_in_a_file_it_becomes_a_group_or_a_reason(way: tuple[Any, ...]) -> None:
    for scrap in SCRAPS:
        document = copy.deepcopy(WHOLE)
        at: Any = document
        for step in way[:-1]:
            at = at[step]
        at[way[-1]] = scrap
        try:
            found = project(json.dumps(document), {"s.txt": "s"}, environment={"a": "1", "b": "2"})
            converted(found, Options(None, True, "Always", storage_account_keys={"b": "key"}, resolve="hosts"))
        except InvalidArguments as error:
            assert error.msg, scrap  # noqa: PT017 - no error is fine as well
