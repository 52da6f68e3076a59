#!/bin/sh
# Entry point of the image that server-image.ts builds. It reads the same variables as the official image, as far
# as temporary servers need them, so that either image can be used.
set -eu

data=/var/lib/mysql
init=/run/ispyb-init.sql
password=${MARIADB_ROOT_PASSWORD:-}
database=${MARIADB_DATABASE:-${MYSQL_DATABASE:-}}

# `docker run IMAGE --option` passes options to the server; `docker run IMAGE sh` runs another program.
case "${1:-}" in
  mariadbd) shift ;;
  "" | -*) ;;
  *) exec "$@" ;;
esac

if [ ! -d "$data/mysql" ]; then
  mkdir -p "$data"
  mariadb-install-db --no-defaults --user=root --datadir="$data" \
    --auth-root-authentication-method=normal --skip-test-db >/dev/null
fi

# Escapes quotes and backslashes in a password.
quoted() { printf "'%s'" "$(printf %s "$1" | sed -e 's/\\/\\\\/g' -e "s/'/''/g")"; }

# One statement on each line, as MariaDB requires.
(
  umask 077
  {
    echo "CREATE USER IF NOT EXISTS 'root'@'%';"
    echo "ALTER USER 'root'@'%' IDENTIFIED BY $(quoted "$password");"
    echo "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;"
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "$password");"
    if [ -n "$database" ]; then echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"; fi
  } >"$init"
)

exec mariadbd --no-defaults --user=root --datadir="$data" --socket=/run/mysqld.sock \
  --bind-address='*' --port=3306 --skip-name-resolve --init-file="$init" "$@"
