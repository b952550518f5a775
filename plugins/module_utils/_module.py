# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""An engine's context, a module's description, and the module's entry point to its engine."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible.module_utils.basic import AnsibleModule

from ._azure.arguments import CONNECTION_ARGUMENTS
from ._azure.client import Client, connect
from ._common.display_text import display_line, display_text
from ._common.errors import AciError
from ._common.interpreter import RARELY
from ._common.masking import SHORT, Masker, may_have_credentials, no_log_texts, shown_options, texts_of
from ._common.mistakes import broken_rules, search
from ._common.retry import Retries
from ._common.run_cache import MemoryCache, RunCache
from ._group.names import check_names

if TYPE_CHECKING:  # a module is compiled for every task, and few tasks need this import
    from ._common.entries import Entries

SHORT_SECRET = (
    f"A secret of this task is shorter than {SHORT} characters. In the output it is masked only where it is a whole "
    "value; see the guide on secrets."
)

COLLECTION = "azure_containers.aci"
REMOVAL = "2.0.0"
"""The release that removes what is deprecated."""


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Look for garbage rarely while thousands of groups are made, of which none is garbage."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _silent(_message: str) -> None:
    """Discards a message."""


@dataclass(eq=False, repr=False)
class Context:
    """All that an engine gets: it does not know whether a module or an action plugin called it.

    It contains secrets, so it has no representation.

    ``progress`` shows a line during the work, where output is visible. ``masker`` removes the task's secrets; the entry
    points apply it to everything that they show. ``cache`` keeps what other tasks of the run can use. ``sleep`` and
    ``monotonic`` (seconds) exist for tests. ``retries`` says for how long to retry while the service does not answer.
    """

    params: dict[str, Any]
    check_mode: bool
    diff_mode: bool
    client: Client
    warn: Callable[[str], None] = _silent
    progress: Callable[[str], None] = _silent
    masker: Masker = field(default_factory=Masker)
    cache: RunCache = field(default_factory=MemoryCache)
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    retries: Retries = field(init=False)

    def __post_init__(self) -> None:
        timeout = self.params.get("wait_timeout")
        seconds = None if timeout is None else float(timeout)
        self.retries = Retries(self.sleep, self.monotonic, self.progress, seconds)


class ModuleSpec(NamedTuple):
    """What both entry points need to know about a module. ``arguments`` excludes the connection options."""

    name: str
    arguments: dict[str, Any]
    run: Callable[[Context], dict[str, Any]]
    required_if: Sequence[Any] = ()
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_together: Sequence[Sequence[str]] = ()
    required_by: Mapping[str, Any] = MappingProxyType({})
    supports_check_mode: bool = True
    hidden: Sequence[str] = ()
    """no_log options that are hidden, but whose values may appear in the output, such as a command's input."""
    file_secrets: Callable[[Mapping[str, Any]], Iterable[str]] | None = None
    """Finds the secrets in files that the options name, whether or not the options are valid."""
    entries: Entries | None = None

    def argument_spec(self) -> dict[str, Any]:
        """All options of the module, including the connection options."""
        return {**CONNECTION_ARGUMENTS, **self.arguments}

    def masker(self, params: Mapping[str, Any]) -> Masker:
        """A masker for the secrets in these options, whether or not they are valid."""
        return Masker(self.secrets(params))

    def secrets(self, params: Mapping[str, Any]) -> set[str]:
        """The secrets in these options, whether or not they are valid."""
        # Definitions and entries contain much that is not secret: below, only their secrets are collected.
        within = () if self.entries is None else self.entries.options
        kept = ("definition", *self.hidden, *within)
        spec = {name: option for name, option in self.argument_spec().items() if name not in kept}
        found = set(no_log_texts(spec, params))
        looked = (value for name, value in params.items() if name not in (*self.hidden, *within))
        open_texts = (text for value in looked for text in texts_of(value))
        for text in open_texts:
            if may_have_credentials(text):
                from ._common.url_credentials import credentials_in

                found.update(credentials_in(text))
        if any(params.get(name) for name in ("definition", "definition_file", "extra_properties")):
            from ._group.task_definition import given_secrets

            found |= given_secrets(params)
        if self.file_secrets is not None:
            found.update(self.file_secrets(params))
        if self.entries is not None:
            found |= self.entries.secrets(params)
        return found

    def shown(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The options as the result shows them, without those that are always secret."""
        result = shown_options(self.argument_spec(), params)
        if params.get("definition") is not None or params.get("extra_properties") is not None:
            from ._group.task_definition import shown_definition, shown_extra

            for name, of in (("definition", shown_definition), ("extra_properties", shown_extra)):
                if params.get(name) is not None and name in self.arguments:
                    result[name] = of(params[name])
        for name in () if self.entries is None else self.entries.options:
            if params.get(name) is not None and self.entries is not None:
                result[name] = self.entries.shown(params[name])
        return result

    def checked(
        self, params: Mapping[str, Any], timestamps: Sequence[Sequence[str | int]] = ()
    ) -> tuple[dict[str, Any] | None, list[str]]:
        """The failed result, masked, if the raw options of a task are wrong, or None; and deprecation messages.

        ``timestamps`` are the places where YAML parsed a timestamp; ``params`` has strings there.
        """
        arguments = self.argument_spec()
        found = search(arguments, params)
        if timestamps:
            from ._common.timestamps import timestamp_mistakes

            found.mistakes[:0] = timestamp_mistakes(arguments, params, timestamps)
        broken = []
        if all(mistake.kind == "missing" for mistake in found.mistakes):
            broken = list(broken_rules(arguments, self.rules(), params))
        if not found.mistakes and not found.texts_as_lists and not broken:
            return None, []
        from ._group.remedies import deprecation, refusal

        mask = self.masker(params).message
        if found.mistakes or broken:
            return refusal(found.mistakes, arguments, mask, broken).as_failure(), []
        return None, [deprecation(each, mask) for each in found.texts_as_lists]

    def perform(self, context: Context) -> dict[str, Any]:
        """Run the engine. Raises AciError."""
        check_names(context.params)
        context.client.begin_task(context.retries)
        return self.run(context)

    def attempt(self, context: Context, verbosity: int) -> tuple[dict[str, Any], AciError | None]:
        """The engine's result. If it failed, this is the failed result, with the error if it is an AciError."""
        if context.masker.has_short:
            context.warn(SHORT_SECRET)
        try:
            return self.perform(context), None
        except AciError as error:
            return {"failed": True, **context.masker.failure(error.as_failure())}, error
        except Exception as error:  # noqa: BLE001 - its message may contain a secret, so it must be masked
            result = {"failed": True, "msg": display_text(f"Unexpected failure: {type(error).__name__}: {error}")}
            if verbosity >= 3:
                result["exception"] = display_text(traceback.format_exc())
            return context.masker.failure(result), None

    def rules(self) -> dict[str, Any]:
        """The rules on combinations of options, in the form that AnsibleModule and Ansible's validator expect."""
        return {
            "required_if": [tuple(rule) for rule in self.required_if],
            "mutually_exclusive": [list(names) for names in self.mutually_exclusive],
            "required_one_of": [list(names) for names in self.required_one_of],
            "required_together": [list(names) for names in self.required_together],
            "required_by": dict(self.required_by),
        }


class _Module(AnsibleModule):
    """AnsibleModule with the collection's own masking, which already applies to errors about options.

    Ansible's masking removes the value of a ``no_log`` option from every string: a port from an address, a state from
    the result, words from a sentence.
    """

    def __init__(self, spec: ModuleSpec) -> None:
        self._aci_spec = spec
        self._aci_masker: Masker | None = None
        super().__init__(
            argument_spec=spec.argument_spec(), supports_check_mode=spec.supports_check_mode, **spec.rules()
        )

    @property
    def masker(self) -> Masker:
        """The masker for the options, created once."""
        if self._aci_masker is None:
            self._aci_masker = self._aci_spec.masker(self.params)
        return self._aci_masker

    def _set_internal_properties(self, *args: Any, **kwargs: Any) -> None:
        """Check the options. Once Ansible has removed its internal ones, they are the user's, not yet validated."""
        super()._set_internal_properties(*args, **kwargs)
        refused, deprecated = self._aci_spec.checked(self.params)
        if refused is not None:
            # The values that the message quotes are masked already; its own words must not be masked.
            super().fail_json(**refused, **self._without_secrets({}))
        for text in deprecated:
            self.deprecate(text, version=REMOVAL, collection_name=COLLECTION)

    def exit_json(self, **kwargs: Any) -> None:
        """End with a result from which secrets are removed."""
        super().exit_json(**self._without_secrets(kwargs))

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        """End with a failure from which secrets are removed."""
        super().fail_json(**self._without_secrets({"msg": msg, **kwargs}))

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Leave the result as it is: a path in it may be a container's, and Ansible would look for it on this host."""
        return kwargs

    def log(self, msg: str, log_args: Mapping[str, Any] | None = None) -> None:
        """Write to the system log, masked. Ansible itself logs the options there."""
        if log_args is not None:
            log_args = {name: str(value) for name, value in self._shown_options().items()}
            msg = "Invoked with " + " ".join(f"{name}={value}" for name, value in log_args.items())
        super().log(self.masker.message(msg), log_args=log_args)

    def _without_secrets(self, result: dict[str, Any]) -> dict[str, Any]:
        self.no_log_values: set[str] = set()
        return {**self.masker.result(result), "invocation": {"module_args": self._shown_options()}}

    def _shown_options(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.masker.result(self._aci_spec.shown(self.params))
        return shown


def run_module(spec: ModuleSpec) -> None:
    """The module's entry point: read the options, run the engine, and end the process with its result."""
    module = _Module(spec)
    masker = module.masker
    # `_diff` and `_verbosity` have no public names; ansible-core's own modules read them as well.
    context = Context(
        params=module.params,
        check_mode=module.check_mode,
        diff_mode=bool(module._diff),
        client=connect(module.params),
        warn=lambda text: module.warn(display_line(masker.message(text))),
        masker=masker,
    )
    # Not within an exception handler: older versions of ansible-core would add its traceback to the result.
    result, _error = spec.attempt(context, module._verbosity)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
