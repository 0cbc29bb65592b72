#!/usr/bin/env bash
# Shows Registrar at work: deploy/demo.sh [--all] [--stop]
# Builds it, loads a simulated school into a PostgreSQL of its own, lets the school change and syncs the changes.
# With --all a school of every platform is simulated, all in one warehouse.
# Works as root and as an ordinary user, and can be run again at any time: each time the demo starts afresh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

usage() {
    sed -n '2,5s/^# //p' "deploy/demo.sh"
}

stop=no
options=()
for argument in "$@"; do
    case "$argument" in
        --stop) stop=yes ;;
        --all) options+=(--all) ;;
        --help | -h) usage && exit 0 ;;
        *) usage >&2 && fail "unknown option $argument" ;;
    esac
done

# The Swift runtime is linked in: what is built here runs where no toolchain is.
release=(swift build -c release --static-swift-stdlib)

program() {
    printf '%s/registrar' "$("${release[@]}" --show-bin-path)"
}

# Builds one product. On a terminal its many lines pass by on one; what it said is shown whole when it fails.
build_product() {
    local log
    log="$(mktemp)"
    if [ -t 1 ]; then
        "${release[@]}" --product "$1" 2>&1 | tee "$log" | while IFS= read -r line; do
            printf '\r\033[K%.78s' "$line"
        done || { printf '\n' && cat "$log" && rm -f "$log" && fail "building $1"; }
        printf '\r\033[K'
    else
        "${release[@]}" --product "$1" >"$log" 2>&1 || { cat "$log" && rm -f "$log" && fail "building $1"; }
    fi
    tail -n 1 "$log"
    rm -f "$log"
}

build() {
    install_packages
    step "Building Registrar and the simulator (release; 10 minutes the first time on two quick cores, 30 on slow ones)"
    build_product registrar
    build_product lms-simulator
    deploy/check-binary.sh "$(program)"
}

check_swift
if [ "$stop" = yes ]; then
    [ -x "$(program)" ] || build
    step "Stopping the demo's PostgreSQL"
    exec "$(program)" demo --stop
fi

build
step "Looking for a school to simulate"
find_oulad

step "Running the demo"
if [ -n "${REGISTRAR_OULAD:-}" ]; then
    options+=(--oulad "$REGISTRAR_OULAD")
fi
exec "$(program)" demo ${options[@]+"${options[@]}"}
