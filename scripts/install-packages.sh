#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that are missing, and only those. Says nothing when all are there.
#
#   scripts/install-packages.sh            to build and run
#   scripts/install-packages.sh --tests    also what judges our output in tests
set -euo pipefail

# openssl makes the test keys of the demo; letters to families are set in the fonts.
packages=(make pkg-config libssl-dev libxml2-dev libcurl4-openssl-dev libsqlite3-dev openssl fonts-dejavu-core)
case ${1-} in
'') ;;
--tests) packages+=(xmlsec1 libxml2-utils python3 python3-prometheus-client poppler-utils gcc libc6-dev strace e2fsprogs xfsprogs) ;;
*)
    echo "usage: scripts/install-packages.sh [--tests]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    # Not Debian: look for what the packages would bring.
    if pkg-config --exists openssl libxml-2.0 libcurl sqlite3 2>/dev/null && command -v openssl >/dev/null; then exit 0; fi
    echo "This is neither Debian nor Ubuntu. Install pkg-config and the development files of OpenSSL 3, libxml2, libcurl and" >&2
    echo "SQLite with your own package manager (on Debian: ${packages[*]})." >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
# pkgconf brings pkg-config on newer releases, with or without a package of that name.
if command -v pkg-config >/dev/null; then
    for i in "${!missing[@]}"; do [ "${missing[$i]}" != pkg-config ] || unset "missing[$i]"; done
fi
[ ${#missing[@]} -gt 0 ] || exit 0

apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Packages are missing and neither root nor sudo is at hand. As root, run:" >&2
        echo "    apt-get install ${missing[*]}" >&2
        exit 1
    fi
    apt=(sudo "${apt[@]}")
fi

echo "Installing Debian packages: ${missing[*]}"
# --no-remove: another libcurl or SSL development package is the owner's to remove, not ours.
if ! { "${apt[@]}" update -qq && "${apt[@]}" install -qq -y --no-install-recommends --no-remove "${missing[@]}"; }; then
    echo "Could not install ${missing[*]}. What apt-get said is above; install them by hand and run this again." >&2
    exit 1
fi
