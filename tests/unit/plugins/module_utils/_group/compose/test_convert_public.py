# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects like published ones, with one small file for each that has its peculiarities.

They are written for these tests, and use the same keys in the same way as the public files after which they are modelled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.convert import Options, converted
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition import checked_definition
from ansible_collections.azure_containers.aci.plugins.module_utils._group.rules import check_body
from ansible_collections.azure_containers.aci.tests.unit.support.compose import project

KEYS = {"acc": "a2V5"}


@dataclass(frozen=True)
class Published:
    """A project, the public file after which it is modelled, and its expected conversion."""

    name: str
    after: str
    text: str
    containers: tuple[str, ...] = ()
    """The names in the group; none if it is refused."""
    refused: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    files: dict[str, str | bytes] = field(default_factory=dict)
    differs: tuple[str, ...] = ()
    """Some of the paths that work differently."""
    secure: tuple[str, ...] = ()
    """The variables that become secure values."""


OPEN = {"public": True}
PROJECTS = [
    Published(
        "search",
        "docker/awesome-compose elasticsearch-logstash-kibana",
        """
        services:
          search: {image: search:7, container_name: es, environment: {discovery.type: single-node},
              ports: ["9200:9200"], networks: [n]}
          ship: {image: ship:7, volumes: ["./ship.conf:/etc/ship.conf"], ports: ["5000:5000/tcp", "5000:5000/udp"],
              command: ship -f x, networks: [n]}
          look: {image: look:7, container_name: kib, ports: ["5601:5601"], depends_on: [search], networks: [n]}
        networks: {n: {driver: bridge}}
        """,
        refused=("restart_policy", "services.search.environment.discovery.type", "services.ship.volumes[0]"),
        options=OPEN,
    ),
    Published(
        "three-tiers",
        "docker/awesome-compose nginx-flask-mysql",
        """
        services:
          db:
            image: mariadb:10
            command: --default-authentication-plugin=x
            restart: unless-stopped
            secrets: [db-password]
            volumes: ["db-data:/var/lib/mysql"]
            environment: [ROOT_PASSWORD_FILE=/run/secrets/db-password]
            expose: [3306, 33060]
            logging: {driver: json-file, options: {max-size: 10m}}
          api: {build: {context: api, target: builder}, restart: unless-stopped, ports: [8000:8000],
              depends_on: {db: {condition: service_healthy}}}
        volumes: {db-data: }
        secrets: {db-password: {file: db/password.txt}}
        """,
        refused=("services.db.command", "volumes.db-data", "services.api.image"),
        options=OPEN,
        files={"db/password.txt": "pw"},
    ),
    Published(
        "logs",
        "docker/awesome-compose graylog",
        """
        version: '3'
        services:
          store: {image: mongo:6, container_name: mongodb, volumes: ["store:/data/db"], restart: unless-stopped}
          index: {image: search:2, ulimits: {memlock: {soft: -1, hard: -1}},
              environment: ["plugins.security.disabled=true"], restart: unless-stopped}
          logs:
            image: logs:5
            environment: {PASSWORD_SECRET: sample-secret, MONGODB_URI: "mongodb://mongodb:27017/logs"}
            entrypoint: tini -- wait-for-it index:9200 -- /entrypoint.sh
            volumes: ["${PWD}/logs.conf:/etc/logs.conf"]
            restart: always
            ports: [9000:9000/tcp, 1514:1514/udp]
        volumes: {store: {driver: local}}
        """,
        refused=(
            "services.index.ulimits",
            "volumes.store",
            "services.index.environment.plugins.security.disabled",
            "services.logs.volumes[0]",
        ),
        options=OPEN,
        environment={"PWD": "/home/me"},
    ),
    Published(
        "dns-filter",
        "docker/awesome-compose pihole-cloudflared-DoH",
        """
        services:
          doh: {image: doh, ports: ["5054:5054/tcp", "5054:5054/udp"], restart: always,
              networks: {dns: {ipv4_address: 172.20.0.2}}}
          filter: {image: filter, ports: ["53:53/udp", "8080:80/tcp"], cap_add: [NET_ADMIN],
              volumes: ["/etc/filter/:/etc/filter/"], restart: always, environment: ["WEBPASSWORD=${PW}"],
              networks: [dns]}
        networks: {dns: {ipam: {config: [{subnet: 172.20.0.0/24}]}}}
        """,
        refused=("services.filter.volumes[0]", "services.filter.ports[1]"),
        options=OPEN,
        environment={"PW": "x"},
    ),
    Published(
        "media",
        "docker/awesome-compose plex",
        "services: {media: {image: media, network_mode: host, restart: always, "
        "environment: [VERSION=docker], volumes: ['${MEDIA}:/media/']}}",
        refused=("services.media.network_mode", "services.media.volumes[0]"),
        environment={"MEDIA": "/srv"},
    ),
    Published(
        "cloud",
        "docker/awesome-compose nextcloud-redis-mariadb",
        """
        services:
          nc: {image: cloud, restart: always, ports: [80:80], volumes: ["nc:/var/www"],
              environment: [REDIS_HOST=redis, MYSQL_HOST=db, MYSQL_PASSWORD=pw-one]}
          redis: {image: redis:alpine, restart: always}
          db: {image: mariadb, entrypoint: docker-entrypoint.sh, command: mariadbd --binlog-format=ROW,
              restart: always, volumes: ["db:/var/lib/mysql"], environment: [MYSQL_ROOT_PASSWORD=pw-two]}
        volumes:
          nc: &share {driver: azure_file, driver_opts: {share_name: nc, storage_account_name: acc}}
          db: {<<: *share, driver_opts: {share_name: db, storage_account_name: acc}}
        """,
        containers=("nc", "redis", "db"),
        options={**OPEN, "storage_account_keys": KEYS},
        secure=("MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"),
        differs=("services",),
    ),
    Published(
        "git",
        "docker/awesome-compose gitea-postgres",
        """
        services:
          git: {image: git, environment: ["DB_HOST=db:5432", DB_PASSWD=pw], restart: always, volumes: ["data:/data"],
              ports: [3000:3000]}
          db: {image: "postgres:alpine", environment: [POSTGRES_PASSWORD=pw], restart: always,
              volumes: ["db:/var/lib/postgresql/data"], expose: [5432]}
        volumes: {data: , db: }
        """,
        containers=("git", "db", "hosts"),
        options={**OPEN, "ephemeral_volumes": ("data", "db"), "resolve": "hosts"},
        secure=("DB_PASSWD", "POSTGRES_PASSWORD"),
        differs=("volumes.data", "volumes.db"),
    ),
    Published(
        "metrics",
        "docker/awesome-compose prometheus-grafana",
        """
        services:
          metrics: {image: metrics, command: ['--config.file=/etc/x.yml'], ports: [9090:9090],
              restart: unless-stopped, volumes: ["./etc:/metrics", "prom:/data"]}
        volumes: {prom: }
        """,
        refused=("services.metrics.command", "services.metrics.volumes[0]", "volumes.prom"),
        options=OPEN,
    ),
    Published(
        "monitor",
        "docker/awesome-compose netdata",
        """
        services:
          net: {image: net, hostname: example.com, ports: [19999:19999], restart: unless-stopped,
              cap_add: [SYS_PTRACE], security_opt: ["apparmor:unconfined"], volumes: ["conf:/etc/net",
              "/proc:/host/proc:ro"]}
        volumes: {conf: }
        """,
        refused=("volumes.conf", "services.net.volumes[1]", "services.net.security_opt[0]"),
        options=OPEN,
    ),
    Published(
        "game",
        "docker/awesome-compose minecraft",
        "services: {game: {image: game, ports: ['25565:25565'], environment: {EULA: 'TRUE'}, "
        "deploy: {resources: {limits: {memory: 1.5G}}}, volumes: ['~/game:/data']}}",
        refused=("restart_policy", "services.game.volumes[0]"),
        options=OPEN,
    ),
    Published(
        "database-and-admin",
        "docker/awesome-compose postgresql-pgadmin",
        """
        services:
          postgres: {container_name: postgres, image: postgres, environment: ["POSTGRES_PASSWORD=${PG_PW}"],
              ports: ["5432:5432"], restart: always}
          admin: {container_name: pg_admin, image: admin, environment: ["DEFAULT_PASSWORD=${PW}"],
              ports: ["5050:80"], restart: always}
        """,
        containers=("postgres", "pg-admin"),
        options={"public": False},
        environment={"PG_PW": "one", "PW": "two"},
        secure=("POSTGRES_PASSWORD", "DEFAULT_PASSWORD"),
        differs=("services.admin.container_name", "public"),
    ),
    Published(
        "two-on-one-port",
        "docker/awesome-compose react-express-mongodb",
        """
        services:
          front: {build: ./front, ports: [3000:3000], volumes: ["./front:/app"], depends_on: [back], restart: always}
          Back: {image: back, ports: [3000:3000], restart: always}
          back: {image: back, restart: always}
        """,
        refused=("services.back", "services.front.image", "services.front.volumes[0]", "services.Back.ports"),
        options=OPEN,
    ),
    Published(
        "business",
        "docker/awesome-compose odoo-postgres",
        """
        services:
          app: {image: app:16, platform: linux/amd64, depends_on: [postgres], tty: true, stdin_open: true,
              ports: ["8069:8069"], environment: [HOST=postgres], volumes: ["app-data:/var/lib/app"]}
          postgres: {image: "postgres:14", platform: linux/amd64, ports: ["5432:5432"],
              environment: [POSTGRES_PASSWORD=pw], volumes: ["pg-data:/data"]}
        volumes: {app-data: , pg-data: }
        """,
        containers=("app", "postgres"),
        options={"in_subnet": True, "restart_policy": "Always", "ephemeral_volumes": ("app-data", "pg-data")},
        secure=("POSTGRES_PASSWORD",),
        differs=("services", "volumes.app-data"),
    ),
    Published(
        "language-model",
        "docker/awesome-compose fastapi-ollama",
        """
        services:
          model: {image: model, container_name: model, ports: ["11434:11434"], volumes: ["m:/root"],
              restart: unless-stopped}
          web: {image: web, build: ., environment: ["HOST=http://model:11434"], ports: ["8000:8000"],
              depends_on: [model], restart: unless-stopped}
        volumes: {m: }
        """,
        containers=("model", "web", "hosts"),
        options={**OPEN, "resolve": "hosts", "ephemeral_volumes": ("m",)},
    ),
    Published(
        "devices",
        "docker/awesome-compose genieacs-mongodb",
        """
        services:
          acs: {image: acs:1, environment: [UI_JWT_SECRET=changeme, "URL=mongodb://mongo/acs"], ports: [7547:7547,
              7557:7557], restart: unless-stopped, depends_on: {mongo: {condition: service_healthy}}}
          mongo: {image: "mongo:8", expose: [27017], restart: unless-stopped, healthcheck: {test: [CMD, mongosh,
              --eval, "db.adminCommand('ping')"], interval: 10s, timeout: 5s, retries: 5, start_period: 40s}}
        """,
        containers=("acs", "mongo"),
        options=OPEN,
        secure=("UI_JWT_SECRET",),
        differs=("services.mongo.healthcheck",),
    ),
    Published(
        "docker-manager",
        "docker/awesome-compose portainer",
        "services: {p: {image: p, command: '-H unix:///var/run/docker.sock', ports: ['9000:9000'], "
        "volumes: ['/var/run/docker.sock:/var/run/docker.sock', 'd:/data'], restart: always}}\nvolumes: {d: }",
        refused=("services.p.command", "services.p.volumes[0]", "volumes.d"),
        options=OPEN,
    ),
    Published(
        "content",
        "docker/awesome-compose alfresco",
        """
        services:
          db: {image: "postgres:15", environment: {POSTGRES_PASSWORD: pw-long},
              command: postgres -c max_connections=300, volumes: ["pg:/data"], healthcheck: {test: [CMD, pg_isready]}}
          repo:
            image: repo:23
            environment:
              JAVA_OPTS: >-
                -Ddb.url=jdbc:postgresql://db:5432/repo
                -Dsolr.host=solr
            depends_on: {db: {condition: service_healthy}}
          proxy: {image: proxy, depends_on: {repo: {condition: service_started}}, ports: ["8080:8080"]}
        volumes: {pg: }
        """,
        containers=("db", "repo", "proxy"),
        options={**OPEN, "restart_policy": "Always", "ephemeral_volumes": ("pg",)},
        secure=("POSTGRES_PASSWORD",),
        differs=("services.db.command", "services.db.healthcheck", "volumes.pg"),
    ),
    Published(
        "queue",
        "docker/awesome-compose nginx-golang-postgres-rabbitmq",
        """
        services:
          db: {image: postgres, restart: always, user: postgres, secrets: [pw],
              environment: [POSTGRES_PASSWORD_FILE=/run/secrets/pw]}
          mq: {image: mq, ports: [5672:5672], volumes: ["d:/var/log/mq", "d:/var/lib/mq"],
              environment: [DEFAULT_PASS=123456]}
          proxy: {image: nginx, volumes: [{type: bind, source: ./nginx.conf, target: /etc/nginx/x.conf,
              read_only: true}]}
        volumes: {d: }
        secrets: {pw: {file: pw.txt}}
        """,
        refused=("services.db.user", "volumes.d", "services.proxy.volumes[0]"),
        options=OPEN,
        files={"pw.txt": "pw"},
    ),
    Published(
        "votes",
        "dockersamples/example-voting-app",
        """
        version: "3"
        services:
          vote: {build: ./vote, command: python app.py, volumes: ["./vote:/app"], ports: ["5000:80"],
              networks: [front, back]}
          redis: {image: "redis:alpine", ports: ["6379"], networks: [back]}
        networks: {front: , back: }
        """,
        refused=("restart_policy", "services.vote.image", "services.vote.volumes[0]", "services.vote.ports[0]"),
        options=OPEN,
    ),
    Published(
        "azure-votes",
        "Azure-Samples/azure-voting-app-redis",
        """
        services:
          azure-vote-back: {image: "redis:6", container_name: azure-vote-back,
              environment: {ALLOW_EMPTY_PASSWORD: "yes"}, ports: ["6379:6379"]}
          azure-vote-front: {build: ./azure-vote, image: "vote:1", environment: {REDIS: azure-vote-back},
              ports: ["8080:80"]}
        """,
        containers=("azure-vote-back", "azure-vote-front"),
        options={"public": False, "restart_policy": "Always"},
        secure=("ALLOW_EMPTY_PASSWORD",),
        differs=("services", "public"),
    ),
    Published(
        "workflows",
        "apache/airflow docker-compose.yaml",
        """
        x-common: &common
          image: ${AIRFLOW_IMAGE:-apache/airflow:3}
          environment: &env {CONN: "postgresql+psycopg2://air:flow@postgres/air", FERNET_KEY: ''}
          volumes: ["${PROJ:-.}/dags:/opt/dags"]
          user: "${AIRFLOW_UID:-50000}:0"
          depends_on: &needs {postgres: {condition: service_healthy}}
        services:
          postgres: {image: "postgres:16", healthcheck: {test: [CMD, pg_isready]}, restart: always}
          api: {<<: *common, command: api-server, ports: ["8080:8080"], restart: always, depends_on: {<<: *needs,
              init: {condition: service_completed_successfully}}}
          init: {<<: *common, entrypoint: /bin/bash, command: [-c, 'mem=$$(free)'], environment: {<<: *env,
              MIGRATE: 'true'}, user: "0:0"}
          cli: {<<: *common, profiles: [debug], command: [bash, -c, airflow]}
        """,
        refused=("services.init.depends_on.postgres", "services.init.volumes[0]", "services.api.volumes[0]"),
        options=OPEN,
    ),
    Published(
        "dashboards",
        "apache/superset docker-compose-non-dev.yml",
        """
        x-build: &build {context: ., target: dev}
        x-volumes: &volumes ["./docker:/app/docker", "home:/app/home"]
        services:
          db: {image: "postgres:16", env_file: [{path: docker/.env, required: true}, {path: docker/.env-local,
              required: false}], container_name: my_db, restart: unless-stopped}
          app: {build: {<<: *build}, command: [/boot.sh, app], user: root, restart: unless-stopped,
              ports: [8088:8088], depends_on: {init: {condition: service_completed_successfully}}, volumes: *volumes}
          init: {build: {<<: *build}, command: [/init.sh], depends_on: {db: {condition: service_started}},
              user: root, healthcheck: {disable: true}}
        volumes: {home: {external: false}}
        """,
        refused=(
            "services.init.depends_on.db",
            "services.init.healthcheck",
            "services.init.image",
            "services.init.user",
            "services.app.image",
            "services.app.volumes[0]",
            "volumes.home",
            "services.app.user",
        ),
        options=OPEN,
        files={"docker/.env": "POSTGRES_PASSWORD=pw\n"},
    ),
    Published(
        "social",
        "mastodon/mastodon docker-compose.yml",
        """
        services:
          db: {restart: always, image: "postgres:14", shm_size: 256mb, networks: [inside], volumes: ["./pg:/data"],
              environment: ['POSTGRES_HOST_AUTH_METHOD=trust']}
          web: {image: "web:4", restart: always, env_file: .env.production, command: bundle exec puma,
              ports: ['127.0.0.1:3000:3000'], depends_on: [db], healthcheck: {test: [CMD-SHELL,
              "curl -s localhost:3000/health | grep -q OK || exit 1"]}}
        networks: {inside: {internal: true}}
        """,
        refused=("services.db.shm_size", "services.db.volumes[0]"),
        files={".env.production": "SECRET_KEY_BASE=x\n"},
    ),
    Published(
        "stream",
        "confluentinc/cp-all-in-one docker-compose.yml",
        """
        version: '2'
        services:
          zoo: {image: zoo:7, hostname: zoo, container_name: zoo, ports: ["2181:2181"],
              environment: {CLIENT_PORT: 2181}}
          broker: {image: broker:7, hostname: broker, depends_on: [zoo], ports: ["9092:9092"], environment: {ID: 1,
              CONNECT: 'zoo:2181', LISTENERS: "PLAINTEXT://broker:29092,HOST://localhost:9092"}}
          control: {image: control:7, hostname: control, ports: ["9021:9021"],
              environment: {CONNECT_CONNECT-DEFAULT_CLUSTER: 'connect:8083'}}
          cli: {image: cli:7, entrypoint: /bin/sh, tty: true}
        """,
        refused=("services.control.environment.CONNECT_CONNECT-DEFAULT_CLUSTER",),
        options={**OPEN, "restart_policy": "Always"},
    ),
    Published(
        "durable",
        "temporalio/docker-compose docker-compose.yml",
        """
        services:
          store: {container_name: my-store, image: "cassandra:3", networks: [n], ports: [9042:9042]}
          server: {container_name: server, depends_on: [store], environment: [SEEDS=store], image: "server:1",
              networks: [n], ports: [7233:7233]}
          tools: {image: "tools:1", depends_on: [server], stdin_open: true, tty: true,
              environment: ["ADDRESS=server:7233"], networks: [n]}
        networks: {n: {driver: bridge, name: the-network}}
        """,
        containers=("my-store", "server", "tools", "hosts"),
        options={**OPEN, "restart_policy": "Always", "resolve": "hosts"},
    ),
    Published(
        "photos",
        "immich-app/immich docker-compose.yml",
        """
        name: photos
        services:
          server: {container_name: photos_server, image: "photos:${VERSION:-release}", volumes: ["${UPLOAD}:/data",
              "/etc/localtime:/etc/localtime:ro"], env_file: [.env], ports: ["${EXPOSE-:2283:2283}"],
              restart: always, healthcheck: {disable: false}}
          cache: {image: "cache:8@sha256:a137a2b60aca1a75130022d6bb96af423fefae4eb55faf395732db3544803280",
              healthcheck: {test: redis-cli ping || exit 1}, restart: always}
          db: {image: db, environment: {POSTGRES_PASSWORD: "${DB_PASSWORD}"}, shm_size: 128mb, restart: always}
        """,
        refused=("services.db.shm_size", "services.server.volumes[0]", "services.server.volumes[1]"),
        options=OPEN,
        files={".env": "UPLOAD=./library\nDB_PASSWORD=pw\n"},
    ),
    Published(
        "automation",
        "n8n-io/n8n-hosting withPostgres",
        """
        volumes: {db: , n: }
        services:
          postgres: {image: "postgres:18", restart: always, environment: [POSTGRES_USER, POSTGRES_PASSWORD,
              PGDATA=/data], volumes: ["db:/data"], healthcheck: {test: [CMD-SHELL,
              'pg_isready -U ${POSTGRES_USER}'], interval: 5s, retries: 10}}
          n: {image: "n:${VERSION}", restart: always, environment: ["DB_PASSWORD=${POSTGRES_PASSWORD}",
              "AUTH_TOKEN=${TOKEN}"], ports: [5678:5678], links: [postgres], volumes: ["n:/home"],
              depends_on: {postgres: {condition: service_healthy}}}
        """,
        containers=("postgres", "n"),
        options={**OPEN, "ephemeral_volumes": ("db", "n")},
        environment={"POSTGRES_USER": "u", "POSTGRES_PASSWORD": "pw-long", "VERSION": "1", "TOKEN": "t0ken"},
        secure=("POSTGRES_PASSWORD", "DB_PASSWORD", "AUTH_TOKEN"),
    ),
    Published(
        "uptime",
        "louislam/uptime-kuma compose.yaml",
        "services: {up: {hostname: up, image: 'up:1', volumes: ['./data:/app/data'], ports: [3001:3001], "
        "restart: unless-stopped}}",
        refused=("services.up.volumes[0]",),
        options=OPEN,
    ),
    Published(
        "objects",
        "minio/minio docker-compose.yaml",
        """
        services:
          one: &one {image: objects, volumes: ["d1:/data1"], ports: ["9001:9000"], environment: {ACCESS_KEY: minio,
              SECRET_KEY: minio123}, command: "server http://minio{1...2}/data{1...2}", healthcheck: {test: [CMD,
              curl, -f, "http://localhost:9000/live"], interval: 30s}}
          two: {<<: *one, volumes: ["d2:/data1"], ports: ["9002:9000"]}
        volumes: {d1: , d2: }
        """,
        refused=(
            "restart_policy",
            "volumes.d1",
            "volumes.d2",
            "services.two.ports",
            "services.one.ports[0]",
            "services.two.ports[0]",
        ),
        options=OPEN,
    ),
    Published(
        "words",
        "dockersamples/wordsmith",
        """
        services:
          db: {build: db, image: words-db}
          words: {build: words, image: words-api, deploy: {replicas: 5}}
          web: {build: web, image: words-web, ports: ["8080:80"]}
        """,
        refused=("services.words.deploy.replicas", "services.web.ports[0]"),
        options={**OPEN, "restart_policy": "Always"},
    ),
    Published(
        "router",
        "traefik/traefik basic-example",
        """
        services:
          router: {image: "router:3", container_name: router, command: ["--api.insecure=true"], ports: ["80:80",
              "8080:8080"], volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]}
          who: {image: who, container_name: simple-service, labels: ["router.enable=true",
              "router.rule=Host(`who.localhost`)"]}
        """,
        refused=("services.router.command", "services.router.volumes[0]"),
        options={**OPEN, "restart_policy": "Always"},
    ),
    Published(
        "traces",
        "langfuse/langfuse docker-compose.yml",
        """
        services:
          worker:
            image: worker:3
            restart: always
            depends_on: &needs {pg: {condition: service_healthy}}
            ports: [127.0.0.1:3030:3030]
            environment: &env {DATABASE_URL: "postgresql://pg:pg@pg:5432/pg", SALT: mysalt, ENCRYPTION_KEY: "0000",
                REDIS_AUTH: "${REDIS_AUTH:-my-redis-secret}", TLS: "${TLS:-false}"}
          web: {image: "web:3", restart: always, depends_on: *needs, ports: [3000:3000], environment: {<<: *env,
              URL: "http://localhost:3000"}}
          click: {image: click, restart: always, user: "101:101", volumes: ["click:/var/lib/click"],
              ports: [127.0.0.1:9000:9000], healthcheck: {test: "wget -q localhost:8123 || exit 1", interval: 5s,
              start_period: 1s}}
          store: {image: store, restart: always, entrypoint: sh, command: -c 'mkdir -p /data && store server /data',
              ports: [127.0.0.1:9091:9001]}
          pg: {image: "pg:${PG_VERSION:-latest}", restart: always, ports: [127.0.0.1:5432:5432]}
        volumes: {click: {driver: local}}
        """,
        containers=("worker", "web", "click", "store", "pg", "hosts"),
        options={**OPEN, "ephemeral_volumes": ("click",), "resolve": "hosts"},
        secure=("DATABASE_URL", "SALT", "ENCRYPTION_KEY", "REDIS_AUTH"),
    ),
    Published(
        "analytics",
        "plausible/community-edition compose.yml",
        """
        services:
          a_db: {image: "postgres:16", restart: always, volumes: ["db:/data"],
              environment: [POSTGRES_PASSWORD=postgres], healthcheck: {test: [CMD-SHELL, pg_isready],
              start_period: 1m}}
          a: {image: "a:2", restart: always, command: sh -c "/run.sh db && /run.sh run",
              ulimits: {nofile: {soft: 65535, hard: 65535}}, environment: ["BASE_URL=${BASE_URL}",
              "SECRET_KEY_BASE=${SECRET_KEY_BASE}", SMTP_USER_PWD]}
        volumes: {db: }
        """,
        refused=("services.a.ulimits", "volumes.db"),
        environment={"BASE_URL": "https://a.example", "SECRET_KEY_BASE": "x" * 64},
    ),
    Published(
        "visits",
        "umami-software/umami docker-compose.yml",
        """
        services:
          app: {image: app, ports: ["3000:3000"], environment: {DATABASE_URL: "postgresql://u:pw@db:5432/u",
              APP_SECRET: replace-me}, depends_on: {db: {condition: service_healthy}}, restart: always,
              healthcheck: {test: [CMD-SHELL, "curl localhost:3000"]}}
          db: {image: "postgres:15", environment: {POSTGRES_PASSWORD: pw}, volumes: ["d:/data"], restart: always,
              healthcheck: {test: [CMD-SHELL, "pg_isready -U $${POSTGRES_USER}"]}}
        volumes: {d: {driver: azure_file, driver_opts: {share_name: d, storage_account_name: acc}}}
        """,
        containers=("app", "db"),
        options={**OPEN, "storage_account_keys": KEYS},
        secure=("DATABASE_URL", "APP_SECRET", "POSTGRES_PASSWORD"),
        differs=("services", "services.app.healthcheck"),
    ),
    Published(
        "requests",
        "hoppscotch/hoppscotch docker-compose.yml",
        """
        services:
          back: {image: back, env_file: [./.env], restart: always,
              environment: ["DATABASE_URL=postgresql://pg:pw@db:5432/h?connect_timeout=300", PORT=3170],
              volumes: [/usr/src/app/node_modules/], depends_on: {db: {condition: service_healthy}},
              ports: ["3170:3170"]}
          front: {image: front, env_file: [./.env], depends_on: [back], ports: ["3000:8080"]}
          db: {image: "postgres:15", ports: ["5432:5432"], user: postgres, environment: {POSTGRES_PASSWORD: pw},
              healthcheck: {test: [CMD-SHELL, "sh -c 'pg_isready'"]}}
        """,
        refused=("services.back.volumes[0]", "services.db.user", "services.front.ports[0]"),
        options=OPEN,
        files={".env": "A=b\n"},
    ),
    Published(
        "quality",
        "SonarSource/docker-sonarqube sq-with-postgres",
        """
        services:
          sonar: {image: sonar, hostname: sonar, read_only: true, depends_on: {db: {condition: service_healthy}},
              environment: {JDBC_PASSWORD: sonar}, volumes: ["data:/data", "temp:/temp"], ports: ["9000:9000"],
              networks: ["${NETWORK_TYPE:-ipv4}"]}
          db: {image: "postgres:17", healthcheck: {test: [CMD-SHELL, "pg_isready -d $${POSTGRES_DB}"]},
              hostname: postgresql, container_name: postgresql, networks: ["${NETWORK_TYPE:-ipv4}"]}
        volumes: {data: , temp: }
        networks: {ipv4: {driver: bridge, enable_ipv6: false}}
        """,
        refused=("services.sonar.read_only",),
        options={**OPEN, "restart_policy": "Always", "ephemeral_volumes": ("data", "temp")},
    ),
    Published(
        "meetings",
        "jitsi/docker-jitsi-meet docker-compose.yml",
        """
        services:
          web: {image: "${REPO:-ghcr.io/j}/web:${V:-unstable}", restart: "${RESTART:-unless-stopped}",
              tmpfs: ["/run:size=16M,mode=1750,exec"], ports: ['${HTTP_PORT}:8000'],
              volumes: ["${CONFIG}/web:/config:Z"], labels: {service: web}, environment: [BOSH, TZ, AUTH_PASSWORD],
              networks: {meet.jitsi: }}
          xmpp: {image: xmpp, restart: always, read_only: true, expose: ['${XMPP_PORT:-5222}', '5347'],
              networks: {meet.jitsi: {aliases: ["${XMPP_SERVER:-xmpp.meet.jitsi}"]}}}
        networks: {meet.jitsi: }
        """,
        refused=("services.xmpp.read_only", "services.web.volumes[0]", "services.web.ports[0]"),
        options={**OPEN, "resolve": "hosts"},
        environment={"HTTP_PORT": "80", "CONFIG": "./cfg", "TZ": "UTC"},
    ),
]


def result_of(published: Published) -> tuple[Any, Any]:
    found = project(published.text, published.files, environment=published.environment, name="p")
    try:
        return converted(found, Options(**published.options)), found.findings
    except InvalidArguments:
        return None, found.findings


@pytest.mark.parametrize("published", PROJECTS, ids=lambda published: published.name)
def test_a_published_project_becomes_a_group_or_is_refused_for_its_reasons(published: Published) -> None:
    definition, findings = result_of(published)
    assert sorted(path for path, _reason in findings.refusals) == sorted(published.refused)
    assert bool(published.containers) != bool(published.refused)
    if definition is None:
        return
    checked = checked_definition({**definition, "name": "p", "location": "westeurope"}, "p")
    assert checked.unknown == ()
    if not published.options.get("in_subnet"):
        check_body(checked.wire, "2026-07-01")
    containers = definition["properties"]["containers"]
    assert [each["name"] for each in containers] == list(published.containers)
    secure = {
        variable["name"]
        for each in containers
        for variable in each["properties"].get("environmentVariables", ())
        if "secureValue" in variable
    }
    assert secure == set(published.secure)
    assert set(published.differs) <= {note.path for note in findings.notes if note.kind == "differs"}


def test_there_are_enough_of_both() -> None:
    assert len({published.after for published in PROJECTS}) == len(PROJECTS) >= 30
    assert len([published for published in PROJECTS if published.containers]) >= 12
