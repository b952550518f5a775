# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_run module: runs containers to completion, collects their output, and removes them."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from .._azure.operation import Operation
from .._common.cut_logs import begun
from .._common.errors import AciError, AzureError, InvalidArguments, Refused
from .._common.lifetime import EXPIRES_AT, duration, expiry, has_expired, is_kept, moment, stamp
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group import state as states
from .._group.doubts import explain
from .._group.facts import group_facts
from .._group.own_tags import RUN_TAG
from .._group.plan import Plan, Wanted, make_plan
from .._group.problems import blocker
from .._group.schema import group_arguments
from .._group.validation import Finding
from .._group.verdicts import Verdict
from .._group.wire import ArmJson, get_path
from .._module import Context, ModuleSpec
from .._reconcile.attempts import Attempts
from .._reconcile.blockers import BlockerTimer
from .._reconcile.checks import GroupChecks
from .._reconcile.failure_logs import add_logs, failure_logs, failures_of
from .._reconcile.probe_failures import ProbeFailures
from .._reconcile.run_log import LOG_SECONDS, RunLog, may_be_cut
from .._reconcile.saved_logs import LogSaver, read_log
from .._reconcile.task import GroupTask, check_log_lines
from .._reconcile.waits import GroupWaits
from .._reconcile.writes import GroupWrites
from . import aci_group

CLEANUP_SECONDS = 300.0
"""Maximum time for removing a group, independent of the time that the run took."""

QUIET_SECONDS = 15.0
"""Seconds without a log line after which a progress line shows that the group is still running."""

MAYBE_RUNNING = "Its containers may still be running"
"""Why a group that cannot be read is left in place."""

UNREAD = "The service still has what could not be read"
"""Why a group whose containers have ended is left in place if some of its logs could not be read."""

_RUNNABLE = ("containers", "container_group_profile")

# Options of aci_group that differ from its defaults, for a group that is only created and waited for.
_GROUP_PARAMS: dict[str, Any] = {"ignore_tags": [], "wait_for": "completed"}

# This engine reads all logs itself, so an error of the group task need not read any.
_NO_LOGS = {"failure_log_lines": 0}


def arguments() -> dict[str, Any]:
    """The options of the module, without the connection options."""
    of_group = aci_group.arguments()
    shared = (
        "resource_group",
        "name",
        "tags",
        "allowed_exit_codes",
        "definition",
        "definition_file",
        "definition_variables",
        "extra_properties",
        "validation",
        "api_version",
        "image_pull_timeout",
        "max_restarts",
        "save_logs",
        "provisioning_attempts",
        "failure_log_lines",
    )
    options = {name: of_group[name] for name in shared}
    return {
        **options,
        **group_arguments(),
        "wait_timeout": {"type": "int", "default": 3600},
        "cleanup": {"type": "str", "default": "always", "choices": ["always", "on_success", "never"]},
        "on_unreadable": {"type": "str", "default": "leave", "choices": ["leave", "remove"]},
        "stream": {"type": "bool", "default": True},
        "run_id": {"type": "str"},
        "ttl": {"type": "str"},
    }


class Ending(NamedTuple):
    """The outcome of the containers, and the group that shows it."""

    verdict: Verdict
    live: ArmJson


@dataclass
class Run:
    """One run. ``task`` is the corresponding task of aci_group, whose waits and writes this class combines."""

    context: Context
    task: GroupTask
    run_id: str
    lifetime: datetime.timedelta
    expires_at: str = ""
    exists: bool = False
    """Whether this run's group may exist: true from just before the PUT is sent."""
    reading: bool = False
    """Whether an error would come from reading the group, as opposed to writing it."""
    swept: list[dict[str, Any]] = field(default_factory=list)
    logs: dict[str, RunLog] = field(default_factory=dict)
    refused: dict[str, AzureError] = field(default_factory=dict)
    spoken: float = 0.0
    shown_state: str = ""
    doubts: Sequence[Finding] = ()
    seen: ArmJson | None = None
    """The group as it was last read while watching it."""

    def __post_init__(self) -> None:
        self.waits = GroupWaits(self.task)
        self.writes = GroupWrites(self.task, self.waits)
        self.attempts = Attempts(self.task, self.writes, self.say)
        self.saver = LogSaver(self.context)

    @property
    def params(self) -> dict[str, Any]:
        """The module's options."""
        return self.context.params

    # -- running -----------------------------------------------------------------------------------------------------

    def run(self) -> dict[str, Any]:
        """Creates the group, waits until its containers have ended, and removes it."""
        task = self.task
        self.saver.check_folder()
        live = self.existing()
        plan = None
        if live is None:
            wanted = task.wanted
            if wanted.definition is None and not any(wanted.options.get(name) for name in _RUNNABLE):
                raise InvalidArguments(
                    "containers is required: without any, there is nothing to run. "
                    "Write containers: [{name: job, image: 'busybox:1.36'}]."
                )
            plan = GroupChecks(task).checked(make_plan(None, self.completed()), None)
            self.doubts = plan.doubts
        else:
            self.exists = True
            self.expires_at = expiry(live.get("tags")) or ""
        if self.context.check_mode:
            wire = live if plan is None else task.with_identity(plan.desired)
            if wire is not None and self.params["cleanup"] != "never":
                read = None if plan is None else lambda _container: None
                self.saver.save(task.resource_group, task.name, wire, read)
            nothing: dict[str, Any] = {"containers": [], "exit_codes": {}, "removed": False, "left_behind": None}
            return {"changed": True, **self.known(wire), **nothing}
        self.sweep()
        try:
            if plan is not None:
                new = plan
                ending = self.attempts.run(lambda: self.provisioned(new), self.is_own)
            else:
                self.say(f"Resuming {task.what}, run {self.run_id}")
                self.reading = True
                ending = self.watch(None)
        except BaseException as error:
            if isinstance(error, AzureError):
                explain(error, self.doubts)
            self.fail(error, self.seen)
            raise
        return self.finish(ending.verdict, ending.live)

    def provisioned(self, plan: Plan) -> Ending:
        """Creates the group and waits until its containers have ended."""
        self.seen, self.reading = None, False
        with self.writes.subnet_locks(plan):
            self.say(f"Creating {self.task.what}, run {self.run_id}")
            self.exists = True
            operation = self.writes.put(plan, self.is_there)
        self.reading = True
        return self.watch(operation)

    def existing(self) -> ArmJson | None:
        """The group of this run if an earlier attempt left it, or None. Refuses any other group of that name."""
        try:
            live = self.context.client.get_group(self.task.resource_group, self.task.name)
        except AzureError as error:
            if error.code != "ResourceGroupNotFound" or not self.context.check_mode:
                raise
            return None
        if live is None or self.is_own(live):
            return live
        if self.is_leftover(live):
            if not self.context.check_mode:
                self.say(f"Removing {self.task.what}, left by an earlier run")
                self.saver.save(self.task.resource_group, self.task.name, live)
                self.writes.delete(wait=True)
                self.note_swept(live)
            return None
        tags = live.get("tags") or {}
        whose = f"It belongs to run {tags[RUN_TAG]}" if tags.get(RUN_TAG) else "No run created it"
        if expiry(tags):
            whose += f", and it may be removed after {expiry(tags)}"
        raise Refused(
            f"The {self.task.what} already exists. {whose}. Use another name, or remove it with "
            "azure_containers.aci.aci_group and state: absent.",
            code="NameTaken",
            result={"container_group": group_facts(live)},
        )

    def is_own(self, live: ArmJson | None) -> bool:
        """Whether a group belongs to this run."""
        return live is not None and (live.get("tags") or {}).get(RUN_TAG) == self.run_id

    def is_there(self) -> bool:
        """Whether this run's group exists, after a PUT of unknown outcome."""
        self.reading = True
        live = self.context.client.get_group(self.task.resource_group, self.task.name)
        self.reading = False
        return self.is_own(live)

    # -- leftovers -----------------------------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Removes the groups that earlier runs left in this resource group, if they have expired.

        This is housekeeping: errors are only warnings, and it waits for nothing.
        """
        client, resource_group = self.context.client.without_retries(), self.task.resource_group
        try:
            for listed in client.list_groups(resource_group):
                name = str(listed.get("name"))
                if name.lower() == self.task.name.lower() or not self.is_leftover(listed):
                    continue
                now = client.get_group(resource_group, name)  # its tags may have changed
                if now is not None and self.is_leftover(now):
                    self.say(f"Removing container group {name}, left by an earlier run")
                    self.saver.save(resource_group, name, now)
                    client.delete_group(resource_group, name, deadline=self.context.monotonic())
                    self.note_swept(now)
        except AciError as error:
            self.context.warn(f"Groups that earlier runs left in resource group {resource_group} may remain: {error}")

    def is_leftover(self, group: ArmJson) -> bool:
        """Whether a group belongs to another run of this module, and has expired."""
        tags = group.get("tags") or {}
        own = bool(tags.get(RUN_TAG)) and tags[RUN_TAG] != self.run_id
        return own and has_expired(tags, self.context.client.now()) and not is_kept(tags)

    def note_swept(self, group: ArmJson) -> None:
        """Adds a group to the result's list of leftovers that were removed."""
        self.swept.append({"id": group.get("id"), "expires_at": expiry(group.get("tags"))})

    def completed(self) -> Wanted:
        """The desired state, with defaults for the group's expiry and location."""
        wanted = self.task.wanted
        tags = dict(wanted.options.get("tags") or {})
        self.expires_at = expiry(tags) or stamp(self.context.client.now() + self.lifetime)
        if expiry(tags) is None:
            tags[EXPIRES_AT] = self.expires_at
        options = {**wanted.options, "tags": tags}
        if not options.get("location") and not (wanted.definition or {}).get("location"):
            options["location"] = self.task.location_of_resource_group()
        return wanted._replace(options=options)

    # -- waiting -----------------------------------------------------------------------------------------------------

    def watch(self, operation: Operation | None) -> Ending:
        """Waits until the containers have ended or failed, and shows their output meanwhile."""
        task = self.task
        under_way = operation
        blocker_timer = BlockerTimer(self.context, float(self.params["image_pull_timeout"]))
        probe_failures = ProbeFailures(self.context, self.say)

        def probe() -> Poll[Ending]:
            nonlocal under_way
            if under_way is not None:
                status = under_way.poll()
                if status.done and not status.succeeded:
                    self.waits.wait_for_end(under_way)  # raises what the operation reports
                if status.done:
                    under_way = None
            live = self.seen = self.waits.reread()
            self.listen(live)
            probe_failures.tell(task.name, live)
            if under_way is None:
                task.check_provisioned(live)
            verdict = task.verdict(live)
            if not verdict.failed and blocker_timer.is_over(blocker(live)):
                self.waits.fail_blocked(live, blocker_timer)
            ended = verdict.done and states.is_finished(live) and under_way is None
            return Poll(Ending(verdict, live), verdict.failed or ended)

        return wait_until(task.deadline, probe, lambda ending: self.waits.timed_out(ending.live))

    def listen(self, live: ArmJson) -> None:
        """Reads the logs of the containers that have started, and shows new lines or the elapsed time."""
        for container, init in states.every_container(live):
            state = states.current_state(container)
            if not state.get("startTime") and get_path(container, "properties.instanceView.previousState") is None:
                continue
            name = str(container.get("name"))
            log = self.logs.setdefault(name, RunLog())
            content = None
            try:
                content = read_log(self.context.client, self.task.resource_group, self.task.name, name)
                self.refused.pop(name, None)
            except AzureError as error:
                if error.status != 403:
                    raise
                self.refused[name] = error  # continue: the outcome of the run matters more than its logs
            if content is not None:
                log.update(str(state.get("startTime") or ""), content)
            # An incomplete line may end with half a secret, whose other half comes with the next read.
            ended = init and state.get("state") == "Terminated" and log.settled
            self.show(name, log, at_end=ended)
        self.show_state(live)

    def show(self, name: str, log: RunLog, at_end: bool) -> None:
        """Shows the new lines of a container, without secrets."""
        for _line, shown in log.fresh_shown(self.context.masker, at_end):
            self.say(f"{name} | {shown}")

    def show_state(self, live: ArmJson) -> None:
        """Shows the state if it has changed, or if nothing was shown for a while."""
        state = states.group_state(live) or str(get_path(live, "properties.provisioningState") or "Pending")
        quiet = self.context.monotonic() - self.spoken >= QUIET_SECONDS
        if state != self.shown_state or quiet:
            self.shown_state = state
            self.say(f"{self.task.name}: {state}, {self.task.deadline.elapsed:.0f} s")

    def say(self, text: str) -> None:
        """Shows a progress line, unless the task disables that."""
        self.spoken = self.context.monotonic()
        if self.params["stream"]:
            self.context.progress(text)

    # -- the end -----------------------------------------------------------------------------------------------------

    def finish(self, verdict: Verdict, live: ArmJson) -> dict[str, Any]:
        """Collects logs and exit codes, removes the group, and returns or raises the outcome of the run."""
        unread = ""
        missing: dict[str, Any] = {}
        try:
            self.collect(live)
        except AciError as error:
            if not verdict.failed:
                error.msg = f"The containers completed successfully, but not all logs could be read: {error.msg}"
                self.fail(error, live, UNREAD)
                raise
            unread, missing = UNREAD, _missing_actions(error)
        result = {"changed": True, **self.known(live), **self.outcome(live), **missing, "left_behind": None}
        if verdict.failed:
            failure = AciError(f"The {self.task.what} failed. {verdict.reason}", code=verdict.code, result=result)
            self.add_logs(failure, live)
            self.clean_up_after(failure, unread)
            raise failure
        if self.params["cleanup"] == "never":
            return {**result, "removed": False, "left_behind": self.left_behind}
        try:
            self.remove()
        except AciError as error:
            raise AciError(
                f"The containers completed successfully, but the {self.task.what} could not be removed: {error.msg} "
                f"{self.how_to_find_it}",
                code="CleanupFailed",
                status=error.status,
                request_id=error.request_id,
                result={**result, "removed": False, "left_behind": self.left_behind},
            ) from None
        return {**result, "removed": True}

    def fail(self, error: BaseException, live: ArmJson | None, unread: str = MAYBE_RUNNING) -> None:
        """Adds to an error what is known about the run, and removes the group if possible.

        If this is an error of reading, ``unread`` says why the group may have to be left in place.
        """
        if not isinstance(error, AciError):
            if self.params["cleanup"] == "always":
                self.remove_if_possible()
            return
        # An error with the group in its result was raised after reading it, and a 404 is a valid answer as well.
        unreadable = self.reading and "container_group" not in error.result and error.status != 404
        reason = unread if unreadable else ""
        missing: dict[str, Any] = {}
        if live is not None and not unreadable:
            try:
                self.collect(live)
            except AciError as second:
                error.msg = f"{error.msg} The logs could not be read: {second.msg}"
                reason = UNREAD
                missing = _missing_actions(second)
        outcome = {} if live is None else {**self.known(live), **self.outcome(live)}
        error.result = {"changed": True, **missing, **error.result, **outcome, "left_behind": None}
        if live is not None:
            self.add_logs(error, live)
        self.clean_up_after(error, reason)

    def add_logs(self, error: AciError, live: ArmJson) -> None:
        """Adds the last lines of failed containers to an error, from the logs that were read before."""
        lines = int(self.params["failure_log_lines"])
        if not lines:
            return

        def read(name: str) -> str | None:
            if name in self.refused:
                raise self.refused[name]
            log = self.logs.get(name)
            return log.content if log is not None and log.available else None

        failed = failures_of(live, self.params, error.code, wait_for="completed")
        add_logs(error, failure_logs(self.context, self.task.name, failed, lines, read, patience=0.0))

    def clean_up_after(self, error: AciError, unreadable: str = "") -> None:
        """Removes the group of a failed run if the task asks for that; the error reports the outcome.

        A group that could not be read (``unreadable`` says what that means) may still be working, or be the only source
        of the reason for its failure: it is removed only if ``on_unreadable`` allows that.
        """
        error.result["removed"] = False
        if not self.exists:
            return
        if self.params["cleanup"] != "always":
            self.begin_cleanup()
            if unreadable or self.is_own(self.waits.read_or_none()):
                self.leave(error)
            return
        if unreadable and self.params["on_unreadable"] == "leave":
            error.msg = f"{error.msg} {unreadable}, so it was not removed (on_unreadable: leave)."
            self.leave(error)
            return
        failure = self.remove_if_possible(blindly=unreadable == MAYBE_RUNNING)
        if failure is None:
            error.result["removed"] = True
        else:
            error.msg = f"{error.msg} Removing it failed too: {failure.msg}"
            self.leave(error)

    def leave(self, error: AciError) -> None:
        """Adds to an error that the group is left in place, and how to find it."""
        error.result["left_behind"] = self.left_behind
        error.msg = f"{error.msg} {self.how_to_find_it}"

    def remove_if_possible(self, blindly: bool = False) -> AciError | None:
        """Removes the group. Returns the error if that failed."""
        try:
            if blindly:
                self.remove_blindly()
            else:
                self.remove()
        except AciError as error:
            return error
        return None

    def begin_cleanup(self) -> Deadline:
        """Gives the removal a deadline of its own, also for retries."""
        deadline = Deadline(self.context, CLEANUP_SECONDS)
        self.context.retries.until(deadline)
        return deadline

    def remove(self) -> None:
        """Removes the group of this run, and no other."""
        removal = self.task._replace(deadline=self.begin_cleanup())
        try:
            live = self.context.client.get_group(self.task.resource_group, self.task.name)
        except AciError:
            if self.params["on_unreadable"] != "remove":
                raise
            self.remove_blindly()
            return
        if live is None or not self.is_own(live):
            return
        self.save_logs(live)
        self.say(f"Removing {self.task.what}")
        GroupWrites(removal, GroupWaits(removal)).delete(wait=True)

    def remove_blindly(self) -> None:
        """Removes the group by its name alone: reads fail, but a delete may still succeed."""
        deadline = self.begin_cleanup()
        if self.seen is not None:
            self.save_logs(self.seen)
        self.say(f"Removing {self.task.what}, which cannot be read")
        self.context.client.delete_group(self.task.resource_group, self.task.name, deadline=deadline.at)

    def save_logs(self, live: ArmJson) -> None:
        """Saves the logs that were read while the containers ran, which are more than the service keeps.

        The result has the logs as well, so failing to write a file does not prevent the group's removal.
        """

        def read(container: str) -> str | None:
            log = self.logs.get(container)
            return log.content if log is not None and log.available else None

        try:
            self.saver.save(self.task.resource_group, self.task.name, live, read, late=0.0)
        except AciError as error:
            self.context.warn(f"Not all logs of run {self.run_id} were saved: {error}")

    @property
    def left_behind(self) -> dict[str, Any]:
        """The group that is left in place, in the form of the result."""
        return {"id": self.task.resource_id, "expires_at": self.expires_at}

    @property
    def how_to_find_it(self) -> str:
        """A sentence on how to find the group that is left in place."""
        return f"The group was left in place, with the tags {RUN_TAG}={self.run_id} and {EXPIRES_AT}={self.expires_at}."

    def collect(self, live: ArmJson) -> None:
        """Reads all logs a last time, and waits for those that are not available yet.

        Raises AciError if one cannot be read.
        """
        deadline = Deadline(self.context, LOG_SECONDS)

        def probe() -> Poll[None]:
            self.listen(live)
            complete = all(log.available or name in self.refused for name, log in self.logs.items())
            return Poll(None, complete or deadline.left <= 0)

        wait_until(deadline, probe, lambda _none: self.waits.timed_out(live))
        for name, log in self.logs.items():
            self.show(name, log, at_end=True)
        for error in self.refused.values():
            raise error

    def known(self, live: ArmJson | None) -> dict[str, Any]:
        """The part of the result that is known before the run has ended."""
        return {
            "run_id": self.run_id,
            "expires_at": self.expires_at,
            "swept": self.swept,
            "doubts": [doubt.as_result() for doubt in self.doubts],
            **self.attempts.as_result(),
            "container_group": None if live is None else group_facts(live),
        }

    def outcome(self, live: ArmJson) -> dict[str, Any]:
        """The outcome of each container."""
        containers = [self.container(container, init) for container, init in states.every_container(live)]
        return {
            "containers": containers,
            "exit_codes": {item["name"]: item["exit_code"] for item in containers if not item["init"]},
            "duration": round(self.task.deadline.elapsed, 3),
        }

    def container(self, container: ArmJson, init: bool) -> dict[str, Any]:
        """The outcome of one container."""
        name = str(container.get("name"))
        state = states.current_state(container)
        log = self.logs.get(name, RunLog())
        content = begun(self.context.masker, log.content) if may_be_cut(log.content) else log.content
        last_run = state
        if state.get("state") == "Waiting":
            last_run = get_path(container, "properties.instanceView.previousState") or state
        return {
            "name": name,
            "init": init,
            "state": state.get("state"),
            "exit_code": last_run.get("exitCode"),
            "detail_status": state.get("detailStatus"),
            "start_time": last_run.get("startTime"),
            "finish_time": last_run.get("finishTime"),
            "duration": _seconds(last_run.get("startTime"), last_run.get("finishTime")),
            "restart_count": states.restart_count(container),
            "available": log.available,
            "content": content,
            "lines": content.splitlines(),
        }


def _missing_actions(error: AciError) -> dict[str, Any]:
    """The ``missing_actions`` of an error, as a part of a result."""
    return {key: value for key, value in error.result.items() if key == "missing_actions"}


def _seconds(start: str | None, finish: str | None) -> float | None:
    """The seconds between two times in the service's format."""
    began, ended = moment(start), moment(finish)
    return None if began is None or ended is None else round((ended - began).total_seconds(), 3)


def group_params(params: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    """The corresponding options of aci_group."""
    policy = params["restart_policy"]
    if policy is None and params["definition"] is None and params["definition_file"] is None:
        policy = "Never"
    defaults = {option: spec.get("default") for option, spec in aci_group.arguments().items()}
    return {
        **defaults,
        **_GROUP_PARAMS,
        **params,
        "restart_policy": policy,
        "tags": dict(tags),
        **_NO_LOGS,
    }


def run(context: Context) -> dict[str, Any]:
    """Runs containers to completion.

    Returns ``changed``, ``run_id``, ``expires_at``, ``swept``, ``containers``, ``exit_codes``, ``duration``,
    ``container_group``, ``removed`` and ``left_behind``. Raises AciError, whose ``result`` has what is known about the
    run.
    """
    params = context.params
    check_log_lines(params)
    given = params["tags"] or {}
    if RUN_TAG in given:
        raise InvalidArguments(f"tags: {RUN_TAG} is reserved for the module; use run_id instead.")
    run_id = str(params["run_id"] or uuid.uuid4().hex)
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,128}", run_id):
        raise InvalidArguments(
            f"run_id: {run_id!r} is not a valid run_id; use at most 128 letters, digits, dots, underscores and hyphens."
        )
    lifetime = datetime.timedelta(seconds=int(params["wait_timeout"]) + 3600)
    if params["ttl"] is not None:
        lifetime = duration(str(params["ttl"]), "ttl")
        if lifetime.total_seconds() < int(params["wait_timeout"]):
            context.warn("ttl is shorter than wait_timeout: another run may remove the group while its containers run.")
    if not params["stream"]:
        context.retries.progress = lambda _text: None
    definition = aci_group.take_definition(context)
    if definition is not None:
        if params["tags"] is None:
            given = definition.wire.get("tags") or {}
        from .._reconcile.definition import version_of

        if version_of(context, definition) is None:
            from .._group.definition import check_network_profile

            check_network_profile(definition.wire, None)
    tags = {**given, RUN_TAG: run_id}
    of_group = replace(context, params=group_params(params, tags), progress=lambda _text: None)
    task = GroupTask(
        context=of_group,
        wanted=aci_group.wanted_of(of_group.params, definition),
        deadline=Deadline(context, float(params["wait_timeout"])),
    )
    whole = Run(context, task, run_id, lifetime)
    try:
        return {**whole.run(), **whole.saver.as_result()}
    except AciError as error:
        error.result = {**error.result, **whole.saver.as_result()}
        raise


SPEC: Final = ModuleSpec(
    name="aci_run",
    arguments=arguments(),
    run=run,
    mutually_exclusive=[("definition", "definition_file")],
    required_one_of=[("name", "definition", "definition_file")],
    required_by={"definition_variables": ["definition_file"]},
)
