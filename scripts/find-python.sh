#!/bin/sh
# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Print the path of a Python that the project can use: the given one, else the first suitable one on PATH.
# Each candidate is run, since a name on PATH may be a shim without an interpreter behind it.

for candidate in ${1:-python3.13 python3.12 python3.11 python3}; do
  if "$candidate" -c 'import sys; assert sys.version_info >= (3, 11); import ensurepip, venv' 2>/dev/null; then
    "$candidate" -c 'import sys; print(sys.executable)'
    exit 0
  fi
done
if [ -n "$1" ]; then found="$1 is not that"; else found="none is on PATH"; fi
echo "azure_containers.aci needs Python 3.11 or newer with venv, and $found: install it (on Debian and Ubuntu" \
  "python3 and python3-venv), or name one with make PYTHON=/path/to/python3.11 ..." >&2
exit 1
