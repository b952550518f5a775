# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure what a get and a page of a list cost the emulator with many container groups, as ratios to few.

Usage: ``python bench/emulator_scale.py [--groups 2000]`` with the interpreter that has aci-emulator installed.
Exit code 1 if a ratio is greater than the limit.
"""

from __future__ import annotations

import argparse
import http.client
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

FEW = 10
PAGE = 10  # the same size of a page in both cases, so that only the number of other groups differs
ROUNDS = 200
LIMIT = 2.0
PROVIDER = "providers/Microsoft.ContainerInstance/containerGroups"
DEFINITION = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "c",
                "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
            }
        ],
    },
}


class Client:
    """One connection to a running emulator, signed in."""

    def __init__(self, state_dir: Path, url: str) -> None:
        address = urlsplit(url)
        context = ssl.create_default_context(cafile=state_dir / "ca.pem")
        self._connection = http.client.HTTPSConnection(address.hostname or "", address.port, context=context)
        credentials = json.loads((state_dir / "credentials.json").read_text())
        self._base = f"/subscriptions/{credentials['subscriptionId']}/resourceGroups/rg"
        form = {
            "client_id": credentials["clientId"],
            "client_secret": credentials["clientSecret"],
            "grant_type": "client_credentials",
            "scope": f"{url}/.default",
        }
        self._connection.request("POST", f"/{credentials['tenantId']}/oauth2/v2.0/token", urlencode(form))
        self._bearer = f"Bearer {json.load(self._connection.getresponse())['access_token']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request below the resource group and returns the answer. Raises RuntimeError for a refusal."""
        version = "2023-05-01" if path else "2021-04-01"
        headers = {"Authorization": self._bearer, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        self._connection.request(method, f"{self._base}{path}?api-version={version}", content, headers)
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {text.decode()}")
        return json.loads(text)


READS: dict[str, Callable[[Client], Any]] = {
    "get": lambda client: client.call("GET", f"/{PROVIDER}/g5"),
    "list page": lambda client: client.call("GET", f"/{PROVIDER}"),
}


def measure(read: Callable[[Client], Any], clients: dict[int, Client]) -> dict[int, float]:
    """Returns the median milliseconds of a read by each client. They take turns, so that other work on the machine
    meets all alike."""
    durations: dict[int, list[float]] = {count: [] for count in clients}
    for _ in range(ROUNDS):
        for count, client in clients.items():
            started = time.perf_counter()
            read(client)
            durations[count].append(time.perf_counter() - started)
    return {count: statistics.median(each) * 1000 for count, each in durations.items()}


@contextmanager
def emulator(groups: int) -> Iterator[Client]:
    """Serves an emulator with so many groups, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="aci_emulator_") as folder:
        command = [sys.executable, "-m", "aci_emulator", "serve", "--state-dir", folder, "--runtime", "simulated"]
        command += ["--page-size", str(PAGE), "--provisioning-seconds", "0", "--pull-seconds", "0"]
        command += ["--limit", f"ContainerGroups={groups}", "--limit", f"StandardCores={groups}"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            if process.stdout is None or not (line := process.stdout.readline()).startswith("ready "):
                raise RuntimeError("the emulator did not start")
            client = Client(Path(folder), line.split()[1])
            client.call("PUT", "", {"location": "westus2"})
            started = time.perf_counter()
            for number in range(groups):
                client.call("PUT", f"/{PROVIDER}/g{number}", DEFINITION)
            print(f"{groups} groups: {(time.perf_counter() - started) / groups * 1000:.2f} ms a creation", flush=True)
            yield client
        finally:
            process.terminate()
            process.wait()


def run(groups: int) -> int:
    """Measures, prints a table, and returns the exit code."""
    with emulator(groups) as many, emulator(FEW) as few:
        time.sleep(2)  # until what was created runs
        results = {name: measure(read, {FEW: few, groups: many}) for name, read in READS.items()}
    print(f"{'':12}{FEW:>8} groups{groups:>8} groups   ratio")
    ratios = []
    for name, medians in results.items():
        ratios.append(medians[groups] / medians[FEW])
        print(f"{name:12}{medians[FEW]:>12.2f} ms{medians[groups]:>12.2f} ms{ratios[-1]:>8.2f}")
    return 0 if max(ratios) <= LIMIT else 1


def main() -> int:
    """Runs the benchmark from the command line."""
    parser = argparse.ArgumentParser(description="What reads cost the emulator with many container groups.")
    parser.add_argument("--groups", type=int, default=2000, help="how many are many (default: %(default)s)")
    return run(parser.parse_args().groups)


if __name__ == "__main__":
    sys.exit(main())
