#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_group_info
short_description: Get information about container groups
version_added: 0.1.0
description:
  - Returns one container group, all in a resource group, or all in the subscription.
  - If a group does not exist, the list is empty. If the resource group does not exist, the module also warns.
  - Can wait until all of them run, for example after a loop over M(azure_containers.aci.aci_group) with
    O(azure_containers.aci.aci_group#module:wait=false).
extends_documentation_fragment:
  - azure_containers.aci._waiting
  - azure_containers.aci._selection
  - azure_containers.aci._selection.resource_group
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._attributes.info
options:
  name:
    description:
      - The name of one container group. Requires O(resource_group).
    type: str
  names:
    description:
      - The names of several container groups. Requires O(resource_group). Mutually exclusive with O(name).
    version_added: 1.0.0
    type: list
    elements: str
  fields:
    description:
      - The fields to return of each group in RV(container_groups), such as V(name), V(state), V(tags) and V(ip). A field that a group does not have
        is null. Defaults to all fields.
      - Saves time and memory with many groups, especially without V(definition). It does not change the requests.
      - Secrets are masked as always. RV(not_ready) is not affected.
    version_added: 1.1.0
    type: list
    elements: str
  instance_view:
    description:
      - Whether to read the instance view of each group in a list, which takes one more request per group. A group that is deleted in the meantime is
        omitted.
      - A single group (O(name)) always includes it, and so do groups with O(wait_for=running) or O(wait_for=completed).
    type: bool
    default: false
  workers:
    description:
      - How many groups to read at a time, from 1 to 64.
      - If the service reports too many requests, all pause for as long as it asks, and continue with fewer at a time.
    version_added: 1.0.0
    type: int
    default: 16
  wait_for:
    description:
      - Wait until all selected groups reach this state, and fail with RV(not_ready) if some do not. By default, the module does not wait.
      - V(provisioned) is reached when the service has created the group, V(running) when every container runs, or has ended with exit code 0 if the
        restart policy is not V(Always), and V(completed) when all containers have ended.
      - The module waits for the groups that are selected at the start. A group of O(names) that does not exist then counts as not ready, and so does
        one that is deleted in the meantime.
      - A list only reports the last operation of a group. A group that runs therefore counts, even if an update that has just begun elsewhere is
        about to replace it.
    version_added: 1.0.0
    type: str
    choices: [provisioned, running, completed]
  wait_timeout:
    description:
      - How many seconds to wait with O(wait_for). Requests to an unavailable service are repeated for as long.
    version_added: 1.0.0
    type: int
    default: 2100
seealso:
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_logs
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Ask for one container group
  azure_containers.aci.aci_group_info:
    resource_group: shop
    name: shop-web
  register: shop_web

- name: Show its address
  ansible.builtin.debug:
    var: shop_web.container_groups[0].fqdn
  when: shop_web.container_groups

- name: Ask for all of a resource group, with what their containers do
  azure_containers.aci.aci_group_info:
    resource_group: shop
    instance_view: true

- name: Ask for those of the subscription that have two tags
  azure_containers.aci.aci_group_info:
    tags:
      owner: web-team
      stage: production

- name: Ask for those that have a tag, whatever its value
  azure_containers.aci.aci_group_info:
    tags:
      - expires_at

- name: Ask for little of each of many
  azure_containers.aci.aci_group_info:
    fields: [name, resource_group, provisioning_state, tags]

- name: Begin to create twenty groups
  azure_containers.aci.aci_group:
    resource_group: render
    name: "render-{{ item }}"
    containers:
      - name: worker
        image: registry.example.com/render:4.2
    wait: false
  loop: "{{ range(20) | list }}"

- name: Wait for all of them together
  azure_containers.aci.aci_group_info:
    resource_group: render
    names: "{{ range(20) | map('regex_replace', '^', 'render-') }}"
    wait_for: running
    wait_timeout: 600

- name: Keep one as a file that az container create --file takes, and that definition_file of aci_group takes
  ansible.builtin.copy:
    dest: shop-web.yml
    content: "{{ shop_web.container_groups[0].definition | azure_containers.aci.definition_file('shop', 'shop-web.yml') }}"
    mode: "0600"
"""

RETURN = r"""
container_groups:
  description:
    - The container groups. Their properties are named like the options of M(azure_containers.aci.aci_group), and have the values that the service
      returns. Properties that the service does not return are missing. Secrets are never included.
  returned: on success, and when a group does not reach O(wait_for)
  type: list
  elements: dict
  contains:
    id:
      description: The resource ID.
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
      description: The ID of the subscription.
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
        - The state of the group, null in a list without O(instance_view=true) or O(wait_for).
        - V(Succeeded) and V(Failed) are groups whose containers have ended, V(Stopped) are groups that were stopped.
        - V(Unknown) is the state while the service repairs the group. The service can return other values.
      type: str
      returned: always
      sample: Running
    provisioning_state:
      description:
        - The result of the last operation on the group, regardless of its containers.
      type: str
      returned: always
      sample: Succeeded
    ip:
      description: The IP address, null if there is none (yet).
      type: str
      returned: always
      sample: 20.76.10.11
    fqdn:
      description: The DNS name, null if there is none.
      type: str
      returned: always
      sample: shop-web.westeurope.azurecontainer.io
    orchestrator_id:
      description: The resource ID of the NGroup that created the group, null if none did.
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
      description: The restart policy. The service omits it if it was never given, which means V(Always).
      type: str
      returned: when the service gives it
      sample: Always
    sku:
      description: The kind of hardware.
      type: str
      returned: when the service gives it
      sample: Standard
    ip_address:
      description: The IP address and its properties.
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
          description: The environment variables. Secure ones only have a name.
          type: list
          elements: dict
          returned: when the service gives them
          sample:
            - name: QUEUE
              value: orders
            - name: QUEUE_KEY
        resources:
          description: The resources of the container.
          type: dict
          returned: always
          sample:
            requests:
              cpu: 1.0
              memory_in_gb: 1.5
        instance_view:
          description: The current state of the container.
          type: dict
          returned: for one group, or with O(instance_view=true), once the service has begun to start the container
          contains:
            restart_count:
              description: How often the service has restarted the container.
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
                  description: Details of the state.
                  type: str
                  returned: when the service gives it
                  sample: Completed
            previous_state:
              description: The previous run, with the same keys.
              type: dict
              returned: when there was one
              sample:
                state: Terminated
                exit_code: 1
                detail_status: Error
            events:
              description: The events of the container.
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
    definition:
      description:
        - The complete definition of the group as ARM describes it, without read-only properties. O(azure_containers.aci.aci_group#module:definition)
          and O(azure_containers.aci.aci_group#module:definition_file) take it, and so does C(az container create --file).
        - The service does not return secrets. A placeholder with its name stands for each of them, and for credentials in URLs.
          M(azure_containers.aci.aci_group) refuses placeholders that were not replaced.
      type: dict
      returned: always
      sample:
        name: shop-web
        apiVersion: "2025-09-01"
        type: Microsoft.ContainerInstance/containerGroups
        location: westeurope
        tags:
          owner: web-team
        properties:
          osType: Linux
          containers:
            - name: web
              properties:
                image: registry.example.com/web:4.2
                resources:
                  requests:
                    cpu: 1.0
                    memoryInGB: 1.5
          imageRegistryCredentials:
            - server: registry.example.com
              username: reader
              password: "<secret: image_registry_credentials[registry.example.com].password>"
not_ready:
  description:
    - The groups that did not reach O(wait_for), and why.
  returned: when a group does not reach O(wait_for)
  type: list
  elements: dict
  contains:
    name:
      description: The name of the group.
      type: str
      returned: always
      sample: render-7
    resource_group:
      description: The name of its resource group.
      type: str
      returned: always
      sample: render
    id:
      description: The resource ID, null if there is no such group.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/render/providers/Microsoft.ContainerInstance/containerGroups/render-7
    state:
      description: The state, null if it is not known.
      type: str
      returned: always
      sample: Pending
    provisioning_state:
      description: The provisioning state.
      type: str
      returned: always
      sample: Creating
    code:
      description:
        - 'The reason in a machine-readable form: V(TimedOut), V(ProvisioningFailed), V(ImagePullFailed), V(ContainerFailed), V(CrashLoop),
          V(ContainerGroupStopped), V(NeverCompletes) or V(ContainerGroupNotFound).'
      type: str
      returned: always
      sample: ImagePullFailed
    reason:
      description: The reason in words, with the last events of the group.
      type: str
      returned: always
      sample: An image could not be pulled within 120 s (image_pull_timeout). Container worker waits (ImagePullBackOff).
    exit_codes:
      description: The exit code of the last completed run of each container, by name. Includes init containers only if they failed.
      type: dict
      returned: always
      version_added: 1.1.0
      sample:
        worker: 3
failure_logs:
  description:
    - 'The last lines of the failed containers, in the order in which they run: those that ended with an exit code that is not allowed, crash
      repeatedly, or fail a probe. If there are none when the time is up, those that the task still waits for.'
    - At most 50 groups are included.
    - A log that cannot be read never hides the reason for the failure.
  returned: when the containers of a group do not reach O(wait_for), unless O(failure_log_lines=0)
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
      description: The exit code of its last completed run, null if there is none.
      type: int
      returned: always
      sample: 127
    available:
      description: Whether its log could be read.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why the log could not be read, null if it could.
      type: str
      returned: always
      sample: null
    lines:
      description: The last lines of the log, with control characters escaped, such as C(\x1b) for an escape.
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
      description: What to check, based on the exit code, the events and the log. Null if nothing stands out.
      type: str
      returned: always
      sample: "Its command was not found: check command, and what the image has."
missing_actions:
  description:
    - The actions that the identity lacks, if Azure refuses with V(AuthorizationFailed) or V(LinkedAuthorizationFailed).
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
      description: The resource that the action is required on.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop
error:
  description:
    - The error in a machine-readable form. C(msg) has the message for people.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials),
          V(ConnectionFailed), V(TimedOut) when every group of RV(not_ready) was too slow, and V(ContainerGroupsNotReady).
      type: str
      returned: always
      sample: SubscriptionNotFound
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: The subscription '00000000-0000-0000-0000-000000000000' could not be found.
    status:
      description: The HTTP status of Azure's answer, null if no request was made.
      type: int
      returned: always
      sample: 404
    request_id:
      description: The ID of the request, for Azure support. Null if there was none.
      type: str
      returned: always
      sample: westeurope:6c2b7f0e-6f6a-4c8a-9a6c-0a1f6c1b9f0e
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Imported only now, because an older Python cannot parse them.
    from ..module_utils._engines.aci_group_info import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
