# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """The options with which every module connects to Azure; module_utils/_azure/arguments.py has their spec."""

    DOCUMENTATION = r"""
options:
  auth_source:
    description:
      - The source of the identity.
      - V(auto) uses the first usable source, in the order of this list. If the task gives O(auth_file), O(profile) or O(profile_file), that comes
        right after the parameters. With O(client_id), sources of other identities are skipped. If no source is usable, the error says why for each of
        them.
      - V(parameters) is O(client_id) with one of O(client_secret), O(certificate_path) and O(federated_token_file).
      - V(environment) is E(AZURE_CLIENT_ID) with E(AZURE_CLIENT_SECRET) (or E(AZURE_SECRET)), or with E(AZURE_CLIENT_CERTIFICATE_PATH) (or
        E(AZURE_X509_CERTIFICATE_PATH)) and E(AZURE_CLIENT_CERTIFICATE_PASSWORD).
      - V(auth_file) is the file O(auth_file).
      - V(workload_identity) is a token that Microsoft Entra ID trusts for an application. It comes from the file in E(AZURE_FEDERATED_TOKEN_FILE),
        from GitHub Actions in a job that can request ID tokens (E(ACTIONS_ID_TOKEN_REQUEST_URL), E(ACTIONS_ID_TOKEN_REQUEST_TOKEN)), or from Azure
        Pipelines (E(SYSTEM_OIDCREQUESTURI), E(SYSTEM_ACCESSTOKEN), E(AZURESUBSCRIPTION_SERVICE_CONNECTION_ID)). The application is O(client_id),
        E(AZURE_CLIENT_ID) or E(AZURESUBSCRIPTION_CLIENT_ID).
      - V(profile) is a section of O(profile_file).
      - V(cli) is the account of C(az login).
      - 'V(managed_identity) is an identity of the machine: the user-assigned one named by O(client_id), or by E(AZURE_CLIENT_ID) without a secret or
        certificate, or else the system-assigned one.'
      - The client ID and its secret, certificate or token always come from the same source. Tenant, subscription and cloud can come from another.
        O(tenant_id), O(subscription_id) and the options of the cloud take precedence over the source of the identity, the environment, and the auth
        file, in this order.
      - Defaults to E(ANSIBLE_AZURE_AUTH_SOURCE), which also accepts V(env), V(credential_file) and V(msi) as in azure.azcollection, or else to
        V(auto).
    type: str
    choices: [auto, parameters, environment, auth_file, workload_identity, profile, cli, managed_identity]
  tenant_id:
    description:
      - The ID or domain name of the tenant to sign in to.
      - Defaults to E(AZURE_TENANT_ID) or E(AZURE_TENANT).
    type: str
    aliases: [tenant]
  client_id:
    description:
      - The ID of the application, or of the user-assigned managed identity.
    type: str
  client_secret:
    description:
      - The secret of the application O(client_id).
    type: str
    aliases: [secret]
  certificate_path:
    description:
      - A file with the certificate of the application O(client_id) and its RSA private key, in PEM or PFX format.
    type: path
  certificate_password:
    description:
      - The password of the certificate that O(certificate_path), the environment, the auth file or the profile names.
    type: str
  federated_token_file:
    description:
      - A file with a token that Microsoft Entra ID trusts for the application O(client_id). It is read at each sign-in.
    type: path
  auth_file:
    description:
      - A file with the output of C(az ad sp create-for-rbac), with or without C(--json-auth) (formerly C(--sdk-auth)).
      - Defaults to E(AZURE_AUTH_LOCATION).
    type: path
  profile:
    description:
      - A section of O(profile_file).
      - Defaults to E(AZURE_PROFILE), or else to V(default).
    type: str
  profile_file:
    description:
      - A file of profiles in INI format, with the same keys as in azure.azcollection (C(client_id), C(secret), C(tenant), C(subscription_id),
        C(cloud_environment), C(x509_certificate_path), ...).
      - Defaults to E(AZURE_PROFILE_FILE), or else to C(~/.azure/credentials).
    type: path
  subscription_id:
    description:
      - The ID of the subscription to work in.
      - Defaults to that of the source of the identity, or else to E(AZURE_SUBSCRIPTION_ID).
    type: str
  cloud_environment:
    description:
      - The Azure cloud, V(AzureCloud), V(AzureUSGovernment) or V(AzureChinaCloud), or the https address of a resource manager, as for
        O(resource_manager_endpoint).
      - Defaults to that of the source of the identity, then to E(AZURE_CLOUD_ENVIRONMENT), or else to V(AzureCloud).
      - The first of these that names a cloud, by name or by O(resource_manager_endpoint), decides. Endpoints of later ones are not used.
    type: str
  resource_manager_endpoint:
    description:
      - The https address of the resource manager of another cloud, for example Azure Stack Hub.
      - Unless O(authority_host) is given, the resource manager says where to sign in.
      - Defaults to E(AZURE_RESOURCE_MANAGER_ENDPOINT).
    type: str
  authority_host:
    description:
      - The https address to sign in at.
      - Defaults to E(AZURE_AUTHORITY_HOST) or E(AZURE_ADFS_AUTHORITY_URL).
    type: str
  instance_discovery:
    description:
      - Whether to ask Microsoft if it knows the host in O(authority_host). It does not know those of private clouds.
      - Defaults to the opposite of E(AZURE_DISABLE_INSTANCE_DISCOVERY), or else to V(false).
    type: bool
  ca_bundle:
    description:
      - A file or directory with the certificates of the authorities to trust, for a cloud with a private authority. Certificates are always verified.
      - Defaults to the first of E(AZURE_CA_BUNDLE), E(REQUESTS_CA_BUNDLE), E(CURL_CA_BUNDLE) and E(SSL_CERT_FILE).
    type: path
notes:
  - Environment variables in the options for authentication are those of the process that runs the module.
requirements:
  - python >= 3.11
  - azure-identity
  - azure-mgmt-containerinstance >= 10.1.0
  - azure-mgmt-resource
seealso:
  - name: Authentication guide
    description: One example for each source of credentials.
    link: https://github.com/azure-containers/azure_containers.aci/blob/main/docs/docsite/rst/guide_authentication.rst
"""
