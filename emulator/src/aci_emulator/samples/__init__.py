# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Substitutes for the three sample images in the service's documentation: small programs without dependencies.

Each is copied to a container's folder and runs as a separate process. ``ACI_EMULATOR_PORT_<n>`` is the port of this
machine that represents port n of the container's group.
"""
