#!/bin/sh
# Installs what the tests of stores need: the server program of Virtuoso 7 (Debian package, as root).
# `-bin` is that program alone: `virtuoso-opensource-7` adds a service that starts by itself and asks for a password.
set -eu
if command -v virtuoso-t >/dev/null; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing Virtuoso 7" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    apt-get -qq install --yes --no-install-recommends virtuoso-opensource-7-bin >/dev/null
else
    echo "no apt-get or not root: install Virtuoso 7 (virtuoso-t) for the tests of stores" >&2
fi
