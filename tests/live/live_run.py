# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find out where the emulator and Azure differ, on an Azure of one's own.

    make test-live                                     looks, says what it will make, what that costs at most, asks
    make test-live OPTIONS="--location northeurope"    in another region
    make test-live OPTIONS="--only life --yes"         one probe, without a question
    make test-live OPTIONS="--only aci_exec"           one integration target
    make test-live OPTIONS="--clean"                   only removes what earlier runs of this checkout have left

It signs in as DefaultAzureCredential does, and works in AZURE_SUBSCRIPTION_ID. `aci-emulator record` writes down what
it asks the resource manager and what that answers, without names and secrets, beside the report. Exit code 0 if all
was played, whatever probes saw; 1 if a probe or a target failed; 2 if it did not begin; 3 if something is left.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import secrets
import signal
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import requests
from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential

import live_preflight as preflight
import live_report as report
from live_client import Arm, GaveUp
from live_plan import IMAGES, TAG, Plan, Registry, Seen
from live_preflight import Item
from live_probes import PROBES, Refused
from live_removal import GROUPS, Journal, remove, remove_groups
from live_targets import NOT_PLAYED, PASSWORD, PLAIN_PROXY, PLAYED, ROOT, USERNAME, Target, play

FOLDER = ROOT / ".build" / "live"
PUBLIC = "https://management.azure.com"
FAILED, NOT_BEGUN, LEFT = 1, 2, 3
TROUBLE = (OSError, AzureError)  # a connection that breaks, a sign-in that is refused
RUN = "ACI_TEST_LIVE_RUN"  # the id of the run that this process is, once it is recorded


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make test-live", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--yes", action="store_true", help="begin without a question")
    parser.add_argument(
        "--max-cost",
        type=_dollars,
        metavar="USD",
        help="do not begin if the run could cost more, or if that cannot be told",
    )
    parser.add_argument("--location", default="westeurope", help="region to work in (default: %(default)s)")
    parser.add_argument(
        "--resource-group", metavar="NAME", help="resource group that is there, to work in (default: one of its own)"
    )
    parser.add_argument(
        "--tags",
        action="append",
        default=[],
        type=_tag,
        metavar="NAME=VALUE",
        help="tag for all that is made, where a policy asks for one (repeatable)",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        type=_name,
        metavar="NAME",
        help=f"play this one alone: a probe ({', '.join(probe.name for probe in PROBES)}), an integration target "
        f"({', '.join(target.name for target in PLAYED)}), or all of them: probes, targets (repeatable)",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help=f"play what costs more, too: {', '.join(target.name for target in PLAYED if target.extra)}",
    )
    parser.add_argument(
        "--registry",
        type=_server,
        metavar="SERVER",
        help=f"private registry to pull all images from, with the user in {USERNAME} and {PASSWORD}; it must have "
        + ", ".join(image.partition("/")[2] for image in IMAGES.values()),
    )
    parser.add_argument(
        "--subnet",
        type=_subnet,
        metavar="ID",
        help="ID of a subnet, delegated to container groups, to put all groups into: none gets a public address then",
    )
    parser.add_argument("--clean", action="store_true", help="remove what earlier runs have left, and make nothing")
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, metavar="DIR", help="where reports go (default: .build/live)"
    )
    return parser


def main() -> int:
    options = make_parser().parse_args()
    subscription = os.environ.get("AZURE_SUBSCRIPTION_ID")
    if not subscription:
        print("AZURE_SUBSCRIPTION_ID names no subscription to work in", file=sys.stderr)
        return NOT_BEGUN
    registry = None
    if options.registry and not options.clean:
        username, password = os.environ.get(USERNAME), os.environ.get(PASSWORD)
        if not username or not password:
            print(f"{USERNAME} and {PASSWORD} must hold a user of {options.registry} and the password", file=sys.stderr)
            return NOT_BEGUN
        registry = Registry(options.registry, username, password)
    run = os.environ.get(RUN)
    if run is None and not options.clean:
        _become_recorded(options.folder, secrets.token_hex(4))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with connect(subscription) as arm:
        try:
            return Live(options, arm, run or secrets.token_hex(4), registry).run()
        except TROUBLE as error:
            print(f"Azure cannot be asked: {error}", file=sys.stderr)
            return NOT_BEGUN


def _become_recorded(folder: Path, run: str) -> NoReturn:
    """Becomes the command that records, which runs this program again as that run. Ctrl-C reaches both."""
    program = Path(sys.executable).with_name("aci-emulator")
    # Whoever has set this for the way to Azure has the same one on it now.
    ca = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    record = [str(program), "record", "--to", str(folder / run / "recording"), *(["--upstream-ca", ca] if ca else [])]
    command = [*record, "--", sys.executable, *sys.argv]
    plain = os.environ.get("http_proxy") or os.environ.get("HTTP_PROXY") or ""
    os.execve(program, command, {**os.environ, RUN: run, PLAIN_PROXY: plain})


@contextlib.contextmanager
def connect(subscription: str, **more: Any) -> Iterator[Arm]:
    """The resource manager of the environment, signed in to on the first request."""
    url = os.environ.get("AZURE_RESOURCE_MANAGER_ENDPOINT") or PUBLIC
    with requests.Session() as session, DefaultAzureCredential() as credential:
        yield Arm(url, subscription, lambda: credential.get_token(f"{url}/.default").token, session, **more)


class Live:
    """One run: what was asked for, and what is in progress."""

    def __init__(self, options: argparse.Namespace, arm: Arm, run: str, registry: Registry | None = None) -> None:
        self._options = options
        self._arm = arm
        self._existing = options.resource_group is not None
        group = options.resource_group or f"aci-live-{run}"
        self._plan = Plan(run, options.location, group, dict(options.tags), registry, options.subnet or "")
        self._items = _chosen(options.only, extra=options.all)
        self._logs = options.folder / f"{run}-output"
        self._journal = Journal(options.folder / "unfinished.json")
        self._seen = Seen()

    def run(self) -> int:
        """Returns the exit code of the process."""
        left = self._clean_up_earlier()
        if self._options.clean:
            return LEFT if left else 0
        misfits = {each.name: each.misfit(self._plan, existing=self._existing) for each in self._items}
        self._leave_out({name: reason for name, reason in misfits.items() if reason})
        found = preflight.check(self._arm, self._plan, self._items, existing=self._existing)
        for note in found.notes:
            print(f"note: {note}")
        for problem in found.problems:
            print(f"problem: {problem}", file=sys.stderr)
        if found.problems:
            return NOT_BEGUN
        self._leave_out({name: f"denied by policy {policy}" for name, policy in found.denied.items()})
        if not self._items:
            print("nothing is left to try", file=sys.stderr)
            return NOT_BEGUN
        cost = preflight.most(self._plan, self._items, _prices(self._plan.location))
        if not self._agreed(found.subscription, cost):
            return NOT_BEGUN
        left += self._play()
        folder = self._options.folder / self._plan.run
        folder.mkdir(parents=True, exist_ok=True)
        names = [each.name for each in self._items]
        text = report.markdown(self._plan, self._seen, names, left, _text(cost))
        (folder / "report.md").write_text(text)
        positions = {name: seen[0] for name, seen in self._seen.positions.items()}
        (folder / "positions.json").write_text(json.dumps(positions, indent=2) + "\n")
        print(text)
        print(f"The report and the recording are in {folder}. Read both, the recording with")
        print(f"    aci-emulator record --review {folder / 'recording'}")
        print(
            "and attach the folder to an issue. What else differs from an emulator that runs, and by which switch, says"
        )
        print(f"    aci-emulator replay {folder / 'recording'}")
        if left:
            return LEFT
        return FAILED if self._seen.failures else 0

    def _clean_up_earlier(self) -> list[str]:
        """Removes what earlier runs of this checkout have left in this subscription."""
        left: list[str] = []
        for run, place in self._journal.runs().items():
            if place["subscription"] != self._arm.subscription:
                continue
            print(f"removing what run {run} has left in {place['resource_group']}", flush=True)
            remains = remove(self._arm, run, place["resource_group"])
            left += remains
            if not remains:
                self._journal.end(run)
        for each in left:
            print(f"left: {each}", file=sys.stderr)
        return left

    def _leave_out(self, reasons: dict[str, str]) -> None:
        for name, reason in reasons.items():
            print(f"skipped: {name}: {reason}")
            self._seen.skipped.append(f"{name}: {reason}")
        self._items = [each for each in self._items if each.name not in reasons]

    def _agreed(self, subscription: str, cost: Decimal | None) -> bool:
        plan = self._plan
        print(f"In subscription {subscription}, {plan.location}:")
        if not self._existing:
            print(f"  resource group {plan.resource_group}")
        for item in self._items:
            print(f"  {item.name}: {item.what}")
        print(f"Everything has the tag {TAG}={plan.run}, and is removed at the end. It costs {_text(cost)} at most.")
        for item in self._items:
            if isinstance(item, Target) and item.endless:
                groups = ", ".join(f"aci-{plan.run}-{name}" for name in item.endless)
                print(f"If this machine dies, these groups of {item.name} run until they are removed: {groups}")
        most = self._options.max_cost
        if most is not None and (cost is None or cost > most):
            print(f"that is more than --max-cost {most}, or cannot be told: nothing was made", file=sys.stderr)
            return False
        if self._options.yes:
            return True
        try:
            agreed = input("Begin? [y/N] ").strip().lower() in ("y", "yes")
        except EOFError:
            agreed = False
        if not agreed:
            print("nothing was made", file=sys.stderr)
        return agreed

    def _play(self) -> list[str]:
        """Plays everything, and removes all that they have made, whatever happened. Returns what is left."""
        plan = self._plan
        self._journal.begin(plan.run, self._arm.subscription, plan.resource_group)
        left: list[str] = []
        try:
            if not self._existing:
                made = self._arm.ask(
                    "PUT",
                    f"resourceGroups/{plan.resource_group}",
                    {"location": plan.location, "tags": plan.all_tags},
                    version=GROUPS,
                )
                if not made.ok:
                    self._seen.failures.append(f"the resource group was refused: {made}")
                    return left
            for item in self._items:
                self._play_one(item)
        except KeyboardInterrupt:
            print("interrupted: removing what was made (once more leaves it for the next run)", file=sys.stderr)
            self._seen.failures.append("interrupted")
        except TROUBLE as error:
            self._seen.failures.append(str(error))
        finally:
            left += self._remove()
        return left

    def _play_one(self, item: Item) -> None:
        print(f"{item.name}: {item.what}", flush=True)
        try:
            if isinstance(item, Target):
                self._play_target(item)
            else:
                item.play(self._arm, self._plan, self._seen)
        except (Refused, GaveUp, *TROUBLE) as error:
            print(f"  failed: {error}", file=sys.stderr)
            self._seen.failures.append(f"{item.name}: {error}")

    def _play_target(self, target: Target) -> None:
        log = self._logs / f"{target.name}.log"
        outcome = play(target, self._plan, self._arm.subscription, log)
        failure = self._seen.targets[target.name] = outcome.failure
        self._seen.tasks[target.name] = outcome.skipped
        if failure:
            print(f"  failed: {failure}; its output is in {log}", file=sys.stderr)
            self._seen.failures.append(f"{target.name}: {failure}")
        # Before the next one, which may look at everything in the resource group. What stays is tried again at the end.
        for each in remove_groups(self._arm, self._plan.run, self._plan.resource_group):
            print(f"  {each}", file=sys.stderr)

    def _remove(self) -> list[str]:
        try:
            left = remove(self._arm, self._plan.run, self._plan.resource_group)
        except (KeyboardInterrupt, *TROUBLE) as error:
            left = [f"what has the tag {TAG}={self._plan.run} ({type(error).__name__}): make test-live OPTIONS=--clean"]
        if not left:
            self._journal.end(self._plan.run)
        for each in left:
            print(f"left: {each}", file=sys.stderr)
        return left


def _prices(location: str) -> list[dict[str, Any]]:
    """The rows of the Retail Prices API for a region; none where it cannot be asked."""
    from ansible_collections.azure_containers.aci.plugins.module_utils._azure import retail_prices
    from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
    from ansible_collections.azure_containers.aci.plugins.module_utils._common.price_options import PRICE_ARGUMENTS
    from ansible_collections.azure_containers.aci.plugins.module_utils._common.retry import Retries
    from ansible_collections.azure_containers.aci.plugins.module_utils._common.run_cache import MemoryCache

    endpoint = PRICE_ARGUMENTS["prices_endpoint"]["default"]
    prices = retail_prices.RetailPrices({}, endpoint, "USD", Retries(), MemoryCache())
    try:
        return prices.rows(location.replace(" ", "").lower())
    except AciError as error:
        print(f"note: prices could not be read: {error}")
        return []
    finally:
        prices.close()


def _text(cost: Decimal | None) -> str:
    return "an unknown amount" if cost is None else f"{cost} USD"


def _chosen(only: list[str], *, extra: bool) -> list[Item]:
    """What is played: all but what costs more, or what was asked for."""
    everything: list[Item] = [*PROBES, *PLAYED]
    kinds = {"probes": {each.name for each in PROBES}, "targets": {each.name for each in PLAYED if not each.extra}}
    wanted = {name for each in only or kinds for name in kinds.get(each, {each})}
    wanted |= {each.name for each in PLAYED if each.extra and extra}
    return [each for each in everything if each.name in wanted]


def _name(text: str) -> str:
    names = ["probes", "targets", *(each.name for each in (*PROBES, *PLAYED))]
    if text in NOT_PLAYED:
        raise argparse.ArgumentTypeError(f"{text} is not played on Azure: {NOT_PLAYED[text]}")
    if text not in names:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(names)}, not {text!r}")
    return text


def _server(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?", text):
        raise argparse.ArgumentTypeError(f"must be the host of a registry, such as mine.azurecr.io, not {text!r}")
    return text


def _subnet(text: str) -> str:
    name = r"[A-Za-z0-9_.()-]+"
    network = rf"providers/Microsoft\.Network/virtualNetworks/{name}/subnets/{name}"
    if not re.fullmatch(rf"/subscriptions/{name}/resourceGroups/{name}/{network}", text, re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"must be the ID of a subnet, /subscriptions/.../subnets/NAME, not {text!r}")
    return text


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"must be an amount such as 0.50, not {text!r}")
    return amount


def _tag(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not re.fullmatch(r"[^<>%&\\?/]{1,512}", name):
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, not {text!r}")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
