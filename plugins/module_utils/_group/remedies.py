# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Messages about mistakes in the options of a task: where, what was given, and what to write. Pure.

Loaded only for a task that fails. No message contains a value that may be a secret, and none needs to be masked as a
whole: the names and short values in it are masked one by one, so that the words around them stay readable even if a
secret is a common word.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from .._common.display_text import display_line
from .._common.errors import InvalidArguments
from .._common.mistakes import Broken, Mistake, Spec, kind_of
from .._common.similar import most_similar
from .._common.telling_names import plain_name

Mask = Callable[[str], str]

MOST = 5
"""The largest number of mistakes in one message."""

SHORT_VALUE = 40
LONG_VALUE = 100

_KINDS = {
    "str": "a string",
    "path": "a path",
    "raw": "a string",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "dict": "a dictionary",
    "list": "a list",
}
_MANY = {
    "str": "strings",
    "path": "paths",
    "raw": "strings",
    "int": "whole numbers",
    "float": "numbers",
    "dict": "dictionaries",
}

_RESOURCE = "/subscriptions/ID/resourceGroups/GROUP/providers"
_IDENTITY = f"{_RESOURCE}/Microsoft.ManagedIdentity/userAssignedIdentities/NAME"
_CONTAINER_INSTANCE = f"{_RESOURCE}/Microsoft.ContainerInstance"

EXAMPLES: Final[dict[str, str]] = {
    # Example values. For a list this is one element, for a list of strings its elements.
    "acls": f"{{identity: {_IDENTITY}, access: All}}",
    "add": "NET_ADMIN",
    "allowed_exit_codes": "0",
    "argv": "ls, -l, /tmp",
    "azure_file": "{share_name: SHARE, storage_account_name: ACCOUNT, storage_account_key: KEY}",
    "api_version": "'2025-09-01'",
    "capabilities": "{add: [NET_ADMIN]}",
    "chdir": "/var/lib",
    "cmd": "'ls -l /tmp'",
    "command": "python, app.py, --verbose",
    "confidential_compute_properties": "{cce_policy: BASE64}",
    "config_map": "{key_value_pairs: {level: info}}",
    "container": "web",
    "container_group_profile": f"{{id: {_CONTAINER_INSTANCE}/containerGroupProfiles/NAME}}",
    "containers": "{name: web, image: 'nginx:1.27'}",
    "cpu": "1",
    "creates": "/data/done",
    "currency": "EUR",
    "definition": "{location: westeurope, properties: {containers: [...]}}",
    "dest": "/path/to/file",
    "diagnostics": "{log_analytics: {workspace_id: ID, workspace_key: KEY}}",
    "dns_config": "{name_servers: [10.0.0.4]}",
    "drop": "NET_RAW",
    "empty_dir": "{}",
    "encryption_properties": "{vault_base_url: 'https://VAULT.vault.azure.net', key_name: NAME, key_version: VERSION}",
    "env": "{LEVEL: info}",
    "environment_variables": "{name: LEVEL, value: info}",
    "exec": "{command: [cat, /tmp/ready]}",
    "extensions": "{name: NAME, extension_type: TYPE, version: '1.0'}",
    "extra_properties": "{someNewProperty: value}",
    "frame_size": "48",
    "gather": "usages",
    "git_repo": "{repository: 'https://example.com/REPOSITORY.git'}",
    "gpu": "{count: 1, sku: V100}",
    "http_get": "{path: /health, port: 80}",
    "hours": "'730'",
    "http_headers": "{name: Host, value: example.com}",
    "identity": "{type: SystemAssigned}",
    "identity_acls": "{default_access: All}",
    "ignore_tags": "hidden-*",
    "image": "'nginx:1.27'",
    "image_registry_credentials": "{server: registry.example.com, username: USER, password: PASSWORD}",
    "init_containers": "{name: prepare, image: 'busybox:1.36'}",
    "ip_address": "{type: Public, ports: [{port: 80}]}",
    "key_value_pairs": "{level: info}",
    "limits": "{cpu: 2, memory_in_gb: 3}",
    "liveness_probe": "{http_get: {path: /health, port: 80}}",
    "locations": "westeurope, northeurope",
    "location": "westeurope",
    "log_analytics": "{workspace_id: ID, workspace_key: KEY}",
    "memory_in_gb": "1.5",
    "metadata": "{stage: test}",
    "name": "web",
    "name_servers": "10.0.0.4, 10.0.0.5",
    "names": "web, worker",
    "older_than": "7d",
    "port": "80",
    "ports": "{port: 80}",
    "prices": "{vcpu_hour: '0.0405', gb_hour: '0.00445'}",
    "protect_tag": "keep",
    "protected_settings": "{NAME: SECRET}",
    "readiness_probe": "{http_get: {path: /ready, port: 80}}",
    "removes": "/data/done",
    "requests": "{cpu: 1, memory_in_gb: 1.5}",
    "resource_group": "shop",
    "resource_groups": "shop, shop-test",
    "resources": "{requests: {cpu: 1, memory_in_gb: 1.5}}",
    "run_id": "nightly-7",
    "search_domains": "'shop.internal shop.test'",
    "secret": "{cert.pem: BASE64}",
    "secret_reference": "{cert.pem: NAME_IN_SECRET_REFERENCES}",
    "secret_references": f"{{name: NAME, identity: {_IDENTITY}, secret_reference_uri: 'https://VAULT.vault.azure.net/secrets/NAME'}}",
    "secure_env": "{PASSWORD: SECRET}",
    "security_context": "{run_as_user: 1000}",
    "server": "registry.example.com",
    "settings": "{NAME: value}",
    "shell": "/bin/bash",
    "src": "/path/to/file",
    "standby_pool_profile": f"{{id: {_RESOURCE}/Microsoft.StandbyPool/standbyContainerGroupPools/NAME}}",
    "states": "Failed, Stopped",
    "subnet_ids": f"{{id: {_RESOURCE}/Microsoft.Network/virtualNetworks/NETWORK/subnets/SUBNET}}",
    "subscriptions": "00000000-0000-0000-0000-000000000000",
    "tags": "{stage: test}",
    "ttl": "2h",
    "user_assigned_identities": _IDENTITY,
    "volume_mounts": "{name: data, mount_path: /data}",
    "volumes": "{name: data, empty_dir: {}}",
    "wait_for_line": "'ready to accept connections'",
    "wait_timeout": "600",
    "zone": "'1'",
    "zones": "'1'",
    # Options with the same name but different meanings.
    "acls.identity": _IDENTITY,
    "encryption_properties.identity": _IDENTITY,
    "image_registry_credentials.identity": _IDENTITY,
    "secret_references.identity": _IDENTITY,
    "volumes.name": "data",
    "volume_mounts.name": "data",
    "environment_variables.name": "LEVEL",
    "containers.name": "web",
    "init_containers.name": "prepare",
}

CONTENTS: Final = frozenset({"argv", "cmd", "command", "fingerprint_key", "secure_value", "stdin", "value"})
"""Strings that a program reads: if a dictionary or list was given, JSON may be intended."""

WRAPPED: Final[dict[str, tuple[str, str]]] = {
    # Shorter forms from azure.azcollection, Terraform and others: the given value is only a part of what is meant. It
    # must look like the first string, or be one of the choices of the suboption of that name.
    "container_group_profile": ("/subscriptions/", "{id: GIVEN}"),
    "identity": ("type", "{type: GIVEN}"),
    "ip_address": ("type", "{type: GIVEN, ports: [{port: 80}]}"),
    "ports": ("80", "{port: GIVEN}"),
    "standby_pool_profile": ("/subscriptions/", "{id: GIVEN}"),
    "subnet_ids": ("/subscriptions/", "{id: GIVEN}"),
}

_ENV = "env: {LEVEL: info} and secure_env: {PASSWORD: SECRET}"
_REGISTRY = "image_registry_credentials: [{server: registry.example.com, username: USER, password: PASSWORD}]"
_REGISTRY_IDENTITY = f"image_registry_credentials: [{{server: registry.example.com, identity: {_IDENTITY}}}]"
_REQUESTS = "resources: {requests: {cpu: 1, memory_in_gb: 1.5}}"
_LIMITS = "resources: {limits: {cpu: 2, memory_in_gb: 3}}"
_ADDRESS = "ip_address: {type: Public, ports: [{port: 80}]}"
_LABEL = "ip_address: {type: Public, ports: [{port: 80}], dns_name_label: LABEL}"
_VOLUME = "volumes: [{name: data, ...}] of the group, and volume_mounts: [{name: data, mount_path: /data}] here"
_FILE = f"volumes: [{{name: data, azure_file: {EXAMPLES['azure_file']}}}]"
_KEY = f"encryption_properties: {EXAMPLES['encryption_properties']}"
_WORKDIR = "command: [/bin/sh, -c, 'cd /app && exec PROGRAM'], since the service takes no working directory"
_TCP = "exec: {command: [nc, -z, localhost, '80']}, or http_get, since the service has no other probes"
_WAYS = {
    # Other tools' names for options, or their places for them. The key is the parent dictionary (or '') and the name.
    ("", "acr_identity"): _REGISTRY_IDENTITY,
    ("", "append_tags"): "purge_tags: true for append_tags: false",
    ("", "assign_identity"): "identity: {type: SystemAssigned}",
    ("", "azure_file_volume_share_name"): _FILE,
    ("", "command"): "argv: [ls, -l, /tmp], or cmd: ls -l /tmp",
    ("", "content"): "src: /path/to/file, to which ansible.builtin.copy can write the content first",
    ("", "cpu"): f"containers: [{{name: web, image: 'nginx:1.27', {_REQUESTS}}}]",
    ("", "destination"): "dest: /path/to/file",
    ("", "dns_name_label_reuse_policy"): "ip_address: {auto_generated_domain_name_label_scope: TenantReuse, ...}",
    ("", "exposed_port"): _ADDRESS,
    ("", "force_update"): "recreate: when_needed",
    ("", "image_registry_credential"): _REGISTRY,
    ("", "init_container"): "init_containers: [{name: prepare, image: 'busybox:1.36'}]",
    ("", "ip_address_type"): _ADDRESS,
    ("", "key_vault_key_id"): _KEY,
    ("", "key_vault_user_assigned_identity_id"): _KEY,
    ("", "lines"): "tail: 10",
    ("", "memory"): f"containers: [{{name: web, image: 'nginx:1.27', {_REQUESTS}}}]",
    ("", "network_profile_id"): f"subnet_ids: [{EXAMPLES['subnet_ids']}]",
    ("", "ports"): _ADDRESS,
    ("", "region"): "location: westeurope",
    ("", "registry"): _REGISTRY,
    ("", "registry_login_server"): _REGISTRY,
    ("", "registry_password"): _REGISTRY,
    ("", "registry_username"): _REGISTRY,
    ("", "registries"): _REGISTRY,
    ("", "resource_group"): "name: GROUP",
    ("", "resource_group_name"): "resource_group: GROUP",
    ("", "sidecars"): "containers: [{name: web, ...}, {name: sidecar, ...}], which run side by side",
    ("", "source"): "src: /path/to/file",
    ("", "subnet"): f"subnet_ids: [{EXAMPLES['subnet_ids']}]",
    ("", "vnet"): f"subnet_ids: [{EXAMPLES['subnet_ids']}]",
    ("container", "cmd"): "command: [python, app.py, --verbose]",
    ("container", "command_line"): "command: [python, app.py, --verbose]",
    ("container", "commands"): "command: [python, app.py, --verbose]",
    ("container", "args"): "command: [python, app.py, --verbose], which has the program and its arguments",
    ("container", "cpu"): _REQUESTS,
    ("container", "cpu_limit"): _LIMITS,
    ("container", "entrypoint"): "command: [python, app.py, --verbose], which has the program and its arguments",
    ("container", "environment"): _ENV,
    ("container", "gpu"): "resources: {requests: {cpu: 1, memory_in_gb: 1.5, gpu: {count: 1, sku: V100}}}",
    ("container", "healthcheck"): f"liveness_probe: {EXAMPLES['liveness_probe']}",
    ("container", "memory"): _REQUESTS,
    ("container", "memory_in_gb"): _REQUESTS,
    ("container", "memory_limit"): _LIMITS,
    ("container", "secure_environment_variables"): "secure_env: {PASSWORD: SECRET}",
    ("container", "security"): "security_context: {privileged: true}",
    ("container", "volume"): _VOLUME,
    ("container", "volumes"): _VOLUME,
    ("container", "workdir"): _WORKDIR,
    ("container", "working_dir"): _WORKDIR,
    ("container", "workingDir"): _WORKDIR,
    ("azure_file", "access_key"): "storage_account_key: KEY",
    ("environment_variables", "is_secure"): "secure_value: SECRET instead of value",
    ("environment_variables", "secure"): "secure_value: SECRET instead of value",
    ("environment_variables", "valueFrom"): "secure_value_reference: NAME_IN_SECRET_REFERENCES",
    ("git_repo", "url"): "repository: 'https://example.com/REPOSITORY.git'",
    ("identity", "identity_ids"): f"user_assigned_identities: [{_IDENTITY}]",
    ("image_registry_credentials", "login_server"): "server: registry.example.com",
    ("image_registry_credentials", "user_assigned_identity_id"): f"identity: {_IDENTITY}",
    ("liveness_probe", "tcp_socket"): _TCP,
    ("liveness_probe", "tcpSocket"): _TCP,
    ("readiness_probe", "tcp_socket"): _TCP,
    ("readiness_probe", "tcpSocket"): _TCP,
    ("limits", "memory"): "memory_in_gb: 1.5",
    ("requests", "memory"): "memory_in_gb: 1.5",
    ("resources", "cpu"): f"requests: {EXAMPLES['requests']}",
    ("resources", "memory"): f"requests: {EXAMPLES['requests']}",
    ("resources", "memory_in_gb"): f"requests: {EXAMPLES['requests']}",
    ("security_context", "privilege_enabled"): "privileged: true",
    ("volumes", "azure_file_share"): f"azure_file: {EXAMPLES['azure_file']}",
    ("volumes", "share_name"): f"azure_file: {EXAMPLES['azure_file']}",
    ("volumes", "storage_account_name"): f"azure_file: {EXAMPLES['azure_file']}",
    ("volumes", "storage_account_key"): f"azure_file: {EXAMPLES['azure_file']}",
    ("volume_mounts", "path"): "mount_path: /data",
}


def refusal(
    mistakes: Sequence[Mistake], arguments: Spec, mask: Mask, broken: Iterable[Broken] = ()
) -> InvalidArguments:
    """The error for the mistakes in a task's options. ``mask`` removes the task's secrets from a text.

    ``broken`` are the rules that the combination of options breaks.
    """
    told = [_sentence(mistake, arguments, mask) for mistake in mistakes[:MOST]]
    told += [_together(rule, arguments) for rule in broken]
    if len(mistakes) > MOST:
        more = len(mistakes) - MOST
        told.append(f"There {'is one more mistake' if more == 1 else f'are {more} more mistakes'} in the options.")
    return InvalidArguments(display_line(" ".join(dict.fromkeys(told))))


def deprecation(mistake: Mistake, mask: Mask) -> str:
    """The warning for a task that gives a single value instead of a list."""
    name, example = _name(mistake), _example(mistake.options, mistake.spec)
    if not mistake.hidden and len(str(mistake.given)) <= SHORT_VALUE and mask(str(mistake.given)) == str(mistake.given):
        example = _plain_example([mistake.given])
    return display_line(
        f"{mistake.path} is a list, but {_described(mistake, mask)} was given, which is taken for its only element. "
        f"Write {name}: {example}, with brackets around a single element as well."
    )


def _sentence(mistake: Mistake, arguments: Spec, mask: Mask) -> str:
    if mistake.kind == "unknown":
        return _unknown(mistake, arguments, mask)
    if mistake.kind == "missing":
        said = "is required" if mistake.absent else "is required, but null was given"
        return f"{mistake.path} {said}. Write {_name(mistake)}: {_example(mistake.options, mistake.spec)}."
    if mistake.kind == "timestamp":
        return (
            f"{mistake.path} must be a string, but YAML parsed it as a timestamp"
            f"{'' if mistake.hidden else f', {_short(mistake.given, mask)}'}; quote it."
        )
    said = f"{mistake.path} must be {_expected(mistake)}, but {_described(mistake, mask)} was given"
    return f"{said}{_remedy(mistake, mask)}"


def _together(rule: Broken, arguments: Spec) -> str:
    """The sentence for options that exclude or require each other."""
    first = rule.names[0]
    if rule.kind == "exclusive":
        return f"{_and(rule.names)} exclude each other; give one of them."
    if rule.kind == "none":
        others = rule.names[1:]
        example = _example((first,), arguments[first])
        return f"{first} is required. Write {first}: {example}; or give {' or '.join(others)}."
    lacking = [f"{name}: {_example((name,), arguments[name])}" for name in rule.names[1:]]
    return f"{first} needs {_and(rule.names[1:])}. Write {' and '.join(lacking)} as well."


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _name(mistake: Mistake) -> str:
    return mistake.options[-1]


# -- expected values ---------------------------------------------------------------------------------------------------


def _expected(mistake: Mistake) -> str:
    spec = mistake.spec
    if mistake.kind == "choice":
        return f"one of {', '.join(map(str, spec['choices']))}"
    if mistake.kind == "negative":
        return "0 or more"
    kind = spec.get("type", "str")
    if mistake.element:
        return _KINDS[spec.get("elements", "str")]
    if kind == "list":
        return f"a list of {_MANY[spec.get('elements', 'str')]}"
    return _KINDS[kind]


# -- given values ------------------------------------------------------------------------------------------------------


def _described(mistake: Mistake, mask: Mask) -> str:
    """The type of the given value, and the value itself if it is short and cannot be a secret."""
    value = mistake.given
    if mistake.hidden or value is None or isinstance(value, (dict, list, tuple)):
        return kind_of(value)
    if value == "":
        return "an empty string"
    kind = kind_of(value).split(" ", 1)[1]
    return f"the {kind} {_short(value, mask)}"


def _short(value: Any, mask: Mask) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = mask(str(value))
    text = text if len(text) <= SHORT_VALUE else f"{text[: SHORT_VALUE - 3]}..."
    return repr(text) if isinstance(value, str) else text


# -- what to write -----------------------------------------------------------------------------------------------------


def _remedy(mistake: Mistake, mask: Mask) -> str:
    name, spec = _name(mistake), mistake.spec
    if mistake.kind == "choice":
        return _choice(mistake)
    if mistake.kind == "split":
        return _split(mistake, mask)
    if mistake.given is None and not mistake.element and spec.get("default") is not None:
        return f". Leave it out for the default, {_plain_example(spec['default'])}."
    if isinstance(mistake.given, str) and mistake.given.lstrip().startswith("["):
        return ", which looks like a list. Give the list itself; in an ad-hoc command, give all options as JSON."
    converted = _converted(mistake)
    if converted:
        return f". Write {name}: {converted}."
    if spec.get("elements" if mistake.element else "type", "str") in ("str", "path", "raw"):
        return _text(mistake)
    ways = f". Write {'' if mistake.element else f'{name}: '}{_form(mistake, mask)}"
    if name == "environment_variables":
        ways += f", or {_ENV}"
    if name == "ip_address" and str(mistake.given).lower() == "none":
        ways = ". Leave it out for a group without an address; ip_address: {} removes one"
    return f"{ways}."


def _text(mistake: Mistake) -> str:
    if isinstance(mistake.given, bool) and mistake.spec.get("type") == "path":
        return f". Write {_name(mistake)}: {_example(mistake.options, mistake.spec)}."
    if isinstance(mistake.given, (int, float)):
        return "; quote it."
    if isinstance(mistake.given, (dict, list, tuple)):
        own = _element(mistake.options, mistake.spec) if mistake.element else _example(mistake.options, mistake.spec)
        end = "; the filter to_json makes a string of JSON" if _name(mistake) in CONTENTS else ""
        return f". Write {'' if mistake.element else f'{_name(mistake)}: '}{own}{end}."
    return ". Leave it out, or write a string."


def _choice(mistake: Mistake) -> str:
    choices = [str(choice) for choice in mistake.spec["choices"]]
    given = plain_name(str(mistake.given))
    same = [choice for choice in choices if plain_name(choice) == given]
    begun = [choice for choice in choices if given and plain_name(choice).startswith(given)]
    likely = same or (begun if len(begun) == 1 else [])
    meant = likely[0] if likely else most_similar(str(mistake.given), choices, cutoff=0.75)
    return f". Did you mean {meant}?" if meant else f". Write {_name(mistake)}: {choices[0]}, or another of them."


def _split(mistake: Mistake, mask: Mask) -> str:
    name = _name(mistake)
    if mistake.given == "":
        return f". Write {name}: {_example(mistake.options, mistake.spec)}; or [] for none."
    lost = ", which Ansible would split at its commas" if "," in str(mistake.given) else ""
    write = f"Write {name}: {_as_list(mistake, mask) or _example(mistake.options, mistake.spec)}"
    if name in ("command", "argv"):
        return f"{lost}. {write}; or, for a shell to run it, {name}: [/bin/sh, -c, 'COMMAND LINE']."
    return f"{lost}. {write}."


def _as_list(mistake: Mistake, mask: Mask) -> str:
    """The list that a string stands for: the words of a command line, or names separated by commas or blanks."""
    text = str(mistake.given)
    if mistake.hidden or mistake.spec.get("elements") == "dict" or len(text) > LONG_VALUE or mask(text) != text:
        return ""
    if _name(mistake) in ("command", "argv"):
        try:
            parts = shlex.split(text)
        except ValueError:
            return ""
    elif _SIMPLE.fullmatch(text):
        parts = [part.strip() for part in text.split(",")] if "," in text else text.split()
    else:
        parts = [text]  # the comma is part of the element, as in a condition
    choices = mistake.spec.get("choices") or parts
    if not set(parts) <= set(choices):
        return ""
    if mistake.spec.get("elements") == "int":
        return f"[{', '.join(parts)}]" if all(part.isdecimal() for part in parts) else ""
    return _plain_example(parts)


_UNITS = {
    "": 1.0,
    "g": 1.0,
    "gb": 1.0,
    "gi": 1.0,
    "gib": 1.0,
    "m": 1 / 1024,
    "mb": 1 / 1024,
    "mi": 1 / 1024,
    "mib": 1 / 1024,
}


def _converted(mistake: Mistake) -> str:
    """Converts a number with a unit, as in Kubernetes and Docker, to the option's unit."""
    if mistake.spec.get("type") not in ("int", "float") or not isinstance(mistake.given, str):
        return ""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", mistake.given)
    if found is None or mistake.hidden:
        return ""
    number, unit = float(found[1]), found[2].lower()
    if _name(mistake) == "cpu" and unit == "m":
        return f"{number / 1000:g}"
    if _name(mistake) == "memory_in_gb" and unit in _UNITS:
        return f"{number * _UNITS[unit]:.2g}"
    if _name(mistake).endswith(("timeout", "_seconds")) and unit in ("s", "m", "h", "min", "sec"):
        return f"{number * {'s': 1, 'sec': 1, 'm': 60, 'min': 60, 'h': 3600}[unit]:g}"
    return ""


def _form(mistake: Mistake, mask: Mask) -> str:
    """What to write, including the given value if it is a part of that."""
    looks, form = WRAPPED.get(_name(mistake), ("", ""))
    given = "" if mistake.hidden or isinstance(mistake.given, (bool, dict, list, tuple)) else mask(str(mistake.given))
    choices = mistake.spec.get("options", {}).get(looks, {}).get("choices", ())
    given = next((str(choice) for choice in choices if plain_name(str(choice)) == plain_name(given)), given)
    fits = given in choices if choices else given.isdecimal() if looks == "80" else given.startswith(looks or "/")
    if form and given and fits:
        form = form.replace("GIVEN", given)
        return form if mistake.element or mistake.spec.get("type") != "list" else f"[{form}]"
    if mistake.element:
        return _element(mistake.options, mistake.spec)
    return _example(mistake.options, mistake.spec)


def _key(options: Sequence[str], table: dict[str, Any]) -> str:
    """The key of an option in a table: its parent's name and its own if the table has that, otherwise its own name."""
    pair = ".".join(options[-2:])
    return pair if pair in table else options[-1]


def _example(options: Sequence[str], spec: Spec) -> str:
    """A valid value for an option, as one line of YAML."""
    if spec.get("type") != "list":
        return _element(options, {**spec, "elements": spec.get("type", "str")})
    found = EXAMPLES.get(_key(options, EXAMPLES))
    return f"[{found}]" if found is not None else f"[{_element(options, spec)}]"


def _element(options: Sequence[str], spec: Spec) -> str:
    kind = spec.get("elements", "str")
    if spec.get("choices"):
        return _plain_example(spec["choices"][0])
    found = EXAMPLES.get(_key(options, EXAMPLES))
    if found is not None and (kind == "dict") == found.startswith("{"):
        return found.split(", ")[0] if spec.get("type") == "list" and kind != "dict" else found
    if kind == "dict":
        children = spec.get("options") or {}
        required = [name for name, child in children.items() if child.get("required")] or list(children)[:1]
        parts = (f"{name}: {_example((*options, name), children[name])}" for name in required)
        return f"{{{', '.join(parts)}}}" if children else "{name: value}"
    return {"int": "10", "float": "1.5", "bool": "true", "path": "/path/to/file"}.get(kind, "TEXT")


_SIMPLE = re.compile(r"[\w./:*@, -]+")
"""A string that may consist of several names, separated by commas or blanks."""

_PLAIN = re.compile(
    r"(?!(?i:y|n|yes|no|on|off|true|false|null)$)([A-Za-z/.-][\w./-]*[A-Za-z/][\w./-]*|[A-Za-z]|-[A-Za-z])"
)
"""A string that needs no quotes in YAML."""


def _plain_example(value: Any) -> str:
    """A value as one line of YAML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_plain_example(item) for item in value)}]"
    if not isinstance(value, str) or _PLAIN.fullmatch(value):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


# -- unknown options ---------------------------------------------------------------------------------------------------


def _unknown(mistake: Mistake, arguments: Spec, mask: Mask) -> str:
    name = _name(mistake)
    above = mistake.path[: len(mistake.path) - len(name)].rstrip(".")
    if mistake.hidden or not re.fullmatch(r"[A-Za-z_][\w.-]{0,59}", name) or mask(name) != name:
        # The name may be the beginning of a secret, or the name of a variable where options are expected.
        name, path = "", f"{above or 'The task'} has a name that"
    else:
        path = mistake.path
    said = f"{path} is not an option ({kind_of(mistake.given)} was given)"
    way = _WAYS.get((_parent(mistake.options), name))
    if way and (above or way.partition(":")[0] in mistake.spec):
        return f"{said}. Write {way}."
    meant = near(name, mistake.spec)
    if meant:
        return f"{said}. Did you mean {meant}?"
    elsewhere = next(_paths_of(name, arguments), None) if name else None
    if elsewhere and "." not in elsewhere and above:
        return f"{said}. {elsewhere} is an option of the task itself: write it beside {mistake.options[0]}."
    if elsewhere:
        return f"{said}. Did you mean {elsewhere}?"
    if mistake.options[-2:-1] == ("environment_variables",):
        return f"{said}. Write environment_variables: [{{name: LEVEL, value: info}}], or {_ENV}."
    known = sorted(mistake.spec)
    return f"{said}. The options {'here ' if above else ''}are {', '.join(known)}."


def _parent(options: Sequence[str]) -> str:
    """The option's parent dictionary; ``container`` for both containers and init containers."""
    parent = options[-2] if len(options) > 1 else ""
    return "container" if parent in ("containers", "init_containers") else parent


def near(name: str, known: Iterable[str]) -> str:
    """The option that a name probably means: it may be spelled differently, as in ARM, or contain a typo."""
    if not name:
        return ""
    options = {plain_name(option): option for option in known}
    plain = plain_name(name)
    for each in (plain, f"{plain}s", plain.removesuffix("s")):
        if each in options:
            return options[each]
    found = most_similar(plain, options, cutoff=0.75)
    return "" if found is None else options[found]


def _paths_of(name: str, arguments: Spec, above: str = "") -> Iterator[str]:
    """The paths of all options of the module with this name."""
    for option, spec in arguments.items():
        path = f"{above}.{option}" if above else option
        if plain_name(option) == plain_name(name):
            yield path
        inner = f"{path}[]" if spec.get("type") == "list" else path
        yield from _paths_of(name, spec.get("options") or {}, inner)
