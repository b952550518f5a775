# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs real clients against the emulator, each in its own environment.

    run.py sdk     azure-mgmt-containerinstance 10.1.0 and 10.2.0b2, all their common operations (about a minute);
                   programs written for Azure, with the SDKs for Python (both types of clients) and for
                   JavaScript, through the interception;
                   and all recordings of the real service in ../shared/recordings, if this folder exists
    run.py az      the official az from PyPI (three minutes; installed the first time), with a custom cloud, through
                   the interception, and through the interception and a recorder; and azure.azcollection through the
                   interception

The environments are created below `.venv/environments` and kept. The exit code is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clients import FOLDER, SDKS, EnvironmentFailed, az_program, azcollection_programs, environment, sdk_python

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
EMULATOR = Path(sys.executable).with_name("aci-emulator")
PLAIN = HERE / "plain"
PLAIN_PYTHON = ("azure-mgmt-containerinstance==10.1.0", "azure-mgmt-resource", "azure-identity", "aiohttp")
PLAIN_JAVASCRIPT = ("@azure/identity@4.13.1", "@azure/arm-containerinstance@9.1.0", "@azure/arm-resources@7.0.0")


@contextlib.contextmanager
def emulator(*options: str, intercept: bool = False) -> Iterator[dict[str, str]]:
    """Runs an emulator; yields the variables for clients, or for programs written for Azure.

    The emulator is always stopped at the end.
    """
    with tempfile.TemporaryDirectory(prefix="aci_conformance_") as state:
        command = [str(EMULATOR), "serve", "--state-dir", state, "--runtime", "process", "--speed", "20", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line.startswith("ready "):
                    raise SystemExit(f"the emulator did not start: {line}")
                printed = subprocess.run(
                    [str(EMULATOR), "env", "--state-dir", state, "--format", "json", *["--intercept"] * intercept],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                yield json.loads(printed.stdout)
            finally:
                process.terminate()
                process.wait(20)


def run(command: list[str], variables: dict[str, str]) -> int:
    """Runs a client; its exit code."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run(command, env={**kept, **variables}, check=False).returncode


def sdk(profiles: list[str]) -> int:
    """Both versions of the SDK."""
    failed = 0
    for version in SDKS:
        python = sdk_python(version)
        for profile in profiles:
            print(f"azure-mgmt-containerinstance {version}, --profile {profile}", flush=True)
            with emulator("--profile", profile) as variables:
                failed |= run([str(python), str(HERE / "sdk_operations.py")], variables)
    return failed


def plain() -> int:
    """Programs that do not know about the emulator."""
    failed = 0
    python = environment("plain", PLAIN_PYTHON) / "python"
    programs = [[str(python), str(PLAIN / name)] for name in ("program.py", "program_aio.py")]
    node = javascript()
    if node is not None:
        programs.append(node)
    with emulator(intercept=True) as variables:
        for command in programs:
            print(f"{Path(command[-1]).name}, as it is", flush=True)
            failed |= run(command, variables)
    return failed


def javascript() -> list[str] | None:
    """The command that runs the JavaScript program, with its packages installed; None without Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("skipped: program.mjs, since there is no node, or no npm, on PATH", flush=True)
        return None
    folder = FOLDER / "javascript"
    mark = folder / "packages.txt"
    if not mark.exists() or mark.read_text().split() != list(PLAIN_JAVASCRIPT):
        print(f"making {folder.relative_to(ROOT)}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true}\n')
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run([npm, "install", *options, *PLAIN_JAVASCRIPT], cwd=folder, check=True)
        mark.write_text("\n".join(PLAIN_JAVASCRIPT))
    # Node searches for packages beside the program.
    return [node, shutil.copy(PLAIN / "program.mjs", folder)]


def recordings() -> int:
    """The recordings of the real service, compared response by response."""
    print("recordings of the service", flush=True)
    folder = ROOT.parent / "shared" / "recordings"
    if not folder.exists():
        print(f"skipped: there is no {folder.relative_to(ROOT.parent)} beside the repository", flush=True)
        return 0
    tests = HERE.parent / "container_instance" / "test_recordings.py"
    return run([sys.executable, "-m", "pytest", "-q", "-rs", str(tests)], {})


def az(profiles: list[str]) -> int:
    """The official command line."""
    program = az_program()
    failed = 0
    for profile in profiles:
        print(f"az, --profile {profile}", flush=True)
        with emulator("--profile", profile) as variables:
            failed |= run([sys.executable, str(HERE / "az_commands.py"), str(program)], variables)
    print("az, as it is", flush=True)
    with emulator(intercept=True) as variables:
        failed |= run([sys.executable, str(HERE / "az_commands.py"), str(program)], variables)
    return failed | az_recorded(program)


def az_recorded(program: Path) -> int:
    """The same with a recorder between az and the emulator, which writes down terminals and logs, and no secret."""
    print("az, recorded", flush=True)
    with emulator(intercept=True) as variables, tempfile.TemporaryDirectory(prefix="aci_recorded_") as folder:
        record = [str(EMULATOR), "record", "--to", folder, "--upstream-ca", variables["SSL_CERT_FILE"], "--"]
        failed = run([*record, sys.executable, str(HERE / "az_commands.py"), str(program)], variables)
        written = "".join(path.read_text() for path in Path(folder).iterdir())
    for text in ('"url": "wss://', "/containers/", "/logs", '"frames"'):
        if text not in written:
            print(f"failed: {text} is not in the recording", flush=True)
            failed = 1
    for text in ("hush-hush", variables["AZURE_CLIENT_SECRET"], "azattach", "attached to it"):
        if text in written:
            print(f"failed: {text} is in the recording", flush=True)
            failed = 1
    return failed


def azcollection() -> int:
    """The other collection for Azure."""
    print("azure.azcollection, as it is", flush=True)
    programs = azcollection_programs()
    with emulator(intercept=True) as variables, tempfile.TemporaryDirectory(prefix="aci_azcollection_") as home:
        # It has its own names for credentials; its cloud and its endpoints are not configured.
        own = {"AZURE_TENANT": variables["AZURE_TENANT_ID"], "AZURE_SECRET": variables["AZURE_CLIENT_SECRET"]}
        ansible = {"ANSIBLE_HOME": home, "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_NOCOLOR": "true"}
        command = [str(programs / "ansible-playbook"), str(PLAIN / "azcollection.yml")]
        return run(command, {**variables, **own, **ansible})


def main() -> int:
    """Runs the requested clients."""
    parser = argparse.ArgumentParser(description="Run real clients against the emulator.")
    parser.add_argument("what", choices=["sdk", "az"])
    parser.add_argument("--profile", choices=["lenient", "strict"], help="only with this one (default: with each)")
    options = parser.parse_args()
    profiles = [options.profile] if options.profile else ["lenient", "strict"]
    try:
        if options.what == "az":
            return az(profiles) | azcollection()
        return sdk(profiles) | plain() | recordings()
    except EnvironmentFailed as error:
        print(f"run.py {options.what}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
