# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build an execution environment with the collection in it, and load every module and the requirements there.

What is tested is `meta/execution-environment.yml`: ansible-builder installs what it names. Exits with 75 where there is
no Podman or Docker, or where ansible-builder or the base image cannot be downloaded.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree
from environments import UNAVAILABLE, EnvironmentFailed, Offline, environment

PACKAGES = ("ansible-builder>=3.1", "ansible-core>=2.18.0")
BASE = "docker.io/redhat/ubi9:latest"
PYTHON = "python3.12"
IMAGE = "localhost/azure_containers_aci_ee"
DEFINITION = "execution-environment.yml"
NO_REGISTRY = ("no such host", "connection refused", "i/o timeout", "network is unreachable", "temporary failure")
IMPORTS = "import azure.identity, azure.mgmt.containerinstance, azure.mgmt.resource, websockets"


def main() -> int:
    engine = next((name for name in ("podman", "docker") if shutil.which(name)), None)
    if engine is None:
        print("make execution-environment: install Podman or Docker first", file=sys.stderr)
        return UNAVAILABLE
    try:
        programs = environment("execution-environment", PACKAGES)
    except EnvironmentFailed as error:
        print(f"make execution-environment: {error}", file=sys.stderr)
        return UNAVAILABLE if isinstance(error, Offline) else 1
    if code := pull_base(engine):
        return code
    with tempfile.TemporaryDirectory(prefix="aci_ee_") as name:
        folder = Path(name)
        context = write_context(folder, programs)
        build = [engine, "build", "--tag", IMAGE, "--file", str(context / "Containerfile"), str(context)]
        if code := subprocess.run(build, check=False).returncode:
            return code
    modules = [f"{tree.NAMESPACE}.{tree.NAME}.{path.stem}" for path in sorted(tree.ROOT.glob("plugins/modules/*.py"))]
    for command in (["ansible-doc", "--json", *modules], [PYTHON, "-c", IMPORTS]):
        done = subprocess.run([engine, "run", "--rm", IMAGE, *command], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            print(f"{command[0]} fails in the execution environment:\n{done.stdout}", file=sys.stderr)
            return done.returncode
        if command[0] == "ansible-doc" and (missing := set(modules) - set(json.loads(done.stdout))):
            print(f"the execution environment has no {', '.join(sorted(missing))}", file=sys.stderr)
            return 1
    return 0


def pull_base(engine: str) -> int:
    """Have the base image at hand. Returns 0, or what to exit with."""
    if subprocess.run([engine, "image", "inspect", BASE], capture_output=True, check=False).returncode == 0:
        return 0
    done = subprocess.run([engine, "pull", BASE], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return 0
    reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{engine} pull fails"
    print(f"make execution-environment: the base image cannot be pulled: {reason}", file=sys.stderr)
    return UNAVAILABLE if any(words in reason.lower() for words in NO_REGISTRY) else 1


def write_context(folder: Path, programs: Path) -> Path:
    """Build the artifact, and let ansible-builder write what an engine builds the image from; return that folder."""
    with tree.temporary_copy(tree.collection_files(with_tests=True)) as source:
        build = [str(programs / "ansible-galaxy"), "collection", "build", "--output-path", str(folder)]
        subprocess.run(build, cwd=source, check=True)
    artifact = next(folder.glob("*.tar.gz"))
    (folder / DEFINITION).write_text(json.dumps(definition(artifact.name), indent=2))  # JSON is YAML
    context = folder / "context"
    create = [str(programs / "ansible-builder"), "create", "--file", DEFINITION, "--context", str(context)]
    subprocess.run(create, cwd=folder, check=True)
    return context


def definition(artifact: str) -> dict[str, object]:
    """An execution environment, as ansible-builder describes it, of Ansible and the artifact alone."""
    return {
        "version": 3,
        "images": {"base_image": {"name": BASE}},
        "dependencies": {
            "python_interpreter": {
                "package_system": f"{PYTHON} {PYTHON}-pip {PYTHON}-wheel",
                "python_path": f"/usr/bin/{PYTHON}",
            },
            "ansible_core": {"package_pip": "ansible-core>=2.18.0"},
            "ansible_runner": {"package_pip": "ansible-runner"},
            "galaxy": {"collections": [{"name": f"src/{artifact}", "type": "file"}]},
        },
        "additional_build_files": [{"src": artifact, "dest": "src"}],
    }


if __name__ == "__main__":
    sys.exit(main())
