# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Management locks, which protect resources against changes or deletion."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..arm.responses import JsonResponse
from ..core.store import Store

NAMESPACE = "Microsoft.Authorization"
TYPES = {"locks": ["2015-01-01", "2016-09-01", "2017-04-01", "2020-05-01"]}
_LOCKS = "locks"
_LEVELS = {"cannotdelete": "CanNotDelete", "readonly": "ReadOnly"}
_MARK = "/providers/microsoft.authorization/locks/"
_SUBSCRIPTION = "/subscriptions/{subscription}"


class Locks:
    """Locks on subscriptions, resource groups and resources, as ``az lock`` creates them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def check(self, method: str, scope: str) -> None:
        """Raises ArmError 409 if a lock forbids a request to change or delete the resource with the ID ``scope``.

        The locks of parent scopes apply as well, and for a deletion, those of child scopes.
        """
        if method not in ("PUT", "PATCH", "POST", "DELETE"):
            return
        word = "delete" if method == "DELETE" else "write"
        found = [lock for each in _with_parents(scope.lower()) for _, lock in self._store.list(_LOCKS, each + _MARK)]
        if method == "DELETE":
            found += [lock for _, lock in self._store.list(_LOCKS, scope.lower() + "/")]
        locked = sorted(
            {_scope_of(lock) for lock in found if word == "delete" or lock["properties"]["level"] == "ReadOnly"}
        )
        if locked:
            raise ArmError(
                409,
                "ScopeLocked",
                f"The scope '{scope}' cannot perform {word} operation because following scope(s) are locked: "
                f"'{','.join(locked)}'. Please remove the lock and try again.",
                gateway=True,
            )

    def all(self) -> list[dict[str, Any]]:
        """All locks in the form of a response, in the order of IDs."""
        return [lock for _, lock in self._store.list(_LOCKS)]

    def remove_below(self, scope: str) -> None:
        """Removes the locks of a deleted scope and of its child scopes."""
        for key, _ in self._store.list(_LOCKS, scope.lower() + "/"):
            self._store.delete(_LOCKS, key)

    def routes(self) -> list[BaseRoute]:
        """Returns the routes of locks at each scope."""
        found: list[BaseRoute] = []
        for scope in (_SUBSCRIPTION, _SUBSCRIPTION + "/{scope:path}"):
            collection = f"{scope}/providers/{NAMESPACE}/locks"
            found += [
                Route(collection, self.list),
                Route(collection + "/{name}", self.get),
                Route(collection + "/{name}", self.put, methods=["PUT"]),
                Route(collection + "/{name}", self.delete, methods=["DELETE"]),
            ]
        return found

    async def list(self, request: Request) -> Response:
        """Lists the locks of a scope and its parents, and of its children unless ``$filter`` is ``atScope()``."""
        scope = request.scope["path"].lower().partition(_MARK.rstrip("/"))[0]
        above = [lock for each in _with_parents(scope) for _, lock in self._store.list(_LOCKS, each + _MARK)]
        wanted = request.query_params.get("$filter", "").lower()
        if wanted not in ("", "atscope()"):
            raise ArmError(400, "InvalidFilterInQueryString", f"Invalid $filter '{wanted}'.", gateway=True)
        below = [] if wanted else [lock for _, lock in self._store.list(_LOCKS, scope + "/") if lock not in above]
        return JsonResponse({"value": [*above, *below]})

    async def get(self, request: Request) -> Response:
        """Shows a lock."""
        lock = self._store.get(_LOCKS, request.scope["path"].lower())
        if lock is None:
            raise ArmError(
                404, "LockNotFound", f"The lock '{request.path_params['name']}' could not be found.", gateway=True
            )
        return JsonResponse(lock)

    async def put(self, request: Request) -> Response:
        """Creates or changes a lock: ``{"properties": {"level": "CanNotDelete" or "ReadOnly", "notes"}}``."""
        properties = request.state.json.get("properties")
        level = properties.get("level") if isinstance(properties, dict) else None
        if not isinstance(level, str) or level.lower() not in _LEVELS:
            raise ArmError(
                400, "InvalidLockLevel", "The lock level must be one of 'CanNotDelete,ReadOnly'.", gateway=True
            )
        path = request.scope["path"]
        notes = properties.get("notes")
        shown: dict[str, Any] = {"level": _LEVELS[level.lower()]}
        if isinstance(notes, str):
            shown["notes"] = notes
        lock = {
            "properties": shown,
            "id": path,
            "type": f"{NAMESPACE}/locks",
            "name": request.path_params["name"],
        }
        existed = self._store.get(_LOCKS, path.lower()) is not None
        self._store.put(_LOCKS, path.lower(), lock)
        return JsonResponse(lock, status_code=200 if existed else 201)

    async def delete(self, request: Request) -> Response:
        """Removes a lock: 200, or 204 if there is none."""
        return Response(status_code=200 if self._store.delete(_LOCKS, request.scope["path"].lower()) else 204)


def _with_parents(scope: str) -> list[str]:
    """Returns an ID with those of its parent resource, resource group and subscription."""
    segments = scope.strip("/").split("/")
    lengths = [length for length in (2, 4, *range(8, len(segments), 2)) if length < len(segments)]
    return ["/" + "/".join(segments[:length]) for length in [*lengths, len(segments)]]


def _scope_of(lock: dict[str, Any]) -> str:
    path = str(lock["id"])
    return path[: path.lower().rindex(_MARK)]
