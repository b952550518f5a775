# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors about mistakes in every option of every module. Typical ones are in support/mistakes.py."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import has_secrets
from ansible_collections.azure_containers.aci.plugins.module_utils._common.mistakes import search
from ansible_collections.azure_containers.aci.plugins.module_utils._group.remedies import (
    _WAYS,
    EXAMPLES,
    MOST,
    WRAPPED,
    deprecation,
    refusal,
)

PACKAGE = "ansible_collections.azure_containers.aci.plugins.module_utils._engines"
ENGINES = sorted(
    path.stem
    for path in (Path(__file__).resolve().parents[5] / "plugins/module_utils/_engines").glob("*.py")
    if path.stem != "__init__"
)
CANARY = "canary-7Qx"
WRONG: list[Any] = [CANARY, f"{CANARY}, b", "", 7, 7.5, True, [CANARY], [7], {"canary": CANARY}, [[CANARY]], [None]]


def arguments_of(engine: str) -> dict[str, Any]:
    spec: dict[str, Any] = importlib.import_module(f"{PACKAGE}.{engine}").SPEC.argument_spec()
    return spec


def places(arguments: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for name, spec in arguments.items():
        yield (*above, name), spec
        yield from places(spec.get("options") or {}, (*above, name))


def params_with(arguments: dict[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Options with a value at one path, and the required options on the way to it."""
    params = {name: "x" for name, spec in arguments.items() if spec.get("required") and name != place[0]}
    spec = arguments[place[0]]
    if len(place) > 1:
        value = params_with(spec["options"], place[1:], value)
        value = [value] if spec["type"] == "list" else value
    return {**params, place[0]: value}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_option_of_every_module(engine: str) -> None:
    """For any mistake, the error shows the path, no secret, and a form that is itself valid."""
    arguments = arguments_of(engine)
    looked_at = 0
    for place, spec in places(arguments):
        secret = bool(spec.get("no_log")) or has_secrets(spec)
        for value in WRONG:
            params = params_with(arguments, place, value)
            own = re.sub(r"\[\d+\]", "", ".".join(place))
            mistakes = [
                each for each in search(arguments, params).mistakes if re.sub(r"\[\d+\]", "", each.path).startswith(own)
            ]
            for mistake in mistakes:
                looked_at += 1
                text = refusal([mistake], arguments, lambda text: text).msg
                assert mistake.path in text or "has a name that" in text
                assert not re.search(r"<class|\b(str|dict|int|float|bool|NoneType)\b", text), text
                assert CANARY not in text or not (secret or mistake.hidden), text
                written = re.search(r"Write (?:([a-z_]+): )?(.*?)(?:, or env: .*|; .*)?\.$", text)
                if mistake.kind in ("type", "split", "missing") and written:
                    example = yaml.safe_load(written[2])
                    whole = params_with(arguments, mistake.options, example if written[1] else [example])
                    assert [
                        each.path
                        for each in search(arguments, whole).mistakes
                        if each.options == mistake.options and each.kind != "missing"
                    ] == [], text
                else:
                    assert re.search(r"quote it|Leave it out|not an option|looks like a list|Did you mean|Write", text)
    assert looked_at > 20


def test_every_form_belongs_to_an_option() -> None:
    """There are no examples of options that no longer exist."""
    found = [place for engine in ENGINES for place, _spec in places(arguments_of(engine))]
    names = {place[-1] for place in found}
    pairs = {".".join(place[-2:]) for place in found}
    assert [key for key in EXAMPLES if key not in names | pairs] == []
    assert [key for key in WRAPPED if key not in names] == []


@pytest.mark.parametrize(("place", "way"), _WAYS.items(), ids=str)
def test_every_way_leads_to_an_option(place: tuple[str, str], way: str) -> None:
    """Advice for other tools' names uses existing options, and those names are not options themselves."""
    parent, name = place
    known = {
        "": [arguments_of(engine) for engine in ENGINES],
        "container": [arguments_of("aci_group")["containers"]["options"]],
    }
    levels = known.get(parent) or [
        spec["options"]
        for where, spec in places(arguments_of("aci_group"))
        if where[-1] == parent and "options" in spec
    ]
    option = way.partition(":")[0]
    assert any(name not in level and option in level for level in levels) or option == "volumes", way


def test_many_mistakes_are_counted() -> None:
    arguments = {"a": {"type": "str"}}
    params = {f"b{number}": 1 for number in range(MOST + 2)}
    text = refusal(search(arguments, params).mistakes, arguments, lambda text: text).msg
    assert text.count("is not an option") == MOST
    assert text.endswith("There are 2 more mistakes in the options.")


def test_what_is_quoted_is_masked_and_cannot_steer_a_terminal() -> None:
    arguments = {"a": {"type": "int"}, "b": {"type": "list", "elements": "str"}}
    found = search(arguments, {"a": "x\x1b[2J-hidden", "hidden": 1, "b": "hidden"})
    text = refusal(found.mistakes, arguments, lambda text: text.replace("hidden", "********")).msg
    assert "hidden" not in text
    assert "\x1b" not in text
    assert "hidden" not in deprecation(found.texts_as_lists[0], lambda text: text.replace("hidden", "********"))


def test_a_long_value_is_cut() -> None:
    arguments = {"a": {"type": "int"}}
    text = refusal(search(arguments, {"a": "x" * 500}).mistakes, arguments, lambda text: text).msg
    assert "x" * 41 not in text
    assert "..." in text
