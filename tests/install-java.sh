#!/bin/sh
# Installs what the reasoner test needs: a Java runtime for HermiT (Debian package, as root).
set -eu
if command -v java >/dev/null; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing a Java runtime" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    apt-get -qq install --yes --no-install-recommends default-jre-headless >/dev/null
else
    echo "no apt-get or not root: install a Java runtime for the reasoner test" >&2
fi
