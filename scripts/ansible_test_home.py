# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let ansible-test make its virtual environments with nothing but a package index.

It bootstraps pip in each with a script that it downloads from a host of its own, unless the script is in its cache.
Here the cache, below `.build`, gets a script that installs from the wheel of the same pip version.
"""

from __future__ import annotations

import importlib.util
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


def environment() -> dict[str, str]:
    """The variables to run ansible-test with: its home in `.build`, pip's settings still the user's."""
    version = _pip_version()
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


def _pip_version() -> str:
    """The version of pip that this ansible-test wants in its environments."""
    package = importlib.util.find_spec("ansible_test")
    if package is None or not package.submodule_search_locations:
        raise OSError("ansible-test is not installed beside this Python")
    source = (Path(package.submodule_search_locations[0]) / "_internal" / "python_requirements.py").read_text()
    found = re.search(r"pip='([0-9.]+)'", source)
    if not found:
        raise OSError("ansible-test does not name its version of pip where it is expected")
    return found[1]
