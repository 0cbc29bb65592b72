#!/usr/bin/env bash
# Records the traces of Tests/EndToEndTests/Traces anew: deploy/record-traces.sh [--whole FOLDER]
# With --whole the recorded ones stay as they are, and FOLDER gets the same traces with every line of every list: made before
# and after a change, they show what stands behind a hash.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
. deploy/prepare.sh

if [ "${1:-}" = --whole ]; then
    mkdir -p "${2:?--whole needs a folder}"
    REGISTRAR_WHOLE_TRACES="$(realpath "$2")"
    export REGISTRAR_WHOLE_TRACES
else
    export REGISTRAR_RECORD_TRACES=1
fi
build_tests
bundle="$(swift build --show-bin-path)/registrarPackageTests.xctest"
exec "$bundle" --testing-library swift-testing --no-parallel --filter '^EndToEndTests\.TraceTests/'
