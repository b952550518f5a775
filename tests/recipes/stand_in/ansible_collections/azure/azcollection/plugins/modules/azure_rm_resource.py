# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the options that azure.azcollection 3 documents for this module, and no others."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.dict_transformations import dict_merge

from ansible_collections.azure.azcollection.plugins.module_utils.stand_in import Azure

SPEC = {
    "url": {"type": "str"},
    "provider": {"type": "str"},
    "resource_group": {"type": "str"},
    "resource_type": {"type": "str"},
    "resource_name": {"type": "str"},
    "subresource": {"type": "list", "elements": "dict", "default": []},
    "api_version": {
        "type": "str",
        "required": True,
    },  # optional there; a recipe names the version that it is written for
    "method": {"default": "PUT", "choices": ["GET", "PUT", "POST", "HEAD", "PATCH", "DELETE", "MERGE"]},
    "body": {"type": "raw"},
    "status_code": {"type": "list", "elements": "int", "default": [200, 201, 202]},
    "idempotency": {"type": "bool", "default": False},
    "polling_timeout": {"type": "int", "default": 0},
    "polling_interval": {"type": "int", "default": 60},
    "state": {"default": "present", "choices": ["present", "absent"]},
}


def main() -> None:
    module = AnsibleModule(SPEC)
    given = module.params
    azure = Azure()
    if given["idempotency"]:
        status, live = azure.ask("GET", given["url"], given["api_version"])
        if status == 200 and dict_merge(live, given["body"]) == live:
            module.exit_json(changed=False, response=live)
    status, answer = azure.ask(given["method"], given["url"], given["api_version"], given["body"])
    if status not in given["status_code"]:
        module.fail_json(msg=f"Error {status}: {answer}")
    module.exit_json(changed=True, response=answer)


if __name__ == "__main__":
    main()
