# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of what is asked before an act: a log that is to be saved, a tag that is to be resolved, room for a group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from .conftest import Bench

GROUP = "faults"
FAULTS: dict[str, dict[str, Any]] = {
    "cut": {"kind": "disconnect", "when": "before"},
    "503": {"kind": "answer", "status": 503, "code": "ServiceUnavailable", "message": "Try later."},
    "429": {"kind": "answer", "status": 429, "code": "TooManyRequests", "message": "Slow down."},
    "403": {"kind": "answer", "status": 403, "code": "AuthorizationFailed", "message": "No right."},
}
ACTS: dict[str, dict[str, Any]] = {
    "delete": {"state": "absent"},
    "restart": {"state": "restarted"},
    "stop": {"state": "stopped"},
    "update": {"containers": [{"name": "web", "image": "nginx:2"}]},
    "recreate": {"restart_policy": "OnFailure", "recreate": "when_needed"},
}


@pytest.fixture
def naming(bench: Bench) -> Iterator[dict[str, Any]]:
    name = {"resource_group": GROUP, "name": bench.name("asked")}
    yield name
    bench.control("DELETE", "faults")
    bench.run("aci_group", **name, state="absent")


def create(bench: Bench, naming: dict[str, Any], image: str = "nginx:1") -> dict[str, Any]:
    outcome = bench.run("aci_group", **naming, location="eastus", containers=[{"name": "web", "image": image}])
    assert not outcome.failed, outcome.result
    return outcome.result


def start_of(result: dict[str, Any]) -> str:
    return str(result["container_group"]["containers"][0]["instance_view"]["current_state"]["start_time"])


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_run_ends_whose_log_cannot_be_saved(
    bench: Bench, naming: dict[str, Any], tmp_path: Path, fault: str, act: str
) -> None:
    before = start_of(create(bench, naming))
    bench.control("POST", "faults", {**FAULTS[fault], "methods": ["GET"], "paths": [f"*/{naming['name']}/*/logs"]})
    options = {**naming, **ACTS[act], "save_logs": str(tmp_path / "logs"), "wait_timeout": 2}
    outcome = bench.run("aci_group", skipping=True, **options)
    assert outcome.error is not None
    assert outcome.error.code == "LogsNotSaved"
    found = bench.run("aci_group_info", **naming).result["container_groups"]
    assert [start_of({"container_group": each}) for each in found] == [before]
    assert not list(bench.recovery_dir.glob(f"*{naming['name']}.json"))
    bench.control("DELETE", "faults")
    done = bench.run("aci_group", **{**options, "wait_timeout": 60})
    assert not done.failed, done.result
    assert Path(done.result["saved_logs"][0]["path"]).exists()


@pytest.mark.parametrize("mode", ["on_new_digest", "pin"])
@pytest.mark.parametrize("path", ["/v2/*", "/oauth2/*"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_registry_that_fails_changes_nothing(
    bench: Bench, naming: dict[str, Any], fault: str, path: str, mode: str
) -> None:
    image = f"{urlsplit(bench.azure.url).netloc}/{naming['name']}/web:1"
    options = {**naming, "containers": [{"name": "web", "image": image}], "image_update": mode}
    created = bench.run("aci_group", **options, location="eastus")
    assert not created.failed, created.result
    bench.control("POST", "images", {"reference": image})
    bench.control("POST", "faults", {**FAULTS[fault], "paths": [path]})
    silent = bench.run("aci_group", **options)
    assert not silent.failed, silent.result
    assert silent.result["changed"] is False
    assert [doubt["rule"] for doubt in silent.result["doubts"]] == ["image_digest"]
    bench.control("DELETE", "faults")
    moved = bench.run("aci_group", **options)
    assert moved.result["action"] == ("repulled" if mode == "on_new_digest" else "updated")


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_a_region_that_has_room_again_after_two_refusals(bench: Bench, naming: dict[str, Any], attempts: int) -> None:
    no_room = {"kind": "answer", "status": 409, "code": "ServiceUnavailable", "message": "No room.", "times": 2}
    bench.control("POST", "faults", {**no_room, "methods": ["PUT"], "paths": [f"*/{naming['name']}"]})
    outcome = bench.run(
        "aci_group",
        skipping=True,
        **naming,
        location="eastus",
        containers=[{"name": "web", "image": "nginx:1"}],
        provisioning_attempts=attempts,
        wait_timeout=60,
    )
    assert outcome.failed is (attempts < 3)
    assert [each["succeeded"] for each in outcome.result["attempts"]] == [False, False, True][:attempts]
