# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the emulator with many container groups beside few: starts, creations, lists, reads and the page for people.

Usage: ``python bench/emulator_scale.py [--groups 10000]`` with the interpreter that has aci-emulator installed.
Creating as many takes a minute or two. Exit code 1 if a goal is missed.
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

FEW = 1000  # a full page of a list, so that only the number of other groups differs
CREATED = 500  # creations that are measured, the last ones
LIMIT = 2.0  # times as long as with few
SECONDS = {"start": 1.0, "page for people": 0.2}
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

    def call(self, method: str, path: str, body: Any = None, query: str = "") -> Any:
        """Sends a request below the resource group and returns the answer. Raises RuntimeError for a refusal."""
        version = "2023-05-01" if path else "2021-04-01"
        headers = {"Authorization": self._bearer, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        query = query or f"api-version={version}"
        self._connection.request(method, f"{self._base}{path}?{query}", content, headers)
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {text.decode()}")
        return json.loads(text)

    def listed(self) -> int:
        """Reads the whole list and returns how many groups it has."""
        count, path = 0, f"/{PROVIDER}"
        answer = self.call("GET", path)
        while True:
            count += len(answer["value"])
            if "nextLink" not in answer:
                return count
            answer = self.call("GET", path, query=urlsplit(answer["nextLink"]).query)

    def enter(self, link: str) -> str:
        """Follows a link to the pages for people and returns the cookie that opens them."""
        url = urlsplit(link)
        self._connection.request("GET", f"{url.path}?{url.query}")
        response = self._connection.getresponse()
        response.read()
        return response.headers["Set-Cookie"].partition(";")[0]

    def page(self, cookie: str) -> None:
        """Reads the first page for people."""
        self._connection.request("GET", "/emulator/", headers={"Cookie": cookie})
        response = self._connection.getresponse()
        if response.status != 200 or not response.read():
            raise RuntimeError(f"the page for people: {response.status}")


class Served:
    """An emulator with so many groups, in a folder that outlives its process."""

    def __init__(self, folder: Path, groups: int) -> None:
        self.groups = groups
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.client = self.start()
        self.client.call("PUT", "", {"location": "westus2"})
        durations = []
        for number in range(groups):
            started = time.perf_counter()
            self.client.call("PUT", f"/{PROVIDER}/g{number}", DEFINITION)
            durations.append(time.perf_counter() - started)
        self.creation = statistics.median(durations[-CREATED:])

    def start(self) -> Client:
        """Serves, and returns a new client once the emulator is ready."""
        command = [sys.executable, "-m", "aci_emulator", "serve", "--state-dir", str(self._folder)]
        command += ["--runtime", "simulated", "--provisioning-seconds", "0", "--pull-seconds", "0"]
        command += ["--limit", f"ContainerGroups={self.groups}", "--limit", f"StandardCores={self.groups}"]
        process = self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if process.stdout is None or not (line := process.stdout.readline()).startswith("ready "):
            raise RuntimeError("the emulator did not start")
        self._url = line.split()[1]
        return Client(self._folder, self._url)

    def stop(self) -> None:
        """Ends the process; its groups stay in the folder."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def again(self) -> float:
        """Stops and starts; returns how many seconds the start took, the sign-in of the new client included."""
        self.stop()
        started = time.perf_counter()
        self.client = self.start()
        return time.perf_counter() - started

    def cookie(self) -> str:
        """What opens the pages for people. Makes a new client: the first one's connection may have been idle long."""
        self.client = Client(self._folder, self._url)
        command = [sys.executable, "-m", "aci_emulator", "open", "--state-dir", str(self._folder)]
        printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        return self.client.enter(next(word for word in printed.split() if word.startswith("https://")))


def taken(read: Callable[[], Any]) -> float:
    """Returns the seconds that something takes."""
    started = time.perf_counter()
    read()
    return time.perf_counter() - started


@contextmanager
def emulator(groups: int) -> Iterator[Served]:
    """Serves an emulator with so many groups, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="aci_emulator_") as folder:
        served = Served(Path(folder), groups)
        try:
            yield served
        finally:
            served.stop()


def in_turns(measure: Callable[[Served], float], rounds: int, *emulators: Served) -> list[float]:
    """Returns the median of each. They take turns, so that load on the machine affects all of them equally."""
    durations = [[measure(each) for each in emulators] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*durations, strict=True)]


def run(groups: int) -> int:
    """Measures, prints a table, and returns the exit code."""
    with emulator(FEW) as few, emulator(groups) as many:
        cookies = {each: each.cookie() for each in (few, many)}
        each_group = {each: 1.0 / each.groups for each in (few, many)}
        results = {
            "creation": [few.creation, many.creation],
            "get": in_turns(lambda each: taken(lambda: each.client.call("GET", f"/{PROVIDER}/g5")), 200, few, many),
            "page of a list": in_turns(
                lambda each: taken(lambda: each.client.call("GET", f"/{PROVIDER}")), 10, few, many
            ),
            "list, a group": in_turns(lambda each: taken(each.client.listed) * each_group[each], 5, few, many),
            "page for people": in_turns(lambda each: taken(lambda: each.client.page(cookies[each])), 5, few, many),
            "start": in_turns(Served.again, 3, few, many),
        }
    print(f"{'':18}{FEW:>8} groups{groups:>8} groups   ratio   goal")
    missed = []
    for name, (before, after) in results.items():
        goal = f"{SECONDS[name]:g} s" if name in SECONDS else f"{LIMIT:g} x"
        met = after <= SECONDS[name] if name in SECONDS else after <= LIMIT * before
        line = f"{name:18}{before * 1000:>12.2f} ms{after * 1000:>12.2f} ms{after / before:>8.2f}   {goal}"
        print(f"{line} {'met' if met else 'MISSED'}")
        missed += [name] * (not met)
    return 1 if missed else 0


def main() -> int:
    """Runs the benchmark from the command line."""
    parser = argparse.ArgumentParser(description="What many container groups cost the emulator.")
    parser.add_argument("--groups", type=int, default=10_000, help="how many are many (default: %(default)s)")
    return run(parser.parse_args().groups)


if __name__ == "__main__":
    sys.exit(main())
