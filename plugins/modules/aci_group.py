#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_group
short_description: Manage container groups
version_added: 0.1.0
description:
  - Creates, updates, starts, stops, restarts and deletes container groups in Azure Container Instances.
  - The module compares the task with the existing group and changes exactly what differs. What you omit stays as it is. An empty list or dictionary
    removes what is there. A list is complete; its elements are compared by name, not by position.
  - RV(changes[].effect) names the effect of every change, in check mode too. V(tags) and V(config_map) restart nothing. V(in_place) restarts all
    containers of the group. V(redeploy) runs a stopped or finished group again. V(recreate) deletes and recreates the group, which requires
    O(recreate=when_needed) or O(recreate=probed). R(The guide,ansible_collections.azure_containers.aci.docsite.guide_desired_state) has a table of
    the effect of changing each property.
  - Options are named like the properties in ARM, Bicep and C(az container create --file), but in snake case, and take the same values.
  - Secrets can be written to the service but not read back, so they are not compared. RV(secrets_not_compared) lists them.
extends_documentation_fragment:
  - azure_containers.aci._waiting
  - azure_containers.aci._group
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._costs
  - azure_containers.aci._costs.show
attributes:
  check_mode:
    support: full
    details:
      - Runs the same code, without the requests that write.
  diff_mode:
    support: full
    details:
      - Secrets are masked.
  idempotent:
    support: partial
    details:
      - Not with O(state=restarted), which restarts the group every time.
      - A change of secrets alone is not detected, because the service does not return them.
options:
  state:
    description:
      - V(present) creates the group or changes what differs. If nothing differs, a stopped or finished group stays as it is.
      - V(started) also starts a stopped group.
      - V(stopped) also stops a running group, which ends its billing. A finished group stays as it is.
      - V(restarted) also restarts a running group, starts a stopped one, and runs a finished one again.
      - A group in any other state, such as C(Unknown) while the service repairs it, is stopped, restarted or started as requested. The service may
        refuse that for some time; the request is repeated until O(wait_timeout).
      - V(absent) deletes the group and waits until it is gone. A missing resource group is not an error.
      - V(started) and V(restarted) create a missing group if O(containers) is given. With V(stopped), a missing group is an error.
    type: str
    choices: [present, absent, started, stopped, restarted]
    default: present
  definition:
    description:
      - The whole group as ARM describes it (C(name), C(location), C(tags), C(identity), C(zones), C(properties), all in camel case), as C(az
        container create --file) takes it and M(azure_containers.aci.aci_group_info) returns it.
      - It can also be the output of C(az container export), C(az container show), C(az resource show), C(az rest) or the portal, a resource of an ARM
        template, a whole template with literal values, or an example of the REST documentation.
      - 'A definition is complete: what it omits is removed, unlike an omitted option. Other options override it.'
      - Its name is used if O(name) is omitted.
      - Its tags are merged with those of the group, like O(tags), unless O(purge_tags=true). Tags that the collection writes for a single group
        (C(expires_at), C(run_id), C(aci-secrets-fingerprint)) are ignored with a warning.
      - The address (C(ipAddress.ip)) of a public group is ignored, because it cannot be chosen.
      - Names of properties are not case-sensitive. A name that no API version knows is not sent; a warning suggests the nearest known one. Use
        O(extra_properties) for newer properties.
      - Numbers and booleans can be quoted or not, also where ARM expects strings.
      - Placeholders for exported secrets are refused. If a new group needs a secret that an export cannot contain, the error names it.
      - Template expressions, compose files and Kubernetes manifests are refused, with advice on what to do instead.
    version_added: 1.0.0
    type: dict
  definition_file:
    description:
      - A file with such a definition on the host that runs the task, in YAML or JSON with or without comments, in UTF-8, or in UTF-16 with a byte
        order mark.
      - In YAML, C(${NAME}) in an unquoted single-line string is a variable, as in C(az container create --file). Its value comes from
        O(definition_variables), not from the environment. In quotes, in block scalars and in JSON, it is literal.
      - C(networkProfile) is refused, even with an old C(apiVersion), unless O(api_version) is given.
      - Give an absolute path, such as C({{ playbook_dir }}/web.yml). A relative one starts in the current folder of C(ansible-playbook), or in the
        playbook's folder if the module runs in a process of its own.
    version_added: 1.0.0
    type: path
seealso:
  - module: azure_containers.aci.aci_group_info
  - module: azure_containers.aci.aci_logs
  - module: azure_containers.aci.resource_group
  - module: azure_containers.aci.aci_cost_info
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

- name: See what two more vCPUs would cost
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    containers:
      - name: web
        resources:
          requests:
            cpu: 3
            memory_in_gb: 4
    recreate: when_needed
    show_cost: true
  check_mode: true
  diff: true
  register: larger

- name: Show the difference
  ansible.builtin.debug:
    msg: "{{ larger.cost.difference.hourly }} {{ larger.cost.currency }} an hour more"

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

- name: Run a task to completion
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
    definition_file: "{{ playbook_dir }}/shop-web.yml"
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
    - What the task did, or would do in check mode. V(tagged) is a change of tags alone.
  returned: success
  type: str
  choices: [none, created, updated, recreated, tagged, started, stopped, restarted, repulled, deleted]
  sample: updated
changes:
  description:
    - What differs, one entry per property, in check mode too. Secrets are masked.
  returned: on success, and when a change was refused
  type: list
  elements: dict
  contains:
    property:
      description:
        - The option that differs. Elements of lists are named, such as V(containers[web].ports[80/TCP]).
        - V(state) is the state of the group.
        - V(containers[web].image (digest\)) is the digest of an image whose tag has moved. See O(image_update).
      type: str
      returned: always
      sample: containers[web].image
    before:
      description:
        - The value in the existing group, null if it has none.
      type: raw
      returned: always
      sample: registry.example.com/shop/web:2.0.0
    after:
      description:
        - The value after the change, null if it is removed.
      type: raw
      returned: always
      sample: registry.example.com/shop/web:2.1.0
    effect:
      description:
        - The effect of the change.
        - V(config_map) is a change of config maps alone, which restarts nothing. If the containers restart anyway, the result says V(in_place). It
          was added in version 1.1.0.
        - V(tags) restarts nothing. V(in_place) restarts all containers, and the address usually stays. V(redeploy) runs a stopped or finished group
          again, and its address can change. V(recreate) deletes and recreates the group.
        - V(in_place_or_recreate) means that the service decides, so only check mode returns it.
        - V(create), V(delete), V(start), V(stop) and V(restart) apply to the group as a whole.
      type: str
      choices: [create, delete, start, stop, restart, tags, config_map, in_place, redeploy, in_place_or_recreate, recreate]
      returned: always
      sample: in_place
container_group:
  description:
    - The container group. Its properties are named like the options, and have the values that the service returns.
    - In check mode, what the group would be, without what only the service knows. With O(state=absent), the group that was deleted.
    - Properties that the service does not return are missing. Secrets are never included.
  returned: success, unless the group did not exist before the removal; and on failure when the group could be read
  type: dict
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
        - The state of the group as a whole.
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
          returned: once the service has begun to start the container
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
cost:
  description:
    - What the change costs, as decimal texts that are not rounded. Check mode returns the same.
    - An amount is null where it is not known. A group that is stopped, has ended or does not exist costs nothing.
    - NAT gateways, Log Analytics, storage, bandwidth and registries are not included.
  returned: success, when O(show_cost=true)
  type: dict
  version_added: 1.1.0
  contains:
    currency:
      description: The currency of all amounts.
      type: str
      returned: always
      sample: USD
    before:
      description: What the group costs before the task.
      type: dict
      returned: always
      contains:
        hourly:
          description: The cost of an hour.
          type: str
          returned: always
          sample: "0.04495"
        monthly:
          description: The cost of a month of 730 hours, null for a group that ends by itself.
          type: str
          returned: always
          sample: "32.8135"
        billed:
          description: The C(cpu) and C(memory_in_gb) that are billed, as decimal texts, rounded up for the group.
          type: dict
          returned: always
          sample: {cpu: "1", memory_in_gb: "1"}
    after:
      description: What it costs once the task is done, while it runs. It has the same keys.
      type: dict
      returned: always
      sample: {hourly: "0.09079", monthly: "66.2767", billed: {cpu: "2", memory_in_gb: "2.2"}}
    difference:
      description: What is added in an hour and in a month. Negative where the change saves something.
      type: dict
      returned: always
      sample: {hourly: "0.04584", monthly: "33.4632"}
    overlap:
      description: What runs beside the group in the meantime costs in an hour. That is the trial of O(recreate=probed).
      type: dict
      returned: always
      sample: {hourly: "0"}
    reasons:
      description: Why an amount is not known.
      type: list
      elements: str
      returned: always
      sample: []
secrets_not_compared:
  description:
    - The secrets that the task gives and the service does not return, so that a difference is not detected.
    - They are sent if anything else changes.
  returned: success
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[QUEUE_KEY].secure_value
    - volumes[certificates].secret
lost:
  description:
    - What a recreation loses besides the run of the containers, such as an address, a name, an identity with its role assignments, or logs.
    - In check mode, also returned for changes with the effect V(in_place_or_recreate), if O(recreate) allows a recreation.
  returned: on success, and when the task fails before a recreation, as with the code RecreateNeeded
  type: list
  elements: str
  version_added: 1.1.0
  sample:
    - the address 20.76.10.11
    - its hold on the name shop-web.westeurope.azurecontainer.io, which others can take meanwhile (scope Unsecure)
    - the logs of its runs so far
probe:
  description:
    - What the trial of the new definition with O(recreate=probed) needs. Null if there is no trial.
  returned: success
  type: dict
  version_added: 1.1.0
  contains:
    name:
      description: The name of the trial group.
      type: str
      returned: always
      sample: shop-web-probe
    quota:
      description: The quota that it needs in addition to the old group, by name.
      type: dict
      returned: always
      sample:
        ContainerGroups: 1
        StandardCores: 2
    cpu:
      description: The CPU cores that are billed twice in the meantime.
      type: float
      returned: always
      sample: 2
    memory_in_gb:
      description: The memory in GB that is billed twice in the meantime.
      type: float
      returned: always
      sample: 3
    seconds_at_most:
      description: The maximum duration in seconds, without the removal.
      type: float
      returned: always
      sample: 2100
unverified:
  description:
    - What could still go wrong after the delete of a recreation, because it could not be checked before. Check mode returns it too.
  returned: on success, and when a recreation was refused by an answer
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    check:
      description: The kind of check.
      type: str
      returned: always
      choices: [locks, permissions, policy, quota, capacity, image]
      sample: policy
    reason:
      description: Why it could not be checked.
      type: str
      returned: always
      sample: >-
        Azure does not say beforehand whether the region westeurope has room for the group.
overridden:
  description:
    - Tags that the task wrote, but that a policy or another client overrides.
    - Such a tag does not count as a change. Check mode cannot foresee this, and predicts a change.
    - Any other property that differs from what was sent is an error (C(NotApplied)).
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
      description: The value in the task, null for a tag that it removes.
      type: str
      returned: always
      sample: dev
    live:
      description: The value in the group, null for a tag that it does not have.
      type: str
      returned: always
      sample: prod
  version_added: 1.1.0
images:
  description: The images of the containers and their digests, init containers first.
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
      description: The image as named by the task or the existing group.
      type: str
      returned: always
      sample: registry.example.com/shop/web:2.1
    running_digest:
      description: The digest that runs according to the recorded pull events. Null if it is not known or was not checked.
      type: str
      returned: always
      sample: sha256:b9cec4d6b50c6bf25e3f7f93bdc1628e5dca972cf132d38ed8f5bc955bb179c3
    registry_digest:
      description: The digest of the tag in its registry. Null if it is not known or was not checked.
      type: str
      returned: always
      sample: sha256:b9cec4d6b50c6bf25e3f7f93bdc1628e5dca972cf132d38ed8f5bc955bb179c3
    moved:
      description: Whether the digest that runs, or is pinned, differs from that of the tag.
      type: bool
      returned: always
      sample: false
    reason:
      description: Why a digest is not known or was not checked.
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
      description: The error code, null if it succeeded.
      type: str
      returned: always
      sample: ServiceUnavailable
    message:
      description: The error message, null if it succeeded.
      type: str
      returned: always
      sample: The requested resource is not available in the location 'westeurope' at this moment.
    duration:
      description: The duration in seconds.
      type: float
      returned: always
      sample: 12.5
saved_logs:
  description: The saved logs, one entry per container. Empty if nothing ended their run.
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
      description: The path of the log file, null if there is none. In check mode, the file that would be written.
      type: str
      returned: always
      sample: /var/log/aci/shop.shop-web.web.20260301T093000Z.log
    reason:
      description: Why there is no file, or why the end of the log is missing. Null if the complete log was saved.
      type: str
      returned: always
      sample: null
doubts:
  description:
    - Documented limits that the definition exceeds.
    - What the existing group already has is not included.
  returned: on success, and when the task is refused because of them
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the limit.
      type: str
      returned: always
      sample: reserved_ports
    path:
      description: The option that exceeds it.
      type: str
      returned: always
      sample: containers[web].ports
    message:
      description: The documented limit.
      type: str
      returned: always
      sample: the service reserves port 22 for itself.
    evidence:
      description: The source of the limit.
      type: str
      returned: always
      sample: "Documentation: troubleshooting, reserved ports, 2025-11."
  sample: []
diff:
  description:
    - The changed properties before and after, by name. Secrets are masked.
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
    - The secrets of the existing group that the task does not give, and that the change would have removed.
  returned: when the task fails with the code SecretsMissing or NotRestorable
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[QUEUE_KEY].secure_value
exit_codes:
  description:
    - The exit code of the last completed run of each container, by name. Null if the service returns none, as after a stop or an infrastructure
      error. Includes init containers only if they failed.
  returned: when the containers do not reach O(wait_for)
  type: dict
  sample:
    worker: 3
failure_logs:
  description:
    - 'The last lines of the failed containers, in the order in which they run: those that ended with an exit code that is not allowed, crash
      repeatedly, or fail a probe. If there are none when the time is up, those that the task still waits for.'
    - A log that cannot be read never hides the reason for the failure.
  returned: when the containers do not reach O(wait_for), unless O(failure_log_lines=0)
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
recovery_file:
  description:
    - The file with the definition of a group that was deleted to be recreated. Run the task again to continue from it.
  returned: when such a group is gone or its fate is not known
  type: str
  sample: /home/ops/.azure/aci-recovery/00000000-0000-0000-0000-000000000000.shop.shop-web.json
restored:
  description:
    - Whether the old group, which was deleted to be recreated, was restored. RV(restore_reason) has the reason.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: bool
  sample: true
restore_reason:
  description:
    - What happened to the group, and why it was or was not restored.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: str
  version_added: 1.1.0
  sample: >-
    The container group shop-web in resource group shop was deleted to be recreated; its old definition was restored.
definition:
  description:
    - The intended definition of the group as ARM describes it, with secrets masked.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: dict
  sample:
    location: westeurope
    properties:
      osType: Linux
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
previous_definition:
  description:
    - The previous definition of the group, in the same form. Secrets that the service does not return are missing.
  returned: when a group was deleted to be recreated, and the new one could not be created or failed
  type: dict
  version_added: 1.1.0
  sample:
    location: westeurope
    properties:
      osType: Linux
failed_group:
  description:
    - The new group when it failed, like RV(container_group), which then is the restored group.
  returned: when a new group that failed was replaced by the old one
  type: dict
  version_added: 1.1.0
error:
  description:
    - The error in a machine-readable form. C(msg) has the message for people.
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
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: The container group 'shop-web' is still transitioning, please retry later.
    status:
      description: The HTTP status of Azure's answer, null if no request was made.
      type: int
      returned: always
      sample: 409
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
    from ..module_utils._engines.aci_group import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
