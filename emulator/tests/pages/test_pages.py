# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML pages, over HTTP: their content, their structure, and what must never be on them."""

from __future__ import annotations

import base64
import copy
import itertools
import json
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from aci_emulator.pages.filters import path as shown_path
from aci_emulator.pages.filters import plain, wrap
from aci_emulator.pages.redaction import Redactor
from aci_emulator.pages.requests import timeline
from aci_emulator.serving.request_log import LoggedRequest

VERSION = "2023-05-01"
GROUPS = "resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;"
CANARIES = {
    "variable": "canary-variable-<&>",
    "init": "canary-init-variable",
    "password": 'canary-"password"',
    "key": base64.b64encode(b"canary-storage-key").decode(),
    "file": base64.b64encode(b"canary-secret-file\ncanary-second-line").decode(),
    "workspace": base64.b64encode(b"canary-workspace-key").decode(),
}
WORDS = [*CANARIES.values(), "canary"]
DEFINITION: dict[str, Any] = {
    "location": "westeurope",
    "tags": {"note": HOSTILE, "password": "canary-in-a-tag"},
    "properties": {
        "osType": "Linux",
        "restartPolicy": "OnFailure",
        "initContainers": [
            {
                "name": "first",
                "properties": {
                    "image": "emulator.local/exit:0",
                    "environmentVariables": [{"name": "I", "secureValue": CANARIES["init"]}],
                },
            }
        ],
        "containers": [
            {
                "name": "app",
                "properties": {
                    "image": "nginx:1.27",
                    "command": ["/bin/sh", "-c", f"echo {HOSTILE} {CANARIES['variable']}"],
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                    "ports": [{"port": 80}],
                    "environmentVariables": [
                        {"name": "PLAIN", "value": HOSTILE},
                        {"name": "REPEATED", "value": f"token={CANARIES['password']}"},
                        {"name": "TOKEN", "secureValue": CANARIES["variable"]},
                    ],
                    "volumeMounts": [
                        {"name": "share", "mountPath": "/mnt/share"},
                        {"name": "secrets", "mountPath": "/mnt/secrets", "readOnly": True},
                    ],
                    "livenessProbe": {"httpGet": {"path": f"/{HOSTILE}", "port": 80}},
                },
            }
        ],
        "imageRegistryCredentials": [{"server": "x.example", "username": "u", "password": CANARIES["password"]}],
        "volumes": [
            {
                "name": "share",
                "azureFile": {
                    "shareName": "s",
                    "storageAccountName": "account",
                    "storageAccountKey": CANARIES["key"],
                },
            },
            {"name": "secrets", "secret": {"file": CANARIES["file"]}},
        ],
        "diagnostics": {"logAnalytics": {"workspaceId": "w", "workspaceKey": CANARIES["workspace"]}},
        "ipAddress": {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}], "dnsNameLabel": "shop-web"},
    },
}
_VOID = {"meta", "link", "input", "br", "wbr", "img"}


class Page(HTMLParser):
    """A parsed page: its elements with their attributes and texts. Fails if elements are not nested properly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(text)
        self.close()
        assert self._open == [], "elements are left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {tag} {attrs}"
        element = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag == "br":
            self.handle_data(" ")
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str | None], str]]:
        """Returns the attributes and text of the elements with a name and attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            (found, " ".join("".join(texts).split()))
            for name, found, texts in self.elements
            if name == tag and all(found.get(each) == value for each, value in wanted.items())
        ]

    @property
    def text(self) -> str:
        """All text on the page."""
        return self.all("main")[0][1]

    def rows(self, label: str) -> list[list[str]]:
        """Returns the cells of the table with a name."""
        start = next(
            i for i, (tag, found, _) in enumerate(self.elements) if (tag, found.get("aria-label")) == ("table", label)
        )
        rows: list[list[str]] = []
        for tag, _, texts in self.elements[start + 1 :]:
            if tag == "table":
                break
            if tag == "tr":
                rows.append([])
            elif tag in ("th", "td"):
                rows[-1].append(" ".join("".join(texts).split()))
        return rows[1:]


def fetch(api: Any, path: str, status: int = 200) -> Page:
    response = api.client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


def names(api: Any, query: str) -> list[str]:
    return [row[0].split()[0] for row in fetch(api, f"/emulator/?{query}").rows("Container groups")]


def put(api: Any, name: str = "web", definition: dict[str, Any] = DEFINITION) -> None:
    response = api.call("PUT", f"{GROUPS}/{name}", definition, version=VERSION)
    assert response.status_code == 201, response.text


def group_path(api: Any, name: str = "web") -> str:
    return f"/emulator/view/groups/{api.subscription}/shop/{name}"


def every_path(api: Any) -> list[str]:
    return [
        "/emulator/",
        "/emulator/?refresh=5",
        "/emulator/?words=web&state=Running",
        group_path(api),
        f"{group_path(api)}/delete",
        f"{group_path(api)}/containers/app",
        "/emulator/view/requests",
        "/emulator/view/requests?minutes=0&path=*web*",
        "/emulator/view/resources",
        "/emulator/view/controls",
    ]


@pytest.fixture
def shop(api: Any) -> Any:
    """An emulator with a running group, a fault, and hostile strings in all possible places."""
    api.group("shop", "westeurope")
    put(api)
    api.advance(30)
    fault = {"kind": "answer", "methods": ["PATCH"], "paths": [f"*/{HOSTILE}*"], "status": 503}
    more = {"code": HOSTILE, "message": HOSTILE, "headers": {"X-Note": HOSTILE}}
    assert api.client.post("/emulator/faults", json={**fault, **more}).status_code == 201
    api.call("GET", f"{GROUPS}/%3Cscript%3Ealert(3)%3C%2Fscript%3E", version=VERSION)
    api.call("GET", f"{GROUPS}/%3Cscript%3Ealert(3)", version=VERSION, query={"note": HOSTILE, "sig": "canary-sig"})
    # The output of a container, which contains secrets.
    log = api.emulator.supervisor.log_buffer(f"/subscriptions/{api.subscription}/{GROUPS}/web".lower(), "app")
    for text in (
        HOSTILE,
        *CANARIES.values(),
        "canary-second-line",
        "\x1b[31mred\x1b[0m \x00 \u202eevil",
        "can\x1b[mary-init-variable",
    ):
        log.write(f"said {text}\n".encode())
    return api


def test_overview(shop: Any) -> None:
    page = fetch(shop, "/emulator/")
    (row,) = page.rows("Container groups")
    assert row[:5] == ["web shop, Emulator One", "Running", "Succeeded", "1 of 1 running", "0"]
    assert row[5].endswith("port 80 shop-web.westeurope.azurecontainer.io")
    assert row[6] == "westeurope"
    assert "1 fault in force" in page.text
    assert "none in trouble" in page.text
    events = page.rows("Newest events")
    assert {each[0] for each in events} == {"web first", "web app"}
    assert {"Pulling", "Pulled", "Started"} <= {each[1] for each in events}
    requests = page.rows("Newest requests")
    assert [each[2] for each in requests][-1].startswith("PUT ")
    state_dir = shop.emulator.settings.state_dir
    assert f'eval "$(aci-emulator env --state-dir {state_dir})"' in page.text
    assert f"{shop.emulator.clock.now():%Y-%m-%d %H:%M:%S} UTC, frozen" in page.text


def test_trouble_at_a_glance(shop: Any) -> None:
    for name, image in (("crash", "emulator.local/exit:3"), ("pull", "emulator.local/missing:v1")):
        definition = _small()
        del definition["properties"]["initContainers"]
        definition["properties"]["restartPolicy"] = "Always"
        definition["properties"]["containers"][0]["properties"]["image"] = image
        put(shop, name, definition)
    shop.advance(60)
    page = fetch(shop, "/emulator/")
    assert page.all("title")[0][1] == "(2) Overview - aci-emulator"
    assert page.all("h2", id="trouble")[0][1] == "2 groups in trouble"
    crash, pull = page.rows("Groups in trouble")
    assert crash[:2] == ["crash shop", "CrashLoopBackOff Running container app"]
    assert crash[2].endswith("restarted 3 times, the last run ended with exit code 3.")
    assert pull[:2] == ["pull shop", "ImagePullBackOff Pending container app"]
    assert "image emulator.local/missing:v1 not found" in pull[2]
    states = {row[0].split()[0]: row[1] for row in page.rows("Container groups")}
    assert states == {"crash": "CrashLoopBackOff Running", "pull": "ImagePullBackOff Pending", "web": "Running"}
    tones = {text: found["class"] for found, text in page.all("span") if "badge" in (found.get("class") or "")}
    assert (tones["CrashLoopBackOff"], tones["ImagePullBackOff"]) == ("badge bad", "badge bad")
    assert names(shop, "state=trouble") == ["crash", "pull"]
    assert names(shop, "state=trouble&words=pul") == ["pull"]
    page = fetch(shop, group_path(shop, "crash"))
    assert page.all("h1")[0][1] == "crash CrashLoopBackOff Running"
    assert "CrashLoopBackOff in container app: " in page.all("p", class_="failure")[0][1]
    assert "Container app CrashLoopBackOff" in [text for _, text in page.all("h2")]
    shop.call("POST", f"{GROUPS}/crash/stop", version=VERSION)
    assert names(shop, "state=trouble") == ["pull"]


def test_trouble_says_no_secrets(shop: Any) -> None:
    definition = _small()
    secret = "missing-canary-in-a-name"
    app = definition["properties"]["containers"][0]["properties"]
    app["image"] = f"emulator.local/{secret}:v1"
    app["environmentVariables"].append({"name": "IMAGE", "secureValue": secret})
    put(shop, "pull", definition)
    shop.advance(60)
    for path in ("/emulator/", group_path(shop, "pull")):
        assert secret not in shop.client.get(path).text, path
    assert "emulator.local/********:v1" in fetch(shop, "/emulator/").text


def test_groups_without_room(start_api: Callable[..., Any]) -> None:
    api = start_api(limits={"RegionCores": 1}, switches={"capacity-shortage": "fail"})
    api.group("shop", "westeurope")
    put(api, "first")
    put(api, "second", _small())
    page = fetch(api, "/emulator/")
    (row,) = page.rows("Groups in trouble")
    assert row[:2] == ["second shop", "InsufficientCapacity Pending"]


def test_resources(shop: Any) -> None:
    base = f"/subscriptions/{shop.subscription}/resourceGroups/shop"
    instance = f"{base}/providers/Microsoft.ContainerInstance"
    properties = {"osType": "Linux", "containers": _small()["properties"]["containers"]}
    properties["containers"][0]["properties"]["volumeMounts"] = []
    body = {"location": "westeurope", "tags": {"note": HOSTILE, "secret": "canary-tag"}, "properties": properties}
    version = "2025-09-01"
    profile = f"{instance}/containerGroupProfiles/web-profile"
    assert shop.call("PUT", profile, body, version=version).status_code == 201
    pool = f"{base}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/warm"
    reuse = {"containerGroupProfile": {"id": profile, "revision": 1}, "standbyPoolProfile": {"id": pool}}
    group = {"location": "westeurope", "properties": reuse}
    assert shop.call("PUT", f"{GROUPS}/pooled", group, version=version).status_code == 201
    subnet = {"name": "groups", "properties": {"addressPrefix": "10.0.1.0/24"}}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    network = f"{base}/providers/Microsoft.Network/virtualNetworks/net"
    assert (
        shop.call("PUT", network, {"location": "westeurope", "properties": space}, version="2024-05-01").status_code
        == 201
    )
    lock = f"{instance}/containerGroups/web/providers/Microsoft.Authorization/locks/keep"
    lock_body = {"properties": {"level": "CanNotDelete", "notes": HOSTILE}}
    assert shop.call("PUT", lock, lock_body, version="2020-05-01").status_code == 201
    rule = {"if": {"field": "name", "equals": HOSTILE}, "then": {"effect": "audit"}}
    shop.client.put("/emulator/policies", json={"value": [{"name": HOSTILE, "policyRule": rule}]})

    page = fetch(shop, "/emulator/view/resources")
    assert page.rows("Resource groups") == [["shop", "Succeeded", "2", "westeurope", "Emulator One", ""]]
    (row,) = page.rows("Container group profiles")
    assert row == ["web-profile", "1", "app: nginx:1.27", "Linux", "westeurope", "shop, Emulator One"]
    assert page.rows("Standby pools") == [["warm", "1", "shop, Emulator One"]]
    (row,) = page.rows("Virtual networks")
    assert row[:3] == ["net", "10.0.0.0/16", "groups: 10.0.1.0/24, 0 container groups"]
    (row,) = page.rows("Policies")
    assert (row[0], row[1], row[2]) == (HOSTILE, "audit", "everything")
    (row,) = page.rows("Locks")
    assert row[:2] == ["keep", "CanNotDelete"]
    assert (row[2].endswith("/containerGroups/web"), row[3]) == (True, HOSTILE)
    assert "canary" not in shop.client.get("/emulator/view/resources").text
    page = fetch(shop, "/emulator/view/resources?words=web-profile")
    assert page.text.count("There are none like that.") == 5
    assert len(page.rows("Container group profiles")) == 1
    shop.call("DELETE", f"{GROUPS}/pooled", version=version)
    assert page.rows("Container group profiles")[0][0] == "web-profile"
    assert "warm" not in fetch(shop, "/emulator/view/resources").text


def test_pools_are_known_by_their_ids(api: Any) -> None:
    pools = api.emulator.container_instance.groups.deployments
    record = {"fromStandbyPool": "/pools/warm"}
    pools._note_pool("a", record)
    pools._note_pool("b", {"fromStandbyPool": True})  # from the state of an older version
    pools._note_pool("c", {})
    assert pools.pools == {"a": "/pools/warm"}


def test_timeline() -> None:
    def entry(number: int, moment: float, status: int | None, milliseconds: float | None = 1.0) -> LoggedRequest:
        return LoggedRequest(number, "", "GET", "/", {}, status=status, milliseconds=milliseconds, moment=moment)

    seen = [(100.0, 200), (100.5, 200), (101.0, 404), (159.9, 500)]
    entries = [entry(number, moment, status) for number, (moment, status) in enumerate(seen)]
    entries.append(entry(5, 160.0, None, None))
    found = timeline(entries, 100.0, 160.0)
    assert [(bar["x"], bar["title"]) for bar in found["bars"]] == [
        (0, "60 s ago: 2 answered"), (1, "59 s ago: 1 refused"), (59, "1 s ago: 1 failed, 1 under way")
    ]  # fmt: skip
    assert found["bars"][0]["parts"] == [{"tone": "good", "y": 0.0, "height": 100.0}]
    assert [part["height"] for part in found["bars"][2]["parts"]] == [50.0, 50.0]
    assert found["counts"] == [
        ("answered", "good", 2),
        ("refused", "busy", 1),
        ("failed", "bad", 1),
        ("under way", "idle", 1),
    ]
    assert (found["since"], found["each"], found["highest"]) == ("60 s", "1 s", 2)
    assert timeline([], 0.0, 0.0)["bars"] == []
    assert timeline([entry(1, 5.0, 200)], 10.0, 20.0)["bars"][0]["x"] == 0


def test_requests_have_a_timeline(shop: Any) -> None:
    text = shop.client.get("/emulator/view/requests").text
    page = Page(text)
    caption = page.all("figcaption")[0][1]
    assert caption.startswith("The last 15 min, 15 s a bar, at most 3 requests in one: 2 answered, 1 refused.")
    assert len(page.all("svg")) == 1 + len(page.rows("Requests"))
    assert "style=" not in text  # the content security policy would block it
    assert page.all("svg", role="img")[0][0]["aria-labelledby"] == "timeline-caption"


def test_an_emulator_without_anything(api: Any) -> None:
    assert fetch(api, "/emulator/").text.count("There are none.") == 3
    assert "There are none." in fetch(api, "/emulator/view/requests").text
    assert fetch(api, "/emulator/view/resources").text.count("There are none.") == 6
    assert fetch(api, "/emulator/view/controls").text.count("There are none.") == 1


def test_group(shop: Any) -> None:
    page = fetch(shop, group_path(shop))
    assert page.all("h1")[0][1] == "web Running"
    assert [text for _, text in page.all("h2")][:2] == ["Init container first Terminated", "Container app Running"]
    (current,) = page.rows("States of app")
    assert current[:2] == ["Current", "Running"]
    assert [each[0] for each in page.rows("Events of app")][-1] == "Started"
    assert page.rows("Environment of app") == [
        ["PLAIN", HOSTILE],
        ["REPEATED", "token=********"],
        ["TOKEN", "secret"],
    ]
    facts = dict(zip([text for _, text in page.all("dt")], [text for _, text in page.all("dd")], strict=True))
    assert facts["Requests"] == "1 CPU, 1.5 GB"
    assert facts["Mounts"] == "share at /mnt/share, secrets at /mnt/secrets (read-only)"
    definition = json.loads(page.all("pre", aria_label="Definition as JSON")[0][1])
    assert definition["properties"]["restartPolicy"] == "OnFailure"
    log = page.all("div", aria_label="Log of app")[0][1]
    assert f"said {HOSTILE}" in log
    assert "said red \u2400 \ufffdevil" in log
    assert log.count("said ********") == len(CANARIES) + 2
    assert [each[2].split()[0] for each in page.rows("Requests to the group")] == ["PUT"]


def test_states_of_a_group_that_stopped_and_crashed(shop: Any) -> None:
    shop.call("POST", f"{GROUPS}/web/stop", version=VERSION)
    page = fetch(shop, group_path(shop))
    assert page.all("h1")[0][1] == "web Stopped"
    assert page.rows("States of app")[0][1:3] == ["Terminated", "Container stopped per client request"]
    shop.call("POST", f"{GROUPS}/web/start", version=VERSION)
    assert fetch(shop, group_path(shop)).all("h1")[0][1] == "web Pending"  # nothing has started yet
    shop.advance(30)
    page = fetch(shop, group_path(shop))
    assert page.all("h1")[0][1] == "web Running"
    assert max(int(each[1]) for each in page.rows("Events of app")) == 2


def test_a_group_that_failed_says_why(shop: Any) -> None:
    shop.client.post("/emulator/faults", json={"kind": "fail-operation", "code": "NoRoom", "message": HOSTILE})
    put(shop, "poor", _small())
    shop.advance(60)
    page = fetch(shop, group_path(shop, "poor"))
    assert [text for _, text in page.all("p", class_="failure")] == [f"NoRoom: {HOSTILE}"]
    assert page.rows("Events of the group")[0][0] == "NoRoom (Warning)"


def test_a_group_that_is_not_there(shop: Any) -> None:
    page = fetch(shop, "/emulator/view/groups/x/y/%3Cscript%3E", 404)
    assert "There is no container group <script>." in page.text


def test_choosing_groups(shop: Any) -> None:
    put(shop, "other", _small())
    assert names(shop, "") == ["other", "web"]
    assert names(shop, "words=SHOP") == ["other", "web"]
    assert names(shop, "words=/web") == ["web"]
    assert names(shop, "state=Pending") == ["other"]
    page = fetch(shop, f"/emulator/?words={'%3Cscript%3E'}&page=99&state=x")
    assert "None of 2 groups matches." in page.text
    assert page.all("input", id="words")[0][0]["value"] == "<script>"


def test_many_groups_come_in_pages(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five thousand groups, only those on the page are read and viewed in detail."""
    add_many(shop, 5000)
    fetch(shop, "/emulator/")  # every group's summary has been computed once
    read, viewed, cost = [], [], []
    emulator = shop.emulator
    load, view = emulator.store._load, emulator.supervisor.view
    monkeypatch.setattr(emulator.store, "_load", lambda *row: read.append(1) or load(*row))
    monkeypatch.setattr(emulator.supervisor, "view", lambda key: viewed.append(1) or view(key))
    for number in (1, 25, 51):
        read.clear()
        viewed.clear()
        began = time.process_time()
        page = fetch(shop, f"/emulator/?page={number}")
        cost.append(time.process_time() - began)
        rows = page.rows("Container groups")
        assert (len(rows), rows[-1][0].split()[0]) == {
            1: (100, "g00099"), 25: (100, "g02499"), 51: (1, "web")
        }[number]  # fmt: skip
        assert len(read) < 150
        assert len(viewed) <= 10
        assert "5001 groups, page" in page.text
    assert min(cost) < 0.2  # seconds of CPU time, because the machine may be busy
    hrefs = {text: str(found["href"]) for found, text in fetch(shop, "/emulator/?page=2&words=g").all("a")}
    assert hrefs["Next page"] == "/emulator/?words=g&page=3"
    assert hrefs["Last page"] == "/emulator/?words=g&page=51"
    assert hrefs["Previous page"] == "/emulator/?words=g&page=1"
    assert names(shop, "words=g04999") == ["g04999"]


def test_choosing_requests(shop: Any) -> None:
    def numbers(query: str) -> list[int]:
        page = fetch(shop, f"/emulator/view/requests?{query}")
        return [int(row[0]) for row in page.rows("Requests")] if page.all("tbody") else []

    kept = shop.client.get("/emulator/requests").json()["value"]
    everything = [each["number"] for each in reversed(kept)]
    assert numbers("") == everything
    assert numbers("method=put") == [2, 1]
    assert numbers("method=NONSENSE&minutes=x&before=-1&outcome=y") == everything
    assert numbers("path=*/containerGroups/WEB") == [2]
    assert numbers("path=resourcegroups") == everything[: everything.index(1) + 1]
    assert numbers("outcome=answered") == [2, 1]
    assert set(numbers("outcome=refused")) == set(everything) - {1, 2}
    assert numbers("outcome=failed") == []
    assert numbers("before=2") == [1]
    assert numbers("path=%3Cscript%3E&method=DELETE") == []
    # Time is real: the emulator's clock was advanced by half an hour, but these are from the last minutes.
    shop.advance(1800)
    assert numbers("minutes=5") == everything
    for entry in shop.emulator.requests.newest():
        entry.moment -= 600
    assert numbers("minutes=5") == []
    assert numbers("minutes=15") == everything


def test_older_requests(api: Any) -> None:
    for _ in range(250):
        api.client.get("/metadata/endpoints")
    page = fetch(api, "/emulator/view/requests?method=GET")
    assert len(page.rows("Requests")) == 200
    (older,) = [found["href"] for found, text in page.all("a") if text == "Older requests"]
    assert [row[0] for row in fetch(api, str(older)).rows("Requests")] == [str(each) for each in range(50, 0, -1)]


def test_requests_show_body_faults_and_who(shop: Any) -> None:
    shop.client.post("/emulator/faults", json={"kind": "answer", "paths": ["*/gone"], "status": 503})
    shop.call("PUT", f"{GROUPS}/gone", _small(), version=VERSION)
    newest, *others = fetch(shop, "/emulator/view/requests").rows("Requests")
    assert (newest[2].split()[0], newest[3], newest[7]) == ("PUT", "503", "2")
    created = next(row for row in others if row[2].startswith("PUT ") and "containerGroups/web" in row[2])
    assert created[6] == "emulator-owner"
    assert '"secureValue": "********"' in created[2]
    assert f'"value": {json.dumps(HOSTILE)}' in created[2]


def test_secrets_are_on_no_page(shop: Any) -> None:
    main = shop.directory.main
    for path in every_path(shop):
        for query in ("", "lines=1000"):
            response = shop.client.get(path, params=query or None) if "?" not in path else shop.client.get(path)
            text = response.text + "".join("".join(texts) for _, _, texts in Page(response.text).elements)
            found = [each for each in [*WORDS, main.secrets[0], shop.directory.job_token] if each in text]
            assert found == [], path


def test_secrets_that_a_later_definition_has(shop: Any) -> None:
    """Current secrets are masked in events and errors that repeat them."""
    changed = copy.deepcopy(DEFINITION)
    changed["properties"]["containers"][0]["properties"]["environmentVariables"][2]["secureValue"] = "newer-secret"
    assert shop.call("PUT", f"{GROUPS}/web", changed, version=VERSION).status_code in (200, 201)
    shop.advance(30)
    key = f"/subscriptions/{shop.subscription}/{GROUPS}/web".lower()
    shop.emulator.supervisor.log_buffer(key, "app").write(b"newer-secret\n")
    response = shop.client.get(group_path(shop))
    assert "newer-secret" not in response.text
    assert "********" in Page(response.text).all("div", aria_label="Log of app")[0][1]


def test_nothing_hostile_becomes_markup(shop: Any) -> None:
    for path in every_path(shop):
        page = fetch(shop, path)
        assert [found for found, _ in page.all("script")] == [{"src": "/emulator/view/page.js", "defer": None}]
        assert page.all("img") == []
        assert page.all("style") == []
        for _, found, _ in page.elements:
            assert not [name for name in found if name.startswith("on") or name == "style"], found
        targets = [found.get(name) for _, found, _ in page.elements for name in ("href", "src", "action")]
        assert all(each.startswith(("/emulator/", "#")) for each in targets if each is not None)


def test_no_page_gives_orders_to_a_terminal_or_turns_text_round(shop: Any) -> None:
    """Control characters, and those that change the direction of text, in all places where strings can be put."""
    orders = "\x1b]0;title\x07\x1b[2J\x9b31m\x00\x7f\u202eback\u2066"
    definition = _small()
    definition["tags"] = {"note": orders}
    app = definition["properties"]["containers"][0]["properties"]
    app["command"] = ["/bin/sh", "-c", orders]
    app["environmentVariables"] = [{"name": "PLAIN", "value": orders}]
    assert shop.call("PUT", f"{GROUPS}/web", definition, version=VERSION).status_code in (200, 201)
    shop.advance(30)
    shop.group("shop", "westeurope", tags={"note": orders})
    lock = f"{GROUPS}/web/providers/Microsoft.Authorization/locks/keep"
    shop.call("PUT", lock, {"properties": {"level": "CanNotDelete", "notes": orders}}, version="2020-05-01")
    rule = {"if": {"field": "name", "equals": orders}, "then": {"effect": "audit"}}
    shop.client.put("/emulator/policies", json={"value": [{"name": orders, "policyRule": rule}]})
    shop.client.post("/emulator/faults", json={"kind": "answer", "message": orders, "paths": [f"*{orders}"]})
    shop.emulator.faults.add({"kind": "fail-operation", "code": orders, "message": orders, "paths": ["*/bad"]})
    put(shop, "bad", _small())
    shop.advance(60)
    key = f"/subscriptions/{shop.subscription}/{GROUPS}/web".lower()
    shop.emulator.supervisor.log_buffer(key, "app").write(orders.encode() + b"\n")
    container = shop.emulator.supervisor._groups[key].find("app")
    shop.client.portal.call(container.event, "Odd", orders, "Warning")
    paths = [*every_path(shop), group_path(shop, "bad")]
    for path in paths:
        text = shop.client.get(path).text
        raw = {
            each
            for each in text
            if each in "\x7f\u202e\u2066" or (each < " " and each != "\n") or "\x80" <= each < "\xa0"
        }
        assert raw == set(), path
        assert "back" in text or path.endswith(("/delete", "requests")), path  # it is shown as text


def test_pages_are_accessible(shop: Any) -> None:
    for path in [*every_path(shop), group_path(shop, "missing")]:
        page = Page(shop.client.get(path).text)
        assert page.all("html")[0][0]["lang"] == "en"
        assert page.all("title")[0][1].endswith(" - aci-emulator")
        assert page.all("meta", name="viewport")[0][0]["content"] == "width=device-width, initial-scale=1"
        for landmark in ("header", "main", "footer", "h1"):
            assert len(page.all(landmark)) == 1, (path, landmark)
        ids = [found["id"] for _, found, _ in page.elements if "id" in found]
        assert len(ids) == len(set(ids)), path
        first = next(found for tag, found, _ in page.elements if tag == "a")
        assert (first["href"], first["class"]) == ("#content", "skip")
        levels = [int(tag[1]) for tag, _, _ in page.elements if tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path
        assert all(found.get("scope") in ("col", "row") for found, _ in page.all("th"))
        assert all(found.get("aria-label") for found, _ in page.all("nav"))
        assert len({found["aria-label"] for found, _ in page.all("nav")}) == len(page.all("nav"))
        assert all(found.get("aria-label") for _, found, _ in page.elements if found.get("role") == "region")
        labelled = {found["for"] for found, _ in page.all("label")}
        tags = ("input", "select", "textarea")
        controls = [found for tag in tags for found, _ in page.all(tag) if found.get("type") != "hidden"]
        assert {found["id"] for found in controls} == labelled
        named = [
            found[name]
            for _, found, _ in page.elements
            for name in ("aria-labelledby", "aria-describedby")
            if name in found
        ]
        assert set(named) <= set(ids)
        assert all(text for found, text in page.all("a") if "href" in found)
        local = [str(found["href"])[1:] for found, _ in page.all("a") if str(found["href"]).startswith("#")]
        assert set(local) <= set(ids), path


def test_refreshing_is_a_choice(shop: Any) -> None:
    off = fetch(shop, "/emulator/view/requests?path=web")
    assert off.all("meta", http_equiv="refresh") == []
    (switch,) = off.all("a", id="refresh-switch")
    assert switch[1] == "Refresh every 5 s"
    on = fetch(shop, str(switch[0]["href"]))
    assert on.all("meta", http_equiv="refresh")[0][0]["content"] == "5"
    assert on.all("input", id="path")[0][0]["value"] == "web"
    # Refreshing continues from page to page, through links and forms, until it is switched off.
    assert "/emulator/?refresh=5" in [found["href"] for found, _ in on.all("a")]
    assert on.all("input", type="hidden", name="refresh")[0][0]["value"] == "5"
    assert on.all("a", id="refresh-switch")[0][0]["href"] == "/emulator/view/requests?path=web"
    assert fetch(shop, "/emulator/?refresh=0.001").all("meta", http_equiv="refresh") == []


def test_headers(shop: Any) -> None:
    for path in [*every_path(shop), "/emulator/view/page.css", "/emulator/view/page.js", "/emulator/view/icon.svg"]:
        headers = shop.client.get(path).headers
        policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert {policy[each] for each in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {
            "'self'"
        }
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
    assert shop.client.get("/emulator/view/../../cli.py").status_code == 404
    assert shop.client.get("/emulator/view/%2e%2e").status_code == 404
    assert shop.client.get("/emulator/view/templates").status_code == 404
    for method in ("POST", "PUT", "DELETE"):
        assert shop.client.request(method, "/emulator/").status_code == 405


def test_only_for_this_machine_and_no_other_site(shop: Any) -> None:
    stranger = TestClient(shop.client.app, base_url="https://127.0.0.1:8443", client=("192.0.2.7", 50000))
    for path in [*every_path(shop), "/emulator/view/page.css"]:
        assert stranger.get(path).status_code == 403
        assert shop.client.get(path, headers={"Origin": "https://example.com"}).status_code == 403


def test_looking_is_no_request_of_its_own(shop: Any) -> None:
    before = shop.client.get("/emulator/requests").json()["count"]
    for path in every_path(shop):
        shop.client.get(path)
    assert shop.client.get("/emulator/requests").json()["count"] == before
    assert "moment" not in shop.client.get("/emulator/requests").json()["value"][0]


def test_half_characters_do_no_harm(api: Any) -> None:
    api.emulator.faults.add({"kind": "answer", "message": "half \ud800 one", "paths": ["/\udfff"]})
    assert "half \ufffd one" in fetch(api, "/emulator/view/controls").text


def test_all_that_is_kept_of_a_long_log(start_api: Callable[..., Any]) -> None:
    api = start_api()
    api.group("shop", "westeurope")
    put(api)
    api.advance(30)
    log = api.emulator.supervisor.log_buffer(f"/subscriptions/{api.subscription}/{GROUPS}/web".lower(), "app")
    for number in range(3000):
        log.write(f"line {number}\n".encode())
    page = fetch(api, group_path(api))
    text = page.all("div", aria_label="Log of app")[0][1]
    assert ("line 2999" in text, "line 2900" in text, "line 2899" in text) == (True, True, False)
    (more,) = [found["href"] for found, text in page.all("a") if text == "Show up to 1000"]
    text = fetch(api, str(more)).all("div", aria_label="Log of app")[0][1]
    assert ("line 2000" in text, "line 1999" in text) == (True, False)
    log.write(b"x" * 1_000_000 + b"\n")
    assert len(api.client.get(group_path(api)).text) < 400_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("a\rb\r\n", "a\u240db\n"),
        ("\x00\x7f\x85\ud800", "\u2400\u2421\ufffd\ufffd"),
        ("\u202eevil\u2066", "\ufffdevil\ufffd"),
    ],
)
def test_texts_are_made_safe_to_look_at(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_paths_are_short_and_escaped() -> None:
    assert shown_path("/subscriptions/01234567-89ab-cdef-0123-456789abcdef/<b>") == (
        "/<wbr>subscriptions/<wbr>01234567\u2026/<wbr>&lt;b&gt;"
    )


def test_lines_break_between_parts() -> None:
    assert wrap("my-app.westeurope.example:80") == "my-<wbr>app.<wbr>westeurope.<wbr>example:<wbr>80"
    assert wrap(f"nginx@sha256:{'0a' * 32}") == "nginx@<wbr>sha256:<wbr>0a0a0a0a0a0a\u2026"
    assert wrap("<i>\x1b[1ma b&c") == "&lt;i&gt;a b&amp;<wbr>c"
    assert (wrap(""), wrap("--"), wrap(7)) == ("", "--", "7")


def test_what_counts_as_a_secret() -> None:
    hide = Redactor(
        ["secret", "secret-longer", "80", "", base64.b64encode(b"inner text").decode(), "one line\nanother"]
    )
    assert (
        hide.text("a secret, secret-longer, 80, inner text, another") == "a ********, ********, 80, ********, ********"
    )
    assert hide.json({"secret": ["secret", 1, None]}) == {"********": ["********", 1, None]}


def add_many(api: Any, number: int) -> None:
    """Stores and runs groups like PUT, without the cost of so many requests."""
    emulator = api.emulator
    deployments = emulator.container_instance.groups.deployments
    record = emulator.store.list("container_groups")[0][1]

    async def add() -> None:
        with emulator.store.transaction():
            for each in range(number):
                name = f"g{each:05}"
                properties = {**record["properties"], "initContainers": []}
                copied = {**record, "id": record["id"].replace("/web", f"/{name}"), "name": name}
                copied["properties"] = properties
                key = copied["id"].lower()
                emulator.store.put("container_groups", key, copied)
                emulator.supervisor.deploy(key, copied, on_event=deployments.on_event)

    api.client.portal.call(add)


def _small() -> dict[str, Any]:
    definition = copy.deepcopy(DEFINITION)
    del definition["properties"]["ipAddress"]["dnsNameLabel"]
    return definition
