# Read by demo.sh and test.sh: steps, system packages, the Swift version, the OULAD data set.
# shellcheck shell=bash

# Functions and subshells report their failures too.
set -E
current_step="start"

# Names what is being done, so that a failure can name it too.
step() {
    current_step="$1"
    printf '==> %s\n' "$1"
}

# Ends the script with the cause on standard error.
fail() {
    printf 'FAILED: %s\n' "$1" >&2
    trap - ERR
    exit 1
}

trap 'printf "FAILED (exit %s): %s\n" "$?" "$current_step" >&2' ERR

# Whether a Debian package is installed.
has_package() {
    [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = "install ok installed" ]
}

# Whether the programs of a PostgreSQL server are there, of the distribution or of another archive.
has_server() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null
}

# Installs what is missing of the packages that building and running need.
install_packages() {
    step "Looking for system packages"
    local missing=() package
    command -v dpkg-query >/dev/null || {
        printf 'This is no Debian or Ubuntu. Needed: the headers of libpq and simdjson, pkg-config, a PostgreSQL server.\n'
        return 0
    }
    for package in libpq-dev libsimdjson-dev; do
        has_package "$package" || missing+=("$package")
    done
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    has_server || missing+=(postgresql)
    if [ "${#missing[@]}" -eq 0 ]; then
        printf 'All there.\n'
        return 0
    fi

    step "Installing ${missing[*]}"
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        # Without a terminal sudo could not ask for a password.
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            fail "installing needs root; run as root: apt-get update && apt-get install --yes ${missing[*]}"
        fi
        root=(sudo)
    fi
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
}

# Checks that Swift is there and new enough.
check_swift() {
    step "Looking for Swift 6.2 or later"
    command -v swift >/dev/null || fail "swift is not on the PATH; see https://www.swift.org/install/linux/"
    local version
    version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)"
    [ -n "$version" ] || fail "swift --version does not name a version"
    printf 'Swift %s\n' "$version"
    local major="${version%%.*}" minor="${version#*.}"
    if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
        fail "Swift $version is too old: 6.2 or later is needed; see https://www.swift.org/install/linux/"
    fi
}

# Sets REGISTRAR_OULAD to the OULAD data set where it lies beside the repository and nothing else is set.
find_oulad() {
    if [ -z "${REGISTRAR_OULAD:-}" ] && [ -r ../shared/data/oulad/courses.csv.gz ]; then
        REGISTRAR_OULAD="$(cd ../shared/data/oulad && pwd)"
    fi
    if [ -n "${REGISTRAR_OULAD:-}" ]; then
        export REGISTRAR_OULAD
        printf 'OULAD data set: %s\n' "$REGISTRAR_OULAD"
    else
        printf 'OULAD data set: not found (REGISTRAR_OULAD names its folder)\n'
    fi
}

# Builds everything and its tests; nobody steps through them, so they carry no line tables.
build_tests() {
    swift build --build-tests -debug-info-format none
}
