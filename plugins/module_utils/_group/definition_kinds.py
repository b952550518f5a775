# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Recognises the kind of document that was given as a definition, and finds the container group in it. Pure.

The output of ``az`` and of the portal, and a resource cut out of a template, contain just the group. ARM templates,
what-if results and the examples of the REST documentation contain it among other things. Other common documents, such
as compose files, are recognised so that the error can say what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._common.errors import InvalidArguments

RESOURCE_TYPE = "Microsoft.ContainerInstance/containerGroups"
_TWO_WAYS = (
    "Resolve them first: `az deployment group what-if --no-pretty-print` with the template and its parameters prints "
    "the group with its values, which definition_file takes; or deploy the template once and export the group with "
    "azure_containers.aci.aci_group_info."
)
_OF_TEMPLATES = frozenset({"apiversion", "comments", "dependson"})
"""Keys that only control how a template is deployed, so that expressions in them do not matter."""
MAX_LISTED = 5


def group_in(document: Any, name: str | None) -> Any:
    """The container group in a document, unchanged; anything but a dictionary is returned as it is.

    ``name`` selects one of several groups. Raises InvalidArguments for other kinds of documents, and for a group that
    contains template expressions.
    """
    found, template = _resource(document, name)
    if not isinstance(found, Mapping):
        return found
    if found.get("condition") is False:
        raise InvalidArguments("definition.condition is false, so a template would not create this container group.")
    if found.get("copy") is not None:
        raise InvalidArguments(f"definition: a template makes several groups of this resource (copy). {_TWO_WAYS}")
    relevant = {key: value for key, value in found.items() if str(key).lower() not in _OF_TEMPLATES}
    expressions = list(_expressions(relevant, "definition", template))
    if expressions:
        more = f" and {len(expressions) - MAX_LISTED} more" if len(expressions) > MAX_LISTED else ""
        raise InvalidArguments(
            f"definition: the group has expressions of an ARM template, which only a deployment resolves: "
            f"{'; '.join(expressions[:MAX_LISTED])}{more}. {_TWO_WAYS}"
        )
    return _unescaped(found) if template else found


def _resource(document: Any, name: str | None) -> tuple[Any, bool]:
    """The resource of a container group in a document, and whether the document is a template."""
    groups = document.get("value") if _is_bare(document) else document  # a list as the service returns it
    if isinstance(groups, list) and groups:
        raise InvalidArguments(
            f"definition: a list of {len(groups)} is not one container group; give each group a definition of its own."
        )
    if not _is_bare(document):
        return document, False
    schema = str(document.get("$schema") or "").lower()
    if "deploymentparameters" in schema:
        raise InvalidArguments(
            "definition: this is a parameter file of an ARM template, which contains no container group; give the "
            "template, with its parameters resolved."
        )
    if isinstance(document.get("services"), Mapping):
        raise InvalidArguments(
            "definition: this is a compose file, not a container group. Describe each of its services as an entry of "
            "containers, and its volumes as volumes; the containers of a group share one network, so they reach each "
            "other on localhost."
        )
    if isinstance(document.get("kind"), str) and ("spec" in document or "metadata" in document):
        raise InvalidArguments(
            "definition: this is a Kubernetes manifest, not a container group. Describe its containers as entries of "
            "containers."
        )
    if isinstance(document.get("resources"), (list, Mapping)):
        return _only_group(_resources(document["resources"]), name, "template"), True
    if isinstance(document.get("changes"), list):  # what what-if prints
        after = [change.get("after") for change in document["changes"] if isinstance(change, Mapping)]
        return _only_group([each for each in after if isinstance(each, Mapping)], name, "what-if result"), False
    example = document.get("parameters")
    if isinstance(example, Mapping) and isinstance(example.get("containerGroup"), Mapping):
        # An example from the REST documentation: the request's body, and separately the name from its URL.
        named = {"name": example.get("containerGroupName"), **example["containerGroup"]}
        return named, False
    return document, False


def _is_bare(document: Any) -> bool:
    """Whether a document is a dictionary, but not itself a resource."""
    return isinstance(document, Mapping) and not any(str(key).lower() == "properties" for key in document)


def _resources(resources: Any) -> list[Mapping[str, Any]]:
    """The resources of a template: a list, or a dictionary by symbolic name. Skips those whose condition is false."""
    found = resources.values() if isinstance(resources, Mapping) else resources
    return [each for each in found if isinstance(each, Mapping) and each.get("condition") is not False]


def _only_group(resources: list[Mapping[str, Any]], name: str | None, where: str) -> Mapping[str, Any]:
    groups = [each for each in resources if str(each.get("type")).lower() == RESOURCE_TYPE.lower()]
    if name is not None and len(groups) > 1:
        groups = [each for each in groups if str(each.get("name")) == name] or groups
    if len(groups) == 1:
        return groups[0]
    if not groups:
        raise InvalidArguments(f"definition: the {where} has no resource of the type {RESOURCE_TYPE}.")
    raise InvalidArguments(
        f"definition: the {where} has {len(groups)} container groups; select one with name, or give each a "
        "definition of its own."
    )


# -- expressions -------------------------------------------------------------------------------------------------------

_EXPRESSION = re.compile(r"\[\s*(?P<function>[A-Za-z_][\w.]*)\s*\(.*\)[\w.\[\]'()\s]*\]", re.DOTALL)
_TELLING_EXPRESSION = re.compile(r"\[\s*((parameters|variables)\(\s*'[\w-]+'\s*\)|resourceGroup\(\s*\))[\w.]*\s*\]")
_LISTING = re.compile(r"list([A-Z]\w*)?")
"""``listKeys`` and similar functions, which differ by resource type."""
_FUNCTIONS = re.compile(
    r"""
    add|and|array|base64|base64tojson|base64tostring|bool|cidrhost|cidrsubnet|coalesce|concat|contains|copyindex|
    createarray|createobject|datauri|datauritostring|datetimeadd|datetimefromepoch|datetimetoepoch|deployer|
    deployment|div|empty|endswith|environment|equals|extensionresourceid|fail|false|filter|first|flatten|float|
    format|getsecret|greater|greaterorequals|groupby|guid|if|indexfromend|indexof|int|intersection|items|join|json|
    lambda|last|lastindexof|length|less|lessorequals|managementgroup|managementgroupresourceid|map|mapvalues|max|
    min|mod|mul|newguid|not|null|objectkeys|or|padleft|parameters|parsecidr|pickzones|providers|range|reduce|
    reference|replace|resourcegroup|resourceid|shallowmerge|skip|sort|split|startswith|string|sub|subscription|
    subscriptionresourceid|substring|take|tenant|tenantresourceid|tolower|tolowercase|toobject|toupper|trim|true|
    tryget|tryindexfromend|union|uniquestring|uri|uricomponent|uricomponenttostring|utcnow|variables
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Template functions. Outside of templates only these make an expression: ``[info(x)]`` is an ordinary string."""


def _expressions(value: Any, path: str, template: bool) -> Iterator[str]:
    """Each template expression with its path. One that may contain a secret is reduced to its function's name."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _expressions(str(key), f"a key of {path}", template)
            yield from _expressions(item, f"{path}.{key}", template)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _expressions(item, f"{path}[{index}]", template)
    elif isinstance(value, str) and (found := _EXPRESSION.fullmatch(value)) is not None:
        function = found["function"]
        if template or _FUNCTIONS.fullmatch(function) or _LISTING.fullmatch(function):
            yield f"{path}: {value if _TELLING_EXPRESSION.fullmatch(value) else f'[{function}(...)]'}"


def _unescaped(value: Any) -> Any:
    """A copy in which leading double brackets, with which templates escape literal ones, are single."""
    if isinstance(value, Mapping):
        return {key: _unescaped(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unescaped(item) for item in value]
    return value[1:] if isinstance(value, str) and value.startswith("[[") else value
