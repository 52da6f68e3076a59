#!/bin/bash
# Runs inside the container of a lane: several servers side by side, each on its own port.
# The first server makes the template: it is filled from outside and then shut down. From then on
# every port serves a copy of it, and a server that is shut down comes back as a fresh copy.
# Usage: container-pool.sh TEMPLATE_PORT PORT…
set -u

pool=/pool
template_port=$1
shift
server=$(command -v mariadbd || command -v mysqld)

start() { # PORT DATA MORE…
  local port=$1 data=$2
  shift 2
  # Each its own: a server that starts removes what looks like forgotten temporary tables.
  mkdir -p "$data.tmp"
  "$server" --no-defaults --user=root --datadir="$data" --port="$port" --socket="$data.sock" \
    --pid-file="$data.pid" --tmpdir="$data.tmp" --bind-address='*' $ISPYB_POOL_SETTINGS "$@"
}

if "$server" --version | grep -qi mariadb; then
  mariadb-install-db --no-defaults --user=root --datadir=$pool/template \
    --auth-root-authentication-method=normal --skip-test-db >/dev/null || exit 1
else
  # The same settings, because some of them (redo log, page size) shape the files.
  "$server" --no-defaults --user=root --datadir=$pool/template $ISPYB_POOL_SETTINGS --initialize-insecure || exit 1
fi

cat >$pool/init.sql <<SQL
CREATE USER IF NOT EXISTS 'root'@'%';
ALTER USER 'root'@'%' IDENTIFIED BY '$ISPYB_POOL_PASSWORD';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;
SQL
start "$template_port" $pool/template --init-file=$pool/init.sql --innodb-fast-shutdown=1 || exit 1

serve() { # PORT
  while :; do
    rm -rf "$pool/$1"
    cp -a $pool/template "$pool/$1"
    # Each copy is a server of its own and says so by its own identity.
    rm -f "$pool/$1/auto.cnf"
    start "$1" "$pool/$1" --innodb-fast-shutdown=2 || sleep 1
  done
}

# The first process of a container hears no signal that it does not ask for.
trap 'exit 0' TERM INT
for port; do serve "$port" & done
wait
