# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that distinguish the owner of a state directory from other users: whoever can read a key may use its service.

There is one for everything below ``/emulator``, and one for the proxy's tunnels.
"""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from .statedir import StateError, read_file, write_file

KEY_FILE = "control.key"
KEY_HEADER = "X-ACI-Emulator-Key"
PROXY_KEY_FILE = "proxy.key"
_BYTES = 32
_USES = {KEY_FILE: "the control endpoints", PROXY_KEY_FILE: "the proxy"}
_REMEDY = "Stop the emulator, remove it and start again: a new one is created"


def read_key(state_dir: Path, name: str = KEY_FILE) -> str:
    """Returns the key in a file of a state directory. Raises StateError if it is missing or not valid."""
    path = state_dir / name
    text = (read_file(path) or b"").decode("ascii", "replace").strip()
    try:
        valid = len(base64.b16decode(text, casefold=True)) == _BYTES
    except ValueError:
        valid = False
    if not valid:
        raise StateError(f"{path} does not contain the key to {_USES[name]}. {_REMEDY}")
    return text


def ensure_key(state_dir: Path, name: str = KEY_FILE) -> str:
    """Returns the key in a file of a state directory, creating it if necessary. Raises StateError."""
    path = state_dir / name
    if not path.exists():
        write_file(path, f"{secrets.token_hex(_BYTES)}\n".encode())
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return read_key(state_dir, name)
