#!/bin/sh
# Installs what the browser tests need: Chromium and a Chinese font (Debian packages, as root).
set -eu
if command -v chromium >/dev/null && fc-list ':lang=zh' 2>/dev/null | grep -q .; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing chromium and a Chinese font" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    apt-get -qq install --yes --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null
else
    echo "no apt-get or not root: install chromium and a Chinese font for the browser tests" >&2
fi
