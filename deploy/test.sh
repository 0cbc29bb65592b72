#!/usr/bin/env bash
# Builds Registrar and runs every test: deploy/test.sh [--long] [options of `swift test`, such as --filter NAME]
# --long runs whole what is shortened otherwise: all 22 presentations of the OULAD data set instead of three, six rounds of
# random changes instead of two, and a Blackboard site of 500 courses instead of 125 over the days of its quota. It also
# makes the release's program and starts it where no toolchain is in sight. With options of `swift test` the tests run one after the other.
# Works as root and as an ordinary user, and can be run again at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

if [ "${1:-}" = --long ]; then
    export REGISTRAR_LONG_TESTS=1
    shift
fi

install_packages
check_swift

step "Looking for test data"
find_oulad

step "Building Registrar and its tests"
build_tests

if [ "${REGISTRAR_LONG_TESTS:-}" = 1 ]; then
    step "Building the release and starting it without a toolchain"
    release=(swift build -c release --static-swift-stdlib --product registrar)
    "${release[@]}"
    deploy/check-binary.sh "$("${release[@]}" --show-bin-path)/registrar"
fi

step "Running the tests"
# Replaces this script, so that the last lines are the test runner's own and the exit code is its verdict.
if [ $# -gt 0 ]; then
    exec swift test --skip-build --no-parallel "$@"
fi
exec deploy/run-tests.sh
