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
  - Makes a container group of the compose files of a project, and brings a live one to what they say. Each service becomes a container.
  - It compares and changes as M(azure_containers.aci.aci_group) does, with the same effects, checks and waits.
  - Every key of the compose specification becomes a property of the group, is noted in RV(notes), or is refused with the reason.
    R(The guide,ansible_collections.azure_containers.aci.docsite.guide_compose_keys) lists them all.
  - Nothing is lost and nothing becomes public by surprise. Volumes whose content would go are refused unless O(ephemeral_volumes) lists
    them, and published ports are refused unless O(public) or O(subnet_ids) is given.
  - No Docker is needed, on no machine. The files are read on the host that the task runs on, with PyYAML.
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
      - What is predicted is computed by the same code that does it; only the requests that write are left out.
  diff_mode:
    support: full
    details:
      - Secrets are shown as a fixed word.
  idempotent:
    support: partial
    details:
      - Not with O(state=restarted), which asks for something to happen.
      - Changed secrets alone are not noticed, since the service does not give them back. See O(update_secrets).
options:
  resource_group:
    description:
      - The resource group that the container group is in. It must exist; M(azure_containers.aci.resource_group) creates one.
    type: str
    required: true
  name:
    description:
      - The name of the container group.
      - When not given, the name of the project, in lower case and with hyphens. That is C(name) in the compose file, or else the last part of
        O(project_src).
      - It is the project's name as well, as with C(docker compose --project-name).
    type: str
  state:
    description:
      - V(present) creates the group or changes what differs, as C(docker compose up) does. A group that is stopped or has finished is left so
        when nothing differs.
      - V(started) also starts a stopped group.
      - V(stopped) also stops a running group, which ends its billing. A group that has finished is left as it is.
      - V(restarted) also restarts the group, starts it when it is stopped, and runs it again when it has finished.
      - V(absent) removes the group, as C(docker compose down) does, and ends when it is gone. With O(name), no file is read.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  project_src:
    description:
      - The directory of the project, on the host that the task runs on. Paths in the compose files count from here.
      - Required unless O(state=absent) and O(name) is given.
    type: path
  files:
    description:
      - The compose files, from the directory of the project on. A later one changes what an earlier one says, as with C(docker compose -f).
      - When not given, the variable C(COMPOSE_FILE) says it, or else C(compose.yaml), C(compose.yml), C(docker-compose.yaml) or
        C(docker-compose.yml), whichever is there first, with its C(.override) file if there is one.
    type: list
    elements: str
  profiles:
    description:
      - The profiles whose services count besides those without a profile. V(*) stands for all.
      - When not given, the variable C(COMPOSE_PROFILES) says it.
    type: list
    elements: str
  environment:
    description:
      - The variables that C(${NAME}) in the files stands for, and that services take their own variables without a value from.
      - They come before those of the file C(.env) in the directory of the project. The environment of the process is never read.
      - Values are masked where their names look like those of secrets.
    type: dict
  public:
    description:
      - Whether the ports that the project publishes get a public address on the internet.
      - When not given, a project that publishes ports is refused, unless O(subnet_ids) gives them an address in a network.
      - With V(false) they stay inside the group, where its containers reach them at localhost.
      - Ports that are bound to 127.0.0.1 or ::1 in the file stay inside in any case.
    type: bool
  restart_policy:
    description:
      - The restart policy of the group.
      - Required where no service says C(restart), which means never to Docker and always to Container Instances, and where services differ.
    type: str
    choices: [Always, OnFailure, Never]
  ephemeral_volumes:
    description:
      - The volumes that may be empty directories, whose content goes with the group. All others need the driver C(azure_file).
      - A volume without a name is V(SERVICE:/PATH).
    type: list
    elements: str
  plain_variables:
    description:
      - Patterns of names of variables, with C(*) and C(?), whose values are no secrets.
      - Without it, what has a telling name (C(DB_PASSWORD), C(API_KEY)), credentials in a URL, or the value of such a variable in it, becomes a
        secure value, which the service does not give back.
    type: list
    elements: str
  secure_variables:
    description:
      - Patterns of names of variables, with C(*) and C(?), whose values are secrets, whatever they are called.
    type: list
    elements: str
  storage_account_keys:
    description:
      - The keys of the storage accounts whose file shares the project mounts, by the names of the accounts.
    type: dict
  resolve:
    description:
      - Whether the names of services resolve in the containers. All containers of a group share one network, so they reach each other at
        localhost in any case.
      - V(hosts) adds a small container (0.01 CPU, 0.1 GB) that writes the names of all services, their aliases, and what C(extra_hosts)
        says, to the hosts file that the containers share.
      - V(hosts) is for Linux, and for the restart policy V(Always) only, since that container never ends.
    type: str
    choices: [none, hosts]
    default: none
  resolve_image:
    description:
      - The image of that container. It needs C(/bin/sh), and has to run as root. When not given, it is the image of the first service.
    type: str
  notes:
    description:
      - What happens with what there is to know of a project, which RV(notes) lists.
      - V(warn) warns of it. V(strict) refuses a project of which there is anything to know. V(off) says nothing.
    type: str
    choices: [warn, strict, 'off']
    default: warn
  location:
    description:
      - The region, as V(westeurope) or V(West Europe).
      - When it is not given, a new group is created in the region of its resource group.
      - A group cannot move. Another region needs O(recreate=when_needed).
    type: str
  tags:
    description:
      - Tags of the container group, by name. They are merged with those that the group has, unless O(purge_tags=true).
      - Changing tags restarts nothing.
      - Values are texts. Quote what YAML would take for something else (V("true"), V("1.10")).
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
          - The name of one of C(secretReferences) of O(extra_properties), from which the service takes the password.
        type: str
      identity:
        description:
          - The resource id of a user-assigned identity that may pull, instead of a name and password. O(identity) must have it too.
        type: str
      identity_url:
        description:
          - The identity by its URL.
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
  zones:
    description:
      - The availability zones of the group. The service takes one.
      - Whether it can be changed in place is not known; it is tried.
    type: list
    elements: str
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
  extra_properties:
    description:
      - Properties that the module does not know, in the form that ARM has, below C(properties). They are merged into what is sent.
    type: dict
  api_version:
    description:
      - The version of the service's API to use. When not given, it is the newest that both the module and the service know.
    type: str
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
      - What the service accepts in place is not publicly known for some properties
        (RV(azure_containers.aci.aci_group#module:changes[].effect=in_place_or_recreate)). Those are
        tried in place first.
      - V(probed) is V(when_needed), but first tries the new definition beside the old group. A group with the same name and C(-probe) at its
        end is created without the DNS label and the private address, is waited for as the task waits, and is removed. Only when that went well is
        the old group replaced. So the definition runs twice, with its volumes, its secrets and its jobs. It needs quota for both at a time.
        RV(probe) says how much, also in check mode. It has a system-assigned identity of its own, without role assignments. A run that
        is killed leaves it with the tags C(probe_of) and C(expires_at); the next run with V(probed), or M(azure_containers.aci.aci_prune)
        with O(azure_containers.aci.aci_prune#module:expired), removes it.
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
    type: str
    choices: [restore, leave]
  recreate_identity:
    description:
      - Whether a group with a system-assigned identity may be recreated. The new group gets another identity, without the role assignments of
        the old one.
    type: bool
    default: false
  recovery_dir:
    description:
      - The folder for recovery files. While a group is recreated, its definition is kept in a file there (mode 0600, placeholders instead of
        secrets), so that nothing is lost when the task is interrupted. The next run finds the file and goes on from it.
      - When not given, C(~/.azure/aci-recovery) of the host that the task runs on.
      - The file must belong to the user that runs the task. Neither the file nor the folder may be writable by others, unless the folder has
        the sticky bit, as C(/tmp) has. Otherwise the task fails.
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
  validation:
    description:
      - What happens when the definition does not keep a limit that is documented, but that the service is not known to enforce.
      - V(warn) sends it with a warning, lists it in RV(doubts), and names it as the likely reason when the service refuses.
      - V(strict) fails before anything is sent. V(off) says nothing.
      - Before a running group is replaced by something that the service may refuse only afterwards, and before it is recreated, V(warn)
        fails as V(strict) does.
      - What contradicts itself, or what the service is known to refuse, always fails before anything is sent.
        R(The guide,ansible_collections.azure_containers.aci.docsite.guide_checks) lists all of it with its evidence.
    type: str
    choices: [warn, strict, 'off']
    default: warn
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
  update_secrets:
    description:
      - When secrets that the task gives are sent.
      - V(with_changes) sends them when something else changes.
      - V(always) takes a given secret for a change.
      - V(fingerprint) finds out whether they have changed, by one scrypt digest over all of them, with O(fingerprint_key), in the group's tag
        C(aci-secrets-fingerprint). A group without that tag counts as changed.
    type: str
    choices: [with_changes, always, fingerprint]
    default: with_changes
  fingerprint_key:
    description:
      - A secret of your own that goes into the digest. Without it, nobody can try secrets against the tag. Needed with
        O(update_secrets=fingerprint), and to be kept the same.
    type: str
  repull:
    description:
      - Whether the group is stopped and started even when nothing differs, which pulls its images again. Its address may change.
      - A change that is sent anyway pulls them too.
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
  wait_for_subnet:
    description:
      - With O(state=absent), whether to wait until the subnet of the group is free, when no other group is in it.
    type: bool
    default: false
  remove_subnet_association:
    description:
      - With O(state=absent), whether to remove the link that the service leaves on the subnet, when no other group is in it. While the link is
        there, the subnet cannot be deleted or given to something else.
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
  ttl:
    description:
      - How long the group is to live, as V(90m), V(2h) or V(1d12h). When the group is created, the tag C(expires_at) gets the time at which this is
        over, in UTC.
      - Nothing happens to the group by itself. M(azure_containers.aci.aci_prune) removes those that have expired.
      - The tag of a group that exists is not changed, nor removed by O(purge_tags), and an existing group gets none. Set it with O(tags) to give a group
        more time. A group that O(tags) gives the tag C(expires_at) does not get another one.
    type: str
seealso:
  - module: azure_containers.aci.aci_group
  - plugin: azure_containers.aci.compose
    plugin_type: lookup
  - name: The Compose Specification
    description: What a compose file may say.
    link: https://compose-spec.io
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Run a project whose ports may be public
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    public: true

- name: Run it with another tag, a password, and a file share
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

- name: Run it in a network, with a cache that may be lost
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    restart_policy: Always
    ephemeral_volumes:
      - cache
    resolve: hosts
    subnet_ids:
      - id: "{{ subnet_id }}"

- name: See what would change, and every note
  azure_containers.aci.aci_compose:
    resource_group: shop
    project_src: "{{ playbook_dir }}/shop"
    public: true
  check_mode: true
  diff: true

- name: Remove it
  azure_containers.aci.aci_compose:
    resource_group: shop
    name: shop
    state: absent
"""

RETURN = r"""
notes:
  description:
    - What there is to know of the project, one entry each. Empty with O(state=absent).
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The place in the project.
      type: str
      returned: always
      sample: services.web.healthcheck
    kind:
      description:
        - V(ignored) is a key that has no effect on Container Instances.
        - V(differs) is what works in another way than it does with Docker.
      type: str
      choices: [ignored, differs]
      returned: always
      sample: differs
    message:
      description: What is to be known.
      type: str
      returned: always
      sample: A container that fails it is killed; with Docker it is only marked as unhealthy.
refused:
  description:
    - Why the project cannot become a container group. All reasons are given at once.
  returned: when the project is refused
  type: list
  elements: dict
  contains:
    path:
      description: The place in the project, or the option.
      type: str
      returned: always
      sample: services.web.ports[0]
    reason:
      description: Why, and what helps.
      type: str
      returned: always
      sample: >-
        Container Instances maps no ports: 80 of the container cannot be 8080 outside. Let the program listen on 8080, or publish 80.
action:
  description:
    - What was done, or would be in check mode. V(tagged) is a change of tags alone.
  returned: success
  type: str
  choices: [none, created, updated, recreated, tagged, started, stopped, restarted, repulled, deleted]
  sample: updated
changes:
  description:
    - What differs, one entry a property, as RV(azure_containers.aci.aci_group#module:changes) has it.
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
    - The container group, as RV(azure_containers.aci.aci_group#module:container_group) has it.
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
    - The secrets that the project has and that the service does not tell, so that a difference in them would not be noticed.
  returned: success
  type: list
  elements: str
  sample:
    - containers[web].environment_variables[DB_PASSWORD].secure_value
doubts:
  description:
    - Documented limits that what was sent, or would be sent, does not keep, as RV(azure_containers.aci.aci_group#module:doubts) has them.
  returned: success, and when the task is refused because of them
  type: list
  elements: dict
  sample: []
lost:
  description:
    - What a recreation costs besides the run of the containers, one phrase each.
  returned: success, and when the task fails before a recreation, as with the code RecreateNeeded
  type: list
  elements: str
  sample: []
probe:
  description:
    - What trying the new definition takes, as RV(azure_containers.aci.aci_group#module:probe) has it. Null when nothing is tried.
  returned: success
  type: dict
unverified:
  description:
    - What could not be asked before a recreation, as RV(azure_containers.aci.aci_group#module:unverified) has it.
  returned: success, and when a check before a recreation fails
  type: list
  elements: dict
  sample: []
overridden:
  description:
    - What was written and did not last, as RV(azure_containers.aci.aci_group#module:overridden) has it.
  returned: success
  type: list
  elements: dict
  sample: []
images:
  description:
    - What the tags of the images name at their registries, as RV(azure_containers.aci.aci_group#module:images) has it.
  returned: success, unless O(image_update=ignore) or O(state=absent)
  type: list
  elements: dict
saved_logs:
  description:
    - The logs that were saved, as RV(azure_containers.aci.aci_group#module:saved_logs) has them.
  returned: when O(save_logs) is given, also on failure
  type: list
  elements: dict
  sample: []
exit_codes:
  description:
    - The last exit codes of the containers, as RV(azure_containers.aci.aci_group#module:exit_codes) has them.
  returned: when the task fails because the containers do not run, or did not end, as waited for
  type: dict
failure_logs:
  description:
    - The last lines of the containers that failed, as RV(azure_containers.aci.aci_group#module:failure_logs) has them.
  returned: when the containers do not run, or did not end, as waited for, unless O(failure_log_lines=0)
  type: list
  elements: dict
error:
  description:
    - What went wrong, as RV(azure_containers.aci.aci_group#module:error) has it.
  returned: failure, unless the options are wrong
  type: dict
  contains:
    code:
      description: The code of the error, Azure's own where there is one.
      type: str
      returned: always
      sample: InvalidArguments
    message:
      description: The message, Azure's own where there is one.
      type: str
      returned: always
      sample: The compose project cannot become a container group, for 2 reasons.
    status:
      description: The status of Azure's answer, null when there was none.
      type: int
      returned: always
      sample: 400
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
    from ..module_utils._engines.aci_compose import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
