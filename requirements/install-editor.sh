#!/bin/sh
# Installs the SPARQL editor of the pages (npm.txt) into the folder given, where npm and a registry are at hand.
set -eu
folder=$1
here=$(dirname "$0")
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
echo "installing the SPARQL editor" >&2
sh "$here/unpack-npm.sh" "$(grep -v '^#' "$here/npm.txt")" "$unpacked" || {
    status=$?
    echo "/sparql keeps its plain form" >&2
    [ "$status" = 3 ] && exit 0
    exit "$status"
}
mkdir -p "$folder"
cp "$unpacked/package/package.json" "$unpacked/package/build/yasgui.min.css" "$folder"
cp "$unpacked/package/build/yasgui.min.js" "$folder"
