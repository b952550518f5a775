# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands ``record`` and ``replay``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shlex
import shutil
import signal
import ssl
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .. import __version__
from ..core.clouds import find_host
from ..core.control_key import PROXY_KEY_FILE, ensure_key
from ..core.statedir import prepare
from ..recording.exchanges import Exchange, RecordingError, RecordingFile, read_recordings
from ..recording.explanation import Explanation, explain
from ..recording.forwarding import Forwarder, Upstream
from ..recording.recorder import Recorder
from ..recording.replay import CannotPlay, Endpoint, Report, play
from ..recording.review import review
from ..serving.interception import Interception
from ..serving.interception_ca import InterceptionAuthority, system_roots
from ..serving.proxy import Proxy
from .control_client import CommandError, interception_variables
from .endpoints import other_endpoint, own_endpoint

DIFFERS = 3  # exit code of replay if any answer differs


def add_recording_commands(commands: Any, command: Any) -> None:
    """Adds the commands; ``command(commands, name, text, run)`` makes a parser with ``--state-dir``."""
    text = "Record the traffic between a program and Azure, without names and secrets."
    record = commands.add_parser("record", help=text, description=text)
    record.set_defaults(run=_record)
    record.usage = "%(prog)s --to DIR [OPTION ...] [-- COMMAND [ARGUMENT ...]]\n       %(prog)s --review DIR"
    what = record.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", type=Path, metavar="DIR", help="folder for the recording; each run adds a file")
    what.add_argument(
        "--review", type=Path, metavar="DIR", help="list every distinct text in recordings, and record nothing"
    )
    record.add_argument(
        "--upstream",
        metavar="URL",
        help="resource manager to forward requests to (default: the one that the program calls)",
    )
    record.add_argument(
        "--upstream-ca",
        type=Path,
        metavar="FILE",
        help="certificates to verify the upstream with (default: the system's)",
    )
    record.add_argument(
        "--port", type=int, default=0, metavar="PORT", help="port of the recording proxy (default: any)"
    )
    record.add_argument(
        "--keep-logs",
        action="store_true",
        help="record the logs of containers and what they print in sessions of exec and attach, unchanged",
    )
    record.add_argument(
        "--keep-key",
        action="append",
        default=[],
        metavar="KEY",
        help="key in JSON objects to keep although the recorder does not know it (repeatable)",
    )
    record.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        metavar="-- COMMAND",
        help="program to record; without it, record until Ctrl-C",
    )
    replay = command(commands, "replay", "Replay recordings, and report different answers.", _replay)
    replay.add_argument("folder", type=Path, metavar="DIR", help="folder with recordings")
    replay.add_argument(
        "--against",
        metavar="URL",
        help="resource manager to replay against, with the credentials in AZURE_TENANT_ID, AZURE_CLIENT_ID and "
        "AZURE_CLIENT_SECRET, in AZURE_SUBSCRIPTION_ID (default: the emulator that serves --state-dir)",
    )
    replay.add_argument("--yes", action="store_true", help="allow a replay against Azure itself, which costs money")
    replay.add_argument(
        "--without", action="append", default=[], metavar="KEY", help="key in JSON objects to ignore (repeatable)"
    )
    replay.add_argument(
        "--patience",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait for a recorded state (default: 60)",
    )
    replay.add_argument(
        "--explain",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="find the switches that explain the differences, which takes a while (default: yes)",
    )
    replay.add_argument(
        "--format", choices=["text", "json"], default="text", help="format of the report (default: text)"
    )


# -- replay


def _replay(options: argparse.Namespace) -> int:
    recordings = _read(options.folder)
    with contextlib.ExitStack() as stack:
        endpoint: Endpoint
        if options.against is None:
            endpoint = stack.enter_context(own_endpoint(prepare(options.state_dir)))
        else:
            endpoint = other_endpoint(options.against, agreed=options.yes)
        report = _play(recordings, endpoint, options)
    concerned = {each.file for each in report.findings}
    explanation = None
    if report.findings and options.explain:
        print("looking for switches that explain the differences", file=sys.stderr)
        explanation = explain(
            report.findings,
            lambda positions: _simulate({name: recordings[name] for name in concerned}, positions, options),
        )
    if options.format == "json":
        document = report.document() if explanation is None else explanation.document(report)
        print(json.dumps(document, indent=2))
    else:
        print("\n".join(_lines(report, explanation)))
    return DIFFERS if report.findings else 0


def _read(folder: Path) -> dict[str, list[Exchange]]:
    try:
        return read_recordings(folder)
    except RecordingError as error:
        raise CommandError(str(error)) from None


def _play(recordings: Mapping[str, list[Exchange]], endpoint: Endpoint, options: argparse.Namespace) -> Report:
    report = Report()
    for name, exchanges in recordings.items():
        try:
            report.add(play(name, exchanges, endpoint, without=options.without, patience=options.patience))
        except CannotPlay as error:
            raise CommandError(str(error)) from None
    return report


def _simulate(
    recordings: Mapping[str, list[Exchange]], positions: Mapping[str, str], options: argparse.Namespace
) -> Report:
    from .simulation import simulation  # here, so that the other commands start at once

    report = Report()
    for name, exchanges in recordings.items():
        with simulation(positions) as endpoint:
            report.add(play(name, exchanges, endpoint, without=options.without, patience=options.patience))
    return report


def _lines(report: Report, explanation: Explanation | None) -> Iterator[str]:
    for number, each in enumerate(report.findings):
        reason = ""
        if explanation is not None:
            positions = " ".join(f"--{name} {value}" for name, value in explanation.by_finding[number].items())
            reason = f" ({positions or 'no switch explains it'})"
        yield _harmless(
            f"{each.file} {each.number}: {each.request}: {each.where}: recorded {each.recorded}, answered "
            f"{each.answered}{reason}"
        )
    yield from (_harmless(f"not replayed: {each}") for each in report.unplayed)
    count = len(report.findings)
    overtaken = f", {report.overtaken} answers not compared that show a later state" if report.overtaken else ""
    yield f"{report.played} requests played, {count} difference{'s' * (count != 1)}{overtaken}"
    if explanation is not None and explanation.positions:
        yield "switches: " + " ".join(f"--{name} {value}" for name, value in explanation.positions.items())
    if explanation is not None:
        yield f"differences that no switch explains: {explanation.unexplained}"


def _harmless(text: str) -> str:
    """What a recording or an endpoint says must not control a terminal."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


# -- record


def _record(options: argparse.Namespace) -> int:
    if options.review is not None:
        for text, places in review(_read(options.review)):
            print(f"{_harmless(text)}  ({', '.join(places)})")
        return 0
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if command and shutil.which(command[0]) is None:
        raise CommandError(f"cannot run {command[0]}: there is no such program")
    upstream = Upstream(_trust(options.upstream_ca), _upstream(options.upstream), _outer_proxy())
    # The authority is for this run only.
    with tempfile.TemporaryDirectory(prefix="aci_emulator_record_") as folder:
        try:
            return asyncio.run(_Session(options, upstream, prepare(Path(folder))).run(command))
        except RecordingError as error:
            raise CommandError(str(error)) from None


def _upstream(url: str | None) -> str | None:
    if url is None:
        return None
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname or address.username or address.path.strip("/"):
        raise CommandError(f"--upstream must be an https address without a path, not {url}: credentials pass through")
    return url.rstrip("/")


def _trust(ca: Path | None) -> ssl.SSLContext:
    file = system_roots() if ca is None else ca
    if file is None:
        raise CommandError(
            "the system has no certificates to verify Azure with: give a file of them with --upstream-ca"
        )
    try:
        return ssl.create_default_context(cafile=str(file))
    except (OSError, ssl.SSLError) as error:
        raise CommandError(f"cannot read certificates from {file}: {error}") from None


def _outer_proxy() -> str | None:
    """The proxy by which this machine reaches Azure."""
    found = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    if not found:
        return None
    address = urlsplit(found if "://" in found else f"http://{found}")
    if address.scheme != "http" or not address.hostname:
        raise CommandError("HTTPS_PROXY must be the http address of a proxy")
    return address.geturl()


class _Session:
    """One run of record: a proxy, and what it writes."""

    def __init__(self, options: argparse.Namespace, upstream: Upstream, folder: Path) -> None:
        self._recorder = Recorder(keep_logs=options.keep_logs, keep_keys=tuple(options.keep_key))
        self._keep_output = options.keep_logs
        self._upstream = upstream
        self._folder = folder
        self._port = options.port
        self._file = RecordingFile(options.to)
        self._source = f"aci-emulator record {__version__}, {datetime.now(UTC):%Y-%m-%d}"
        self._failed = False

    async def run(self, command: list[str]) -> int:
        proxy = Proxy(lambda _: None, lambda _, __: None, password=ensure_key(self._folder, PROXY_KEY_FILE))
        proxy.interception = Interception(
            InterceptionAuthority(self._folder),
            Forwarder(self._upstream, self._observe, keep_output=self._keep_output),
            find=find_host,
        )
        try:
            await proxy.start(port=self._port)
            variables = interception_variables(self._folder, f"http://127.0.0.1:{proxy.port}")
            _say("RECORDING. All traffic through this proxy is written to", str(self._file.path))
            _say("Names, values, addresses and ids are replaced with pseudonyms; tokens and secrets are never written.")
            code = await (self._run_command(command, variables) if command else self._until_interrupted(variables))
        finally:
            await proxy.close()
            self._file.close()
            self._sum_up()
        return code or int(self._failed)

    def _observe(self, seen: Exchange) -> None:
        try:
            kept = self._recorder.exchange(seen)
            self._file.add(kept.entry(self._source))
        except Exception as error:  # noqa: BLE001 - the program goes on: it has asked Azure, written down or not
            self._failed = True
            _say(f"NOT RECORDED: {seen.method}, status {seen.status}: {type(error).__name__}")
            return
        _say(f"recorded {self._file.count}: {kept.method} {urlsplit(kept.url).path} {kept.status}")

    async def _run_command(self, command: list[str], variables: Mapping[str, str]) -> int:
        process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **variables})
        loop = asyncio.get_running_loop()
        # Ctrl-C reaches the program as well, which ends by itself.
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        loop.add_signal_handler(signal.SIGTERM, process.terminate)
        code = await process.wait()
        return code if code >= 0 else 128 - code

    async def _until_interrupted(self, variables: Mapping[str, str]) -> int:
        for name, value in variables.items():
            print(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        _say("Set these variables for the program. Ctrl-C ends the recording.")
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        await ended.wait()
        return 0

    def _sum_up(self) -> None:
        _say(f"RECORDING ENDED: {self._file.count} exchanges in {self._file.path}")
        if self._recorder.unknown_keys:
            keys = ", ".join(map(_harmless, self._recorder.unknown_keys))
            _say(f"Unknown keys, which were replaced with pseudonyms (to keep one, use --keep-key): {keys}")
        folder = shlex.quote(str(self._file.path.parent))
        _say(f"Before you share it, review all remaining texts: aci-emulator record --review {folder}")


def _say(*words: str) -> None:
    print("record:", *map(_harmless, words), file=sys.stderr, flush=True)
