# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let ansible-test make its virtual environments with nothing but a package index.

It bootstraps pip in each with a script that it downloads from a host of its own, unless the script is in its cache.
Here the cache, below `.build`, gets a script that installs from the wheel of the same pip version.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import tree

HOME = tree.ROOT / ".build" / "ansible-test-home"

BOOTSTRAP = '''\
"""Install what the command line says, with the pip in the wheel beside this file."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).with_name("{wheel}")))

from pip._internal.cli.main import main

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
    sys.exit(main(["install", "--upgrade", "--force-reinstall", *words]))
'''


def environment(programs: Path) -> dict[str, str]:
    """The variables to run the ansible-test of this folder with: its home in `.build`, pip's settings the user's."""
    version = _pip_version(programs)
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    wheel = cache / f"pip-{version}-py3-none-any.whl"
    if not wheel.exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(cache),
            f"pip=={version}",
        ]
        subprocess.run(command, check=True, capture_output=True)
    (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(BOOTSTRAP.format(wheel=wheel.name))
    variables = {"HOME": str(HOME)}
    user = Path.home()
    for name, path in (("PIP_CONFIG_FILE", user / ".config/pip/pip.conf"), ("PIP_CACHE_DIR", user / ".cache/pip")):
        if path.exists() and name not in os.environ:
            variables[name] = str(path)
    return variables


def _pip_version(programs: Path) -> str:
    """The version of pip that the ansible-test of this folder wants in its environments."""
    places = programs.parent.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py")
    source = next(places, None)
    if source is None:
        raise OSError(f"ansible-test is not installed in {programs.parent}")
    found = re.search(r"pip='([0-9.]+)'", source.read_text())
    if not found:
        raise OSError("ansible-test does not name its version of pip where it is expected")
    return found[1]
