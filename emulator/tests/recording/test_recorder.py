# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a recording keeps: nothing that a user has chosen, in no form; and everything that the service has said."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from recorded_traffic import CANARIES, SECRETS, talk

from aci_emulator.cli.simulation import simulation
from aci_emulator.recording.exchanges import Exchange
from aci_emulator.recording.recorder import DROPPED, NOT_BASE64, SECRET, Recorder
from aci_emulator.recording.review import review

ARM = "https://management.azure.com"
SCOPE = f"{ARM}/subscriptions/7b0b0c1e-1111-2222-3333-444455556666/resourceGroups/shop-rg"
GROUP = f"{SCOPE}/providers/Microsoft.ContainerInstance/containerGroups/shop"


def recorded(
    answer: Any = None, *, body: Any = None, url: str = f"{GROUP}?api-version=2023-05-01", **more: Any
) -> Exchange:
    recorder = more.pop("recorder", None) or Recorder()
    return recorder.exchange(Exchange("PUT", url, body, more.pop("status", 200), more.pop("headers", {}), answer))


def error(message: str, recorder: Recorder | None = None) -> str:
    made = recorded({"error": {"code": "Whatever", "message": message}}, recorder=recorder or Recorder())
    return str(made.answer["error"]["message"])


@pytest.fixture(scope="module")
def conversation() -> list[Exchange]:
    with simulation({}) as endpoint:
        return talk(endpoint)


@pytest.fixture(scope="module")
def kept(conversation: list[Exchange]) -> list[Exchange]:
    recorder = Recorder()
    return [recorder.exchange(each) for each in conversation]


def test_no_canary_is_left(conversation, kept):
    before, after = (json.dumps([each.entry("x") for each in side]).lower() for side in (conversation, kept))
    for canary in (*CANARIES.values(), *SECRETS.values()):
        assert canary.lower() in before, f"{canary} is nowhere in the traffic: the test would not see it"
    for word in ("kanarie", "hush", *(each.lower() for each in SECRETS.values())):
        assert word not in after
    encoded = [base64.b64encode(each.encode()).decode().rstrip("=").lower() for each in CANARIES.values()]
    assert [each for each in encoded if each in after] == []


def test_what_the_service_says_is_left(conversation, kept):
    for before, after in zip(conversation, kept, strict=True):
        assert (before.method, before.status) == (after.method, after.status)
        codes = [
            (each.answer or {}).get("error", {}).get("code") if isinstance(each.answer, dict) else None
            for each in (before, after)
        ]
        assert codes[0] == codes[1]
        for name in ("x-ms-failure-cause", "content-type", "retry-after"):
            assert before.headers.get(name) == after.headers.get(name)
    texts = {text for text, _ in review({"r": kept})}
    assert {"Linux", "Running", "Terminated", "Public", "TCP", "westus2", "StandardCores", "Started container"} <= texts
    assert any(text.startswith("The container name '") and "must match the regex" in text for text in texts)


def test_numbers_and_forms_are_left(conversation, kept):
    def form(value: Any) -> Any:
        if isinstance(value, dict):
            return [form(each) for each in value.values()]
        if isinstance(value, list):
            return [form(each) for each in value]
        return type(value).__name__ if isinstance(value, str) else value

    for before, after in zip(conversation, kept, strict=True):
        if "logs" not in before.url:
            assert form(before.body) == form(after.body)
            assert form(before.answer) == form(after.answer)


def test_names_are_the_same_everywhere():
    recorder = Recorder()
    made = recorded(
        {
            "id": GROUP.removeprefix(ARM).upper(),
            "name": "shop",
            "properties": {"ipAddress": {"fqdn": "shop.westus2.azurecontainer.io", "dnsNameLabel": "shop"}},
        },
        headers={"azure-asyncoperation": f"{GROUP}/x?api-version=2018-06-01&t=1&c=MII&s=abc&h=def"},
        recorder=recorder,
    )
    name = made.answer["name"]
    assert made.url.endswith(f"/containerGroups/{name}?api-version=2023-05-01")
    assert made.answer["id"].endswith(f"/CONTAINERGROUPS/{name.upper()}")
    assert made.answer["properties"]["ipAddress"] == {
        "fqdn": f"{name}.westus2.azurecontainer.io",
        "dnsNameLabel": name,
    }
    assert f"/containerGroups/{name}/" in made.headers["azure-asyncoperation"]
    assert made.headers["azure-asyncoperation"].endswith("?api-version=2018-06-01")
    assert error("The container group 'shop' is still transitioning, please retry later.", recorder) == (
        f"The container group '{name}' is still transitioning, please retry later."
    )


def test_messages_that_are_not_known_keep_the_words_that_are():
    recorder = Recorder()
    name = recorded({"name": "my-shop"}, recorder=recorder).answer["name"]
    made = error("Deployment of my-shop failed: the widget 'my-shop' exceeded 12 of 10 flurbs in westus2.", recorder)
    assert made.startswith(f"Deployment of {name} failed: the ")
    assert f"'{name}' exceeded 12 of 10 " in made
    assert made.endswith(" in westus2.")
    assert not {"widget", "flurbs", "my-shop"} & set(made.replace("'", " ").replace(".", " ").split())


@pytest.mark.parametrize(
    ("image", "made"),
    [
        ("emulator.local/exit:3", "emulator.local/exit:3"),
        ("mcr.microsoft.com/azuredocs/aci-helloworld:latest", "mcr.microsoft.com/azuredocs/aci-helloworld:latest"),
        ("mcr.microsoft.com/azuredocs/aci-helloworld:mine", "mcr.microsoft.com/image1/image-2:i3"),
        ("shop.azurecr.io/backend/worker:v1.4", "n1.azurecr.io/image1/image2:i.3"),
        ("localhost:5000/worker:latest", "image1:5000/image2:latest"),
        ("worker", "image1"),
        ("http://registry.example/x", "http://image.1/i2"),
    ],
)
def test_images(image: str, made: str):
    body = {"properties": {"containers": [{"properties": {"image": image}}]}}
    assert recorded(body=body).body["properties"]["containers"][0]["properties"]["image"] == made


def test_images_by_digest():
    digest = "0123456789abcdef" * 4
    body = {"properties": {"containers": [{"properties": {"image": f"shops@sha256:{digest}"}}]}}
    image = recorded(body=body).body["properties"]["containers"][0]["properties"]["image"]
    assert image.startswith("image1@sha256:")
    assert digest not in image
    assert len(image) == len("image1@sha256:") + 64


def test_secrets_are_the_same_few_characters():
    made = recorded(
        body={
            "properties": {
                "imageRegistryCredentials": [{"server": "x.azurecr.io", "password": "hush!"}],
                "volumes": [{"name": "v", "secret": {"a.txt": "aHVzaA==", "b.txt": ""}}],
                "extensions": [{"properties": {"protectedSettings": {"hush": ["hush", 7, None, True]}}}],
                "containers": [{"properties": {"environmentVariables": [{"name": "A", "secureValue": ""}]}}],
            }
        }
    ).body["properties"]
    assert made["imageRegistryCredentials"][0]["password"] == NOT_BASE64
    assert list(made["volumes"][0]["secret"].values()) == [SECRET, ""]
    assert list(made["extensions"][0]["properties"]["protectedSettings"].values()) == [[SECRET, 0, None, True]]
    assert made["containers"][0]["properties"]["environmentVariables"][0]["secureValue"] == ""


def test_tokens_are_nowhere():
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodXNoIn0.c2lnbmF0dXJl"
    made = recorded(
        {"token": token, "properties": {"odd": f"Bearer {token}"}, "error": {"code": "X", "message": f"bad {token}"}},
        body={token: token},
        url=f"{GROUP}/{token}?api-version=2023-05-01&sig={token}&x={token}#{token}",
        headers={"set-cookie": token, "www-authenticate": f'Bearer error="{token}"', "location": f"{GROUP}?c={token}"},
    )
    assert "eyJ" not in json.dumps(made.entry("x"))
    assert set(made.headers) == {"location"}


def test_a_log_is_left_out():
    url = f"{GROUP}/containers/web/logs?api-version=2023-05-01&tail=5"
    assert recorded({"content": "hello"}, url=url).answer == {"content": DROPPED}
    assert recorded({"content": None}, url=url).answer == {"content": None}
    assert recorded({"content": ""}, url=url).answer == {"content": ""}
    made = recorded({"content": "hello"}, url=url, recorder=Recorder(keep_logs=True))
    assert made.answer == {"content": "hello"}
    assert made.url.endswith("?api-version=2023-05-01&tail=5")


def test_keys_that_are_not_known():
    recorder = Recorder(keep_keys=("brandNew",))
    made = recorded({"properties": {"brandNew": 1, "mine": 2}, "tags": {"name": "x"}}, recorder=recorder).answer
    assert list(made["properties"]) == ["brandNew", "k1"]
    assert list(recorder.unknown_keys) == ["mine"]
    assert "name" not in made["tags"]  # in a map of the user's, every key is the user's


def test_a_users_word_that_is_also_a_state_changes_no_state():
    made = recorded({"name": "Running", "properties": {"instanceView": {"state": "Running"}}}).answer
    assert made["name"] != "Running"
    assert made["properties"]["instanceView"]["state"] == "Running"


def test_states_in_requests_are_the_users():
    made = recorded(body={"properties": {"provisioningState": "Kanarie", "osType": "linux"}}).body
    assert made["properties"]["provisioningState"] != "Kanarie"
    assert made["properties"]["osType"] == "linux"


def test_the_emulators_own_address_is_no_ones():
    made = recorded(headers={"location": GROUP.replace(ARM, "https://127.0.0.1:8443")})
    assert made.headers["location"].startswith(f"{ARM}/subscriptions/")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


class Trees:
    """Random JSON with the service's keys and a user's, and texts of which none is the service's."""

    keys = ("properties", "name", "value", "message", "error", "code", "tags", "id", "image", "location", "status",
            "events", "type", "containers", "command", "secret", "settings", "userAssignedIdentities", "fqdn", "ip",
            "nextLink", "server", "mountPath", "state", "zones", "cpu", "content", "startTime", "displayName",
            "capabilities", "apiVersions", "password", "details", "provisioningState", "createdBy")  # fmt: skip
    forms = ("{}", "{} {}", "/subscriptions/{}/resourceGroups/{}", "https://{}.azurecr.io/{}?{}={}", "'{}'",
             "The container group '{}' is {}.", "{}.westus2.azurecontainer.io", "{}/{}:{}", "a {} of {}; {}",
             "Microsoft.ContainerInstance/{}/{}", "\x1b[31m{}", "{}\n{}", "Failed to pull image \"{}\": {}",
             "/providers/{}/{}", "{}@{}.com", "[{}", "emulator.local/{}", "2026-01-01T00:00:00Z{}")  # fmt: skip

    def __init__(self, seed: int) -> None:
        self.lots = random.Random(seed)
        self.planted: set[str] = set()

    def word(self) -> str:
        letters = self.lots.choice(
            ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJabcdefghij", "äöüßéñ日本", "0123456789abcdef"]
        )
        word = "zq" + "".join(self.lots.choices(letters, k=self.lots.randint(4, 40)))
        if self.lots.random() < 0.3:
            word = f"{word}{self.lots.choice('-_. ')}zq{word[2:5]}"
        self.planted.add(word)
        return word

    def text(self) -> str:
        form = self.lots.choice(self.forms)
        return form.format(*(self.word() for _ in range(form.count("{}"))))

    def tree(self, depth: int = 0) -> Any:
        kind = self.lots.random()
        if depth > 4 or kind < 0.4:
            return self.text() if kind < 0.35 else self.lots.choice([1, 2.5, True, None, ""])
        if kind < 0.6:
            return [self.tree(depth + 1) for _ in range(self.lots.randint(0, 3))]
        keys = [self.lots.choice(self.keys) if self.lots.random() < 0.8 else self.text() for _ in range(4)]
        return {key: self.tree(depth + 1) for key in keys}


@pytest.mark.parametrize("seed", range(60))
def test_whatever_a_user_writes_wherever_is_replaced(seed: int):
    trees, recorder = Trees(seed), Recorder()
    for _ in range(5):
        seen = Exchange(
            "PUT",
            f"{ARM}/subscriptions/{trees.word()}/{trees.word()}/providers/{trees.word()}?{trees.word()}={trees.word()}",
            trees.tree(),
            200,
            {trees.word().encode().hex(): trees.text(), "location": trees.text(), "x-ms-request-id": trees.text(),
             "retry-after": trees.text()},
            trees.tree(),
        )  # fmt: skip
        kept = recorder.exchange(seen).entry("x")
        left = [text for text in _texts(kept) if "zq" in text.lower()]
        assert left == []
        assert not any("\x1b" in text or "\n" in text for text in _texts(kept))
