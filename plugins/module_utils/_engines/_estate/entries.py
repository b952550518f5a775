# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The entries of aci_groups: each one the options of an aci_group task, checked as that module checks them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..._common.errors import AciError, InvalidArguments
from ..._common.mistakes import search
from ..._common.price_options import COST_ARGUMENTS
from ..._group.estate import Key, label, merged
from ..._group.names import check_names
from ..._module import Context
from .. import aci_group

MOST_REFUSED = 5
"""Of how many entries the mistakes are told at a time."""

ENTRY: Final = aci_group.SPEC._replace(
    arguments={
        **{name: option for name, option in aci_group.SPEC.arguments.items() if name not in COST_ARGUMENTS},
        "after": {"type": "list", "elements": "str"},
    },
)
"""What an entry says: the options of aci_group except those of its costs, which the task has for all, and ``after``."""


@dataclass(frozen=True)
class Entry:
    """One entry: where it stands, and the options of its aci_group task with all defaults."""

    where: str
    params: dict[str, Any]
    after: tuple[str, ...]

    @property
    def key(self) -> Key:
        """What names the group. With a definition, its name is known once that was read."""
        return str(self.params["resource_group"]).lower(), str(self.params["name"]).lower()


def checked_entries(context: Context) -> list[Entry]:
    """The entries of the task. Raises InvalidArguments, which names those that are wrong."""
    defaults = context.params["defaults"] or {}
    if isinstance(defaults, Mapping) and "after" in defaults:
        raise InvalidArguments(
            "defaults: after is not a default; set it in the entries of groups that must wait for others."
        )
    found: list[Entry] = []
    refused: list[InvalidArguments] = []
    alike: dict[str, Entry] = {}
    for index, given in enumerate(context.params["groups"]):
        where = _where(index, given)
        options = merged(defaults, given)
        # Many groups differ in nothing but their names, and the check of one takes longer than all else about it.
        name = options.get("name")
        key = json.dumps({**options, "name": None}, sort_keys=True) if isinstance(name, str) else None
        try:
            if key is not None and key in alike:
                check_names({"name": name})
                found.append(Entry(where, {**alike[key].params, "name": name}, alike[key].after))
                continue
            found.append(checked_entry(context, options, where))
            if key is not None:
                alike[key] = found[-1]
        except InvalidArguments as error:
            refused.append(named(error, where))
    if refused:
        more = len(refused) - MOST_REFUSED
        told = [error.msg for error in refused[:MOST_REFUSED]]
        if more > 0:
            told.append(f"{more} more {'entry is' if more == 1 else 'entries are'} invalid.")
        raise InvalidArguments(" ".join(told))
    return found


def checked_entry(context: Context, options: Mapping[str, Any], where: str) -> Entry:
    """The options of an entry, converted and with all defaults. Raises InvalidArguments as aci_group would."""
    mistakes = search(ENTRY.arguments, options)
    if mistakes.mistakes or mistakes.texts_as_lists:
        from ..._group.remedies import deprecation, refusal

        if mistakes.mistakes:
            raise refusal(mistakes.mistakes, ENTRY.arguments, context.masker.message)
        for each in mistakes.texts_as_lists:
            context.warn(f"{where}: {deprecation(each, context.masker.message)}")
    checked = ArgumentSpecValidator(ENTRY.arguments, **ENTRY.rules()).validate(dict(options))
    if checked.error_messages:
        raise InvalidArguments(f"{'. '.join(checked.error_messages)}.")
    params: dict[str, Any] = checked.validated_parameters
    after = tuple(params.pop("after") or ())
    check_names(params)
    return Entry(where, params, after)


def check_once(entries: list[Entry]) -> None:
    """Raises InvalidArguments for two entries of one group."""
    seen: dict[Key, str] = {}
    for entry in entries:
        if entry.key in seen:
            both = f"{seen[entry.key]} and {entry.where}"
            raise InvalidArguments(f"{both} both define the container group {label(entry.key)}; keep one of them.")
        seen[entry.key] = entry.where


def named(error: InvalidArguments, where: str) -> InvalidArguments:
    """An error of one entry's options that says which entry it is."""
    error.msg = error.message = f"{where}: {error.msg}"
    return error


def _where(index: int, given: Mapping[str, Any]) -> str:
    name = given.get("name")
    return f"groups[{index}] ({name})" if isinstance(name, str) and name else f"groups[{index}]"


def as_result(error: AciError) -> dict[str, Any]:
    """What a failure that belongs to one group adds to the group's result."""
    from ..._common.masking import shown, without_credentials

    failure = error.as_failure()
    msg = without_credentials(str(failure.pop("msg")))
    return {**failure, "error": {**shown(failure["error"]), "msg": msg}}
