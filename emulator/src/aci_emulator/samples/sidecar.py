# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sample aci-tutorial-sidecar: polls the group's port 80 every three seconds, and prints the response headers."""

from __future__ import annotations

import http.client
import os
import time
from datetime import UTC, datetime

INTERVAL = 3


def poll(port: int) -> str:
    """Returns the response headers of ``HEAD /`` on a port of this machine, or an error message."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=INTERVAL)
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost", "User-Agent": "aci-tutorial-sidecar"})
        response = connection.getresponse()
        headers = "".join(f"{name}: {value}\n" for name, value in response.getheaders())
        return f"HTTP/1.1 {response.status} {response.reason}\n{headers}"
    except TimeoutError:
        return f"timed out after {INTERVAL} seconds\n"
    except (OSError, http.client.HTTPException) as error:
        return f"failed to connect to localhost port 80: {getattr(error, 'strerror', None) or error}\n"
    finally:
        connection.close()


def main() -> None:
    """Polls until it is ended."""
    port = int(os.environ.get("ACI_EMULATOR_PORT_80") or 80)
    time.sleep(1)  # the containers of a group start together, and the server takes a moment
    while True:
        print(f"Every {INTERVAL}s: HEAD http://localhost    {datetime.now(UTC):%Y-%m-%d %H:%M:%S}\n", flush=True)
        print(poll(port), flush=True)
        time.sleep(INTERVAL)


if __name__ == "__main__":
    main()
