#!/bin/sh
# Makes the secrets of deploy/compose.*.yaml, each in a file of its own, and never twice: sh deploy/secrets.sh [folder]
#
# Keep a copy of auth_secret and auth_vault where no backup of the database lies: without them none can be opened.
set -eu
umask 077
cd "$(dirname "$0")"
folder=${1:-secrets}
mkdir -p "$folder"
# nobody else comes this far; inside of a container a file is read by whoever runs there
chmod 700 "$folder"

# new NAME TEXT: what is there stays
new() {
    [ -s "$folder/$1" ] || printf '%s\n' "$2" > "$folder/$1"
    chmod 644 "$folder/$1"
}
# the same for Porchlight alone, whose user has this number; it warns of files that everybody may read
own() {
    new "$1" "$2"
    if [ "$(id -u)" = 0 ]; then
        chown 10001:10001 "$folder/$1"
        chmod 400 "$folder/$1"
    fi
}
have() { cat "$folder/$1"; }

own auth_secret "$(openssl rand -hex 32)"
own auth_vault "$(date +%Y):$(openssl rand -base64 32)"

new postgres_password "$(openssl rand -hex 24)"
new app_password "$(openssl rand -hex 24)"
own owner_url "postgres://porchlight:$(have postgres_password)@postgres:5432/porchlight"
own store_url "postgres://app:$(have app_password)@postgres:5432/porchlight"

# passwords begin with a letter: nats-server takes what looks like a number for one
for role in api realtime worker; do
    new "nats_$role" "p$(openssl rand -hex 24)"
    own "bus_$role" "$role:$(have "nats_$role")"
done

own s3_access_key "$(openssl rand -hex 10)"
own s3_secret_key "$(openssl rand -hex 24)"
new s3.json "{\"identities\":[{\"name\":\"porchlight\",\"credentials\":[{\"accessKey\":\"$(have s3_access_key)\",\"secretKey\":\"$(have s3_secret_key)\"}],\"actions\":[\"Admin\",\"Read\",\"Write\",\"List\",\"Tagging\"]}]}"

own mail_url "folder:///var/lib/porchlight/mail"
