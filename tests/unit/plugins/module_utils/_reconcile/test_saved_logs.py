# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Saved logs: the files that are written, and the errors that prevent an action."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    ConnectionFailed,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import Masker
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.run_log import LOG_SECONDS
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.saved_logs import (
    LogSaver,
    read_log,
)
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

START = "2026-03-01T09:30:00.123Z"


class Bench:
    """A saver with a folder, and a group whose logs the test controls."""

    def __init__(self, folder: Path, *, check: bool = False, secrets: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.client = FakeClient()
        self.client.log = "one\n"
        self.warned: list[str] = []
        self.clock = FakeClock()
        fake: Any = self.client
        self.context = Context(
            {"save_logs": str(folder)},
            check,
            False,
            fake,
            self.warned.append,
            masker=Masker(secrets),
            sleep=self.clock.sleep,
            monotonic=self.clock.monotonic,
        )
        self.saver = LogSaver(self.context)

    def save(self, live: dict[str, Any] | None = None, name: str = "web") -> list[dict[str, Any]]:
        self.saver.save("rg", name, group() if live is None else live)
        found: list[dict[str, Any]] = self.saver.as_result()["saved_logs"]
        return found

    def failure(self, call: Callable[[], Any]) -> AciError:
        with pytest.raises(AciError) as caught:
            call()
        return caught.value

    @property
    def files(self) -> list[str]:
        return sorted(os.listdir(self.folder)) if self.folder.exists() else []


def container(name: str = "web", start: str | None = START) -> dict[str, Any]:
    view = {"currentState": {"state": "Running", "startTime": start}} if start else {"currentState": {}}
    return {"name": name, "properties": {"instanceView": view}}


def group(*names: str, init: tuple[str, ...] = (), start: str | None = START) -> dict[str, Any]:
    return {
        "properties": {
            "containers": [container(name, start) for name in names or ("web",)],
            "initContainers": [container(name, start) for name in init],
        }
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a" / "logs"


def test_each_container_has_a_file_of_its_own(folder: Path) -> None:
    bench = Bench(folder)
    first, second = bench.save(group("web", init=("setup",)))
    assert bench.files == ["rg.web.setup.20260301T093000Z.log", "rg.web.web.20260301T093000Z.log"]
    assert first == {
        "container_group": "web",
        "container": "setup",
        "init": True,
        "path": str(folder / bench.files[0]),
        "reason": None,
    }
    assert (second["container"], second["init"]) == ("web", False)
    path = Path(second["path"])
    assert path.read_text() == "one\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_modes_do_not_depend_on_the_umask(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        (entry,) = Bench(folder).save()
    finally:
        os.umask(before)
    assert Path(entry["path"]).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_without_the_option_nothing_is_asked_for(folder: Path) -> None:
    bench = Bench(folder)
    bench.context.params["save_logs"] = None
    saver = LogSaver(bench.context)
    saver.check_folder()
    saver.save("rg", "web", group())
    assert (saver.as_result(), bench.client.calls, folder.exists()) == ({}, [], False)


def test_check_mode_predicts_the_files_and_writes_none(folder: Path) -> None:
    predicted = Bench(folder, check=True).save(group("web", "side"))
    assert not folder.exists()
    assert Bench(folder).save(group("web", "side")) == predicted
    again = Bench(folder, check=True).save()
    assert [Path(entry["path"]).name for entry in again] == ["rg.web.web.20260301T093000Z-2.log"]
    assert Bench(folder).save() == again


def test_a_file_of_an_earlier_task_is_not_touched(folder: Path) -> None:
    Bench(folder).save()
    bench = Bench(folder)
    bench.client.log = "cut short by the service"
    bench.save()
    assert (folder / "rg.web.web.20260301T093000Z.log").read_text() == "one\n"
    assert (folder / "rg.web.web.20260301T093000Z-2.log").read_text() == "cut short by the service"


def test_what_came_since_is_added_to_the_file_of_the_task(folder: Path) -> None:
    bench = Bench(folder)
    bench.save()
    bench.client.log = "one\ntwo\n"
    (entry,) = bench.save()
    bench.client.log = "two\nend"  # the log of a stopped container has lost its beginning
    assert bench.save() == [entry]
    assert Path(entry["path"]).read_text() == "one\ntwo\nend"
    assert len(bench.files) == 1


def test_secrets_are_masked(folder: Path) -> None:
    bench = Bench(folder, secrets=("planted-secret",))
    bench.client.log = "it is planted-secret\nhttps://me:pass@host/x\n"
    (entry,) = bench.save()
    assert Path(entry["path"]).read_text() == "it is ********\nhttps://********@host/x\n"


def test_a_secret_whose_begin_the_service_forgot_is_masked(folder: Path) -> None:
    bench = Bench(folder, secrets=("planted-secret-of-the-task",))
    bench.client.log = "secret-of-the-task\n" + "x" * 9000
    (entry,) = bench.save()
    assert "secret" not in Path(entry["path"]).read_text()


@pytest.mark.parametrize("name", ["../../up", "/etc/passwd", "..", ".hidden", "a\nb", "a\x1bb", "\ud83d", "x" * 400])
def test_names_from_the_service_stay_in_the_folder(folder: Path, name: str) -> None:
    bench = Bench(folder)
    (entry,) = bench.save(group(name), name=name)
    path = Path(entry["path"])
    assert path.parent == folder
    assert bench.files == [path.name]
    assert set(path.name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert len(path.name) <= 255


def test_names_that_look_alike_in_a_file_name_get_files_of_their_own(folder: Path) -> None:
    bench = Bench(folder)
    entries = bench.save(group("a/b", "a:b"))
    assert len({entry["path"] for entry in entries}) == len(bench.files) == 2


def test_what_is_no_text_in_utf_8_is_written_all_the_same(folder: Path) -> None:
    bench = Bench(folder)
    bench.client.log = "half \ud83d"
    (entry,) = bench.save()
    assert Path(entry["path"]).read_text() == "half \\ud83d"


def test_an_empty_log_is_a_log(folder: Path) -> None:
    bench = Bench(folder)
    bench.client.log = ""
    (entry,) = bench.save()
    assert Path(entry["path"]).read_bytes() == b""


# -- errors that prevent it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", [True, False])
def test_a_link_of_the_name_is_left_alone(folder: Path, tmp_path: Path, broken: bool) -> None:
    folder.mkdir(parents=True, mode=0o700)
    target = tmp_path / "target"
    if not broken:
        target.write_text("theirs")
    (folder / "rg.web.web.20260301T093000Z.log").symlink_to(target)
    (entry,) = Bench(folder).save()
    assert Path(entry["path"]).name == "rg.web.web.20260301T093000Z-2.log"
    assert not target.exists() if broken else target.read_text() == "theirs"


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("made", ["link", "file", "open", "theirs", "read-only"])
def test_a_folder_that_will_not_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: bool, made: str
) -> None:
    folder.parent.mkdir()
    if made == "link":
        (tmp_path / "own").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "own")
    elif made == "file":
        folder.touch()
    else:
        folder.mkdir(mode=0o700)
    if made == "open":
        folder.chmod(0o777)
    elif made == "theirs":
        if os.geteuid() == 0:
            os.chown(folder, 4242, -1)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: 4242)
    elif made == "read-only":
        monkeypatch.setattr(os, "access", lambda *_asked: False)
    bench = Bench(folder, check=check)
    error = bench.failure(bench.save)
    assert (error.code, bench.client.calls) == ("LogsUnwritable", [])
    assert str(folder) in error.msg
    assert "save_logs" in error.msg
    assert not list(tmp_path.rglob("*.log"))


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    bench = Bench(folder)
    error = bench.failure(bench.save)
    assert (error.code, bench.files) == ("LogsUnwritable", [])
    assert "No space left on device" in error.msg


def test_another_task_that_takes_the_name_in_between(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.path.lexists
    theirs = folder / "rg.web.web.20260301T093000Z.log"

    def look(path: Any) -> bool:
        found = real(path)
        if Path(path) == theirs and not found:
            theirs.write_text("theirs")
        return found

    monkeypatch.setattr(os.path, "lexists", look)
    (entry,) = Bench(folder).save()
    assert theirs.read_text() == "theirs"
    assert Path(entry["path"]).read_text() == "one\n"


# -- logs that cannot be read ------------------------------------------------------------------------------------------


def refusing(bench: Bench, error: AciError) -> None:
    def refuse() -> None:
        raise error

    bench.client.on["logs"] = refuse


@pytest.mark.parametrize(
    "error",
    [
        ConnectionFailed("The endpoint cannot be reached."),
        AzureError("Try later.", code="InternalServerError", status=500),
        AzureError("Too many.", code="TooManyRequests", status=429),
        AzureError("No right.", code="AuthorizationFailed", status=403, request_id="r-1"),
    ],
)
def test_a_log_that_may_be_there_stops_the_act(folder: Path, error: AciError) -> None:
    bench = Bench(folder)
    said, status = error.msg, error.status
    refusing(bench, error)
    found = bench.failure(bench.save)
    assert (found.code, found.status) == ("LogsNotSaved", status)
    assert said in found.msg
    assert "container web" in found.msg
    (entry,) = found.result["saved_logs"]
    assert entry["path"] is None
    assert said in entry["reason"]
    assert bench.files == []


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_log_that_the_service_refuses_for_good_is_warned_of(folder: Path, status: int) -> None:
    bench = Bench(folder)
    refusing(bench, AzureError("It is stopped.\x1b[2J", code="ContainerGroupStopped", status=status))
    (entry,) = bench.save()
    assert entry["path"] is None
    assert entry["reason"].startswith("The service has no log of the container")
    assert "\x1b" not in entry["reason"]
    assert len(bench.warned) == 1
    assert "container web" in bench.warned[0]


def test_a_log_that_is_late_is_waited_for(folder: Path) -> None:
    bench = Bench(folder)
    bench.client.log = None
    asked: list[None] = []

    def come() -> None:
        asked.append(None)
        bench.client.log = "one" if len(asked) == 3 else None

    bench.client.on["logs"] = come
    (entry,) = bench.save()
    assert Path(entry["path"]).read_text() == "one"
    assert 0 < bench.clock.now < LOG_SECONDS


def test_a_container_that_has_not_started_has_no_log(folder: Path) -> None:
    bench = Bench(folder)
    bench.client.log = None
    (entry,) = bench.save(group(start=None))
    assert (entry["path"], entry["reason"]) == (None, "The container has not started.")
    assert (bench.warned, bench.clock.now, bench.files) == ([], 0.0, [])


def test_what_was_saved_stays_told_when_there_is_no_more(folder: Path) -> None:
    bench = Bench(folder)
    (entry,) = bench.save()
    path = entry["path"]
    bench.client.log = None
    (entry,) = bench.save()
    assert entry["path"] == path
    assert Path(path).read_text() == "one\n"


def test_only_what_says_that_there_is_none_is_none() -> None:
    client: Any = FakeClient()

    def refuse(error: AciError) -> None:
        def act() -> None:
            raise error

        client.on["logs"] = act

    for error in (
        AzureError("x", code="ResourceNotFound", status=404),
        AzureError("x", code="Conflict", status=409),
        AzureError("x", code="ContainerGroupDeploymentNotReady", status=500),
    ):
        refuse(error)
        assert read_log(client, "rg", "web", "web") is None
    refuse(AzureError("x", code="InternalServerError", status=500))
    with pytest.raises(AzureError):
        read_log(client, "rg", "web", "web")
