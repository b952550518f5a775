# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Typical mistakes of beginners, with the required content of the error message for each.

A row has the module, the options as YAML, and the words that the message must contain: the option's path, its value
and what to write. GROUP stands for the options that name a group.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

GROUP = {"resource_group": "shop", "name": "web"}


NAMELESS = ("aci_group_info", "aci_location_info", "aci_prune", "resource_group_info")


class Row(NamedTuple):
    module: str
    options: str
    words: tuple[str, ...]

    @property
    def args(self) -> dict[str, Any]:
        """The options of the task; those that identify the group are added if the row has none of them."""
        given: dict[str, Any] = yaml.safe_load(self.options)
        named = {} if self.module in NAMELESS else GROUP
        if self.module == "resource_group":
            named = {"name": "shop"}
        return {**named, **given}


def _of(module: str, *rows: tuple[str, ...]) -> list[Row]:
    return [Row(module, options, words) for options, *found in rows for words in [tuple(found)]]


ENV = "{A: b}"

TABLE: list[Row] = [
    *_of(
        "aci_group",
        # -- forms of azure.azcollection
        ("ip_address: public", "ip_address must be a dictionary", "'public'", "{type: Public, ports: [{port: 80}]}"),
        ("ip_address: private", "ip_address must be a dictionary", "'private'", "{type: Private, ports: [{port: 80}]}"),
        ("ip_address: none", "ip_address must be a dictionary", "'none'", "Leave it out", "ip_address: {}"),
        ("identity: SystemAssigned", "identity must", "'SystemAssigned'", "identity: {type: SystemAssigned}"),
        ("identity: systemassigned", "identity must", "'systemassigned'", "identity: {type: SystemAssigned}"),
        ("identity: [a]", "identity must be a dictionary", "a list was given", "identity: {type: SystemAssigned}"),
        (
            "identity: {type: UserAssigned, user_assigned_identities: {id: [/subscriptions/x]}}",
            "identity.user_assigned_identities must be a list of strings",
            "a dictionary",
            "user_assigned_identities: [/subscriptions/ID",
        ),
        ("subnet_ids: [/subscriptions/a]", "subnet_ids[0] must", "'/subscriptions/a'", "{id: /subscriptions/a}"),
        ("subnet_ids: /subscriptions/a", "subnet_ids must be a list", "'/subscriptions/a'", "[{id: /subscriptions/a}]"),
        ("dns_name_label: x", "dns_name_label is not an option", "a string", "ip_address.dns_name_label"),
        ("ports: [80]", "ports is not an option", "a list", "ip_address: {type: Public, ports: [{port: 80}]}"),
        (
            "registry_login_server: a",
            "registry_login_server is not",
            "a string",
            "image_registry_credentials: [{server",
        ),
        ("registry_username: a", "registry_username is not", "a string", "image_registry_credentials: [{server"),
        ("registry_password: pw", "registry_password is not", "a string", "image_registry_credentials: [{server"),
        (
            "acr_identity: a",
            "acr_identity is not",
            "a string",
            "image_registry_credentials: [{server",
            "identity: /sub",
        ),
        ("append_tags: false", "append_tags is not", "a boolean", "purge_tags: true"),
        ("force_update: true", "force_update is not", "a boolean", "recreate: when_needed"),
        ("os_type: linux", "os_type must be one of Linux, Windows", "'linux'", "Did you mean Linux?"),
        ("restart_policy: on_failure", "restart_policy must", "'on_failure'", "Did you mean OnFailure?"),
        ("restart_policy: unless-stopped", "restart_policy must be one of Always, OnFailure", "'unless-stopped'"),
        ("containers: [{name: a, memory: 2}]", "containers[0].memory is not", "a whole number", "memory_in_gb: 1.5"),
        ("containers: [{name: a, cpu: 0.5}]", "containers[0].cpu is not", "a number", "requests: {cpu: 1"),
        ("containers: [{name: a, ports: [80]}]", "containers[0].ports[0] must", "number 80", "Write {port: 80}"),
        ("containers: [{name: a, ports: ['80/tcp']}]", "containers[0].ports[0]", "'80/tcp'", "Write {port: 80}"),
        ("containers: [{name: a, ports: 8080}]", "containers[0].ports must", "number 8080", "[{port: 8080}]"),
        ("containers: [{name: a, ports: {port: 80}}]", "containers[0].ports must", "a dictionary", "[{port: 80}]"),
        ("containers: [{name: a, commands: [a]}]", "containers[0].commands is not", "a list", "command: [python"),
        (
            "containers: [{name: a, environment_variables: [{name: A, value: b, is_secure: true}]}]",
            "containers[0].environment_variables[0].is_secure is not an option",
            "a boolean",
            "secure_value",
        ),
        (
            "volumes: [{name: v, azure_file_share: {share_name: s}}]",
            "volumes[0].azure_file_share is not",
            "a dictionary",
            "azure_file: {share_name",
        ),
        # -- forms of Terraform
        ("resource_group_name: a", "resource_group_name is not", "a string", "resource_group: "),
        ("ip_address_type: Public", "ip_address_type is not", "a string", "ip_address: {type: Public"),
        ("exposed_port: {port: 80}", "exposed_port is not", "a dictionary", "ip_address: {type: Public, ports: ["),
        ("container: {name: a}", "container is not", "a dictionary", "Did you mean containers?"),
        ("init_container: {name: a}", "init_container is not", "a dictionary", "init_containers: [{name"),
        ("image_registry_credential: {server: a}", "image_registry_credential is not", "a dictionary", "_credentials"),
        ("network_profile_id: a", "network_profile_id is not", "a string", "subnet_ids: [{id: "),
        ("key_vault_key_id: a", "key_vault_key_id is not", "a string", "encryption_properties: {vault_base_url"),
        ("identity: {type: None, identity_ids: [a]}", "identity.identity_ids is", "a list", "user_assigned_identities"),
        ("dns_config: {nameservers: [a]}", "dns_config.nameservers is not", "a list", "Did you mean name_servers?"),
        ("dns_config: 10.0.0.4", "dns_config must", "'10.0.0.4'", "{name_servers: [10.0.0.4]}"),
        (
            f"containers: [{{name: a, environment_variables: {ENV}}}]",
            "containers[0].environment_variables must",
            "a dictionary",
            "environment_variables: [{name: LEVEL, value: info}]",
            "env: {LEVEL: info}",
        ),
        (
            f"containers: [{{name: a, secure_environment_variables: {ENV}}}]",
            "containers[0].secure_environment_variables is not",
            "a dictionary",
            "secure_env: {",
        ),
        (
            f"init_containers: [{{name: a, environment: {ENV}}}]",
            "init_containers[0].environment is not",
            "a dictionary",
            "env: {LEVEL: info}",
        ),
        (
            "containers: [{name: a, cpu_limit: 2}]",
            "containers[0].cpu_limit is not",
            "a whole number",
            "limits: {cpu: 2",
        ),
        (
            "containers: [{name: a, memory_limit: 2}]",
            "containers[0].memory_limit is",
            "a whole number",
            "limits: {cpu: 2",
        ),
        (
            "containers: [{name: a, security: {privilege_enabled: true}}]",
            "containers[0].security is",
            "a dictionary",
            "{privileged: true}",
        ),
        (
            "containers: [{name: a, volume: {name: v}}]",
            "containers[0].volume is",
            "a dictionary",
            "volume_mounts: [{name",
        ),
        (
            "containers: [{name: a, liveness_probe: {exec: [cat, x]}}]",
            "containers[0].liveness_probe.exec must",
            "a list",
            "exec: {command: [",
        ),
        (
            "containers: [{name: a, gpu: {count: 1, sku: V100}}]",
            "containers[0].gpu is not",
            "a dictionary",
            "gpu: {count: 1, sku: V100}",
        ),
        (
            "volumes: [{name: v, git_repo: {url: 'https://a'}}]",
            "volumes[0].git_repo.url is",
            "a string",
            "repository: ",
        ),
        ("volumes: [{name: v, share_name: s}]", "volumes[0].share_name is", "a string", "azure_file: {share_name"),
        # -- forms of ARM, Kubernetes and Docker
        ("osType: Linux", "osType is not an option", "a string", "Did you mean os_type?"),
        ("ipAddress: {type: Public}", "ipAddress is not an option", "a dictionary", "Did you mean ip_address?"),
        (
            "containers: [{name: a, environmentVariables: []}]",
            "containers[0].environmentVariables",
            "a list",
            "environment_variables?",
        ),
        (
            "containers: [{name: a, resources: {requests: {memoryInGB: 1}}}]",
            "containers[0].resources.requests.memoryInGB",
            "a whole number",
            "memory_in_gb?",
        ),
        (
            "containers: [{name: a, resources: {requests: {memory_in_gb: 2Gi}}}]",
            "containers[0].resources.requests.memory_in_gb must be a number",
            "'2Gi'",
            "memory_in_gb: 2",
        ),
        (
            "containers: [{name: a, resources: {requests: {memory_in_gb: 512Mi}}}]",
            "requests.memory_in_gb must",
            "'512Mi'",
            "memory_in_gb: 0.5",
        ),
        (
            "containers: [{name: a, resources: {requests: {cpu: 500m}}}]",
            "requests.cpu must be a number",
            "'500m'",
            "cpu: 0.5",
        ),
        (
            "containers: [{name: a, resources: {requests: {cpu: true}}}]",
            "requests.cpu must be a number",
            "boolean true",
            "cpu: 1",
        ),
        (
            "containers: [{name: a, resources: {requests: {cpu: .nan}}}]",
            "requests.cpu must be a number",
            "nan",
            "cpu: 1",
        ),
        (
            "containers: [{name: a, resources: {cpu: 1}}]",
            "containers[0].resources.cpu is not",
            "a whole number",
            "requests: {cpu: 1",
        ),
        (
            "containers: [{name: a, resources: 2}]",
            "containers[0].resources must be a dictionary",
            "number 2",
            "resources: {requests: {cpu: 1, memory_in_gb: 1.5}}",
        ),
        ("containers: [{name: a, args: [x]}]", "containers[0].args is not", "a list", "command: ["),
        ("containers: [{name: a, environment: {A: b}}]", "containers[0].environment is not", "a dictionary", "env: {"),
        (
            "containers: [{name: a, volume_mounts: ['/data']}]",
            "containers[0].volume_mounts[0] must",
            "'/data'",
            "{name: data, mount_path: /data}",
        ),
        (
            "containers: [{name: a, volume_mounts: [{name: v, path: /data}]}]",
            "volume_mounts[0].path is not",
            "a string",
            "mount_path",
        ),
        (
            "containers: [{name: a, liveness_probe: /health}]",
            "containers[0].liveness_probe must",
            "'/health'",
            "{http_get: {path: /health, port: 80}}",
        ),
        (
            "containers: [{name: a, readiness_probe: {httpGet: {port: 80}}}]",
            "readiness_probe.httpGet is not",
            "a dictionary",
            "Did you mean http_get?",
        ),
        (
            "containers: [{name: a, liveness_probe: {http_get: {port: http}}}]",
            "http_get.port must be a whole number",
            "'http'",
            "port: 80",
        ),
        (
            "containers: [{name: a, liveness_probe: {period_seconds: 10s}}]",
            "liveness_probe.period_seconds must be a whole number",
            "'10s'",
            "period_seconds: 10",
        ),
        (
            "containers: [{name: a, liveness_probe: {http_get: {port: 80, http_headers: {A: b}}}}]",
            "http_get.http_headers must",
            "a dictionary",
            "{name: Host, value: example.com}",
        ),
        # -- wrong shapes
        (
            "containers: nginx",
            "containers must be a list of dictionaries",
            "a string",
            "containers: [{name: web, image",
        ),
        ("containers: [nginx]", "containers[0] must be a dictionary", "a string", "{name: web, image"),
        (
            "containers: {name: a}",
            "containers must be a list of dictionaries",
            "a dictionary",
            "containers: [{name: web, image",
        ),
        (
            "containers: {web: {image: nginx}}",
            "containers must be a list of dictionaries",
            "a dictionary",
            "containers: [{name",
        ),
        ("containers: [null]", "containers[0] must be a dictionary", "null", "{name: web, image"),
        ("containers: true", "containers must be a list of dictionaries", "a boolean", "containers: [{name"),
        ('containers: \'[{"name": "a"}]\'', "containers must be a list", "looks like a list", "JSON"),
        ("containers: [{image: nginx}]", "containers[0].name is required", "name: web"),
        ("containers: [{name: null, image: nginx}]", "containers[0].name is required", "null was given", "name: web"),
        (
            "containers: [{name: a, image: [nginx]}]",
            "containers[0].image must be a string",
            "a list",
            "image: 'nginx:1.27'",
        ),
        (
            "containers: [{name: a, image: {name: nginx}}]",
            "containers[0].image must be a string",
            "a dictionary",
            "image: ",
        ),
        (
            "containers: [{name: a, imge: nginx}]",
            "containers[0].imge is not an option",
            "a string",
            "Did you mean image?",
        ),
        (
            "containers: [{name: a, resources: {requests: [1]}}]",
            "containers[0].resources.requests must be a dictionary",
            "a list",
            "{cpu: 1, memory_in_gb: 1.5}",
        ),
        (
            "containers: [{name: a, security_context: privileged}]",
            "containers[0].security_context must",
            "'privileged'",
            "{run_as_user",
        ),
        (
            "containers: [{name: a, security_context: {privileged: maybe}}]",
            "security_context.privileged must be true or false",
            "'maybe'",
            "privileged: true",
        ),
        (
            "containers: [{name: a, security_context: {run_as_user: root}}]",
            "security_context.run_as_user must be a whole number",
            "'root'",
            "run_as_user: 10",
        ),
        (
            "containers: [{name: a, config_map: x}]",
            "containers[0].config_map must be a dictionary",
            "'x'",
            "{key_value_pairs: {",
        ),
        (
            "containers: [{name: a, ports: [{port: http}]}]",
            "containers[0].ports[0].port must be a whole number",
            "'http'",
            "port: 80",
        ),
        (
            "containers: [{name: a, ports: [{port: 80, protocol: tcp}]}]",
            "containers[0].ports[0].protocol must be one of TCP, UDP",
            "'tcp'",
            "Did you mean TCP?",
        ),
        ("containers: [{name: a, ports: [{protocol: TCP}]}]", "containers[0].ports[0].port is required", "port: 80"),
        (
            "containers: [{name: a, ports: [{port: 80}, {port: 80.5}]}]",
            "containers[0].ports[1].port must be a whole number",
            "80.5",
            "port: 80",
        ),
        (
            "volumes: [{name: v, azure_file: share}]",
            "volumes[0].azure_file must be a dictionary",
            "a string",
            "{share_name: SHARE, storage_account_name: ACCOUNT",
        ),
        (
            "volumes: [{name: v, empty_dir: true}]",
            "volumes[0].empty_dir must be a dictionary",
            "boolean true",
            "empty_dir: {}",
        ),
        ("volumes: [{name: v, secret: [a]}]", "volumes[0].secret must be a dictionary", "a list", "{cert.pem: BASE64}"),
        ("volumes: {v: {}}", "volumes must be a list of dictionaries", "a dictionary", "volumes: [{name: data"),
        (
            "ip_address: {type: public}",
            "ip_address.type must be one of Public, Private",
            "'public'",
            "Did you mean Public?",
        ),
        (
            "ip_address: {type: Public, ports: 80}",
            "ip_address.ports must be a list",
            "number 80",
            "ports: [{port: 80}]",
        ),
        (
            "ip_address: {type: Public, ports: [443]}",
            "ip_address.ports[0] must be a dictionary",
            "number 443",
            "{port: 443}",
        ),
        ("diagnostics: ID", "diagnostics must be a dictionary", "a string", "{log_analytics: {workspace_id"),
        (
            "diagnostics: {log_analytics: ID}",
            "diagnostics.log_analytics must",
            "a string",
            "{workspace_id: ID, workspace_key",
        ),
        ("encryption_properties: 'https://a'", "encryption_properties must", "'https://a'", "{vault_base_url"),
        (
            "image_registry_credentials: {server: a}",
            "image_registry_credentials must be a list",
            "a dictionary",
            "[{server: registry.example.com",
        ),
        (
            "image_registry_credentials: [{username: a}]",
            "image_registry_credentials[0].server is required",
            "server: registry.example.com",
        ),
        (
            "container_group_profile: /subscriptions/a",
            "container_group_profile must",
            "'/subscriptions/a'",
            "{id: /subscriptions/a}",
        ),
        ("standby_pool_profile: x", "standby_pool_profile must", "'x'", "{id: /subscriptions/ID"),
        ("identity_acls: All", "identity_acls must be a dictionary", "'All'", "{default_access: All}"),
        ("tags: web", "tags must be a dictionary", "'web'", "tags: {stage: test}"),
        ("tags: [a]", "tags must be a dictionary", "a list", "tags: {stage: test}"),
        ("definition: text", "definition must be a dictionary", "a string", "definition: {location"),
        ("extra_properties: [a]", "extra_properties must be a dictionary", "a list", "{someNewProperty: value}"),
        ("state: running", "state must be one of present, absent", "'running'", "state: present"),
        ("state: start", "state must be one of", "'start'", "Did you mean started?"),
        ("wait_timeout: soon", "wait_timeout must be a whole number", "'soon'", "wait_timeout: 600"),
        ("wait_timeout: 30m", "wait_timeout must be a whole number", "'30m'", "wait_timeout: 1800"),
        ("wait_timeout: null", "wait_timeout must be a whole number", "null", "Leave it out for the default, 2100"),
        ("wait: perhaps", "wait must be true or false", "'perhaps'", "wait: true"),
        ("max_restarts: [5]", "max_restarts must be a whole number", "a list", "max_restarts: 10"),
        ("name: null", "name is required", "null", "name: web"),
        ("image: nginx", "image is not an option", "a string", "containers[].image"),
        ("command: [a]", "command is not an option", "a list", "containers[].command"),
        ("loction: westeurope", "loction is not an option", "a string", "Did you mean location?"),
        ("recreate: true", "recreate must be one of never, when_needed", "boolean true", "recreate: never"),
        # -- a string instead of a list
        (
            "containers: [{name: a, command: \"python -c 'print(1, 2)' --list a,b\"}]",
            "containers[0].command must be a list of strings",
            "print(1, 2)",
            "split at its commas",
            "[python, -c, 'print(1, 2)', --list, 'a,b']",
            "[/bin/sh, -c, ",
        ),
        (
            "containers: [{name: a, command: 'echo hi'}]",
            "containers[0].command must be a list",
            "'echo hi'",
            "[echo, hi]",
            "[/bin/sh, -c, ",
        ),
        (
            "containers: [{name: a, command: ''}]",
            "containers[0].command must be a list",
            "an empty string",
            "[] for none",
        ),
        (
            "containers: [{name: a, command: true}]",
            "containers[0].command must be a list",
            "boolean true",
            "command: [python",
        ),
        (
            "init_containers: [{name: a, command: 'a b'}]",
            "init_containers[0].command must be a list",
            "'a b'",
            "[a, b]",
        ),
        (
            "containers: [{name: a, liveness_probe: {exec: {command: 'cat /tmp/x'}}}]",
            "containers[0].liveness_probe.exec.command must be",
            "'cat /tmp/x'",
            "[cat, /tmp/x]",
        ),
        (
            "containers: [{name: a, readiness_probe: {exec: {command: 'a,b'}}}]",
            "containers[0].readiness_probe.exec.command must",
            "'a,b'",
            "commas",
        ),
        (
            "dns_config: {name_servers: '10.0.0.4, 10.0.0.5'}",
            "dns_config.name_servers must be a list",
            "'10.0.0.4, 10.0.0.5'",
            "['10.0.0.4', '10.0.0.5']",
        ),
        (
            "dns_config: {name_servers: '10.0.0.4,10.0.0.5'}",
            "dns_config.name_servers must be a list",
            "'10.0.0.4,10.0.0.5'",
            "['10.0.0.4', '10.0.0.5']",
        ),
        ("zones: '1,2'", "zones must be a list of strings", "'1,2'", "zones: ['1', '2']"),
        (
            "containers: [{name: a, security_context: {capabilities: {add: 'NET_ADMIN, NET_RAW'}}}]",
            "capabilities.add must be a list",
            "'NET_ADMIN, NET_RAW'",
            "[NET_ADMIN, NET_RAW]",
        ),
        ("ignore_tags: 'a, b'", "ignore_tags must be a list", "'a, b'", "ignore_tags: [a, b]"),
        (
            "containers: [{name: a, ports: 'port=80,protocol=TCP'}]",
            "containers[0].ports must be a list",
            "'port=80,protocol=TCP'",
            "ports: [{port: 80}]",
        ),
        # -- values that YAML changes
        (
            "location: a\ncontainers: [{name: a, image: b, environment_variables: [{name: A, value: null}]}]",
            "containers[a].environment_variables[A]: a value is required",
            "Give value, secure_value or secure_value_reference",
        ),
        (
            "location: a\ncontainers: [{name: a, image: b, environment_variables: [{name: A}]}]",
            "containers[a].environment_variables[A]: a value",
            "Give value, secure_value or",
        ),
        (
            "location: a\ncontainers: [{name: a, image: b}]\n"
            "volumes: [{name: v, azure_file: {share_name: s, storage_account_name: a}}]",
            "volumes[v].azure_file: a value is required",
            "Give storage_account_key, storage_account_key_reference or",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, value: true}]}]",
            "containers[0].environment_variables[0].value must be a string",
            "boolean true",
            "quote it",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, value: 1.10}]}]",
            "environment_variables[0].value must be a string",
            "number 1.1",
            "quote it",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, value: {a: b}}]}]",
            "environment_variables[0].value must be a string",
            "a dictionary",
            "to_json",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, value: [b]}]}]",
            "environment_variables[0].value must be a string",
            "a list",
            "to_json",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, secure_value: [b]}]}]",
            "environment_variables[0].secure_value must be a string",
            "a list",
            "secure_value: ",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, secure_value: 1.5}]}]",
            "environment_variables[0].secure_value must be a string",
            "a number",
            "quote it",
        ),
        (
            "containers: [{name: a, command: [sleep, 1.5]}]",
            "containers[0].command[1] must be a string",
            "number 1.5",
            "quote it",
        ),
        (
            "containers: [{name: a, command: [echo, null]}]",
            "containers[0].command[1] must be a string",
            "null",
            "Leave it out",
        ),
        (
            "volumes: [{name: v, azure_file: {share_name: s, storage_account_name: a, storage_account_key: {a: b}}}]",
            "volumes[0].azure_file.storage_account_key must be a string",
            "a dictionary",
            "storage_account_key: ",
        ),
        (
            "image_registry_credentials: [{server: a, username: b, password: [c]}]",
            "image_registry_credentials[0].password must be a string",
            "a list",
            "password: ",
        ),
        ("client_secret: {a: b}", "client_secret must be a string", "a dictionary", "client_secret: "),
        ("fingerprint_key: [a]", "fingerprint_key must be a string", "a list", "fingerprint_key: "),
        (
            "tags: {version: 1.10}\ncontainers: [{name: a, image: b}]",
            "tags[version] must be a string",
            "a number",
            "quote it",
        ),
        ("tags: {on: true}\ncontainers: [{name: a, image: b}]", "must be a string", "a boolean", "quote it"),
        (
            "volumes: [{name: v, secret: {a: [b]}}]\ncontainers: [{name: a, image: b}]",
            "volumes[v].secret[a] must be a string",
            "a list",
        ),
    ),
    *_of(
        "aci_run",
        (
            "containers: nginx",
            "containers must be a list of dictionaries",
            "a string",
            "containers: [{name: web, image",
        ),
        ("containers: [{name: a, command: 'a b'}]", "containers[0].command must", "'a b'", "[a, b]"),
        ("cleanup: true", "cleanup must be one of always, on_success, never", "boolean true", "cleanup: always"),
        ("command: [a]", "command is not an option", "a list", "containers[].command"),
        ("ttl: [1h]", "ttl must be a string", "a list", "ttl: "),
    ),
    *_of(
        "aci_group_profile",
        ("ip_address: public", "ip_address must", "'public'", "{type: Public"),
        ("containers: [{name: a, ports: [80]}]", "containers[0].ports[0] must", "number 80", "{port: 80}"),
        ("subnet_ids: [a]", "subnet_ids is not an option", "a list", "The options are"),
        ("time_to_live: {a: b}", "time_to_live must be a string", "a dictionary", "time_to_live: "),
    ),
    *_of(
        "aci_exec",
        (
            "argv: 'ls -l, /tmp'",
            "argv must be a list of strings",
            "'ls -l, /tmp'",
            "argv: [ls, '-l,', /tmp]",
            "/bin/sh",
        ),
        ("argv: [ls, {a: b}]", "argv[1] must be a string", "a dictionary", "to_json"),
        ("cmd: [ls]", "cmd must be a string", "a list", "cmd: "),
        ("command: ls", "command is not an option", "a string", "argv: [ls"),
        ("cmd: ls\nenv: [A=b]", "env must be a dictionary", "a list", "env: {LEVEL: info}"),
        ("cmd: ls\nenv: {A: 1.5}", "env", "A must be a string or a whole number", "quote it"),
        ("cmd: ls\nexec_timeout: 10s", "exec_timeout must be a whole number", "'10s'", "exec_timeout: 10"),
        ("cmd: ls\nshell: null", "shell must be a string", "null", "the default, /bin/sh"),
    ),
    *_of(
        "aci_logs",
        ("tail: all", "tail must be a whole number", "'all'", "tail: 10"),
        ("follow: true", "follow is not an option", "a boolean", "The options are"),
        ("container: [a]", "container must be a string", "a list", "container: "),
    ),
    *_of(
        "aci_group_info",
        ("names: 'web, db'", "names must be a list of strings", "'web, db'", "names: [web, db]"),
        ("names: {a: b}", "names must be a list of strings", "a dictionary", "names: [web, worker]"),
        ("wait_for: done", "wait_for must be one of provisioned, running, completed", "'done'"),
        ("group: web", "group is not an option", "a string", "The options are"),
    ),
    *_of(
        "aci_location_info",
        ("gpu: V100", "gpu must be a dictionary", "'V100'", "gpu: {count: 1, sku: V100}"),
        ("gather: [usage]", "gather[0] must be one of usages, capabilities", "'usage'", "Did you mean usages?"),
        ("memory_in_gb: 4GB", "memory_in_gb must be a number", "'4GB'", "memory_in_gb: 4"),
        ("locations: {a: b}", "locations must be a list of strings", "a dictionary", "locations: [westeurope"),
    ),
    *_of(
        "aci_prune",
        ("states: [failed]", "states[0] must be one of", "'failed'", "Did you mean Failed?"),
        ("older_than: {days: 1}", "older_than must be a string", "a dictionary", "older_than: "),
        ("expired: perhaps", "expired must be true or false", "'perhaps'", "expired: true"),
    ),
    *_of(
        "resource_group",
        ("location: [westeurope]", "location must be a string", "a list", "location: westeurope"),
        ("tags: web", "tags must be a dictionary", "'web'", "tags: {stage: test}"),
        ("force_delete_nonempty: true", "force_delete_nonempty is not", "a boolean", "force"),
    ),
    # -- a second round of beginners' mistakes
    *_of(
        "aci_group",
        ("containers: [{name: a, entrypoint: [x]}]", "containers[0].entrypoint is not", "a list", "command: [python"),
        ("containers: [{name: a, cmd: x}]", "containers[0].cmd is not", "a string", "command: [python"),
        ("containers: [{name: a, healthcheck: {test: [x]}}]", "containers[0].healthcheck is not", "liveness_probe: {"),
        ("containers: [{name: a, working_dir: /app}]", "containers[0].working_dir is not", "cd /app && exec"),
        ("containers: [{name: a, workingDir: /app}]", "containers[0].workingDir is not", "cd /app && exec"),
        (
            "containers: [{name: a, restart_policy: Never}]",
            "restart_policy is not",
            "option of the task",
            "containers.",
        ),
        (
            "containers: [{name: a, liveness_probe: {tcpSocket: {port: 80}}}]",
            "liveness_probe.tcpSocket is not",
            "a dictionary",
            "exec: {command: [",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, valueFrom: {x: y}}]}]",
            "environment_variables[0].valueFrom is not",
            "secure_value_reference: NAME_IN_SECRET_REFERENCES",
        ),
        (
            "containers: [{name: a, command: [[x]]}]",
            "command[0] must be a string",
            "a list",
            "Write python; the filter",
        ),
        (
            "dns_config: {search_domains: [a, b]}",
            "dns_config.search_domains must be a string",
            "'shop.internal shop.test'.",
        ),
        ("name: [web]", "name must be a string, but a list was given. Write name: web."),
        ("region: westeurope", "region is not", "a string", "location: westeurope"),
        ("registry: {server: r}", "registry is not", "a dictionary", "image_registry_credentials: [{server"),
        ("sidecars: []", "sidecars is not", "a list", "containers: [{name: web, ...}, {name: sidecar"),
        ("wait_timeout: -5", "wait_timeout must be 0 or more", "number -5", "wait_timeout: 600"),
        ("max_restarts: '-1'", "max_restarts must be 0 or more", "'-1'", "max_restarts: 10"),
        ("save_logs: true", "save_logs must be a path", "boolean true", "/path/to/file"),
        ("recovery_dir: false", "recovery_dir must be a path", "boolean false", "/path/to/file"),
        (
            "definition: {properties: {}}\ndefinition_file: /x",
            "definition and definition_file exclude each other",
            "give one of them",
        ),
        (
            "definition_variables: {A: b}",
            "definition_variables needs definition_file",
            "definition_file: /path/to/file",
        ),
        (
            "location: a\ncontainers: [{name: a, image: b, ports: [{port: 80}]}]\nip_address: {type: Public}",
            "ip_address.ports: a value is required",
            "Write ports: [{port: 80}]",
        ),
        ("location: a\ncontainers: [{name: a}]", "containers[a].image: a value is required", "image: 'nginx:1.27'"),
        (
            "location: a\ncontainers: [{name: a, image: b}, {name: a, image: b}]",
            "containers: a is given twice",
            "rename one",
        ),
        (
            "location: a\ncontainers: [{name: a, image: b, volume_mounts: [{name: v, mount_path: /x}]}]",
            "containers[a].volume_mounts",
            "no volume v in volumes",
            "add it",
        ),
        ("resource_group: a/b", "resource_group: 'a/b' is not a valid name", "slashes"),
        ("definition: {location: a}", "definition must be a dictionary with properties", "{location: westeurope, prop"),
        ("ttl: 1 hour", "ttl: '1 hour' is not a valid duration", "90m"),
    ),
    *_of(
        "aci_run",
        ("containers: []", "containers is required", "containers: [{name: job"),
        (
            "containers: [{name: a, image: b}]\nlocation: c\nrun_id: a/b",
            "run_id: 'a/b' is not",
            "use at most 128 letters",
        ),
        (
            "location: c\ncontainers: [{name: a, image: b}]\nrestart_policy: Always",
            "restart_policy: with Always",
            "OnFailure or Never",
        ),
    ),
    *_of(
        "aci_exec",
        ("{}", "argv is required", "argv: [ls, -l, /tmp]", "or give cmd"),
        ("cmd: ls\nargv: [ls]", "argv and cmd exclude each other", "give one of them"),
        ("argv: []", "argv is empty", "argv: [ls, -l, /tmp]"),
        ("argv: [-x]", "argv[0]", "hyphen"),
        ("cmd: ''", "cmd is empty", "cmd: ls -l /tmp"),
        ("cmd: [ls]", "cmd must be a string", "a list", "Write cmd: 'ls -l /tmp'"),
        ("argv: [[ls]]", "argv[0] must be a string", "a list", "Write ls; the filter"),
        ("cmd: ls\nexec_timeout: -1", "exec_timeout must be 0 or more", "number -1", "exec_timeout: 10"),
        ("cmd: ls\nframe_size: big", "frame_size must be a whole number", "'big'", "frame_size: 48"),
    ),
    *_of(
        "aci_cp",
        ("dest: /x", "src is required", "src: /path/to/file"),
        ("source: /x\ndest: /x", "source is not", "a string", "src: /path/to/file"),
        ("src: /x\ndestination: /x", "destination is not", "a string", "dest: /path/to/file"),
        ("content: x\ndest: /x", "content is not", "a string", "ansible.builtin.copy"),
        ("src: [/x]\ndest: /x", "src must be a string", "a list", "src: /path/to/file."),
        ("src: /x\ndest: /x\ndirection: from", "direction must be one of", "'from'", "Did you mean from_container?"),
        ("src: /x\ndest: y", "dest: 'y' must be an absolute path in the container"),
    ),
    *_of(
        "aci_logs",
        ("lines: 5", "lines is not", "a whole number", "tail: 10"),
        ("wait_for_line: [a]", "wait_for_line must be a string", "a list", "'ready to accept connections'."),
        ("wait_timeout: -1", "wait_timeout must be 0 or more", "number -1", "wait_timeout: 600"),
    ),
    *_of(
        "aci_prune",
        ("state: present", "state must be one of report, absent", "'present'", "Write state: report, or another"),
        ("older_than: 7", "older_than: '7' is not a valid duration", "1d12h"),
        ("subscriptions: []\nexpired: true", "subscriptions is empty", "Leave it out"),
        ("tags: 7", "tags must be a dictionary, or a list of strings", "a whole number was given"),
    ),
    *_of(
        "aci_group_info",
        ("name: web", "name needs resource_group", "resource_group: shop"),
        ("name: a\nnames: [b]\nresource_group: c", "name and names exclude each other"),
    ),
    *_of("aci_cost_info", ("definition: {a: b}\ntags: {a: b}", "definition and tags exclude each other")),
    *_of("resource_group_info", ("resource_group: {a: b}", "is not an option", "Write name: GROUP")),
]

TIMESTAMPS: list[Row] = [
    *_of(
        "aci_group",
        (
            "containers: [{name: a, environment_variables: [{name: A, value: 2024-01-01 10:00:00}]}]",
            "containers[0].environment_variables[0].value must be a string",
            "'2024-01-01T10:00:00'",
            "quote it",
        ),
        (
            "containers: [{name: a, environment_variables: [{name: A, secure_value: 2024-01-01 10:00:00}]}]",
            "environment_variables[0].secure_value must be a string",
            "quote it",
        ),
        (
            "containers: [{name: a, command: [date, 2024-01-01 10:00:00]}]",
            "containers[0].command[1] must be a string",
            "parsed it as a timestamp",
            "quote it",
        ),
        ("tags: {built: 2024-01-01 10:00:00}", "tags[built] must be a string", "'2024-01-01T10:00:00'", "quote it"),
        (
            "definition: {properties: {containers: [{properties: {command: [date, 2024-01-01 10:00:00]}}]}}",
            "definition[properties][containers][0][properties][command][1] must be a string",
            "quote it",
        ),
    ),
    *_of("resource_group", ("tags: {built: 2024-01-01T10:00:00}", "tags[built] must be a string", "quote it")),
    *_of("aci_exec", ("argv: [touch, -d, 2024-01-01 10:00:00]", "argv[2] must be a string", "quote it")),
]
