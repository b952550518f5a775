# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Traffic between a client and Resource Manager, with canaries in everything that a user can choose."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlsplit

from aci_emulator.recording.comparison import Answer
from aci_emulator.recording.exchanges import Exchange

# Each replaces a value that users choose. None may be in a recording, in any form.
CANARIES = {
    "resource group": "Kanarie-Group",
    "group": "kanarie-shop",
    "container": "kanarie-web",
    "variable": "KANARIE_NAME",
    "value": "kanarie plain value",
    "command": "kanarie --command",
    "tag": "kanarieTag",
    "tag value": "kanarie tag value",
    "label": "kanarie-label",
    "volume": "kanarie-volume",
    "mount": "kanarie-mount",
    "registry": "kanarieregistry",
    "user": "kanarie-user",
    "file": "kanarie-file.txt",
    "share": "kanarie-share",
    "account": "kanarieaccount",
    "identity": "kanarie-identity",
    "network": "kanarie-network",
    "property": "kanarieProperty",
    "probe": "kanarie-probe",
}
SECRETS = {
    "secure value": "hush-secure-value",
    "password": "hush-password",
    "file": "aHVzaC1zZWNyZXQtZmlsZQ==",
    "storage key": "aHVzaC1zdG9yYWdlLWtleQ==",
    "workspace key": "hush-workspace-key",
    "protected": "hush-protected-setting",
}
GROUPS = "Microsoft.ContainerInstance/containerGroups"
VERSION = "2025-09-01"


class Client(Protocol):
    subscriptions: Any

    def send(self, method: str, path: str, body: Any) -> Answer: ...

    def wait(self, seconds: float) -> None: ...


class Conversation:
    """Sends requests, and keeps what a recorder sees."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: list[Exchange] = []
        self.base = f"/subscriptions/{client.subscriptions[0]}/resourceGroups/{CANARIES['resource group']}"

    def ask(self, method: str, path: str, body: Any = None, version: str = VERSION) -> Answer:
        """Sends a request to a path below the resource group, or to a URL."""
        if "://" in path:
            parts = urlsplit(path)
            path = f"{parts.path}?{parts.query}"
        elif not path.startswith("/subscriptions"):
            path = f"{self.base}{path}"
        if "api-version" not in path:
            path += f"{'&' if '?' in path else '?'}api-version={version}"
        answer = self.client.send(method, path, body)
        url = f"https://management.azure.com{path}"
        self.seen.append(Exchange(method, url, body, answer.status, answer.headers, answer.body))
        return answer

    def group(self, method: str, name: str, body: Any = None, end: str = "", version: str = VERSION) -> Answer:
        """Sends a request about a container group."""
        return self.ask(method, f"/providers/{GROUPS}/{name}{end}", body, version)

    def finish(self, answer: Answer) -> None:
        """Follows the operation in a response."""
        for _ in range(100):
            found = self.ask("GET", answer.headers["azure-asyncoperation"])
            if found.body["status"] in ("Succeeded", "Failed"):
                return
            self.client.wait(1)
        raise AssertionError(found)

    def create(self, name: str, body: Any) -> Answer:
        """Creates a container group."""
        answer = self.group("PUT", name, body)
        if answer.status < 300:
            self.finish(answer)
        return answer


def container(name: str = CANARIES["container"], **more: Any) -> dict[str, Any]:
    resources = {"requests": {"cpu": 1, "memoryInGB": 1.5}}
    return {"name": name, "properties": {"image": "nginx:1.27", "resources": resources, **more}}


def body(*containers: dict[str, Any], tags: Any = None, **properties: Any) -> dict[str, Any]:
    whole = {"osType": "Linux", "containers": list(containers or [container()]), **properties}
    return {"location": "westus2", "properties": whole, **({} if tags is None else {"tags": tags})}


def everything() -> dict[str, Any]:
    """The body of a group with canaries in all places, and all secrets."""
    mounts = [{"name": CANARIES["volume"], "mountPath": f"/srv/{CANARIES['mount']}"}]
    variables = [
        {"name": CANARIES["variable"], "value": CANARIES["value"]},
        {"name": "KANARIE_SECRET", "secureValue": SECRETS["secure value"]},
    ]
    web = container(
        image=f"{CANARIES['registry']}.azurecr.io/kanarie/app:kanarie-7",
        command=["sh", "-c", CANARIES["command"]],
        environmentVariables=variables,
        ports=[{"port": 80}],
        volumeMounts=mounts,
        livenessProbe={"httpGet": {"path": f"/{CANARIES['probe']}", "port": 80, "scheme": "http"}},
    )
    return body(
        web,
        tags={CANARIES["tag"]: CANARIES["tag value"]},
        restartPolicy="Never",
        ipAddress={"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": CANARIES["label"]},
        imageRegistryCredentials=[
            {
                "server": f"{CANARIES['registry']}.azurecr.io",
                "username": CANARIES["user"],
                "password": SECRETS["password"],
            }
        ],
        volumes=[
            {"name": CANARIES["volume"], "secret": {CANARIES["file"]: SECRETS["file"]}},
            {
                "name": "kanarie-files",
                "azureFile": {
                    "shareName": CANARIES["share"],
                    "storageAccountName": CANARIES["account"],
                    "storageAccountKey": SECRETS["storage key"],
                },
            },
        ],
        diagnostics={"logAnalytics": {"workspaceId": "kanarie-workspace", "workspaceKey": SECRETS["workspace key"]}},
    )


def talk(client: Client) -> list[Exchange]:
    """A client's requests in the lifecycle of several groups: created, changed, refused, listed, stopped, deleted."""
    says = Conversation(client)
    says.ask("GET", f"/subscriptions/{client.subscriptions[0]}", version="2022-12-01")
    says.ask("PUT", "", {"location": "westus2", "tags": {CANARIES["tag"]: "kanarie owner"}}, "2021-04-01")
    says.group("GET", CANARIES["group"])
    says.create(CANARIES["group"], everything())
    says.group("GET", CANARIES["group"])
    says.group("GET", CANARIES["group"].upper())
    says.group("GET", CANARIES["group"], end=f"/containers/{CANARIES['container']}/logs")
    says.group("GET", CANARIES["group"], end="/containers/kanarie-nobody/logs")
    says.group("POST", CANARIES["group"], {"command": "kanarie-exec", "terminalSize": {"rows": 24, "cols": 80}},
               f"/containers/{CANARIES['container']}/exec")  # fmt: skip
    # Refused, with names in the messages.
    says.group("PUT", "kanarie-bad", body(container("Kanarie_Bad")))
    says.group("PUT", "kanarie-bad", body(container(environmentVariables=[{"name": "kanarie-no", "value": "v"}])))
    says.group("PUT", "kanarie-bad", body(container(volumeMounts=[{"name": "kanarie-none", "mountPath": "/x"}])))
    says.group("PUT", "kanarie-taken", body(container(ports=[{"port": 80}]), ipAddress={
        "type": "Public", "ports": [{"port": 80, "protocol": "TCP"}], "dnsNameLabel": CANARIES["label"]}))  # fmt: skip
    says.group("PUT", "kanarie-bad", body(), version="2021-03-02")
    says.group("PUT", "Kanarie-Capitals", body())
    says.group("PUT", "kanarie--hyphens", body())
    says.create("kanarie-odd", body(kanarieProperty={"kanarieInner": "kanarie inner value"}))
    identity = f"{says.base}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{CANARIES['identity']}"
    settings = {"kanarieSetting": SECRETS["protected"]}
    extension = {"extensionType": "realtime-metrics", "version": "1.0", "protectedSettings": settings}
    identified = body(extensions=[{"name": "kanarie-extension", "properties": extension}])
    identified["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
    says.create("kanarie-identified", identified)
    says.group("GET", "kanarie-identified")
    # One that ends, and one whose image does not exist.
    ended = container("kanarie-job", image="emulator.local/exit:3")
    says.create("kanarie-ended", body(ended, restartPolicy="Never"))
    client.wait(3)
    says.group("GET", "kanarie-ended")
    says.group("POST", "kanarie-ended", end="/restart")
    begun = says.group("PUT", "kanarie-missing", body(container(image="emulator.local/missing")))
    client.wait(5)
    says.ask("GET", begun.headers["azure-asyncoperation"])
    says.group("GET", "kanarie-missing")
    # Changes.
    says.create("kanarie-changed", body(tags={CANARIES["tag"]: "kanarie one"}))
    says.create("kanarie-changed", body(tags={CANARIES["tag"]: "kanarie two"}))
    says.group("GET", "kanarie-changed")
    says.create("kanarie-changed", body(container(), container("kanarie-second")))
    says.create("kanarie-changed", body(container(), restartPolicy="Never"))
    says.group(
        "PATCH", "kanarie-changed", {"tags": {CANARIES["tag"]: "kanarie three"}, "properties": {"osType": "Linux"}}
    )
    says.group("POST", "kanarie-changed", end="/stop")
    says.group("GET", "kanarie-changed")
    says.group("POST", "kanarie-changed", {"command": "sh", "terminalSize": {"rows": 24, "cols": 80}},
               f"/containers/{CANARIES['container']}/exec")  # fmt: skip
    says.finish(says.group("POST", "kanarie-changed", end="/start"))
    says.group("GET", "kanarie-changed")
    # Networks.
    network = f"/providers/Microsoft.Network/virtualNetworks/{CANARIES['network']}"
    says.ask("PUT", network, {
        "location": "westus2",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.77.0.0/16"]},
            "subnets": [{"name": "kanarie-subnet", "properties": {"addressPrefix": "10.77.13.0/24", "delegations": [
                {"name": "kanarie", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}]}}],
        },
    }, "2023-09-01")  # fmt: skip
    subnet = f"{says.base}{network}/subnets/kanarie-subnet"
    private = {"type": "Private", "ports": [{"port": 80, "protocol": "TCP"}]}
    inside = body(container(ports=[{"port": 80}]), ipAddress=private, subnetIds=[{"id": subnet}])
    says.create("kanarie-inside", inside)
    says.group("GET", "kanarie-inside")
    says.create("kanarie-outside", body(container(), subnetIds=[{"id": f"{says.base}{network}x/subnets/kanarie"}]))
    # Lists, and the end.
    says.ask("GET", f"/providers/{GROUPS}")
    says.ask("GET", "/resources", version="2021-04-01")
    says.ask(
        "GET",
        f"/subscriptions/{client.subscriptions[0]}/providers/Microsoft.ContainerInstance/locations/westus2/usages",
    )
    says.group("DELETE", CANARIES["group"])
    says.group("GET", CANARIES["group"])
    says.group("PUT", "kanarie-label", body(container(ports=[{"port": 80}]), ipAddress={
        "type": "Public", "ports": [{"port": 80, "protocol": "TCP"}], "dnsNameLabel": CANARIES["label"]}))  # fmt: skip
    gone = says.ask("DELETE", "", version="2021-04-01")
    for _ in range(30):
        if says.ask("GET", gone.headers["location"]).status != 202:
            break
        client.wait(1)
    says.ask("GET", "", version="2021-04-01")
    return says.seen
