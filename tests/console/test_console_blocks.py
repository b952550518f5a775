# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The detection of blocks, commands, files and markers."""

from __future__ import annotations

from pathlib import Path

import pytest

from console_blocks import Command, blocks
from shell_session import Shell

MARKDOWN = """\
<!-- file: site.yml -->
```yaml
- hosts: localhost
```

<!-- not run by the tests: it needs
     an account -->
```console
make demo
make test
```

```python
no()
```
"""

RESTRUCTURED = """\
.. code-block:: console

   $ first --option \\
     more
   said ... things
   $ second

.. not run by the tests: a reason
   in two lines

.. code-block:: shell

   third

.. code-block:: ini
   :caption: ~/conf.ini

   [one]
   a = b

Text.
"""


def test_markdown(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(MARKDOWN)
    file, skipped = blocks(tmp_path / "a.md")
    assert (file.file, file.content, file.line) == ("site.yml", "- hosts: localhost\n", 2)
    assert skipped.not_run == "it needs an account"
    assert skipped.commands == (Command("make demo\nmake test"),)


def test_restructured_text(tmp_path: Path) -> None:
    (tmp_path / "a.rst").write_text(RESTRUCTURED)
    run, skipped, file = blocks(tmp_path / "a.rst")
    assert run.commands == (Command("first --option \\\n  more", ("said ... things",)), Command("second"))
    assert (skipped.not_run, skipped.commands) == ("a reason in two lines", (Command("third"),))
    assert (file.file, file.content) == ("~/conf.ini", "[one]\na = b\n")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "home").mkdir()
    return Shell(tmp_path / "home", tmp_path, {"PATH": "/usr/bin:/bin", "KNOWN": "a b"}, {"/tmp/azure": str(tmp_path)})


def test_variables_folder_and_background_last(shell: Shell, tmp_path: Path) -> None:
    shell.run(Command("export ONE='1\n2' KNOWN=... && mkdir /tmp/azure/new && cd /tmp/azure/new"))
    assert shell.run(Command('echo "$ONE $KNOWN"; pwd')) == f"1\n2 a b\n{tmp_path}/new\n"
    shell.run(Command("{ echo late; exec tail -f /dev/null; } &", ("la...",)))
    shell.end()


@pytest.mark.parametrize("command", [Command("false\ntrue"), Command("false | cat"), Command("echo other", ("one",))])
def test_failures_are_failures(shell: Shell, command: Command) -> None:
    with pytest.raises(AssertionError):
        shell.run(command)
