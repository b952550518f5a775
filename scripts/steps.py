# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of `make test`: what each runs, and how its tests are counted."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from xml.etree import ElementTree

import ansible_test_home
import tree
from emulator import COMMAND, EmulatorFailed, RunningEmulator, clean_environment, emulator

ROOT = tree.ROOT
BIN = ROOT / ".venv" / "bin"
SOURCES = ROOT / ".venv" / "src"
PYTHON_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
TIMEOUT = 1800.0  # seconds for one program
APPLICATION = "integration"  # whose role is a target's


@dataclass(frozen=True)
class Tools:
    """Where a step finds its programs: in `.venv`, or in an environment with other versions."""

    folder: Path = BIN
    python_version: str = PYTHON_VERSION

    def __truediv__(self, name: str) -> str:
        return str(self.folder / name)


OWN = Tools()


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)  # a reason each
    output: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Step:
    name: str  # "lint", or "integration:TARGET"
    action: Callable[[Run], Outcome]

    def answers_to(self, name: str) -> bool:
        return name == self.name or self.name.startswith(f"{name}:")

    def run(self, run: Run) -> Outcome:
        started = time.monotonic()
        try:
            outcome = self.action(run)
        except (OSError, subprocess.SubprocessError, ElementTree.ParseError, EmulatorFailed) as error:
            outcome = Outcome(failed=1, output=f"{type(error).__name__}: {error}")
        outcome.seconds = time.monotonic() - started
        return outcome


class Run:
    """What the steps of one run share: a folder, the processes under way, copies of the collection, an emulator."""

    def __init__(self) -> None:
        self.identifier = secrets.token_hex(3)
        self._folder = tempfile.TemporaryDirectory(prefix="azure_containers_aci_")
        self.folder = Path(self._folder.name)
        self._processes: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._sharing = threading.Lock()
        self._shared = contextlib.ExitStack()
        self._shared_folder: Path | None = None
        self._shared_emulator: RunningEmulator | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self.stop()
        self._shared.close()
        self._folder.cleanup()

    def stop(self) -> None:
        """End the programs that still run, with all that they started."""
        with self._lock:
            self._stopped = True
            processes = list(self._processes)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in processes:
                if process.poll() is None:
                    os.killpg(process.pid, number)
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline and any(process.poll() is None for process in processes):
                time.sleep(0.1)

    def shared(self, name: str, role: list[str]) -> tuple[Path, RunningEmulator]:
        """A copy of the collection that nobody writes to, and an emulator for who leaves nothing behind in it.

        The emulator is given as the application ``name``, which may do what ``role`` lists.
        """
        with self._sharing:  # one after another, since all the applications are in one file
            if self._shared_folder is None:
                self._shared_folder = self.collection("shared")
            if self._shared_emulator is None:
                self._shared_emulator = self._shared.enter_context(emulator())
            return self._shared_folder, self._shared_emulator.with_role(name, role)

    def collection(self, name: str) -> Path:
        """A copy of the collection with its tests, where Ansible's tools accept it."""
        return tree.copy(tree.collection_files(with_tests=True), self.folder / name)

    def program(self, command: list[str], cwd: Path = ROOT, tools: Tools = OWN, /, **variables: str) -> tuple[int, str]:
        """Run a program, those of tools first on its PATH; return its exit code and all that it printed."""
        environment = clean_environment() | {
            "PATH": f"{tools.folder}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "NO_COLOR": "1",
            "ANSIBLE_HOME": str(self.folder / "ansible-home"),
            "ANSIBLE_NOCOLOR": "1",
        }
        with self._lock:
            if self._stopped:
                return 130, "not started: the run was stopped"
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self._processes.add(process)
        try:
            output, _ = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output += f"\nkilled after {TIMEOUT:.0f} s"
        finally:
            with self._lock:
                self._processes.discard(process)
        return process.returncode, output


def all_steps() -> list[Step]:
    """Every step; the long ones first, so that the lanes end at about the same time."""
    targets = [target.name for target in integration_targets()]
    return [
        Step("faults", pytest("tests/faults")),
        Step("matrix", pytest("tests/matrix")),
        Step("live:targets", pytest("tests/live/test_targets.py")),
        Step("emulator", pytest("emulator/tests")),
        Step("sanity", sanity()),
        Step("doors", pytest("tests/doors")),
        Step("release", pytest("tests/release")),
        Step("canary", pytest("tests/canary")),
        Step("units", pytest("tests/unit")),
        *(Step(f"integration:{target}:by-module", integration(target, aci_in_process=False)) for target in targets),
        *(Step(f"integration:{target}:in-process", integration(target, aci_in_process=True)) for target in targets),
        Step("console", pytest("tests/console")),
        Step("live:probes", pytest("tests/live/test_live.py")),
        Step("live:recordings", pytest("tests/live/test_recordings.py")),
        Step("ansible-lint", ansible_lint),
        Step("trust", pytest("tests/trust")),
        Step("recipes", pytest("tests/recipes")),
        Step("lowest", lowest),
        *(Step(f"least:{target}", least(target)) for target in targets),
        Step("types", types),
        Step("evidence", pytest("tests/evidence")),
        Step("roles", pytest("tests/roles")),
        Step("samples", pytest("tests/samples")),
        Step("runner", pytest("tests/runner")),
        Step("docs", docs),
        Step("format", tool("ruff", "format", "--check", ".")),
        Step("lint", tool("ruff", "check", ".")),
        Step("yaml", tool("yamllint", "--strict", ".")),
        Step("changelog", tool("antsibull-changelog", "lint")),
        Step("spelling", spelling),
        Step("phrases", tool("python", "scripts/phrases.py")),
    ]


def tool(*command: str) -> Callable[[Run], Outcome]:
    """One program that passes or fails as a whole."""

    def action(run: Run) -> Outcome:
        return judged(*run.program([str(BIN / command[0]), *command[1:]]))

    return action


def spelling(run: Run) -> Outcome:
    """codespell over the checkout's own files; on its own it would read what git ignores as well."""
    return judged(*run.program([str(BIN / "codespell"), *(str(path.relative_to(ROOT)) for path in tree.files())]))


def judged(code: int, output: str) -> Outcome:
    return Outcome(passed=int(code == 0), failed=int(code != 0), output=output)


def types(run: Run) -> Outcome:
    package = f"ansible_collections.{tree.NAMESPACE}.{tree.NAME}.plugins"
    # Every kind of plugin that there is, so that a new kind is checked as well.
    kinds = sorted({path.parent.name for path in ROOT.glob("plugins/*/*.py")})
    parts = [f"-p{package}.{kind}" for kind in kinds]
    first = judged(*run.program([str(BIN / "mypy"), *parts]))
    second = judged(*run.program([str(BIN / "mypy"), "emulator/src", "scripts", "tests/run.py"]))
    return Outcome(first.passed + second.passed, first.failed + second.failed, output=first.output + second.output)


def pytest(folder: str, tools: Tools = OWN) -> Callable[[Run], Outcome]:
    def action(run: Run) -> Outcome:
        report = run.folder / f"{folder.replace('/', '-')}-{secrets.token_hex(2)}.xml"
        command = [tools / "python", "-m", "pytest", "-q", "--tb=short", f"--junitxml={report}", folder]
        code, output = run.program(command, ROOT, tools)
        if not report.exists():
            return Outcome(failed=1, output=output)
        outcome = counted([report], output)
        if code and not outcome.failed:
            outcome.failed = 1
        return outcome

    return action


def counted(reports: Iterable[Path], output: str) -> Outcome:
    """Count the test cases of JUnit reports."""
    outcome = Outcome(output=output)
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - our own test runner wrote it
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                outcome.failed += 1
            elif skipped is not None:
                reason = skipped.get("message") or skipped.text or "no reason given"
                if reason == "No tests applicable.":  # sanity has nothing to look at, for example no PowerShell
                    continue
                outcome.skipped.append(f"{case.get('name')} ({' '.join(reason.split())})")
            else:
                outcome.passed += 1
    return outcome


def sanity(tools: Tools = OWN) -> Callable[[Run], Outcome]:
    """ansible-test sanity, every test, with no ignore file."""

    def action(run: Run) -> Outcome:
        folder = run.collection(f"sanity-{secrets.token_hex(2)}")
        if ignores := sorted(folder.glob("tests/sanity/ignore-*.txt")):
            return Outcome(failed=1, output=f"no sanity test may be ignored, but there is {ignores[0].name}")
        command = [tools / "ansible-test", "sanity", "--python", tools.python_version, "--junit", "--color", "no"]
        code, output = run.program(command, folder, tools, **ansible_test_home.environment(tools.folder))
        outcome = counted(sorted((folder / "tests/output/junit").glob("*.xml")), _without_installs(output))
        if code and not outcome.failed:
            outcome.failed = 1
        return outcome

    return action


def _without_installs(output: str) -> str:
    """Drop what pip printed while ansible-test made its environments."""
    noise = re.compile(
        r"^(Collecting|Looking in|Installing|Successfully|Using cached|Requirement|WARNING: Location|  +)"
    )
    return "\n".join(line for line in output.splitlines() if not noise.match(line))


def ansible_lint(run: Run) -> Outcome:
    folder = run.collection("ansible-lint")
    # It asks git for the files; in a copy without git it walks the folder, which is what is wanted here.
    return judged(
        *run.program(
            [str(BIN / "ansible-lint"), "--offline", "--profile", "production", "--strict"], folder, **_found(folder)
        )
    )


def docs(run: Run) -> Outcome:
    folder = run.collection("docs")
    command = [
        str(BIN / "antsibull-docs"),
        "lint-collection-docs",
        "--plugin-docs",
        "--validate-collection-refs=dependent",
    ]
    return judged(
        *run.program([*command, "--disallow-unknown-collection-refs", "--skip-rstcheck", "."], folder, **_found(folder))
    )


def _found(folder: Path) -> dict[str, str]:
    """Let Ansible find the collection in the copy that holds this folder."""
    return {"ANSIBLE_COLLECTIONS_PATH": str(folder.parent.parent.parent)}


def integration_targets() -> list[Path]:
    """The targets that are tests by themselves, not parts of others."""
    folders = sorted((ROOT / "tests/integration/targets").glob("*"))
    return [folder for folder in folders if folder.is_dir() and not folder.name.startswith("setup_")]


def _role_of(target: str) -> list[str] | None:
    """The actions that a target needs, and no others; None for one that is not listed yet."""
    listed: dict[str, list[str]] = json.loads((ROOT / "tests/integration/roles.json").read_text())
    return listed.get(target)


def _misfit(target: str, role: list[str] | None, used: list[str]) -> str:
    """What is wrong with the role that a target passed with; empty if it is just what the target needs."""
    if role is None:
        return f"tests/integration/roles.json has no role for {target}. It needs:\n{json.dumps(sorted(used), indent=4)}"
    if idle := sorted({each.lower() for each in role} - {each.lower() for each in used}):
        return f"{target} does not need all of its role in tests/integration/roles.json: {', '.join(idle)}"
    return ""


def integration(target: str, tools: Tools = OWN, **variables: Any) -> Callable[[Run], Outcome]:
    """One target by ansible-test, against an emulator of its own, with just the role that it needs."""

    def action(run: Run) -> Outcome:
        role = _role_of(target)
        code, output, used = _play(run, target, ["*"] if role is None else role, tools, variables)
        if code == 0 and "PLAY RECAP" not in output:
            return Outcome(failed=1, output=f"ansible-test succeeded, but ran no play:\n{output}")
        if code == 0 and (wrong := _misfit(target, role, used)):
            return Outcome(failed=1, output=wrong)
        return judged(code, output)

    return action


def least(target: str) -> Callable[[Run], Outcome]:
    """The same with one action less, the first that makes something: the target has to fail, and to name it.

    It fails before it has made much, so all these steps share an emulator, and go without ansible-test.
    """

    def action(run: Run) -> Outcome:
        role = _role_of(target) or []
        left_out = next((each for each in role if each.endswith("/write")), role[0] if role else "")
        rest = [each for each in role if each != left_out]
        folder, azure = run.shared(f"{APPLICATION}-{target}", rest)
        targets = folder / "tests/integration/targets"
        playbook = run.folder / f"least-{target}.json"  # JSON is YAML
        settings = {"aci_in_process": True, "ansible_python_interpreter": OWN / "python", **_settings(run, azure)}
        playbook.touch(0o600)
        playbook.write_text(
            json.dumps([{"hosts": "testhost", "gather_facts": False, "vars": settings, "roles": [target]}])
        )
        code, output = run.program(
            [OWN / "ansible-playbook", "-i", "testhost,", "-c", "local", str(playbook)],
            targets,
            OWN,
            ANSIBLE_CONFIG=str(folder / "tests/integration/integration.cfg"),
            ANSIBLE_ROLES_PATH=str(targets),
            **_found(folder),
        )
        told = code != 0 and left_out != "" and f"a role that allows {left_out} on /subscriptions/" in output
        return judged(int(not told), f"without {left_out!r}:\n{output}")

    return action


def _settings(run: Run, azure: RunningEmulator) -> dict[str, Any]:
    """The variables of the targets, as tests/integration/README.md lists them."""
    return {
        "aci_run_id": run.identifier + secrets.token_hex(2),
        "aci_connection": azure.connection(),
        "aci_location": "westeurope",
        "aci_second_subscription_id": azure.variables["ACI_EMULATOR_SECOND_SUBSCRIPTION_ID"],
        "aci_http_proxy": azure.proxy,
        "aci_emulator_url": azure.url,
        "aci_emulator_ca": str(azure.ca),
        "aci_emulator_command": str(COMMAND),
        "aci_emulator_state_dir": str(azure.state_dir),
    }


def _play(
    run: Run, target: str, role: list[str], tools: Tools, variables: dict[str, Any]
) -> tuple[int, str, list[str]]:
    """Run a target as an application with this role: exit code, output, and the actions that it needed."""
    folder = run.collection(f"integration-{target}-{secrets.token_hex(2)}")
    with emulator() as served:
        azure = served.with_role(APPLICATION, role)
        config = folder / "tests/integration/integration_config.yml"
        config.touch(0o600)
        config.write_text(json.dumps(_settings(run, azure) | variables, indent=2))  # JSON is YAML
        # A home of its own: ansible-test makes a key pair there, and two at a time must not make the same one.
        home = folder.parent.parent.parent / "home"
        home.mkdir()
        command = [tools / "ansible-test", "integration", "--python", tools.python_version, "--color", "no", target]
        code, output = run.program(command, folder, tools, HOME=str(home))
        return code, output, azure.actions(APPLICATION)


def lowest(run: Run) -> Outcome:
    """The lowest versions that requirements.txt admits: one integration target with them."""
    pins = re.findall(r"^([a-z-]+)>=([0-9.]+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    wanted = [f"{name}=={version}" for name, version in pins]
    folder = ROOT / ".build" / f"lowest-{PYTHON_VERSION}"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != repr(wanted):
        shutil.rmtree(folder, ignore_errors=True)
        code, output = run.program([str(BIN / "python"), "-m", "venv", str(folder)])
        if code == 0:
            code, output = run.program([str(folder / "bin/python"), "-m", "pip", "install", "--quiet", *wanted])
        if code:
            return Outcome(failed=1, output=output)
        stamp.write_text(repr(wanted))
    python = str(folder / "bin/python")
    return integration("aci_group_task", aci_in_process=False, ansible_python_interpreter=python)(run)
