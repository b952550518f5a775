# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of the pages: the same effects and checks as a client's requests."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from aci_emulator.pages import client as page_client
from aci_emulator.pages import forms
from aci_emulator.pages.notices import Notice, Notices

URL = "https://127.0.0.1:8443"
GROUPS = "resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"
HOSTILE = "\"'><script>alert(1)</script>\x1b[31m\x00\u202e"
SECRET = "canary-secure-value"
DEFINITION: dict[str, Any] = {
    "location": "westeurope",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "app",
                "properties": {
                    "image": "nginx:1.27",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                    "environmentVariables": [{"name": "TOKEN", "secureValue": SECRET}],
                },
            }
        ],
    },
}


class Browser:
    """A browser that has followed a link, and sends the forms of the pages."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.client = TestClient(api.client.app, base_url=URL, client=("127.0.0.1", 50001))
        answer = self.client.get(api.emulator.access.new_link(), follow_redirects=False)
        assert answer.status_code == 303
        self.group = f"/emulator/view/groups/{api.subscription}/shop/web"

    def page(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response.text

    def csrf(self, path: str = "/emulator/") -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.page(path))
        assert found
        return found[1]

    def send(self, path: str, **fields: str) -> tuple[str, str]:
        """Sends a form. Returns the URL of the redirect, and the message on the page."""
        answer = self.client.post(
            path, data={"csrf": self.csrf(), **fields}, headers={"Origin": URL}, follow_redirects=False
        )
        assert answer.status_code == 303, answer.text
        target = answer.headers["location"]
        assert answer.headers["content-security-policy"]
        return urlsplit(target).path, said(self.page(target))


def said(text: str) -> str:
    found = re.search(r'id="notice" role="(status|alert)"[^>]*>\s*<p class="notice (\w+)">(.*?)</p>', text, re.DOTALL)
    assert found
    assert (found[1], found[2]) in {("status", "good"), ("alert", "bad")}
    return f"{found[2]}: {html.unescape(found[3])}"


@pytest.fixture
def browser(api: Any) -> Browser:
    """A browser, and a running group."""
    api.group("shop", "westeurope")
    assert api.call("PUT", f"{GROUPS}/web", DEFINITION, version="2023-05-01").status_code == 201
    api.advance(30)
    return Browser(api)


def state(api: Any) -> str:
    group = api.call("GET", f"{GROUPS}/web", version="2023-05-01").json()
    return str(group["properties"]["instanceView"]["state"])


def test_stop_start_restart(browser: Browser) -> None:
    api, page = browser.api, browser.group
    assert 'id="do-stop"' in browser.page(page)
    assert browser.send(f"{page}/stop") == (page, "good: web was stopped.")
    assert state(api) == "Stopped"
    text = browser.page(page)
    assert 'id="do-start"' in text
    assert 'id="do-stop"' not in text
    assert browser.send(f"{page}/start") == (page, "good: web is being started.")
    api.advance(30)
    assert state(api) == "Running"
    assert browser.send(f"{page}/restart") == (page, "good: web is being restarted.")
    api.advance(30)
    assert state(api) == "Running"
    asked = [entry for entry in api.emulator.requests.newest() if entry.method == "POST"]
    assert [entry.path.rpartition("/")[2] for entry in asked] == ["stop", "start", "restart"]
    assert {entry.principal for entry in asked} == {"emulator-owner"}


def test_delete_asks_first(browser: Browser) -> None:
    api, page = browser.api, browser.group
    text = browser.page(f"{page}/delete")
    assert f'<form method="post" action="{page}/delete">' in text
    assert "Delete web?" in text
    assert state(api) == "Running"  # the confirmation page deletes nothing
    assert browser.send(f"{page}/delete") == ("/emulator/", "good: web was deleted.")
    assert api.call("GET", f"{GROUPS}/web", version="2023-05-01").status_code == 404
    target, text = browser.send(f"{page}/stop")
    assert (target, text) == ("/emulator/", "bad: There is no container group web. It may have been deleted.")


def test_a_deletion_that_takes_its_time(start_api: Callable[..., Any]) -> None:
    api = start_api(switches={"delete-answer": "202"})
    api.group("shop", "westeurope")
    api.call("PUT", f"{GROUPS}/web", DEFINITION, version="2023-05-01")
    api.advance(30)
    browser = Browser(api)
    assert browser.send(f"{browser.group}/delete") == ("/emulator/", "good: web is being deleted.")


def test_what_stops_a_client_stops_a_button(browser: Browser) -> None:
    api, page = browser.api, browser.group
    lock = f"{GROUPS}/web/providers/Microsoft.Authorization/locks/keep"
    api.call("PUT", lock, {"properties": {"level": "ReadOnly"}}, version="2020-05-01")
    for action, text in (("delete", "web was not deleted. ScopeLocked: "), ("stop", "stop failed. ScopeLocked: ")):
        target, answer = browser.send(f"{page}/{action}")
        assert (target, answer[: len(text) + 5]) == (page, f"bad: {text}")
    api.call("DELETE", lock, version="2020-05-01")

    fault = {"kind": "answer", "paths": ["*/restart"], "status": 503, "code": "Busy", "message": HOSTILE}
    api.client.post("/emulator/faults", json=fault)
    _, answer = browser.send(f"{page}/restart")
    assert answer == "bad: restart failed. Busy: \"'><script>alert(1)</script>\u2400\ufffd"
    api.client.post("/emulator/faults", json={"kind": "disconnect", "paths": ["*/stop"], "when": "after"})
    _, answer = browser.send(f"{page}/stop")
    assert answer == "bad: stop failed. A fault cut the connection, so there is no answer."
    assert state(api) == "Stopped"  # the request was carried out
    api.client.delete("/emulator/faults")

    api.client.put("/emulator/throttle", json={"writes": "0:1"})
    assert "SubscriptionRequestsThrottled" in browser.send(f"{page}/start")[1]
    api.client.delete("/emulator/throttle")


def test_no_answer_in_time(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_client, "ANSWER_SECONDS", 0.05)
    browser.api.client.post("/emulator/faults", json={"kind": "delay", "paths": ["*/stop"], "seconds": 60})
    assert browser.send(f"{browser.group}/stop")[1] == "bad: stop failed. There was no answer within 0.05 s."


def test_other_peoples_subscription_has_its_own_owner(browser: Browser) -> None:
    api = browser.api
    other = next(each for each in api.directory.subscriptions if each.tenant_id != api.directory.main.tenant_id)
    owner = next(each for each in api.directory.principals if other.id in each.roles)
    bearer = {"Authorization": api.token(owner)}
    base = f"/subscriptions/{other.id}/resourceGroups/theirs"
    group = f"{base}/providers/Microsoft.ContainerInstance/containerGroups/web"
    api.call("PUT", base, {"location": "westeurope"}, headers=bearer)
    assert api.call("PUT", group, DEFINITION, version="2023-05-01", headers=bearer).status_code == 201
    api.advance(30)
    page = f"/emulator/view/groups/{other.id}/theirs/web"
    assert browser.send(f"{page}/stop") == (page, "good: web was stopped.")
    assert api.emulator.requests.newest()[-1].principal == owner.name


def every_form(browser: Browser) -> list[str]:
    """The URLs of all forms on the pages, except for signing out."""
    browser.api.client.post("/emulator/faults", json={"kind": "delay", "seconds": 0})
    pages = (browser.group, f"{browser.group}/delete", "/emulator/view/controls")
    found = {
        each for path in pages for each in re.findall(r'<form[^>]* method="post" action="([^"]+)"', browser.page(path))
    }
    return sorted(found - {"/emulator/leave"})


def test_nothing_changes_without_session_token_and_origin(browser: Browser) -> None:
    api = browser.api
    targets = every_form(browser)
    assert len(targets) == 8
    stranger = TestClient(api.client.app, base_url=URL, client=("127.0.0.1", 50002))
    csrf = browser.csrf()

    def looks() -> list[Any]:
        faults = [each["id"] for each in api.client.get("/emulator/faults").json()["value"]]
        others = [api.client.get(f"/emulator/{each}").json() for each in ("clock", "throttle")]
        return [state(api), faults, *others]

    before = looks()
    for target in targets:
        fields = {"kind": "delay", "seconds": "0", "action": "advance", "command": "x", "reads": "1:1"}
        good = {"Origin": URL}
        assert stranger.post(target, data={**fields, "csrf": csrf}, headers=good).status_code == 401
        for data, headers in (
            (fields, good),
            ({**fields, "csrf": csrf[::-1]}, good),
            ({**fields, "csrf": csrf}, {}),
            ({**fields, "csrf": csrf}, {"Origin": "https://example.com"}),
            ({**fields, "csrf": csrf}, {**good, "Sec-Fetch-Site": "cross-site"}),
        ):
            assert browser.client.post(target, data=data, headers=headers).status_code == 403, (target, headers)
        assert browser.client.get(target, headers=good).status_code in (200, 404, 405)
    assert looks() == before


def test_each_form_of_a_browser_has_the_token(browser: Browser) -> None:
    for path in (browser.group, f"{browser.group}/delete", "/emulator/view/controls"):
        text = browser.page(path)
        assert text.count('method="post"') == text.count('name="csrf"') > 1


def test_an_action_that_there_is_not(browser: Browser) -> None:
    answer = browser.client.post(
        f"{browser.group}/explode", data={"csrf": browser.csrf()}, headers={"Origin": URL}, follow_redirects=False
    )
    assert answer.status_code == 404


def test_no_address_has_a_page_say_something(browser: Browser) -> None:
    assert 'id="notice"' not in browser.page("/emulator/?notice=You+have+won")


def test_refreshing_goes_on_after_a_form(browser: Browser) -> None:
    answer = browser.client.post(
        f"{browser.group}/stop",
        data={"csrf": browser.csrf(), "refresh": "5"},
        headers={"Origin": URL},
        follow_redirects=False,
    )
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["refresh"] == ["5"]
    text = browser.page(answer.headers["location"])
    # The page does not repeat the message after refreshing was switched off.
    assert f'id="refresh-switch" href="{browser.group}"' in text


def test_a_command_where_nothing_runs_processes(browser: Browser) -> None:
    target, text = browser.send(f"{browser.group}/containers/app/run", command="ls", shell="/bin/sh")
    assert target == browser.group
    assert text == (
        "bad: The command did not run in app: this runtime has no processes, so a command cannot be executed"
    )
    _, text = browser.send(f"{browser.group}/containers/none/run", command="ls")
    assert "bad: The command did not run in none: " in text


def test_a_command_runs_inside(start_api: Callable[..., Any]) -> None:
    api = start_api(runtime="process", frozen=False, speed=50)
    api.group("shop", "westeurope")
    definition = {**DEFINITION, "properties": {**DEFINITION["properties"]}}
    container = definition["properties"]["containers"][0]
    definition["properties"]["containers"] = [
        {
            "name": "app",
            "properties": {
                **container["properties"],
                "image": "emulator.local/sh",
                "command": ["/bin/sh", "-c", "echo begun; sleep 600"],
            },
        }
    ]
    assert api.call("PUT", f"{GROUPS}/web", definition, version="2023-05-01").status_code == 201
    browser = Browser(api)
    for _ in range(20):
        api.advance(5)
        if "begun" in browser.page(f"{browser.group}/containers/app"):
            break
    answer = browser.client.post(
        f"{browser.group}/containers/app/run",
        data={"csrf": browser.csrf(), "command": "echo $((40+2)) $TOKEN '<i>'", "shell": "/bin/sh"},
        headers={"Origin": URL},
        follow_redirects=False,
    )
    assert answer.headers["location"].endswith("#output")
    text = browser.page(answer.headers["location"])
    assert said(text).startswith("good: The command in app took ")
    output = re.search(r'<pre class="output"[^>]*>(.*?)</pre>', text, re.DOTALL)
    assert output
    assert "42 ******** &lt;i&gt;" in output[1]
    assert SECRET not in text
    assert 'value="echo $((40+2)) $TOKEN &#39;&lt;i&gt;&#39;"' in text  # to be run again
    paths = [entry.path for entry in api.emulator.requests.newest() if entry.method == "POST"]
    assert paths[-1].endswith("/containers/app/exec")


def test_a_log_as_text(browser: Browser) -> None:
    api = browser.api
    log = api.emulator.supervisor.log_buffer(f"/subscriptions/{api.subscription}/{GROUPS}/web".lower(), "app")
    log.write(f"one {HOSTILE} {SECRET}\n".encode())
    answer = browser.client.get(f"{browser.group}/containers/app/log")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.endswith("one \"'><script>alert(1)</script>\u2400\ufffd ********\n")
    page = browser.page(f"{browser.group}/containers/app")
    assert f'data-follow="{browser.group}/containers/app/log"' in page
    assert "<script>alert" not in page
    assert browser.client.get(f"{browser.group}/containers/none/log").status_code == 404
    assert browser.client.get(f"{browser.group}/containers/none").status_code == 404
    assert browser.client.get(f"{browser.group}x/containers/app").status_code == 404


def test_clock(browser: Browser) -> None:
    api, target = browser.api, "/emulator/view/clock"
    begin = api.client.get("/emulator/clock").json()
    assert browser.send(target, action="advance", seconds="90") == (
        "/emulator/view/controls",
        "good: The clock was set.",
    )
    assert api.client.get("/emulator/clock").json()["seconds"] == begin["seconds"] + 90
    assert browser.send(target, action="set", now="2031-01-31T12:00:05")[1].startswith("good")
    assert api.client.get("/emulator/clock").json()["now"].startswith("2031-01-31T12:00:05")
    assert browser.send(target, action="resume")[1].startswith("good")
    assert api.client.get("/emulator/clock").json()["frozen"] is False
    assert browser.send(target, action="freeze")[1].startswith("good")
    assert api.client.get("/emulator/clock").json()["frozen"] is True
    assert browser.send(target, action="advance", seconds="soon")[1] == "bad: Seconds must be a number."
    assert browser.send(target, action="advance", seconds="nan")[1].startswith("bad: InvalidControlRequest")
    assert browser.send(target, action="set", now=HOSTILE)[1].startswith("bad: InvalidControlRequest: Now must be")
    assert browser.send(target)[1].startswith("bad: InvalidControlRequest: Action must be")


def test_faults_are_set_and_cleared(browser: Browser) -> None:
    api = browser.api
    fields = {
        "kind": "answer",
        "methods": "put, delete",
        "paths": "*/web */other",
        "after": "1",
        "times": "2",
        "probability": "0.5",
        "seed": "7",
        "status": "429",
        "code": "Slow",
        "message": HOSTILE,
        "headers": "Retry-After=1\r\nX-Note=a=b\r\n",
        "seconds": "",
        "when": "",
    }
    assert browser.send("/emulator/view/faults", **fields) == ("/emulator/view/controls", "good: The fault is set.")
    (fault,) = api.client.get("/emulator/faults").json()["value"]
    assert {name: fault[name] for name in ("methods", "paths", "after", "times", "probability", "seed")} == {
        "methods": ["PUT", "DELETE"],
        "paths": ["*/web", "*/other"],
        "after": 1,
        "times": 2,
        "probability": 0.5,
        "seed": 7,
    }
    assert (fault["status"], fault["message"]) == (429, HOSTILE)
    assert fault["headers"] == {"Retry-After": "1", "X-Note": "a=b"}
    assert "<script>alert" not in browser.page("/emulator/view/controls")
    for number in ("2", "x/../..", "1?x"):
        assert browser.send("/emulator/view/faults/clear", number=number)[1].startswith("bad")
    assert browser.send("/emulator/view/faults/clear", number="1")[1] == "good: Fault 1 was cleared."
    browser.send("/emulator/view/faults", kind="delay", seconds="0")
    browser.send("/emulator/view/faults", kind="evict")
    assert len(api.client.get("/emulator/faults").json()["value"]) == 2
    assert browser.send("/emulator/view/faults/clear")[1] == "good: All faults were cleared."
    assert api.client.get("/emulator/faults").json()["value"] == []


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": HOSTILE}, "InvalidControlRequest: Kind must be one of"),
        ({"kind": "delay"}, "InvalidControlRequest: Delay requires seconds"),
        ({"kind": "delay", "seconds": "1", "status": "500"}, "InvalidControlRequest: Status is not valid for delay"),
        ({"kind": "answer", "status": "many"}, "Status must be a whole number."),
        ({"kind": "answer", "headers": "nothing"}, "Headers must be lines of NAME=VALUE."),
        ({"kind": "answer", "probability": "2"}, "InvalidControlRequest: Probability must be from 0 to 1"),
    ],
)
def test_a_fault_that_is_refused_can_be_mended(browser: Browser, fields: dict[str, str], text: str) -> None:
    answer = browser.client.post(
        "/emulator/view/faults",
        data={"csrf": browser.csrf(), "paths": f"*{HOSTILE[:10]}", **fields},
        headers={"Origin": URL},
    )
    assert said(answer.text).startswith(f"bad: {text}")
    assert f'value="*{html.escape(HOSTILE[:10]).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")}"' in answer.text
    assert browser.api.client.get("/emulator/faults").json()["value"] == []


def test_throttle(browser: Browser) -> None:
    api, target = browser.api, "/emulator/view/throttle"
    own = {"reads": "16500:1650", "writes": "12000:1200"}
    assert api.client.get("/emulator/throttle").json() == own
    assert browser.send(target, action="set", reads="2:0.5", writes="")[1] == "good: The throttle was set."
    assert api.client.get("/emulator/throttle").json() == {**own, "reads": "2:0.5"}
    assert [api.call("GET", "resourceGroups").status_code for _ in range(3)] == [200, 200, 429]
    assert 'value="2:0.5"' in browser.page("/emulator/view/controls")
    for bad in ("x", "-1:1", "5:0", "5:inf", HOSTILE):
        assert browser.send(target, action="set", writes=bad)[1].startswith(
            "bad: InvalidControlRequest: Writes must be"
        )
    assert browser.send(target, action="reset")[1] == "good: The throttle was set."
    assert api.client.get("/emulator/throttle").json() == own
    assert api.call("GET", "resourceGroups").status_code == 200


def test_throttle_over_the_control_endpoint(api: Any) -> None:
    own = api.client.get("/emulator/throttle").json()
    assert api.client.put("/emulator/throttle", json={**own, "writes": "1:1"}).json() == {**own, "writes": "1:1"}
    for body in ({"all": "1:1"}, {"reads": 5}, {"reads": "a:b"}, []):
        assert api.client.put("/emulator/throttle", json=body).status_code == 400
    assert api.client.delete("/emulator/throttle").status_code == 204
    assert api.client.get("/emulator/throttle").json() == own


def test_fields_of_a_form() -> None:
    assert forms.fields(b"a=1&b=x%0D%0Ay&a=2&csrf=token&c=") == {"a": "2", "b": "x\ny", "c": ""}
    for bad in (b"\xff", b"a=%ff", b"&".join(b"a=1" for _ in range(100))):
        with pytest.raises(Exception, match="InvalidForm"):
            forms.fields(bad)


def test_notices_do_not_pile_up() -> None:
    notices = Notices()
    names = [notices.add(Notice(str(number))) for number in range(60)]
    assert len(set(names)) == 60
    assert notices.get(names[9]) is None
    found = notices.get(names[10])
    assert found is not None
    assert found.text == "10"
