#!/usr/bin/env bash
# Builds Registrar and runs every test: deploy/test.sh [options of `swift test`, such as --filter NAME]
# Works as root and as an ordinary user, and can be run again at any time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

install_packages
check_swift

step "Looking for test data"
find_oulad

step "Building Registrar and its tests"
swift build --build-tests

step "Running the tests"
# One after the other: an end-to-end test is parallel in itself, and hundreds at once would only wait for each other.
# Replaces this script, so that the last lines are the test runner's own and the exit code is its verdict.
exec swift test --skip-build --no-parallel "$@"
