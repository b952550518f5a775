# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key to what lies below ``/emulator``: who can read it may use that."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from .statedir import StateError, read_file, write_file

KEY_FILE = "control.key"
KEY_HEADER = "X-ACI-Emulator-Key"
_BYTES = 32
_REMEDY = "Stop the emulator, remove it and start again: a new one is created"


def read_key(state_dir: Path) -> str:
    """Returns the key in a state directory. Raises StateError if there is none, or none that can be a key."""
    path = state_dir / KEY_FILE
    text = (read_file(path) or b"").decode("ascii", "replace").strip()
    try:
        valid = len(base64.b16decode(text, casefold=True)) == _BYTES
    except ValueError:
        valid = False
    if not valid:
        raise StateError(f"{path} does not contain the key to the control endpoints. {_REMEDY}")
    return text


def ensure_key(state_dir: Path) -> str:
    """Returns the key in a state directory, which is made if it is missing. Raises StateError."""
    path = state_dir / KEY_FILE
    if not path.exists():
        write_file(path, f"{secrets.token_hex(_BYTES)}\n".encode())
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return read_key(state_dir)
