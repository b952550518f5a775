# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Combinations that are not possible are refused with a one-sentence reason."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import rules, schema, wire


def body_of(containers: list[dict[str, Any]] | None = None, **given: Any) -> dict[str, Any]:
    if containers is None:
        containers = [{"name": "web", "image": "nginx", "ports": [{"port": 80}]}]
    return wire.overlay(schema.GROUP, None, {"containers": containers, **given})


def check(api_version: str = "2025-09-01", **given: Any) -> None:
    rules.check_body(body_of(**given), api_version)


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
        {"containers": [{"name": "aci--dns--sidecar", "image": "x"}]},
        requests(0.1, 0.1),
        requests(2, 0.5),
        {"volumes": [{"name": "logs", "empty_dir": {}}]},
        {"volumes": [{"name": "both", "secret": {"a": "eA=="}, "secret_reference": {"b": "c"}}]},
        {"sku": "Confidential"},
        {"sku": "Confidential", "confidential_compute_properties": {}},
        {"dns_config": {"name_servers": ["ns.example.com"]}, "subnet_ids": [{"id": "/x"}]},
        one(ports=[{"port": port} for port in range(80, 90)])
        | {"ip_address": {"type": "Public", "ports": [{"port": port} for port in range(80, 90)]}},
        one(image="Nginx"),
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
        (
            {"containers": [{"name": "web"}]},
            r"containers\[web\]\.image: a value is required\. Write image: \'nginx:1\.27\'",
        ),
        ({"containers": [{"name": "Web", "image": "x"}]}, "is not a valid container name"),
        ({"init_containers": [{"name": "web", "image": "x"}]}, "has the name web already"),
        (one(environment_variables=[{"name": "1A", "value": "x"}]), "'1A' is not a valid variable name"),
        (one(ports=[{"port": 70000}]), "70000 is not a valid port"),
        (requests(2, 1, cpu=1.0), "limits.cpu: 1 is below the request of 2"),
        (requests(1, 1, memory_in_gb=4), "4 is above 1, the total request of the group"),
        ({"ip_address": {"type": "Public", "ports": [{"port": 81}]}}, "no container exposes 81/TCP"),
        ({"ip_address": {"type": "Public", "ports": [{"port": 80, "protocol": "UDP"}]}}, "no container exposes 80/UDP"),
        (
            {"ip_address": {"type": "Public", "ports": []}},
            r"ip_address\.ports: a value is required\. Write ports: \[\{port: 80\}\]",
        ),
        ({"ip_address": {"ports": [{"port": 80}]}}, r"ip_address\.type: a value is required\. Write type: Public"),
        ({"ip_address": {**PUBLIC, "dns_name_label": "a b c d e"}}, "is not a valid DNS name label"),
        ({"ip_address": {"type": "Private", "ports": [{"port": 80}]}}, "Private requires subnet_ids"),
        (
            {"ip_address": {"type": "Private", "ports": [{"port": 80}], "dns_name_label": "label"}},
            "private address cannot have a DNS name label",
        ),
        (one(volume_mounts=MOUNT), "there is no volume data-1"),
        ({"volumes": [{"name": "data-1"}]}, "give exactly one of azure_file"),
        ({"volumes": [{"name": "secrets", "secret": {"key": "not base64!"}}]}, "value of key is not base64"),
        (
            {"volumes": [{"name": "share", "azure_file": {"share_name": "s"}}]},
            r"volumes\[share\]\.azure_file\.storage_account_name: a value is required",
        ),
        ({"identity": {"type": "UserAssigned"}}, "requires user_assigned_identities"),
        (
            {"identity": {"type": "SystemAssigned", "user_assigned_identities": ["/x"]}},
            "requires a type with UserAssigned",
        ),
        ({"priority": "Spot", "ip_address": PUBLIC}, "Spot group cannot have inbound connectivity"),
        (
            {
                "diagnostics": {
                    "log_analytics": {
                        "workspace_id": "w",
                        "log_type": "ContainerInstanceLogs",
                        "metadata": {"pod-uuid": "x"},
                    }
                }
            },
            "log_type ContainerInstanceLogs does not allow metadata",
        ),
        (requests(1, 1.55), "1.55 is not a multiple of 0.1"),
        (one(image="https://r.example.com/a:1"), "give it without a protocol"),
        (one(image="nginx:"), r"image: 'nginx:' ends with ':' but has no tag after it; add one"),
        (one(image="registry.example.com:5000/nginx@"), "has no digest after it"),
        (
            {"containers": [{"name": n, "image": "x", "ports": [{"port": 80}]} for n in "ab"]},
            r"80/TCP is in use by containers\[a\]",
        ),
        ({"ip_address": {**PUBLIC, "dns_name_label": "Label"}}, "lower-case letters"),
        ({"image_registry_credentials": [{"server": "r", "password": "x"}]}, "a password requires a username"),
        (one(liveness_probe={"http_get": {"path": "/"}}), r"liveness_probe\.http_get\.port: a value is required"),
        ({"dns_config": {"options": "x"}}, r"dns_config\.name_servers: a value is required\. Write name_servers: \[10"),
        ({"dns_config": {"name_servers": ["10.0.0.1"]}}, "give subnet_ids"),
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


def test_a_new_definition_needs_its_os_type() -> None:
    body = body_of()
    del body["properties"]["osType"]
    with pytest.raises(InvalidArguments, match="os_type: Linux or Windows is required"):
        rules.check_body(body, "2025-09-01")


def test_what_the_live_group_has_already_is_not_refused() -> None:
    live = body_of(**requests(1, 1.55))
    rules.check_body(
        body_of(**(one(image="nginx:2", resources={"requests": {"cpu": 1, "memory_in_gb": 1.55}}))), "2025-09-01", live
    )
    with pytest.raises(InvalidArguments, match=r"1\.65 is not a multiple"):
        rules.check_body(body_of(**requests(1, 1.65)), "2025-09-01", live)


def test_an_identity_for_a_share_needs_the_newest_version() -> None:
    share = {"share_name": "s", "storage_account_name": "a", "user_assigned_identity_client_id": "id"}
    volumes = [{"name": "files", "azure_file": share}]
    check("2026-07-01", volumes=volumes)
    check("2026-08-01-preview", volumes=volumes)
    with pytest.raises(
        InvalidArguments, match="user_assigned_identity_client_id needs API version 2026-07-01, but 2025"
    ):
        check("2025-09-01", volumes=volumes)
