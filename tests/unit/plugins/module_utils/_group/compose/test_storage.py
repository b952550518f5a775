# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes, secrets and configs."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.tests.unit.support.compose import group, notes, refusals


def web(elements: dict[str, Any] | None = None, **keys: Any) -> str:
    return json.dumps({"services": {"web": {"image": "i", **keys}}, **(elements or {})})


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("source", [".", "./a", "/a", "~/a", "C:\\a", "/var/run/docker.sock"])
def test_directories_of_the_machine_are_refused(source: str) -> None:
    assert refusals(web(volumes=[f"{source}:/a"])) == ["services.web.volumes[0]"]
    assert refusals(web(volumes=[{"type": "bind", "source": source, "target": "/a"}])) == ["services.web.volumes[0]"]


def test_volumes_are_lost_only_with_consent() -> None:
    named, anonymous = web({"volumes": {"data": None}}, volumes=["data:/d"]), web(volumes=["/d/"])
    assert refusals(named) == ["volumes.data"]
    assert refusals(anonymous) == ["services.web.volumes[0]"]
    assert group(named, ephemeral_volumes=("data",))["volumes"] == [{"name": "data", "emptyDir": {}}]
    assert group(anonymous, ephemeral_volumes=("web:/d",))["volumes"] == [{"name": "web-d", "emptyDir": {}}]
    assert notes(named, "differs", ephemeral_volumes=("data",)) == ["volumes.data"]
    assert refusals(named, ephemeral_volumes=("data", "other")) == ["ephemeral_volumes"]


@pytest.mark.parametrize(
    ("volume", "path"),
    [
        ({"driver": "nfs"}, "volumes.data.driver"),
        ({"driver": "local", "driver_opts": {"type": "nfs"}}, "volumes.data.driver_opts"),
        ({"external": True}, "volumes.data.external"),
        ({"external": {"name": "x"}}, "volumes.data.external"),
    ],
)
def test_volumes_that_consent_does_not_help(volume: dict[str, Any], path: str) -> None:
    found = refusals(web({"volumes": {"data": volume}}, volumes=["data:/d"]), ephemeral_volumes=("data",))
    assert path in found


def test_a_volume_is_made_once_and_unused_ones_are_not() -> None:
    text = json.dumps(
        {
            "services": {name: {"image": "i", "volumes": ["data:/d"]} for name in ("a", "b")},
            "volumes": {"data": {}, "unused": {"driver": "nfs"}},
        }
    )
    found = group(text, ephemeral_volumes=("data",))
    assert found["volumes"] == [{"name": "data", "emptyDir": {}}]
    assert all(each["properties"]["volumeMounts"][0]["name"] == "data" for each in found["containers"])


def test_file_shares() -> None:
    share = {
        "driver": "azure_file",
        "driver_opts": {"share_name": "s", "storage_account_name": "acc", "read_only": True},
    }
    text = web({"volumes": {"My_Data": {**share, "external": True}}}, volumes=["My_Data:/d"])
    found = group(text, storage_account_keys={"acc": "key"})
    assert found["volumes"] == [
        {
            "name": "my-data",
            "azureFile": {"shareName": "s", "storageAccountName": "acc", "storageAccountKey": "key", "readOnly": True},
        }
    ]
    assert refusals(web({"volumes": {"v": {"driver": "azure_file"}}}, volumes=["v:/d"])) == [
        "volumes.v.driver_opts",
        "volumes.v.driver_opts",
    ]
    more = {"driver": "azure_file", "driver_opts": {**share["driver_opts"], "uid": "1"}}  # type: ignore[dict-item]
    assert refusals(web({"volumes": {"v": more}}, volumes=["v:/d"]), storage_account_keys={"acc": "key"}) == [
        "volumes.v.driver_opts.uid"
    ]


def test_mounts_that_cannot_be() -> None:
    def found(*volumes: Any) -> list[str]:
        return refusals(web({"volumes": {"v": {}}}, volumes=list(volumes)), ephemeral_volumes=("v",))

    assert found("none:/d", "v:/e") == ["services.web.volumes[0]"]
    assert found("v:d") == ["services.web.volumes[0]"]
    assert found("v:/") == ["services.web.volumes[0]"]
    assert found("v:/d:what") == ["services.web.volumes[0]"]
    assert found({"type": "image", "source": "v", "target": "/d"}, "v:/e") == ["services.web.volumes[0].type"]
    assert refusals(web({"volumes": {"v": {}}}, volumes=["v:/d"], tmpfs="/d"), ephemeral_volumes=("v",)) == [
        "services.web.tmpfs[0]"
    ]
    assert notes(web({"volumes": {"v": {}}}, volumes=["v:/d:z"]), "ignored", ephemeral_volumes=("v",)) == [
        "services.web.volumes[0]"
    ]


def test_temporary_file_systems_need_no_consent() -> None:
    text = web(tmpfs=["/run:size=64m", "/tmp/x"], volumes=[{"type": "tmpfs", "target": "/c"}])
    assert [each["name"] for each in group(text)["volumes"]] == ["web-c", "web-run", "web-tmp-x"]
    assert len(notes(text, "differs")) == 3


def test_secrets_and_configs_in_one_directory_are_one_volume() -> None:
    elements = {
        "secrets": {"pw": {"environment": "PW"}, "Key.pem": {"file": "/keys/key.pem"}},
        "configs": {"conf": {"content": "a=b"}},
    }
    text = web(
        elements,
        secrets=["pw", {"source": "Key.pem", "target": "/etc/app/key.pem"}],
        configs=[{"source": "conf", "target": "/etc/app/app.conf"}],
    )
    found = group(text, {"/keys/key.pem": "key"}, {"environment": {"PW": "hunter2"}})
    assert found["volumes"] == [
        {"name": "secrets-web-1", "secret": {"pw": encoded("hunter2")}},
        {"name": "secrets-web-2", "secret": {"key.pem": encoded("key"), "app.conf": encoded("a=b")}},
    ]


def test_bytes_of_files_are_kept() -> None:
    content = bytes(range(256))
    text = web({"secrets": {"s": {"file": "s.bin"}}}, secrets=["s"])
    found = group(text, {"s.bin": content})
    assert base64.b64decode(found["volumes"][0]["secret"]["s"]) == content


@pytest.mark.parametrize(
    ("elements", "keys", "path"),
    [
        ({"secrets": {}}, {"secrets": ["s"]}, "services.web.secrets[0]"),
        ({"secrets": {"s": {"external": True}}}, {"secrets": ["s"]}, "secrets.s.external"),
        ({"secrets": {"s": {}}}, {"secrets": ["s"]}, "secrets.s"),
        ({"secrets": {"s": {"file": "none"}}}, {"secrets": ["s"]}, "secrets.s.file"),
        ({"secrets": {"s": {"environment": "NONE"}}}, {"secrets": ["s"]}, "secrets.s.environment"),
        ({"configs": {"c": {"content": "x"}}}, {"configs": ["c"]}, "services.web.configs[0].target"),
        (
            {"secrets": {"s": {"environment": "A"}}},
            {"secrets": ["s", {"source": "s", "target": "in/side"}]},
            "services.web.secrets[0]",
        ),
        (
            {"secrets": {"s": {"environment": "A"}, "t": {"environment": "A"}}},
            {"secrets": ["s", {"source": "t", "target": "/run/secrets/s"}]},
            "services.web.secrets[1]",
        ),
    ],
)
def test_files_that_cannot_be(elements: dict[str, Any], keys: dict[str, Any], path: str) -> None:
    assert refusals(web(elements, **keys), request={"environment": {"A": "a"}}) == [path]
