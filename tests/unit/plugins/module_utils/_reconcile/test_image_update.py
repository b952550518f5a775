# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags whose digest has changed: what is detected, what is a doubt, and what is a change."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.registry import Login, RegistryError
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Refused
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.image_update import with_digests
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
TAG = "registry-1.docker.io/library/nginx:1"
SILENT = RegistryError("registry-1.docker.io cannot be reached.")


def group(image: str = "nginx:1", running: str | None = A, state: str = "Running") -> dict[str, Any]:
    found = live(state, image=image)
    if running:
        message = f'Successfully pulled image "nginx@{running}"'
        view = found["properties"]["containers"][0]["properties"]["instanceView"]
        view["events"] = [{"name": "Pulled", "message": message, "lastTimestamp": "2026-01-01T00:00:00Z"}]
    return found


class Bench:
    def __init__(self, mode: str, tag: str | Exception | None = A, **options: Any) -> None:
        self.client = FakeClient()
        if tag is not None:
            self.client.images.tags[TAG] = tag
        self.warned: list[str] = []
        containers = [{"name": "web", "image": "nginx:1"}]
        given = {"containers": containers, "image_update": mode, **options}
        self.task = group_task(self.client, warned=self.warned, **given)

    def found(self, live: dict[str, Any] | None) -> GroupTask:
        before = copy.deepcopy(live)
        found = with_digests(self.task, live)
        assert live == before
        return found


def entry(task: GroupTask) -> dict[str, Any]:
    assert task.images is not None
    (found,) = task.images.as_result()
    return found


class TestOnNewDigest:
    def test_a_tag_that_has_not_moved(self) -> None:
        task = Bench("on_new_digest").found(group())
        assert entry(task) == {
            "container": "web",
            "init": False,
            "image": "nginx:1",
            "running_digest": A,
            "registry_digest": A,
            "moved": False,
            "reason": None,
        }
        assert task.images is not None
        assert (task.images.moved, task.images.doubts) == ([], [])

    def test_a_tag_that_has_moved_is_a_change_with_both_digests(self) -> None:
        task = Bench("on_new_digest", B).found(group())
        assert task.images is not None
        (change,) = task.images.moved
        assert (change.property, change.before, change.after) == ("containers[web].image (digest)", A, B)
        assert task.wanted.images == {}

    def test_the_image_of_one_platform_of_an_index(self) -> None:
        bench = Bench("on_new_digest", B)
        bench.client.images.indexes[B] = frozenset({A, C})
        assert entry(bench.found(group()))["moved"] is False

    @pytest.mark.parametrize("where", ["tag", "index"])
    def test_a_registry_that_does_not_answer_is_a_doubt(self, where: str) -> None:
        bench = Bench("on_new_digest", SILENT if where == "tag" else B)
        bench.client.images.indexes[B] = SILENT
        task = bench.found(group())
        assert task.images is not None
        assert task.images.moved == []
        (doubt,) = task.images.doubts
        assert (doubt.rule, doubt.path) == ("image_digest", "containers[web].image")
        assert "cannot be reached" in doubt.message
        assert "left as it is" in bench.warned[0]

    def test_events_without_a_digest_are_a_doubt(self) -> None:
        task = Bench("on_new_digest").found(group(running=None))
        assert entry(task)["running_digest"] is None
        assert task.images is not None
        assert len(task.images.doubts) == 1

    @pytest.mark.parametrize("live", [None, group("nginx:0"), group(state="Stopped"), group(state="Succeeded")])
    def test_what_is_pulled_in_any_case_is_not_asked_about(self, live: dict[str, Any] | None) -> None:
        bench = Bench("on_new_digest", None)
        found = entry(bench.found(live))
        assert (found["moved"], bench.client.images.asked, bench.warned) == (False, [], [])
        assert found["reason"]

    def test_an_image_that_the_task_omits(self) -> None:
        bench = Bench("on_new_digest", B, containers=[{"name": "web"}])
        assert entry(bench.found(group()))["moved"] is True

    def test_an_image_by_its_digest_needs_no_registry(self) -> None:
        image = f"nginx@{A}"
        bench = Bench("on_new_digest", None, containers=[{"name": "web", "image": image}])
        assert "by its digest" in entry(bench.found(group(image)))["reason"]

    def test_each_tag_is_asked_once(self) -> None:
        bench = Bench("on_new_digest", SILENT, containers=[{"name": "web"}, {"name": "side"}])
        two = group()
        two["properties"]["containers"].append({**copy.deepcopy(two["properties"]["containers"][0]), "name": "side"})
        bench.found(two)
        assert len(bench.client.images.asked) == 1


class TestPin:
    def test_a_tag_becomes_its_digest(self) -> None:
        task = Bench("pin", B).found(group())
        assert task.wanted.images == {"web": f"nginx@{B}"}
        assert (entry(task)["running_digest"], entry(task)["registry_digest"]) == (A, B)

    def test_a_new_group_is_pinned(self) -> None:
        assert Bench("pin", B).found(None).wanted.images == {"web": f"nginx@{B}"}

    @pytest.mark.parametrize("image", [f"nginx@{B}", f"docker.io/library/nginx@{B}", f"nginx:1@{B}"])
    def test_what_is_pinned_to_it_already_stays_as_it_is_written(self, image: str) -> None:
        task = Bench("pin", B).found(group(image))
        assert task.wanted.images == {"web": image}
        assert entry(task)["moved"] is False

    def test_a_pinned_image_whose_tag_has_moved(self) -> None:
        task = Bench("pin", B).found(group(f"nginx@{A}"))
        assert task.wanted.images == {"web": f"nginx@{B}"}
        assert entry(task)["moved"] is True

    @pytest.mark.parametrize("image", [f"nginx@{A}", "nginx:1"])
    def test_a_silent_registry_leaves_the_group_as_it_is(self, image: str) -> None:
        bench = Bench("pin", SILENT)
        task = bench.found(group(image))
        assert task.wanted.images == {"web": image}
        assert task.images is not None
        assert len(task.images.doubts) == 1

    @pytest.mark.parametrize("live", [None, group("nginx:0"), group("other:1"), group(f"other@{A}")])
    def test_what_nothing_is_known_of_is_not_sent_unpinned(self, live: dict[str, Any] | None) -> None:
        with pytest.raises(Refused, match=r"containers\[web\].image") as caught:
            Bench("pin", SILENT).found(live)
        assert caught.value.code == "ImageNotResolved"
        assert "cannot be reached" in caught.value.msg

    def test_init_containers(self) -> None:
        init = [{"name": "setup", "image": "nginx:1"}]
        task = Bench("pin", B, init_containers=init).found(None)
        assert task.wanted.images == {"setup": f"nginx@{B}", "web": f"nginx@{B}"}

    def test_the_credentials_of_the_group_go_to_their_registry_only(self) -> None:
        credentials = [
            {"server": "index.docker.io", "username": "me", "password": "secret"},
            {"server": "other.example", "username": "other", "password": "secret"},
            {"server": "identity.example", "identity": "/subscriptions/x"},
        ]
        bench = Bench("pin", B, image_registry_credentials=credentials)
        bench.found(None)
        assert bench.client.images.asked == [(TAG, Login("me", "secret"))]
