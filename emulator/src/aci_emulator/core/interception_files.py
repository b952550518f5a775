# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files for interception in the state directory, which the server writes and intercepted clients use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

USER = "emulator"
"""The user name for the proxy; the password is the key in ``proxy.key``."""


@dataclass(frozen=True)
class InterceptionFiles:
    """The files below a state directory."""

    state_dir: Path

    @property
    def folder(self) -> Path:
        """The folder that contains all of them."""
        return self.state_dir / "intercept"

    @property
    def ca(self) -> Path:
        """The CA certificate (PEM)."""
        return self.folder / "ca.pem"

    @property
    def ca_key(self) -> Path:
        """The CA's private key, which only the owner can read."""
        return self.folder / "ca.key"

    @property
    def bundle(self) -> Path:
        """The system's root certificates and the CA (PEM)."""
        return self.folder / "bundle.pem"

    @property
    def azure_config(self) -> Path:
        """The folder that clients use instead of ``~/.azure``: empty until ``az`` signs in to the emulator."""
        return self.folder / "azure"
