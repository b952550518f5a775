# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other users of the machine, and web pages in a browser on it, cannot do anything without the key."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from aci_emulator.core.control_key import KEY_HEADER, ensure_key
from aci_emulator.core.statedir import StateError, prepare
from aci_emulator.serving.access import LINK_SECONDS, SESSION_SECONDS

URL = "https://127.0.0.1:8443"
OPEN = {"/emulator/health", "/emulator/enter"}


def code(response: Any) -> Any:
    """The status and code of an error."""
    return response.status_code, response.json()["error"]["code"]


@pytest.fixture
def stranger(api: Any) -> TestClient:
    """A program of another user, which can reach the port but has no key."""
    return TestClient(api.client.app, base_url=URL, client=("127.0.0.1", 50001))


@pytest.fixture
def browser(api: Any, stranger: TestClient) -> TestClient:
    """A browser that has followed a link."""
    assert stranger.get(api.emulator.access.new_link(), follow_redirects=False).status_code == 303
    return stranger


def control_routes(api: Any) -> list[tuple[str, str]]:
    """Every method and path below /emulator, and some without a route."""
    found = [
        (method, re.sub(r"{(\w+)(:int)?}", "1", route.path))
        for route in api.client.app.routes
        if isinstance(route, Route) and route.path.split("/")[1] == "emulator"
        for method in route.methods or ()
    ]
    assert len(found) > 20
    spellings = ("/EMULATOR/requests", f"{URL}//emulator//requests/", "/%65mulator/requests", "/emulator/nothing/there")
    return [*found, *(("GET", each) for each in spellings), ("POST", "/emulator/oauth2/token")]


def test_nothing_below_emulator_is_served_without_the_key(api: Any, stranger: TestClient) -> None:
    before = api.client.get("/emulator/clock").json()
    for method, path in control_routes(api):
        if path in OPEN:
            continue
        response = stranger.request(method, path)
        assert response.status_code == 401, (method, path)
        wrong = stranger.request(method, path, headers={KEY_HEADER: "0" * 64})
        assert wrong.status_code == 401, (method, path)
        if method != "HEAD":
            assert code(response) == code(wrong) == (401, "ControlKeyRequired")
    assert api.client.get("/emulator/clock").json() == before


def test_health_without_the_key_is_a_status(api: Any, stranger: TestClient) -> None:
    assert stranger.get("/emulator/health").json() == {"status": "ok"}
    assert code(stranger.get("/emulator/health", headers={KEY_HEADER: "x"})) == (401, "ControlKeyRequired")
    assert set(api.client.get("/emulator/health").json()) == {
        "status",
        "version",
        "pid",
        "url",
        "proxy",
        "runtime",
        "engine",
    }


def test_the_key_is_private_and_stays(tmp_path: Path) -> None:
    key = ensure_key(tmp_path)
    path = tmp_path / "control.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(key) == 64
    path.chmod(0o644)
    assert ensure_key(tmp_path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("")
    with pytest.raises(StateError, match=r"control\.key does not contain the key"):
        ensure_key(tmp_path)


def test_a_link_lets_one_browser_in(api: Any, stranger: TestClient) -> None:
    link = api.client.post("/emulator/links").json()["url"]
    assert link.startswith(f"{URL}/emulator/enter?ticket=")
    answer = stranger.get(link, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/emulator/")
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == api.emulator.access.cookie
    assert name.startswith("__Host-")
    assert rest.split("; ")[1:] == ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"]
    assert api.emulator.access.key not in rest
    assert stranger.get("/emulator/").status_code == 200
    assert stranger.get("/emulator/health").json()["url"] == URL
    again = TestClient(api.client.app, base_url=URL, client=("127.0.0.1", 50002))
    assert again.get(link, follow_redirects=False).status_code == 401
    assert again.get("/emulator/").status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(LINK_SECONDS - 0.001, 303), (LINK_SECONDS, 401)])
def test_a_link_is_good_for_a_minute(api: Any, stranger: TestClient, seconds: float, status: int) -> None:
    access = api.emulator.access
    access.now = lambda: 1000.0
    link = access.new_link()
    api.advance(3600)  # emulated time does not count
    access.now = lambda: 1000.0 + seconds
    assert stranger.get(link, follow_redirects=False).status_code == status


@pytest.mark.parametrize("ticket", ["", "x", "%00", "\N{SNOWMAN}"])
def test_a_made_up_link_lets_nobody_in(api: Any, stranger: TestClient, ticket: str) -> None:
    api.emulator.access.new_link()
    answer = stranger.get("/emulator/enter", params={"ticket": ticket}, follow_redirects=False)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_a_session_ends(api: Any, browser: TestClient) -> None:
    access = api.emulator.access
    now = access.now()
    access.now = lambda: now + SESSION_SECONDS - 60
    assert browser.get("/emulator/").status_code == 200
    access.now = lambda: now + SESSION_SECONDS
    assert browser.get("/emulator/").status_code == 401


def test_cookies_and_keys_of_another_emulator_are_no_good(api: Any, stranger: TestClient) -> None:
    value = "A" * 43
    for cookie in (f"{api.emulator.access.cookie}={value}", f"__Host-aci-emulator-0={value}", "x", '"=";;\\'):
        assert stranger.get("/emulator/", headers={"Cookie": cookie}).status_code == 401


def token(browser: TestClient) -> str:
    """The CSRF token that a page has for its forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/emulator/").text)
    assert found
    return found[1]


def test_a_browser_changes_things_with_its_origin_and_its_token_only(api: Any, browser: TestClient) -> None:
    api.client.post("/emulator/faults", json={"kind": "delay", "seconds": 0})
    origin, csrf = {"Origin": URL}, {"X-CSRF-Token": token(browser)}
    for headers in (
        {},
        origin,
        csrf,
        {**origin, "X-CSRF-Token": "x"},
        {**csrf, "Origin": "null"},
        {**csrf, "Origin": "https://127.0.0.1:9"},
        {**csrf, "Origin": "http://127.0.0.1:8443"},
    ):
        assert code(browser.delete("/emulator/faults", headers=headers)) == (403, "Forbidden"), headers
        assert len(api.client.get("/emulator/faults").json()["value"]) == 1
    assert browser.delete("/emulator/faults", headers={**origin, **csrf}).status_code == 204
    assert api.client.get("/emulator/faults").json()["value"] == []


def test_signing_out(api: Any, browser: TestClient) -> None:
    csrf, cookie = token(browser), dict(browser.cookies)
    assert browser.post("/emulator/leave", headers={"Origin": URL}).status_code == 403
    assert browser.post("/emulator/leave", headers={"Origin": URL}, data={"csrf": "x"}).status_code == 403
    assert browser.post("/emulator/leave", data={"csrf": csrf}).status_code == 403
    too_long = browser.post("/emulator/leave", headers={"Origin": URL}, data={"csrf": "x" * 70_000})
    assert too_long.status_code == 413
    assert browser.get("/emulator/").status_code == 200
    answer = browser.post("/emulator/leave", headers={"Origin": URL}, data={"csrf": csrf})
    assert (answer.status_code, answer.headers["set-cookie"].count("Max-Age=0")) == (200, 1)
    browser.cookies.update(cookie)  # as if it had been kept
    assert browser.get("/emulator/").status_code == 401


def test_a_browser_without_a_key_is_told_how_to_get_in(stranger: TestClient) -> None:
    page = stranger.get("/emulator/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 401
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "aci-emulator open" in page.text


@pytest.mark.parametrize("path", ["/emulator/health", "/emulator/requests", "/metadata/endpoints", "/subscriptions"])
@pytest.mark.parametrize(
    "host", ["evil.example:8443", "127.0.0.1:9", "127.0.0.1", "127.0.0.1.evil.example:8443", "x@127.0.0.1:8443", "",
             "192.0.2.7:8443", "127.0.0.1:8443/x", "[::1", "127.0.0.1:x"],
)  # fmt: skip
def test_a_name_that_leads_here_by_dns_is_refused(api: Any, path: str, host: str) -> None:
    assert code(api.client.get(path, headers={"Host": host})) == (421, "MisdirectedRequest")


@pytest.mark.parametrize("host", ["localhost:8443", "LOCALHOST:8443", "[::1]:8443", "127.0.0.1:8443"])
def test_the_names_of_loopback_are_served(api: Any, host: str) -> None:
    assert api.client.get("/emulator/requests", headers={"Host": host}).status_code == 200


def test_who_listens_on_all_addresses_is_reached_by_each_but_by_no_other_name(start_api: Callable[..., Any]) -> None:
    api = start_api(host="0.0.0.0")
    assert api.client.get("/metadata/endpoints", headers={"Host": "192.0.2.7:8443"}).status_code == 200
    assert api.client.get("/metadata/endpoints", headers={"Host": "evil.example:8443"}).status_code == 421


def test_the_name_that_is_listened_on_is_served(start_api: Callable[..., Any]) -> None:
    api = start_api()
    api.emulator.settings.host = "Azure.Internal"
    assert api.client.get("/metadata/endpoints", headers={"Host": "azure.internal:8443"}).status_code == 200
    assert api.client.get("/metadata/endpoints", headers={"Host": "192.0.2.7:8443"}).status_code == 421


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_are_refused(api: Any, browser: TestClient, site: str) -> None:
    link = api.emulator.access.new_link()
    for path in ("/emulator/", "/emulator/health", "/metadata/endpoints", "/subscriptions", link):
        answer = browser.get(path, headers={"Sec-Fetch-Site": site}, follow_redirects=False)
        assert code(answer) == (403, "Forbidden"), path
    for fine in ("none", "same-origin"):
        assert browser.get("/emulator/", headers={"Sec-Fetch-Site": fine}).status_code == 200


def test_websockets_of_other_sites_are_refused(api: Any) -> None:
    for headers in ({"Host": "evil.example:8443"}, {"Sec-Fetch-Site": "cross-site"}):
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            api.client.websocket_connect(f"wss://127.0.0.1:8443/exec/{'0' * 36}", headers=headers),
        ):
            pass
        assert refused.value.code == 1008


def test_other_machines_are_refused_whatever_they_have(api: Any) -> None:
    far = TestClient(api.client.app, base_url=URL, client=("192.0.2.7", 50000))
    answer = far.get("/emulator/requests", headers={KEY_HEADER: api.emulator.access.key})
    assert code(answer) == (403, "Forbidden")


def metadata_token(client: TestClient) -> Any:
    """Sends a request like a program on a virtual machine, which has no secret."""
    query = {"api-version": "2018-02-01", "resource": URL}
    return client.get("/metadata/identity/oauth2/token", params=query, headers={"Metadata": "true"})


def test_the_metadata_service_gives_no_token_unless_it_was_asked_for(api: Any, stranger: TestClient) -> None:
    refused = metadata_token(stranger)
    assert (refused.status_code, refused.json()["error"]) == (404, "not_served")
    assert "access_token" not in refused.text
    assert stranger.post("/emulator/instance-metadata", json={"served": True}).status_code == 401
    assert api.client.post("/emulator/instance-metadata", json={"served": 1}).status_code == 400
    assert metadata_token(stranger).status_code == 404
    assert api.client.post("/emulator/instance-metadata", json={"served": True}).json() == {"served": True}
    assert metadata_token(stranger).status_code == 200
    assert api.client.post("/emulator/instance-metadata", json={"served": False}).json() == {"served": False}
    assert metadata_token(stranger).status_code == 404


def test_the_option_serves_it_from_the_start(start_api: Callable[..., Any]) -> None:
    assert metadata_token(start_api(instance_metadata=True).client).status_code == 200


def test_a_page_shows_no_key(api: Any) -> None:
    key = api.emulator.access.key
    api.group("rg", tags={"found": key})
    api.call("GET", f"resourceGroups/{key}")
    for path in ("/emulator/", "/emulator/view/requests"):
        assert key not in api.client.get(path).text


def test_a_state_directory_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "state")
    assert prepare(link) == link
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    (tmp_path / "state").chmod(0o755)
    uid = link.stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: uid + 1)
    for path in (link, tmp_path / "state"):
        with pytest.raises(StateError, match=f"{path} belongs to another user"):
            prepare(path)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o755


def test_a_directory_that_users_share_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with pytest.raises(StateError, match="is shared between users"):
        prepare(shared)
    assert shared.stat().st_mode & 0o7777 == 0o1777
