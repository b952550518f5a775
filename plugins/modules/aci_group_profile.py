#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_group_profile
short_description: Manage a container group profile of Azure Container Instances
version_added: 1.0.0
description:
  - A profile is a definition of container groups that is kept in Azure. Groups, standby pools and others name it, and get from it what they do
    not say themselves.
  - The module compares the task with the live profile. Where they differ, it makes the next revision. Older revisions stay for those that name
    them, and no running group changes.
  - What is not given stays as it is. An empty list or dictionary removes.
  - The options are those of M(azure_containers.aci.aci_group) with the same meaning, but for those that belong to a single group.
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - Unless O(update_secrets=always).
options:
  resource_group:
    description:
      - The resource group that the profile is in.
    type: str
    required: true
  name:
    description:
      - The name of the profile. 1 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or a digit.
    type: str
    required: true
  state:
    description:
      - V(present) creates the profile, or makes its next revision when it differs.
      - V(absent) deletes the profile with all its revisions.
    type: str
    choices: [present, absent]
    default: present
  tags:
    description:
      - Tags of the profile, by name. They are merged with those that it has, unless O(purge_tags=true). Changing tags makes no revision.
      - Values are strings. Quote what YAML would read as something else (V("true"), V("1.10")).
    type: dict
  purge_tags:
    description:
      - Whether tags that O(tags) does not have are removed. Those that O(ignore_tags) matches stay.
      - While this is V(false), an empty O(tags) removes nothing.
    type: bool
    default: false
  ignore_tags:
    description:
      - Patterns of names of tags that others own, with C(*) and C(?). Such tags are never removed.
    type: list
    elements: str
    default: ["hidden-*"]
  extra_properties:
    description:
      - Properties in the form of Azure Resource Manager, for what has no option here. They are merged into the others as they are.
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
  update_secrets:
    description:
      - Secrets cannot be read back, so they are not compared. With V(with_changes) they are sent when something else makes a new revision.
      - With V(always) a secret that is given makes a new revision each time.
    type: str
    choices: [with_changes, always]
    default: with_changes
  location:
    description:
      - The region, as V(westeurope) or V(West Europe).
      - When it is not given, a new profile is created in the region of its resource group.
      - A profile cannot move, so the task fails when the live profile is somewhere else.
    type: str
  zones:
    description:
      - The availability zones of the group. The service takes one.
    type: list
    elements: str
  os_type:
    description:
      - The operating system of the containers.
      - When it is not given, a new profile gets V(Linux). Only Linux groups can have several containers.
    type: str
    choices: [Linux, Windows]
  restart_policy:
    description:
      - What happens when a container ends. When it is not given, the service restarts it (V(Always)).
      - V(OnFailure) and V(Never) are for tasks that end.
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
      - The containers of the group. They share its address, its network and its volumes, and start and stop together.
      - Needed to create a group. The list is complete, so a container that is missing from it is removed.
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
          - The same tag is not pulled again by a run that changes nothing.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of what the image would run. There is no shell, unless you name one.
          - An empty list gives the image's own command back.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables. The list is complete, and empty removes them all.
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
              - Its value, when it is a secret. The service never gives it back, so it is not compared.
              - It must be given again whenever anything else of the group changes, because the change carries the whole definition.
            type: raw
          secure_value_reference:
            description:
              - The name of one of the secret references of the groups that use the profile, from which the service takes the value.
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
          - How the service finds out that the container hangs. It then restarts the container. An empty dictionary removes the probe.
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
          - What the container may do. An empty dictionary removes it.
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
              - The values by name. An empty dictionary removes them.
            type: dict
  init_containers:
    description:
      - Containers that run one after another, each to its end, before those of O(containers) start. Their order matters.
      - They run again whenever the group starts or restarts. They have no ports and no resources of their own.
      - The list is complete, and empty removes them all.
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
          - The image. Required for a new container.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of what the image would run. An empty list gives the image's own command back.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables. The list is complete, and empty removes them all.
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
              - Its value, when it is a secret. The service never gives it back, so it is not compared.
              - It must be given again whenever anything else of the group changes, because the change carries the whole definition.
            type: raw
          secure_value_reference:
            description:
              - The name of one of the secret references of the groups that use the profile, from which the service takes the value.
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
          - What the container may do. An empty dictionary removes it.
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
          - The name of one of the secret references of the groups that use the profile, from which the service takes the password.
        type: str
      identity:
        description:
          - The resource id of a user-assigned identity that may pull, instead of a name and password.
        type: str
      identity_url:
        description:
          - The identity by its URL.
        type: str
  ip_address:
    description:
      - The address of the group. Without it the group cannot be reached. An empty dictionary removes it.
      - O(ip_address.type) and O(ip_address.ports) are needed once there is an address.
    type: dict
    suboptions:
      type:
        description:
          - V(Public) is an address in the internet, V(Private) one in the subnet of the groups that use the profile.
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
      - Volumes that the containers can mount. The list is complete, and empty removes them all. Each has a name and one of the other options.
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
              - The name of one of the secret references of the groups that use the profile, from which the service takes the key.
            type: str
          user_assigned_identity_client_id:
            description:
              - The client ID (a GUID) of one of the user-assigned identities of the groups that use the profile, with which the service
                opens the share. It takes the place of the key, and is no secret. Needs API version 2026-07-01.
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
          - Files with secrets, by name. The values are names of secret references of the groups that use the profile, from which the service takes
            the contents.
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
  shutdown_grace_period:
    description:
      - How long the containers of a group may take to end when it is shut down, as an ISO 8601 duration such as V(PT30S).
    type: str
    version_added: 1.1.0
  time_to_live:
    description:
      - How long a group may live, as an ISO 8601 duration such as V(PT2H) or V(P1DT12H).
    type: str
    version_added: 1.1.0
  diagnostics:
    description:
      - Where the service sends logs. An empty dictionary removes it.
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
          - The resource id of a user-assigned identity that may read the key.
        type: str
  extensions:
    description:
      - Extensions of the service, as virtual nodes use them. The list is complete, and empty removes them all.
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
seealso:
  - module: azure_containers.aci.aci_group
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Keep a definition for others to use
  azure_containers.aci.aci_group_profile:
    resource_group: shop
    name: shop-worker
    os_type: Linux
    restart_policy: OnFailure
    containers:
      - name: worker
        image: registry.example.com/worker:4.2
        resources:
          requests:
            cpu: 1
            memory_in_gb: 2
  register: worker

- name: Run a group from its newest revision
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-worker-1
    container_group_profile:
      id: "{{ worker.container_group_profile.id }}"
      revision: "{{ worker.container_group_profile.revision }}"

- name: Delete the profile with all its revisions
  azure_containers.aci.aci_group_profile:
    resource_group: shop
    name: shop-worker
    state: absent
"""

RETURN = r"""
action:
  description:
    - What was done, or would be in check mode. V(updated) is a new revision, V(tagged) a change of tags alone.
  returned: success
  type: str
  choices: [none, created, updated, tagged, deleted]
  sample: updated
changes:
  description:
    - What differs, one entry for each property. Secrets are masked.
  returned: success
  type: list
  elements: dict
  contains:
    property:
      description: The option, with the name of the element of a list in brackets.
      type: str
      returned: always
      sample: containers[worker].image
    before:
      description: The value before, null when there was none.
      type: raw
      returned: always
      sample: registry.example.com/worker:4.1
    after:
      description: The value after, null when there is none.
      type: raw
      returned: always
      sample: registry.example.com/worker:4.2
    effect:
      description: What the change costs. V(revision), V(tags), V(create) or V(delete).
      type: str
      returned: always
      sample: revision
container_group_profile:
  description:
    - The profile as it is now, or would be in check mode; its last state when it was deleted. Its properties have the names that they have as
      options. Secrets are never there.
  returned: success, null when there was none to delete
  type: dict
  contains:
    id:
      description: The resource id.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroupProfiles/shop-worker
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-worker
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
    revision:
      description: The number of the newest revision.
      type: int
      returned: always
      sample: 3
    tags:
      description: The tags, by name.
      type: dict
      returned: always
      sample: {}
    containers:
      description: The containers, as M(azure_containers.aci.aci_group_info) returns those of a group.
      type: list
      elements: dict
      returned: always
      sample:
        - name: worker
          image: registry.example.com/worker:4.2
          resources:
            requests:
              cpu: 1.0
              memory_in_gb: 2.0
revisions:
  description:
    - All revisions that the service keeps, the first one first, each like RV(container_group_profile). Empty where there is no profile.
  returned: success
  type: list
  elements: dict
  sample: []
secrets_not_compared:
  description:
    - The secrets that the task gives, and that cannot be compared with those of the live profile.
  returned: success
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[TOKEN].secure_value
doubts:
  description:
    - Documented limits that what was sent, or would be sent, does not keep.
    - What the live profile already has is not in it.
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
secrets_missing:
  description:
    - The secrets that a new revision would lose, because the task does not give them.
  returned: when the task fails with the code SecretsMissing
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[TOKEN].secure_value
diff:
  description:
    - The properties that change, before and after.
  returned: in diff mode
  type: dict
  sample:
    before_header: shop/shop-worker
    after_header: shop/shop-worker
    before:
      containers[worker].image: registry.example.com/worker:4.1
    after:
      containers[worker].image: registry.example.com/worker:4.2
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
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials), V(ConnectionFailed),
          V(ProfileNotFound), V(LocationCannotChange), V(SecretsMissing) and V(NotApplied).
      type: str
      returned: always
      sample: SubscriptionNotFound
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: The subscription '00000000-0000-0000-0000-000000000000' could not be found.
    status:
      description: The HTTP status that Azure answered with, null when it was not asked.
      type: int
      returned: always
      sample: 404
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
    from ..module_utils._engines.aci_group_profile import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
