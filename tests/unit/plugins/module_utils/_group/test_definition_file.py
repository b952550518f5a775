# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a saved definition says what is missing, and can be read back."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition_file import file_text
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition_text import parsed


class Text(str):
    """A string that Ansible has tagged as untrusted."""


def definition(**more: Any) -> dict[str, Any]:
    return {
        "name": "web",
        "apiVersion": "2025-09-01",
        "location": "westeurope",
        "properties": {"osType": "Linux"},
        **more,
    }


@pytest.mark.parametrize(
    "value",
    [
        "${HOME}",
        "echo ${HOME}",
        "it's ${A: b}",
        "two\nlines ${X}\n",
        "yes",
        "8080",
        "1.10",
        "2024-01-01",
        "null",
        "",
        "{{ x }}",
        "# x",
        "a: b",
        "- a",
        " x ",
        "é😀",
        "\x1b[0m",
        "'",
        '"',
        "[parameters('x')]",
        "x" * 500,
        Text("${X}"),
        True,
        8080,
        1.5,
        [],
        {},
    ],
)
def test_it_reads_back_as_what_it_was(value: Any) -> None:
    given = definition(
        tags={"a": value}, properties={"containers": [{"name": "web", "properties": {"command": [value]}}]}
    )
    document = parsed(file_text(given, "shop", "web.yml").encode(), {})
    assert document.value == given
    assert document.missing == ()


def test_the_header_names_what_is_missing_and_how_to_apply_it() -> None:
    given = definition(
        properties={
            "containers": [
                {
                    "name": "web",
                    "properties": {
                        "environmentVariables": [
                            {"name": "A", "secureValue": "<secret: a.secure_value>"},
                            {"name": "B", "value": "https://<secret: b.value>@host/"},
                        ]
                    },
                }
            ],
            "volumes": [{"name": "keys", "secret": {"<secret: keys.secret>": "<secret: keys.secret>"}}],
        }
    )
    header = file_text(given, "shop", "shop/web.yml").partition("---")[0]
    assert all(line.startswith("#") for line in header.splitlines())
    for text in ("<secret: a.secure_value>", "https://<secret: b.value>@host/", "<secret: keys.secret>"):
        assert header.count(text) == 1
    assert "az container create --resource-group shop --file shop/web.yml" in header
    assert "{resource_group: shop, definition_file: shop/web.yml}" in header
    assert "It is complete" in file_text(definition(), "shop", "web.yml")


def test_a_name_cannot_end_the_header() -> None:
    text = file_text(definition(name="a\nplanted: 1"), "b\nplanted: 2", "c\u2028planted: 3")
    assert "planted" not in "".join(line for line in text.partition("---")[0].splitlines() if not line.startswith("#"))
    assert parsed(text.encode(), {}).value["name"] == "a\nplanted: 1"


def test_tags_of_the_collection_are_left_out() -> None:
    text = file_text(definition(tags={"owner": "shop", "expires_at": "2030", "run_id": "r"}), "shop", "web.yml")
    assert parsed(text.encode(), {}).value["tags"] == {"owner": "shop"}


def test_nothing_is_repeated_by_reference() -> None:
    ports = [{"port": 80}]
    text = file_text(definition(properties={"a": ports, "b": ports}), "shop", "web.yml")
    assert "&" not in text
    assert "  a:\n    - port: 80\n" in text


@pytest.mark.parametrize("given", [None, "text", {}, {"properties": []}])
def test_what_is_no_definition(given: Any) -> None:
    with pytest.raises(InvalidArguments, match="as aci_group_info returns it"):
        file_text(given, "shop", "web.yml")
