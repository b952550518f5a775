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
  - azure_containers.aci._waiting
  - azure_containers.aci._group.compose
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
    # Imported only now, because an older Python cannot parse them.
    from ..module_utils._engines.aci_compose import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
