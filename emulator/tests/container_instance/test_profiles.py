# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Container group profiles, their revisions, and groups created from them."""

from __future__ import annotations

import uuid

import pytest

from .conftest import Answer, Server, container, definition

VERSION = "2025-09-01"


@pytest.fixture
def name() -> str:
    return f"p{uuid.uuid4().hex[:12]}"


def send(server: Server, method: str, name: str = "", end: str = "", body: object = None) -> Answer:
    base = f"/subscriptions/{server.subscription}/resourceGroups/rg1/providers/Microsoft.ContainerInstance"
    return server.send(method, f"{base}/containerGroupProfiles/{name}{end}?api-version={VERSION}", body)


def profile_id(server: Server, name: str) -> str:
    base = f"/subscriptions/{server.subscription}/resourceGroups/rg1/providers/Microsoft.ContainerInstance"
    return f"{base}/containerGroupProfiles/{name}"


def test_a_put_makes_a_revision(server: Server, name: str):
    first = send(server, "PUT", name, body={**definition(), "tags": {}})
    assert first.status == 201
    assert first.body["properties"]["revision"] == 1
    assert list(first.body) == ["properties", "id", "name", "type", "location", "tags"]
    assert not {"azure-asyncoperation", "location"} & first.headers.keys()
    second = send(server, "PUT", name, body=definition(containers=[container(image="nginx:2")]))
    assert (second.status, second.body["properties"]["revision"]) == (200, 2)
    assert send(server, "GET", name).body == second.body
    assert send(server, "GET", name, "/revisions/1").body == first.body
    listed = send(server, "GET", name, "/revisions").body["value"]
    assert listed == [first.body, second.body]
    missing = send(server, "GET", name, "/revisions/3")
    assert missing.status == 404
    assert send(server, "GET", name, "/revisions/x").status == 404


def test_patch_changes_tags_without_a_revision(server: Server, name: str):
    send(server, "PUT", name, body=definition())
    tagged = send(server, "PATCH", name, body={"tags": {"a": "b"}})
    assert (tagged.status, tagged.body["tags"], tagged.body["properties"]["revision"]) == (200, {"a": "b"}, 1)
    assert send(server, "GET", name).body == tagged.body


def test_delete_takes_the_revisions_along(server: Server, name: str):
    send(server, "PUT", name, body=definition())
    deleted = send(server, "DELETE", name)
    assert (deleted.status, deleted.text) == (200, "")
    assert send(server, "DELETE", name).status == 204
    assert send(server, "GET", name).code == "ResourceNotFound"
    assert send(server, "GET", name, "/revisions").status == 404


def test_profiles_are_listed_and_checked(server: Server, name: str):
    send(server, "PUT", name, body=definition())
    assert name in [each["name"] for each in send(server, "GET").body["value"]]
    path = f"/subscriptions/{server.subscription}/providers/Microsoft.ContainerInstance/containerGroupProfiles"
    assert name in [each["name"] for each in server.send("GET", f"{path}?api-version={VERSION}").body["value"]]
    assert send(server, "PUT", "Good_Name", body=definition()).status == 201
    assert send(server, "PUT", "bad.name", body=definition()).code == "InvalidContainerGroupProfileName"
    assert send(server, "PUT", name, body=definition(osType=None)).code == "InvalidOsType"
    assert send(server, "PUT", name, body={"location": "eastus", "properties": {}}).status == 409


def test_secrets_of_profiles_are_not_answered(server: Server, name: str):
    secret = container(environmentVariables=[{"name": "A", "secureValue": "hush-hush"}])
    answers = [send(server, "PUT", name, body=definition(containers=[secret]))]
    answers += [send(server, "GET", name), send(server, "GET", name, "/revisions"), send(server, "GET")]
    assert not any("hush" in answer.text for answer in answers)


def test_a_group_takes_what_it_does_not_say_from_its_profile(server: Server, name: str):
    send(server, "PUT", name, body=definition(restartPolicy="Never"))
    reference = {"id": profile_id(server, name), "revision": 1}
    own = {"name": "web", "properties": {"configMap": {"keyValuePairs": {"k": "v"}}}}
    body = {"location": "westus2", "properties": {"containerGroupProfile": reference, "containers": [own]}}
    answer = server.put(name, body, version=VERSION)
    assert answer.status == 201, answer.text
    properties = answer.body["properties"]
    assert (properties["restartPolicy"], properties["osType"]) == ("Never", "Linux")
    assert properties["containerGroupProfile"] == reference
    inner = properties["containers"][0]["properties"]
    assert inner["image"] == "nginx:1.27"
    assert inner["configMap"] == {"keyValuePairs": {"k": "v"}}
    assert properties["isCreatedFromStandbyPool"] is False


def test_a_profile_must_be_there(server: Server, name: str):
    reference = {"id": profile_id(server, "nothing")}
    answer = server.put(name, definition(containerGroupProfile=reference), version=VERSION)
    assert (answer.status, answer.code) == (400, "ContainerGroupProfileNotFound")
    older = server.put(name, definition(containerGroupProfile=reference), version="2023-05-01")
    assert older.status == 201
    assert "containerGroupProfile" not in older.body["properties"]


def from_pool(server: Server, name: str, *, fail: bool = False, **properties: object) -> dict:
    """A definition of a group from a standby pool of a profile, as az sends it."""
    pool = {
        "id": "/subscriptions/x/resourceGroups/r/providers/Microsoft.StandbyPool/standbyContainerGroupPools/pool",
        "failContainerGroupCreateOnReuseFailure": fail,
    }
    reference = {"id": profile_id(server, name), "revision": 1}
    other = {"name": "other", "properties": {"configMap": {"keyValuePairs": {"k": "v"}}, **properties}}
    return {
        "location": "westus2",
        "tags": {},
        "properties": {"containers": [other], "containerGroupProfile": reference, "standbyPoolProfile": pool},
    }


def test_a_standby_pool_has_a_group_ready(server: Server, name: str):
    public = {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}]}
    send(server, "PUT", name, body=definition(ipAddress=public))
    answer = server.put(name, from_pool(server, name), version=VERSION)
    assert answer.status == 201, answer.text
    shown = answer.body["properties"]
    assert (shown["isCreatedFromStandbyPool"], shown["provisioningState"]) == (True, "Succeeded")
    assert shown["instanceView"]["state"] == "Running"
    assert [each["name"] for each in shown["containers"]] == ["web"]
    inner = shown["containers"][0]["properties"]
    assert inner["configMap"] == {"keyValuePairs": {}}
    assert [each["name"] for each in inner["instanceView"]["events"]] == ["Pulling", "Pulled", "Started"]
    assert shown["ipAddress"]["ip"]
    assert "standbyPoolProfile" not in shown
    operation = server.send("GET", answer.headers["azure-asyncoperation"]).body
    assert (list(operation), operation["status"]) == (["id", "status", "startTime"], "Succeeded")
    assert server.get(name).body["properties"] == shown
    again = server.put(name, from_pool(server, name), version=VERSION)
    assert again.body["properties"]["isCreatedFromStandbyPool"] is True


def test_a_group_of_a_pool_brings_configuration_maps_only(server: Server, name: str):
    send(server, "PUT", name, body=definition())
    answer = server.put(name, from_pool(server, name, image="nginx"), version=VERSION)
    assert (answer.status, answer.code) == (400, "BadRequest")
    assert answer.body["error"]["message"] == "ContainerGroup properties other than config map are not allowed"
    named = from_pool(server, name)
    named["properties"]["containers"][0]["name"] = "web"
    answer = server.put(name, named, version=VERSION)
    inner = answer.body["properties"]["containers"][0]["properties"]
    assert inner["configMap"] == {"keyValuePairs": {"k": "v"}}


def test_an_empty_pool(serve, name: str):
    server = serve(switches={"standby-pool": "empty"})
    send(server, "PUT", name, body=definition())
    body = from_pool(server, name, fail=True)
    assert server.put(name, body, version=VERSION).code == "StandbyPoolReuseFailure"
    body["properties"]["standbyPoolProfile"]["failContainerGroupCreateOnReuseFailure"] = False
    answer = server.put(name, body, version=VERSION)
    assert answer.status == 201, answer.text
    shown = answer.body["properties"]
    assert (shown["isCreatedFromStandbyPool"], shown["provisioningState"]) == (False, "Pending")
    assert [each["name"] for each in shown["containers"]] == ["web"]


def test_a_profile_of_a_foreign_subscription(server: Server, name: str):
    body = from_pool(server, name)
    foreign = "/subscriptions/da28f5e5-aa45-46fe-90c8-053ca49ab4b5"
    profile = profile_id(server, name).replace(f"/subscriptions/{server.subscription}", foreign)
    body["properties"]["containerGroupProfile"]["id"] = profile
    answer = server.put(name, body, version=VERSION)
    assert (answer.status, answer.code) == (403, "LinkedAuthorizationFailed")
    assert answer.headers["x-ms-failure-cause"] == "gateway"


def test_durations_of_profiles(server: Server, name: str):
    body = definition(shutdownGracePeriod="PT1H", timeToLive="P1DT2H")
    shown = send(server, "PUT", name, body=body).body["properties"]
    assert (shown["shutdownGracePeriod"], shown["timeToLive"]) == ("PT1H", "P1DT2H")
    for wrong in ("1h", "PT", "P", "", 3600):
        answer = send(server, "PUT", name, body=definition(timeToLive=wrong))
        assert (answer.status, answer.code) == (400, "InvalidRequestContent"), wrong


def test_a_profile_may_be_of_a_private_group(server: Server, name: str):
    private = {"type": "Private", "ports": [{"port": 80}]}
    assert send(server, "PUT", name, body=definition(ipAddress=private)).status == 201


def test_older_versions_know_no_profiles(server: Server, name: str):
    path = profile_id(server, name)
    answer = server.send("GET", f"{path}?api-version=2023-05-01")
    assert (answer.status, answer.code) == (400, "NoRegisteredProviderFound")


def test_properties_of_newer_versions_are_kept(server: Server, name: str):
    body = definition(
        secretReferences=[{"name": "ref", "identity": "i", "secretReferenceUri": "https://v/s"}],
        identityAcls={"defaultAccess": "all", "acls": [{"access": "User", "identity": "i"}]},
        containers=[container(environmentVariables=[{"name": "A", "secureValueReference": "ref"}])],
    )
    shown = server.put(name, body, version=VERSION).body["properties"]
    assert shown["secretReferences"] == body["properties"]["secretReferences"]
    assert shown["identityAcls"]["defaultAccess"] == "All"
    assert shown["containers"][0]["properties"]["environmentVariables"] == [
        {"name": "A", "secureValueReference": "ref"}
    ]
    assert server.get(name, version="2021-10-01").body["properties"]["secretReferences"]
