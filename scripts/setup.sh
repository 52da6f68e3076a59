# Sourced by the other scripts, from any folder: packages there, the right Node first on PATH.
# Sets `checkout`. Says nothing unless something is wrong or npm has to work.

checkout=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)

# npm writes the second file last, so it is older than the lock file exactly when an install is due.
installed=$checkout/node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ -n "$(find "$checkout/package-lock.json" -newer "$installed")" ]; then
  echo "installing packages (npm install)" >&2
  # Not npm ci: it refuses a lock file whose registry had not yet every other platform's optional
  # binary when it was written. This takes the versions of the lock file, and leaves it alone.
  if ! (cd "$checkout" && npm install --no-save --loglevel=error >&2); then
    echo "npm install failed. Look at the lines above; Node 20 or newer with npm is needed to begin with." >&2
    exit 78
  fi
  # npm keeps the time of the lock file's content, not of the install.
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
