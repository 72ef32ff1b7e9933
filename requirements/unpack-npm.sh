#!/bin/sh
# Unpacks an npm package into the folder given, once its digest is found to be that of the line (name@version digest):
# no package manager's tree, no script of the package. Status 3 where npm or a registry is not at hand.
set -eu
package=${1%% *}
digest=${1#* }
folder=$2
if ! command -v npm >/dev/null; then
    echo "no npm" >&2
    exit 3
fi
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
if ! npm pack "$package" --silent --ignore-scripts --fetch-retries=1 --fetch-timeout=30000 \
    --pack-destination "$packed" >/dev/null 2>&1; then
    echo "npm cannot fetch $package" >&2
    exit 3
fi
found=$("${PYTHON:-python3}" -c 'import base64, hashlib, sys
print("sha512-" + base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$packed"/*.tgz)
if [ "$found" != "$digest" ]; then
    echo "$package has the digest $found, not $digest" >&2
    exit 1
fi
tar -xzf "$packed"/*.tgz -C "$folder"
