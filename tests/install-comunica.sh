#!/bin/sh
# Installs what the test of the how-to page of Comunica needs, into the folder given, where npm and a registry are at hand.
# Versions and digests of all packages stand in requirements/comunica/package-lock.json; npm refuses any other.
set -eu
folder=$1
mkdir -p "$folder"
if ! command -v npm >/dev/null; then
    echo "no npm: install Comunica (comunica-sparql) for the test of its how-to page" >&2
    exit 0
fi
echo "installing Comunica" >&2
cp "$(dirname "$0")"/../requirements/comunica/*.json "$folder"
npm ci --prefix "$folder" --loglevel error --ignore-scripts --no-audit --no-fund --fetch-retries=3 --fetch-timeout=30000 >/dev/null
