# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows and the pre-commit hooks call existing targets, and the gate waits for all jobs."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from steps import all_steps
from versions import COMBINATIONS, version_steps

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")}
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
ACTION = re.compile(r"[\w.-]+/[\w.-]+@(v\d+|release/v\d+)")
HOOKS = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
}


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for workflow, content in WORKFLOWS.items():
        for name, job in content["jobs"].items():
            yield f"{workflow}:{name}", job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in jobs():
        for step in job.get("steps", []):
            yield name, step


def commands() -> list[tuple[str, str]]:
    return [(name, step["run"]) for name, step in steps() if "run" in step]


def of_make(command: str) -> Iterator[list[str]]:
    """The words after `make` in each line that starts with it."""
    for line in command.splitlines():
        if line.strip().startswith("make "):
            yield shlex.split(line)[1:]


def test_there_are_the_workflows() -> None:
    assert set(WORKFLOWS) == {"ci", "release"}


@pytest.mark.parametrize(("job", "command"), commands())
def test_every_make_target_and_every_script_exists(job: str, command: str) -> None:
    targets = {word for words in of_make(command) for word in words if "=" not in word}
    assert targets <= TARGETS
    scripts = re.findall(r"\bpython (\S+\.py)", command)
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


def test_every_step_that_a_workflow_names_exists() -> None:
    wanted = {
        (words[0], step)
        for _job, command in commands()
        for words in of_make(command)
        for word in words
        if word.startswith("STEPS=")
        for step in word.removeprefix("STEPS=").split()
    }
    assert wanted
    steps_of = {"test": all_steps(), "test-matrix": version_steps()}
    assert [each for each in wanted if not any(step.answers_to(each[1]) for step in steps_of[each[0]])] == []


def test_every_core_and_every_tool_of_the_matrix_has_its_job() -> None:
    called = {word for _job, command in commands() for words in of_make(command) for word in " ".join(words).split()}
    called = {word.removeprefix("STEPS=") for word in called}
    assert {f"core-{each.core}" for each in COMBINATIONS} <= called
    tools = {step.name for step in version_steps() if not step.name.startswith("core-")}
    assert tools
    assert tools <= called


@pytest.mark.parametrize("name", sorted({step["uses"] for _job, step in steps() if "uses" in step}))
def test_actions_are_pinned_to_a_major_version(name: str) -> None:
    assert ACTION.fullmatch(name)


def test_an_action_has_one_version_in_all_workflows() -> None:
    names = {step["uses"] for _job, step in steps() if "uses" in step}
    assert len({name.partition("@")[0] for name in names}) == len(names)


def test_dependabot_keeps_what_the_workflows_use_up_to_date() -> None:
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    [schedule] = [
        each["schedule"]
        for each in updates
        if (each["package-ecosystem"], each["directory"]) == ("github-actions", "/")
    ]
    assert schedule == {"interval": "weekly"}


@pytest.mark.parametrize(("job", "command"), commands())
def test_no_step_waits_by_the_clock(job: str, command: str) -> None:
    """The emulator reports when it is serving: `serve --detach` and `env --wait` wait for this."""
    assert not re.search(r"\b(sleep|until|while)\b", command)


@pytest.mark.parametrize(("name", "job"), list(jobs()))
def test_every_job_has_an_end(name: str, job: dict[str, Any]) -> None:
    assert "uses" in job or job["timeout-minutes"] <= 120


def test_only_what_publishes_may_write() -> None:
    assert [content["permissions"] for content in WORKFLOWS.values()] == [{"contents": "read"}] * len(WORKFLOWS)
    assert {name: job["permissions"] for name, job in jobs() if "permissions" in job} == {
        "release:github": {"contents": "write"},
        "release:index": {"id-token": "write"},
    }


def test_secrets_are_given_by_the_environment_of_a_protected_job() -> None:
    """Secrets must not be in a command, which every process on the machine can read."""
    assert [command for _job, command in commands() if "secrets." in command] == []
    with_secrets = {name for name, job in jobs() if "secrets." in yaml.safe_dump(job)}
    assert with_secrets == {"release:galaxy"}
    assert WORKFLOWS["release"]["jobs"]["galaxy"]["environment"] == "galaxy"


def test_a_release_passes_every_check_before_anything_is_published() -> None:
    release = WORKFLOWS["release"]["jobs"]
    assert release["checks"] == {"name": "Checks", "uses": "./.github/workflows/ci.yml"}
    assert release["build"]["needs"] == ["checks"]
    assert {name for name, job in release.items() if job.get("needs") == ["build"]} == {"github", "galaxy", "index"}


def test_the_gate_needs_every_other_job() -> None:
    others = set(WORKFLOWS["ci"]["jobs"]) - {"gate"}
    assert {"test", "versions", "importer", "execution-environment", "docs", "reuse"} <= others
    gate = WORKFLOWS["ci"]["jobs"]["gate"]
    assert set(gate["needs"]) == others
    assert gate["if"] == "always()", "else it is skipped where a job fails, and a skipped check counts as passed"


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ("success success", 0),
        ("success failure", 1),
        ("failure success", 1),
        ("success skipped success", 1),
        ("cancelled", 1),
    ],
)
def test_the_gate_passes_only_where_every_job_did(results: str, code: int) -> None:
    [step] = WORKFLOWS["ci"]["jobs"]["gate"]["steps"]
    assert step["env"] == {"RESULTS": "${{ join(needs.*.result, ' ') }}"}
    # GitHub runs a step without a shell in the same way.
    done = subprocess.run(["bash", "-e", "-c", step["run"]], env={"RESULTS": results}, check=False, capture_output=True)
    assert done.returncode == code


def test_hooks_are_the_steps_of_make_lint() -> None:
    [recipe] = re.findall(r"^lint:.*\n\t@exec .venv/bin/python tests/run.py (.*)$", MAKEFILE, re.MULTILINE)
    assert set(HOOKS) == set(recipe.split())
    assert {name for name in HOOKS if not any(step.answers_to(name) for step in all_steps())} == set()


@pytest.mark.parametrize("name", HOOKS)
def test_hooks_use_the_tools_of_the_checkout(name: str) -> None:
    hook = HOOKS[name]
    assert hook["language"] == "system"
    words = shlex.split(hook["entry"])
    assert words[0].startswith(".venv/bin/")
    if words[0].endswith("python"):
        assert words[1:] == ["tests/run.py", name]
