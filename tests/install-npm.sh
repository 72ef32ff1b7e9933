#!/bin/sh
# Installs npm, which fetches what the tests need of JavaScript: the SPARQL editor, axe-core, Comunica (Debian package, as root).
set -eu
if command -v npm >/dev/null; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing npm" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    apt-get -qq install --yes --no-install-recommends npm >/dev/null
else
    echo "no apt-get or not root: install npm for the tests of the editor, of accessibility and of Comunica" >&2
fi
