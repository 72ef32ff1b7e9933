#!/bin/sh
# Installs the tools that the how-to pages show and pip has not: R with SPARQL and igraph, LibreOffice Calc without its
# windows, Jena (which wants a Java runtime), rapper and roqet (Debian packages, as root).
set -eu
for program in Rscript soffice rapper roqet java; do
    command -v "$program" >/dev/null || missing=yes
done
for place in /usr/share/java/jena-cmds.jar /usr/lib/R/site-library/SPARQL /usr/lib/R/site-library/igraph; do
    test -e "$place" || missing=yes
done
if [ -z "${missing:-}" ]; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing R, LibreOffice Calc, Jena, rapper and roqet" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    apt-get -qq install --yes --no-install-recommends default-jre-headless libapache-jena-java \
        libreoffice-calc-nogui r-base-core r-cran-igraph r-cran-sparql raptor2-utils rasqal-utils >/dev/null
else
    echo "no apt-get or not root: install R, LibreOffice Calc, Jena, rapper and roqet for the tests of how-to pages" >&2
fi
