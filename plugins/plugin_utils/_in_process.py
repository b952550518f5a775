# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The controller's entry point to an engine: an action plugin that does a module's work in the worker process itself.

A module's process costs a new interpreter, the import of the Azure SDK and a sign-in. The strategy plugins load a
task's action plugin in the main process before they fork the worker, so the imports at the top of this file happen
once per run. The plugin runs the engine itself if this makes no visible difference, and the module otherwise.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from ansible import constants as C  # noqa: N812 - its usual name in Ansible
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._azure.preloaded import HAS_SDK

# Tasks with an @ in any text need url_credentials. Here it is loaded once per run, not in each worker.
from ..module_utils._common import url_credentials  # noqa: F401 # pylint: disable=unused-import
from ..module_utils._common.display_text import display_line
from ..module_utils._common.errors import CredentialsError, InvalidArguments
from ..module_utils._common.masking import Masker
from ..module_utils._common.timestamps import timestamps_in
from ..module_utils._module import COLLECTION, REMOVAL, Context, ModuleSpec, collected_rarely
from ._clients import forget_client, run_files, shared_client
from ._plain import plain

ENVIRONMENT_PREFIXES = (
    "AZURE",
    "ANSIBLE_AZURE_",
    "ARM_",
    "IDENTITY_",
    "MSI_",
    "ACTIONS_",
    "SYSTEM_",
    "REQUESTS_",
    "CURL_",
    "SSL_",
)

SWITCH_VARIABLE = "aci_in_process"
SWITCH_ENVIRONMENT = "ANSIBLE_AZURE_ACI_IN_PROCESS"
PROGRESS_ENVIRONMENT = "ANSIBLE_AZURE_ACI_PROGRESS"

# A worker has no terminal, but the main process, which loads this file, may have one.
_TERMINAL = sys.stdout is not None and sys.stdout.isatty()


class InProcessAction(ActionBase):
    """Runs the engine of ``SPEC`` in this process if possible, otherwise the task's module."""

    SPEC: ModuleSpec

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the task, which is the same either way."""
        del tmp
        variables = task_vars or {}
        result: dict[str, Any] = super().run(None, variables)
        if (refused := self._refused_here(variables)) is not None:
            result.update(InvalidArguments(refused).as_failure(), failed=True)
        elif self._is_possible_here(variables):
            with collected_rarely():
                result.update(self._here(variables))
        else:
            # A module would get a string, and could not know that YAML had parsed a timestamp.
            result.update(self._refused_timestamps(variables) or self._by_module(variables))
        return result

    def _refused_here(self, _variables: Mapping[str, Any]) -> str | None:
        """Why the task must not run at all, for reasons that only the controller knows; None if it may run."""
        return None

    # -- choosing ----------------------------------------------------------------------------------------------------

    def _is_possible_here(self, variables: Mapping[str, Any]) -> bool:
        """Whether the work can be done in this process, and this is not switched off."""
        task = self._task
        if not HAS_SDK or task.async_val or self._play_context.become or self._connection.transport != "local":
            return False
        # If not set, it is a list with an empty dictionary.
        if any(task.environment or []):
            return False
        return self._is_switched_on(variables)

    def _is_switched_on(self, variables: Mapping[str, Any]) -> bool:
        value = variables.get(SWITCH_VARIABLE)
        name = f"The variable {SWITCH_VARIABLE}"
        if value is None:
            value, name = os.environ.get(SWITCH_ENVIRONMENT, ""), f"The environment variable {SWITCH_ENVIRONMENT}"
        else:
            value = self._templar.template(value)
        if value is None or value == "":
            # On macOS, HTTP is not safe after a fork without exec.
            return sys.platform != "darwin"
        try:
            return bool(boolean(value))
        except TypeError:
            raise AnsibleActionFail(f"{name} must be true or false, not {value}") from None

    def _by_module(self, variables: dict[str, Any]) -> dict[str, Any]:
        wrap_async = self._task.async_val and not self._connection.has_native_async
        result: dict[str, Any] = self._execute_module(
            module_name=self._task.action, task_vars=variables, wrap_async=wrap_async
        )
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    # -- in this process ---------------------------------------------------------------------------------------------

    def _here(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Does what the module would do, without AnsibleModule: checks options, runs the engine, masks the result."""
        args = plain(self._task.args)
        refused, deprecated = self.SPEC.checked(args, tuple(timestamps_in(self._task.args)))
        if refused is not None:
            return self._refusal(refused, args, variables)
        checked = _Checked(self.SPEC, args, str(self._task.action))
        checked.deprecations += [
            {"msg": text, "version": REMOVAL, "collection_name": COLLECTION} for text in deprecated
        ]
        masker = self.SPEC.masker(checked.params)
        warnings = list(checked.warnings)
        if checked.error is not None:
            result = {"failed": True, "msg": checked.error}
        elif self._task.check_mode and not self.SPEC.supports_check_mode:
            result = {"skipped": True, "msg": f"remote module ({self._task.action}) does not support check mode"}
        else:
            result = self._run_engine(checked.params, warnings, masker)
        if _shows_invocation(variables):
            result["invocation"] = {"module_args": self.SPEC.shown(checked.params)}
        if warnings:
            result["warnings"] = [masker.message(text) for text in dict.fromkeys(warnings)]
        if checked.deprecations:
            result["deprecations"] = checked.deprecations
        masked: dict[str, Any] = masker.result(plain(result))
        return masked

    def _refused_timestamps(self, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """The failed result of a task that has a timestamp where a string is expected, or None."""
        places = tuple(timestamps_in(self._task.args))
        if not places:
            return None
        args = plain(self._task.args)
        refused, _deprecated = self.SPEC.checked(args, places)
        return None if refused is None else self._refusal(refused, args, variables)

    def _refusal(self, refused: dict[str, Any], args: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """The failed result of a task whose options are wrong. Values that it quotes are masked already."""
        result = {"failed": True, **refused}
        if _shows_invocation(variables):
            result["invocation"] = {"module_args": self.SPEC.masker(args).result(self.SPEC.shown(args))}
        return result

    def _run_engine(self, params: dict[str, Any], warnings: list[str], masker: Masker) -> dict[str, Any]:
        context = Context(
            params=params,
            check_mode=bool(self._task.check_mode),
            diff_mode=bool(self._task.diff),
            client=shared_client(params),
            warn=lambda text: warnings.append(display_line(masker.message(text))),
            progress=lambda text: self._progress(masker.message(text)),
            masker=masker,
            cache=run_files(),
        )
        result, error = self.SPEC.attempt(context, self._display.verbosity)
        if isinstance(error, CredentialsError):
            # Another attempt reads files and environment again, as a module would.
            forget_client(params)
        return result

    def _progress(self, text: str) -> None:
        """Shows a line, but only if a person is likely to read it: programs parse the output as well."""
        if self._task.no_log:
            return
        if _TERMINAL or self._display.verbosity > 0 or _is_told_to_show():
            self._display.display(display_line(text), color=C.COLOR_VERBOSE)


def _is_told_to_show() -> bool:
    """Whether the user wants progress where it is not shown by default, as in the log of a pipeline."""
    try:
        return bool(boolean(os.environ.get(PROGRESS_ENVIRONMENT) or False))
    except TypeError:
        return False


class _Checked:
    """Options checked in the same way as by AnsibleModule.

    Only this class reads private attributes of Ansible's validator; a test checks them with each ansible-core.
    """

    def __init__(self, spec: ModuleSpec, args: dict[str, Any], name: str) -> None:
        found = ArgumentSpecValidator(spec.argument_spec(), **spec.rules()).validate(args)
        self.params: dict[str, Any] = found.validated_parameters
        self.warnings = [
            f"Both option {item['option']} and its alias {item['alias']} are set." for item in found._warnings
        ]
        self.deprecations: list[dict[str, Any]] = [dict(item) for item in found._deprecations]
        self.error: str | None = None
        if found.error_messages:
            self.error = str(found.errors.msg)
            if isinstance(found.errors[0], UnsupportedError):
                self.error = f"Unsupported parameters for ({name}) module: {self.error}"


def _shows_invocation(variables: Mapping[str, Any]) -> bool:
    """Whether modules return their options: newer versions of ansible-core have a setting, older ones always do."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except (AnsibleError, KeyError):
        return True
