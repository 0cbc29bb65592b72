#!/usr/bin/env bash
# Records the warehouses that the next release has to take up: deploy/record-upgrade.sh
# Run it with a release that is about to be left behind; Tests/EndToEndTests/Upgrade then holds the next one against them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

command -v pg_dump >/dev/null || fail "pg_dump is not on the PATH; it comes with the package postgresql-client"
build_tests
bundle="$(swift build --show-bin-path)/registrarPackageTests.xctest"
export REGISTRAR_RECORD_UPGRADE=1
exec "$bundle" --testing-library swift-testing --no-parallel --filter '^EndToEndTests\.UpgradeTests/'
