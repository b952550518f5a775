# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real clients against the emulator, each in an environment of its own.

    run.py sdk     azure-mgmt-containerinstance 10.1.0 and 10.2.0b2, every operation that they share (about a minute),
                   and every recording of the real service in ../shared/recordings, if that folder is there
    run.py az      the official az from PyPI (two minutes; the first time it has to be installed)

The environments are made below `.venv/conformance` and kept. The exit code is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
ENVIRONMENTS = ROOT / ".venv" / "conformance"
EMULATOR = Path(sys.executable).with_name("aci-emulator")
SDKS = ("10.1.0", "10.2.0b2")


def environment(name: str, *packages: str) -> Path:
    """The interpreter of an environment with these packages, made if it is not there."""
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    mark = folder / "packages.txt"
    if mark.exists() and mark.read_text().split() == list(packages):
        return python
    print(f"making {folder.relative_to(ROOT)}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
    mark.write_text("\n".join(packages))
    return python


@contextlib.contextmanager
def emulator(*options: str) -> Iterator[dict[str, str]]:
    """Serves an emulator; the variables that clients need. It is ended at the end, whatever happened."""
    with tempfile.TemporaryDirectory(prefix="aci_conformance_") as state:
        command = [str(EMULATOR), "serve", "--state-dir", state, "--runtime", "process", "--speed", "20", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line.startswith("ready "):
                    raise SystemExit(f"the emulator did not start: {line}")
                printed = subprocess.run(
                    [str(EMULATOR), "env", "--state-dir", state, "--format", "json"],
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
        packages = (f"azure-mgmt-containerinstance=={version}", "azure-identity")
        python = environment(f"sdk-{version}", *packages)
        for profile in profiles:
            print(f"azure-mgmt-containerinstance {version}, --profile {profile}", flush=True)
            with emulator("--profile", profile) as variables:
                failed |= run([str(python), str(HERE / "sdk_operations.py")], variables)
    return failed


def recordings() -> int:
    """The recordings of the real service, compared answer by answer."""
    print("recordings of the service", flush=True)
    folder = ROOT.parent / "shared" / "recordings"
    if not folder.exists():
        print(f"skipped: there is no {folder.relative_to(ROOT.parent)} beside the repository", flush=True)
        return 0
    tests = HERE.parent / "container_instance" / "test_recordings.py"
    return run([sys.executable, "-m", "pytest", "-q", "-rs", str(tests)], {})


def az(profiles: list[str]) -> int:
    """The official command line."""
    program = environment("az", "azure-cli").with_name("az")
    failed = 0
    for profile in profiles:
        print(f"az, --profile {profile}", flush=True)
        with emulator("--profile", profile) as variables:
            failed |= run([sys.executable, str(HERE / "az_commands.py"), str(program)], variables)
    return failed


def main() -> int:
    """Runs what is asked for."""
    parser = argparse.ArgumentParser(description="Run real clients against the emulator.")
    parser.add_argument("what", choices=["sdk", "az"])
    parser.add_argument("--profile", choices=["lenient", "strict"], help="only with this one (default: with each)")
    options = parser.parse_args()
    profiles = [options.profile] if options.profile else ["lenient", "strict"]
    if options.what == "az":
        return az(profiles)
    return sdk(profiles) | recordings()


if __name__ == "__main__":
    sys.exit(main())
