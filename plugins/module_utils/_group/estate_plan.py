# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The plan of an estate as a document: JSON for programs, and Markdown for reviewers. Pure.

The same plan always gives the same bytes: everything is sorted, and there are no timestamps. Secrets were masked
before. Texts may come from the service or other untrusted sources, so the Markdown contains them only as code.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from .._common.display_text import display_line
from .._common.errors import InvalidArguments
from .._common.lifetime import EXPIRES_AT
from .costs import decimal_text
from .names import FINGERPRINT_TAG
from .plan import normal
from .schema import Effect, Kind, Property
from .tables import table_of
from .wire import ArmJson, element_key, get_path, read, without_server_fields

FORMAT: Final = 1
SKIPPED: Final = "Skipped"
"""The code of a group that is not begun, since another one fails."""

LONGEST_VALUE, LONGEST_SENTENCE = 200, 2000
"""The number of characters of a value and of a sentence in the Markdown; the JSON is not shortened."""

_QUIET = frozenset({Effect.TAGS.value, Effect.CONFIG_MAP.value, Effect.CREATE.value, Effect.DELETE.value})
_NEW_ADDRESS = frozenset({Effect.REDEPLOY.value, Effect.START.value})


# -- content -----------------------------------------------------------------------------------------------------------


def live_digest(live: ArmJson | None) -> str | None:
    """A digest of the live definition, which contains no secrets; None if the group does not exist."""
    if live is None:
        return None
    kept = without_server_fields(live, keep_ip=True)
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def outcome_digest(
    wire: ArmJson | None, *, has_ttl: bool, has_digests: bool, mask: Callable[[Any], Any] = lambda value: value
) -> str | None:
    """What tells definitions apart that mean different things, as far as a plan can know what it makes of a group.

    It is the same for the group as it was planned, and as it is read once that was done. What the service chooses by
    itself does not count: addresses, and the region where none is given. Nor does the time that a ``ttl`` makes, nor
    digests of images where the task writes them.
    """
    if wire is None:
        return None
    table = table_of(str(get_path(wire, "properties.osType") or "Linux"))
    options = read(table, wire)
    options.pop("location", None)
    if isinstance(options.get("ip_address"), dict):
        for name in ("ip", "fqdn"):
            options["ip_address"].pop(name, None)
    if has_digests:
        for container in (*(options.get("containers") or ()), *(options.get("init_containers") or ())):
            container["image"] = str(container.get("image")).partition("@")[0]
    own = {FINGERPRINT_TAG, EXPIRES_AT} if has_ttl else {FINGERPRINT_TAG}
    tags = {str(name).lower(): value for name, value in (wire.get("tags") or {}).items()}
    shown = {name: value for name, value in tags.items() if name not in own and not name.startswith("hidden-")}
    found = mask({"options": normal_form(table, options), "tags": shown})
    return hashlib.sha256(json.dumps(found, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def normal_form(prop: Property, value: Any) -> Any:
    """An option-form value as JSON that is equal for values that mean the same to the service, at any depth.

    Secrets are left out: they cannot be read back. Of a map of secrets, it says that there is one.
    """
    if prop.secret and prop.kind is not Kind.MAP:
        return None
    if prop.kind is Kind.OBJECTS and value:
        element_prop = replace(prop, kind=Kind.OBJECT)
        elements = [[list(element_key(prop, each)), normal_form(element_prop, each)] for each in value]
        return elements if prop.ordered else sorted(elements, key=lambda item: item[0])
    if prop.kind is Kind.OBJECT:
        parts = {child.option: normal_form(child, (value or {}).get(child.option)) for child in prop.children}
        defaults = {child.option: normal_form(child, None) for child in prop.children}
        return None if parts == defaults else {key: item for key, item in parts.items() if item is not None}
    return normal(prop, value)


def planned_changes(changes: Iterable[Mapping[str, Any]], ttl: str | None) -> list[dict[str, Any]]:
    """The changes of a group in the form of a plan: the expiry time is replaced by the time to live."""
    found = []
    for change in changes:
        entry = dict(change)
        if ttl is not None and str(entry.get("property")).lower() == f"tags[{EXPIRES_AT}]":
            entry["after"] = f"{ttl} after creation"
        found.append(entry)
    return sorted(found, key=lambda entry: (str(entry.get("property")), json.dumps(entry, sort_keys=True)))


def restarts(changes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the changes end or restart running containers."""
    return any(change.get("effect") not in _QUIET for change in changes)


def losses(changes: Iterable[Mapping[str, Any]], lost: Iterable[str]) -> list[str]:
    """What is lost by the changes, one phrase each."""
    found = list(lost)
    if not found and any(change.get("effect") in _NEW_ADDRESS for change in changes):
        found.append("perhaps its address")
    return found


def document(
    estate: str | None,
    subscription_id: str,
    groups: Iterable[Mapping[str, Any]],
    removed: Iterable[Mapping[str, Any]],
    least_seconds: float,
    currency: str,
) -> dict[str, Any]:
    """The plan. Groups are sorted by resource group and name."""
    groups, removed = _sorted(groups), _sorted(removed)
    actions: dict[str, int] = {}
    for group in groups:
        if group["error"] is None:
            actions[group["action"]] = actions.get(group["action"], 0) + 1
    return {
        "format": FORMAT,
        "estate": estate,
        "subscription_id": subscription_id,
        "summary": {
            "actions": dict(sorted(actions.items())),
            "removed": len(removed),
            "failed": sum(group["error"] is not None for group in groups),
            "restarts": sum(bool(group["restarts"]) for group in groups),
            "least_seconds": int(least_seconds),
            "currency": currency,
            **_costs(groups, removed),
        },
        "groups": groups,
        "removed": removed,
    }


def _sorted(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return sorted((dict(entry) for entry in entries), key=_key)


def _key(entry: Mapping[str, Any]) -> tuple[str, str]:
    return str(entry["resource_group"]).lower(), str(entry["name"]).lower()


def _costs(groups: Sequence[Mapping[str, Any]], removed: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """The cost of all groups per hour, before and after; None unless it is known for each group.

    While a group of the list fails, nothing is removed.
    """
    costs = [(group["cost"], "after" if group["error"] is None else "before") for group in groups]
    before = [None if cost is None else cost["before"]["hourly"] for cost, _side in costs]
    after = [None if cost is None else cost[side]["hourly"] for cost, side in costs]
    before += [each["hourly"] for each in removed]
    if any(group["error"] is not None for group in groups):
        after += [each["hourly"] for each in removed]
    return {"hourly_before": _sum(before), "hourly": _sum(after)}


def _sum(amounts: Sequence[str | None]) -> str | None:
    if not amounts or None in amounts:
        return None
    return decimal_text(sum((Decimal(str(amount)) for amount in amounts), Decimal(0)))


# -- JSON --------------------------------------------------------------------------------------------------------------


def as_json(plan: Mapping[str, Any]) -> bytes:
    """The plan as JSON, for programs."""
    return (json.dumps(plan, sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode()


def read_plan(content: bytes, path: str) -> dict[str, Any]:
    """Parses a plan that was written before. Raises InvalidArguments if it is not a plan."""
    try:
        plan = json.loads(content)
    except (ValueError, RecursionError):
        raise InvalidArguments(f"apply_plan: {path} is not JSON. Give the JSON file that plan_file wrote.") from None
    lists = [plan.get(name) for name in ("groups", "removed")] if isinstance(plan, dict) else [None]
    if not all(isinstance(each, list) and all(_is_entry(entry) for entry in each) for each in lists):
        raise InvalidArguments(f"apply_plan: {path} is not a plan. Give the JSON file that plan_file wrote.")
    if plan.get("format") != FORMAT:
        raise InvalidArguments(
            f"apply_plan: {path} was written by another release of the collection. Plan again with this one."
        )
    found: dict[str, Any] = plan
    return found


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in ("resource_group", "name"))


def by_key(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The entries of a plan by the keys of their groups."""
    return {_key(entry): entry for entry in entries}


def is_done(planned: Mapping[str, Any] | None, now: Mapping[str, Any], outcome: str | None) -> bool:
    """Whether a group is what the plan makes of it, so that nothing is left to do: the plan was applied before.

    ``outcome`` is the ``outcome_digest`` of the group as it is now. A plan of a release that did not write it down
    never counts as applied.
    """
    if planned is None or planned.get("error") or now["error"] or now["action"] != "none" or now["changes"]:
        return False
    if planned.get("action") == "deleted":
        return now["live"] is None
    return outcome is not None and planned.get("expected") == outcome


def differs(planned: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str | None:
    """Why the plan must not be applied to a group: it omits the group, or is outdated. None if it may be applied."""
    if planned is None:
        return "it is not in the plan"
    if planned.get("live") != now["live"]:
        return "its live definition has changed since the plan was made"
    if planned.get("action") != now["action"] or planned.get("changes") != now["changes"]:
        return "the task would now do something else than the plan says"
    return None


# -- Markdown ----------------------------------------------------------------------------------------------------------

_VERBS = {
    "created": "create",
    "deleted": "delete",
    "none": "leave alone",
    "recreated": "recreate",
    "repulled": "pull again",
    "restarted": "restart",
    "started": "start",
    "stopped": "stop",
    "tagged": "tag",
    "updated": "update",
}


def as_markdown(plan: Mapping[str, Any]) -> bytes:
    """The plan as Markdown, for people."""
    summary = plan["summary"]
    lines = [f"# Plan for {'estate ' + _code(plan['estate']) if plan['estate'] else 'container groups'}", ""]
    counts = [f"{number} to {_VERBS.get(action, action)}" for action, number in summary["actions"].items()]
    if summary["removed"]:
        counts.append(f"**{summary['removed']} to remove**, no longer in the list")
    lines.append(f"{', '.join(counts) or 'Nothing to do'}.")
    if summary["failed"]:
        kept = " Nothing is removed until that is fixed." if summary["removed"] else ""
        skipped = sum(_is_skipped(group) for group in plan["groups"])
        told = [f"{summary['failed'] - skipped} would fail", *([f"{skipped} would be skipped"] if skipped else [])]
        lines += ["", f"**{', '.join(told)}.**{kept}"]
    lines += ["", f"- Subscription: {_code(plan['subscription_id'])}"]
    lines += [*[f"- {fact}" for fact in _facts(summary)], ""]
    busy = [group for group in plan["groups"] if group["action"] != "none" or group["error"] is not None]
    if busy:
        lines += ["| group | action | restarts or ends | per hour before | after |", "|---|---|---|---|---|"]
        for group in busy:
            cost = group["cost"] or {}
            said = _said(group)
            sides = ("before", "after" if group["error"] is None else "")
            amounts = [cost.get(side, {}).get("hourly") or "" for side in sides]
            lines.append(f"| {_name(group)} | {said} | {'yes' if group['restarts'] else ''} | {' | '.join(amounts)} |")
        lines.append("")
    for group in busy:
        lines += _section(group)
    if plan["removed"]:
        lines += [
            "## Removed, as no longer in the list",
            "",
            "| group | owner | per hour |",
            "|---|---|---|",
        ]
        for each in plan["removed"]:
            owner = "" if each["owner"] is None else _code(each["owner"])
            lines.append(f"| {_name(each)} | {owner} | {each['hourly'] or ''} |")
        lines.append("")
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "backslashreplace")


def _facts(summary: Mapping[str, Any]) -> list[str]:
    found = [f"Groups whose containers restart or end: {summary['restarts']}"]
    if summary["hourly"] is not None and summary["hourly_before"] is not None:
        found.append(f"Per hour: {summary['hourly_before']} before, {summary['hourly']} after ({summary['currency']})")
    least = summary["least_seconds"]
    found.append(f"Minimum duration due to Azure's limits: {least} s" if least else "Azure's limits cause no delay")
    return found


def _is_skipped(group: Mapping[str, Any]) -> bool:
    return group["error"] is not None and group["error"]["code"] == SKIPPED


def _may_recreate(group: Mapping[str, Any]) -> bool:
    """Whether the service decides if an update needs a recreation."""
    unsure = any(change["effect"] == Effect.UNKNOWN.value for change in group["changes"])
    return group["action"] == "updated" and unsure


def _said(group: Mapping[str, Any]) -> str:
    """What is done with a group, in a word or two."""
    if group["error"] is not None:
        return "skipped" if _is_skipped(group) else "**fails**"
    verb = _VERBS.get(group["action"], group["action"])
    return f"{verb}, or recreate" if _may_recreate(group) else verb


def _section(group: Mapping[str, Any]) -> list[str]:
    lines = [f"## {_name(group)}", ""]
    error = group["error"]
    if error is not None:
        begin = "**Skipped**" if _is_skipped(group) else f"**Fails** with {_code(error['code'])}"
        lines += [f"{begin}: {_code(error['msg'], LONGEST_SENTENCE)}", ""]
    if group["changes"] and group["action"] != "created":
        lines += ["| property | before | after | effect |", "|---|---|---|---|"]
        for change in group["changes"]:
            sides = [
                {} if change[side] is None else _leaves(change["property"], change[side])
                for side in ("before", "after")
            ]
            for path in sides[1] | sides[0] or {change["property"]: None}:
                cells = [_code(path), *[_value(side.get(path)) for side in sides]]
                lines.append(f"| {' | '.join(cells)} | {_plain(change['effect'])} |")
        lines.append("")
    elif group["changes"]:
        lines += ["| property | value |", "|---|---|"]
        for change in group["changes"]:
            lines += [
                f"| {_code(path)} | {_value(value)} |"
                for path, value in _leaves(change["property"], change["after"]).items()
            ]
        lines.append("")
    lost = "Lost if it has to be recreated" if _may_recreate(group) else "Lost"
    secrets = group.get("secrets_not_compared", ()) if group["changes"] and error is None else ()
    for title, texts in (
        # What fails loses nothing.
        (lost, group["lost"] if error is None else ()),
        ("Doubt", group["doubts"]),
        ("Not verified", group["unverified"]),
        ("Secret, sent without being compared", secrets),
    ):
        lines += [f"- {title}: {_code(text, LONGEST_SENTENCE)}" for text in texts]
    if lines[-1]:
        lines.append("")
    return lines


def _name(entry: Mapping[str, Any]) -> str:
    return _code(f"{entry['resource_group']}/{entry['name']}")


def _value(value: Any) -> str:
    if value is None:
        return "*not set*"
    return _code(value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False))


def _leaves(path: str, value: Any) -> dict[str, Any]:
    """The single values in a value, by their paths as in ``changes``: ``containers[web].resources.requests.cpu``.

    A list of strings or numbers is one value. The key of a list element is only in its path.
    """
    parts: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        said = next((keys for keys, label in _labels(value) if path.endswith(f"[{label}]")), ())
        parts = [(f"{path}.{name}", item) for name, item in sorted(value.items()) if name not in said]
    elif isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        labels = [next((label for _keys, label in _labels(item)), str(index)) for index, item in enumerate(value)]
        parts = [(f"{path}[{label}]", item) for label, item in zip(labels, value, strict=True)]
    found: dict[str, Any] = {}
    for where, item in parts:
        for leaf, inner in _leaves(where, item).items():
            # Two elements may have one name.
            names = itertools.chain([leaf], (f"{leaf} ({number})" for number in itertools.count(2)))
            found[next(name for name in names if name not in found)] = inner
    return found or {path: value}


def _labels(element: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What an element of a list may be called by in a path: the keys of that, and the text."""
    if isinstance(element.get("port"), int) and "name" not in element:
        yield ("port", "protocol"), f"{element['port']}/{element.get('protocol') or 'TCP'}"
    for key in ("name", "mount_path", "server", "id"):
        if isinstance(element.get(key), str):
            yield (key,), element[key]


def _plain(text: Any) -> str:
    return re.sub(r"[^a-z ]", "", str(text).replace("_", " "))


def _code(value: Any, longest: int = LONGEST_VALUE) -> str:
    """Untrusted text as inline code in one line of Markdown, from which its content cannot escape."""
    text = display_line(str(value)).replace("\t", " ")
    if len(text) > longest:
        text = text[:longest] + "…"
    # Even within code, a pipe ends a table's cell unless it is escaped; the backslash is not shown.
    text = text.replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if not text.strip() or text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
