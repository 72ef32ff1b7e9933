#!/bin/sh
# Installs the SPARQL editor of the pages (npm.txt) into the folder given, where npm and a registry are at hand.
set -eu
folder=$1
here=$(dirname "$0")
package=$(sed -n 's/^\(@[^ ]*\) .*/\1/p' "$here/npm.txt")
digest=$(sed -n 's/^@[^ ]* //p' "$here/npm.txt")
if ! command -v npm >/dev/null; then
    echo "no npm: /sparql keeps its plain form" >&2
    exit 0
fi
echo "installing the SPARQL editor" >&2
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
if ! npm pack "$package" --silent --ignore-scripts --fetch-retries=1 --fetch-timeout=30000 \
    --pack-destination "$packed" >/dev/null 2>&1; then
    echo "npm cannot fetch $package: /sparql keeps its plain form" >&2
    exit 0
fi
found=$("${PYTHON:-python3}" -c 'import base64, hashlib, sys
print("sha512-" + base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$packed"/*.tgz)
if [ "$found" != "$digest" ]; then
    echo "$package has the digest $found, not that of npm.txt" >&2
    exit 1
fi
tar -xzf "$packed"/*.tgz -C "$packed"
mkdir -p "$folder"
cp "$packed/package/package.json" "$packed/package/build/yasgui.min.css" "$folder"
cp "$packed/package/build/yasgui.min.js" "$folder"
