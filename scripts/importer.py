# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Import the collection's artifact as Ansible Galaxy does, and fail where Galaxy would refuse or warn.

Galaxy's own tests in containers are left out: `make test` runs them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree
from environments import UNAVAILABLE, EnvironmentFailed, Offline, environment

SETTINGS = """\
[galaxy-importer]
CHECK_CHANGELOG = True
CHECK_REQUIRED_TAGS = True
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = True
OFFLINE_ANSIBLE_LINT = True
RUN_ANSIBLE_TEST = False
"""
COMPLAINTS = ("WARNING", "ERROR")
END = "Importer processing completed successfully"


def main() -> int:
    try:
        programs = environment("importer", ["galaxy-importer>=0.4.44"])
    except EnvironmentFailed as error:
        print(f"make importer: {error}", file=sys.stderr)
        return UNAVAILABLE if isinstance(error, Offline) else 1
    with tempfile.TemporaryDirectory(prefix="aci_importer_") as name:
        folder = Path(name)
        with tree.temporary_copy(tree.collection_files(with_tests=True)) as source:
            build = [str(programs / "ansible-galaxy"), "collection", "build", "--output-path", str(folder)]
            if code := subprocess.run(build, cwd=source, env=variables(folder, programs), check=False).returncode:
                return code
        (folder / "importer.cfg").write_text(SETTINGS)
        artifact = next(folder.glob("*.tar.gz"))
        command = [str(programs / "python"), "-m", "galaxy_importer.main", str(artifact)]
        done = subprocess.run(
            command, cwd=folder, env=variables(folder, programs), capture_output=True, text=True, check=False
        )
        lines = (done.stdout + done.stderr).splitlines()
    print("\n".join(line for line in lines if not line.startswith(("Loading ", "Linting "))))
    complaints = [line for line in lines if line.startswith(COMPLAINTS)]
    if done.returncode or complaints or END not in lines:
        print(f"the importer rejects {artifact.name}", file=sys.stderr)
        return 1
    return 0


def variables(folder: Path, programs: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return kept | {
        "ANSIBLE_HOME": str(folder / "ansible-home"),
        "GALAXY_IMPORTER_CONFIG": str(folder / "importer.cfg"),
        "HOME": str(folder),
        "LC_ALL": kept.get("LC_ALL", "C.UTF-8"),
        "PATH": f"{programs}{os.pathsep}{kept['PATH']}",
    }


if __name__ == "__main__":
    sys.exit(main())
