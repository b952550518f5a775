# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot go together is refused in one sentence that says why."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils import _names, _rules, _schema, _wire
from ansible_collections.azure_containers.aci.plugins.module_utils._errors import InvalidArguments


def check(api_version: str = "2025-09-01", containers: list[dict[str, Any]] | None = None, **given: Any) -> None:
    if containers is None:
        containers = [{"name": "web", "image": "nginx", "ports": [{"port": 80}]}]
    _rules.check_body(_wire.overlay(_schema.GROUP, None, {"containers": containers, **given}), api_version)


def one(**container: Any) -> dict[str, Any]:
    return {"containers": [{"name": "web", "image": "nginx", "ports": [{"port": 80}], **container}]}


def requests(cores: float, memory: float, **limits: float) -> dict[str, Any]:
    resources: dict[str, Any] = {"requests": {"cpu": cores, "memory_in_gb": memory}}
    return one(resources={**resources, "limits": limits} if limits else resources)


PUBLIC = {"type": "Public", "ports": [{"port": 80}]}
MOUNT = [{"name": "data-1", "mount_path": "/data"}]
PROBE = {"http_get": {"port": 80}}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ip_address": PUBLIC},
        {"ip_address": {**PUBLIC, "dns_name_label": "label"}},
        {"ip_address": {"type": "Private", "ports": [{"port": 80}]}, "subnet_ids": [{"id": "/x"}]},
        requests(0.5, 0.5) | {"container_group_profile": {"id": "/x"}},
        requests(1, 1, cpu=1.0),
        {"volumes": [{"name": "data-1", "empty_dir": {}}], **one(volume_mounts=MOUNT)},
        {"volumes": [{"name": "secrets", "secret": {"a": "eA=="}}]},
        {"identity": {"type": "UserAssigned", "user_assigned_identities": ["/x"]}},
        {"priority": "Spot"},
        {"sku": "Confidential", "confidential_compute_properties": {"cce_policy": "eA=="}},
        {"image_registry_credentials": [{"server": "r.io", "identity": "/x"}]},
        one(liveness_probe=PROBE),
        one(image="r.example.com:5000/a/b-c:1.2@sha256:" + "0" * 64),
        {"tags": {"hidden-link:/subscriptions/x": "1"}},
    ],
)
def test_what_goes_together_passes(given: dict[str, Any]) -> None:
    check(**given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"containers": []}, "containers: a group needs at least one container."),
        ({"containers": [{"name": "web"}]}, r"containers\[web\]: image is needed"),
        ({"containers": [{"name": "Web", "image": "x"}]}, "no name for a container"),
        ({"containers": [{"name": "a--b", "image": "x"}]}, "no name for a container"),
        (one(image="Nginx"), r"containers\[web\].image: 'Nginx' is no image reference"),
        ({"containers": [{"name": f"c{n}", "image": "x"} for n in range(61)]}, "61 containers are more than the 60"),
        ({"os_type": "Windows", "init_containers": [{"name": "i", "image": "x"}]}, "Windows group has one container"),
        ({"init_containers": [{"name": "web", "image": "x"}]}, "cannot share the name web"),
        (one(environment_variables=[{"name": "1A", "value": "x"}]), "'1A' is no name for a variable"),
        (one(ports=[{"port": 70000}]), "70000 is no port"),
        (requests(0.5, 1), "requests of cpu together are 0.5, but a group needs at least 1"),
        (requests(1, 0.5), "requests of memory_in_gb together are 0.5"),
        (requests(0, 1), "0.0 is not above zero"),
        (requests(2, 1, cpu=1.0), "limits.cpu: 1 is below the request of 2"),
        (requests(1, 1, memory_in_gb=4), "4 is above 1, the total request of the group"),
        ({"ip_address": {"type": "Public", "ports": [{"port": 81}]}}, "81/TCP is exposed by no container"),
        ({"ip_address": {"type": "Public", "ports": [{"port": 80, "protocol": "UDP"}]}}, "80/UDP is exposed by no"),
        ({"ip_address": {"type": "Public", "ports": []}}, "ip_address: ports is needed"),
        ({"ip_address": {"ports": [{"port": 80}]}}, "ip_address: type is needed"),
        ({"ip_address": {**PUBLIC, "dns_name_label": "a b c d e"}}, "is no DNS name label"),
        ({"ip_address": {"type": "Private", "ports": [{"port": 80}]}}, "Private needs subnet_ids"),
        ({"ip_address": PUBLIC, "subnet_ids": [{"id": "/x"}]}, "a group in a subnet has no public address"),
        (
            {"ip_address": {"type": "Private", "ports": [{"port": 80}], "dns_name_label": "label"}},
            "private address has no DNS name label",
        ),
        (one(volume_mounts=MOUNT), "there is no volume data-1"),
        ({"volumes": [{"name": "data-1"}]}, "exactly one of azure_file"),
        ({"volumes": [{"name": "d", "empty_dir": {}}]}, "no name for a volume"),
        ({"volumes": [{"name": "secrets", "secret": {"key": "not base64!"}}]}, "value of key is not base64"),
        ({"volumes": [{"name": "share", "azure_file": {"share_name": "s"}}]}, "storage_account_name is needed"),
        ({"image_registry_credentials": [{"server": "https://r"}]}, "host name, without a protocol"),
        ({"image_registry_credentials": [{"server": "r"}]}, "a username with its password, or an identity"),
        ({"identity": {"type": "UserAssigned"}}, "needs user_assigned_identities"),
        ({"identity": {"type": "SystemAssigned", "user_assigned_identities": ["/x"]}}, "need a type with UserAssigned"),
        ({"priority": "Spot", "ip_address": PUBLIC}, "Spot group cannot have inbound connectivity"),
        ({"priority": "Spot", "zones": ["1"]}, "Spot group cannot be in a zone"),
        ({"priority": "Spot", "subnet_ids": [{"id": "/x"}]}, "Spot group cannot be in a subnet"),
        ({"sku": "Confidential"}, "Confidential needs confidential_compute_properties"),
        ({"confidential_compute_properties": {"cce_policy": "eA=="}}, "a policy needs sku Confidential"),
        (
            {"diagnostics": {"log_analytics": {"workspace_id": "w", "workspace_key": "k", "metadata": {"a": "b"}}}},
            "only log_type ContainerInsights takes metadata",
        ),
        (
            {
                "diagnostics": {
                    "log_analytics": {
                        "workspace_id": "w",
                        "workspace_key": "k",
                        "log_type": "ContainerInsights",
                        "metadata": {"pod-uuid": "x", "a": "b"},
                    }
                }
            },
            "metadata: a is none of pod-uuid, cluster-resource-id, node-name",
        ),
        (one(liveness_probe={"period_seconds": 5}), "exec or http_get is needed"),
        (one(liveness_probe={"http_get": {"path": "/"}}), r"liveness_probe.http_get: port is needed"),
        ({"dns_config": {"options": "x"}}, "dns_config: name_servers is needed"),
    ],
)
def test_what_does_not_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidArguments, match=sentence):
        check(**given)


def test_newer_properties_need_the_newer_version() -> None:
    given = one(config_map={"key_value_pairs": {"a": "b"}})
    check(**given)
    with pytest.raises(InvalidArguments, match="config_map needs API version 2025-09-01, but 2023-05-01 is in use"):
        check("2023-05-01", **given)


def test_secrets_are_not_quoted_in_a_refusal() -> None:
    with pytest.raises(InvalidArguments) as caught:
        check(volumes=[{"name": "secrets", "secret": {"key": "canary!"}}])
    assert "canary" not in caught.value.msg


@pytest.mark.parametrize("name", ["Web", "-a", "a-", "a--b", "", "x" * 64, "a_b"])
def test_names_that_the_service_does_not_take(name: str) -> None:
    with pytest.raises(InvalidArguments, match="no name for a container group"):
        _names.check_group_name(name)


@pytest.mark.parametrize("name", ["a", "web-1", "1a", "x" * 63])
def test_names_that_it_takes(name: str) -> None:
    _names.check_group_name(name)
