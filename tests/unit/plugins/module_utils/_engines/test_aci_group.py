# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_group with a small fake client, whose responses the test controls."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.operation import OperationStatus
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    InvalidArguments,
    Refused,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery import recovery_file
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery_content import write_recovery
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import (
    FakeClient,
    FakeClock,
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def containers(**web: Any) -> list[dict[str, Any]]:
    return [{"name": "web", "image": "nginx:1", **web}]


def made(client: FakeClient, **web: Any) -> FakeClient:
    run(client, containers=containers(**web), location="eastus", tags={"a": "1"})
    client.calls.clear()
    client.bodies.clear()
    return client


def run(client: FakeClient, check: bool = False, warned: list[str] | None = None, **options: Any) -> dict[str, Any]:
    clock = FakeClock()
    defaults = {name: spec.get("default") for name, spec in aci_group.SPEC.arguments.items()}
    params = {**defaults, "resource_group": "rg", "name": "web", **options}
    warn = (warned if warned is not None else []).append
    fake: Any = client
    context = Context(params, check, True, fake, warn, sleep=clock.sleep, monotonic=clock.monotonic)
    return aci_group.run(context)


def test_creating_looks_the_location_up_only_when_it_is_omitted() -> None:
    client = FakeClient()
    result = run(client, containers=containers())
    assert (result["changed"], result["action"]) == (True, "created")
    assert client.calls == ["get", "get resource group", "put", "get"]
    assert client.bodies[0]["location"] == "westeurope"
    assert result["container_group"]["state"] == "Running"
    other = FakeClient()
    run(other, containers=containers(), location="eastus")
    assert other.calls == ["get", "put", "get"]


def test_no_change_costs_one_request() -> None:
    client = made(FakeClient())
    result = run(client, containers=containers(), location="eastus", tags={"a": "1"})
    assert (result["changed"], result["action"], result["changes"]) == (False, "none", [])
    assert client.calls == ["get"]


@pytest.mark.parametrize(
    ("options", "action"),
    [
        ({"containers": containers(image="nginx:2")}, "updated"),
        ({"tags": {"a": "2"}}, "tagged"),
        ({"state": "stopped"}, "stopped"),
        ({"state": "restarted"}, "restarted"),
        ({"state": "started"}, "none"),
        ({"state": "absent"}, "deleted"),
        ({"containers": containers(image="nginx:2"), "state": "stopped"}, "updated"),
        ({"restart_policy": "Never", "recreate": "when_needed"}, "recreated"),
        ({"zones": ["1"]}, "updated"),
    ],
)
def test_check_mode_predicts_the_real_run_and_writes_nothing(options: dict[str, Any], action: str) -> None:
    client = made(FakeClient())
    before = copy.deepcopy(client.group)
    predicted = run(client, check=True, **options)
    assert client.group == before
    questions = {"locks", "permissions", "policy"}
    assert set(client.calls) - questions == {"get"}
    assert (set(client.calls) >= questions) == (action == "recreated")
    real = run(client, **options)
    assert predicted["action"] == real["action"] == action
    assert predicted["changed"] == real["changed"] == (action != "none")
    assert predicted["diff"] == real["diff"]
    assert [change["property"] for change in predicted["changes"]] == [change["property"] for change in real["changes"]]
    again = run(client, **{**options, "state": "present"} if options.get("state") == "restarted" else options)
    assert again["changed"] is False


def test_an_unknown_effect_is_told_after_the_fact() -> None:
    client = made(FakeClient())
    assert run(client, check=True, zones=["1"])["changes"][0]["effect"] == "in_place_or_recreate"
    assert run(client, zones=["1"])["changes"][0]["effect"] == "in_place"


def refuse_in_place(client: FakeClient) -> None:
    def refuse(body: dict[str, Any]) -> None:
        if client.group is not None:
            raise AzureError("refused", code="InvalidContainerGroupUpdate", status=400, message="Invalid updates.")

    client.on_put = refuse


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"restart_policy": "Never"}, "change restart_policy from 'Always' to 'Never'"),
        ({"os_type": "Windows"}, "change os_type from 'Linux' to 'Windows'"),
        ({"subnet_ids": [{"id": "/s"}]}, "from nothing to "),
    ],
)
def test_a_value_that_is_not_there_is_told_as_the_default(options: dict[str, Any], said: str) -> None:
    client = made(FakeClient())
    assert client.group is not None
    client.group["properties"].pop("restartPolicy", None)
    with pytest.raises(Refused) as caught:
        run(client, **options)
    assert said in caught.value.msg
    assert "None" not in caught.value.msg.partition("change ")[2].partition(".")[0].replace("'name': None", "")


def test_the_services_refusal_needs_consent_to_recreate() -> None:
    client = made(FakeClient())
    refuse_in_place(client)
    with pytest.raises(Refused, match="recreate: when_needed") as caught:
        run(client, zones=["1"])
    assert caught.value.code == "RecreateNeeded"
    assert "Invalid updates." in caught.value.msg
    assert client.group is not None
    client.calls.clear()
    result = run(client, zones=["1"], recreate="when_needed")
    assert (result["action"], result["changes"][0]["effect"]) == ("recreated", "recreate")
    asked = ["locks", "permissions", "policy"]
    assert [call for call in client.calls if call != "get"] == ["put", *asked, "delete", "put"]
    assert result["lost"] == ["the logs of its runs so far"]
    assert [each["check"] for each in result["unverified"]] == ["capacity", "image"]


def test_check_mode_asks_about_a_recreation_that_only_may_come() -> None:
    client = made(FakeClient())
    client.calls.clear()
    assert run(client, check=True, zones=["1"])["lost"] == []
    assert "policy" not in client.calls
    predicted = run(client, check=True, zones=["1"], recreate="when_needed")
    assert predicted["changes"][0]["effect"] == "in_place_or_recreate"
    assert predicted["lost"] == ["the logs of its runs so far"]
    assert "policy" in client.calls
    # The service makes the change in place: nothing is lost, and no permission is needed.
    client.calls.clear()
    assert run(client, zones=["1"], recreate="when_needed")["lost"] == []
    assert "policy" not in client.calls


def test_a_recreation_without_consent_sends_nothing_in_both_modes() -> None:
    client = made(FakeClient())
    messages = []
    for check in (True, False):
        with pytest.raises(Refused, match="restart_policy from 'Always' to 'Never'") as caught:
            run(client, check=check, restart_policy="Never")
        messages.append(caught.value.msg)
    assert messages[0] == messages[1]
    assert client.calls == ["get", "get"]


def test_a_failed_recreation_says_that_the_group_is_gone_and_returns_its_definition() -> None:
    client = made(FakeClient(), environment_variables=[{"name": "P", "secure_value": "canary"}])

    def fail(body: dict[str, Any]) -> None:
        raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

    client.on_put = fail
    variables = [{"name": "P", "secure_value": "canary"}]
    assert client.group is not None
    with pytest.raises(AzureError, match="was deleted to be recreated and is gone") as caught:
        run(
            client,
            restart_policy="Never",
            recreate="when_needed",
            containers=containers(environment_variables=variables),
        )
    definition = caught.value.result["definition"]
    assert definition["properties"]["containers"][0]["properties"]["image"] == "nginx:1"
    assert "canary" not in str(definition)
    kept = Path(caught.value.result["recovery_file"])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "canary" not in kept.read_text()
    client.on_put = lambda body: None
    # Omitted properties are not lost, because they are in the file. The secret is not in it, so it is required.
    with pytest.raises(InvalidArguments, match=r"variables\[P\]: a value is required. Give value, secure_value or"):
        run(client, containers=[{"name": "web"}])
    run(client, containers=[{"name": "web", "environment_variables": variables}])
    assert client.bodies[-1]["properties"]["restartPolicy"] == "Never"
    assert client.bodies[-1]["location"] == "eastus"
    assert not kept.exists()


@pytest.mark.parametrize("check", [True, False])
def test_what_somebody_else_wrote_is_not_run(tmp_path: Path, check: bool) -> None:
    client = FakeClient()
    recovery = recovery_file(str(tmp_path), client.subscription_id, "rg", "web")
    sizes = {"requests": {"cpu": 1, "memoryInGB": 1}}
    planted = {"name": "web", "properties": {"image": "nginx:1", "command": ["planted"], "resources": sizes}}
    body = {"location": "eastus", "properties": {"osType": "Linux", "containers": [planted]}}
    write_recovery(recovery, body, "2025-09-01", body)
    recovery.path.chmod(0o666)
    with pytest.raises(AciError, match="not trusted: others can write to it") as caught:
        run(client, check=check, recovery_dir=str(tmp_path), containers=[{"name": "web", "image": "nginx:1"}])
    assert caught.value.code == "RecoveryFileRefused"
    assert "put" not in client.calls
    recovery.path.chmod(0o600)
    run(client, recovery_dir=str(tmp_path), containers=[{"name": "web", "image": "nginx:1"}])
    assert "planted" in str(client.bodies[-1])


def test_no_group_is_deleted_when_its_file_could_not_be_trusted(tmp_path: Path) -> None:
    client = made(FakeClient())
    tmp_path.chmod(0o777)
    with pytest.raises(AciError, match="Nothing was deleted") as caught:
        run(client, restart_policy="Never", recreate="when_needed", recovery_dir=str(tmp_path))
    assert caught.value.code == "RecoveryFileUnwritable"
    assert "delete" not in client.calls


def test_a_recreation_that_fails_restores_the_old_group_where_no_secret_is_missing() -> None:
    client = made(FakeClient())

    def fail(body: dict[str, Any]) -> None:
        if body["properties"].get("restartPolicy") == "Never":
            raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

    client.on_put = fail
    with pytest.raises(AzureError, match="its old definition was restored") as caught:
        run(client, restart_policy="Never", recreate="when_needed")
    assert caught.value.result["restored"] is True
    assert client.group is not None
    assert client.group["properties"]["containers"][0]["properties"]["image"] == "nginx:1"
    assert not list(Path.home().rglob("*.json"))


def test_a_group_that_cannot_be_read_after_a_failed_recreation_is_not_taken_for_gone() -> None:
    client = made(FakeClient())
    puts: list[dict[str, Any]] = []

    def away(_rg: str, _name: str) -> None:
        raise AzureError("Away.", status=503)

    def fail(body: dict[str, Any]) -> None:
        puts.append(body)
        client.get_group = away  # type: ignore[method-assign]
        raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

    client.on_put = fail
    with pytest.raises(AzureError, match=r"Could not read whether .* exists: Away\..*Its definition is in") as caught:
        run(client, restart_policy="Never", recreate="when_needed")
    # Nothing is restored over a group that may exist.
    assert {body["properties"]["restartPolicy"] for body in puts} == {"Never"}
    assert Path(caught.value.result["recovery_file"]).exists()


def test_losing_a_system_assigned_identity_needs_its_own_consent() -> None:
    client = made(FakeClient())
    assert client.group is not None
    client.group["identity"] = {"type": "SystemAssigned", "principalId": "p"}
    with pytest.raises(Refused, match="recreate_identity: true"):
        run(client, restart_policy="Never", recreate="when_needed")
    assert run(client, restart_policy="Never", recreate="when_needed", recreate_identity=True)["action"] == "recreated"


def test_a_recreation_without_quota_is_refused_before_the_delete() -> None:
    client = made(FakeClient())
    client.usages = [{"name": {"value": "StandardCores"}, "limit": 4, "currentValue": 3}]
    bigger = containers(resources={"requests": {"cpu": 3.0}})
    with pytest.raises(Refused, match="limit is 4, 3 are in use and 3 are required") as caught:
        run(client, containers=bigger, recreate="when_needed")
    assert caught.value.code == "QuotaExceeded"
    assert "delete" not in client.calls


def test_repulling_stops_and_starts() -> None:
    client = made(FakeClient())
    assert run(client, check=True, repull=True)["action"] == "repulled"
    assert run(client, repull=True)["action"] == "repulled"
    assert [call for call in client.calls if call != "get"] == ["stop", "start"]


@pytest.mark.parametrize("way", ["with_changes", "always", "fingerprint"])
def test_ways_to_update_secrets(way: str) -> None:
    def task(client: FakeClient, secret: str) -> str:
        variables = [{"name": "P", "secure_value": secret}]
        result = run(
            client,
            containers=containers(environment_variables=variables),
            location="eastus",
            update_secrets=way,
            fingerprint_key="key-canary",
        )
        assert not any(word in str(result) for word in ("key-canary", "first", "second", "fingerprint"))
        return str(result["action"])

    client = FakeClient()
    actions = [task(client, "first"), task(client, "first"), task(client, "second"), task(client, "second")]
    assert (
        actions
        == {
            "with_changes": ["created", "none", "none", "none"],
            "always": ["created", "updated", "updated", "updated"],
            "fingerprint": ["created", "none", "updated", "none"],
        }[way]
    )


def test_secrets_that_would_be_lost_stop_the_change() -> None:
    client = made(FakeClient(), environment_variables=[{"name": "P", "secure_value": "canary"}])
    with pytest.raises(Refused, match=r"containers\[web\].environment_variables\[P\].secure_value") as caught:
        run(client, containers=[{"name": "web", "image": "nginx:2"}])
    assert caught.value.code == "SecretsMissing"
    assert "put" not in client.calls
    assert run(client, tags={"a": "2"})["action"] == "tagged"


def test_tags_that_a_put_ignores_are_patched() -> None:
    client = made(FakeClient())
    client.put_tags = False
    result = run(client, containers=containers(image="nginx:2"), tags={"a": "2"})
    assert result["action"] == "updated"
    assert result["container_group"]["tags"] == {"a": "2"}
    assert [call for call in client.calls if call != "get"] == ["put", "patch"]


class GovernedClient(FakeClient):
    """A service with a policy that sets a tag, regardless of the request."""

    def patch_group(self, _rg: str, _name: str, body: dict[str, Any], *, deadline: float) -> dict[str, Any]:
        return super().patch_group(_rg, _name, {"tags": {**body["tags"], "env": "prod"}}, deadline=deadline)

    def deploy(self) -> None:
        super().deploy()
        assert self.group is not None
        self.group["tags"] = {**(self.group.get("tags") or {}), "env": "prod"}


OVERRIDDEN = [{"property": "tags[env]", "wanted": "dev", "live": "prod"}]


def test_a_tag_that_a_policy_sets_is_no_change_but_overridden() -> None:
    client, warned = made(GovernedClient()), []
    result = run(client, warned=warned, tags={"env": "dev"})
    assert (result["changed"], result["action"], result["changes"]) == (False, "none", [])
    assert (result["overridden"], result["diff"]["before"]) == (OVERRIDDEN, {})
    assert len(warned) == 1
    assert "tags[env] is 'prod', not 'dev'" in warned[0]
    assert "ignore_tags" in warned[0]
    assert run(client, check=True, tags={"env": "dev"})["action"] == "tagged"  # it cannot be predicted


def test_tags_that_stick_are_a_change_beside_one_that_does_not() -> None:
    result = run(made(GovernedClient()), tags={"env": "dev", "a": "2"})
    assert (result["action"], [change["property"] for change in result["changes"]]) == ("tagged", ["tags[a]"])
    assert result["overridden"] == OVERRIDDEN
    result = run(made(GovernedClient()), tags={"env": "dev"}, containers=containers(image="nginx:2"))
    assert [change["property"] for change in result["changes"]] == ["containers[web].image"]
    assert (result["action"], result["overridden"]) == ("updated", OVERRIDDEN)


def test_a_new_group_tells_its_overridden_tags_and_a_free_one_none() -> None:
    client: FakeClient = GovernedClient()
    assert run(client, containers=containers(), tags={"env": "dev"})["overridden"] == OVERRIDDEN
    assert run(FakeClient(), containers=containers(), tags={"env": "dev"})["overridden"] == []


def test_a_tag_that_changes_to_something_else_is_shown_as_what_it_is() -> None:
    client = made(GovernedClient())
    assert client.group is not None
    client.group["tags"]["env"] = "old"
    result = run(client, tags={"env": "dev"})
    assert (result["action"], result["overridden"]) == ("tagged", OVERRIDDEN)
    assert [(change["before"], change["after"]) for change in result["changes"]] == [("old", "prod")]


def test_what_the_service_does_not_apply_is_an_error() -> None:
    client = made(FakeClient())
    client.on_put = lambda body: body["properties"]["containers"][0]["properties"].update(image="nginx:1")
    with pytest.raises(AciError, match=r"other values for containers\[web\].image") as caught:
        run(client, containers=containers(image="nginx:2"))
    assert caught.value.code == "NotApplied"


@pytest.mark.parametrize("applied", [True, False])
def test_a_put_of_unknown_outcome_is_sent_again_only_if_it_was_not_applied(applied: bool) -> None:
    client = made(FakeClient())
    failures = [applied]

    def lose(body: dict[str, Any]) -> None:
        if failures:
            if failures.pop():
                client.store(body)
            raise Ambiguous("connection lost", code="ConnectionLost")

    client.on_put = lose
    result = run(client, containers=containers(image="nginx:2"))
    assert result["action"] == "updated"
    assert client.calls.count("put") == (1 if applied else 2)


def test_a_restart_of_unknown_outcome_is_not_repeated_once_it_happened() -> None:
    client = made(FakeClient())

    def lose(verb: str) -> None:
        client.deploy()
        raise Ambiguous("connection lost", code="ConnectionLost")

    client.on_post = lose
    assert run(client, state="restarted")["action"] == "restarted"
    assert client.calls.count("restart") == 1


def test_after_a_restart_the_old_run_does_not_count() -> None:
    client = made(FakeClient())
    reads = []
    original = client.get_group

    def slow(rg: str, name: str) -> dict[str, Any] | None:
        group = original(rg, name)
        reads.append(1)
        if len(reads) in (2, 3):
            assert group is not None
            group["properties"]["containers"][0]["properties"]["instanceView"] = client.view(1)
        return group

    client.get_group = slow  # type: ignore[method-assign]
    result = run(client, state="restarted")
    assert result["container_group"]["containers"][0]["instance_view"]["current_state"]["start_time"] == "2"
    assert len(reads) == 4


def test_a_failed_operation_tells_code_and_reasons() -> None:
    client = FakeClient()
    events = [{"name": "InsufficientCapacity.", "message": "No room."}]
    client.statuses = [OperationStatus("Failed", True, False, None, events)]
    with pytest.raises(AzureError, match=r"ended with status Failed: InsufficientCapacity\. No room\.") as caught:
        run(client, containers=containers(), location="eastus")
    assert caught.value.code == "OperationFailed"
    assert caught.value.result["container_group"]["provisioning_state"] == "Succeeded"


def test_a_timeout_returns_the_last_state() -> None:
    client = FakeClient()
    client.view = lambda run: {"restartCount": 0, "currentState": {"state": "Waiting", "detailStatus": "Pulling"}}
    client.state = "Pending"
    with pytest.raises(TimedOut, match=r"Timed out after 60 s .*Container web waits \(Pulling\)") as caught:
        run(client, containers=containers(), location="eastus", wait_timeout=60)
    assert caught.value.result["container_group"]["state"] == "Pending"


def test_a_pull_that_backs_off_ends_the_wait_early() -> None:
    client = FakeClient()
    event = {"name": "Failed", "message": 'Failed to pull image "x"', "type": "Warning"}
    client.view = lambda run: {"currentState": {"state": "Waiting"}, "events": [event]}
    client.state = "Pending"
    with pytest.raises(AciError, match="could not be pulled for 20 s") as caught:
        run(client, containers=containers(), location="eastus", image_pull_timeout=20)
    assert caught.value.code == "ImagePullFailed"


@pytest.mark.parametrize("check", [True, False])
def test_a_crash_loop_is_no_more_ok_on_the_second_run(check: bool) -> None:
    client = made(FakeClient())
    assert client.group is not None
    client.group["properties"]["containers"][0]["properties"]["instanceView"] = {
        "restartCount": 7,
        "currentState": {"state": "Waiting", "detailStatus": "CrashLoopBackOff: Back-off 10s restarting failed"},
    }
    with pytest.raises(AciError, match="keeps crashing") as caught:
        run(client, check=check, containers=containers())
    assert caught.value.code == "CrashLoop"


def test_a_task_is_waited_for_to_its_end_and_its_exit_code_counts() -> None:
    client = FakeClient()
    client.state = "Failed"
    client.view = lambda run: {"currentState": {"state": "Terminated", "exitCode": 3, "detailStatus": "Error"}}
    options = {"containers": containers(), "location": "eastus", "restart_policy": "Never", "wait_for": "completed"}
    with pytest.raises(AciError, match="Container web ended with exit code 3") as caught:
        run(client, **options)
    assert caught.value.result["exit_codes"] == {"web": 3}
    assert run(client, **options, allowed_exit_codes=[0, 3])["changed"] is False


def test_waiting_for_the_end_of_what_never_ends_is_refused() -> None:
    with pytest.raises(InvalidArguments, match=r"^restart_policy: with Always a group never completes"):
        run(FakeClient(), containers=containers(), location="eastus", wait_for="completed")


@pytest.mark.parametrize("state", ["present", "started", "stopped", "restarted"])
def test_a_missing_group_without_containers_is_a_clear_error(state: str) -> None:
    with pytest.raises(Refused, match="container group web in resource group rg does not exist") as caught:
        run(FakeClient(), state=state)
    assert caught.value.code == "ContainerGroupNotFound"


def no_resource_group(_rg: str, _name: str) -> None:
    raise AzureError("Resource group 'rg' could not be found.", code="ResourceGroupNotFound", status=404)


def test_a_missing_resource_group() -> None:
    client = FakeClient()
    client.get_group = no_resource_group  # type: ignore[assignment,method-assign]
    assert run(client, state="absent")["changed"] is False
    with pytest.raises(AzureError, match="could not be found"):
        run(client, containers=containers(), location="eastus")
    assert run(client, check=True, containers=containers(), location="eastus")["action"] == "created"


def test_without_waiting_nothing_is_polled() -> None:
    client = FakeClient()
    result = run(client, containers=containers(), location="eastus", wait=False)
    assert result["action"] == "created"
    assert client.calls == ["get", "put"]


def test_what_goes_in_place_is_carried_along_by_a_recreation() -> None:
    options = {"restart_policy": "Never", "containers": containers(image="nginx:2"), "tags": {"a": "2"}}
    with pytest.raises(Refused, match=r"to change restart_policy from 'Always' to 'Never'[.]"):
        run(made(FakeClient()), **options)
    client = made(FakeClient())
    predicted = run(client, check=True, recreate="when_needed", **options)
    real = run(client, recreate="when_needed", **options)
    effects = {"restart_policy": "recreate", "containers[web].image": "recreate", "tags[a]": "tags"}
    for result in (predicted, real):
        assert {change["property"]: change["effect"] for change in result["changes"]} == effects


def test_a_group_cannot_be_nowhere() -> None:
    client = made(FakeClient())
    with pytest.raises(InvalidArguments, match="location must not be empty"):
        run(client, location="", recreate="when_needed")
    assert client.calls == []


def test_an_emptied_dictionary_below_another_removes_itself_alone() -> None:
    security = {"run_as_user": 1000, "privileged": False, "capabilities": {"add": ["NET_ADMIN"], "drop": None}}
    client = FakeClient()
    run(client, containers=containers(security_context=security))
    # As Ansible passes `security_context: {capabilities: {}}`: absent options are None.
    emptied = {"run_as_user": None, "privileged": None, "capabilities": {"add": None, "drop": None}}
    result = run(client, containers=containers(security_context=emptied))
    assert [change["property"] for change in result["changes"]] == ["containers[web].security_context.capabilities"]
    assert client.bodies[-1]["properties"]["containers"][0]["properties"]["securityContext"] == {
        "runAsUser": 1000,
        "privileged": False,
    }


def test_a_predicted_group_has_its_name_and_place() -> None:
    client = FakeClient()
    predicted = run(client, check=True, containers=containers(), location="eastus")["container_group"]
    assert (predicted["resource_group"], predicted["subscription_id"]) == ("rg", "s")
    assert predicted["id"].startswith("/subscriptions/s/resourceGroups/rg/")


def test_a_deletion_names_the_tags_that_go() -> None:
    client = made(FakeClient())
    changes = {change["property"]: change for change in run(client, state="absent")["changes"]}
    assert (changes["tags[a]"]["before"], changes["tags[a]"]["after"]) == ("1", None)
    assert {change["effect"] for change in changes.values()} == {"delete"}


def test_a_stopped_group_that_is_changed_and_stopped_again_shows_no_change_of_state() -> None:
    client = made(FakeClient())
    run(client, state="stopped")
    result = run(client, state="stopped", containers=containers(image="nginx:2"))
    assert [change["property"] for change in result["changes"]] == ["containers[web].image"]
    assert result["container_group"]["state"] == "Stopped"


@pytest.mark.parametrize("check", [True, False])
def test_tags_that_differ_by_case_only(check: bool) -> None:
    client = made(FakeClient())
    with pytest.raises(InvalidArguments, match="tags: Dup, dup are the same name"):
        run(client, check=check, tags={"Dup": "1", "dup": "2"})
    assert client.calls == ["get"]


def test_a_doubt_is_warned_of_and_explains_a_refusal() -> None:
    client, warned = FakeClient(group=None), list[str]()

    def refuse(_body: dict[str, Any]) -> None:
        raise AzureError("Could not create it.", code="BadRequest", status=400)

    client.on_put = refuse
    doubtful = containers(ports=[{"port": 22}])
    with pytest.raises(AzureError, match=r"Possible reason: .*reserves port 22") as caught:
        run(client, warned=warned, containers=doubtful)
    assert [doubt["rule"] for doubt in caught.value.result["doubts"]] == ["reserved_ports"]
    assert len(warned) == 1
    assert warned[0].startswith("containers[web].ports: the service reserves port 22")


def test_a_doubt_spares_a_running_group_and_one_that_would_be_recreated() -> None:
    client = FakeClient(group=None)
    run(client, containers=containers())
    client.calls.clear()
    late = containers(ports=[{"port": 22}])
    with pytest.raises(Refused) as caught:
        run(client, containers=late)
    assert caught.value.code == "Doubtful"
    early = {"os_type": "Windows", "recreate": "when_needed", "init_containers": [{"name": "i", "image": "x"}]}
    with pytest.raises(Refused) as caught:
        run(client, containers=containers(), **early)
    assert caught.value.code == "Doubtful"
    assert not {"put", "delete"} & set(client.calls)
    assert run(client, containers=late, validation="off")["action"] == "updated"


MAPPED = containers(config_map={"key_value_pairs": {"a": "2"}})


def keeping(client: FakeClient) -> FakeClient:
    """A service that does not restart containers when it applies a definition."""
    client.view = lambda _run: {"restartCount": 0, "currentState": {"state": "Running", "startTime": "1"}}
    return made(client, config_map={"key_value_pairs": {"a": "1"}})


def test_a_config_map_alone_waits_for_no_new_run() -> None:
    client = keeping(FakeClient())
    predicted = run(client, check=True, containers=MAPPED)
    result = run(client, containers=MAPPED)
    assert predicted["changes"] == result["changes"]
    assert (result["action"], result["changes"][0]["effect"]) == ("updated", "config_map")
    # The read for the plan, the PUT, and the read of the result (the prediction has its own read).
    assert client.calls == ["get", "get", "put", "get"]
    assert run(client, containers=MAPPED)["changed"] is False


def test_a_config_map_for_which_the_containers_restart_after_all() -> None:
    client = made(FakeClient(), config_map={"key_value_pairs": {"a": "1"}})
    assert run(client, containers=MAPPED)["changes"][0]["effect"] == "in_place"


def test_a_restart_that_is_asked_for_comes_after_a_config_map() -> None:
    client = keeping(FakeClient())
    result = run(client, containers=MAPPED, state="restarted")
    assert [call for call in client.calls if call != "get"] == ["put", "restart"]
    assert [change["effect"] for change in result["changes"]] == ["config_map", "restart"]


FLEET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/ngroups/fleet"


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "options",
    [{"containers": containers(image="nginx:2")}, {"tags": {"b": "2"}}, {"state": "stopped"}, {"state": "absent"}],
)
def test_a_group_of_an_ngroup_is_changed_with_a_warning(options: dict[str, Any], check: bool, inside: bool) -> None:
    client = made(FakeClient())
    assert client.group is not None
    (client.group["properties"] if inside else client.group)["orchestratorId"] = FLEET
    warned: list[str] = []
    result = run(client, check, warned, **options)
    assert result["changed"]
    assert result["container_group"]["orchestrator_id"] == FLEET
    assert [FLEET in text for text in warned] == [True]


def test_a_group_of_an_ngroup_that_stays_as_it_is() -> None:
    client = made(FakeClient())
    assert client.group is not None
    client.group["orchestratorId"] = FLEET
    warned: list[str] = []
    assert run(client, False, warned, containers=containers())["changed"] is False
    assert warned == []


# -- definitions -------------------------------------------------------------------------------------------------------

FILE = """
name: web
location: eastus
properties:
  osType: Linux
  containers:
    - name: web
      properties:
        image: nginx:1
        environmentVariables:
          - {name: TOKEN, secureValue: hush-hush}
        resources: {requests: {cpu: 1, memoryInGB: 1.5}}
"""


def in_file(tmp_path: Path, text: str = FILE) -> dict[str, Any]:
    (tmp_path / "group.yml").write_text(text)
    return {"definition_file": str(tmp_path / "group.yml")}


def test_the_name_may_come_from_the_file(tmp_path: Path) -> None:
    client = FakeClient()
    predicted = run(client, True, name=None, **in_file(tmp_path))
    assert predicted["container_group"]["id"].endswith("/containerGroups/web")
    assert run(client, name=None, **in_file(tmp_path))["action"] == "created"
    assert run(client, name=None, **in_file(tmp_path))["action"] == "none"
    assert run(client, name=None, state="absent", **in_file(tmp_path))["action"] == "deleted"
    with pytest.raises(InvalidArguments, match=r"definition\.name must be that of the task, other"):
        run(client, name="other", **in_file(tmp_path))
    with pytest.raises(InvalidArguments, match="name is required"):
        run(client, name=None, **in_file(tmp_path, FILE.replace("name: web\nlocation", "location")))
    with pytest.raises(InvalidArguments, match="not a valid name"):
        run(client, name=None, **in_file(tmp_path, FILE.replace("name: web\nlocation", "name: a/b\nlocation")))


OWN = {"expires_at": "2020-01-01T00:00:00Z", "run_id": "r", "aci-secrets-fingerprint": "v1:a:b"}


def test_a_copy_does_not_inherit_the_collections_tags(tmp_path: Path) -> None:
    tags = "".join(f"  {name}: '{value}'\n" for name, value in OWN.items())
    options = in_file(tmp_path, f"{FILE}tags:\n  owner: shop\n{tags}")
    for check in (True, False):
        client, warned = FakeClient(), list[str]()
        result = run(client, check, warned, **options)
        assert result["container_group"]["tags"] == {"owner": "shop"}
        (warning,) = [text for text in warned if "definition.tags" in text]
        assert all(name in warning for name in OWN)
        assert "2020" not in warning
    client = FakeClient()
    run(client, ttl="2h", **options)
    assert client.bodies[0]["tags"] == {"owner": "shop", "expires_at": "2026-03-01T11:00:00Z"}


def test_the_tags_of_a_group_that_is_applied_again_stay(tmp_path: Path) -> None:
    client, warned = FakeClient(), list[str]()
    live = {name: value for name, value in OWN.items() if name != "aci-secrets-fingerprint"}
    run(client, tags={"owner": "shop", **live}, **in_file(tmp_path))
    tags = "".join(f"  {name}: '{value}'\n" for name, value in live.items())
    options = in_file(tmp_path, f"{FILE}tags:\n  owner: shop\n{tags}")
    assert run(client, False, warned, purge_tags=True, **options)["changes"] == []
    assert warned == []


def test_variables_of_a_file(tmp_path: Path) -> None:
    variables = FILE.replace(
        "- {name: TOKEN, secureValue: hush-hush}", "- name: TOKEN\n            secureValue: ${TOKEN}"
    )
    options = in_file(tmp_path, variables.replace("nginx:1", "nginx:${TAG}"))
    with pytest.raises(InvalidArguments, match=r"no value for \$\{TAG\}, \$\{TOKEN\}") as caught:
        run(FakeClient(), **options)
    assert "definition_variables" in caught.value.msg
    client = FakeClient()
    run(client, **options, definition_variables={"TOKEN": "a: b", "TAG": 1})
    (container,) = client.bodies[0]["properties"]["containers"]
    assert container["properties"]["image"] == "nginx:1"
    assert container["properties"]["environmentVariables"] == [{"name": "TOKEN", "secureValue": "a: b"}]
    with pytest.raises(InvalidArguments, match=r"definition_variables\[TAG\] must be a string"):
        run(FakeClient(), **options, definition_variables={"TAG": 1.10, "TOKEN": "x"})


def test_a_value_that_is_not_put_in_is_warned_of(tmp_path: Path) -> None:
    warned: list[str] = []
    options = in_file(tmp_path, FILE.replace("hush-hush", "'${TOKEN}'"))
    run(FakeClient(), False, warned, **options, definition_variables={"TOKEN": "planted"})
    assert any("${TOKEN}" in text and "unchanged" in text for text in warned)
    assert "planted" not in str(warned)


def test_a_variable_is_masked_where_it_lands(tmp_path: Path) -> None:
    options = {**in_file(tmp_path, FILE.replace("nginx:1", "nginx:${X}")), "definition_variables": {"X": "ab"}}
    masker = aci_group.SPEC.masker({"name": "web", **options})
    assert masker.text("the image nginx:ab") == "the image ********"
    assert "ab" not in str(aci_group.SPEC.shown(options)["definition_variables"])


def test_a_name_that_no_version_knows_is_not_sent(tmp_path: Path) -> None:
    warned: list[str] = []
    client = FakeClient()
    options = in_file(tmp_path, FILE.replace("osType: Linux", "osType: Linux\n  restartPolcy: Never"))
    run(client, False, warned, **options)
    assert "restartPolcy" not in client.bodies[0]["properties"]
    assert any("did you mean restartPolicy?" in text for text in warned)
    run(client, False, warned, **options, extra_properties={"restartPolcy": "Never"}, update_secrets="always")
    assert client.bodies[-1]["properties"]["restartPolcy"] == "Never"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("secureValue: hush-hush", "value: null", r"containers\[web\]\.environment_variables\[TOKEN\]"),
        ("osType: Linux", "osType: Linux\n  volumes: [{name: keys, secret: null}]", r"volumes\[keys\]"),
        ("osType: Linux", "osType: Linux\n  volumes: [{name: keys, secret: {}}]", r"volumes\[keys\]"),
        (
            "osType: Linux",
            "osType: Linux\n  imageRegistryCredentials: [{server: a.io, username: u, password: null}]",
            r"image_registry_credentials\[a\.io\]",
        ),
    ],
)
def test_secrets_that_an_export_cannot_have(tmp_path: Path, old: str, new: str, path: str) -> None:
    options = in_file(tmp_path, FILE.replace(old, new))
    for check in (True, False):
        with pytest.raises(
            InvalidArguments, match=rf"^{path}: a value is required\. Give .*\. Exports .* definition_variables"
        ):
            run(FakeClient(), check, **options)


def test_a_secret_that_the_group_has_and_the_export_has_not(tmp_path: Path) -> None:
    client = FakeClient()
    run(client, **in_file(tmp_path))
    exported = FILE.replace("secureValue: hush-hush", "value: null")
    assert run(client, **in_file(tmp_path, exported))["changes"] == []
    with pytest.raises(Refused, match="Exports and answers of the service never hold secrets"):
        run(client, **in_file(tmp_path, exported.replace("nginx:1", "nginx:2")))


NETWORK = FILE.replace("osType: Linux", "osType: Linux\n  networkProfile: {id: /profile}")


def test_a_network_profile_of_a_file_needs_the_tasks_own_version(tmp_path: Path) -> None:
    options = in_file(tmp_path, f"apiVersion: '2019-12-01'\n{NETWORK}")
    client = FakeClient()
    for state in ("present", "started"):
        with pytest.raises(InvalidArguments, match="subnetIds"):
            run(client, state=state, **options)
    assert "put" not in client.calls
    versions: list[str] = []
    client.of_version = lambda version: versions.append(version) or client  # type: ignore[attr-defined, func-returns-value]
    run(client, api_version="2019-12-01", **options)
    assert versions == ["2019-12-01"]
    assert client.bodies[0]["properties"]["networkProfile"] == {"id": "/profile"}


class TestAttempts:
    def no_room(self, times: int) -> FakeClient:
        client = FakeClient()
        left = [times]

        def refuse(_body: dict[str, Any]) -> None:
            if left[0]:
                left[0] -= 1
                raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

        client.on_put = refuse
        return client

    def test_a_create_is_tried_again(self) -> None:
        client = self.no_room(2)
        result = run(client, containers=containers(), provisioning_attempts=3)
        assert [each["succeeded"] for each in result["attempts"]] == [False, False, True]
        assert (result["action"], client.calls.count("put")) == ("created", 3)

    def test_it_is_not_unless_asked(self) -> None:
        client = self.no_room(1)
        with pytest.raises(AzureError) as caught:
            run(client, containers=containers())
        assert client.calls.count("put") == 1
        assert [each["code"] for each in caught.value.result["attempts"]] == ["ServiceUnavailable"]

    def test_an_update_is_not(self) -> None:
        client = made(FakeClient())
        client.on_put = self.no_room(1).on_put
        with pytest.raises(AzureError):
            run(client, containers=containers(image="nginx:2"), provisioning_attempts=3)
        assert client.calls.count("put") == 1

    @pytest.mark.parametrize("check", [True, False])
    def test_none_is_too_few(self, check: bool) -> None:
        with pytest.raises(InvalidArguments, match="provisioning_attempts"):
            run(FakeClient(), check=check, containers=containers(), provisioning_attempts=0)

    def test_check_mode_makes_none(self) -> None:
        assert "attempts" not in run(FakeClient(), check=True, containers=containers(), provisioning_attempts=3)


SMALL = {"requests": {"cpu": 1, "memory_in_gb": 1}}
LARGE = {"requests": {"cpu": 1.3, "memory_in_gb": 2.2}}
SHOWN = {"show_cost": True, "prices": {"vcpu_hour": "0.0405", "gb_hour": "0.00445"}}
JOB = {"containers": containers(resources=SMALL), "restart_policy": "Never", "location": "eastus"}


@pytest.mark.parametrize(
    ("found", "options", "hourly"),
    [
        (None, {"containers": containers(resources=LARGE)}, ("0", "0.09079", "0.09079")),
        ("Running", {"containers": containers(resources=LARGE)}, ("0.04495", "0.09079", "0.04584")),
        ("Running", {"tags": {"b": "1"}}, ("0.04495", "0.04495", "0")),
        ("Running", {}, ("0.04495", "0.04495", "0")),
        ("Running", {"state": "stopped"}, ("0.04495", "0", "-0.04495")),
        ("Running", {"state": "absent"}, ("0.04495", "0", "-0.04495")),
        ("Running", {"state": "restarted"}, ("0.04495", "0.04495", "0")),
        ("Running", {"restart_policy": "Never"}, ("0.04495", "0.04495", "0")),
        ("Stopped", {"state": "started"}, ("0", "0.04495", "0.04495")),
        ("Stopped", {"state": "absent"}, ("0", "0", "0")),
        ("Stopped", {"tags": {"b": "1"}}, ("0", "0", "0")),
        ("Stopped", {"state": "stopped", "containers": containers(resources=LARGE)}, ("0", "0", "0")),
        ("Stopped", {"containers": containers(resources=LARGE)}, ("0", "0.09079", "0.09079")),
        ("Succeeded", {"state": "started"}, ("0", "0", "0")),
        ("Succeeded", {"state": "restarted"}, ("0", "0.04495", "0.04495")),
        (None, {"state": "absent"}, ("0", "0", "0")),
    ],
)
def test_what_a_change_costs_is_the_same_in_check_mode(
    found: str | None, options: dict[str, Any], hourly: tuple[str, str, str]
) -> None:
    client = FakeClient()
    if found is not None:
        made(client, resources=SMALL)
        client.group["properties"]["instanceView"] = {"state": found}  # type: ignore[index]
        if found == "Stopped":
            del client.group["properties"]["containers"][0]["properties"]["instanceView"]  # type: ignore[index]
    options = {"recreate": "when_needed", **options}
    predicted = run(client, check=True, **SHOWN, **options)
    real = run(client, **SHOWN, **options)
    cost = real["cost"]
    assert (cost["before"]["hourly"], cost["after"]["hourly"], cost["difference"]["hourly"]) == hourly
    assert predicted["cost"] == cost
    for result in (predicted, real):
        differs = hourly[0] != hourly[1] or cost["before"]["monthly"] != cost["after"]["monthly"]
        assert ("cost" in result["diff"]["after"]) == differs


def test_a_job_costs_what_it_costs_while_it_runs() -> None:
    client = FakeClient(("Succeeded", {"state": "Terminated", "exitCode": 0}, None))
    predicted = run(client, check=True, **SHOWN, **JOB, wait_for="completed")
    real = run(client, **SHOWN, **JOB, wait_for="completed")
    assert real["container_group"]["state"] == "Succeeded"
    assert predicted["cost"] == real["cost"]
    assert (real["cost"]["after"]["hourly"], real["cost"]["after"]["monthly"]) == ("0.04495", None)


@pytest.mark.parametrize(("recreate", "overlap"), [("when_needed", "0"), ("probed", "0.04495")])
def test_the_group_that_tries_a_definition_runs_beside_the_old_one(recreate: str, overlap: str) -> None:
    client = made(FakeClient(), resources=SMALL)
    result = run(client, check=True, **SHOWN, restart_policy="Never", recreate=recreate)
    assert result["cost"]["overlap"] == {"hourly": overlap}


def test_nobody_is_asked_for_prices_unless_the_task_says_so() -> None:
    assert "cost" not in run(FakeClient(), containers=containers(), prices={"vcpu_hour": "no number"})


@pytest.mark.parametrize("check", [True, False])
def test_prices_that_are_none_are_refused_before_anything_is_changed(check: bool) -> None:
    client = FakeClient()
    with pytest.raises(InvalidArguments, match=r"prices\.vcpu_hour"):
        run(client, check, containers=containers(), show_cost=True, prices={"vcpu_hour": "cheap"})
    assert client.calls == []


def test_a_group_of_a_profile_has_no_known_cost() -> None:
    warned: list[str] = []
    result = run(FakeClient(), True, warned, **SHOWN, location="eastus", container_group_profile={"id": "/p"})
    assert result["cost"]["after"]["hourly"] is None
    assert ["profile" in text for text in warned] == [True]
