# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of an inventory, with their names and connections."""

from __future__ import annotations

from typing import Any

import pytest
from ansible import template
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader

from ansible_collections.azure_containers.aci.plugins.inventory import aci
from ansible_collections.azure_containers.aci.plugins.inventory.aci import InventoryModule
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError

CONNECTION = "azure_containers.aci.aci"

DEFAULTS: dict[str, Any] = {
    "hosts": "groups",
    "connection": "none",
    "strict": True,
    "compose": {},
    "filters": [],
    "hostnames": [],
    "groups": {},
    "keyed_groups": [],
    "leading_separator": False,
    "use_extra_vars": False,
}


def facts(
    name: str, app: str = "", resource_group: str = "shop", containers: tuple[str, ...] = ("web",)
) -> dict[str, Any]:
    return {
        "name": name,
        "resource_group": resource_group,
        "subscription_id": "s1",
        "tags": {"app": app} if app else {},
        "containers": [{"name": each} for each in containers],
    }


def trusted(value: Any) -> Any:
    """Options as from a file: newer versions of ansible-core evaluate no other expressions."""
    trust = getattr(template, "trust_as_template", None)
    if isinstance(value, dict):
        return {key: trusted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [trusted(item) for item in value]
    return trust(value) if trust is not None and isinstance(value, str) else value


class Parsed:
    """The inventory for the given groups."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *groups: dict[str, Any], before: Any = (), **options: Any
    ) -> None:
        self.inventory = InventoryData()
        for name in before:
            self.inventory.add_group(name)
        plugin = InventoryModule()
        values = {**DEFAULTS, **trusted(options)}
        self.warned: list[str] = []
        monkeypatch.setattr(plugin, "get_option", values.get)
        monkeypatch.setattr(plugin, "_read_config_data", lambda _path: options)
        monkeypatch.setattr(plugin, "_groups", lambda _path, _cache: list(groups))
        monkeypatch.setattr(plugin.display, "warning", self.warned.append)
        plugin.parse(self.inventory, DataLoader(), "shop.aci.yml")
        self.inventory.reconcile_inventory()

    @property
    def hosts(self) -> list[str]:
        """The hosts of a play for all."""
        return sorted(str(host) for host in self.inventory.groups["all"].get_hosts())

    def members(self, group: str) -> list[str]:
        return sorted(str(host) for host in self.inventory.groups[group].get_hosts())

    def variables(self, host: str) -> dict[str, Any]:
        found: dict[str, Any] = self.inventory.hosts[host].get_vars()
        return found


APP = [{"key": "aci_tags.app", "prefix": "", "separator": ""}]


class TestNames:
    def test_a_host_with_the_name_of_a_keyed_group(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parsed = Parsed(monkeypatch, facts("a-worker", "api"), facts("api", "api"), keyed_groups=APP)
        assert parsed.hosts == ["a-worker", "api_shop"]
        assert parsed.members("api") == ["a-worker", "api_shop"]
        assert parsed.warned == ["Host api has the name of a group, so it is named api_shop instead."]
        assert parsed.variables("api_shop")["inventory_hostname"] == "api_shop"

    def test_a_host_with_the_name_of_a_composed_group(self, monkeypatch: pytest.MonkeyPatch) -> None:
        groups = {"web1": "aci_container_group is match('web')", "other": "aci_container_group == 'web1'"}
        parsed = Parsed(monkeypatch, facts("web1"), facts("web2"), groups=groups)
        assert parsed.hosts == ["web1_shop", "web2"]
        assert parsed.members("web1") == ["web1_shop", "web2"]
        assert parsed.members("other") == ["web1_shop"]

    def test_no_clash_no_change(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parsed = Parsed(monkeypatch, facts("web", "shop"), facts("api", "shop"), keyed_groups=APP)
        assert parsed.hosts == ["api", "web"]
        assert parsed.warned == []

    def test_a_group_of_another_source(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert Parsed(monkeypatch, facts("api"), before=["api"]).hosts == ["api_shop"]
        assert Parsed(monkeypatch, facts("all")).hosts == ["all_shop"]

    def test_a_name_that_hostnames_makes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parsed = Parsed(monkeypatch, facts("x", "api"), keyed_groups=APP, hostnames=["aci_tags.app"])
        assert parsed.hosts == ["api_shop"]

    def test_a_longer_name_that_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        groups = (facts("api", "api"), facts("b", "api_shop"), facts("c", "api_shop_s1"))
        parsed = Parsed(monkeypatch, *groups, keyed_groups=APP)
        assert parsed.hosts == ["api_shop_s1_2", "b", "c"]

    def test_a_longer_name_that_another_host_has(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # A container's name may be the longer name of another host.
        found = [facts("api", "api_web", containers=("web",)), facts("api_web", "x", containers=("shop",))]
        parsed = Parsed(monkeypatch, *found, hosts="containers", keyed_groups=APP)
        assert parsed.hosts == ["api_web_shop", "api_web_shop_s1"]

    def test_groups_named_after_their_hosts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        key = [{"key": "inventory_hostname", "prefix": "", "separator": ""}]
        with pytest.raises(AnsibleParserError, match=r"keyed_groups, groups: host .* Give the groups a prefix"):
            Parsed(monkeypatch, facts("api"), keyed_groups=key)

    def test_the_last_host_of_a_name_hides_those_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parsed = Parsed(monkeypatch, facts("a", "one"), facts("b", "two"), hostnames=["'same'"], keyed_groups=APP)
        assert parsed.hosts == ["same"]
        assert parsed.variables("same")["aci_container_group"] == "b"
        assert "one" not in parsed.inventory.groups


class TestConnection:
    def test_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        variables = Parsed(monkeypatch, facts("web")).variables("web")
        assert not [name for name in variables if name.startswith("ansible_")]

    @pytest.mark.parametrize(("hosts", "name"), [("groups", "web"), ("containers", "web_web")])
    def test_aci(self, monkeypatch: pytest.MonkeyPatch, hosts: str, name: str) -> None:
        secret = {"client_id": "c", "client_secret": "canary-secret", "subscription_id": "other"}
        given = {"auth_source": "service_principal", "ca_bundle": "/ca.pem", **secret}
        parsed = Parsed(monkeypatch, facts("web"), connection="aci", hosts=hosts, profile=None, **given)
        variables = parsed.variables(name)
        assert {key: value for key, value in variables.items() if key.startswith("ansible_")} == {
            "ansible_connection": CONNECTION,
            "ansible_aci_auth_source": "service_principal",
            "ansible_aci_ca_bundle": "/ca.pem",
            "ansible_aci_client_id": "c",
        }
        assert (variables["aci_container"], variables["aci_subscription_id"]) == ("web", "s1")
        assert "canary" not in str(variables)

    @pytest.mark.parametrize(("connection", "loaded"), [("aci", [CONNECTION]), ("none", [])])
    def test_it_is_loaded_before_the_workers_are(
        self, monkeypatch: pytest.MonkeyPatch, connection: str, loaded: list[str]
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(aci.connection_loader, "get", lambda name, **_options: asked.append(name))
        Parsed(monkeypatch, facts("web"), connection=connection)
        assert asked == loaded

    def test_compose_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        compose = {"ansible_connection": "'local'", "kept": "ansible_connection"}
        variables = Parsed(monkeypatch, facts("web"), connection="aci", compose=compose).variables("web")
        assert (variables["ansible_connection"], variables["kept"]) == ("local", CONNECTION)

    def test_filters_see_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        filters = ["ansible_connection is defined"]
        assert Parsed(monkeypatch, facts("web"), connection="aci", filters=filters).hosts == ["web"]
        assert Parsed(monkeypatch, facts("web"), filters=filters).hosts == []


def test_subscriptions_share_a_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Because each client gets the tokens of the run."""
    asked: list[Any] = []

    class Empty:
        def list_groups(self) -> list[dict[str, Any]]:
            return []

    def new_client(params: dict[str, Any]) -> Empty:
        asked.append(params["subscription_id"])
        return Empty()

    plugin = InventoryModule()
    monkeypatch.setattr(plugin, "get_option", {"subscriptions": ["s1", "s2", "s1"], "workers": 1}.get)
    monkeypatch.setattr(plugin, "_templated", lambda value: value)
    monkeypatch.setattr(aci, "new_client", new_client)
    assert plugin._read() == []
    assert asked == ["s1", "s2"]


def test_an_error_that_quotes_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_params: Any) -> None:
        raise AzureError("The secret canary-inv-7Qx is not valid for https://u:other-canary@h/.")

    options = {**DEFAULTS, "client_secret": "canary-inv-7Qx", "workers": 4}
    plugin = InventoryModule()
    monkeypatch.setattr(aci, "new_client", refused)
    monkeypatch.setattr(plugin, "get_option", options.get)
    monkeypatch.setattr(plugin, "_read_config_data", lambda _path: options)
    monkeypatch.setattr(plugin, "get_cache_key", lambda _path: "key")
    monkeypatch.setattr(plugin, "_templated", lambda value: value)
    with pytest.raises(AnsibleParserError) as caught:
        plugin.parse(InventoryData(), DataLoader(), "shop.aci.yml")
    assert "is not valid" in str(caught.value)
    assert "canary" not in str(caught.value)
