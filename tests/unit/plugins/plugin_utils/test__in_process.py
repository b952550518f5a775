# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry point in the controller: when it runs the engine itself, and what it does in place of AnsibleModule."""

from __future__ import annotations

import datetime
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError, Refused
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context, ModuleSpec
from ansible_collections.azure_containers.aci.plugins.plugin_utils import _in_process
from ansible_collections.azure_containers.aci.tests.unit.support.doors import door as support_door

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "count": {"type": "int"},
    "old": {"type": "str", "aliases": ["older"]},
}


def echo(context: Context) -> dict[str, Any]:
    context.warn("a warning")
    context.warn("a warning")
    return {"changed": True, "said": f"my {context.params['password']}", "checked": context.check_mode}


def door(run: Any = echo, **more: Any) -> Any:
    """An entry point without the rest of Ansible."""
    return support_door(ModuleSpec("c", ARGUMENTS, run), **{"args": {"name": "x"}, "action": "a.b.c", **more})


class TestWay:
    def test_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(_in_process.SWITCH_ENVIRONMENT, raising=False)
        monkeypatch.setattr(sys, "platform", "linux")
        assert door()._is_possible_here({}) is True
        assert door(environment=[])._is_possible_here({}) is True
        assert door(environment=None)._is_possible_here({}) is True

    @pytest.mark.parametrize("more", [{"async_val": 5}, {"environment": [{}, {"A": "b"}]}])
    def test_what_only_a_module_can(self, more: dict[str, Any]) -> None:
        assert door(**more)._is_possible_here({"aci_in_process": True}) is False

    def test_elsewhere(self) -> None:
        found = door()
        found._connection.transport = "ssh"
        assert found._is_possible_here({}) is False

    def test_as_somebody_else(self) -> None:
        found = door()
        found._play_context.become = True
        assert found._is_possible_here({}) is False

    def test_without_the_sdk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_in_process, "HAS_SDK", False)
        assert door()._is_possible_here({}) is False

    @pytest.mark.parametrize(
        ("platform", "environment", "variable", "expected"),
        [
            ("linux", None, None, True),
            ("linux", "", None, True),
            ("linux", "false", None, False),
            ("linux", "0", None, False),
            ("linux", "false", True, True),
            ("linux", None, False, False),
            ("linux", None, "{{ no }}", False),
            ("darwin", None, None, False),
            ("darwin", "true", None, True),
            ("darwin", None, "yes", True),
        ],
    )
    def test_the_switch(
        self, monkeypatch: pytest.MonkeyPatch, platform: str, environment: str | None, variable: Any, expected: bool
    ) -> None:
        monkeypatch.delenv(_in_process.SWITCH_ENVIRONMENT, raising=False)
        if environment is not None:
            monkeypatch.setenv(_in_process.SWITCH_ENVIRONMENT, environment)
        monkeypatch.setattr(sys, "platform", platform)
        found = door()
        if not isinstance(variable, str):
            found._templar.template = lambda value: value
        assert found._is_possible_here({} if variable is None else {"aci_in_process": variable}) is expected

    def test_a_switch_that_is_no_boolean(self) -> None:
        with pytest.raises(AnsibleActionFail, match="aci_in_process must be true or false, not perhaps"):
            door()._is_possible_here({"aci_in_process": "perhaps"})


class TestWork:
    def test_a_result(self) -> None:
        result = door(args={"name": "x", "password": "planted"}, check_mode=True)._here({})
        assert result["changed"] is True
        assert result["checked"] is True
        assert result["warnings"] == ["a warning"]
        assert "planted" not in str(result)

    @pytest.mark.parametrize(
        ("args", "says"),
        [
            ({}, "name is required"),
            ({"name": "x", "bogus": 1}, r"bogus is not an option \(a whole number was given\)"),
            ({"name": "x", "count": "planted", "password": "planted"}, r"count must be a whole number, .*\*{8}"),
        ],
    )
    def test_bad_options(self, args: dict[str, Any], says: str) -> None:
        result = door(args=args)._here({})
        assert result["failed"] is True
        with pytest.raises(AssertionError, match=says):
            raise AssertionError(result["msg"])
        assert "planted" not in str(result)

    def test_what_is_hidden_is_so_in_a_refusal_too(self) -> None:
        found = door(args={"name": "x", "count": "many", "password": "planted"})
        found.SPEC = found.SPEC._replace(hidden=("password",))
        result = found._here({})
        assert result["failed"] is True
        assert "planted" not in str(result)

    def test_an_option_and_its_alias(self) -> None:
        result = door(args={"name": "x", "old": "a", "older": "b"})._here({})
        assert "Both option old and its alias older are set." in result["warnings"][0:2]

    def test_check_mode_that_is_not_supported(self) -> None:
        found = door(check_mode=True)
        found.SPEC = found.SPEC._replace(supports_check_mode=False)
        assert found._here({})["skipped"] is True

    def test_a_failure(self) -> None:
        def refuse(_context: Context) -> dict[str, Any]:
            raise Refused("no", code="NotEmpty", result={"more": 1})

        result = door(refuse)._here({})
        assert (result["failed"], result["msg"], result["more"]) == (True, "no", 1)
        assert result["error"]["code"] == "NotEmpty"

    @pytest.mark.parametrize("verbosity", [0, 3])
    def test_a_fault_of_ours_shows_no_secret(self, verbosity: int) -> None:
        def fail(context: Context) -> dict[str, Any]:
            raise KeyError(context.params["password"])

        found = door(fail, args={"name": "x", "password": "planted"})
        found._display.verbosity = verbosity
        result = found._here({})
        assert "KeyError" in result["msg"]
        assert ("exception" in result) == (verbosity == 3)
        assert "planted" not in str(result)

    def test_clients_are_shared_until_they_cannot_sign_in(self) -> None:
        seen = []

        def look(context: Context) -> dict[str, Any]:
            seen.append(context.client)
            if len(seen) == 3:
                raise CredentialsError("no")
            return {}

        for _attempt in range(4):
            door(look)._here({})
        assert seen[0] is seen[1] is seen[2]
        assert seen[3] is not seen[2]

    def test_progress_is_for_people(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shown: list[str] = []
        for terminal, verbosity, no_log in ((True, 0, False), (False, 0, False), (False, 1, False), (True, 3, True)):
            monkeypatch.setattr(_in_process, "_TERMINAL", terminal)
            found = door(no_log=no_log)
            found._display = SimpleNamespace(verbosity=verbosity, display=lambda text, color: shown.append(text))
            found._progress(f"{terminal} {verbosity} {no_log}")
        assert shown == ["True 0 False", "False 1 False"]
        monkeypatch.setattr(_in_process, "_TERMINAL", False)
        monkeypatch.setenv("ANSIBLE_AZURE_ACI_PROGRESS", "true")
        found = door()
        found._display = SimpleNamespace(verbosity=0, display=lambda text, color: shown.append(text))
        found._progress("told to")
        assert shown[2:] == ["told to"]


class Vaulted:
    """A value that is decrypted when it is read."""

    def __str__(self) -> str:
        return "decrypted"


def test_plain_values() -> None:
    value = {
        "date": datetime.date(2026, 5, 4),
        "time": datetime.datetime(2026, 5, 4, 10, 11, 12),
        "vault": Vaulted(),
        "set": {1},
        "nested": [({"a": Vaulted()},)],
        3: None,
    }
    assert _in_process.plain(value) == {
        "date": "2026-05-04",
        "time": "2026-05-04T10:11:12",
        "vault": "decrypted",
        "set": [1],
        "nested": [[{"a": "decrypted"}]],
        "3": None,
    }
