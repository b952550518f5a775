# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The files of a plan: written before anything is changed, and read again when it is to be applied."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..._common.errors import AciError, InvalidArguments
from ..._group.estate_plan import as_json, as_markdown, read_plan

LARGEST = 64 * 1024 * 1024
"""Bytes: no plan has more."""


def plan_paths(path: str) -> tuple[Path, Path]:
    """Where the JSON and the Markdown of a plan go. Raises InvalidArguments where nothing can go there."""
    given = Path(path).expanduser()
    if given.suffix not in (".json", ".md"):
        raise InvalidArguments(f"plan_file: {path} must end in .json or .md; the other file is written beside it.")
    if not given.parent.is_dir():
        raise InvalidArguments(f"plan_file: the folder {given.parent} does not exist; create it first.")
    return given.with_suffix(".json"), given.with_suffix(".md")


def write_plan(paths: tuple[Path, Path], plan: Mapping[str, Any]) -> None:
    """Writes both files, each at once. Raises AciError where that is impossible."""
    for path, content in zip(paths, (as_json(plan), as_markdown(plan)), strict=True):
        beside = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
        try:
            try:
                with beside.open("xb") as stream:
                    stream.write(content)
                os.replace(beside, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    beside.unlink()
                raise
        except OSError as error:
            raise AciError(
                f"plan_file: {path} cannot be written: {error.strerror}. Nothing was changed.", code="PlanUnwritable"
            ) from None


def applied_plan(path: str) -> dict[str, Any]:
    """The plan in a file. Raises InvalidArguments."""
    try:
        with Path(path).expanduser().open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise InvalidArguments(f"apply_plan: {path} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise InvalidArguments(f"apply_plan: {path} is too large for a plan.")
    return read_plan(content, path)
