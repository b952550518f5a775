#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_run
short_description: Run containers to their end in Azure Container Instances
version_added: 1.0.0
description:
  - Creates a container group, waits until its containers have ended, collects what each wrote and its exit code, and removes the group.
  - The task fails when a container ends with an exit code that is not in O(allowed_exit_codes), when one crashes again and again, when an image
    cannot be pulled, and when it takes too long. What is known until then is in the result.
  - While the task waits, the lines of the logs are shown as they come, each with the name of its container, and from time to time the state.
    This needs a task that runs on the controller itself, without C(async), C(become) and C(environment), and somebody who looks,
    at a terminal, with C(-v), or with E(ANSIBLE_AZURE_ACI_PROGRESS=true) in the log of a pipeline. See O(stream).
  - The group is tagged with C(run_id) and C(expires_at). When a run is interrupted, its group can be found and removed by these.
  - For a group that stays, use M(azure_containers.aci.aci_group).
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is run. The definition is checked as far as that is possible without the service.
  diff_mode:
    support: none
  idempotent:
    support: none
options:
  resource_group:
    description:
      - The resource group to run in. It must exist. M(azure_containers.aci.resource_group) creates one.
    type: str
    required: true
  name:
    description:
      - The name of the container group.
      - 1 to 63 lower-case letters, digits and hyphens; no hyphen at either end, and no two in a row.
      - A group of that name that is not of this run is refused, unless it is one of an earlier run that has expired. See O(ttl).
      - Needed unless O(definition) or O(definition_file) has it. One that differs from theirs is refused.
    type: str
  cleanup:
    description:
      - When to remove the group.
      - V(always) is after a failure also, as far as the service can be reached, but see O(on_unreadable). RV(removed) tells whether it was.
      - V(on_success) leaves a group that failed, to look into it. It costs nothing while none of its containers runs.
      - V(never) leaves the group. Its name stays taken.
    type: str
    choices: [always, on_success, never]
    default: always
  on_unreadable:
    description:
      - What to do with the group when the service could not be read until O(wait_timeout) was over, or refuses to be read. Whether the
        containers still run is not known then.
      - V(leave) leaves it, so that a job that still works is not cut off. RV(left_behind) names it, and a later run removes it once it has expired.
      - V(remove) sends one delete for the group without having read it. It may cut off a job that still works.
      - Only with O(cleanup=always). With the other values the group is left.
    type: str
    choices: [leave, remove]
    default: leave
    version_added: 1.1.0
  save_logs:
    description:
      - A folder on the host that the task runs on, in which the log of every container is written to a file
        before the group is removed, also that of a group which an earlier run left.
      - The folder is made with mode 0700 when it is missing. It must belong to the user that runs the task, and must not be a symbolic link, nor
        be writable by others unless it has the sticky bit. Files have mode 0600. An existing file or link is never written to.
      - A file is named after resource group, container group, container and the start of the run, as in
        C(shop.shop-web.web.20260301T093000Z.log). A further one of the same name ends with C(-2).
      - A log is written as the container wrote it, without the secrets that the task gives and without credentials in URLs. Nobody knows which
        other secrets a container writes.
      - A folder that will not do is refused before anything is created. A file that cannot be written once the containers have run is a
        warning, and the group is removed, since RV(containers[].content) has the log as well.
      - A group that is left keeps its logs, so they are not written.
      - Check mode reads the logs and checks the folder, but writes nothing.
    type: path
    version_added: 1.1.0
  stream:
    description:
      - Whether log lines and states are shown while the task waits. Nothing is shown with C(no_log), or where the module runs in a process of its
        own.
      - Secrets that the task gives are not shown, but nobody knows which others a container writes.
    type: bool
    default: true
  run_id:
    description:
      - A name for this run, of letters, digits, dots, underscores and hyphens. When not given, a random one.
      - When the group exists with this C(run_id), the task takes it over and waits for its end. With a fixed name a task that was interrupted
        can be repeated without running anything twice.
    type: str
  ttl:
    description:
      - How long the group may exist, as V(90m), V(2h) or V(1d12h). Make it longer than O(wait_timeout).
      - Each run begins by removing the groups that earlier runs left in the resource group and that have expired. These are groups that have
        both tags, C(run_id) and C(expires_at) with a time in the past, and no tag C(keep). RV(swept) lists them. What cannot be removed is a
        warning. M(azure_containers.aci.aci_prune) removes them too.
      - The tag C(expires_at) has the time, unless O(tags) gives another. When this is not given, it is O(wait_timeout) and one hour.
      - The service does not remove the group by itself.
    type: str
  wait_timeout:
    description:
      - How many seconds the containers may take to their end. Then the task fails, and the group is removed with O(cleanup=always).
      - The containers do not know of it. When the group cannot be removed, or is left, they run on and cost money, so put a time limit into
        the command as well, as in V([timeout, '1800', /job]).
      - A service that does not answer is waited for as long. See O(on_unreadable).
    type: int
    default: 3600
  allowed_exit_codes:
    description:
      - The exit codes that count as success.
    type: list
    elements: int
    default: [0]
  image_pull_timeout:
    description:
      - How many seconds an image may fail to be pulled before the task gives up.
    type: int
    default: 120
  max_restarts:
    description:
      - How often the service may restart a container that crashes before the task gives up, with O(restart_policy=OnFailure).
    type: int
    default: 5
  provisioning_attempts:
    description:
      - How often the group may be provisioned, when that fails before any of its containers has started. That is when the region has no capacity,
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
  definition:
    description:
      - The whole group, in the form that ARM has, as for M(azure_containers.aci.aci_group). Other options are laid over it.
      - Its restart policy must be V(OnFailure) or V(Never), there or in O(restart_policy).
    type: dict
  definition_file:
    description:
      - A file with O(definition), in YAML or JSON, on the host that the task runs on, as for M(azure_containers.aci.aci_group).
    type: path
  definition_variables:
    description:
      - The values of the variables in O(definition_file), by their names. They are text, whatever they contain, and are masked wherever they
        land.
      - A variable of the file that has no value here is refused.
    version_added: 1.1.0
    type: dict
  extra_properties:
    description:
      - Properties that this module does not know, in the form that ARM has, merged into the request.
    type: dict
  validation:
    description:
      - What happens when the definition does not keep a limit that is documented, but that the service is not known to enforce.
      - V(warn) sends it with a warning, lists it in RV(doubts), and names it as the likely reason when the service refuses.
      - V(strict) fails before anything is sent. V(off) says nothing.
      - What contradicts itself, or what the service is known to refuse, always fails before anything is sent.
        R(The guide,ansible_collections.azure_containers.aci.docsite.guide_checks) lists all of it with its evidence.
    version_added: 1.1.0
    type: str
    choices: [warn, strict, 'off']
    default: warn
  api_version:
    description:
      - The API version of the service to use, instead of the newest that both know.
    type: str
  tags:
    description:
      - Tags of the container group, by name, besides those of the module itself.
    type: dict
  location:
    description:
      - The region, as V(westeurope) or V(West Europe).
      - When it is not given, the group is created in the region of its resource group.
    type: str
  zones:
    description:
      - The availability zones of the group. The service takes one.
    type: list
    elements: str
  identity:
    description:
      - The managed identity of the group, for its containers and for pulling images.
    type: dict
    suboptions:
      type:
        description:
          - The kind of the identity.
        type: str
        choices: [None, SystemAssigned, UserAssigned, 'SystemAssigned, UserAssigned']
      user_assigned_identities:
        description:
          - The resource ids of the user-assigned identities.
        type: list
        elements: str
  os_type:
    description:
      - The operating system of the containers.
      - When it is not given, V(Linux). Only Linux groups can have several containers.
    type: str
    choices: [Linux, Windows]
  restart_policy:
    description:
      - What happens when a container ends. When it is not given, nothing (V(Never)), unless a definition has another.
      - With V(OnFailure) the service runs a container again until it ends with 0. V(Always) is refused, since such a group does not end.
    type: str
    choices: [Always, OnFailure, Never]
  sku:
    description:
      - The kind of hardware. When it is not given, the service takes V(Standard).
    type: str
    choices: [Standard, Dedicated, Confidential]
  priority:
    description:
      - V(Spot) is cheaper and can be evicted at any time. Such a group cannot have an address or be in a subnet.
      - When it is not given, the service takes V(Regular).
    type: str
    choices: [Regular, Spot]
  containers:
    description:
      - The containers of the group. They share its address, its network and its volumes, and start together.
      - Needed unless O(definition), O(definition_file) or O(container_group_profile) brings them.
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
          - The image, with its registry unless it is Docker Hub's, and its tag or digest. Required.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of what the image would run. There is no shell, unless you name one.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables.
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
              - Its value, which anybody who may read the group can see. A text or a whole number. Quote everything else, since YAML would turn
                V(true) into V(True) and V(1.10) into V(1.1).
            type: raw
          secure_value:
            description:
              - Its value, when it is a secret. The service never gives it back.
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
              - What the container is sure to get, and what is paid for.
              - All containers of a group together need at least 1 CPU and 1 GB.
            type: dict
            suboptions:
              cpu:
                description:
                  - CPU cores. A container gets 1 when this is not given.
                type: float
              memory_in_gb:
                description:
                  - Memory in GB. A container gets 1.5 when this is not given.
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
          - Where the O(volumes) of the group appear in the container.
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
          - How the service finds out that the container hangs. It then restarts the container.
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
          - How the service finds out that the container can serve. Until then it gets no traffic.
          - Its outcome shows in the events of the container only.
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
          - What the container may do.
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
        type: dict
        suboptions:
          key_value_pairs:
            description:
              - The values by name.
            type: dict
  init_containers:
    description:
      - Containers that run one after another, each to its end, before those of O(containers) start. Their order matters.
      - They have no ports and no resources of their own.
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
          - The image. Required.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of what the image would run. An empty list gives the image's own command back.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables.
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
              - Its value, which anybody who may read the group can see. A text or a whole number. Quote everything else, since YAML would turn
                V(true) into V(True) and V(1.10) into V(1.1).
            type: raw
          secure_value:
            description:
              - Its value, when it is a secret. The service never gives it back.
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
          - Where the O(volumes) of the group appear in the container.
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
          - What the container may do.
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
      - How to sign in to registries from which images are pulled, one entry a registry.
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
      - The address of the group. Without it the group cannot be reached.
      - O(ip_address.type) and O(ip_address.ports) are needed once there is an address.
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
          - Within what the label is safe from being taken by others once this group is gone. All but V(Unsecure), which is what the service takes
            when nothing is given, add a hash to the name.
        type: str
        choices: [Unsecure, TenantReuse, SubscriptionReuse, ResourceGroupReuse, Noreuse]
  volumes:
    description:
      - Volumes that the containers can mount. Each has a name and one of the other options.
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
      - Name resolution in the containers, for groups in a subnet.
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
      - Where the service sends logs.
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
      - A key of your own for what the service stores of the group.
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
      - Extensions of the service, as virtual nodes use them.
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
notes:
  - What a container has written is kept by this module as it comes. Of a container that has ended, the service itself gives 16 KB or 1000 lines
    only, so of a container that writes much in the second before it ends, the begin may be missing.
  - An interruption of Ansible itself (Ctrl-C, a signal) leaves the group. Find it by the tag C(run_id) with
    M(azure_containers.aci.aci_group_info) and remove it.
seealso:
  - module: azure_containers.aci.aci_prune
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_logs
  - module: azure_containers.aci.aci_exec
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Count words in a container that is gone afterwards
  azure_containers.aci.aci_run:
    resource_group: reports
    name: count-words
    containers:
      - name: count
        image: mcr.microsoft.com/azuredocs/aci-wordcount
        environment_variables:
          - name: NumWords
            value: 3
  register: count

- name: Show what it found
  ansible.builtin.debug:
    var: count.containers[0].lines

- name: Migrate the database, and keep the group when that fails
  azure_containers.aci.aci_run:
    resource_group: shop
    name: shop-migration
    cleanup: on_success
    wait_timeout: 900
    containers:
      - name: migrate
        image: registry.example/shop/migrate:2.4
        command: [/app/migrate, --to, latest]
        environment_variables:
          - name: DATABASE_URL
            secure_value: "{{ shop_database_url }}"
    image_registry_credentials:
      - server: registry.example
        username: shop
        password: "{{ registry_password }}"

- name: Remove what interrupted runs left
  azure_containers.aci.aci_prune:
    resource_groups: [reports]
    expired: true
    tags: [run_id]
    state: absent
"""

RETURN = r"""
run_id:
  description: The id of the run, as in the tag of that name.
  returned: always, unless the options are wrong
  type: str
  sample: 4f1c0a52b6e94d6f8f5d1a3b7c9e2d10
expires_at:
  description: When the group may be removed by others, as in the tag of that name.
  returned: always, unless the options are wrong
  type: str
  sample: "2026-03-01T12:00:00Z"
doubts:
  description:
    - Documented limits that what was sent, or would be sent, does not keep.
    - What the live group already has is not in it.
  returned: always, unless the options are wrong, and when the task is refused because of them
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
containers:
  description: What came of each container, init containers first. Empty in check mode.
  returned: when the group was created
  type: list
  elements: dict
  contains:
    name:
      description: The name of the container.
      type: str
      returned: always
      sample: count
    init:
      description: Whether it is an init container.
      type: bool
      returned: always
      sample: false
    state:
      description: The state it was last seen in, null when it never started.
      type: str
      returned: always
      sample: Terminated
    exit_code:
      description: The exit code of its last run, null when it has not ended, or when the service gives none.
      type: int
      returned: always
      sample: 0
    detail_status:
      description: What the service says of the state.
      type: str
      returned: always
      sample: Completed
    start_time:
      description: When its last run began.
      type: str
      returned: always
      sample: "2026-03-01T09:30:02.000Z"
    finish_time:
      description: When its last run ended.
      type: str
      returned: always
      sample: "2026-03-01T09:30:07.500Z"
    duration:
      description: How many seconds its last run took.
      type: float
      returned: always
      sample: 5.5
    restart_count:
      description: How often the service ran it again.
      type: int
      returned: always
      sample: 0
    available:
      description: Whether the service had a log of it.
      type: bool
      returned: always
      sample: true
    content:
      description: What it wrote.
      type: str
      returned: always
      sample: "the 1200\n"
    lines:
      description: The same, as a list of lines.
      type: list
      elements: str
      returned: always
      sample: [the 1200]
exit_codes:
  description: The exit code of each container that is no init container, by name. Null where there is none.
  returned: when the group was created
  type: dict
  sample:
    count: 0
failure_logs:
  description:
    - What the containers that failed wrote last, in the order in which they run. Those are the containers that ended with an exit code that is not
      allowed, that crash again and again, or whose probe fails. When there are none and the time is over, the ones that are still waited for.
    - A log that cannot be read never hides why the task failed.
  returned: when the containers do not end as waited for, unless O(failure_log_lines=0)
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
duration:
  description: How many seconds the task took, up to the removal of the group.
  returned: when the group was created, not in check mode
  type: float
  sample: 31.2
swept:
  description: The groups that earlier runs had left, that had expired, and that this run removed.
  returned: always, unless the options are wrong
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    id:
      description: The resource id of the group.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/reports/providers/Microsoft.ContainerInstance/containerGroups/old
    expires_at:
      description: When it had expired.
      type: str
      returned: always
      sample: "2026-02-28T12:00:00Z"
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
  description: The logs that were saved, one entry a container. Empty when no group was removed.
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
left_behind:
  description: The group of this run when it was not removed, or when that is not known. Null when nothing is left.
  returned: when the group was created, and in check mode
  type: dict
  version_added: 1.1.0
  contains:
    id:
      description: The resource id of the group.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/reports/providers/Microsoft.ContainerInstance/containerGroups/job
    expires_at:
      description: When a later run, or M(azure_containers.aci.aci_prune), may remove it.
      type: str
      returned: always
      sample: "2026-03-01T12:00:00Z"
removed:
  description: Whether the group was removed.
  returned: when the group was created, and in check mode
  type: bool
  sample: true
container_group:
  description:
    - The group as it was last seen, like C(container_group) of M(azure_containers.aci.aci_group). In check mode, what it would be.
    - When the name is taken, the group that has it.
  returned: when it is known
  type: dict
  sample:
    name: count-words
    resource_group: reports
    location: westeurope
    state: Succeeded
    provisioning_state: Succeeded
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
error:
  description:
    - What went wrong, for programs. The message for people is in C(msg).
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code that Azure gave, or one of the module's own. Among those are V(ContainerFailed), V(CrashLoop), V(ImagePullFailed),
          V(ProvisioningFailed), V(TimedOut), V(NameTaken), V(CleanupFailed) and V(InvalidArguments).
      type: str
      returned: always
      sample: ContainerFailed
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: Container count ended with exit code 1 (Error).
    status:
      description: The HTTP status that Azure answered with, null when it was not asked or did not refuse.
      type: int
      returned: always
      sample: null
    request_id:
      description: The id of the request, which Azure's support asks for, null when there was none.
      type: str
      returned: always
      sample: null
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Only now: an older Python cannot read them.
    from ..module_utils._engines.aci_run import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
