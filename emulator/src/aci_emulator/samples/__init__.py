# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for the three sample images of the service's documentation, as small programs without dependencies.

Each runs as a process of its own, copied into a container's folder. ``ACI_EMULATOR_PORT_<n>`` says which port of this
machine is port n of the container's group.
"""
