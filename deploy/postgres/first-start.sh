#!/bin/sh
# When a PostgreSQL of deploy/compose.cluster.yaml starts for the first time: the log-in of Porchlight's processes, which
# owns nothing and is bound by the wall between tenants (docs/operate/postgres.md). Elsewhere: run the statements by hand.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/app_password)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
create role porchlight_tenant nologin;
create role porchlight_platform nologin;
create role app login password :'password';
grant porchlight_tenant, porchlight_platform to app;
SQL
