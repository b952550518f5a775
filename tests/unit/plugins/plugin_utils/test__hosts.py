# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.plugin_utils._hosts import Host, hosts_of, named, variables_of


def group(name: str, resource_group: str = "shop", subscription: str = "s1", **more: Any) -> dict[str, Any]:
    containers = [{"name": "web", "image": "nginx", "ports": [{"port": 80}]}]
    return {
        "name": name,
        "resource_group": resource_group,
        "subscription_id": subscription,
        "containers": containers,
        **more,
    }


def names(*groups: dict[str, Any], kind: str = "groups") -> list[str]:
    return sorted(named(hosts_of(groups, kind)))


def test_names_are_as_short_as_they_can_be() -> None:
    assert names(group("a"), group("b")) == ["a", "b"]
    assert names(group("a"), group("a", "test"), group("b")) == ["a_shop", "a_test", "b"]
    same = (group("a"), group("a", "shop", "s2"), group("a", "test"))
    assert names(*same) == ["a_shop_s1", "a_shop_s2", "a_test"]
    assert names(group("a"), group("a", "test"), kind="containers") == ["a_web_shop", "a_web_test"]
    assert names() == []


def test_a_name_does_not_depend_on_the_order() -> None:
    same = [group("a"), group("a", "shop", "s2"), group("a", "test"), group("b")]
    assert names(*same) == names(*reversed(same))


def test_thousands_of_hosts_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(Host, "__eq__", lambda one, other: compared.append(one) or one is other)
    assert len(names(*(group(f"web-{number}") for number in range(300)))) == 300
    assert len(names(*(group("web", f"shop-{number}") for number in range(300)))) == 300
    assert compared == []


def test_variables_of_a_group() -> None:
    facts = group("a", fqdn="a.example.com", ip="1.2.3.4", ip_address={"ports": [{"port": 443, "protocol": "TCP"}]})
    host = named(hosts_of([facts], "groups"))["a"]
    assert host.variables["ansible_host"] == "a.example.com"
    assert host.variables["aci_ports"] == [{"port": 443, "protocol": "TCP"}]
    assert host.variables["aci_images"] == ["nginx"]
    assert host.variables["aci_container"] == "web"
    assert host.variables["aci_zones"] == []


def test_variables_of_containers() -> None:
    view = {"restart_count": 2, "current_state": {"state": "Waiting"}}
    containers = [{"name": "web", "image": "nginx", "ports": [{"port": 80}]}, {"name": "job", "instance_view": view}]
    hosts = named(hosts_of([group("a", containers=containers, ip="1.2.3.4")], "containers"))
    assert sorted(hosts) == ["a_job", "a_web"]
    assert hosts["a_web"].variables["aci_ports"] == [{"port": 80, "protocol": "TCP"}]
    assert hosts["a_job"].variables["aci_container_state"] == "Waiting"
    assert hosts["a_job"].variables["aci_restart_count"] == 2
    assert hosts["a_job"].variables["aci_containers"] == ["web", "job"]
    assert hosts["a_job"].variables["ansible_host"] == "1.2.3.4"


def test_a_group_without_an_address_or_containers() -> None:
    host = named(hosts_of([group("a", containers=[])], "groups"))["a"]
    assert "ansible_host" not in host.variables
    assert "aci_container" not in host.variables


@pytest.mark.parametrize("address", ["-oProxyCommand=touch x", "a b", "host\n", "{{ x }}", "a;b"])
def test_what_is_no_address_is_not_followed(address: str) -> None:
    assert "ansible_host" not in variables_of({"name": "web", "fqdn": address})


@pytest.mark.parametrize("address", ["web.westeurope.azurecontainer.io", "20.1.2.3", "fd00::1"])
def test_an_address_is_that_of_the_host(address: str) -> None:
    assert variables_of({"name": "web", "fqdn": address})["ansible_host"] == address
