# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands record and replay: a program, a recorder, and an emulator that stands in for Azure behind both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aci_emulator.cli.parser import main
from aci_emulator.testing import RunningEmulator, running_emulator

# What a plain program with the Azure SDK does, as far as the wire sees it: signs in, and asks. It knows no emulator.
PROGRAM = """
import json, os, sys, urllib.error, urllib.parse, urllib.request
def ask(method, url, body=None, **headers):
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return json.loads(error.read() or b"null")
form = {"grant_type": "client_credentials", "client_id": os.environ["AZURE_CLIENT_ID"],
        "client_secret": os.environ["AZURE_CLIENT_SECRET"], "scope": "https://management.azure.com/.default"}
login = f"https://login.microsoftonline.com/{os.environ['AZURE_TENANT_ID']}/oauth2/v2.0/token"
token = ask("POST", login, urllib.parse.urlencode(form).encode())["access_token"]
base = f"https://management.azure.com/subscriptions/{os.environ['AZURE_SUBSCRIPTION_ID']}/resourceGroups/kanarie-rg"
def arm(method, end, body=None):
    return ask(method, base + end, None if body is None else json.dumps(body).encode(),
               **{"Authorization": f"Bearer {token}", "Content-Type": "application/json", "X-Kanarie": "kanarie"})
arm("PUT", "?api-version=2021-04-01", {"location": "westus2", "tags": {"kanarieTag": "kanarie value"}})
group = "/providers/Microsoft.ContainerInstance/containerGroups/kanarie-Group?api-version=2023-05-01"
container = {"name": "kanarie", "properties": {"image": "kanarie.azurecr.io/x", "environmentVariables": [
    {"name": "KANARIE", "secureValue": "hush-variable"}], "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}}
shown = arm("PUT", group, {"location": "westus2", "properties": {"osType": "Linux", "containers": [container]}})
print(shown.get("name"))
arm("DELETE", "?api-version=2021-04-01")
sys.exit(0 if shown.get("name") == "kanarie-Group" else 9)
"""


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """An emulator that stands in for Azure."""
    folder = tmp_path_factory.mktemp("azure")
    with running_emulator("--runtime", "simulated", "--speed", "20", state_dir=folder / "state") as emulator:
        yield emulator


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aci_emulator", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **(env or {})},
    )


def record(
    azure: RunningEmulator, folder: Path, *options: str, program: str = PROGRAM
) -> subprocess.CompletedProcess[str]:
    """Records a program, with the proxy of the stand-in as the one by which this machine reaches Azure."""
    script = 'exec "$0" -m aci_emulator record --to "$1" --upstream-ca "$SSL_CERT_FILE" "${@:3}" -- "$0" -c "$2"'
    return run("exec", "--intercept", "--state-dir", str(azure.state_dir), "--",
               "bash", "-c", script, sys.executable, str(folder), program, *options)  # fmt: skip


@pytest.fixture(scope="module")
def recorded(azure: RunningEmulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("recording")
    result = record(azure, folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "kanarie-Group\n"
    return folder, result.stderr


def test_a_program_is_recorded_unchanged(recorded: tuple[Path, str]):
    folder, said = recorded
    (path,) = folder.iterdir()
    entries = json.loads(path.read_text())
    assert [(each["request"]["method"], each["response"]["status"]) for each in entries] == [
        ("PUT", 201),
        ("PUT", 201),
        ("DELETE", 202),
    ]
    assert all(each["request"]["url"].startswith("https://management.azure.com/subscriptions/") for each in entries)
    assert "RECORDING. All traffic through this proxy is written to" in said
    assert said.count("record: recorded ") == 3
    assert "--review" in said


def test_nothing_of_the_user_is_written_or_said(azure: RunningEmulator, recorded: tuple[Path, str]):
    folder, said = recorded
    written = "".join(path.read_text() for path in folder.iterdir())
    known = azure.environment()
    for text in ("kanarie", "hush", "bearer", "eyj", known["AZURE_CLIENT_ID"], known["AZURE_CLIENT_SECRET"],
                 known["AZURE_SUBSCRIPTION_ID"], known["AZURE_TENANT_ID"]):  # fmt: skip
        assert text.lower() not in written.lower(), text
        assert text.lower() not in said.lower(), text


def test_every_text_can_be_reviewed(recorded: tuple[Path, str], capsys: pytest.CaptureFixture[str]):
    assert main(["record", "--review", str(recorded[0])]) == 0
    lines = capsys.readouterr().out.splitlines()
    texts = [line.partition("  (")[0] for line in lines]
    assert texts == sorted(texts)
    assert {"Linux", "westus2", "containerGroups", "secureValue", "secret!"} <= set(texts)


def test_what_was_recorded_plays_without_a_difference(azure: RunningEmulator, recorded: tuple[Path, str]):
    result = run("replay", str(recorded[0]), "--state-dir", str(azure.state_dir))
    assert (result.returncode, result.stdout) == (0, "3 requests played, 0 differences\n"), result.stderr
    clock = azure._call("GET", "/emulator/clock")
    assert clock["frozen"] is False
    groups = run("groups", "--state-dir", str(azure.state_dir))
    assert len(groups.stdout.splitlines()) == 1  # the heading: all is removed


def test_another_endpoint_and_its_switches(recorded: tuple[Path, str], tmp_path: Path):
    switches = ("--capitals-in-group-names", "refuse")
    with running_emulator("--runtime", "simulated", "--speed", "20", *switches, state_dir=tmp_path / "state") as other:
        result = run(
            "replay", str(recorded[0]), "--against", other.url, "--format", "json", "--patience", "5",
            env=other.environment(),
        )  # fmt: skip
    assert result.returncode == 3, result.stderr
    report = json.loads(result.stdout)
    assert report["switches"] == {"capitals-in-group-names": "refuse"}
    assert [each["explained_by"] for each in report["findings"]] == [report["switches"]]
    assert report["findings"][0]["where"] == "status"
    assert report["unexplained"] == 0


# What a program does with a terminal: asks for a session, gives its password, types, and reads what comes.
TERMINAL = (
    PROGRAM.partition('shown = arm("PUT"')[0]
    + """
import ssl, websockets.exceptions, websockets.sync.client as client
container = {"name": "kanarie", "properties": {"image": "emulator.local/sh",
    "command": ["sh", "-c", "echo hush-said; sleep 600"], "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}}
arm("PUT", group, {"location": "westus2", "properties": {"osType": "Linux", "containers": [container]}})
while arm("GET", group)["properties"]["instanceView"].get("state") != "Running":
    pass
path, _, version = group.partition("?")
def session(kind, body, *typed):
    promised = arm("POST", f"{path}/containers/kanarie/{kind}?{version}", body)
    print(promised["password"])
    said = ""
    # Of exec it is the first frame, of attach a header.
    known = {"Authorization": promised["password"]} if kind == "attach" else {}
    context = ssl.create_default_context()
    with client.connect(promised["webSocketUri"], ssl=context, additional_headers=known) as socket:
        for each in () if known else (promised["password"], *typed):
            socket.send(each)
        try:
            while "hush-said" not in said:
                part = socket.recv(timeout=60)
                said += part if isinstance(part, str) else part.decode()
        except websockets.exceptions.ConnectionClosed:
            pass
    return said
size = {"rows": 24, "cols": 80}
said = session("exec", {"command": "/bin/sh", "terminalSize": size}, "printf 'hush-%s' said\\n")
told = session("attach", None)
try:
    client.connect("wss://sb1.westus2.atlas.cloudapp.azure.com:19390/exec/kanarie", ssl=ssl.create_default_context())
except websockets.exceptions.InvalidStatus as error:
    print(error.response.status_code)
arm("DELETE", "?api-version=2021-04-01")
sys.exit(0 if "hush-said" in said else 9)
"""
)


@pytest.mark.parametrize("options", [(), ("--keep-logs",)], ids=["without content", "with logs"])
def test_a_terminal_is_recorded_by_its_frames(tmp_path: Path, options: tuple[str, ...]):
    with running_emulator("--runtime", "process", "--speed", "20", state_dir=tmp_path / "state") as azure:
        result = record(azure, tmp_path / "r", *options, program=TERMINAL)
        assert result.returncode == 0, result.stderr
        *passwords, refused_with = result.stdout.split()
        text = (tmp_path / "r" / "recording-1.json").read_text()
        sessions = [each for each in json.loads(text) if each["request"]["url"].startswith("wss://")]
        (session, attached, refused) = sessions
        replayed = run("replay", str(tmp_path / "r"), "--state-dir", str(azure.state_dir), "--no-explain")
    assert session["response"]["status"] == 101
    frames = session["response"]["body"]["frames"]
    assert frames[0] == {"from": "client", "kind": "text", "size": len(passwords[0])}
    assert {each["from"] for each in frames} == {"client", "service"}
    assert all(each["kind"] in ("text", "binary") and each["size"] > 0 for each in frames)
    assert session["response"]["body"]["closed"]["by"] == "client"
    assert refused["response"]["status"] == int(refused_with)
    for each in (session, attached):
        said = "".join(frame.get("content", "") for frame in each["response"]["body"]["frames"])
        assert ("hush-said" in said) == bool(options)
    assert "/logstream/" in attached["request"]["url"]
    assert not [each for each in frames if each["from"] == "client" and "content" in each]
    for canary in (*passwords, "kanarie", *([] if options else ["hush"])):
        assert canary not in text.lower(), canary
    assert "sessions of exec and attach are not replayed" in replayed.stdout, replayed.stderr


def test_who_answers_upstream_is_verified(azure: RunningEmulator, tmp_path: Path):
    """Without the authority of the stand-in, nothing reaches it: neither a name nor a secret."""
    before = len(azure.requests())
    script = 'unset SSL_CERT_FILE; exec "$0" -m aci_emulator record --to "$1" -- "$0" -c "$2"'
    result = run("exec", "--intercept", "--state-dir", str(azure.state_dir), "--",
                 "bash", "-c", script, sys.executable, str(tmp_path / "r"), PROGRAM)  # fmt: skip
    assert result.returncode != 0
    assert len(azure.requests()) == before
    assert json.loads((tmp_path / "r" / "recording-1.json").read_text()) == []


def test_the_program_decides_how_it_ends(azure: RunningEmulator, tmp_path: Path):
    assert record(azure, tmp_path, program="import sys; sys.exit(7)").returncode == 7


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["record", "--to", "x", "--upstream", "http://management.azure.com"], "--upstream must be an https address"),
        (["record", "--to", "x", "--upstream", "https://u:p@host"], "--upstream must be an https address"),
        (["record", "--to", "x", "--upstream-ca", "/nowhere.pem"], "cannot read certificates"),
        (["record", "--to", "x", "--", "no-such-program-anywhere"], "there is no such program"),
        (["record", "--review", "/nowhere"], "not a folder"),
        (["replay", "/nowhere"], "not a folder"),
        (["replay", ".", "--against", "ftp://x"], "--against must be an address"),
        (["replay", ".", "--against", "http://example.org"], "--against must be an https address"),
        (["replay", ".", "--against", "https://management.azure.com"], "--yes"),
        (["replay", ".", "--against", "https://127.0.0.1:1"], "AZURE_CLIENT_SECRET"),
    ],
)
def test_what_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text("[]")
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID"):
        monkeypatch.delenv(name, raising=False)
    assert main(arguments) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
