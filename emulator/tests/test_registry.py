# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's registry: the digests of tags, access, and the same digests in containers' events."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from aci_emulator.registry import AUDIENCE
from aci_emulator.runtime.images import INDEX_TYPE, MANIFEST_TYPE, Digests

HOST = "127.0.0.1:8443"
GROUPS = "resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups"


def ask(api: Any, name: str = "web", reference: str = "1", token: str = "", method: str = "GET") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return api.client.request(method, f"/v2/{name}/manifests/{reference}", headers=headers)


def anonymous(api: Any, name: str = "web") -> str:
    answer = api.client.get("/oauth2/token", params={"service": HOST, "scope": f"repository:{name}:pull"})
    assert answer.status_code == 200
    return str(answer.json()["access_token"])


def test_a_client_is_told_where_to_get_a_token(api: Any) -> None:
    answer = ask(api)
    assert answer.status_code == 401
    scheme, _, parameters = answer.headers["www-authenticate"].partition(" ")
    assert scheme == "Bearer"
    found = dict(each.split("=", 1) for each in parameters.split(","))
    assert found == {
        "realm": f'"https://{HOST}/oauth2/token"',
        "service": f'"{HOST}"',
        "scope": '"repository:web:pull"',
    }
    assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"
    assert api.client.get("/v2/").status_code == 401
    assert api.client.get("/v2/", headers={"Authorization": f"Bearer {anonymous(api)}"}).status_code == 200


def test_digests_are_those_of_what_is_served(api: Any) -> None:
    token = anonymous(api, "shop/web")
    index = ask(api, "shop/web", token=token)
    digest = index.headers["docker-content-digest"]
    assert digest == "sha256:" + hashlib.sha256(index.content).hexdigest()
    assert index.headers["content-type"] == INDEX_TYPE
    head = ask(api, "shop/web", token=token, method="HEAD")
    assert (head.headers["docker-content-digest"], head.content) == (digest, b"")
    assert ask(api, "shop/web", digest, token).content == index.content
    (listed,) = index.json()["manifests"]
    child = ask(api, "shop/web", listed["digest"], token)
    assert child.headers["content-type"] == MANIFEST_TYPE
    assert "sha256:" + hashlib.sha256(child.content).hexdigest() == listed["digest"]
    assert len(child.content) == listed["size"]


def test_a_tag_that_is_moved(api: Any) -> None:
    token = anonymous(api)
    before = ask(api, token=token).headers["docker-content-digest"]
    other = ask(api, reference="2", token=token).headers["docker-content-digest"]
    moved = api.client.post("/emulator/images", json={"reference": f"{HOST}/web:1"}).json()
    assert moved["before"] == before != moved["digest"]
    assert ask(api, token=token).headers["docker-content-digest"] == moved["digest"]
    assert ask(api, reference="2", token=token).headers["docker-content-digest"] == other
    assert ask(api, reference=before, token=token).status_code == 200
    shown = api.client.get("/emulator/images", params={"reference": f"{HOST}/web:1"}).json()
    assert shown == {"reference": f"{HOST}/web:1", "digest": moved["digest"]}


def test_a_move_outlives_the_emulator_and_not_a_reset(start_api: Callable[..., Any]) -> None:
    api = start_api()
    first = api.emulator.digests.of(f"{HOST}/web")
    moved = api.emulator.digests.move(f"{HOST}/web:latest")
    assert Digests(api.emulator.store).of(f"{HOST}/web") == moved != first
    assert api.client.post("/emulator/reset").status_code == 204
    assert Digests(api.emulator.store).of(f"{HOST}/web") == first


@pytest.mark.parametrize("reference", ["", "Not an image", f"web@sha256:{'a' * 64}", "x" * 300])
def test_what_cannot_be_moved(api: Any, reference: str) -> None:
    answer = api.client.post("/emulator/images", json={"reference": reference})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "InvalidControlRequest"


@pytest.mark.parametrize(("name", "reference"), [("missing/web", "1"), ("web", f"sha256:{'a' * 64}")])
def test_what_is_not_there(api: Any, name: str, reference: str) -> None:
    answer = ask(api, name, reference, anonymous(api, name))
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "MANIFEST_UNKNOWN"


def test_a_token_is_for_one_repository(api: Any) -> None:
    assert ask(api, "other", token=anonymous(api)).status_code == 401
    assert ask(api, token="guessed").status_code == 401


class TestPrivate:
    QUERY = {"service": HOST, "scope": "repository:private/web:pull"}

    def test_nobody_gets_a_token(self, api: Any) -> None:
        assert api.client.get("/oauth2/token", params=self.QUERY).status_code == 401

    def test_an_application_gets_one(self, api: Any) -> None:
        main = api.directory.main
        answer = api.client.get("/oauth2/token", params=self.QUERY, auth=(main.client_id, main.secrets[0]))
        assert ask(api, "private/web", token=answer.json()["access_token"]).status_code == 200

    @pytest.mark.parametrize("given", ["Basic !", "Basic " + "YTpi", "Bearer x", "Basic"])
    def test_a_wrong_secret_does_not(self, api: Any, given: str) -> None:
        headers = {"Authorization": given}
        assert api.client.get("/oauth2/token", params=self.QUERY, headers=headers).status_code == 401

    def exchange(self, api: Any, audience: str) -> Any:
        token = api.emulator.tokens.issue(api.directory.main, audience).value
        form = {"grant_type": "access_token", "service": HOST, "access_token": token}
        return api.client.post("/oauth2/exchange", data=form)

    def test_a_token_of_the_directory_does(self, api: Any) -> None:
        refresh = self.exchange(api, AUDIENCE).json()["refresh_token"]
        form = {"grant_type": "refresh_token", "service": HOST, "scope": self.QUERY["scope"], "refresh_token": refresh}
        answer = api.client.post("/oauth2/token", data=form)
        assert ask(api, "private/web", token=answer.json()["access_token"]).status_code == 200

    def test_a_token_of_resource_manager_does_not(self, api: Any) -> None:
        assert self.exchange(api, "https://management.azure.com").status_code == 401
        assert self.exchange(api, f"https://{HOST}").status_code == 401

    def test_a_token_for_registries_is_none_of_resource_manager(self, api: Any) -> None:
        value = api.emulator.tokens.issue(api.directory.main, AUDIENCE).value
        assert api.call("GET", "/subscriptions", headers={"Authorization": f"Bearer {value}"}).status_code == 401

    @pytest.mark.parametrize("path", ["/oauth2/exchange", "/oauth2/token"])
    @pytest.mark.parametrize(
        "body", ["", "grant_type=access_token&service=x", "grant_type=refresh_token", "x" * 70_000, "\xff"]
    )
    def test_nonsense(self, api: Any, path: str, body: str) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert api.client.post(path, content=body.encode("latin-1"), headers=headers).status_code in (400, 401)


def test_a_moved_tag_is_pulled_by_the_next_start(api: Any) -> None:
    api.group()
    image = f"{HOST}/web:1"
    requests = {"requests": {"cpu": 1, "memoryInGB": 1}}
    container = {"name": "web", "properties": {"image": image, "resources": requests}}
    body = {"location": "westus2", "properties": {"osType": "Linux", "containers": [container]}}

    def pulled() -> str:
        group = api.call("GET", f"{GROUPS}/web", version="2023-05-01").json()
        events = group["properties"]["containers"][0]["properties"]["instanceView"]["events"]
        return str([event for event in events if event["name"] == "Pulled"][-1]["message"])

    assert api.call("PUT", f"{GROUPS}/web", body, version="2023-05-01").status_code == 201
    api.advance(60)
    digests = api.emulator.digests
    assert pulled() == f'Successfully pulled image "{HOST}/web@{digests.of(image)}"'
    moved = digests.move(image)
    assert moved not in pulled()
    assert api.call("POST", f"{GROUPS}/web/stop", version="2023-05-01").status_code == 204
    api.advance(60)
    assert api.call("POST", f"{GROUPS}/web/start", version="2023-05-01").status_code in (202, 204)
    api.advance(60)
    assert pulled() == f'Successfully pulled image "{HOST}/web@{moved}"'


def test_one_tag_written_in_two_ways() -> None:
    digests = Digests()
    assert digests.of("nginx") == digests.of("docker.io/nginx:latest") != digests.of("nginx:1")
    assert digests.of(f"nginx@sha256:{'a' * 64}") == f"sha256:{'a' * 64}"


def test_what_is_asked_for_is_named_by_the_host_that_was_asked(api: Any) -> None:
    answer = api.client.get("/v2/web/manifests/1", headers={"Host": "localhost:8443"})
    realm = dict(parse_qsl(urlsplit(answer.headers["www-authenticate"]).query)) or answer.headers["www-authenticate"]
    assert "https://localhost:8443/oauth2/token" in str(realm)
