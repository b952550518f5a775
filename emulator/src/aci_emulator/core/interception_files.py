# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What interception keeps in the state directory, for the server that writes it and for clients that are led by it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

USER = "emulator"
"""The user by whose name clients use the proxy; the password is the key in ``proxy.key``."""


@dataclass(frozen=True)
class InterceptionFiles:
    """The files below a state directory."""

    state_dir: Path

    @property
    def folder(self) -> Path:
        """The folder of them all."""
        return self.state_dir / "intercept"

    @property
    def ca(self) -> Path:
        """The certificate of the authority (PEM)."""
        return self.folder / "ca.pem"

    @property
    def ca_key(self) -> Path:
        """Its key, which only the owner can read."""
        return self.folder / "ca.key"

    @property
    def bundle(self) -> Path:
        """The system's roots and the authority (PEM)."""
        return self.folder / "bundle.pem"

    @property
    def azure_config(self) -> Path:
        """The folder that clients get in the place of ``~/.azure``: empty, until ``az`` signs in to the emulator."""
        return self.folder / "azure"
