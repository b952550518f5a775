// Copyright (c) 2026, the azure_containers.aci contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The same program with the Azure SDK for JavaScript.

import { ContainerInstanceManagementClient } from "@azure/arm-containerinstance";
import { ResourceManagementClient } from "@azure/arm-resources";
import { DefaultAzureCredential } from "@azure/identity";

const group = "plain-program-js";
const subscription = process.env.AZURE_SUBSCRIPTION_ID;
const credential = new DefaultAzureCredential();
const resources = new ResourceManagementClient(credential, subscription);
const client = new ContainerInstanceManagementClient(credential, subscription);

await resources.resourceGroups.createOrUpdate(group, { location: "westus2" });
try {
  const made = await client.containerGroups.beginCreateOrUpdateAndWait(group, "web", {
    location: "westus2",
    osType: "Linux",
    containers: [
      {
        name: "main",
        image: "emulator.local/sh",
        command: ["sh", "-c", "echo hello; sleep 3600"],
        resources: { requests: { cpu: 1, memoryInGB: 1 } },
      },
    ],
  });
  console.log("state", made.provisioningState);
  const names = [];
  for await (const each of client.containerGroups.list()) names.push(each.name);
  console.log("groups", JSON.stringify(names));
  const shell = await client.containers.executeCommand(group, "web", "main", {
    command: "sh",
    terminalSize: { rows: 24, cols: 80 },
  });
  console.log("shell", shell.webSocketUri);
} finally {
  await resources.resourceGroups.beginDeleteAndWait(group);
}
console.log("removed", !(await resources.resourceGroups.checkExistence(group)).body);
