# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_update in whole tasks of aci_group: predicted, applied, and applied again."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.registry import RegistryError
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Refused
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient

from .test_aci_group import containers, run

A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
TAG = "registry-1.docker.io/library/nginx:1"
SILENT = RegistryError("registry-1.docker.io cannot be reached.")


def service(tag: str | Exception = A) -> FakeClient:
    """A service that pulls the image of the tag, and records the event like Azure."""
    client = FakeClient()
    client.images.tags[TAG] = tag

    def view(run: int) -> dict[str, Any]:
        assert client.group is not None
        image = client.group["properties"]["containers"][0]["properties"]["image"]
        named = client.images.tags[TAG]
        digest = image.rpartition("@")[2] if "@" in image else named
        event = {"name": "Pulled", "message": f'Successfully pulled image "nginx@{digest}"'}
        state = "Terminated" if client.state == "Stopped" else "Running"
        return {"restartCount": 0, "currentState": {"state": state, "startTime": str(run)}, "events": [event]}

    client.view = view
    return client


def predicted_and_done(client: FakeClient, **options: Any) -> dict[str, Any]:
    predicted = run(client, check=True, **options)
    assert not {"put", "stop", "start", "delete"} & set(client.calls)
    done = run(client, **options)
    assert (predicted["action"], predicted["changes"]) == (done["action"], done["changes"])
    assert predicted["images"] == done["images"]
    return done


def test_a_moved_tag_is_pulled_again() -> None:
    client = service()
    options = {"containers": containers(), "location": "eastus", "image_update": "on_new_digest"}
    assert run(client, **options)["action"] == "created"
    assert run(client, **options)["action"] == "none"
    client.images.tags[TAG] = B
    client.calls.clear()
    done = predicted_and_done(client, **options)
    assert (done["changed"], done["action"]) == (True, "repulled")
    assert [(each["property"], each["before"], each["after"]) for each in done["changes"]] == [
        ("containers[web].image (digest)", A, B),
        ("state", "Running", "Running"),
    ]
    assert done["diff"]["after"]["containers[web].image (digest)"] == B
    assert [call for call in client.calls if call in ("put", "stop", "start")] == ["stop", "start"]
    assert run(client, **options)["action"] == "none"


@pytest.mark.parametrize("mode", ["ignore", None])
def test_nobody_is_asked_by_default(mode: str | None) -> None:
    client = service()
    options = {"containers": containers(), "location": "eastus", **({"image_update": mode} if mode else {})}
    run(client, **options)
    client.images.tags[TAG] = B
    result = run(client, **options)
    assert (result["action"], client.images.asked) == ("none", [])
    assert "images" not in result


def test_a_moved_tag_is_pinned() -> None:
    client = service()
    options = {"containers": containers(), "location": "eastus", "image_update": "pin"}
    run(client, **options)
    assert client.bodies[-1]["properties"]["containers"][0]["properties"]["image"] == f"nginx@{A}"
    assert run(client, **options)["action"] == "none"
    client.images.tags[TAG] = B
    client.calls.clear()
    done = predicted_and_done(client, **options)
    assert done["action"] == "updated"
    assert [(each["before"], each["after"]) for each in done["changes"]] == [(f"nginx@{A}", f"nginx@{B}")]
    assert run(client, **options)["action"] == "none"


@pytest.mark.parametrize("mode", ["on_new_digest", "pin"])
@pytest.mark.parametrize("check", [True, False])
def test_a_silent_registry_is_a_doubt_and_no_failure(mode: str, check: bool) -> None:
    client = service()
    options = {"containers": containers(), "location": "eastus", "image_update": mode}
    run(client, **options)
    client.images.tags[TAG] = SILENT
    client.calls.clear()
    warned: list[str] = []
    result = run(client, check=check, warned=warned, validation="strict", **options)
    assert (result["changed"], client.calls) == (False, ["get"])
    assert [doubt["rule"] for doubt in result["doubts"]] == ["image_digest"]
    assert "cannot be reached" in warned[0]


@pytest.mark.parametrize("check", [True, False])
def test_a_new_group_is_not_created_unpinned(check: bool) -> None:
    client = service(SILENT)
    with pytest.raises(Refused) as caught:
        run(client, check=check, containers=containers(), location="eastus", image_update="pin")
    assert (caught.value.code, client.calls) == ("ImageNotResolved", ["get"])


def test_a_group_that_rests_is_left_alone() -> None:
    client = service()
    options = {"containers": containers(), "location": "eastus", "image_update": "on_new_digest"}
    run(client, **options)
    run(client, state="stopped")
    client.images.tags[TAG] = B
    assert run(client, **options)["action"] == "none"
    assert run(client, state="started", **options)["action"] == "started"
    assert run(client, **options)["action"] == "none"


def test_a_removal_asks_nobody() -> None:
    client = service()
    run(client, containers=containers(), location="eastus")
    assert run(client, state="absent", image_update="on_new_digest")["action"] == "deleted"
    assert client.images.asked == []
