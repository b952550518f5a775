# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conversion of a dozen small files, each with a special case."""

from __future__ import annotations

import base64
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.convert import Options, converted
from ansible_collections.azure_containers.aci.tests.unit.support.compose import group, notes, project, refusals

ONE = {"requests": {"cpu": 1.0, "memoryInGB": 1.5}}


def port(number: int, protocol: str = "TCP") -> dict[str, Any]:
    return {"port": number, "protocol": protocol}


def variables(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def linux(*containers: dict[str, Any], policy: str = "Always", **more: Any) -> dict[str, Any]:
    return {
        "osType": "Linux",
        "restartPolicy": policy,
        "containers": [
            {"name": each.pop("name"), "properties": {"resources": ONE, **each}} for each in map(dict, containers)
        ],
        **more,
    }


def test_one_service_with_one_port() -> None:
    text = "name: hi\nservices: {site: {image: example.com/hello, restart: always, ports: ['80:80']}}"
    assert group(text, public=True, restart_policy=None) == linux(
        {"name": "site", "image": "example.com/hello", "ports": [port(80)]},
        ipAddress={"type": "Public", "ports": [port(80)]},
    )


def test_limits_above_reservations_and_a_dns_label() -> None:
    text = """
    services:
      door:
        image: nginx:1.27
        restart: always
        domainname: my-shop
        ports: ["80:80"]
        deploy:
          resources:
            reservations: {cpus: "0.5", memory: 512M}
            limits: {cpus: "1", memory: 1G}
      store:
        image: redis:7
        restart: always
        expose: ["6379"]
        deploy: {resources: {reservations: {cpus: "1.0", memory: 1G}}}
    """
    requests = {"cpu": 0.5, "memoryInGB": 0.5}
    assert group(text, public=True, restart_policy=None) == linux(
        {
            "name": "door",
            "image": "nginx:1.27",
            "ports": [port(80)],
            "resources": {"requests": requests, "limits": {"cpu": 1.0, "memoryInGB": 1.0}},
        },
        {
            "name": "store",
            "image": "redis:7",
            "ports": [port(6379)],
            "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.0}},
        },
        ipAddress={"type": "Public", "dnsNameLabel": "my-shop", "ports": [port(80)]},
    )
    assert notes(text, "differs", public=True) == ["services"]  # service names do not resolve


def test_variables_and_a_file_of_them() -> None:
    text = """
    services:
      app:
        image: "example.azurecr.io/app:${TAG:?give the tag}"
        env_file: [app.env]
        environment:
          MODE: b
          READER: "${DB_READER:-nobody}"
          PRICE: "$$5"
          FLAG: "true"
    """
    files: dict[str, str | bytes] = {"app.env": "LEVEL=info\nMODE=a\n"}
    assert group(text, files, {"environment": {"TAG": "2.1"}}) == linux(
        {
            "name": "app",
            "image": "example.azurecr.io/app:2.1",
            "environmentVariables": variables(LEVEL="info", MODE="b", READER="nobody", PRICE="$5", FLAG="true"),
        }
    )
    assert refusals(text, files) == ["services.app.image: give the tag."]


def test_entrypoint_and_command_are_one_command() -> None:
    text = """
    services:
      job:
        image: python:3.13
        restart: "no"
        entrypoint: ["python", "-u"]
        command: -m http.server '80 80'
    """
    assert group(text, restart_policy=None) == linux(
        {"name": "job", "image": "python:3.13", "command": ["python", "-u", "-m", "http.server", "80 80"]},
        policy="Never",
    )
    assert notes(text, restart_policy=None) == []


def test_a_health_check() -> None:
    text = """
    services:
      web:
        image: nginx
        deploy: {restart_policy: {condition: on-failure}}
        healthcheck:
          test: wget -q localhost || exit 1
          interval: 1m30s
          timeout: 10s
          retries: 3
          start_period: 40s
    """
    assert group(text, restart_policy=None) == linux(
        {
            "name": "web",
            "image": "nginx",
            "livenessProbe": {
                "exec": {"command": ["/bin/sh", "-c", "wget -q localhost || exit 1"]},
                "periodSeconds": 90,
                "timeoutSeconds": 10,
                "failureThreshold": 3,
                "initialDelaySeconds": 40,
            },
        },
        policy="OnFailure",
    )
    assert notes(text, "differs", restart_policy=None) == ["services.web.healthcheck"]


def test_a_file_share_and_an_empty_directory() -> None:
    text = """
    services:
      web:
        image: nginx
        volumes: [site:/usr/share/nginx/html:ro, cache:/var/cache/nginx]
    volumes:
      site:
        driver: azure_file
        driver_opts: {share_name: pages, storage_account_name: shopdata}
      cache: {}
    """
    assert group(text, storage_account_keys={"shopdata": "S0VZ"}, ephemeral_volumes=("cache",)) == linux(
        {
            "name": "web",
            "image": "nginx",
            "volumeMounts": [
                {"name": "site", "mountPath": "/usr/share/nginx/html", "readOnly": True},
                {"name": "cache", "mountPath": "/var/cache/nginx", "readOnly": False},
            ],
        },
        volumes=[
            {
                "name": "site",
                "azureFile": {"shareName": "pages", "storageAccountName": "shopdata", "storageAccountKey": "S0VZ"},
            },
            {"name": "cache", "emptyDir": {}},
        ],
    )
    assert refusals(text) == ["volumes.site.driver_opts.storage_account_name", "volumes.cache"]


def test_secrets_in_two_directories() -> None:
    text = """
    services:
      db:
        image: postgres:17
        environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db}
        secrets: [db, {source: db, target: /etc/extra/copy}]
    secrets:
      db: {file: ./db.txt}
    """
    content = base64.b64encode(b"s3cret").decode()
    assert group(text, {"db.txt": b"s3cret"}) == linux(
        {
            "name": "db",
            "image": "postgres:17",
            "environmentVariables": variables(POSTGRES_PASSWORD_FILE="/run/secrets/db"),
            "volumeMounts": [
                {"name": "secrets-db-1", "mountPath": "/run/secrets", "readOnly": True},
                {"name": "secrets-db-2", "mountPath": "/etc/extra", "readOnly": True},
            ],
        },
        volumes=[
            {"name": "secrets-db-1", "secret": {"db": content}},
            {"name": "secrets-db-2", "secret": {"copy": content}},
        ],
    )


def test_a_job_that_ends_first_is_an_init_container() -> None:
    text = """
    services:
      migrate:
        image: example.azurecr.io/app:1
        entrypoint: [/app/migrate]
        restart: "no"
      app:
        image: example.azurecr.io/app:1
        restart: always
        depends_on: {migrate: {condition: service_completed_successfully}}
        ports: ["8080:8080"]
    """
    init = {"name": "migrate", "properties": {"image": "example.azurecr.io/app:1", "command": ["/app/migrate"]}}
    assert group(text, public=True, restart_policy=None) == linux(
        {"name": "app", "image": "example.azurecr.io/app:1", "ports": [port(8080)]},
        initContainers=[init],
        ipAddress={"type": "Public", "ports": [port(8080)]},
    )


def test_udp_a_range_and_a_port_of_the_machine_itself() -> None:
    text = """
    services:
      dns:
        image: coredns/coredns
        ports: [53:53/udp, "8001-8002:8001-8002", "127.0.0.1:9153:9153"]
    """
    published = [port(53, "UDP"), port(8001), port(8002)]
    assert group(text, public=True) == linux(
        {"name": "dns", "image": "coredns/coredns", "ports": [*published, port(9153)]},
        ipAddress={"type": "Public", "ports": published},
    )


def test_profiles_extends_anchors_and_a_second_file() -> None:
    text = """
    x-app: &app {image: busybox, restart: always}
    services:
      base: {<<: *app, profiles: [never], environment: {A: "1", B: "1"}}
      web: {extends: {service: base}, profiles: [], environment: {B: "2"}}
      debug: {<<: *app, profiles: [tools], command: [sleep, "1000"]}
    """
    second = "services: {web: {environment: [C=3], command: [sleep, '7']}}"
    found = project(
        text, {"second.yaml": second}, chosen=["compose.yaml", "second.yaml"], profiles=["tools"], name="twice"
    )
    assert converted(found, Options())["properties"] == linux(
        {
            "name": "web",
            "image": "busybox",
            "command": ["sleep", "7"],
            "environmentVariables": variables(A="1", B="2", C="3"),
        },
        {"name": "debug", "image": "busybox", "command": ["sleep", "1000"]},
    )


def test_names_and_sizes_that_are_not_taken_as_they_are() -> None:
    text = """
    services:
      Azure_Vote.Back: {image: redis, mem_limit: 300m, cpus: 0.25}
      front:
        image: nginx
        deploy: {resources: {reservations: {cpus: "0.75", memory: 700M}}}
    """
    small = {"cpu": 0.25, "memoryInGB": 0.3}  # 300 MiB are 0.293 GB: rounded up to the next tenth
    assert group(text) == linux(
        {"name": "azure-vote-back", "image": "redis", "resources": {"requests": small, "limits": small}},
        {"name": "front", "image": "nginx", "resources": {"requests": {"cpu": 0.75, "memoryInGB": 0.7}}},
    )
    assert "services.Azure_Vote.Back" in notes(text, "differs")


def test_secret_looking_variables_a_user_and_labels() -> None:
    text = """
    services:
      web:
        image: shop.azurecr.io/web:7
        user: "1000:1000"
        labels: {team: blue}
        environment: {DB_PASSWORD: hunter2, LOG: info}
    """
    assert group(text) == linux(
        {
            "name": "web",
            "image": "shop.azurecr.io/web:7",
            "securityContext": {"runAsUser": 1000, "runAsGroup": 1000},
            "environmentVariables": [
                {"name": "DB_PASSWORD", "secureValue": "hunter2"},
                {"name": "LOG", "value": "info"},
            ],
        }
    )
    assert notes(text, "ignored") == ["services.web.labels"]
