# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private: may change at any time. Not for use outside of this collection.

"""What an engine is given, what is known of a module, and the module's door to its engine."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ._arguments import CONNECTION_ARGUMENTS
from ._client import Client, connect
from ._display_text import display_line
from ._errors import AciError
from ._masking import narrowed
from ._names import check_names


def _silent(_message: str) -> None:
    """Tell nobody."""


@dataclass
class Context:
    """What an engine works with: it knows neither the module nor the action plugin that called it.

    ``progress`` shows a line to a person while the work goes on, where somebody can see it. ``sleep`` and
    ``monotonic`` (seconds) are there for tests.
    """

    params: dict[str, Any]
    check_mode: bool
    diff_mode: bool
    client: Client
    warn: Callable[[str], None] = _silent
    progress: Callable[[str], None] = _silent
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class ModuleSpec:
    """What both doors need to know of a module. ``arguments`` are its own options, without the connection's."""

    name: str
    arguments: dict[str, Any]
    run: Callable[[Context], dict[str, Any]]
    required_if: Sequence[Any] = ()
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_together: Sequence[Sequence[str]] = ()
    required_by: dict[str, Any] = field(default_factory=dict)
    supports_check_mode: bool = True
    broad_secrets: Sequence[str] = ()
    """no_log options that hold much besides secrets: only what ``texts_to_mask`` finds in them is masked."""
    texts_to_mask: Callable[[dict[str, Any]], set[str]] | None = None

    def argument_spec(self) -> dict[str, Any]:
        """All options of the module, the connection's included."""
        return {**CONNECTION_ARGUMENTS, **self.arguments}

    def secrets(self, values: Collection[str], params: dict[str, Any]) -> set[str]:
        """The texts to take out of the output: ``values``, which Ansible found, narrowed to what is secret in them."""
        if self.texts_to_mask is None:
            return set(values)
        try:
            found = self.texts_to_mask(params)
        except AciError:
            # The engine will say what is wrong with the options; until then, all of them are kept secret.
            return set(values)
        return narrowed(values, self.argument_spec(), params, self.broad_secrets, found)

    def perform(self, context: Context) -> dict[str, Any]:
        """Run the engine. Raises AciError."""
        check_names(context.params)
        return self.run(context)

    def rules(self) -> dict[str, Any]:
        """What goes together, in the form that AnsibleModule and Ansible's validator take."""
        return {
            "required_if": [tuple(rule) for rule in self.required_if],
            "mutually_exclusive": [list(names) for names in self.mutually_exclusive],
            "required_one_of": [list(names) for names in self.required_one_of],
            "required_together": [list(names) for names in self.required_together],
            "required_by": self.required_by,
        }


def run_module(spec: ModuleSpec) -> None:
    """The module's door: read the options, run the engine, and end the process with its result."""
    # The process lives for one task, and most of its life is imports, in which there is next to nothing to collect.
    gc.set_threshold(100_000)
    module = AnsibleModule(
        argument_spec=spec.argument_spec(), supports_check_mode=spec.supports_check_mode, **spec.rules()
    )
    module.no_log_values = spec.secrets(module.no_log_values, module.params)
    # `_diff` has no public name; every module of ansible-core that supports diff mode reads it.
    context = Context(
        params=module.params,
        check_mode=module.check_mode,
        diff_mode=bool(module._diff),
        client=connect(module.params),
        warn=lambda text: module.warn(display_line(text)),
    )
    failure: dict[str, Any] | None = None
    result: dict[str, Any] = {}
    try:
        result = spec.perform(context)
    except AciError as error:
        failure = error.as_failure()
    # Not while the exception is handled: older cores would add its traceback to the result.
    if failure is not None:
        module.fail_json(**failure)
    module.exit_json(**result)
