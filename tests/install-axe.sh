#!/bin/sh
# Installs axe-core, which judges the accessibility of pages, into the folder given, where npm and a registry are at hand.
set -eu
folder=$1
requirements=$(dirname "$0")/../requirements
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
echo "installing axe-core" >&2
mkdir -p "$folder"
sh "$requirements/unpack-npm.sh" "$(grep -v '^#' "$requirements/npm-test.txt")" "$unpacked" || {
    status=$?
    echo "the accessibility of pages cannot be tested" >&2
    [ "$status" = 3 ] && exit 0
    exit "$status"
}
cp "$unpacked/package/axe.min.js" "$unpacked/package/package.json" "$folder"
