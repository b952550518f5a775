# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """The options with which every module finds its Azure; module_utils/_azure/arguments.py has their specification."""

    DOCUMENTATION = r"""
options:
  auth_source:
    description:
      - Where the identity comes from.
      - V(auto) takes the first of the others that is usable, in the order in which they are listed here. An O(auth_file), O(profile) or
        O(profile_file) that the task names comes right after the parameters, and O(client_id) keeps out every source that would bring
        another identity. When none is usable, the error names each that was tried, and why it was not usable.
      - V(parameters) is O(client_id) with one of O(client_secret), O(certificate_path) and O(federated_token_file).
      - V(environment) is E(AZURE_CLIENT_ID) with E(AZURE_CLIENT_SECRET) (or E(AZURE_SECRET)), or with E(AZURE_CLIENT_CERTIFICATE_PATH) (or
        E(AZURE_X509_CERTIFICATE_PATH)) and E(AZURE_CLIENT_CERTIFICATE_PASSWORD).
      - V(auth_file) is the file that O(auth_file) names.
      - V(workload_identity) is a token that Microsoft Entra ID trusts for an application. It comes from the file in E(AZURE_FEDERATED_TOKEN_FILE),
        from GitHub Actions in a job that may write ID tokens (E(ACTIONS_ID_TOKEN_REQUEST_URL), E(ACTIONS_ID_TOKEN_REQUEST_TOKEN)), or from Azure
        Pipelines (E(SYSTEM_OIDCREQUESTURI), E(SYSTEM_ACCESSTOKEN), E(AZURESUBSCRIPTION_SERVICE_CONNECTION_ID)). The application is O(client_id),
        E(AZURE_CLIENT_ID) or E(AZURESUBSCRIPTION_CLIENT_ID).
      - V(profile) is a section of O(profile_file).
      - V(cli) is the account that C(az login) left.
      - V(managed_identity) is the identity of the machine, the user-assigned one that O(client_id) or a E(AZURE_CLIENT_ID) without a secret or
        certificate names, or else the system-assigned one.
      - The client id and its proof come from one source. Tenant, subscription and cloud may come from another. O(tenant_id), O(subscription_id)
        and the options of the cloud come first, then what the source of the identity says, then the environment, then the auth file.
      - When not given, E(ANSIBLE_AZURE_AUTH_SOURCE) decides, where also azure.azcollection's names V(env), V(credential_file) and V(msi) are
        understood, and else V(auto).
    type: str
    choices: [auto, parameters, environment, auth_file, workload_identity, profile, cli, managed_identity]
  tenant_id:
    description:
      - The tenant to sign in to, by its ID or a domain name.
      - When not given, E(AZURE_TENANT_ID) or E(AZURE_TENANT) is used.
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
      - The password of the certificate, which O(certificate_path), the environment, the auth file or the profile names.
    type: str
  federated_token_file:
    description:
      - A file with a token that Microsoft Entra ID trusts for the application O(client_id). It is read at each sign-in.
    type: path
  auth_file:
    description:
      - A file as C(az ad sp create-for-rbac) prints it, with or without C(--json-auth) (C(--sdk-auth) of old).
      - When not given, E(AZURE_AUTH_LOCATION) is used.
    type: path
  profile:
    description:
      - A section of O(profile_file).
      - When not given, E(AZURE_PROFILE) is used, and else V(default).
    type: str
  profile_file:
    description:
      - A file of profiles in INI format, with the names that azure.azcollection uses (C(client_id), C(secret), C(tenant), C(subscription_id),
        C(cloud_environment), C(x509_certificate_path), ...).
      - When not given, E(AZURE_PROFILE_FILE) is used, and else C(~/.azure/credentials).
    type: path
  subscription_id:
    description:
      - The subscription to work in.
      - When not given, the source of the identity decides, and else E(AZURE_SUBSCRIPTION_ID).
    type: str
  cloud_environment:
    description:
      - The Azure to work with, V(AzureCloud), V(AzureUSGovernment) or V(AzureChinaCloud), or the https address of a resource manager, as for
        O(resource_manager_endpoint).
      - When not given, the source of the identity decides, then E(AZURE_CLOUD_ENVIRONMENT), and else V(AzureCloud).
      - The first place that names a cloud, by name or by O(resource_manager_endpoint), decides. Endpoints of later places are not used.
    type: str
  resource_manager_endpoint:
    description:
      - The https address of the resource manager of another cloud, for example of Azure Stack Hub.
      - Unless O(authority_host) is given, the resource manager is asked where to sign in.
      - When not given, E(AZURE_RESOURCE_MANAGER_ENDPOINT) is used.
    type: str
  authority_host:
    description:
      - The https address to sign in at.
      - When not given, E(AZURE_AUTHORITY_HOST) or E(AZURE_ADFS_AUTHORITY_URL) is used.
    type: str
  instance_discovery:
    description:
      - Whether Microsoft is asked if it knows the host that O(authority_host) names. It does not know those of private clouds.
      - When not given, the opposite of E(AZURE_DISABLE_INSTANCE_DISCOVERY) is used, and else V(false).
    type: bool
  ca_bundle:
    description:
      - A file or folder with the certificates of the authorities to trust, for a cloud with a private one. Certificates are always verified.
      - When not given, the first of E(AZURE_CA_BUNDLE), E(REQUESTS_CA_BUNDLE), E(CURL_CA_BUNDLE) and E(SSL_CERT_FILE) is used.
    type: path
notes:
  - Where the options that sign in name an environment variable, it is that of the process that runs the module.
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
