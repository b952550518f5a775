# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An unusable state directory: the error names the file and says what to do, without a traceback."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.core.statedir import StateError, write_file
from aci_emulator.core.store import Store
from aci_emulator.testing import running_emulator

COMMAND = [sys.executable, "-m", "aci_emulator"]
NOBODY = 65534
# Everything is imported before, because the user nobody may not be able to read it.
AS_NOBODY = f"""
import os, sys
import aci_emulator.emulator
from aci_emulator.cli.parser import main
from aci_emulator.serving import server
"".encode("idna")
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory that an emulator has used."""
    state_dir = tmp_path_factory.mktemp("used") / "state"
    with running_emulator("--runtime", "simulated", state_dir=state_dir):
        pass
    return state_dir


@pytest.fixture
def state_dir(used: Path, tmp_path: Path) -> Path:
    """A copy of the state directory."""
    copy = tmp_path / "state"
    copy.mkdir(mode=0o700)
    for path in used.iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    return copy


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, **options)


def assert_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """The error is one line with the required words."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("aci-emulator: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


NOBODY_KNOWN = b'{"tenants": [], "subscriptions": [], "principals": [], "identity_header": "", "job_token": ""}'
COPY = "Restore it from a copy, or remove"
BROKEN = [
    ("state.db", b"this is no database, but it is longer than the head of one is" * 10, COPY),
    ("state.key", b"", "Restore it from a copy, or remove"),
    ("directory.json", b"{", COPY),
    ("directory.json", b"\xff\xfe", COPY),
    ("directory.json", b"[]", COPY),
    ("directory.json", b"{}", COPY),
    ("directory.json", NOBODY_KNOWN, COPY),
    ("directory.json", b'{"tenants": [], "subscriptions": [], "principals": [3]}', COPY),
    ("env.json", b"", "Remove it"),
    ("env.json", b'"x"', "Remove it"),
    ("env.json", b'{"port": "x", "pid": null}', "Remove it"),
    ("token.key", b"x", "Remove it"),
    ("issuer.key", b"x", "Remove it"),
    ("control.key", b"x", "remove it"),
]


@pytest.mark.parametrize(("name", "content", "remedy"), BROKEN)
def test_a_broken_file_is_named(state_dir: Path, name: str, content: bytes, remedy: str) -> None:
    (state_dir / name).write_bytes(content)
    done = run("serve", "--state-dir", str(state_dir), "--runtime", "simulated")
    assert_sentence(done, str(state_dir / name), remedy)
    assert (state_dir / name).read_bytes() == content  # it may still be valuable


@pytest.mark.parametrize("arguments", [["env"], ["clock"], ["requests"], ["open"], ["fault", "list"]])
def test_the_other_commands_name_it_too(state_dir: Path, arguments: list[str]) -> None:
    (state_dir / "env.json").write_text("{")
    assert_sentence(run(*arguments, "--state-dir", str(state_dir)), str(state_dir / "env.json"), "Remove it")


def test_a_running_emulator_whose_files_break(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    with running_emulator("--runtime", "simulated", state_dir=state_dir):
        for name, command in (("control.key", "clock"), ("directory.json", "env")):
            whole = (state_dir / name).read_bytes()
            (state_dir / name).write_text("{")
            assert_sentence(run(command, "--state-dir", str(state_dir)), str(state_dir / name))
            (state_dir / name).write_bytes(whole)
            assert run(command, "--state-dir", str(state_dir)).returncode == 0


def test_reset_names_a_broken_database(state_dir: Path) -> None:
    (state_dir / "state.db").write_text("no database")
    assert_sentence(run("reset", "--state-dir", str(state_dir)), str(state_dir / "state.db"))


def test_the_remedies_are_true(state_dir: Path) -> None:
    for name in ("env.json", "token.key", "issuer.key", "control.key", "state.db", "state.key"):
        (state_dir / name).unlink()
    for name in ("server.key", "server.pem"):  # recreated automatically
        (state_dir / name).write_text("x")
    with running_emulator("--runtime", "simulated", state_dir=state_dir) as running:
        assert running.requests() == []


def test_an_authority_without_its_key(state_dir: Path) -> None:
    (state_dir / "server.pem").unlink()
    (state_dir / "ca.key").write_text("x")
    done = run("serve", "--state-dir", str(state_dir), "--runtime", "simulated")
    assert_sentence(done, str(state_dir / "ca.key"), "Remove it")
    (state_dir / "ca.key").write_bytes((state_dir / "server.key").read_bytes())
    done = run("serve", "--state-dir", str(state_dir), "--runtime", "simulated")
    assert_sentence(done, str(state_dir / "ca.key"), "Remove both")


def filled(path: Path) -> None:
    store = Store(path)
    for number in range(200):
        store.put("things", f"/{number}", {"text": "x" * 500})
    store.close()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_half_written_database(tmp_path: Path, share: float) -> None:
    path = tmp_path / "state.db"
    filled(path)
    os.truncate(path, int(path.stat().st_size * share))
    with pytest.raises(StateError, match=r"state\.db is not a database of aci-emulator, or is damaged\. Restore it"):
        Store(path)


def test_a_database_with_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    filled(path)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(StateError, match=r"state\.db is not a database of aci-emulator, or is damaged"):
        Store(path)


def test_a_file_that_is_named_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "given.json"
    for option in ("--limits-file", "--policy-file"):
        arguments = ["serve", "--state-dir", str(tmp_path / "state"), option, str(path)]
        path.unlink(missing_ok=True)
        assert_sentence(run(*arguments), str(path), "No such file")
        path.write_text("{")
        assert_sentence(run(*arguments), f"{path} is not JSON")


def test_no_room_for_the_first_files(tmp_path: Path) -> None:
    def no_bytes() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    done = run("serve", "--state-dir", str(tmp_path / "state"), preexec_fn=no_bytes)
    assert_sentence(done, f"cannot write {tmp_path / 'state'}/", "Free some space there, or choose another --state-dir")


def test_no_room_for_the_database(state_dir: Path) -> None:
    def few_bytes() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    (state_dir / "state.db").unlink()
    done = run("serve", "--state-dir", str(state_dir), preexec_fn=few_bytes)
    assert_sentence(done, f"cannot use {state_dir / 'state.db'}", "free space")


def test_no_half_file_is_left_when_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "directory.json"
    write_file(path, b"old")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(StateError, match=f"cannot write {path}: No space left on device. Free some space"):
        write_file(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["directory.json"]
    assert path.read_bytes() == b"old"


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A directory that is read-only for its owner, the user nobody if the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="aci_emulator_") as folder:
        path = Path(folder) / "state"
        path.mkdir(mode=0o500)
        if os.geteuid() == 0:
            os.chmod(folder, 0o755)
            os.chown(path, NOBODY, NOBODY)
        yield path


def run_as_owner(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command without root's privilege to write everywhere."""
    return subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *arguments], cwd="/", capture_output=True, text=True, timeout=60
    )


def test_a_read_only_directory(read_only: Path) -> None:
    done = run_as_owner("serve", "--state-dir", str(read_only))
    assert_sentence(done, f"cannot write {read_only}/", "Permission denied. Make it writable for you")
    below = run_as_owner("serve", "--state-dir", str(read_only / "below"))
    assert_sentence(below, f"cannot use {read_only / 'below'}", "Permission denied. Make it writable for you")


def test_a_read_only_database(state_dir: Path, read_only: Path) -> None:
    read_only.chmod(0o700)
    for path in state_dir.iterdir():
        (read_only / path.name).write_bytes(path.read_bytes())
        os.chown(read_only / path.name, read_only.stat().st_uid, read_only.stat().st_gid)
    (read_only / "state.db").chmod(0o400)
    done = run_as_owner("serve", "--state-dir", str(read_only), "--runtime", "simulated")
    assert_sentence(done, f"cannot use {read_only / 'state.db'}", "Permission denied", "you have write permission")


def test_a_file_in_the_place_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    assert_sentence(run("serve", "--state-dir", str(tmp_path / "state")), str(tmp_path / "state"))


def fill(api: Any) -> Any:
    """Limits the size of the database, and writes until it is full."""
    connection: sqlite3.Connection = api.emulator.store._connection
    connection.execute("PRAGMA max_page_count=1")  # SQLite raises it to the current number
    for number in range(100):
        response = api.call("PUT", f"resourceGroups/full-{number}", {"location": "westus2", "tags": {"x": "y" * 250}})
        if response.status_code != 201:
            return response
    raise AssertionError("the database did not fill up")


def test_a_full_disk_while_it_serves(api: Any, caplog: pytest.LogCaptureFixture) -> None:
    api.group("before")
    response = fill(api)
    assert response.status_code == 500
    error = response.json()["error"]
    assert error["code"] == "InternalServerError"
    assert error["message"].startswith("The emulator cannot read or write a file in its state directory. Its log names")
    path = str(api.emulator.settings.state_dir / "state.db")
    assert path not in response.text
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert f"failed: cannot use {path}: database or disk is full. Make sure that there is free space" in record.message
    assert record.exc_info is None
    # The data can still be read, and when there is space again, everything continues.
    assert api.call("GET", "resourceGroups/before").status_code == 200
    api.emulator.store._connection.execute("PRAGMA max_page_count=1000000")
    api.group("after")


def test_a_full_disk_in_the_middle_of_a_transaction(api: Any) -> None:
    store = api.emulator.store
    fill(api)
    before = store.count("resource_groups")

    def write() -> None:
        with store.transaction():
            store.put("resource_groups", "/one", {"text": "x" * 100})
            store.put("resource_groups", "/two", {"text": "x" * 100_000})

    with pytest.raises(StateError, match="disk is full"):
        write()
    assert store.count("resource_groups") == before
    store._connection.execute("PRAGMA max_page_count=1000000")
    with store.transaction():
        store.put("resource_groups", "/one", {})
    assert store.count("resource_groups") == before + 1


def test_other_files_that_find_no_room(api: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/state/shares/one")

    monkeypatch.setattr(api.emulator.resource_manager, "resources", full)
    response = api.call("GET", "resources")
    assert (response.status_code, response.json()["error"]["code"]) == (500, "InternalServerError")
    assert "/state/shares/one" in caplog.records[-1].message
    assert caplog.records[-1].exc_info is None
    assert "/state/shares/one" not in response.text


def test_what_a_full_disk_held_up_is_made_up_for(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group's deployment and a resource group's deletion end when there is space again."""
    monkeypatch.setattr("aci_emulator.container_instance.state.deployments._RETRY_SECONDS", 0.01)
    monkeypatch.setattr("aci_emulator.resources.resource_groups._RETRY_SECONDS", 0.01)
    api.group("rg")
    container = {"name": "c", "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}}
    body = {"location": "westus2", "properties": {"osType": "Linux", "containers": [container]}}
    path = "resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g"
    assert api.call("PUT", path, body, version="2023-05-01").status_code == 201
    store = api.emulator.store
    put, failures = store.put, []

    def full(kind: str, *more: Any) -> None:
        failures.append(kind)
        raise StateError("the disk is full")

    monkeypatch.setattr(store, "put", full)
    api.client.post("/emulator/clock", json={"action": "advance", "seconds": 60})
    assert failures
    monkeypatch.setattr(store, "put", put)
    until(lambda: api.call("GET", path, version="2023-05-01").json()["properties"]["provisioningState"] == "Succeeded")
    assert api.call("DELETE", "resourceGroups/rg").status_code == 202
    failures.clear()
    monkeypatch.setattr(store, "put", full)
    api.client.post("/emulator/clock", json={"action": "advance", "seconds": 60})
    until(lambda: api.call("GET", "resourceGroups/rg").status_code == 200 and failures)
    monkeypatch.setattr(store, "put", put)
    until(lambda: api.call("GET", "resourceGroups/rg").status_code == 404)


def until(true: Callable[[], Any]) -> None:
    for _ in range(2000):  # each request lets the emulator's loop run
        if true():
            return
    raise AssertionError("it did not become true")


def test_one_timer_that_fails_stops_no_other(start_api: Callable[..., Any]) -> None:
    api = start_api(frozen=False, speed=1000)
    clock, ran = api.emulator.clock, []

    async def arrange(*_: Any) -> None:
        def fail() -> None:
            raise StateError("the disk is full")

        clock.call_later(1, fail)
        clock.call_later(1, lambda: ran.append("one"))
        clock.call_later(100, lambda: ran.append("two"))

    api.client.portal.call(arrange)
    until(lambda: api.client.get("/emulator/clock") and ran == ["one", "two"])


def test_a_full_disk_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    process = subprocess.Popen(
        [*COMMAND, "serve", "--state-dir", str(state_dir), "--runtime", "simulated", "--speed", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready ")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert f"cannot use {state_dir / 'state.db'}" in errors
    assert "Traceback" not in errors
    assert json.loads((state_dir / "env.json").read_text())["pid"] == process.pid
