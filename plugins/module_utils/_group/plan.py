# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Plans the changes that make a live container group match the task. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .._common.errors import InvalidArguments
from .._common.masking import MASK, shown
from .._common.telling_names import says_secret
from .changes import Change
from .names import FINGERPRINT_TAG
from .schema import GROUP, Effect, Kind, Property
from .state import every_container, is_finished
from .wire import (
    ArmJson,
    carried_secrets,
    comparable,
    drop_path,
    element_key,
    element_label,
    get_path,
    merged,
    missing_secrets,
    overlay,
    placeholders,
    put_body,
    read,
    set_path,
)

if TYPE_CHECKING:  # a module is compiled for every task, and few tasks need these imports
    from .preflight import Unverified
    from .validation import Finding


class TagPolicy(NamedTuple):
    """How the task's tags are combined with those of the live group."""

    purge: bool = False
    ignore: tuple[str, ...] = ("hidden-*",)


class Plan(NamedTuple):
    """How to get from the live group (or none) to the desired one."""

    action: str
    """none, created, tagged, updated or recreated."""
    changes: list[Change]
    body: ArmJson
    """The complete body of a PUT. It contains secrets, and must never be shown."""
    desired: ArmJson
    """The group as it will be read, with what the server has written so far. It contains secrets as well."""
    missing_secrets: Sequence[str] = ()
    """Secrets of the live group that the task does not give, and that a PUT would therefore remove."""
    secrets_not_compared: Sequence[str] = ()
    """Secrets that the task gives, and that cannot be compared because the service does not return them."""
    doubts: Sequence[Finding] = ()
    """Documented limits that the body exceeds; set when the plan is checked."""
    lost: Sequence[str] = ()
    """What a recreation would lose, one phrase each; set if the group is about to be recreated."""
    unverified: Sequence[Unverified] = ()
    """Possible reasons for the create of a recreation to fail that could not be checked before the delete."""
    probe: dict[str, Any] | None = None
    """What a test of the new definition before a recreation needs; None if there is no test."""

    def __repr__(self) -> str:
        """Nothing of what it contains, since that includes secrets."""
        return "Plan(...)"

    def with_effect(self, effect: Effect) -> list[Change]:
        """The changes with this effect."""
        return [change for change in self.changes if change.effect is effect]

    @property
    def put_changes(self) -> list[Change]:
        """The changes that need more than a PATCH of the tags."""
        return [change for change in self.changes if change.effect is not Effect.TAGS]

    @property
    def runs_anew(self) -> bool:
        """Whether the changes restart the containers, so that a new run begins."""
        return any(change.effect not in (Effect.TAGS, Effect.CONFIG_MAP) for change in self.changes)


def same(prop: Property, before: Any, after: Any) -> bool:
    """Whether two option-form values of a property mean the same to the service."""
    return bool(normal(prop, before) == normal(prop, after))


def normal(prop: Property, value: Any) -> Any:
    """A value normalised so that values are equal if the service treats them so; None if it equals a missing value."""
    if value is None:
        value = prop.default
    if prop.kind is Kind.MARKER:
        return None if value is None else "present"
    if prop.secret:
        return None if value is None else "secret"
    if value is None or value in ([], {}):
        return None
    if prop.kind is Kind.OBJECT:
        parts = {child.option: normal(child, value.get(child.option)) for child in prop.children}
        given = {key: item for key, item in parts.items() if item is not None}
        defaults = {child.option: normal(child, None) for child in prop.children if normal(child, None) is not None}
        return None if given == defaults else given
    if prop.kind is Kind.OBJECTS:
        elements = [(element_key(prop, element), element) for element in value]
        return elements if prop.ordered else sorted(elements, key=lambda item: item[0])
    if prop.kind is Kind.MAP:
        return {comparable(prop, key): item for key, item in value.items()}
    if prop.kind in (Kind.TEXTS, Kind.RAW_TEXTS, Kind.KEYS):
        texts = [comparable(prop, item) for item in value]
        return texts if prop.ordered else sorted(texts)
    if prop.kind in (Kind.INTEGER, Kind.NUMBER) and isinstance(value, (int, float)):
        return float(value)
    if prop.kind in (Kind.TEXT, Kind.RAW_TEXT):
        return comparable(prop, value)
    return value


def differences(prop: Property, before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """The changes between two option-form values of a property, each as deep as there is a clear path for it."""
    if prop.secret and prop.kind is not Kind.MAP:
        return
    if prop.kind is Kind.OBJECT and isinstance(before, dict) and isinstance(after, dict):
        for child in prop.children:
            child_path = f"{path}.{child.option}" if path else child.option
            yield from differences(child, before.get(child.option), after.get(child.option), child_path)
    elif prop.kind is Kind.OBJECTS:
        yield from _element_differences(prop, before or [], after or [], path)
    elif not same(prop, before, after):
        yield _change(prop, path, before, after)


def _element_differences(
    prop: Property, before: list[dict[str, Any]], after: list[dict[str, Any]], path: str
) -> Iterator[Change]:
    element_prop = replace(prop, kind=Kind.OBJECT)
    old, hidden = _by_key(prop, before)
    new, still_hidden = _by_key(prop, after)
    for element in hidden:
        # The service accepts the same name twice; giving it once removes the other element.
        if element not in still_hidden:
            yield _change(element_prop, f"{path}[{element_label(prop, element)}]", element, None)
    for key, element in old.items():
        label = f"{path}[{element_label(prop, element)}]"
        if key not in new:
            yield _change(element_prop, label, element, None)
        else:
            yield from differences(element_prop, element, new[key], label)
    for key, element in new.items():
        if key not in old:
            yield _change(element_prop, f"{path}[{element_label(prop, element)}]", None, element)
    if prop.ordered:
        common_before = {key: element_label(prop, element) for key, element in old.items() if key in new}
        common_after = {key: element_label(prop, element) for key, element in new.items() if key in old}
        if list(common_before) != list(common_after):
            yield Change(path, [*common_before.values()], [*common_after.values()], prop.effect)


def _by_key(
    prop: Property, elements: list[dict[str, Any]]
) -> tuple[dict[tuple[str, ...], dict[str, Any]], list[dict[str, Any]]]:
    """The elements by key, and the elements that are hidden by a later one with the same key."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    hidden = []
    for element in elements:
        key = element_key(prop, element)
        if key in found:
            hidden.append(found[key])
        found[key] = element
    return found, hidden


def _change(prop: Property, path: str, before: Any, after: Any) -> Change:
    from .wire_secrets import masked  # a module is compiled for every task, and few tasks have a change

    return Change(path, masked(prop, before), masked(prop, after), prop.effect, prop.default)


class Wanted(NamedTuple):
    """What a task asks for. It contains secrets, and must never be shown."""

    options: Mapping[str, Any]
    """The properties in option form, including ``tags``; None means "not given"."""
    definition: ArmJson | None = None
    """A complete definition (wire form), over which the options are laid."""
    extra_properties: Mapping[str, Any] | None = None
    """Properties that are merged into ``properties`` unchanged."""
    tags: TagPolicy = TagPolicy()
    update_secrets: str = "with_changes"
    """with_changes, always or fingerprint."""
    fingerprint_key: str = ""
    profile: bool = False
    """Whether this is a container group profile instead of a group."""
    images: Mapping[str, str] = MappingProxyType({})
    """Images with digests, by container name, that replace the given ones."""

    def __repr__(self) -> str:
        """Nothing of what it contains, since that includes secrets."""
        return "Wanted(...)"


def make_plan(live: ArmJson | None, wanted: Wanted) -> Plan:
    """Compares a live group (wire form, None if it does not exist) with what the task asks for.

    Raises InvalidArguments for values that cannot be sent, and for an export's placeholders that were not replaced.
    """
    given = wanted.options
    group = _table(_os_type(live, wanted), wanted.profile)
    desired = _desired(group, live, wanted)
    left = placeholders(desired)
    if left and live is not None:
        # If the live group contains it already, this task does not change anything about it.
        left = [path for path in left if path not in placeholders(live)]
    if left:
        raise InvalidArguments(
            f"{', '.join(left)}: still a placeholder of an export, or the mask of a result; replace it with the secret."
        )
    given_tags = given.get("tags")
    if given_tags is None and wanted.definition is not None:
        given_tags = wanted.definition.get("tags")
    live_tags = (live or {}).get("tags")
    new_tags = dict(live_tags or {})
    if given_tags is not None:
        from .tags import resulting_tags

        new_tags = resulting_tags(live_tags, given_tags, wanted.tags.purge, wanted.tags.ignore)
    if new_tags or live_tags is not None or given_tags is not None:
        desired["tags"] = new_tags
    if live is not None and get_path(live, "identity.type") and not desired.get("identity"):
        desired["identity"] = {"type": "None"}  # if it were omitted, the service would keep the identity
    # Only a private address can be requested; public ones are assigned by the service.
    keep_ip = get_path(desired, "properties.ipAddress.ip") is not None and any(
        get_path(source, path) is not None
        for source, path in ((given, "ip_address.ip"), (wanted.definition, "properties.ipAddress.ip"))
    )

    carried = carried_secrets(desired)
    if live is None:
        from .tags import tag_changes
        from .wire_secrets import masked

        body = put_body(_with_fingerprint(desired, wanted, carried), keep_ip)
        after = masked(group, read(group, body))
        created = [Change(option, None, value, Effect.CREATE) for option, value in after.items()]
        created += [change._replace(effect=Effect.CREATE) for change in tag_changes({}, new_tags)]
        return Plan("created", created, body, desired, missing_secrets(desired, new=True))

    changes = list(differences(group, read(group, live), read(group, desired)))
    changes += _extra_changes(live, desired, wanted.extra_properties or {}, "extra_properties")
    if wanted.definition is not None:
        from .plan_definition import network_profile_changes

        changes += network_profile_changes(live, wanted.definition)
    changes += _secret_changes(live, desired, wanted, carried)
    changes = _as_one_put(changes, is_finished(live))
    if changes:
        desired = _with_fingerprint(desired, wanted, carried)
    if new_tags != (live_tags or {}):
        from .tags import tag_changes

        changes += tag_changes(live_tags, new_tags)
    body = put_body(desired, keep_ip)
    return Plan(_action(changes), changes, body, desired, missing_secrets(desired), carried)


def _as_one_put(changes: list[Change], finished: bool) -> list[Change]:
    """The changes with their combined effect: if one restarts the containers, the others are part of the same PUT."""
    alone = not finished and all(change.effect is Effect.CONFIG_MAP for change in changes)
    carried = (Effect.IN_PLACE,) if alone else (Effect.IN_PLACE, Effect.CONFIG_MAP)
    effect = Effect.REDEPLOY if finished else Effect.IN_PLACE
    return [change._replace(effect=effect) if change.effect in carried else change for change in changes]


def _table(os_type: str, profile: bool) -> Property:
    if not profile and os_type.lower() != "windows":
        return GROUP
    from .tables import table_of  # a module is compiled for every task, and few tasks need this import

    return table_of(os_type, profile)


def _os_type(live: ArmJson | None, wanted: Wanted) -> str:
    """The operating system of the desired group."""
    for given in (
        wanted.options.get("os_type"),
        get_path(wanted.definition, "properties.osType"),
        get_path(live, "properties.osType"),
    ):
        if given:
            return str(given)
    return "Linux"


def _desired(group: Property, live: ArmJson | None, wanted: Wanted) -> ArmJson:
    """The desired group, including secrets."""
    base = live
    if wanted.definition is not None:
        from .plan_definition import base_of

        base = base_of(group, live, wanted.definition)
    options = dict(wanted.options)
    options.pop("tags", None)
    desired = overlay(group, base, options)
    address = get_path(desired, "properties.ipAddress")
    if isinstance(address, dict) and not _is_private(desired):
        # Exports and responses contain a public address, but nobody can choose one. The group's current public address
        # may be sent back; a private one would not be valid for a group with a public address.
        drop_path(desired, "properties.ipAddress.ip")
        if (ip := get_path(live, "properties.ipAddress.ip")) and not _is_private(live):
            address["ip"] = ip
    scope = "properties.ipAddress.autoGeneratedDomainNameLabelScope"
    if live is not None and not get_path(desired, "properties.ipAddress.dnsNameLabel") and not get_path(live, scope):
        drop_path(desired, scope)  # without a label the service drops it, so it would always differ
    if get_path(live, "properties.confidentialComputeProperties"):
        from .confidential import check_policy

        check_policy(live, desired)
    if wanted.extra_properties:
        desired["properties"] = merged(desired.get("properties"), wanted.extra_properties)
    for container, _init in every_container(desired):
        if image := wanted.images.get(str(container.get("name"))):
            set_path(container, "properties.image", image)
    return desired


def _is_private(group: ArmJson | None) -> bool:
    return str(get_path(group, "properties.ipAddress.type") or "").lower() == "private"


def _extra_changes(live: Any, desired: Any, extra: Mapping[str, Any], path: str) -> list[Change]:
    before, after = get_path(live, "properties"), get_path(desired, "properties")
    return [
        Change(
            f"{path}.{name}",
            shown({name: (before or {}).get(name)}, says_secret)[name],
            shown({name: (after or {}).get(name)}, says_secret)[name],
            Effect.UNKNOWN,
        )
        for name in extra
        if (before or {}).get(name) != (after or {}).get(name)
    ]


def _secret_changes(live: ArmJson, desired: ArmJson, wanted: Wanted, carried: list[str]) -> list[Change]:
    """Secrets that ``update_secrets`` asks to send even if nothing else differs."""
    if not carried or wanted.update_secrets == "with_changes":
        return []
    if wanted.update_secrets == "fingerprint":
        from .fingerprint import matches

        if matches((live.get("tags") or {}).get(FINGERPRINT_TAG), desired, wanted.fingerprint_key):
            return []
    return [Change("secrets", MASK, f"{MASK} ({', '.join(carried)})", Effect.IN_PLACE)]


def _with_fingerprint(desired: ArmJson, wanted: Wanted, carried: list[str]) -> ArmJson:
    """The group with the fingerprint of the secrets that are about to be sent, in place of an old one."""
    tags = {name: value for name, value in (desired.get("tags") or {}).items() if name != FINGERPRINT_TAG}
    if wanted.update_secrets == "fingerprint" and carried:
        from .fingerprint import fingerprint

        tags[FINGERPRINT_TAG] = fingerprint(desired, wanted.fingerprint_key)
    if not tags and desired.get("tags") is None:
        return desired
    return {**desired, "tags": tags}


def _action(changes: Sequence[Change]) -> str:
    effects = {change.effect for change in changes}
    if not effects:
        return "none"
    if effects == {Effect.TAGS}:
        return "tagged"
    return "recreated" if Effect.RECREATE in effects else "updated"
