# Sourced by the other scripts, from any folder: installs the packages, and puts the right Node first on PATH.
# Sets `checkout`. Prints nothing unless there is an error or npm has to install.

checkout=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)

# npm writes the second file last: if it is older than the lock file, an install is pending.
installed=$checkout/node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ -n "$(find "$checkout/package-lock.json" -newer "$installed")" ]; then
  echo "installing packages (npm install)" >&2
  # Not npm ci: it refuses a lock file without the optional binaries of all platforms, which the registry may have
  # lacked when it was written. This installs the versions of the lock file, and does not change it.
  if ! (cd "$checkout" && npm install --no-save --loglevel=error >&2); then
    echo "npm install failed. Look at the lines above; Node 20 or newer with npm is needed to begin with." >&2
    exit 78
  fi
  # npm sets the time of the lock file's content, not the time of the install.
  touch "$installed"
fi

PATH=$checkout/node_modules/.bin:$PATH
export PATH

case $(node -v 2>/dev/null) in
  v24.*) ;;
  *)
    echo "Node 24 is needed, and $(command -v node) is $(node -v 2>/dev/null || echo 'not there')." >&2
    echo "It comes with the packages. Do this: rm -r '$checkout/node_modules' && npm install --no-save --prefix '$checkout'" >&2
    exit 78
    ;;
esac
