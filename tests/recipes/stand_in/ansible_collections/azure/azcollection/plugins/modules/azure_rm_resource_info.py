# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the options that azure.azcollection 3 documents for this module, as far as recipes use them."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.azure.azcollection.plugins.module_utils.stand_in import Azure


def main() -> None:
    module = AnsibleModule(
        {
            "url": {"type": "str", "required": True},
            "api_version": {"type": "str", "required": True},
            "method": {"default": "GET", "choices": ["GET", "POST"]},
        },
        supports_check_mode=True,
    )
    _status, answer = Azure().ask(module.params["method"], module.params["url"], module.params["api_version"])
    module.exit_json(changed=False, url=module.params["url"], response=[answer])


if __name__ == "__main__":
    main()
