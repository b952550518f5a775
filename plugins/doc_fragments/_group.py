# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The options that aci_group, aci_run, aci_group_profile and aci_compose share, each written once.

Ansible merges only top-level options of fragments, not suboptions. So differences within an option are marked here: a
line that ends with a mark such as ``#[group run]``, and the lines below it that are indented further, are only included
in the documentation of these modules.
"""

from __future__ import annotations

from typing import ClassVar

_OPTIONS = r"""
options:
  resource_group:
    description:
      - The resource group. It must exist; M(azure_containers.aci.resource_group) creates one.
    type: str
    required: true
  name:  #[group run profile]
    description:
      - The name of the container group.  #[group run]
      - The name of the profile.  #[profile]
      - 1 to 63 lower-case letters, digits and hyphens. A hyphen cannot be at either end or next to another one.
      - A group with this name is refused unless it belongs to this run, or is left from an earlier run and has expired. See O(ttl).  #[run]
      - Required unless O(definition) or O(definition_file) has a name. A name that differs from theirs is refused.  #[group run]
    type: str
    required: true  #[profile]
  tags:
    description:
      - Tags of the container group, by name. They are merged with the existing tags, unless O(purge_tags=true).  #[group compose]
      - Changing tags restarts nothing.  #[group compose]
      - Tags of the profile, by name. They are merged with the existing tags, unless O(purge_tags=true).  #[profile]
      - Changing tags creates no revision.  #[profile]
      - Tags of the container group, by name, in addition to the module's own.  #[run]
      - Values are strings. Quote those that YAML would read as something else (V("true"), V("1.10")).
    type: dict
  api_version:  #[group run compose]
    description:
      - The API version to use. Defaults to the newest one that both the module and the service know.
    version_added: 1.0.0  #[group]
    type: str
  extra_properties:
    description:
      - Properties that the module has no option for, as ARM has them below C(properties). They are merged into the request unchanged.
    version_added: 1.0.0  #[group]
    type: dict
  validation:
    description:
      - What to do when the definition exceeds a documented limit that the service is not known to enforce.
      - V(warn) sends it with a warning, lists it in RV(doubts), and names it as the likely reason if the service refuses.
      - V(strict) fails before anything is sent. V(off) reports nothing.
      - V(warn) fails like V(strict) before a group is recreated, and before a running group is replaced by a definition that the service  #[group compose]
        may refuse too late.
      - A definition that contradicts itself, or that the service is known to refuse, always fails before anything is sent. R(The
        guide,ansible_collections.azure_containers.aci.docsite.guide_checks) lists every check with its evidence.
    version_added: 1.1.0
    type: str
    choices: [warn, strict, "off"]
    default: warn
  save_logs:  #[group run compose]
    description:
      - A directory on the host that runs the task. The log of every container is saved there before the group is removed, including those  #[run]
        of a group that an earlier run left.
      - 'A directory on the host that runs the task. The log of every container is saved there before anything ends the run that wrote it:  #[group compose]
        an update of anything but tags, a recreation, a restart, a stop, a start, or a removal.'
      - A missing directory is created with mode 0700. It must belong to the user that runs the task, must not be a symbolic link, and must
        not be writable by others unless it has the sticky bit. Files have mode 0600. Existing files and links are never overwritten.
      - A file is named after the resource group, the container group, the container and the start of the run, such as
        C(shop.shop-web.web.20260301T093000Z.log). A second one of the same name ends in C(-2).
      - Secrets of this task and credentials in URLs are masked in the log. Other secrets that a container writes are not.
      - An unsuitable directory is refused before anything is created. If a file cannot be written once the containers have run, the task  #[run]
        warns and removes the group, because RV(containers[].content) has the log as well.
      - The logs of a group that is left behind are not saved, because they can still be read.  #[run]
      - If a log cannot be written, or cannot be read because the service does not answer or denies access, the task fails before it  #[group compose]
        destroys anything. If the service has no log, the task warns and continues.
      - Check mode reads the logs and checks the directory, but writes nothing.
    type: path
    version_added: 1.1.0
  provisioning_attempts:  #[group run compose]
    description:
      - 'How often to try to provision a new group. Another attempt is made only if no container has started: the region has no capacity,
        the service accepts the group but its operation fails, or an image cannot be pulled for O(image_pull_timeout).'
      - Once a container has started, including an init container, there is no further attempt, so that nothing runs twice.
      - Whatever an attempt leaves behind is deleted before the next one. All attempts share O(wait_timeout), with pauses of at least 5
        seconds.
      - A request that the service refuses because of its content, or for lack of quota, is not repeated.
    type: int
    default: 1
  definition_variables:  #[group run]
    description:
      - Values of the variables in O(definition_file), by name. They are inserted as text, whatever they contain, and masked in all output.
      - A variable without a value is refused, whereas C(az) would deploy its name.
    version_added: 1.1.0
    type: dict
  purge_tags:  #[group profile compose]
    description:
      - Whether to remove tags that are not in O(tags). Tags that match O(ignore_tags), and the module's own, stay.
      - If V(false), an empty O(tags) removes nothing.
    type: bool
    default: false
  ignore_tags:  #[group profile compose]
    description:
      - Names of tags that are never removed, because others own them. Can contain the wildcards C(*) and C(?).
    type: list
    elements: str
    default: [hidden-*]
  location:
    description:
      - The region, such as V(westeurope) or V(West Europe).
      - Defaults to the region of the resource group.
      - A profile cannot move. The task fails if the existing profile is in another region.  #[profile]
      - A group cannot move. Another region requires O(recreate=when_needed).  #[group compose]
    type: str
  zones:
    description:
      - The availability zone of the group. The service accepts one.
    type: list
    elements: str
  identity:  #[group run compose]
    description:
      - The managed identities of the group, for its containers and for pulling images.
      - A recreated group gets a new system-assigned identity, which has no role assignments.  #[group compose]
    type: dict
    suboptions:
      type:
        description:
          - The type of identity.
        type: str
        choices: [None, SystemAssigned, UserAssigned, "SystemAssigned, UserAssigned"]
      user_assigned_identities:
        description:
          - The resource IDs of the user-assigned identities.
        type: list
        elements: str
  os_type:  #[group run profile]
    description:
      - The operating system of the containers. Only Linux groups can have more than one.
      - Defaults to V(Linux) when something is created.
    type: str
    choices: [Linux, Windows]
  restart_policy:  #[group run profile]
    description:
      - Whether the service restarts a container that ends. Defaults to V(Never), unless a definition says otherwise.  #[run]
      - With V(OnFailure), the service restarts a container until it exits with 0. V(Always) is refused, because such a group never ends.  #[run]
      - Whether the service restarts a container that ends. The service's default is V(Always).  #[group profile]
      - Use V(OnFailure) or V(Never) for tasks that end.  #[group profile]
    type: str
    choices: [Always, OnFailure, Never]
  sku:
    description:
      - The kind of hardware. The service's default is V(Standard).
    type: str
    choices: [Standard, Dedicated, Confidential]
  priority:
    description:
      - V(Spot) is cheaper, but can be evicted at any time. A Spot group cannot have an IP address or be in a subnet.
      - The service's default is V(Regular).
    type: str
    choices: [Regular, Spot]
  containers:  #[group run profile]
    description:
      - The containers of the group. They share its IP address, network and volumes, and start and stop together.
      - Required unless they come from O(definition), O(definition_file) or O(container_group_profile).  #[run]
      - 'Required to create a group. The list is complete: a container that is missing from it is removed.'  #[group profile]
      - What an entry omits stays as it is in the existing container of that name.  #[group profile]
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the container. It follows the same rules as O(name).
        type: str
        required: true
      image:
        description:
          - The image with its tag or digest, and its registry unless that is Docker Hub. Required for a new container.
          - A task that changes nothing does not pull the same tag again.  #[group profile]
        type: str
      command:
        description:
          - The program to run and its arguments, instead of those of the image. No shell is involved unless you name one.
          - An empty list restores the command of the image.  #[group profile]
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables.
        type: list
        elements: dict
        suboptions: &environment_variables
          name:
            description:
              - The name of the variable. It consists of letters, digits and underscores, and does not begin with a digit.
              - Names that differ only in case are two variables in a Linux container and one in a Windows container.
            type: str
            required: true
          value:
            description:
              - The value, visible to everyone who can read the group. A string or an integer. Quote everything else, because YAML turns
                V(true) into V(True) and V(1.10) into V(1.1).
            type: raw
          secure_value:
            description:
              - The value, if it is a secret. The service never returns it, so it is not compared.
              - Give it again whenever anything else changes, because each change sends the whole definition.  #[group profile]
            type: raw
          secure_value_reference:
            description:
              - The name of one of the group's C(secret_references), which supplies the value.
            type: str
      env:
        description:
          - Environment variables as a dictionary of names and values, instead of O(containers[].environment_variables) or in addition to
            it.
          - Together they are one complete list. A name that is given twice is refused.
          - Values are strings or integers, as in O(containers[].environment_variables[].value).
        type: dict
        version_added: 1.1.0
      secure_env:
        description:
          - The same for secrets, as in O(containers[].environment_variables[].secure_value).
        type: dict
        version_added: 1.1.0
      ports:
        description:
          - The ports that the container listens on. To make one reachable from outside, list it in O(ip_address) too.
        type: list
        elements: dict
        suboptions:
          port:
            description:
              - The port number, from 1 to 65535.
            type: int
            required: true
          protocol:
            description:
              - The protocol. The service's default is V(TCP).
            type: str
            choices: [TCP, UDP]
      resources:
        description:
          - The resources of the container.
        type: dict
        suboptions:
          requests:
            description:
              - What the container is guaranteed, and what Azure bills.
              - The containers of a group need at least 1 CPU and 1 GB in total.
            type: dict
            suboptions:
              cpu:
                description:
                  - CPU cores. Defaults to 1 for a new container; an existing one keeps what it has.
                type: float
              memory_in_gb:
                description:
                  - Memory in GB. Defaults to 1.5 for a new container; an existing one keeps what it has.
                type: float
              gpu:
                description:
                  - GPUs. The service has retired them in public regions.
                type: dict
                suboptions: &gpu
                  count:
                    description:
                      - The number of GPUs.
                    type: int
                  sku:
                    description:
                      - The GPU model.
                    type: str
                    choices: [K80, P100, V100]
          limits:
            description:
              - The most that the container can use if other containers leave it. At least what it requests, and at most what the whole
                group requests.
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
                  - GPUs.
                type: dict
                suboptions: *gpu
      volume_mounts:
        description:
          - Where to mount O(volumes) of the group in the container.
        type: list
        elements: dict
        suboptions: &volume_mounts
          name:
            description:
              - The name of the volume.
            type: str
            required: true
          mount_path:
            description:
              - The path in the container. It must not contain a colon.
              - Paths are case-sensitive on Linux, and not on Windows.
            type: str
            required: true
          read_only:
            description:
              - Whether the mount is read-only. The service's default is V(false).
            type: bool
      liveness_probe:
        description:
          - How the service detects that the container hangs, in order to restart it.
        type: dict
        suboptions: &liveness_probe
          exec:
            description:
              - A command to run in the container. It succeeds with exit code 0. Mutually exclusive with C(http_get).
            type: dict
            suboptions:
              command:
                description:
                  - The program and its arguments.
                type: list
                elements: raw
          http_get:
            description:
              - An HTTP request to the container. It succeeds with a status from 200 to 399. Mutually exclusive with C(exec).
            type: dict
            suboptions:
              path:
                description:
                  - The path to request.
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
                  - Headers of the request. They are visible to everyone who can read the group.
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
                      - The value of the header. Quote it if YAML would not read it as a string.
                    type: raw
          initial_delay_seconds:
            description:
              - How many seconds to wait after the container has started before the first probe.
            type: int
          period_seconds:
            description:
              - How many seconds to wait between two probes.
            type: int
          failure_threshold:
            description:
              - How many consecutive probes must fail before the service acts.
            type: int
          success_threshold:
            description:
              - How many consecutive probes must succeed after a failure.
            type: int
          timeout_seconds:
            description:
              - How many seconds a probe may take.
            type: int
      readiness_probe:
        description:
          - How the service detects that the container is ready. Until then, it gets no traffic.
          - Its outcome is visible only in the events of the container.
        type: dict
        suboptions: *liveness_probe
      security_context:
        description:
          - The privileges of the container.
        type: dict
        suboptions: &security_context
          privileged:
            description:
              - Whether the container is privileged. Only for groups with O(sku=Confidential).
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
                  - Capabilities to remove.
                type: list
                elements: str
          run_as_group:
            description:
              - The ID of the group that the container runs as.
            type: int
          run_as_user:
            description:
              - The ID of the user that the container runs as.
            type: int
          seccomp_profile:
            description:
              - A seccomp profile, base64-encoded.
            type: str
      config_map:
        description:
          - Configuration that the service passes to the container. Requires API version 2025-09-01.
          - According to the documentation, changing nothing else does not restart the containers.  #[group]
        type: dict
        suboptions:
          key_value_pairs:
            description:
              - The values, by name.
            type: dict
  init_containers:  #[group run profile]
    description:
      - Containers that run to completion one after another before O(containers) start. Their order matters.
      - They run again whenever the group starts or restarts. They have no ports or resources of their own.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the container, unique in the group.
        type: str
        required: true
      image:
        description:
          - The image. Required for a new container.
        type: str
      command:
        description:
          - The program to run and its arguments, instead of those of the image. An empty list restores the command of the image.
        type: list
        elements: raw
      environment_variables:
        description:
          - Environment variables.
        type: list
        elements: dict
        suboptions: *environment_variables
      env:
        description:
          - Environment variables as a dictionary of names and values, instead of O(init_containers[].environment_variables) or in addition
            to it.
          - Together they are one complete list. A name that is given twice is refused.
          - Values are strings or integers, as in O(init_containers[].environment_variables[].value).
        type: dict
        version_added: 1.1.0
      secure_env:
        description:
          - The same for secrets, as in O(init_containers[].environment_variables[].secure_value).
        type: dict
        version_added: 1.1.0
      volume_mounts:
        description:
          - Where to mount O(volumes) of the group in the container.
        type: list
        elements: dict
        suboptions: *volume_mounts
      security_context:
        description:
          - The privileges of the container.
        type: dict
        suboptions: *security_context
  image_registry_credentials:
    description:
      - Credentials for the registries that images are pulled from, one entry per registry.
    type: list
    elements: dict
    suboptions:
      server:
        description:
          - The registry, without a scheme, such as V(myregistry.azurecr.io).
        type: str
        required: true
      username:
        description:
          - The user name.
        type: str
      password:
        description:
          - The password. As a secret it is not compared. Give it again whenever anything else changes.
        type: str
      password_reference:
        description:
          - The name of one of the group's C(secret_references), which supplies the password.  #[group run profile]
          - The name of an entry of C(secretReferences) in O(extra_properties), which supplies the password.  #[compose]
        type: str
      identity:
        description:
          - The resource ID of a user-assigned identity that can pull images, instead of a name and password. The group's C(identity) must
            list it too.
        type: str
      identity_url:
        description:
          - The URL of the identity.
        type: str
  ip_address:  #[group run profile]
    description:
      - The IP address of the group. Without one, the group cannot be reached.
      - A group with an address requires O(ip_address.type) and O(ip_address.ports).
    type: dict
    suboptions:
      type:
        description:
          - V(Public) is an address on the internet, V(Private) one in the subnet of the group.
        type: str
        choices: [Public, Private]
      ports:
        description:
          - The open ports, at most five. Each must be a port of a container.
        type: list
        elements: dict
        suboptions:
          port:
            description:
              - The port number.
            type: int
            required: true
          protocol:
            description:
              - The protocol. The service's default is V(TCP).
            type: str
            choices: [TCP, UDP]
      ip:
        description:
          - 'The address, where the service lets you choose one. Otherwise omit it: the service assigns an address, and can change it with
            each start.'
        type: str
      dns_name_label:
        description:
          - The first part of the DNS name C(LABEL.REGION.azurecontainer.io), which stays the same when the address changes.
          - 5 to 63 lower-case letters, digits and hyphens, beginning with a letter. The label must be free in the region, unless
            O(ip_address.auto_generated_domain_name_label_scope) adds a hash.
        type: str
      auto_generated_domain_name_label_scope:
        description:
          - The scope in which only you can reuse the label once this group is gone. All but V(Unsecure), the service's default, add a hash
            to the name.
        type: str
        choices: [Unsecure, TenantReuse, SubscriptionReuse, ResourceGroupReuse, Noreuse]
  volumes:  #[group run profile]
    description:
      - Volumes that the containers can mount. Each entry takes a name and one of the other options.
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
          - An Azure Files share.
        type: dict
        suboptions:
          share_name:
            description:
              - The name of the share.
            type: str
          read_only:
            description:
              - Whether the share is read-only.
            type: bool
          storage_account_name:
            description:
              - The name of the storage account.
            type: str
          storage_account_key:
            description:
              - The key of the storage account. As a secret it is not compared. Give it again whenever anything else changes.
            type: str
          storage_account_key_reference:
            description:
              - The name of one of the group's C(secret_references), which supplies the key.
            type: str
          user_assigned_identity_client_id:
            description:
              - The client ID (a GUID) of one of the group's user-assigned identities, which opens the share instead of a key. It is not a
                secret. Requires API version 2026-07-01.
            type: str
            version_added: 1.1.0
      empty_dir:
        description:
          - An empty directory that exists as long as the group runs. Write V({}).
        type: dict
      secret:
        description:
          - Files with secrets, by name. The values are base64-encoded; see P(ansible.builtin.b64encode#filter).
          - They are not compared. Give them again whenever anything else changes. The dictionary is complete.
        type: dict
      secret_reference:
        description:
          - Files with secrets, by name. The values are names of the group's C(secret_references), which supply the contents.
        type: dict
      git_repo:
        description:
          - A Git repository, cloned when the group starts.
        type: dict
        suboptions:
          directory:
            description:
              - The directory to clone into. V(.) is the volume itself. Defaults to a new directory with the name of the repository.
            type: str
          repository:
            description:
              - The URL of the repository.
            type: str
          revision:
            description:
              - The commit to check out.
            type: str
  subnet_ids:  #[group run compose]
    description:
      - The subnet of the group. It must be delegated to C(Microsoft.ContainerInstance/containerGroups).
      - Groups are created in a subnet one at a time. A task waits up to O(wait_timeout) for its turn before it sends anything.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - The resource ID of the subnet.
        type: str
        required: true
      name:
        description:
          - A name for the subnet.
        type: str
  dns_config:  #[group run]
    description:
      - DNS settings of the containers, for groups in a subnet.
    type: dict
    suboptions:
      name_servers:
        description:
          - The addresses of the name servers, in the order in which they are queried.
        type: list
        elements: str
      search_domains:
        description:
          - Search domains, separated by spaces.
        type: str
      options:
        description:
          - Resolver options, separated by spaces.
        type: str
  diagnostics:  #[group run profile]
    description:
      - Where the service sends logs to.
    type: dict
    suboptions:
      log_analytics:
        description:
          - A Log Analytics workspace.
        type: dict
        suboptions:
          workspace_id:
            description:
              - The ID of the workspace (a GUID).
            type: str
          workspace_key:
            description:
              - The key of the workspace. As a secret it is not compared. Give it again whenever anything else changes.
            type: str
          log_type:
            description:
              - The tables that the logs go to.
            type: str
            choices: [ContainerInsights, ContainerInstanceLogs]
          metadata:
            description:
              - Metadata of the logs, by name. Only for O(diagnostics.log_analytics.log_type=ContainerInsights).
            type: dict
          workspace_resource_id:
            description:
              - The resource ID of the workspace.
            type: str
  encryption_properties:  #[group run profile]
    description:
      - A customer-managed key that encrypts the group's data in the service.
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
          - The resource ID of a user-assigned identity that can read the key. The group's C(identity) must list it too.
        type: str
  extensions:  #[group run profile]
    description:
      - Extensions of the group, as virtual nodes use them.
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
          - The type of the extension.
        type: str
      version:
        description:
          - The version of the extension.
        type: str
      settings:
        description:
          - Settings of the extension, passed on unchanged.
        type: dict
      protected_settings:
        description:
          - Secret settings of the extension, passed on unchanged. They are not compared. Give them again whenever anything else changes.
        type: dict
  confidential_compute_properties:  #[group run profile]
    description:
      - Settings of groups with O(sku=Confidential).
    type: dict
    suboptions:
      cce_policy:
        description:
          - The policy that the hardware enforces, base64-encoded.
          - Without one, the service creates a policy that allows everything.
        type: str
  secret_references:  #[group run]
    description:
      - Secrets in a key vault that other options refer to by name. Requires API version 2025-09-01.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name that other options refer to.
        type: str
        required: true
      identity:
        description:
          - The resource ID of a user-assigned identity that can read the secret.
        type: str
      secret_reference_uri:
        description:
          - The URI of the secret in the key vault.
        type: str
  identity_acls:  #[group run]
    description:
      - Which processes can use which identity of the group. Requires API version 2025-09-01.
    type: dict
    suboptions:
      default_access:
        description:
          - Who can use the identities that O(identity_acls.acls) does not list.
        type: str
        choices: [All, System, User]
      acls:
        description:
          - Who can use which identity.
        type: list
        elements: dict
        suboptions:
          identity:
            description:
              - The resource ID of the identity.
            type: str
            required: true
          access:
            description:
              - Who can use the identity.
            type: str
            choices: [All, System, User]
  container_group_profile:  #[group run]
    description:
      - The profile that the group is created from. Requires API version 2025-09-01.
    type: dict
    suboptions:
      id:
        description:
          - The resource ID of the profile.
        type: str
      revision:
        description:
          - The revision of the profile.
        type: int
  standby_pool_profile:  #[group run]
    description:
      - The standby pool that the group is taken from. Requires API version 2025-09-01.
    type: dict
    suboptions:
      id:
        description:
          - The resource ID of the pool.
        type: str
      fail_container_group_create_on_reuse_failure:
        description:
          - Whether to fail if the pool has no group left, instead of creating a new one.
        type: bool
  recreate:  #[group compose]
    description:
      - What to do if the service cannot make a change in place.
      - V(never) fails before anything is sent. The error names each such property with its old and new value, and what else the group would lose,
        such as its address or a system-assigned identity with its role assignments. Check mode fails in the same way.
      - V(when_needed) deletes and recreates the group. Before that, in check mode too, the module checks locks, the permissions of its identity,
        policies that deny the new definition, the quota, and the images in registries that O(image_registry_credentials) lists. It fails before the
        delete if the new group would be refused. RV(unverified) lists what could not be checked.
      - After the delete, temporary failures (no capacity in the region, a quota that still counts the old group, 409, 429, 5xx, a lost connection)
        are retried until O(wait_timeout). O(on_failed_recreate) says what happens if the new group still cannot be created, or fails.
      - For some properties it is not publicly known whether the service can change them in place
        (RV(azure_containers.aci.aci_group#module:changes[].effect=in_place_or_recreate)). The module tries that first.
      - V(probed) is like V(when_needed), but first tries the new definition in a group of its own. That group has the same name with the suffix
        C(-probe), but no DNS label and no private address. The task waits for it as O(wait_for) says, and deletes it. Only if that succeeds is the
        old group replaced. The definition therefore runs twice, including its volumes, secrets and jobs, and needs quota for both groups; RV(probe)
        says how much, in check mode too. A system-assigned identity of the trial group has no role assignments. A run that is killed leaves the group
        with the tags C(probe_of) and C(expires_at); the next run with V(probed), or M(azure_containers.aci.aci_prune) with
        O(azure_containers.aci.aci_prune#module:expired), removes it. V(probed) was added in version 1.1.0.
    type: str
    choices: [never, when_needed, probed]
    default: never
  on_failed_recreate:  #[group compose]
    description:
      - What to do if a group was deleted to be recreated, and the new group cannot be created or fails (its operation fails, its image cannot be
        pulled, a volume cannot be mounted, its containers crash). The failed group is deleted.
      - V(restore) recreates the old group. Because the service does not return secrets, the old group gets those that the task gives for the same
        places. If one is missing, the task fails before anything is deleted.
      - V(leave) restores nothing. The result has both definitions, and so has the recovery file if there is no group.
      - Defaults to V(restore) for a group without secrets, and to V(leave) for others.
      - Restoring can take another O(wait_timeout).
      - A new group whose containers are still starting after O(wait_timeout) is not replaced, and neither is a job that ended with an exit code that
        is not allowed (O(wait_for=completed)).
    version_added: 1.1.0
    type: str
    choices: [restore, leave]
  recreate_identity:  #[group compose]
    description:
      - Whether a group with a system-assigned identity can be recreated. The new group gets another identity, without role assignments.
    version_added: 1.0.0  #[group]
    type: bool
    default: false
  recovery_dir:  #[group compose]
    description:
      - The directory for recovery files. While a group is recreated, its definition is stored in a file there (mode 0600, with placeholders instead
        of secrets), so that nothing is lost if the task is interrupted. The next run continues from that file.
      - Defaults to C(~/.azure/aci-recovery) on the host that runs the task.
      - The task fails if the file does not belong to the user that runs the task, or if others can write to the file or the directory. A directory
        with the sticky bit, such as C(/tmp), is accepted.
    version_added: 1.0.0  #[group]
    type: path
  wait:  #[group compose]
    description:
      - Whether to wait until the group reaches O(wait_for). If V(false), the task ends as soon as the service has accepted the request.
    type: bool
    default: true
  wait_for:  #[group compose]
    description:
      - What to wait for. It applies to a group without changes too, so that a repeated task does not succeed where the first one failed.
      - V(provisioned) waits for the end of the operation. The containers may still be starting, or have failed.
      - V(running) waits until every container runs, or has ended with 0 if O(restart_policy) is not V(Always).
      - V(completed) waits until every container has ended. An exit code that is not in O(allowed_exit_codes) fails the task. Not allowed with
        O(restart_policy=Always), because such containers never end.
      - The service does not report whether an application responds. Check that with M(ansible.builtin.uri).
    type: str
    choices: [provisioned, running, completed]
    default: running
  wait_timeout:  #[group compose]
    description:
      - How many seconds to wait. The service gives up on a group after 1800 seconds.
      - A failure returns the last known state and the reason.
      - Requests to an unavailable service are repeated for as long.
    type: int
    default: 2100
  update_secrets:  #[group compose]
    description:
      - When to send the secrets that the task gives.
      - V(with_changes) sends them if something else changes.
      - V(always) treats every given secret as a change.
      - V(fingerprint) detects changed secrets by a scrypt digest of all of them and O(fingerprint_key), which is stored in the tag
        C(aci-secrets-fingerprint) of the group. A group without that tag counts as changed.
    version_added: 1.0.0  #[group]
    type: str
    choices: [with_changes, always, fingerprint]
    default: with_changes
  fingerprint_key:  #[group compose]
    description:
      - A secret of your own that becomes part of the digest, so that nobody else can test guesses against the tag. Required with
        O(update_secrets=fingerprint). Always use the same one.
    version_added: 1.0.0  #[group]
    type: str
  repull:  #[group compose]
    description:
      - Whether to stop and start the group even if nothing differs, which pulls its images again. Its address can change.
      - Any other change that restarts the containers pulls the images too.
    version_added: 1.0.0  #[group]
    type: bool
    default: false
  image_update:  #[group compose]
    description:
      - What to do if the tag of an image has moved to another digest. The module looks up each tag in its registry by the Docker Registry v2 API.
      - V(ignore) asks no registry. A tag stands for the image that was pulled.
      - V(on_new_digest) compares the digest of the tag with the one in the recorded pull events of the container. If they differ, the group is
        stopped and started, which pulls its images again, as with O(repull=true). A stopped or finished group stays as it is, because its next start
        pulls the image.
      - V(pin) sends the image with the digest of its tag, such as C(registry.example.com/shop/web@sha256:...), so that only this task changes what
        runs. A tag that has moved is a change of the image. If an image that is new to the group cannot be resolved, the task fails before anything
        is sent.
      - If a registry does not answer, or the events show no digest, the task warns, reports a doubt (RV(doubts)), and leaves the group as it is.
      - The module signs in to a registry with the O(image_registry_credentials) of the task. For an Azure registry without any, it uses the identity
        of the task, which needs the role C(AcrPull), and a token that is valid for registries only. Other registries are asked anonymously.
      - Only https is used, with O(ca_bundle) if given. The user name and password are sent to the registry. They are sent to the realm that it names
        for tokens only if that has the same origin as the registry, or is the known realm of Docker Hub or GitLab.com. Redirects are followed without
        credentials.
    type: str
    choices: [ignore, on_new_digest, pin]
    default: ignore
    version_added: 1.1.0
  wait_for_subnet:  #[group compose]
    description:
      - Whether O(state=absent) waits until the subnet of the group is free, if no other group is in it.
    version_added: 1.0.0  #[group]
    type: bool
    default: false
  remove_subnet_association:  #[group compose]
    description:
      - Whether O(state=absent) removes the link that the service leaves on the subnet, if no other group is in it. Until then, the subnet cannot be
        deleted or delegated to another service.
    version_added: 1.0.0  #[group]
    type: bool
    default: false
  ttl:  #[group compose]
    description:
      - The lifetime of the group, such as V(90m), V(2h) or V(1d12h). When the group is created, its end is stored in the tag C(expires_at), in UTC.
      - The service does not delete an expired group. M(azure_containers.aci.aci_prune) does.
      - An existing group gets no such tag. Its tag is not changed, and O(purge_tags) does not remove it. To extend the lifetime, set the tag
        C(expires_at) with O(tags), which takes precedence.
    version_added: 1.0.0  #[group]
    type: str
"""


def options_of(module: str) -> str:
    """The options of ``group``, ``run``, ``profile`` or ``compose`` as YAML."""
    kept = []
    skipped: int | None = None
    for line in _OPTIONS.splitlines():
        indent = len(line) - len(line.lstrip())
        if skipped is not None and indent > skipped:
            continue
        skipped = None
        text, mark, modules = line.partition("  #[")
        if mark and module not in modules.rstrip("]").split():
            skipped = indent
        else:
            kept.append(text)
    return "\n".join(kept)


class ModuleDocFragment:
    """The options of a container group, for each of the modules that describe one."""

    # Annotated, because ansible-test's yamllint expects a string literal in every plain assignment here.
    DOCUMENTATION: ClassVar[str] = options_of("group")
    RUN: ClassVar[str] = options_of("run")
    PROFILE: ClassVar[str] = options_of("profile")
    COMPOSE: ClassVar[str] = options_of("compose")
