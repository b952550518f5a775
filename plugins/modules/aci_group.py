#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_group
short_description: Run a container group of Azure Container Instances as desired state
version_added: 0.1.0
description:
  - Creates a container group, brings a live one to the state that the task describes, starts, stops, restarts and removes it.
  - The module compares the task with the live group and makes exactly the difference. What is not given stays as it is; an empty list or an
    empty dictionary removes; a list that is given is complete. Lists of things with names are compared by name, not by position.
  - Every change has a cost, which RV(changes[].effect) names, also in check mode. V(tags) and V(config_map) restart nothing. V(in_place)
    restarts all containers of the group. V(redeploy) runs a stopped or finished group again. V(recreate) deletes the group and creates it anew, and is
    only done with O(recreate=when_needed).
  - Options have the names that the properties have in ARM, Bicep and C(az container create --file), in snake case, and take the same values.
  - Secrets can be written to the service but not be read back, so they are not compared. RV(secrets_not_compared) lists them.
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - What is predicted is computed by the same code that does it; only the requests that write are left out.
  diff_mode:
    support: full
    details:
      - Secrets are shown as a fixed word.
  idempotent:
    support: partial
    details:
      - Not with O(state=restarted), which asks for something to happen.
      - Changed secrets alone are not noticed, since the service does not give them back.
options:
  resource_group:
    description:
      - The resource group that the container group is in. It must exist; M(azure_containers.aci.resource_group) creates one.
    type: str
    required: true
  name:
    description:
      - The name of the container group.
      - 1 to 63 lower-case letters, digits and hyphens; no hyphen at either end, and no two in a row.
      - Needed unless O(definition) or O(definition_file) has it. One that differs from theirs is refused.
    type: str
  state:
    description:
      - V(present) creates the group or changes what differs. A group that is stopped or has finished is left so when nothing differs.
      - V(started) also starts a stopped group.
      - V(stopped) also stops a running group, which ends its billing. A group that has finished is left as it is.
      - V(restarted) also restarts the group, starts it when it is stopped, and runs it again when it has finished.
      - A group in a state that is none of these (C(Unknown), while the service repairs it) is stopped, restarted or started as asked for.
        The service may refuse that with errors of its own for some time; the request is repeated until O(wait_timeout).
      - V(absent) removes the group, and ends when it is gone. A missing resource group is fine.
      - V(started) and V(restarted) create a missing group when O(containers) is given. For V(stopped) a missing group is an error.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  recreate:
    description:
      - What to do when the service cannot make a change in place.
      - With V(never) the task fails before anything is sent, and names each such property with its old and its new value, and what else
        the group would lose (its address, a system-assigned identity with its role assignments). Check mode fails in the same way.
      - With V(when_needed) the group is deleted and created anew. Before that, also in check mode, the module asks for locks, for the
        permissions of its identity, for policies that deny the new definition, for the quota, and for the images in registries that
        O(image_registry_credentials) has. It fails before the delete where an answer says that the create would be refused. What cannot be
        asked, or may not, is in RV(unverified).
      - After the delete, refusals that may pass (no room in the region, a quota that still counts the old group, 409, 429, 5xx, a lost
        connection) are tried again until O(wait_timeout). What happens when the new group still cannot be created, or does not come up, is up
        to O(on_failed_recreate).
      - What the service accepts in place is not publicly known for some properties (RV(changes[].effect=in_place_or_recreate)). Those are
        tried in place first.
      - V(probed) is V(when_needed), but first tries the new definition beside the old group. A group with the same name and C(-probe) at its
        end is created without the DNS label and the private address, is waited for as the task waits, and is removed. Only when that went well is
        the old group replaced. So the definition runs twice, with its volumes, its secrets and its jobs. It needs quota for both at a time.
        RV(probe) says how much, also in check mode. It has a system-assigned identity of its own, without role assignments. A run that
        is killed leaves it with the tags C(probe_of) and C(expires_at); the next run with V(probed), or M(azure_containers.aci.aci_prune)
        with O(azure_containers.aci.aci_prune#module:expired), removes it. V(probed) was added in version 1.1.0.
    type: str
    choices: [never, when_needed, probed]
    default: never
  on_failed_recreate:
    description:
      - What to do when a group was deleted to be recreated, and the new one cannot be created, or was created and fails (its operation
        fails, its image cannot be pulled, a volume cannot be mounted, its containers crash). Such a new group is deleted.
      - V(restore) creates the old group again. The service does not return secrets, so the old group gets the secrets that the task gives for
        the same places. When one of them is missing, the task fails before anything is deleted.
      - V(leave) restores nothing. Both definitions are in the result, and in the recovery file if there is no group.
      - When not given, the old group is restored if it has no secrets. Otherwise it is V(leave).
      - Restoring has as much time as O(wait_timeout), so a recreation that fails can take twice as long.
      - A group whose containers are still being started when O(wait_timeout) has passed is left, and so is a job that ran and ended with an
        exit code that is not allowed (O(wait_for=completed)).
    version_added: 1.1.0
    type: str
    choices: [restore, leave]
  recreate_identity:
    description:
      - Whether a group with a system-assigned identity may be recreated. The new group gets another identity, without the role assignments of
        the old one.
    version_added: 1.0.0
    type: bool
    default: false
  recovery_dir:
    description:
      - The folder for recovery files. While a group is recreated, its definition is kept in a file there (mode 0600, placeholders instead of
        secrets), so that nothing is lost when the task is interrupted. The next run finds the file and goes on from it.
      - When not given, C(~/.azure/aci-recovery) of the host that the task runs on.
      - The file must belong to the user that runs the task. Neither the file nor the folder may be writable by others, unless the folder has
        the sticky bit, as C(/tmp) has. Otherwise the task fails.
    version_added: 1.0.0
    type: path
  save_logs:
    description:
      - A folder on the host that the task runs on, in which the log of every container is written to a file
        before anything is done that ends the run which wrote it. That is an update other than
        of tags, a recreation, a restart, a stop, a start, and a removal.
      - The folder is made with mode 0700 when it is missing. It must belong to the user that runs the task, and must not be a symbolic link, nor
        be writable by others unless it has the sticky bit. Files have mode 0600. An existing file or link is never written to.
      - A file is named after resource group, container group, container and the start of the run, as in
        C(shop.shop-web.web.20260301T093000Z.log). A further one of the same name ends with C(-2).
      - A log is written as the container wrote it, without the secrets that the task gives and without credentials in URLs. Nobody knows which
        other secrets a container writes.
      - When a log cannot be read because the service does not answer or denies it, or cannot be written, the task fails before it destroys anything.
        When the service says that it has no log, the task warns, and goes on.
      - Check mode reads the logs and checks the folder, but writes nothing.
    type: path
    version_added: 1.1.0
  wait:
    description:
      - Whether to wait until the group is as O(wait_for) says. Without it the task ends as soon as the service has accepted the request.
    type: bool
    default: true
  wait_for:
    description:
      - What to wait for. It also holds for a group that needs no change, so a task is no more successful the second time than the first.
      - V(provisioned) is the end of the operation; the containers may still be starting, or have failed.
      - V(running) is every container running, or ended with 0 where O(restart_policy) is not V(Always).
      - V(completed) is every container ended, for tasks. An exit code that is not in O(allowed_exit_codes) fails the task. It is refused with
        O(restart_policy=Always), where containers never end.
      - Whether an application answers cannot be read from the service. Ask it with M(ansible.builtin.uri).
    type: str
    choices: [provisioned, running, completed]
    default: running
  wait_timeout:
    description:
      - How many seconds to wait. The service itself gives up on a group after 1800 seconds.
      - A failure returns the last state seen, and why.
      - A service that does not answer, or asks to come again later, is waited for as long.
    type: int
    default: 2100
  allowed_exit_codes:
    description:
      - The exit codes that count as success with O(wait_for=completed).
    type: list
    elements: int
    default: [0]
  definition:
    description:
      - The whole group, in the form that ARM has (C(name), C(location), C(tags), C(identity), C(zones), C(properties), all in camel case), as
        C(az container create --file) takes it and M(azure_containers.aci.aci_group_info) gives it.
      - It may as well be what C(az container export), C(az container show), C(az resource show), C(az rest) and the portal write, a resource
        of an ARM template, a whole template whose values are literal, or an example of the REST documentation.
      - A definition is complete. What it does not have is removed, unlike an option that is not given. Other options are laid over it.
      - Its name is the group's where O(name) is not given.
      - Its tags are merged with those of the group, as O(tags) are, unless O(purge_tags=true). Tags that the collection writes for one group
        (C(expires_at), C(run_id), C(aci-secrets-fingerprint)) are not taken from it, with a warning.
      - The address (C(ipAddress.ip)) of a public group is ignored, since nobody can choose it.
      - Names of properties are taken without case, as ARM takes them. A name that no API version knows is not sent; a warning names the
        nearest one that is known. O(extra_properties) are for what is newer.
      - Numbers and booleans are taken with quotes and without, also where ARM has text.
      - A placeholder of an exported secret is refused by name. A secret that an export cannot have, and a new group needs, is named.
      - Expressions of a template, compose files and Kubernetes manifests are refused, saying what to do.
    version_added: 1.0.0
    type: dict
  definition_file:
    description:
      - A file with such a definition, as YAML or as JSON, with comments or without, in UTF-8, or in UTF-16 with a byte order mark.
      - In YAML, C(${NAME}) in a string of one line without quotes stands for a variable, as it does for C(az container create --file). Its value
        comes from O(definition_variables), not from the environment. In quotes, in blocks and in JSON it is literal.
      - C(networkProfile) is refused there, also with an old C(apiVersion), unless O(api_version) is given as well.
    version_added: 1.0.0
    type: path
  definition_variables:
    description:
      - The values of the variables in O(definition_file), by their names. They are text, whatever they contain, and are masked wherever they
        land.
      - A variable of the file that has no value here is refused. C(az) would deploy its bare name.
    version_added: 1.1.0
    type: dict
  extra_properties:
    description:
      - Properties that the module does not know, in the form that ARM has, below C(properties). They are merged into what is sent.
    version_added: 1.0.0
    type: dict
  validation:
    description:
      - What happens when the definition does not keep a limit that is documented, but that the service is not known to enforce.
      - V(warn) sends it with a warning, lists it in RV(doubts), and names it as the likely reason when the service refuses.
      - V(strict) fails before anything is sent. V(off) says nothing.
      - Before a running group is replaced by something that the service may refuse only afterwards, and before it is recreated, V(warn)
        fails as V(strict) does.
      - What contradicts itself, or what the service is known to refuse, always fails before anything is sent.
        R(The guide,ansible_collections.azure_containers.aci.docsite.guide_checks) lists all of it with its evidence.
    version_added: 1.1.0
    type: str
    choices: [warn, strict, 'off']
    default: warn
  api_version:
    description:
      - The version of the service's API to use. When not given, it is the newest that both the module and the service know.
    version_added: 1.0.0
    type: str
  update_secrets:
    description:
      - When secrets that the task gives are sent.
      - V(with_changes) sends them when something else changes.
      - V(always) takes a given secret for a change.
      - V(fingerprint) finds out whether they have changed, by one scrypt digest over all of them, with O(fingerprint_key), in the group's tag
        C(aci-secrets-fingerprint). A group without that tag counts as changed.
    version_added: 1.0.0
    type: str
    choices: [with_changes, always, fingerprint]
    default: with_changes
  fingerprint_key:
    description:
      - A secret of your own that goes into the digest. Without it, nobody can try secrets against the tag. Needed with
        O(update_secrets=fingerprint), and to be kept the same.
    version_added: 1.0.0
    type: str
  repull:
    description:
      - Whether the group is stopped and started even when nothing differs, which pulls its images again. Its address may change.
      - A change that is sent anyway pulls them too.
    version_added: 1.0.0
    type: bool
    default: false
  image_update:
    description:
      - What to do about an image whose tag names another digest by now. Each tag is asked of its registry by the Docker Registry v2 API.
      - With V(ignore) no registry is asked. A tag counts as the image that it was when it was pulled.
      - With V(on_new_digest) the digest that the tag names is compared with the one that the recorded pull events of the container show. If they
        differ, the group is stopped and started, which pulls its images again, as with O(repull=true). A group that is stopped or has finished
        is left so, since its next start pulls the image.
      - With V(pin) the image is sent with the digest that its tag names, as in C(registry.example.com/shop/web@sha256:...), so that what runs
        changes with this task only. A tag that has moved is a change of the image. An image that is new to the group must be resolved, or
        the task fails before anything is sent.
      - A registry that does not answer, and events that show no digest, are a doubt (RV(doubts)) and a warning. The group is left as it is.
      - The registry is asked with O(image_registry_credentials) that the task gives for it. A registry of Azure is asked as the identity of the
        task, with a token that is good for registries only; the identity needs the role C(AcrPull). Otherwise it is asked anonymously.
      - Only https is used, with O(ca_bundle) if that is given. A user and password go to the registry, and to the realm that it names for tokens
        only if that has the registry's own origin, or belongs to Docker Hub or to GitLab.com, whose realms are known. Redirects are followed without
        any credentials.
    type: str
    choices: [ignore, on_new_digest, pin]
    default: ignore
    version_added: 1.1.0
  wait_for_subnet:
    description:
      - With O(state=absent), whether to wait until the subnet of the group is free, when no other group is in it.
    version_added: 1.0.0
    type: bool
    default: false
  remove_subnet_association:
    description:
      - With O(state=absent), whether to remove the link that the service leaves on the subnet, when no other group is in it. While the link is
        there, the subnet cannot be deleted or given to something else.
    version_added: 1.0.0
    type: bool
    default: false
  image_pull_timeout:
    description:
      - How many seconds an image may fail to be pulled before the task gives up. The service goes on for up to 30 minutes.
    type: int
    default: 120
  max_restarts:
    description:
      - How often the service may restart a container that crashes before the task gives up, while it waits.
    type: int
    default: 5
  provisioning_attempts:
    description:
      - How often a new group may be provisioned, when that fails before any of its containers has started. That is when the region has no capacity,
        when the service accepts the group and its operation fails, as on a bad host, or when an image cannot be pulled for
        O(image_pull_timeout).
      - Once a container has started, init containers included, nothing is tried again, so that nothing runs twice.
      - What an attempt leaves is deleted before the next one. All attempts share O(wait_timeout), with a pause of 5 seconds or more between them.
      - A request that the service refuses for what it asks, or for want of quota, is not sent again.
    type: int
    default: 1
  failure_log_lines:
    description:
      - How many of the last lines of a container that failed are shown in C(msg) and returned in RV(failure_logs), V(0) for none.
      - Secrets of this task are masked in them, but a log may hold others. Use V(0) or C(no_log) then.
    type: int
    default: 20
    version_added: 1.1.0
  ttl:
    description:
      - How long the group is to live, as V(90m), V(2h) or V(1d12h). When the group is created, the tag C(expires_at) gets the time at which this is
        over, in UTC.
      - Nothing happens to the group by itself. M(azure_containers.aci.aci_prune) removes those that have expired.
      - The tag of a group that exists is not changed, nor removed by O(purge_tags), and an existing group gets none. Set it with O(tags) to give a group
        more time. A group that O(tags) gives the tag C(expires_at) does not get another one.
    version_added: 1.0.0
    type: str
  tags:
    description:
      - Tags of the container group, by name. They are merged with those that the group has, unless O(purge_tags=true).
      - Changing tags restarts nothing.
      - Values are strings. Quote what YAML would read as something else (V("true"), V("1.10")).
    type: dict
  purge_tags:
    description:
      - Whether tags that O(tags) does not have are removed. Those that O(ignore_tags) matches, and those of the module itself, stay.
      - While this is V(false), an empty O(tags) removes nothing.
    type: bool
    default: false
  ignore_tags:
    description:
      - Patterns of names of tags that others own, with C(*) and C(?). Such tags are never removed.
    type: list
    elements: str
    default: ["hidden-*"]
  location:
    description:
      - The region, as V(westeurope) or V(West Europe).
      - When it is not given, a new group is created in the region of its resource group.
      - A group cannot move. Another region needs O(recreate=when_needed).
    type: str
  zones:
    description:
      - The availability zones of the group. The service takes one.
      - Whether it can be changed in place is not known; it is tried.
    type: list
    elements: str
  identity:
    description:
      - The managed identity of the group, for its containers and for pulling images. An empty dictionary removes it.
      - Changing it restarts all containers. A group that is recreated gets another system-assigned identity, without role assignments.
    type: dict
    suboptions:
      type:
        description:
          - The kind of the identity.
        type: str
        choices: ["None", SystemAssigned, UserAssigned, "SystemAssigned, UserAssigned"]
      user_assigned_identities:
        description:
          - The resource ids of the user-assigned identities.
        type: list
        elements: str
  os_type:
    description:
      - The operating system of the containers.
      - When it is not given, a new group gets V(Linux). Only Linux groups can have several containers.
      - It cannot be changed in place.
    type: str
    choices: [Linux, Windows]
  restart_policy:
    description:
      - What happens when a container ends. When it is not given, the service restarts it (V(Always)).
      - V(OnFailure) and V(Never) are for tasks that end.
      - It cannot be changed in place.
    type: str
    choices: [Always, OnFailure, Never]
  sku:
    description:
      - The kind of hardware. When it is not given, the service takes V(Standard).
      - Whether it can be changed in place is not known; it is tried.
    type: str
    choices: [Standard, Dedicated, Confidential]
  priority:
    description:
      - V(Spot) is cheaper and can be evicted at any time. Such a group cannot have an address or be in a subnet.
      - When it is not given, the service takes V(Regular). Whether it can be changed in place is not known; it is tried.
    type: str
    choices: [Regular, Spot]
  containers:
    description:
      - The containers of the group. They share its address, its network and its volumes, and start and stop together.
      - Needed to create a group. The list is complete, so a container that is missing from it is removed. Whether containers can be added
        and removed in place is not known; it is tried.
      - What the entry of a container omits stays as it is in the live container of that name.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the container. The same rules hold as for O(name).
        type: str
        required: true
      image:
        description:
          - The image, with its registry unless it is Docker Hub's, and its tag or digest. Required for a new container.
          - Changing it restarts all containers of the group. The same tag is not pulled again by a run that changes nothing.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of what the image would run. There is no shell, unless you name one.
          - An empty list gives the image's own command back. Changing it restarts all containers.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables. The list is complete, and empty removes them all. Changing them restarts all containers.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name of the variable. Letters, digits and underscores, no digit first.
              - Names that differ by case are two variables in a Linux container, and one in a Windows container.
            type: str
            required: true
          value:
            description:
              - Its value, which anybody who may read the group can see. A text or a whole number. Quote everything else, since YAML would
                turn V(true) into V(True) and V(1.10) into V(1.1).
            type: raw
          secure_value:
            description:
              - Its value, when it is a secret. The service never gives it back, so it is not compared.
              - It must be given again whenever anything else of the group changes, because the change carries the whole definition.
            type: raw
          secure_value_reference:
            description:
              - The name of one of O(secret_references), from which the service takes the value.
            type: str
      env:
        description:
          - Environment variables as a dictionary of names and values, in place of O(containers[].environment_variables) or beside it.
          - All that are given make one list, which is complete. A name given twice is refused.
          - Values are strings or whole numbers, as in O(containers[].environment_variables[].value).
        type: dict
        version_added: 1.1.0
      secure_env:
        description:
          - The same for secrets, as in O(containers[].environment_variables[].secure_value).
        type: dict
        version_added: 1.1.0
      ports:
        description:
          - The ports that the container listens on. To reach one from outside, name it in O(ip_address) also.
          - Whether they can be changed in place is not known; it is tried.
        type: list
        elements: dict
        suboptions:
          port:
            description:
              - The number of the port, from 1 to 65535.
            type: int
            required: true
          protocol:
            description:
              - The protocol. When it is not given, the service takes V(TCP).
            type: str
            choices: [TCP, UDP]
      resources:
        description:
          - What the container gets of a machine.
        type: dict
        suboptions:
          requests:
            description:
              - What the container is sure to get, and what is paid for. It cannot be changed in place.
              - All containers of a group together need at least 1 CPU and 1 GB.
            type: dict
            suboptions:
              cpu:
                description:
                  - CPU cores. A new container gets 1 when this is not given. That default is never applied to a live container.
                type: float
              memory_in_gb:
                description:
                  - Memory in GB. A new container gets 1.5 when this is not given. That default is never applied to a live container.
                type: float
              gpu:
                description:
                  - Graphics processors. The service has retired them in public regions.
                type: dict
                suboptions:
                  count:
                    description:
                      - How many.
                    type: int
                  sku:
                    description:
                      - Of which kind.
                    type: str
                    choices: [K80, P100, V100]
          limits:
            description:
              - What the container can use at most, while others leave it. At least what it requests, at most what the whole group requests.
              - Whether limits can be changed in place is not known; it is tried.
            type: dict
            suboptions:
              cpu:
                description:
                  - CPU cores.
                type: float
              memory_in_gb:
                description:
                  - Memory in GB.
                type: float
              gpu:
                description:
                  - Graphics processors.
                type: dict
                suboptions:
                  count:
                    description:
                      - How many.
                    type: int
                  sku:
                    description:
                      - Of which kind.
                    type: str
                    choices: [K80, P100, V100]
      volume_mounts:
        description:
          - Where the O(volumes) of the group appear in the container. Whether mounts can be changed in place is not known; it is tried.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name of the volume.
            type: str
            required: true
          mount_path:
            description:
              - The path in the container, which must not contain a colon.
              - Paths are compared with case for Linux, without for Windows.
            type: str
            required: true
          read_only:
            description:
              - Whether the container can only read. When it is not given, it can also write.
            type: bool
      liveness_probe:
        description:
          - How the service finds out that the container hangs. It then restarts the container. An empty dictionary removes the probe.
          - Changing it restarts all containers.
        type: dict
        suboptions:
          exec:
            description:
              - Run a command in the container. It succeeds with exit code 0. Excludes O(containers[].liveness_probe.http_get).
            type: dict
            suboptions:
              command:
                description:
                  - The program and its arguments.
                type: list
                elements: raw
          http_get:
            description:
              - Ask the container for a page. Any status from 200 to 399 is a success. Excludes O(containers[].liveness_probe.exec).
            type: dict
            suboptions:
              path:
                description:
                  - The path of the page.
                type: str
              port:
                description:
                  - The port of the container.
                type: int
              scheme:
                description:
                  - The scheme.
                type: str
                choices: [http, https]
              http_headers:
                description:
                  - Headers of the request. They are visible to whoever may read the group.
                type: list
                elements: dict
                suboptions:
                  name:
                    description:
                      - The name of the header.
                    type: str
                    required: true
                  value:
                    description:
                      - Its value. Quote what YAML would read as something else than text.
                    type: raw
          initial_delay_seconds:
            description:
              - How long to wait after the start of the container before the first probe.
            type: int
          period_seconds:
            description:
              - How many seconds pass between two probes.
            type: int
          failure_threshold:
            description:
              - How many probes in a row must fail before the service acts.
            type: int
          success_threshold:
            description:
              - How many probes in a row must succeed after a failure.
            type: int
          timeout_seconds:
            description:
              - How long one probe may take.
            type: int
      readiness_probe:
        description:
          - How the service finds out that the container can serve. Until then it gets no traffic. An empty dictionary removes the probe.
          - Changing it restarts all containers. Its outcome shows in the events of the container only.
        type: dict
        suboptions:
          exec:
            description:
              - Run a command in the container. It succeeds with exit code 0. Excludes O(containers[].readiness_probe.http_get).
            type: dict
            suboptions:
              command:
                description:
                  - The program and its arguments.
                type: list
                elements: raw
          http_get:
            description:
              - Ask the container for a page. Any status from 200 to 399 is a success. Excludes O(containers[].readiness_probe.exec).
            type: dict
            suboptions:
              path:
                description:
                  - The path of the page.
                type: str
              port:
                description:
                  - The port of the container.
                type: int
              scheme:
                description:
                  - The scheme.
                type: str
                choices: [http, https]
              http_headers:
                description:
                  - Headers of the request. They are visible to whoever may read the group.
                type: list
                elements: dict
                suboptions:
                  name:
                    description:
                      - The name of the header.
                    type: str
                    required: true
                  value:
                    description:
                      - Its value. Quote what YAML would read as something else than text.
                    type: raw
          initial_delay_seconds:
            description:
              - How long to wait after the start of the container before the first probe.
            type: int
          period_seconds:
            description:
              - How many seconds pass between two probes.
            type: int
          failure_threshold:
            description:
              - How many probes in a row must fail before the service acts.
            type: int
          success_threshold:
            description:
              - How many probes in a row must succeed after a failure.
            type: int
          timeout_seconds:
            description:
              - How long one probe may take.
            type: int
      security_context:
        description:
          - What the container may do. An empty dictionary removes it. Changing it restarts all containers.
        type: dict
        suboptions:
          privileged:
            description:
              - Whether the container is privileged. Only in groups with O(sku=Confidential).
            type: bool
          allow_privilege_escalation:
            description:
              - Whether a process can gain more privileges than its parent.
            type: bool
          capabilities:
            description:
              - Linux capabilities.
            type: dict
            suboptions:
              add:
                description:
                  - Capabilities to add.
                type: list
                elements: str
              drop:
                description:
                  - Capabilities to take away.
                type: list
                elements: str
          run_as_group:
            description:
              - The id of the group that the container runs as.
            type: int
          run_as_user:
            description:
              - The id of the user that the container runs as.
            type: int
          seccomp_profile:
            description:
              - A seccomp profile, as base64.
            type: str
      config_map:
        description:
          - Configuration that the service hands to the container. Needs API version 2025-09-01.
          - A change of it alone does not restart the containers, as documented.
        type: dict
        suboptions:
          key_value_pairs:
            description:
              - The values by name. An empty dictionary removes them.
            type: dict
  init_containers:
    description:
      - Containers that run one after another, each to its end, before those of O(containers) start. Their order matters.
      - They run again whenever the group starts or restarts. They have no ports and no resources of their own.
      - The list is complete, and empty removes them all. Whether they can be added and removed in place is not known; it is tried.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the container. No other container of the group can have it.
        type: str
        required: true
      image:
        description:
          - The image. Required for a new container. Changing it restarts all containers.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of what the image would run. An empty list gives the image's own command back.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables. The list is complete, and empty removes them all. Changing them restarts all containers.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name of the variable. Letters, digits and underscores, no digit first.
              - Names that differ by case are two variables in a Linux container, and one in a Windows container.
            type: str
            required: true
          value:
            description:
              - Its value, which anybody who may read the group can see. A text or a whole number. Quote everything else, since YAML would
                turn V(true) into V(True) and V(1.10) into V(1.1).
            type: raw
          secure_value:
            description:
              - Its value, when it is a secret. The service never gives it back, so it is not compared.
              - It must be given again whenever anything else of the group changes, because the change carries the whole definition.
            type: raw
          secure_value_reference:
            description:
              - The name of one of O(secret_references), from which the service takes the value.
            type: str
      env:
        description:
          - Environment variables as a dictionary of names and values, in place of O(init_containers[].environment_variables) or beside it.
          - All that are given make one list, which is complete. A name given twice is refused.
          - Values are strings or whole numbers, as in O(init_containers[].environment_variables[].value).
        type: dict
        version_added: 1.1.0
      secure_env:
        description:
          - The same for secrets, as in O(init_containers[].environment_variables[].secure_value).
        type: dict
        version_added: 1.1.0
      volume_mounts:
        description:
          - Where the O(volumes) of the group appear in the container. Whether mounts can be changed in place is not known; it is tried.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name of the volume.
            type: str
            required: true
          mount_path:
            description:
              - The path in the container, which must not contain a colon.
              - Paths are compared with case for Linux, without for Windows.
            type: str
            required: true
          read_only:
            description:
              - Whether the container can only read. When it is not given, it can also write.
            type: bool
      security_context:
        description:
          - What the container may do. An empty dictionary removes it. Changing it restarts all containers.
        type: dict
        suboptions:
          privileged:
            description:
              - Whether the container is privileged. Only in groups with O(sku=Confidential).
            type: bool
          allow_privilege_escalation:
            description:
              - Whether a process can gain more privileges than its parent.
            type: bool
          capabilities:
            description:
              - Linux capabilities.
            type: dict
            suboptions:
              add:
                description:
                  - Capabilities to add.
                type: list
                elements: str
              drop:
                description:
                  - Capabilities to take away.
                type: list
                elements: str
          run_as_group:
            description:
              - The id of the group that the container runs as.
            type: int
          run_as_user:
            description:
              - The id of the user that the container runs as.
            type: int
          seccomp_profile:
            description:
              - A seccomp profile, as base64.
            type: str
  image_registry_credentials:
    description:
      - How to sign in to registries from which images are pulled, one entry a registry. The list is complete, and empty removes them all.
      - Changing them restarts all containers.
    type: list
    elements: dict
    suboptions:
      server:
        description:
          - The registry, without a scheme, as V(myregistry.azurecr.io).
        type: str
        required: true
      username:
        description:
          - The name to sign in with.
        type: str
      password:
        description:
          - The password to sign in with. A secret, so it is not compared, and must be given again whenever anything else of the group changes.
        type: str
      password_reference:
        description:
          - The name of one of O(secret_references), from which the service takes the password.
        type: str
      identity:
        description:
          - The resource id of a user-assigned identity that may pull, instead of a name and password. O(identity) must have it too.
        type: str
      identity_url:
        description:
          - The identity by its URL.
        type: str
  ip_address:
    description:
      - The address of the group. Without it the group cannot be reached. An empty dictionary removes it.
      - O(ip_address.type) and O(ip_address.ports) are needed once there is an address.
      - Whether its properties can be changed in place is not known, but for O(ip_address.dns_name_label), which can; they are tried.
    type: dict
    suboptions:
      type:
        description:
          - V(Public) is an address in the internet, V(Private) one in the subnet of O(subnet_ids).
        type: str
        choices: [Public, Private]
      ports:
        description:
          - The ports that are open, at most five. Each must be a port of a container.
        type: list
        elements: dict
        suboptions:
          port:
            description:
              - The number of the port.
            type: int
            required: true
          protocol:
            description:
              - The protocol. When it is not given, the service takes V(TCP).
            type: str
            choices: [TCP, UDP]
      ip:
        description:
          - The address itself, where the service lets it be chosen. Otherwise leave it to the service, which can change it with each start.
        type: str
      dns_name_label:
        description:
          - The first part of the group's name in the DNS, C(LABEL.REGION.azurecontainer.io), which stays when the address changes.
          - 5 to 63 lower-case letters, digits and hyphens, a letter first. The label must be free in the region, unless
            O(ip_address.auto_generated_domain_name_label_scope) adds a hash.
        type: str
      auto_generated_domain_name_label_scope:
        description:
          - Within what the label is safe from being taken by others once this group is gone. All but V(Unsecure), which is what the service
            takes when nothing is given, add a hash to the name.
        type: str
        choices: [Unsecure, TenantReuse, SubscriptionReuse, ResourceGroupReuse, Noreuse]
  volumes:
    description:
      - Volumes that the containers can mount. The list is complete, and empty removes them all. Each has a name and one of the other options.
      - Whether volumes can be changed in place is not known; it is tried.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the volume. 5 to 63 lower-case letters, digits and hyphens.
        type: str
        required: true
      azure_file:
        description:
          - A share of Azure Files.
        type: dict
        suboptions:
          share_name:
            description:
              - The name of the share.
            type: str
          read_only:
            description:
              - Whether the share can only be read.
            type: bool
          storage_account_name:
            description:
              - The storage account that the share is in.
            type: str
          storage_account_key:
            description:
              - The key of the storage account. A secret, so it is not compared, and must be given again whenever anything else changes.
            type: str
          storage_account_key_reference:
            description:
              - The name of one of O(secret_references), from which the service takes the key.
            type: str
          user_assigned_identity_client_id:
            description:
              - The client ID (a GUID) of one of the user-assigned identities of O(identity), with which the service opens the share. It takes the
                place of the key, and is no secret. Needs API version 2026-07-01.
            type: str
            version_added: 1.1.0
      empty_dir:
        description:
          - An empty folder that lives as long as the group runs. Write V({}).
        type: dict
      secret:
        description:
          - Files with secrets, by name. The values are base64 strings, as the service wants them (filter P(ansible.builtin.b64encode#filter)).
          - They are not compared, and must be given again whenever anything else of the group changes. The dictionary is complete.
        type: dict
      secret_reference:
        description:
          - Files with secrets, by name. The values are names of O(secret_references), from which the service takes the contents.
        type: dict
      git_repo:
        description:
          - A Git repository, cloned when the group starts.
        type: dict
        suboptions:
          directory:
            description:
              - The folder to clone into. V(.) is the volume itself; when it is not given, the service makes one with the repository's name.
            type: str
          repository:
            description:
              - The URL of the repository.
            type: str
          revision:
            description:
              - The commit to check out.
            type: str
  subnet_ids:
    description:
      - The subnet that the group is in. It must be delegated to C(Microsoft.ContainerInstance/containerGroups).
      - Groups are created in a subnet one after another. A task waits for its turn, at most for O(wait_timeout), before it sends anything.
      - It cannot be changed in place.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - The resource id of the subnet.
        type: str
        required: true
      name:
        description:
          - A name for it.
        type: str
  dns_config:
    description:
      - Name resolution in the containers, for groups in a subnet. An empty dictionary removes it.
      - Whether it can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      name_servers:
        description:
          - The addresses of the name servers, in the order in which they are asked.
        type: list
        elements: str
      search_domains:
        description:
          - Domains to search, separated by spaces.
        type: str
      options:
        description:
          - Options of the resolver, separated by spaces.
        type: str
  diagnostics:
    description:
      - Where the service sends logs. An empty dictionary removes it. Whether it can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      log_analytics:
        description:
          - A workspace of Log Analytics.
        type: dict
        suboptions:
          workspace_id:
            description:
              - The id of the workspace (a GUID).
            type: str
          workspace_key:
            description:
              - The key of the workspace. A secret, so it is not compared, and must be given again whenever anything else of the group changes.
            type: str
          log_type:
            description:
              - Which tables the logs go to.
            type: str
            choices: [ContainerInsights, ContainerInstanceLogs]
          metadata:
            description:
              - Metadata of the logs, by name. Only with O(diagnostics.log_analytics.log_type=ContainerInsights).
            type: dict
          workspace_resource_id:
            description:
              - The resource id of the workspace.
            type: str
  encryption_properties:
    description:
      - A key of your own for what the service stores of the group. An empty dictionary removes it.
      - Whether it can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      vault_base_url:
        description:
          - The URL of the key vault.
        type: str
      key_name:
        description:
          - The name of the key.
        type: str
      key_version:
        description:
          - The version of the key.
        type: str
      identity:
        description:
          - The resource id of a user-assigned identity that may read the key. O(identity) must have it too.
        type: str
  extensions:
    description:
      - Extensions of the service, as virtual nodes use them. The list is complete, and empty removes them all.
      - Whether they can be changed in place is not known; it is tried.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the extension.
        type: str
        required: true
      extension_type:
        description:
          - Its type.
        type: str
      version:
        description:
          - Its version.
        type: str
      settings:
        description:
          - Its settings, handed on as they are.
        type: dict
      protected_settings:
        description:
          - Its secret settings, handed on as they are. They are not compared, and must be given again whenever anything else changes.
        type: dict
  confidential_compute_properties:
    description:
      - What groups with O(sku=Confidential) need.
      - Whether they can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      cce_policy:
        description:
          - The policy that the hardware enforces, as base64.
          - The service makes a policy that allows everything where none is given.
        type: str
  secret_references:
    description:
      - Secrets in a key vault, which other options refer to by name. Needs API version 2025-09-01.
      - The list is complete, and empty removes them all. Whether they can be changed in place is not known; it is tried.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name to refer to it by.
        type: str
        required: true
      identity:
        description:
          - The resource id of a user-assigned identity that may read the secret.
        type: str
      secret_reference_uri:
        description:
          - The URI of the secret in the key vault.
        type: str
  identity_acls:
    description:
      - Which processes may use which identity of the group. Needs API version 2025-09-01.
      - Whether they can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      default_access:
        description:
          - Who may use identities that O(identity_acls.acls) does not have.
        type: str
        choices: [All, System, User]
      acls:
        description:
          - Who may use an identity.
        type: list
        elements: dict
        suboptions:
          identity:
            description:
              - The resource id of the identity.
            type: str
            required: true
          access:
            description:
              - Who may use it.
            type: str
            choices: [All, System, User]
  container_group_profile:
    description:
      - The profile that the group is made from. Needs API version 2025-09-01.
      - Whether it can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      id:
        description:
          - The resource id of the profile.
        type: str
      revision:
        description:
          - Its revision.
        type: int
  standby_pool_profile:
    description:
      - The standby pool that the group is taken from. Needs API version 2025-09-01.
      - Whether it can be changed in place is not known; it is tried.
    type: dict
    suboptions:
      id:
        description:
          - The resource id of the pool.
        type: str
      fail_container_group_create_on_reuse_failure:
        description:
          - Whether to fail when the pool has no group left, instead of creating one anew.
        type: bool
seealso:
  - module: azure_containers.aci.aci_group_info
  - module: azure_containers.aci.aci_logs
  - module: azure_containers.aci.resource_group
  - name: Container groups in Azure Container Instances
    description: What a container group is, and what its properties mean.
    link: https://learn.microsoft.com/azure/container-instances/container-instances-container-groups
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Run one container with a public address
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    os_type: Linux
    containers:
      - name: web
        image: mcr.microsoft.com/azuredocs/aci-helloworld
        ports:
          - port: 80
        resources:
          requests:
            cpu: 1
            memory_in_gb: 1.5
    ip_address:
      type: Public
      dns_name_label: shop-web
      ports:
        - port: 80
  register: shop

- name: Show where it is
  ansible.builtin.debug:
    msg: "http://{{ shop.container_group.fqdn }}/"

# Nothing but the image is given, so nothing but the image changes. Run it with --check --diff to see what it would cost.
- name: Deploy another version
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    containers:
      - name: web
        image: registry.example.com/shop/web:2.1.0

- name: Run an application with a sidecar and probes
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-multi
    containers:
      - name: app
        image: mcr.microsoft.com/azuredocs/aci-helloworld
        ports:
          - port: 80
        readiness_probe:
          http_get:
            path: /
            port: 80
          period_seconds: 5
      - name: sidecar
        image: mcr.microsoft.com/azuredocs/aci-tutorial-sidecar
        resources:
          requests:
            cpu: 0.5
            memory_in_gb: 0.5

- name: Run a task to its end
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-report
    restart_policy: Never
    containers:
      - name: wordcount
        image: mcr.microsoft.com/azuredocs/aci-wordcount
        environment_variables:
          - name: NumWords
            value: "5"
          - name: MinLength
            value: "8"
    wait_for: completed
    allowed_exit_codes: [0, 3]
  register: report

- name: Show its exit code
  ansible.builtin.debug:
    msg: "{{ report.container_group.containers[0].instance_view.current_state.exit_code }}"

- name: Run it again
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-report
    state: restarted
    wait_for: completed

- name: Run a container in a subnet
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-internal
    containers:
      - name: api
        image: mcr.microsoft.com/azuredocs/aci-helloworld
        ports:
          - port: 80
    ip_address:
      type: Private
      ports:
        - port: 80
    subnet_ids:
      - id: "{{ subnet_id }}"
    dns_config:
      name_servers: [10.0.0.4, 10.0.0.5]

- name: Pull from a private registry with an identity instead of a password
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-private
    identity:
      type: UserAssigned
      user_assigned_identities:
        - "{{ pull_identity_id }}"
    image_registry_credentials:
      - server: shop.azurecr.io
        identity: "{{ pull_identity_id }}"
    containers:
      - name: app
        image: shop.azurecr.io/app:1.0.3

- name: Give a container secrets, as a variable and as files, and a share
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-worker
    containers:
      - name: worker
        image: registry.example.com/shop/worker:1.4.0
        environment_variables:
          - name: QUEUE
            value: orders
          - name: QUEUE_KEY
            secure_value: "{{ queue_key }}"
        volume_mounts:
          - name: certificates
            mount_path: /etc/worker/certificates
            read_only: true
          - name: spool
            mount_path: /var/spool/worker
    volumes:
      - name: certificates
        secret:
          client.pem: "{{ client_certificate | ansible.builtin.b64encode }}"
      - name: spool
        azure_file:
          share_name: spool
          storage_account_name: shopfiles
          storage_account_key: "{{ storage_key }}"

# Nothing restarts when only tags change.
- name: Tag the group, and remove all other tags but those that the platform owns
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    tags:
      owner: web-team
      stage: production
    purge_tags: true
    ignore_tags:
      - hidden-*
      - policy-*

# CPU and memory cannot be changed in place. Without recreate, this would fail and say so.
- name: Give the container more memory, whatever it takes
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    containers:
      - name: web
        resources:
          requests:
            memory_in_gb: 4
    recreate: when_needed

- name: Remove the address
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    ip_address: {}

# The group's name is in the file. Where that has ${DB_PASSWORD} without quotes, the value is put in.
- name: Make the group what a file for az container create says
  azure_containers.aci.aci_group:
    resource_group: shop
    definition_file: shop-web.yml
    definition_variables:
      DB_PASSWORD: "{{ vaulted_db_password }}"

- name: Stop paying for it over night
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    state: stopped

- name: Start it in the morning
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    state: started

- name: Remove it
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    state: absent
"""

RETURN = r"""
action:
  description:
    - What was done, or would be in check mode. V(tagged) is a change of tags alone.
  returned: success
  type: str
  choices: [none, created, updated, recreated, tagged, started, stopped, restarted, repulled, deleted]
  sample: updated
changes:
  description:
    - What differs, one entry a property, also in check mode. Secrets are shown as a fixed word.
  returned: success, and when a change was refused
  type: list
  elements: dict
  contains:
    property:
      description:
        - The option that differs. Elements of lists are named, as in V(containers[web].ports[80/TCP]).
        - V(state) is the state of the group.
        - V(containers[web].image (digest\)) is the digest of an image whose tag has moved. See O(image_update).
      type: str
      returned: always
      sample: containers[web].image
    before:
      description:
        - Its value in the live group, null when it has none.
      type: raw
      returned: always
      sample: registry.example.com/shop/web:2.0.0
    after:
      description:
        - Its value once the change is made, null when it is removed.
      type: raw
      returned: always
      sample: registry.example.com/shop/web:2.1.0
    effect:
      description:
        - What the change costs.
        - V(config_map) is a change of config maps and of nothing else, which restarts nothing. When the containers restart all the same, the
          result says V(in_place). It was added in version 1.1.0.
        - V(tags) restarts nothing. V(in_place) restarts all containers, and the address usually stays. V(redeploy) runs a stopped or finished
          group again, and its address may change. V(recreate) deletes the group and creates it anew.
        - V(in_place_or_recreate) is decided by the service, so only check mode says it.
        - V(create), V(delete), V(start), V(stop) and V(restart) are what happens to the group as a whole.
      type: str
      choices: [create, delete, start, stop, restart, tags, config_map, in_place, redeploy, in_place_or_recreate, recreate]
      returned: always
      sample: in_place
container_group:
  description:
    - The container group. Its properties have the names that they have as options, and the values that the service gives.
    - In check mode it is what the group would be, without what only the service knows. With O(state=absent) it is the group that was removed.
    - Properties that the service does not give are missing. Secrets are never there.
  returned: success, unless the group did not exist before the removal; and on failure when the group could be read
  type: dict
  contains:
    id:
      description: The resource id.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-web
    resource_group:
      description: The name of its resource group.
      type: str
      returned: always
      sample: shop
    subscription_id:
      description: The subscription that it is in.
      type: str
      returned: always
      sample: 00000000-0000-0000-0000-000000000000
    location:
      description: The region.
      type: str
      returned: always
      sample: westeurope
    tags:
      description: The tags, by name.
      type: dict
      returned: always
      sample:
        owner: web-team
    state:
      description:
        - The state of the group as a whole.
        - V(Succeeded) and V(Failed) are for groups whose containers have ended, V(Stopped) for those that were stopped.
        - V(Unknown) is what the service shows while it repairs the group. Other values are possible; they are those of the service.
      type: str
      returned: always
      sample: Running
    provisioning_state:
      description:
        - How the last operation on the group ended. It says nothing about the containers.
      type: str
      returned: always
      sample: Succeeded
    ip:
      description: The address, null when there is none (yet).
      type: str
      returned: always
      sample: 20.76.10.11
    fqdn:
      description: The name in the DNS, null when there is none.
      type: str
      returned: always
      sample: shop-web.westeurope.azurecontainer.io
    orchestrator_id:
      description: The resource ID of the NGroup that made the group, null when none did.
      type: str
      returned: always
      version_added: 1.1.0
    events:
      description: Events of the group as a whole. Those of a container are in its C(instance_view).
      type: list
      elements: dict
      returned: always
      sample: []
    os_type:
      description: The operating system.
      type: str
      returned: always
      sample: Linux
    restart_policy:
      description: The restart policy. The service leaves it out when it was never given, and means V(Always).
      type: str
      returned: when the service gives it
      sample: Always
    sku:
      description: The kind of hardware.
      type: str
      returned: when the service gives it
      sample: Standard
    ip_address:
      description: The address with its properties.
      type: dict
      returned: when the group has an address
      sample:
        type: Public
        ip: 20.76.10.11
        fqdn: shop-web.westeurope.azurecontainer.io
        dns_name_label: shop-web
        auto_generated_domain_name_label_scope: Unsecure
        ports:
          - port: 80
            protocol: TCP
    containers:
      description: The containers.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: The name.
          type: str
          returned: always
          sample: web
        image:
          description: The image.
          type: str
          returned: always
          sample: mcr.microsoft.com/azuredocs/aci-helloworld
        environment_variables:
          description: The environment variables. Secure ones have a name only.
          type: list
          elements: dict
          returned: when the service gives them
          sample:
            - name: QUEUE
              value: orders
            - name: QUEUE_KEY
        resources:
          description: What the container gets of a machine.
          type: dict
          returned: always
          sample:
            requests:
              cpu: 1.0
              memory_in_gb: 1.5
        instance_view:
          description: What the container does just now.
          type: dict
          returned: once the service has begun to start the container
          contains:
            restart_count:
              description: How often the service restarted the container by itself.
              type: int
              returned: always
              sample: 0
            current_state:
              description:
                - The current run.
              type: dict
              returned: always
              contains:
                state:
                  description: V(Waiting), V(Running) or V(Terminated).
                  type: str
                  returned: always
                  sample: Terminated
                start_time:
                  description: When it started.
                  type: str
                  returned: once it has started
                  sample: "2026-05-04T09:31:11.771Z"
                finish_time:
                  description: When it ended.
                  type: str
                  returned: once it has ended
                  sample: "2026-05-04T09:31:14.906Z"
                exit_code:
                  description: The exit code.
                  type: int
                  returned: once it has ended by itself
                  sample: 0
                detail_status:
                  description: More about the state.
                  type: str
                  returned: when the service gives it
                  sample: Completed
            previous_state:
              description: The run before this one, with the same keys.
              type: dict
              returned: when there was one
              sample:
                state: Terminated
                exit_code: 1
                detail_status: Error
            events:
              description: What happened to the container.
              type: list
              elements: dict
              returned: when there are any
              sample:
                - name: Started
                  type: Normal
                  message: Started container
                  count: 1
                  first_timestamp: "2026-05-04T09:31:11Z"
                  last_timestamp: "2026-05-04T09:31:11Z"
    init_containers:
      description: The init containers, with the same keys as containers, but without ports and resources.
      type: list
      elements: dict
      returned: always
      sample: []
secrets_not_compared:
  description:
    - The secrets that the task gives and that the service does not tell, so that a difference in them would not be noticed.
    - They are sent whenever anything else changes.
  returned: success
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[QUEUE_KEY].secure_value
    - volumes[certificates].secret
lost:
  description:
    - What the recreation costs besides the run of the containers, one phrase each. An address, a name, an identity with its role assignments, logs.
    - In check mode it is also there for changes whose effect is V(in_place_or_recreate), if O(recreate) allows a recreation.
  returned: success, and when the task fails before a recreation, as with the code RecreateNeeded
  type: list
  elements: str
  version_added: 1.1.0
  sample:
    - the address 20.76.10.11
    - its hold on the name shop-web.westeurope.azurecontainer.io, which others can take meanwhile (scope Unsecure)
    - the logs of its runs so far
probe:
  description:
    - What trying the new definition takes, before the old group is replaced (O(recreate=probed)). Null when nothing is tried.
  returned: success
  type: dict
  version_added: 1.1.0
  contains:
    name:
      description: The name of the group that tries it.
      type: str
      returned: always
      sample: shop-web-probe
    quota:
      description: The quota that it needs beside the old group, by the name of the usage.
      type: dict
      returned: always
      sample:
        ContainerGroups: 1
        StandardCores: 2
    cpu:
      description: The cores that are paid for twice meanwhile.
      type: float
      returned: always
      sample: 2
    memory_in_gb:
      description: The memory that is paid for twice meanwhile.
      type: float
      returned: always
      sample: 3
    seconds_at_most:
      description: For how long at most, in seconds, without its removal.
      type: float
      returned: always
      sample: 2100
unverified:
  description:
    - What may still go wrong after the delete of a recreation, and could not be asked before it. Also in check mode.
  returned: success, and when a recreation was refused by an answer
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    check:
      description: What it is about.
      type: str
      returned: always
      choices: [locks, permissions, policy, quota, capacity, image]
      sample: policy
    reason:
      description: Why it is not known.
      type: str
      returned: always
      sample: >-
        Azure does not say beforehand whether the region westeurope has room for the group.
overridden:
  description:
    - Tags that were written and are not as the task says, since a policy or another writer overrides them.
    - Such a tag is no change. Check mode cannot know of it, and predicts the change.
    - Another property that is not as it was sent is a failure, C(NotApplied).
  returned: success
  type: list
  elements: dict
  contains:
    property:
      description: The tag.
      type: str
      returned: always
      sample: tags[env]
    wanted:
      description: What the task says; null for a tag that it removes.
      type: str
      returned: always
      sample: dev
    live:
      description: What the group has; null for a tag that it does not have.
      type: str
      returned: always
      sample: prod
  version_added: 1.1.0
images:
  description: The images of the containers, init containers first, with what was found out about their digests.
  returned: success, unless O(image_update=ignore) or O(state=absent)
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    container:
      description: The name of the container.
      type: str
      returned: always
      sample: web
    init:
      description: Whether it is an init container.
      type: bool
      returned: always
      sample: false
    image:
      description: The image, as the task or the live group names it.
      type: str
      returned: always
      sample: registry.example.com/shop/web:2.1
    running_digest:
      description: The digest that runs, by the recorded pull events. Null when it is not known or was not looked for.
      type: str
      returned: always
      sample: sha256:b9cec4d6b50c6bf25e3f7f93bdc1628e5dca972cf132d38ed8f5bc955bb179c3
    registry_digest:
      description: The digest that the tag names at its registry. Null when it is not known or was not asked for.
      type: str
      returned: always
      sample: sha256:b9cec4d6b50c6bf25e3f7f93bdc1628e5dca972cf132d38ed8f5bc955bb179c3
    moved:
      description: Whether another digest runs, or is pinned, than the tag names.
      type: bool
      returned: always
      sample: false
    reason:
      description: Why a digest is not known, or was not asked for.
      type: str
      returned: always
      sample: null
attempts:
  description: The attempts to provision a new group. See O(provisioning_attempts).
  returned: when a group was created, or could not be; not in check mode
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    attempt:
      description: The number of the attempt, from 1.
      type: int
      returned: always
      sample: 1
    succeeded:
      description: Whether it succeeded.
      type: bool
      returned: always
      sample: false
    code:
      description: The code of its error, null when it succeeded.
      type: str
      returned: always
      sample: ServiceUnavailable
    message:
      description: What went wrong, null when it succeeded.
      type: str
      returned: always
      sample: The requested resource is not available in the location 'westeurope' at this moment.
    duration:
      description: How many seconds it took.
      type: float
      returned: always
      sample: 12.5
saved_logs:
  description: The logs that were saved, one entry a container. Empty when nothing ended their run.
  returned: when O(save_logs) is given, also on failure
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    container_group:
      description: The name of the container group.
      type: str
      returned: always
      sample: shop-web
    container:
      description: The name of the container.
      type: str
      returned: always
      sample: web
    init:
      description: Whether it is an init container.
      type: bool
      returned: always
      sample: false
    path:
      description: The file with the log, null when there is none. In check mode, the file that would be written.
      type: str
      returned: always
      sample: /var/log/aci/shop.shop-web.web.20260301T093000Z.log
    reason:
      description: Why there is no file, or why what came last is missing in it. Null when all of the log was saved.
      type: str
      returned: always
      sample: null
doubts:
  description:
    - Documented limits that what was sent, or would be sent, does not keep.
    - What the live group already has is not in it.
  returned: success, and when the task is refused because of them
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the limit.
      type: str
      returned: always
      sample: reserved_ports
    path:
      description: The option that does not keep it.
      type: str
      returned: always
      sample: containers[web].ports
    message:
      description: What is documented.
      type: str
      returned: always
      sample: the service reserves port 22 for itself.
    evidence:
      description: Who documents it.
      type: str
      returned: always
      sample: "Documentation: troubleshooting, reserved ports, 2025-11."
  sample: []
diff:
  description:
    - The changed properties before and after, by name. Secrets are shown as a fixed word.
  returned: in diff mode
  type: dict
  sample:
    before_header: shop/shop-web
    after_header: shop/shop-web
    before:
      containers[web].image: registry.example.com/shop/web:2.0.0
    after:
      containers[web].image: registry.example.com/shop/web:2.1.0
secrets_missing:
  description:
    - The secrets that the live group has, that the task does not give, and that the change would have dropped.
  returned: when the task fails with the code SecretsMissing or NotRestorable
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[QUEUE_KEY].secure_value
exit_codes:
  description:
    - The exit code of each container's last run that has ended, by name. Null where the service gives none, as after a stop or an
      infrastructure error. Of init containers, those that failed.
  returned: when the task fails because the containers do not run, or did not end, as waited for
  type: dict
  sample:
    worker: 3
failure_logs:
  description:
    - What the containers that failed wrote last, in the order in which they run. Those are the containers that ended with an exit code that is not
      allowed, that crash again and again, or whose probe fails. When there are none and the time is over, the ones that are still waited for.
    - A log that cannot be read never hides why the task failed.
  returned: when the containers do not run, or did not end, as waited for, unless O(failure_log_lines=0)
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    container_group:
      description: The name of the group.
      type: str
      returned: always
      sample: shop-web
    container:
      description: The name of the container.
      type: str
      returned: always
      sample: worker
    init:
      description: Whether it is an init container.
      type: bool
      returned: always
      sample: false
    exit_code:
      description: The exit code of its last run that has ended, null when there is none.
      type: int
      returned: always
      sample: 127
    available:
      description: Whether its log could be read.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why the log could not be read, null when it was.
      type: str
      returned: always
      sample: null
    lines:
      description: The last lines of the log, with control characters escaped, an escape as C(\x1b).
      type: list
      elements: str
      returned: always
      sample: ["worker: QUEUE_URL is not set"]
    events:
      description: The last events of the container.
      type: list
      elements: dict
      returned: always
      sample: []
    hint:
      description: What to check, by the exit code, the events and the log. Null when nothing stands out.
      type: str
      returned: always
      sample: "Its command was not found: check command, and what the image has."
recovery_file:
  description:
    - Where the definition of a group that was deleted to be recreated is kept. Run the task again to go on from it.
  returned: when such a group is gone or its fate is not known
  type: str
  sample: /home/ops/.azure/aci-recovery/00000000-0000-0000-0000-000000000000.shop.shop-web.json
restored:
  description:
    - Whether the old group, which was deleted to be recreated, was restored. RV(restore_reason) says why (not).
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: bool
  sample: true
restore_reason:
  description:
    - What became of the group, and why it was or was not restored.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: str
  version_added: 1.1.0
  sample: >-
    The container group shop-web in resource group shop was deleted to be recreated; its old definition was restored.
definition:
  description:
    - What the group should have been, in ARM's own form, with a fixed word in place of each secret.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: dict
  sample:
    location: westeurope
    properties:
      osType: Linux
missing_actions:
  description:
    - The actions that the identity may not do, when Azure refuses with V(AuthorizationFailed) or V(LinkedAuthorizationFailed).
    - The guide on permissions lists the actions that each module needs.
  returned: when the identity lacks a permission
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    action:
      description: The action, as a role names it.
      type: str
      returned: always
      sample: Microsoft.ContainerInstance/containerGroups/read
    scope:
      description: The resource that it is needed on.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop
previous_definition:
  description:
    - What the group was, in the same form. Secrets that the service does not return are missing.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: dict
  version_added: 1.1.0
  sample:
    location: westeurope
    properties:
      osType: Linux
failed_group:
  description:
    - The new group as it was when it failed, like RV(container_group), which is the restored one then.
  returned: when a new group that failed was replaced by the old one
  type: dict
  version_added: 1.1.0
error:
  description:
    - What went wrong, for programs. The message for people is in C(msg).
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials), V(ConnectionFailed),
          V(CertificateNotTrusted), V(RecreateNeeded), V(SecretsMissing), V(ContainerGroupNotFound), V(ImagePullFailed), V(CrashLoop),
          V(ContainerFailed), V(ProvisioningFailed) and V(TimedOut).
      type: str
      returned: always
      sample: RecreateNeeded
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: The container group 'shop-web' is still transitioning, please retry later.
    status:
      description: The HTTP status that Azure answered with, null when it was not asked.
      type: int
      returned: always
      sample: 409
    request_id:
      description: The id of the request, which Azure's support asks for, null when there was none.
      type: str
      returned: always
      sample: westeurope:6c2b7f0e-6f6a-4c8a-9a6c-0a1f6c1b9f0e
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Only now: an older Python cannot read them.
    from ..module_utils._engines.aci_group import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
