# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages in a real browser: headless Chromium, controlled through its debugging protocol.

Skipped if Chromium is not installed and cannot be installed (which requires root and apt-get).

Set ACI_EMULATOR_SCREENSHOTS to a folder to get screenshots.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from websockets.sync.client import connect

from aci_emulator.testing import RunningEmulator, running_emulator
from machine import install

CANARIES = ("canary-secure-value", "canary-password")
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
COMMAND = ["/bin/sh", "-c", f'echo $TOKEN; for i in 1 2 3 4 5 6 7 8 9; do echo "{HOSTILE[:39]}"; done; sleep 600']
GROUP: dict[str, Any] = {
    "location": "westeurope",
    "tags": {"note": HOSTILE},
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "app",
                "properties": {
                    "image": "emulator.local/sh",
                    "command": COMMAND,
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                    "ports": [{"port": 80}],
                    "environmentVariables": [
                        {"name": "NOTE", "value": HOSTILE},
                        {"name": "TOKEN", "secureValue": CANARIES[0]},
                    ],
                },
            }
        ],
        "imageRegistryCredentials": [{"server": "x.example", "username": "u", "password": CANARIES[1]}],
        "ipAddress": {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}]},
    },
}
LONG = "waits-" + "for-an-image-with-a-long-name-that-is-not-there"
POLICY_RULE = {"if": {"field": "name", "equals": HOSTILE}, "then": {"effect": "deny"}}
# Speeds up the timers of the page's script: five seconds take a tenth of a second.
FASTER = """window.ticks = 0;
const slow = window.setTimeout;
window.setTimeout = (action, time) => slow(() => { window.ticks += 1; action(); }, time / 50);"""
# Elements with overflowing content, except for texts that scroll vertically on purpose.
CUT = """[...document.body.querySelectorAll('*')].filter((each) =>
  each.checkVisibility() && !each.closest('svg, .unseen, .skip, option, select') && each.clientWidth > 0
  && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible'
  && each.tagName !== 'INPUT').map((each) => [each.tagName, each.id, each.className, each.scrollWidth])"""
# Words (sequences of letters and digits) that are broken between lines. Those with more than thirty characters may have
# to be.
BROKEN = """(() => {
  const broken = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!element.checkVisibility() || element.closest('pre, option, .unseen, .skip, svg')) continue;
    for (const match of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      seen += 1;
      if (match[0].length > 30) continue;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
      if (lines.size > 1) broken.push([match[0], element.tagName]);
    }
  }
  return { seen, broken };
})()"""
# Every text on the page whose contrast with what is behind it is below 4.5, the least for small text (WCAG 2.2, 1.4.3).
CONTRAST = """(() => {
  const parse = (color) => { const c = color.match(/[\\d.]+/g).map(Number); return c.length < 4 ? [...c, 1] : c; };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    seen += 1;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([walker.currentNode.data.trim(), ratio]);
  }
  return { seen, bad };
})()"""


class Navigated(Exception):
    """The page was replaced by another one."""


class Tab:
    """A page in the browser. Records the browser's errors and warnings."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._number = 0
        self.complaints: list[str] = []
        self.loaded: list[str] = []  # an ID for each document that was loaded
        for domain in ("Page", "Runtime", "Log"):
            self.do(f"{domain}.enable")
        self.do("Page.setLifecycleEventsEnabled", enabled=True)

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Sends a command and returns its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = self._receive()
            if message.get("id") == self._number:
                if "navigated" in message.get("error", {}).get("message", ""):
                    raise Navigated(message["error"]["message"])
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=60))
        event = message.get("method")
        if event == "Page.lifecycleEvent" and message["params"]["name"] == "load":
            self.loaded.append(message["params"]["loaderId"])
        elif event == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(str(message["params"]["exceptionDetails"]))
        return message

    def open(self, url: str) -> None:
        """Goes to a page and waits until it is loaded."""
        result = self.do("Page.navigate", url=url)
        assert "errorText" not in result, result
        while result["loaderId"] not in self.loaded:
            self._receive()

    def ask(self, expression: str) -> Any:
        """Returns the value of a JavaScript expression."""
        result = self.do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, expression: str) -> None:
        """Waits until an expression is true."""
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(Navigated):
                if self.ask(expression):
                    return
            assert time.monotonic() < deadline, f"{expression} stayed false"
            time.sleep(0.1)

    def press(self, key: str, code: int, text: str = "") -> None:
        """Presses and releases a key."""
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.do("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **more)

    def click(self, selector: str) -> None:
        """Clicks the centre of an element with the mouse."""
        find = f"document.querySelector({json.dumps(selector)})"
        self.ask(f"{find}.scrollIntoView({{block: 'center'}})")
        box = self.ask(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({find}.getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.do("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def size(self, width: int, height: int = 900) -> None:
        """Sets the viewport of the page."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name: str) -> None:
        """Sets the user's preferred colour scheme, light or dark."""
        self.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, name: str) -> None:
        """Saves a screenshot, if a folder is configured."""
        folder = os.environ.get("ACI_EMULATOR_SCREENSHOTS")
        if folder:
            data = self.do("Page.captureScreenshot", captureBeyondViewport=True)["data"]
            (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(data))


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser's path. Root installs it if it is missing."""
    if reason := install(["chromium"], ["chromium"]):
        pytest.skip(reason)
    return str(shutil.which("chromium"))


@pytest.fixture(scope="module")
def emulator(chromium: str) -> Iterator[RunningEmulator]:
    """An emulator with everything that the pages show, both healthy and failed."""
    with running_emulator("--runtime", "process", "--speed", "20") as found:
        call = _client(found)
        version = "?api-version=2023-05-01"
        resource_group = f"/subscriptions/{found.subscription_id}/resourceGroups/shop"
        groups = f"{resource_group}/providers/Microsoft.ContainerInstance/containerGroups"
        assert call("PUT", f"{resource_group}?api-version=2021-04-01", {"location": "westeurope"})[0] == 201
        found.add_fault("answer", methods=["PUT"], paths=["*/no*"], status=503, message=HOSTILE)
        found.set_policies([{"name": f"policy {HOSTILE}", "policyRule": POLICY_RULE}])
        assert call("PUT", f"{groups}/web{version}", GROUP)[0] == 201
        job = json.loads(json.dumps(GROUP))
        job["properties"]["restartPolicy"] = "Never"
        job["properties"]["containers"][0]["properties"]["command"] = ["/bin/sh", "-c", "exit 3"]
        assert call("PUT", f"{groups}/job{version}", job)[0] == 201
        for name, image in (("crash", "emulator.local/exit:7"), (LONG, f"emulator.local/missing/{'deep/' * 8}web:v1")):
            assert call("PUT", f"{groups}/{name}{version}", _of_image(image))[0] == 201
        _add_surroundings(call, resource_group)
        assert call("PUT", f"{groups}/nope{version}", GROUP)[0] == 503
        assert call("GET", f"{groups}/{'x' * 60}{version}")[0] == 404
        deadline = time.monotonic() + 60
        while not (
            call("GET", f"{groups}/web/containers/app/logs{version}")[1].get("content")
            and call("GET", f"{groups}/job{version}")[1]["properties"]["instanceView"]["state"] == "Failed"
            and "BackOff" in _detail(call("GET", f"{groups}/crash{version}")[1])
            and "BackOff" in _detail(call("GET", f"{groups}/{LONG}{version}")[1])
        ):
            assert time.monotonic() < deadline, "the groups did not run"
            time.sleep(0.5)
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str, emulator: RunningEmulator) -> Iterator[Callable[[], Tab]]:
    """A browser that trusts the emulator's certificate. Returns a function that opens a tab."""
    with ExitStack() as stack:
        # Removed last, because the browser writes to it until it ends.
        profile = stack.enter_context(tempfile.TemporaryDirectory(prefix="aci-chromium-", ignore_cleanup_errors=True))
        process = subprocess.Popen(
            [*_command(chromium, emulator, Path(profile)), "--remote-debugging-port=0", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(_stop, process)
        port_file = Path(profile) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while not port_file.exists() or not port_file.read_text().strip():
            assert process.poll() is None, "chromium ended"
            assert time.monotonic() < deadline, "chromium does not start"
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port_file.read_text().splitlines()[0]}"

        def tab() -> Tab:
            request = urllib.request.Request(f"{address}/json/new?about:blank", method="PUT")
            with urllib.request.urlopen(request, timeout=30) as answer:
                url = json.load(answer)["webSocketDebuggerUrl"]
            opened = Tab(stack.enter_context(connect(url, max_size=None, open_timeout=30, proxy=None)))
            opened.size(1280)
            opened.open(emulator.link())
            opened.loaded.clear()
            return opened

        yield tab


def test_it_loads_in_order_and_nothing_hostile_runs(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    for name, path in _paths(emulator).items():
        tab.open(emulator.url + path)
        assert tab.ask("document.title").endswith(" - aci-emulator")
        text = tab.ask("document.documentElement.outerHTML")
        assert not [canary for canary in CANARIES if canary in text], path
        assert tab.ask("[...document.scripts].map((each) => each.src)") == [f"{emulator.url}/emulator/view/page.js"]
        assert tab.ask("document.images.length") == 0
        assert (
            tab.ask("getComputedStyle(document.querySelector('section, .actions, .choose')).marginTop") != "0px"
        )  # styled
        loaded = tab.ask("performance.getEntriesByType('resource').map((each) => each.name)")
        assert {url.partition("/emulator/")[0] for url in loaded} == {emulator.url}
        tab.picture(f"{name}-light")
        if name not in ("overview", "delete", "crash", "waits"):
            assert HOSTILE[:39] in tab.ask("document.body.textContent"), name  # as text
    assert tab.complaints == []


def test_what_is_inline_is_refused(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.open(f"{emulator.url}/emulator/")
    tab.ask("document.body.append(Object.assign(document.createElement('script'), {textContent: 'owned = 1'}))")
    tab.ask("document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.invalid/x'}))")
    tab.until("typeof owned === 'undefined'")
    deadline = time.monotonic() + 10
    while len(tab.complaints) < 2 and time.monotonic() < deadline:
        tab.ask("1")
        time.sleep(0.1)
    assert len([each for each in tab.complaints if "Content Security Policy" in each]) == 2, tab.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(emulator: RunningEmulator, browser: Callable[[], Tab], scheme: str) -> None:
    tab = browser()
    tab.scheme(scheme)
    for name, path in _paths(emulator).items():
        tab.open(emulator.url + path)
        tab.ask("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = tab.ask(CONTRAST)
        assert found["seen"] > 10
        assert found["bad"] == [], (name, scheme)
        dark = tab.ask("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 27)"
        assert dark == (scheme == "dark")
        tab.picture(f"{name}-{scheme}-open")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_cut_and_no_word_breaks(emulator: RunningEmulator, browser: Callable[[], Tab], width: int) -> None:
    tab = browser()
    tab.size(width, 800)
    for name, path in _paths(emulator).items():
        tab.open(emulator.url + path)
        for scheme in ("dark", "light"):
            tab.scheme(scheme)
            tab.picture(f"{name}-{width}-{scheme}")
        assert tab.ask("document.documentElement.scrollWidth") <= width, name
        assert tab.ask(CUT) == [], (name, width)
        found = tab.ask(BROKEN)
        assert found["seen"] > 20
        assert found["broken"] == [], (name, width, found["broken"])


def test_with_the_keyboard(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.open(emulator.url + _paths(emulator)["overview"])
    tab.press("Tab", 9)
    assert tab.ask("document.activeElement.className") == "skip"
    assert tab.ask("document.activeElement.getBoundingClientRect().width") > 50  # it is visible when it has the focus
    tab.press("Enter", 13, "\r")
    tab.until("document.activeElement.id === 'content'")
    reached = []
    for _ in range(120):
        tab.press("Tab", 9)
        reached.append(tab.ask("(document.activeElement.id || document.activeElement.textContent).trim()"))
        if tab.ask("document.activeElement === document.body"):
            break
        outline = tab.ask("getComputedStyle(document.activeElement).outline")
        assert "3px" in outline, (reached[-1], outline)
    assert {"words", "state", "Show", "web", "3 in trouble", "Copy", "All requests"} <= set(reached)
    tab.ask("document.querySelector('#groups-table a[href*=\"/web\"]').focus()")
    tab.press("Enter", 13, "\r")
    tab.until("document.title === 'web - aci-emulator' && document.readyState === 'complete'")


def test_a_log_shows_its_end(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.open(emulator.url + _paths(emulator)["group"])
    tab.ask("document.querySelector('.log').style.maxHeight = '4rem'")
    line = "document.querySelector('.log pre').getBoundingClientRect().bottom"
    assert tab.ask(f"Math.abs({line} - document.querySelector('.log').getBoundingClientRect().bottom)") < 20


def test_refreshing_keeps_ones_place(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.open(f"{emulator.url}{_paths(emulator)['group']}?refresh=5")
    tab.do("Page.bringToFront")
    tab.ask("document.getElementById('definition-json').open = true")
    tab.ask("document.querySelector('#definition-json pre').scrollTop = 40")
    tab.ask("document.querySelector('#definition-json summary').focus()")
    tab.ask("document.querySelector('h1').marked = true")
    tab.until("!document.querySelector('h1').marked")
    assert tab.ask("document.getElementById('definition-json').open")
    assert tab.ask("document.activeElement.matches('#definition-json summary')")
    assert tab.ask("document.querySelector('h1').textContent").split()[0] == "web"
    assert tab.ask("document.getElementById('refresh-switch').textContent") == "Stop refreshing"
    with contextlib.suppress(Navigated):  # the page may be replaced before the browser answers
        tab.ask("document.getElementById('refresh-switch').click()")
    tab.until("document.readyState === 'complete' && !location.search.includes('refresh')")
    assert not tab.ask("document.documentElement.dataset.refresh || ''")
    assert tab.complaints == []


def test_without_script(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.do("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(f"{emulator.url}/emulator/view/requests?outcome=failed&refresh=5")
    # The debugger can still read the page, even if its own script does not run.
    assert tab.ask("document.querySelectorAll('tbody tr').length") == 1
    assert tab.ask("document.querySelector('meta[http-equiv=refresh]').content") == "5"
    before = len(tab.loaded)
    deadline = time.monotonic() + 30
    while len(tab.loaded) == before:  # refreshed by the meta element
        assert time.monotonic() < deadline
        tab.ask("1")
        time.sleep(0.2)
    assert tab.ask("document.getElementById('outcome').value") == "failed"


def test_a_link_is_the_way_in_and_signing_out_the_way_out(
    emulator: RunningEmulator, browser: Callable[[], Tab]
) -> None:
    tab = browser()
    overview = f"{emulator.url}/emulator/"
    cookies = [
        each
        for each in tab.do("Network.getCookies", urls=[overview])["cookies"]
        if each["name"].startswith("__Host-aci-emulator-")
    ]
    assert [(each["httpOnly"], each["secure"], each["sameSite"]) for each in cookies] == [(True, True, "Strict")]
    tab.open(overview)
    assert tab.ask("document.cookie") == ""
    # A page from another origin of the same site gets nothing, even if the browser has the cookie.
    assert tab.ask(f"fetch('{emulator.url.replace('127.0.0.1', 'localhost')}/emulator/').catch(() => 'no')") == "no"
    csrf = tab.ask("document.querySelector('[name=csrf]').value")
    send = "fetch('/emulator/faults', {{method: 'DELETE', headers: {0}}}).then((answer) => answer.status)"
    assert tab.ask(send.format("{}")) == 403
    assert tab.ask(send.format(json.dumps({"X-CSRF-Token": csrf[::-1]}))) == 403
    assert tab.ask("fetch('/emulator/faults').then((answer) => answer.status)") == 200
    tab.picture("signed-in")
    tab.ask("document.querySelector('footer button').click()")
    tab.until("document.readyState === 'complete' && document.title.startsWith('Locked')")
    assert "You have signed out." in tab.ask("document.body.textContent")
    tab.picture("signed-out")
    tab.open(overview)
    assert "aci-emulator open" in tab.ask("document.body.textContent")
    assert tab.ask("document.title") == "Locked - aci-emulator"


def test_stop_and_start_with_the_keyboard(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    path = _spare(emulator, "keys")
    tab = browser()
    tab.open(emulator.url + path)
    for button, state, other in (("do-stop", "Stopped", "do-start"), ("do-start", "Running", "do-stop")):
        tab.until(f"!!document.getElementById('{button}')")
        tab.ask(f"document.getElementById('{button}').focus()")
        tab.press("Enter", 13, "\r")
        tab.until("document.readyState === 'complete' && location.search.includes('notice=')")
        tab.until("document.activeElement.id === 'notice'")  # the outcome is read out
        assert tab.ask("document.getElementById('notice').getAttribute('role')") == "status"
        assert "keys" in tab.ask("document.getElementById('notice').textContent")
        tab.picture(f"notice-{button}")
        _reload_until(tab, f"document.querySelector('h1').textContent.includes('{state}')")
        assert tab.ask(f"!!document.getElementById('{other}')")
        tab.open(emulator.url + path)
    assert tab.complaints == []


def test_delete_without_script(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    path = _spare(emulator, "doomed")
    tab = browser()
    tab.do("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(emulator.url + path)
    # The debugger can click, even if the page's own script does not run.
    tab.click("#do-delete")
    tab.until("document.title.startsWith('Delete doomed')")
    tab.click("#confirm")
    tab.until("document.title.includes('Overview')")
    assert "doomed was deleted." in tab.ask("document.getElementById('notice').textContent")
    tab.open(emulator.url + path)
    assert "There is no container group doomed." in tab.ask("document.body.textContent")


def test_a_command_runs_inside(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.open(emulator.url + _paths(emulator)["group"])
    tab.ask("document.querySelector('[name=command]').focus()")
    tab.do("Input.insertText", text=f'echo $((40 + 2)) $TOKEN; echo "{HOSTILE[:8]}b>"')
    tab.press("Enter", 13, "\r")
    tab.until("document.readyState === 'complete' && !!document.querySelector('.output')")
    output = tab.ask("document.querySelector('.output').textContent")
    assert "42 ********" in output
    assert "<script>b>" in output
    tab.until("document.activeElement.id === 'output'")
    assert tab.ask("document.querySelector('[name=command]').value").startswith("echo $((40 + 2))")
    tab.picture("command")
    assert tab.complaints == []


def test_a_log_is_followed(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    path = _spare(emulator, "talks", "n=0; while true; do n=$((n+1)); echo line $n $TOKEN; sleep 0.2; done")
    tab = browser()
    tab.open(f"{emulator.url}{path}/containers/app")
    tab.do("Page.bringToFront")
    tab.ask("document.querySelector('#log').firstChild.marked = true")
    tab.until("document.querySelector('#log').textContent.includes('line 40 ')")
    assert tab.ask("document.querySelector('#log').firstChild.marked")  # extended, not replaced
    lines = tab.ask("document.querySelector('#log').textContent").splitlines()
    numbers = [int(line.split()[2]) for line in lines if line.endswith("*")]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert not [line for line in lines if CANARIES[0] in line]
    bottom = "document.querySelector('#log pre').getBoundingClientRect().bottom"
    assert tab.ask(f"Math.abs({bottom} - document.querySelector('#log').getBoundingClientRect().bottom)") < 20
    tab.ask("document.getElementById('follow-switch').click()")
    assert tab.ask("document.getElementById('follow-switch').getAttribute('aria-pressed')") == "false"
    assert tab.ask("document.getElementById('follow-status').textContent") == "Paused."
    tab.picture("followed")
    assert tab.complaints == []


def test_faults_are_set_and_cleared(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.open(emulator.url + _paths(emulator)["controls"])
    visible = "[...document.querySelectorAll('[data-kinds]')].filter((e) => !e.hidden).map((e) => e.dataset.kinds)"
    assert tab.ask(visible) == ["status", "code", "message", "headers"]
    choose = "kind.value = '{0}'; kind.dispatchEvent(new Event('change'))"
    tab.ask(choose.format("evict"))
    assert tab.ask(visible) == []
    tab.ask(choose.format("delay"))
    assert tab.ask(visible) == ["seconds"]
    tab.ask("document.getElementById('paths').value = '*/never'")
    tab.ask("document.getElementById('fault-seconds').value = '1.5'")
    tab.ask("[...document.querySelectorAll('button')].find((each) => each.textContent === 'Set the fault').click()")
    tab.until("document.readyState === 'complete' && document.body.textContent.includes('The fault is set.')")
    row = "[...document.querySelectorAll('#faults-table tbody tr')].find((e) => e.textContent.includes('*/never'))"
    assert "seconds: 1.5" in tab.ask(f"{row}.textContent")
    tab.ask(f"{row}.querySelector('button').click()")
    tab.until("document.readyState === 'complete' && document.body.textContent.includes('was cleared.')")
    assert tab.ask(f"!{row}")
    assert tab.complaints == []


def test_the_line_is_copied(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.do("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    tab.open(emulator.url + _paths(emulator)["overview"])
    tab.do("Page.bringToFront")
    tab.click("[data-copy]")
    tab.until("document.querySelector('[data-copy]').textContent === 'Copied'")
    line = f'eval "$(aci-emulator env --state-dir {emulator.state_dir})"'
    assert tab.ask("navigator.clipboard.readText()") == line


def test_refreshing_leaves_what_is_typed(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.do("Page.addScriptToEvaluateOnNewDocument", source=FASTER)
    tab.open(f"{emulator.url}{_paths(emulator)['group']}?refresh=5")
    tab.do("Page.bringToFront")
    tab.ask("document.querySelector('[name=command]').value = 'half a com'")
    tab.ask("document.querySelector('h1').marked = true")
    before = tab.ask("ticks")
    tab.until(f"ticks > {before + 3}")
    assert tab.ask("document.querySelector('h1').marked")
    assert tab.ask("document.querySelector('[name=command]').value") == "half a com"
    tab.ask("document.querySelector('[name=command]').value = ''")
    tab.until("!document.querySelector('h1').marked")


def test_what_a_screen_reader_is_told(emulator: RunningEmulator, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.do("Accessibility.enable")
    for name, path in _paths(emulator).items():
        tab.open(emulator.url + path)
        nodes = [each for each in tab.do("Accessibility.getFullAXTree")["nodes"] if not each["ignored"]]
        roles: dict[str, list[str]] = {}
        for node in nodes:
            roles.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
        assert {"banner", "main", "contentinfo", "navigation"} <= set(roles), name
        for role in ("button", "link", "textbox", "searchbox", "combobox", "spinbutton", "navigation", "region"):
            assert all(each.strip() for each in roles.get(role, [])), (name, role, roles.get(role))
        assert len(set(roles.get("region", []))) == len(roles.get("region", [])), name
    # Tables remain tables for assistive technology, even if a narrow screen shows them as lists.
    tab.size(390)
    tab.open(emulator.url + _paths(emulator)["overview"])
    nodes = [each["role"]["value"] for each in tab.do("Accessibility.getFullAXTree")["nodes"] if not each["ignored"]]
    assert {"table", "row", "cell"} <= set(nodes)


def test_one_shot(chromium: str, emulator: RunningEmulator, tmp_path: Path) -> None:
    """Without a debugger: --dump-dom."""
    done = subprocess.run(
        [*_command(chromium, emulator, tmp_path / "profile"), "--dump-dom", emulator.link()],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "<h1>Overview</h1>" in done.stdout
    assert "Container groups" in done.stdout


def _paths(emulator: RunningEmulator) -> dict[str, str]:
    return {
        "overview": "/emulator/",
        "group": f"/emulator/view/groups/{emulator.subscription_id}/shop/web",
        "failed": f"/emulator/view/groups/{emulator.subscription_id}/shop/job",
        "crash": f"/emulator/view/groups/{emulator.subscription_id}/shop/crash",
        "waits": f"/emulator/view/groups/{emulator.subscription_id}/shop/{LONG}",
        "log": f"/emulator/view/groups/{emulator.subscription_id}/shop/web/containers/app",
        "delete": f"/emulator/view/groups/{emulator.subscription_id}/shop/web/delete",
        "requests": "/emulator/view/requests",
        "resources": "/emulator/view/resources",
        "controls": "/emulator/view/controls",
    }


def _spare(emulator: RunningEmulator, name: str, script: str = "sleep 600") -> str:
    """Runs a group and returns the path of its page."""
    call = _client(emulator)
    group = f"/subscriptions/{emulator.subscription_id}/resourceGroups/shop/providers/Microsoft.ContainerInstance"
    group += f"/containerGroups/{name}?api-version=2023-05-01"
    definition = json.loads(json.dumps(GROUP))
    definition["properties"]["containers"][0]["properties"]["command"] = ["/bin/sh", "-c", script]
    assert call("PUT", group, definition)[0] == 201
    deadline = time.monotonic() + 60
    while call("GET", group)[1]["properties"]["instanceView"]["state"] != "Running":
        assert time.monotonic() < deadline, "the group is not running"
        time.sleep(0.2)
    return f"/emulator/view/groups/{emulator.subscription_id}/shop/{name}"


def _reload_until(tab: Tab, expression: str) -> None:
    deadline = time.monotonic() + 60
    while not tab.ask(expression):
        assert time.monotonic() < deadline, f"{expression} stayed false"
        time.sleep(0.3)
        tab.do("Page.reload")
        tab.until("document.readyState === 'complete' && !!document.querySelector('h1')")


def _of_image(image: str) -> dict[str, Any]:
    container = {"image": image, "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
    return {
        "location": "westeurope",
        "properties": {"osType": "Linux", "containers": [{"name": "app", "properties": container}]},
    }


def _detail(group: dict[str, Any]) -> str:
    view = group["properties"]["containers"][0]["properties"].get("instanceView") or {}
    return str((view.get("currentState") or {}).get("detailStatus", ""))


def _add_surroundings(call: Callable[..., tuple[int, Any]], resource_group: str) -> None:
    """A profile, a group from a standby pool, a network with a subnet, and a lock."""
    instance = f"{resource_group}/providers/Microsoft.ContainerInstance"
    version = "?api-version=2025-09-01"
    profile = f"{instance}/containerGroupProfiles/web-profile"
    definition = _of_image("emulator.local/sh:latest")
    definition["properties"]["containers"][0]["properties"]["command"] = ["/bin/sh", "-c", "sleep 600"]
    assert call("PUT", profile + version, definition)[0] == 201
    pool = f"{resource_group}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/warm-web"
    group = {
        "location": "westeurope",
        "properties": {
            "containerGroupProfile": {"id": profile, "revision": 1},
            "standbyPoolProfile": {"id": pool, "failContainerGroupCreateOnReuseFailure": True},
        },
    }
    assert call("PUT", f"{instance}/containerGroups/from-pool{version}", group)[0] == 201
    network = f"{resource_group}/providers/Microsoft.Network/virtualNetworks/shop-network?api-version=2024-05-01"
    delegation = {"name": "aci", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}
    subnet = {"name": "groups", "properties": {"addressPrefix": "10.0.1.0/24", "delegations": [delegation]}}
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    assert call("PUT", network, {"location": "westeurope", "properties": properties})[0] == 201
    lock = f"{instance}/containerGroups/from-pool/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01"
    assert call("PUT", lock, {"properties": {"level": "CanNotDelete", "notes": HOSTILE}})[0] == 201


def _command(chromium: str, emulator: RunningEmulator, profile: Path) -> list[str]:
    certificate = x509.load_pem_x509_certificates((emulator.state_dir / "server.pem").read_bytes())[0]
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--no-proxy-server",
        f"--user-data-dir={profile}",
        f"--ignore-certificate-errors-spki-list={base64.b64encode(hashlib.sha256(key).digest()).decode()}",
    ]


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _client(emulator: RunningEmulator) -> Callable[..., tuple[int, Any]]:
    """Returns a function that sends a request as the owner, and returns status and document."""
    context = ssl.create_default_context(cafile=str(emulator.ca))
    variables = emulator.environment()
    form = {
        "grant_type": "client_credentials",
        "client_id": variables["AZURE_CLIENT_ID"],
        "client_secret": variables["AZURE_CLIENT_SECRET"],
        "scope": f"{emulator.url}/.default",
    }
    address = f"{emulator.url}/{emulator.tenant_id}/oauth2/v2.0/token"
    with urllib.request.urlopen(address, urllib.parse.urlencode(form).encode(), context=context) as answer:
        bearer = f"Bearer {json.load(answer)['access_token']}"

    def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            emulator.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": bearer, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, context=context) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    return call
