#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_compose
short_description: Run a compose project as a container group
version_added: 1.1.0
description:
  - Creates a container group from the compose files of a project, and updates an existing one to match them. Each service becomes a container.
  - The module compares, changes, checks and waits in the same way as M(azure_containers.aci.aci_group).
  - Every key of the compose specification is mapped to a property of the group, noted in RV(notes), or refused with the reason.
    R(The guide,ansible_collections.azure_containers.aci.docsite.guide_compose_keys) lists them all.
  - Nothing is lost or made public by surprise. The module refuses volumes whose content would be lost unless O(ephemeral_volumes) lists
    them, and published ports unless O(public) or O(subnet_ids) is given.
  - Docker is not required on any machine. The module reads the files with PyYAML, on the host that runs the task.
requirements:
  - PyYAML
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._costs
  - azure_containers.aci._costs.show
attributes:
  check_mode:
    support: full
    details:
      - Predictions come from the same code as real runs; only write requests are left out.
  diff_mode:
    support: full
    details:
      - The diff shows a fixed word in place of each secret.
  idempotent:
    support: partial
    details:
      - O(state=restarted) restarts the group in every run.
      - A change to nothing but secrets goes unnoticed, because the service does not return them. See O(update_secrets).
options:
  resource_group:
    description:
      - The resource group of the container group. It must exist; create it with M(azure_containers.aci.resource_group).
    type: str
    required: true
  name:
    description:
      - The name of the container group.
      - Defaults to the project's name, in lower case and with hyphens. That is C(name) in the compose file, or else the last part of
        O(project_src).
      - It also sets the project's name, like C(docker compose --project-name).
    type: str
  state:
    description:
      - V(present) creates the group or changes what differs, like C(docker compose up). A stopped or finished group is left alone when
        nothing differs.
      - V(started) also starts a stopped group.
      - V(stopped) also stops a running group, which ends its billing. A finished group is left alone.
      - V(restarted) also restarts the group. It starts a stopped group, and runs a finished one again.
      - V(absent) removes the group, like C(docker compose down), and waits until it is gone. With O(name), no files are read.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  project_src:
    description:
      - The project directory, on the host that runs the task. Paths in the compose files are relative to it.
      - Required, except with O(state=absent) when O(name) is given.
    type: path
  files:
    description:
      - The compose files, relative to the project directory. Later files override earlier ones, as with C(docker compose -f).
      - Defaults to the variable C(COMPOSE_FILE), or else to the first of C(compose.yaml), C(compose.yml), C(docker-compose.yaml) and
        C(docker-compose.yml) that exists, with its C(.override) file if there is one.
    type: list
    elements: str
  profiles:
    description:
      - The profiles to activate. Services without a profile are always active. V(*) activates all profiles.
      - Defaults to the variable C(COMPOSE_PROFILES).
    type: list
    elements: str
  environment:
    description:
      - Variables for C(${NAME}) in the files, and for the environment variables of services that have no value there.
      - They take precedence over the file C(.env) in the project directory. The environment of the process is never read.
      - Values are masked if the variable's name suggests a secret.
    type: dict
  public:
    description:
      - Whether to publish the project's ports on the internet, at a public address.
      - When not given, the module refuses a project that publishes ports, unless O(subnet_ids) gives them an address in a virtual network.
      - With V(false), ports stay inside the group, where its containers reach them at localhost.
      - Ports that the file binds to 127.0.0.1 or ::1 always stay inside the group.
    type: bool
  restart_policy:
    description:
      - The restart policy of the group.
      - Required when no service sets C(restart), because Docker then never restarts them and Container Instances always does.
        Also required when services differ.
    type: str
    choices: [Always, OnFailure, Never]
  ephemeral_volumes:
    description:
      - The volumes that may be empty directories. Their content is lost with the group. All other volumes require the driver C(azure_file).
      - Write an unnamed volume as V(SERVICE:/PATH).
    type: list
    elements: str
  plain_variables:
    description:
      - Patterns, with C(*) and C(?), for the names of variables whose values are not secret.
      - By default, a variable becomes a secure value, which the service never returns, if its name suggests a secret (C(DB_PASSWORD),
        C(API_KEY)), or if it contains a URL with credentials or the value of such a variable.
    type: list
    elements: str
  secure_variables:
    description:
      - Patterns, with C(*) and C(?), for the names of variables whose values are always secret.
    type: list
    elements: str
  storage_account_keys:
    description:
      - The access keys of the storage accounts whose file shares the project mounts, by account name.
    type: dict
  resolve:
    description:
      - Whether service names resolve inside the containers. All containers of a group share one network, so they always reach each other
        at localhost.
      - V(hosts) adds a small container (0.01 CPU, 0.1 GB) that writes the names of all services, their aliases, and C(extra_hosts) to the
        hosts file that the containers share.
      - V(hosts) supports Linux and the restart policy V(Always) only, because that container never ends.
    type: str
    choices: [none, hosts]
    default: none
  resolve_image:
    description:
      - The image for the container of O(resolve=hosts). It must have C(/bin/sh) and run as root. Defaults to the image of the first service.
    type: str
  notes:
    description:
      - How to treat RV(notes), which list the keys of the project that have no effect or work differently.
      - V(warn) issues a warning for them. V(strict) refuses a project that has any. V(off) is silent.
    type: str
    choices: [warn, strict, 'off']
    default: warn
  location:
    description:
      - The region, such as V(westeurope) or V(West Europe).
      - A new group defaults to the region of its resource group.
      - A group cannot be moved. Changing the region means recreating the group; see O(recreate).
    type: str
  tags:
    description:
      - The tags of the container group, by name. They are merged with its existing tags, unless O(purge_tags=true).
      - Changing tags does not restart anything.
      - Values are strings. Quote values that YAML would parse as another type (V("true"), V("1.10")).
    type: dict
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). Tags that match O(ignore_tags), and the module's own tags, are kept.
      - With V(false), an empty O(tags) removes nothing.
    type: bool
    default: false
  ignore_tags:
    description:
      - Patterns, with C(*) and C(?), for the names of tags that others own. The module never removes such tags.
    type: list
    elements: str
    default: ["hidden-*"]
  identity:
    description:
      - The managed identity of the group, for its containers and for pulling images. An empty dictionary removes it.
      - Changing it restarts all containers. A recreated group gets a new system-assigned identity, without role assignments.
    type: dict
    suboptions:
      type:
        description:
          - The type of identity.
        type: str
        choices: ["None", SystemAssigned, UserAssigned, "SystemAssigned, UserAssigned"]
      user_assigned_identities:
        description:
          - The resource ids of the user-assigned identities.
        type: list
        elements: str
  image_registry_credentials:
    description:
      - Credentials for the registries that images are pulled from, one entry per registry. The list replaces existing credentials; an empty
        list removes them.
      - Changing them restarts all containers.
    type: list
    elements: dict
    suboptions:
      server:
        description:
          - The host name of the registry, without a scheme, such as V(myregistry.azurecr.io).
        type: str
        required: true
      username:
        description:
          - The user name to sign in with.
        type: str
      password:
        description:
          - The password to sign in with. As a secret, it is not compared, and must be given whenever anything else in the group changes.
        type: str
      password_reference:
        description:
          - The name of an entry of C(secretReferences) in O(extra_properties), which supplies the password.
        type: str
      identity:
        description:
          - The resource id of a user-assigned identity that may pull images, instead of user name and password. O(identity) must include it.
        type: str
      identity_url:
        description:
          - The URL of that identity.
        type: str
  subnet_ids:
    description:
      - The subnet to create the group in. It must be delegated to C(Microsoft.ContainerInstance/containerGroups).
      - Only one group at a time is created in a subnet. A task waits for its turn, at most for O(wait_timeout), before it sends any request.
      - Changing it means recreating the group; see O(recreate).
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
          - A name for the subnet.
        type: str
  zones:
    description:
      - The availability zones of the group. The service accepts one.
      - Azure does not document whether zones can be changed in place, so the module tries.
    type: list
    elements: str
  sku:
    description:
      - The SKU of the group. The service defaults to V(Standard).
      - Azure does not document whether the SKU can be changed in place, so the module tries.
    type: str
    choices: [Standard, Dedicated, Confidential]
  priority:
    description:
      - A V(Spot) group costs less but can be evicted at any time. It cannot have an address or be in a subnet.
      - The service defaults to V(Regular). Azure does not document whether the priority can be changed in place, so the module tries.
    type: str
    choices: [Regular, Spot]
  extra_properties:
    description:
      - Properties that the module does not support, in ARM's format, as they belong below C(properties). They are merged into the request.
    type: dict
  api_version:
    description:
      - The API version to use. Defaults to the newest one that both the module and the service support.
    type: str
  recreate:
    description:
      - What to do when the service cannot make a change in place.
      - With V(never), the task fails before it sends anything. The error lists each such property with its old and new value, and what else
        the group would lose (its address, a system-assigned identity with its role assignments). Check mode fails in the same way.
      - With V(when_needed), the group is deleted and recreated. First, even in check mode, the module checks locks, the permissions of its
        identity, policies that deny the new definition, the quota, and the images in registries that O(image_registry_credentials) lists.
        It fails before the delete if a check shows that the create would be refused. RV(unverified) lists what could not be checked.
      - After the delete, the create is retried until O(wait_timeout) on refusals that may be temporary (no capacity in the region, a quota that
        still counts the old group, 409, 429, 5xx, a lost connection). If the new group still cannot be created, or does not come up,
        O(on_failed_recreate) decides what happens.
      - For some properties, it is not publicly known whether the service can change them in place
        (RV(azure_containers.aci.aci_group#module:changes[].effect=in_place_or_recreate)). The module first tries to.
      - V(probed) is like V(when_needed), but first tests the new definition beside the old group. It creates a group with the same name and the
        suffix C(-probe), without the DNS label and the private address, waits for it as for the real one, and removes it. It replaces the old
        group only if that succeeded. So the definition runs twice, with its volumes, secrets and jobs, and requires quota for both groups at
        once; RV(probe) shows how much, even in check mode. The probe has its own system-assigned identity, without role assignments. If the
        run is killed, the probe stays, with the tags C(probe_of) and C(expires_at); the next run with V(probed) removes it, as does
        M(azure_containers.aci.aci_prune) with O(azure_containers.aci.aci_prune#module:expired).
    type: str
    choices: [never, when_needed, probed]
    default: never
  on_failed_recreate:
    description:
      - What to do when the old group was deleted, and the new one cannot be created or fails (its operation fails, its image cannot be
        pulled, a volume cannot be mounted, its containers crash). The failed group is deleted.
      - V(restore) recreates the old group. Because the service does not return secrets, the old group gets the secrets that the task gives
        for the same properties. If one is missing, the task fails before it deletes anything.
      - V(leave) restores nothing. The result has both definitions, and so does the recovery file if there is no group.
      - By default, the old group is restored if it has no secrets, and left otherwise.
      - Restoring may take up to another O(wait_timeout), so a failed recreation can take twice as long.
      - A group whose containers are still starting after O(wait_timeout) is left, and so is a job that ended with an exit code that is not
        allowed (O(wait_for=completed)).
    type: str
    choices: [restore, leave]
  recreate_identity:
    description:
      - Whether a group with a system-assigned identity may be recreated. The new group gets a new identity, without the role assignments of
        the old one.
    type: bool
    default: false
  recovery_dir:
    description:
      - The folder for recovery files. While a group is being recreated, the module keeps its definition in a file there (mode 0600, with
        placeholders for secrets), so that nothing is lost if the task is interrupted. The next run finds the file and continues from it.
      - The default is C(~/.azure/aci-recovery) on the host that runs the task.
      - The file must belong to the user who runs the task. Others must not be able to write to the file or the folder, unless the folder has
        the sticky bit, like C(/tmp). Otherwise the task fails.
    type: path
  save_logs:
    description:
      - A folder on the host that runs the task. The module saves the log of every container there before any step that ends the containers'
        current run (an update of more than tags, a recreation, restart, stop, start or removal).
      - If the folder is missing, it is created with mode 0700. It must belong to the user who runs the task, and must not be a symbolic link or
        writable by others, unless it has the sticky bit. Files have mode 0600. The module never writes to an existing file or link.
      - Each file is named after the resource group, the container group, the container and the start of the run, such as
        C(shop.shop-web.web.20260301T093000Z.log). If the name exists, C(-2) is appended.
      - The log is saved as the container wrote it, except that the secrets of the task and credentials in URLs are masked. A container may log
        other secrets.
      - If a log cannot be written, or cannot be read because the service does not answer or denies access, the task fails before it destroys
        anything. If the service has no log, the task issues a warning and continues.
      - In check mode, the module reads the logs and checks the folder, but writes nothing.
    type: path
  validation:
    description:
      - What to do when the project exceeds a documented limit that the service is not known to enforce.
      - V(warn) sends it with a warning, lists it in RV(doubts), and names it as the likely cause if the service refuses.
      - V(strict) fails before it sends anything. V(off) is silent.
      - V(warn) acts like V(strict) before a group is recreated, and before a running group is replaced with a definition that the service may
        refuse only afterwards.
      - The task always fails, before it sends anything, if the definition contradicts itself or the service is known to refuse it.
        R(The guide,ansible_collections.azure_containers.aci.docsite.guide_checks) lists all checks with their evidence.
    type: str
    choices: [warn, strict, 'off']
    default: warn
  wait:
    description:
      - Whether to wait until the group reaches O(wait_for). With V(false), the task ends as soon as the service accepts the request.
    type: bool
    default: true
  wait_for:
    description:
      - The state to wait for. It also applies to a group that needs no change, so a task that failed does not succeed merely by running again.
      - V(provisioned) waits for the end of the operation; the containers may still be starting, or may have failed.
      - V(running) waits until every container runs, or has exited with 0 if O(restart_policy) is not V(Always).
      - V(completed) waits until every container has exited, for jobs. An exit code that is not in O(allowed_exit_codes) fails the task.
        The module refuses it with O(restart_policy=Always), because such containers never end.
      - The service does not report whether the services of the project respond. Check that with M(ansible.builtin.uri).
    type: str
    choices: [provisioned, running, completed]
    default: running
  wait_timeout:
    description:
      - The maximum time to wait, in seconds. The service itself gives up on a group after 1800 seconds.
      - On a timeout, the error shows the last known state and the reason.
      - The limit also covers retries while the service does not respond or throttles requests.
    type: int
    default: 2100
  allowed_exit_codes:
    description:
      - The exit codes that count as success with O(wait_for=completed).
    type: list
    elements: int
    default: [0]
  update_secrets:
    description:
      - When to send the task's secrets to the service.
      - V(with_changes) sends them when something else changes.
      - V(always) treats every given secret as a change.
      - V(fingerprint) detects changes with one scrypt digest over all secrets and O(fingerprint_key), stored in the group's tag
        C(aci-secrets-fingerprint). A group without that tag counts as changed.
    type: str
    choices: [with_changes, always, fingerprint]
    default: with_changes
  fingerprint_key:
    description:
      - A secret of your own that is part of the digest, so that nobody without it can test guesses against the tag. Required with
        O(update_secrets=fingerprint). Use the same value in every run.
    type: str
  repull:
    description:
      - Whether to stop and start the group even when nothing differs, to pull its images again. Its address may change.
      - An update that is sent anyway also pulls the images.
    type: bool
    default: false
  image_update:
    description:
      - What to do when the tag of an image now points to a different digest. The module resolves tags at their registries, with the Docker
        Registry v2 API.
      - V(ignore) does not query any registry. A tag is assumed to be the image that was pulled.
      - V(on_new_digest) compares the digest of the tag with the one in the container's pull events. If they differ, the group is stopped and
        started, which pulls its images again, as with O(repull=true). A stopped or finished group is left alone, because its next start pulls
        the image.
      - V(pin) sends the image with the digest of its tag, such as C(registry.example.com/shop/web@sha256:...), so that only this task changes
        what runs. A moved tag is a change of the image. An image that is new to the group must be resolved; otherwise the task fails before it
        sends anything.
      - A registry that does not answer, or events without a digest, cause a warning and an entry in RV(doubts). The group is left unchanged.
      - The module signs in to a registry with the task's O(image_registry_credentials) for it. For an Azure container registry without such an
        entry, it uses the task's own identity, with a token that is valid for registries only; the identity needs the role C(AcrPull).
        All other queries are anonymous.
      - Only https is used, with O(ca_bundle) if given. User name and password are sent to the registry itself, and to the token realm that it
        names only if that has the registry's own origin, or is the known realm of Docker Hub or GitLab.com. Redirects are followed without
        credentials.
    type: str
    choices: [ignore, on_new_digest, pin]
    default: ignore
  wait_for_subnet:
    description:
      - With O(state=absent), whether to wait until the group's subnet is free, if no other group is in it.
    type: bool
    default: false
  remove_subnet_association:
    description:
      - With O(state=absent), whether to remove the service association link that the service leaves on the subnet, if no other group is in it.
        Until the link is removed, the subnet cannot be deleted or used for anything else.
    type: bool
    default: false
  image_pull_timeout:
    description:
      - How many seconds image pulls may fail before the task gives up. The service keeps trying for up to 30 minutes.
    type: int
    default: 120
  max_restarts:
    description:
      - While the task waits, how many times the service may restart a crashing container before the task gives up.
    type: int
    default: 5
  provisioning_attempts:
    description:
      - How many times to try to provision a new group, if that fails before any of its containers has started. Causes are a region without
        capacity, an operation that fails after the service accepted the group (as on a bad host), or an image that cannot be pulled for
        O(image_pull_timeout).
      - Once any container has started, including init containers, the module does not try again, so that nothing runs twice.
      - The remains of an attempt are deleted before the next one. All attempts share O(wait_timeout), with pauses of at least 5 seconds.
      - A request is not repeated if the service refuses it as invalid or because the quota is exhausted.
    type: int
    default: 1
  failure_log_lines:
    description:
      - The number of log lines of a failed container to show in C(msg) and return in RV(failure_logs), V(0) for none.
      - The task's secrets are masked in them. If a log may contain other secrets, use V(0) or C(no_log).
    type: int
    default: 20
  ttl:
    description:
      - The lifetime of the group, such as V(90m), V(2h) or V(1d12h). A new group gets the tag C(expires_at) with the time of its expiry, in UTC.
      - Expired groups are not removed on their own, but by M(azure_containers.aci.aci_prune).
      - The tag of an existing group is neither added nor changed, and O(purge_tags) keeps it. To give a group more time, set the tag with O(tags),
        which also takes precedence over this option for a new group.
    type: str
seealso:
  - module: azure_containers.aci.aci_group
  - plugin: azure_containers.aci.compose
    plugin_type: lookup
  - name: The Compose Specification
    description: The reference of the compose file format.
    link: https://compose-spec.io
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Run a project with its ports on the internet
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    public: true

- name: Override the image tag, and provide a password and the key of a file share
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    files:
      - compose.yaml
      - compose.prod.yaml
    environment:
      TAG: "2.1.0"
      DB_PASSWORD: "{{ vault_db_password }}"
    storage_account_keys:
      shopdata: "{{ vault_shopdata_key }}"
    public: true

- name: Run the project in a subnet, with an ephemeral cache
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    restart_policy: Always
    ephemeral_volumes:
      - cache
    resolve: hosts
    subnet_ids:
      - id: "{{ subnet_id }}"

- name: Show what would change, and all notes
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    public: true
  check_mode: true
  diff: true

- name: Remove the project
  azure_containers.aci.aci_compose:
    resource_group: shop
    name: shop
    state: absent
"""

RETURN = r"""
notes:
  description:
    - The keys of the project that have no effect or work differently on Container Instances. Empty with O(state=absent).
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The path of the key in the project.
      type: str
      returned: always
      sample: services.web.healthcheck
    kind:
      description:
        - V(ignored) is a key that has no effect on Container Instances.
        - V(differs) is a key that works differently than with Docker.
      type: str
      choices: [ignored, differs]
      returned: always
      sample: differs
    message:
      description: The effect or the difference.
      type: str
      returned: always
      sample: A container that fails it is killed; with Docker it is only marked as unhealthy.
refused:
  description:
    - All the reasons why the project cannot become a container group.
  returned: when the project is refused
  type: list
  elements: dict
  contains:
    path:
      description: The path of the key in the project, or the option.
      type: str
      returned: always
      sample: services.web.ports[0]
    reason:
      description: The reason, and what to do about it.
      type: str
      returned: always
      sample: >-
        Container Instances maps no ports: 80 of the container cannot be 8080 outside. Let the program listen on 8080, or publish 80.
action:
  description:
    - What the task did, or would do in check mode. V(tagged) means that only tags changed.
  returned: success
  type: str
  choices: [none, created, updated, recreated, tagged, started, stopped, restarted, repulled, deleted]
  sample: updated
changes:
  description:
    - The differences, one entry per property, in the format of RV(azure_containers.aci.aci_group#module:changes).
  returned: success, and when a change was refused
  type: list
  elements: dict
  sample:
    - property: containers[web].image
      before: nginx:1.26
      after: nginx:1.27
      effect: in_place
container_group:
  description:
    - The container group, in the format of RV(azure_containers.aci.aci_group#module:container_group).
  returned: success, unless the group did not exist before the removal; and on failure when the group could be read
  type: dict
cost:
  description:
    - What the change costs, as RV(azure_containers.aci.aci_group#module:cost) has it.
  returned: success, when O(show_cost=true)
  type: dict
  sample:
    currency: USD
    before: {hourly: "0", monthly: "0", billed: {cpu: "0", memory_in_gb: "0"}}
    after: {hourly: "0.04495", monthly: "32.8135", billed: {cpu: "1", memory_in_gb: "1"}}
    difference: {hourly: "0.04495", monthly: "32.8135"}
    overlap: {hourly: "0"}
    reasons: []
secrets_not_compared:
  description:
    - The secrets of the project. The service does not return their values, so differences in them go unnoticed.
  returned: success
  type: list
  elements: str
  sample:
    - containers[web].environment_variables[DB_PASSWORD].secure_value
doubts:
  description:
    - Documented limits that the definition exceeds, in the format of RV(azure_containers.aci.aci_group#module:doubts).
  returned: success, and when the task fails because of them
  type: list
  elements: dict
  sample: []
lost:
  description:
    - What a recreation destroys besides the containers' current run, one phrase each.
  returned: success, and when the task fails before a recreation, as with the code RecreateNeeded
  type: list
  elements: str
  sample: []
probe:
  description:
    - What the probe requires, in the format of RV(azure_containers.aci.aci_group#module:probe). Null without a probe.
  returned: success
  type: dict
unverified:
  description:
    - Checks before a recreation that were not possible, in the format of RV(azure_containers.aci.aci_group#module:unverified).
  returned: success, and when a check before a recreation fails
  type: list
  elements: dict
  sample: []
overridden:
  description:
    - Tags that a policy or another client overrode, in the format of RV(azure_containers.aci.aci_group#module:overridden).
  returned: success
  type: list
  elements: dict
  sample: []
images:
  description:
    - The images that the tags point to at their registries, in the format of RV(azure_containers.aci.aci_group#module:images).
  returned: success, unless O(image_update=ignore) or O(state=absent)
  type: list
  elements: dict
saved_logs:
  description:
    - The saved logs, in the format of RV(azure_containers.aci.aci_group#module:saved_logs).
  returned: when O(save_logs) is given, also on failure
  type: list
  elements: dict
  sample: []
exit_codes:
  description:
    - The last exit codes of the containers, in the format of RV(azure_containers.aci.aci_group#module:exit_codes).
  returned: when the task fails because the containers did not reach O(wait_for)
  type: dict
failure_logs:
  description:
    - The last log lines of the failed containers, in the format of RV(azure_containers.aci.aci_group#module:failure_logs).
  returned: when the containers did not reach O(wait_for), unless O(failure_log_lines=0)
  type: list
  elements: dict
error:
  description:
    - The error, in the format of RV(azure_containers.aci.aci_group#module:error).
  returned: failure, unless the options are invalid
  type: dict
  contains:
    code:
      description: The error code; Azure's own if there is one.
      type: str
      returned: always
      sample: InvalidArguments
    message:
      description: The error message; Azure's own if there is one.
      type: str
      returned: always
      sample: The compose project cannot become a container group, for 2 reasons.
    status:
      description: The HTTP status of Azure's response, null if there was none.
      type: int
      returned: always
      sample: 400
    request_id:
      description: The request id, which Azure support asks for; null if there is none.
      type: str
      returned: always
      sample: westeurope:6c2b7f0e-6f6a-4c8a-9a6c-0a1f6c1b9f0e
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Only now: an older Python cannot read them.
    from ..module_utils._engines.aci_compose import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
