# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recordings of our own traffic, played: nothing differs, and with other switches exactly what they change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from recorded_traffic import Conversation, body, container, talk

from aci_emulator.cli.simulation import simulation
from aci_emulator.core.switches import SWITCHES, profile
from aci_emulator.recording.comparison import Answer
from aci_emulator.recording.exchanges import Exchange, read_recording
from aci_emulator.recording.explanation import explain
from aci_emulator.recording.recorder import Recorder
from aci_emulator.recording.replay import CannotPlay, Report, play, request_from

DEFAULTS = {switch.name: switch.default for switch in SWITCHES}


def recorded(switches: dict[str, str] | None = None, say: Any = talk) -> list[Exchange]:
    recorder = Recorder()
    with simulation(switches or {}) as endpoint:
        return [recorder.exchange(each) for each in say(endpoint)]


def played(exchanges: list[Exchange], switches: dict[str, str] | None = None, **more: Any) -> Report:
    with simulation(switches or {}) as endpoint:
        return play("own", exchanges, endpoint, **more)


@pytest.fixture(scope="module")
def conversation() -> list[Exchange]:
    return recorded()


def test_nothing_differs_in_our_own_traffic(conversation):
    report = played(conversation)
    assert report.findings == []
    assert (report.played, report.unplayed, report.overtaken) == (len(conversation), [], 0)


def test_nothing_differs_in_our_own_traffic_of_another_profile():
    strict = profile("strict")
    assert played(recorded(strict), strict).findings == []


def short(client: Any) -> list[Exchange]:
    """What shows five switches, and no other."""
    says = Conversation(client)
    says.ask("PUT", "", {"location": "westus2"}, "2021-04-01")
    says.create("kanarie-one", body(tags={"kanarie": "one"}))
    says.create("kanarie-one", body(tags={"kanarie": "two"}))
    says.group("GET", "kanarie-one")
    says.group("PUT", "Kanarie-Two", body())
    says.group("POST", "kanarie-one", end="/stop")
    says.group("POST", "kanarie-one", end="/restart")
    says.finish(says.group("POST", "kanarie-one", end="/start"))
    says.group("GET", "kanarie-one", end="/containers/kanarie-web/logs")
    return says.seen


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("strict", {"put-tags": "keep", "capitals-in-group-names": "refuse", "start-answer": "202"}),
        ("lenient", {"put-existing": "200", "restart-stopped": "start", "empty-log": "empty"}),
    ],
)
def test_another_profile_shows_exactly_its_observable_switches(name: str, expected: dict[str, str]):
    exchanges = recorded(say=short)
    report = played(exchanges, profile(name))
    explanation = explain(report.findings, lambda positions: played(exchanges, dict(positions)))
    assert explanation.positions == expected
    assert explanation.unexplained == 0
    assert all(expected[each] == value for found in explanation.by_finding for each, value in found.items())


def test_a_service_of_another_profile_is_told_by_its_recording():
    """As Azure will be: recorded there, played against the emulator by default."""
    exchanges = recorded(profile("strict"), say=short)
    report = played(exchanges)
    explanation = explain(report.findings, lambda positions: played(exchanges, dict(positions)))
    assert explanation.positions == {"put-tags": "keep", "capitals-in-group-names": "refuse", "start-answer": "202"}
    assert explanation.unexplained == 0


def test_what_no_switch_explains():
    exchanges = recorded(say=short)[:4]
    odd = exchanges[1]
    exchanges[1] = Exchange(odd.method, odd.url, odd.body, odd.status, odd.headers, {**odd.answer, "brandNew": True})
    report = played(exchanges)
    assert [(each.number, each.where, each.answered) for each in report.findings] == [(2, "brandNew", "absent")]
    explanation = explain(report.findings, lambda positions: played(exchanges, dict(positions)))
    assert (explanation.positions, explanation.unexplained) == ({}, 1)
    document = explanation.document(report)
    assert document["findings"][0]["explained_by"] == {}


def test_containers_end_as_they_did():
    """An image that nobody knows becomes one of the emulator that ends with the recorded code."""

    def say(client: Any) -> list[Exchange]:
        says = Conversation(client)
        says.ask("PUT", "", {"location": "westus2"}, "2021-04-01")
        says.create("kanarie", body(container(image="emulator.local/exit:7"), restartPolicy="Never"))
        client.wait(3)
        says.group("GET", "kanarie")
        unknown = [each.entry("x") for each in says.seen]
        text = str(unknown)
        assert "emulator.local/exit:7" in text
        return [_with_image(each, "emulator.local/exit:7", "registry.example/job:1") for each in says.seen]

    exchanges = recorded(say=say)
    last = exchanges[-1].answer["properties"]["containers"][0]["properties"]
    assert last["instanceView"]["currentState"]["exitCode"] == 7
    assert not last["image"].startswith("emulator.local")
    assert played(exchanges).findings == []


def _with_image(exchange: Exchange, old: str, new: str) -> Exchange:
    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: replaced(each) for name, each in value.items()}
        if isinstance(value, list):
            return [replaced(each) for each in value]
        return value.replace(old, new) if isinstance(value, str) else value

    return Exchange(
        exchange.method,
        exchange.url,
        replaced(exchange.body),
        exchange.status,
        exchange.headers,
        replaced(exchange.answer),
    )


def test_what_was_there_before_is_made(conversation):
    """A recording that begins in the middle of a group's life."""
    shown = next(
        each
        for each in conversation
        if each.method == "GET" and each.status == 200 and each.url.split("/")[-2] == "containerGroups"
    )
    report = played([shown])
    assert (report.findings, report.played, report.unplayed) == ([], 1, [])


def test_a_request_from_an_answer():
    made = request_from({
        "id": "x", "name": "n", "type": "Microsoft.ContainerInstance/containerGroups", "location": "westus",
        "identity": {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"},
        "properties": {
            "provisioningState": "Succeeded", "osType": "Linux", "instanceView": {},
            "isCustomProvisioningTimeout": False,
            "ipAddress": {"ip": "1.2.3.4", "fqdn": "f", "type": "Public", "ports": []},
            "containers": [{"name": "c", "properties": {"image": "i", "instanceView": {},
                            "environmentVariables": [{"name": "S"}, {"name": "V", "value": "v"}]}}],
            "volumes": [{"name": "v", "secret": {}}, {"name": "f", "azureFile": {"shareName": "s"}}],
            "imageRegistryCredentials": [{"server": "r", "username": "u"}],
        },
    })  # fmt: skip
    properties = made["properties"]
    assert set(made) == {"location", "identity", "properties"}
    assert made["identity"] == {"type": "SystemAssigned"}
    assert set(properties) == {"osType", "ipAddress", "containers", "volumes", "imageRegistryCredentials"}
    assert properties["ipAddress"] == {"type": "Public", "ports": []}
    variables = properties["containers"][0]["properties"]["environmentVariables"]
    assert [set(each) for each in variables] == [{"name", "secureValue"}, {"name", "value"}]
    assert properties["volumes"][0]["secret"]
    assert "storageAccountKey" in properties["volumes"][1]["azureFile"]
    assert "password" in properties["imageRegistryCredentials"][0]


RECORDINGS = Path(__file__).resolve().parents[3].parent / "shared" / "recordings"
# What the service of today answers and older recordings do not have; addresses came at once in 2019.
NEWER = ("sku", "isCreatedFromStandbyPool", "provisioningTimeoutInSeconds", "isCustomProvisioningTimeout", "configMap",
         "initContainers", "autoGeneratedDomainNameLabelScope", "events", "ip")  # fmt: skip


def service(file: str) -> list[Exchange]:
    """A recording of the real service, which is kept beside the repository, not in it."""
    if not (RECORDINGS / file).exists():
        pytest.skip(f"recording {file} is not there")
    return read_recording(RECORDINGS / file)


@pytest.mark.parametrize(
    ("file", "without"),
    [
        ("aso_2025-11_container_group_crud.json", ()),
        ("aso_2026-06_container_group_crud.json", ()),
        ("aso_2026-02_delete_group_without_rg.json", NEWER),
        ("azcli_2021_git_repo_volume.json", NEWER),
        ("azcli_2023_confidential.json", NEWER),
        ("azcli_2023_spot.json", NEWER),
        ("azcli_2024_profile_update.json", ()),
        ("azcli_container_group_profile_2024.json", ()),
        ("azcli_create_secrets_list_2019.json", NEWER),
        ("azcli_exec_2021.json", NEWER),
        ("java_2021_operations_list.json", ()),
        ("net_2019_update_identity.json", NEWER),
        ("net_2021_patch_tags_without_location.json", NEWER),
        ("ps_2024_restart_twice.json", ()),
    ],
)
def test_recordings_of_the_service(file: str, without: tuple[str, ...]):
    exchanges = service(file)
    report = played(exchanges, without=without)
    assert (report.findings, report.unplayed) == ([], [])
    # And so they do without their names.
    recorder = Recorder()
    assert played([recorder.exchange(each) for each in exchanges], without=without).findings == []


def test_a_recording_of_the_service_names_its_switch():
    exchanges = service("azcli_2020_network_profile_not_found.json")
    report = played(exchanges)
    explanation = explain(report.findings, lambda positions: played(exchanges, dict(positions)))
    assert explanation.positions == {"unknown-network-profiles": "refuse"}


class Stub:
    """An endpoint that answers as it is told, and keeps what it was asked."""

    subscriptions = ("s2",)
    is_emulator = False

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Any]] = []
        self.waited = 0.0
        self.rested = 0.0
        self.simulated = False

    def send(self, method: str, path: str, body: Any) -> Answer:
        self.asked.append((method, path, body))
        return self.answers.pop(0) if self.answers else Answer(404, {}, None)

    def wait(self, seconds: float) -> None:
        self.waited += seconds

    def rest(self, seconds: float) -> bool:
        self.rested += 0.0 if self.simulated else seconds
        return not self.simulated


def test_a_resource_group_that_is_there_is_left_alone():
    exchange = Exchange("GET", "https://h/subscriptions/s1/resourceGroups/mine?api-version=1", None, 200, {}, {})
    stub = Stub(Answer(200, {}, {}))
    with pytest.raises(CannotPlay, match="mine"):
        play("r", [exchange], stub)
    assert [method for method, _, _ in stub.asked] == ["GET"]


def test_ids_that_the_endpoint_chose_are_followed():
    base = "/subscriptions/s1/providers/Microsoft.X/locations/l"
    exchanges = [
        Exchange(
            "POST", f"https://h{base}/do?api-version=1", None, 202, {"location": f"https://h{base}/r/1?a=b"}, None
        ),
        Exchange("GET", f"https://h{base}/r/1?a=b", None, 200, {}, {"identity": {"principalId": "p1"}}),
        Exchange("PUT", f"https://h{base}/x?api-version=1", {"who": "p1"}, 200, {}, {"principalId": "p1"}),
    ]
    stub = Stub(
        Answer(202, {"location": "https://e/other/9"}, None),
        Answer(200, {}, {"identity": {"principalId": "p2"}}),
        Answer(200, {}, {"principalId": "p2"}),
    )
    assert play("r", exchanges, stub).findings == []
    assert stub.asked == [
        ("POST", base.replace("s1", "s2") + "/do?api-version=1", None),
        ("GET", "https://e/other/9", None),
        ("PUT", base.replace("s1", "s2") + "/x?api-version=1", {"who": "p2"}),
    ]


def test_a_state_is_waited_for_and_not_for_ever():
    url = "https://h/subscriptions/s1/providers/Microsoft.X/y?api-version=1"
    exchange = Exchange("GET", url, None, 200, {}, {"status": "Running"})
    slow = Stub(*[Answer(200, {}, {"status": "Waiting"})] * 3, Answer(200, {}, {"status": "Running"}))
    assert play("r", [exchange], slow).findings == []
    assert slow.waited > 0
    never = Stub(*[Answer(200, {}, {"status": "Waiting"})] * 1000)
    assert [each.where for each in play("r", [exchange], never).findings] == ["status"]
    assert never.waited < 60


def run_of(state: str) -> dict[str, Any]:
    return {"properties": {"provisioningState": "Succeeded", "instanceView": {"state": state}}}


def played_run(stub: Stub, recorded: str = "Succeeded") -> list[str]:
    """Where a group differs from a recorded one, whose containers were in that state."""
    url = "https://h/subscriptions/s1/providers/Microsoft.X/y?api-version=1"
    report = play("r", [Exchange("GET", url, None, 200, {}, run_of(recorded))], stub)
    return [each.where for each in report.findings]


def test_a_program_that_runs_for_real_gets_real_time():
    slow = Stub(*[Answer(200, {}, run_of("Running"))] * 60, Answer(200, {}, run_of("Succeeded")))
    assert played_run(slow) == []
    assert slow.rested > 0


def test_a_program_that_never_ends_gets_ten_seconds():
    never = Stub(*[Answer(200, {}, run_of("Running"))] * 1000)
    assert played_run(never) == ["properties.instanceView.state"]
    assert never.rested == pytest.approx(10)


def test_a_simulated_program_gets_no_real_time():
    never = Stub(*[Answer(200, {}, run_of("Running"))] * 1000)
    never.simulated = True
    assert played_run(never) == ["properties.instanceView.state"]
    assert (never.rested, len(never.asked) < 30) == (0, True)


def test_a_group_that_has_ended_gets_no_real_time():
    ended = Stub(*[Answer(200, {}, run_of("Failed"))] * 1000)
    assert played_run(ended) == ["properties.instanceView.state"]
    assert ended.rested == 0


def test_a_later_state_is_not_a_difference():
    url = "https://h/subscriptions/s1/providers/Microsoft.X/y?api-version=1"
    exchange = Exchange("GET", url, None, 200, {}, {"status": "Creating"})
    report = play("r", [exchange], Stub(Answer(200, {}, {"status": "Succeeded", "more": 1})))
    assert (report.findings, report.overtaken) == ([], 1)


def test_what_cannot_be_sent_is_named():
    exchanges = [
        Exchange("PUT", ".../containerGroups/{name}", None, 409, {}, None),
        Exchange("PUT", "https://h/subscriptions/s1/providers/Microsoft.X/y", None, 400, {}, None),
        Exchange("GET", "https://h/subscriptions/s1/providers/Microsoft.X/locations/l/operations/o", None, 200, {}, {}),
    ]
    report = play("r", exchanges, Stub())
    assert report.played == 0
    assert [
        "not recorded as a whole" in report.unplayed[0],
        "body" in report.unplayed[1],
        "before" in report.unplayed[2],
    ] == [True] * 3
