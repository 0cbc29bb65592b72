#!/usr/bin/env bash
# Runs all tests that were built, several processes side by side, each with a PostgreSQL of its own: deploy/run-tests.sh
# Called by test.sh. REGISTRAR_TEST_WORKERS says how many processes run at a time (default: two a core).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bundle="$(swift build --show-bin-path)/registrarPackageTests.xctest"
workers="${REGISTRAR_TEST_WORKERS:-$(($(nproc) * 2))}"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
export bundle results

# The parts that are handed out one after the other: a suite of the end-to-end and the simulator's tests, a module of the
# others. A suite that takes minutes is cut into its tests. Long ones come first, so that none is left over at the end.
parts() {
    "$bundle" --testing-library swift-testing --list-tests >"$results/list"
    awk -F/ '
        function rank(suite) {
            if (suite ~ /QuotaDay|Torture|Model|MatrixFault|OULAD/) return 1
            return suite ~ /Kill|Resume|Return|Clock|Manners|EventLog|Unread|StoredForm|Sweep|Deletion|Conformance|Reconcile|Stray|Share|FourSources|Portal/ ? 2 : 3
        }
        /^(EndToEnd|LMSSimulator)Tests\./ {
            test = $2
            sub(/\(.*/, "", test)
            print rank($1), "^" $1 "/" (rank($1) < 3 ? test "\\(" : "")
            next
        }
        { split($1, name, "."); print 4, "^" name[1] "\\." }
    ' "$results/list" | sort -u | cut -d" " -f2-
}

# Runs one part; what a failing one printed is shown whole.
run_part() {
    local file
    file="$(mktemp "$results/part.XXXXXX")"
    local began=$SECONDS code=0
    "$bundle" --testing-library swift-testing --no-parallel --filter "$1" >"$file" 2>&1 </dev/null || code=$?
    local closing
    closing="$(grep -E '^. Test run with' "$file" | tail -n 1)" || true
    # A crash has no closing line; a filter that fits nothing has one that ran no test.
    if [ "$code" -eq 0 ] && [[ "$closing" =~ "Test run with "[1-9].*" passed" ]]; then
        printf '%4d s  %s\n' "$((SECONDS - began))" "${1//\\/}"
    else
        printf 'FAILED (exit %d): %s\n' "$code" "${1//\\/}"
        cat "$file"
        touch "$results/failed"
    fi
    printf '%s\n' "${closing:-✘ $1 ended with exit code $code and no result}" >>"$file.closing"
}
export -f run_part

parts >"$results/parts"
printf '%d tests in %d parts, %d at a time\n' "$(wc -l <"$results/list")" "$(wc -l <"$results/parts")" "$workers"
xargs -a "$results/parts" -d '\n' -P "$workers" -n 1 bash -c 'run_part "$1"' part

# What was listed and never ended, passed or not, must not look like a good run. The closing lines say how many tests were
# run: an argument that is printed raw may break the line of a single test.
cat "$results"/*.closing
listed="$(wc -l <"$results/list")"
ended="$(cat "$results"/*.closing | sed -nE 's/^. Test run with ([0-9]+) tests?.*/\1/p' | awk '{ sum += $1 } END { print sum + 0 }')"
count() { cat "$results"/part.?????? | grep -aE "$1" | grep -acvE '^. Test run' || true; }
failed="$(count '^✘ Test .* failed after [0-9.]+ seconds')"
skipped="$(count '^➜ Test .* skipped')"
missing=$((listed - ended))
[ "$missing" -le 0 ] || missing=$((missing - skipped))
if [ "$missing" -gt 0 ]; then
    printf '%d tests did not end\n' "$missing"
    touch "$results/failed"
    failed=$((failed + missing))
fi
printf '%d passed, %d failed, %d skipped\n' "$((listed - failed - skipped))" "$failed" "$skipped"
[ ! -e "$results/failed" ]
