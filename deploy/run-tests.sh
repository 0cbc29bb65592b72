#!/usr/bin/env bash
# Runs all tests that were built, several processes side by side, each with a PostgreSQL of its own: deploy/run-tests.sh
# Called by test.sh. REGISTRAR_TEST_WORKERS says how many processes run at a time (default: two a core).
# REGISTRAR_RECORD_TIMES=1 writes test-times.txt anew, after which long and short tests are told apart by what they take now.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bundle="$(swift build --show-bin-path)/registrarPackageTests.xctest"
workers="${REGISTRAR_TEST_WORKERS:-$(($(nproc) * 2))}"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
export bundle results

# The parts that are handed out one after the other, the longest first, so that none is left over at the end: a pattern a line.
# A part takes about a minute, since every process needs a PostgreSQL: several suites, or one test of a long suite. test-times.txt
# says how long tests took when that was last recorded; an unknown one counts as five seconds.
parts() {
    "$bundle" --testing-library swift-testing --list-tests >"$results/list"
    sed 's/(.*//' "$results/list" | sort -u | awk '
        BEGIN { while ((getline < "deploy/test-times.txt") > 0) seconds[$2] = $1 }
        { print ($1 in seconds ? seconds[$1] : 5), $1 }
    ' | awk '
        { suite = $2; sub(/\/[^\/]*$/, "", suite); time[NR] = $1; test[NR] = $2; of[NR] = suite; sum[suite] += $1 }
        END {
            for (i = 1; i <= NR; i++) {
                suite = of[i]
                if (sum[suite] >= 60) print time[i], "^" test[i] "\\("
                else if (!told[suite]++) print sum[suite], "^" suite "/"
            }
        }
    ' | awk '
        $1 >= 60 { print; next }
        sum > 0 && sum + $1 > 60 { print sum, part; sum = 0; part = "" }
        { sum += $1 + 0.01; part = part (part == "" ? "" : "|") $2 }
        END { if (sum > 0) print sum, part }
    ' | sort -rn | cut -d" " -f2-
}

# A part as it is told: its suites, or the one test it is.
title() {
    local text="${1//[\\^(]/}"
    if [[ "$text" != *"|"* ]]; then printf '%s' "$text" && return; fi
    tr '|' '\n' <<<"$text" | sed 's|/.*||' | uniq | paste -sd, | sed 's/,/, /g'
}
export -f title

# Runs one part; what a failing one printed is shown whole.
run_part() {
    local file
    file="$(mktemp "$results/part.XXXXXX")"
    local began=$SECONDS code=0
    "$bundle" --testing-library swift-testing --no-parallel --filter "$1" --xunit-output "$file.xml" >"$file" 2>&1 </dev/null ||
        code=$?
    local closing
    closing="$(grep -E '^. Test run with' "$file" | tail -n 1)" || true
    # A crash has no closing line; a filter that fits nothing has one that ran no test.
    if [ "$code" -eq 0 ] && [[ "$closing" =~ "Test run with "[1-9].*" passed" ]]; then
        printf '%4d s  %s\n' "$((SECONDS - began))" "$(title "$1")"
    else
        printf 'FAILED (exit %d): %s\n' "$code" "$(title "$1")"
        cat "$file"
        touch "$results/failed"
    fi
    printf '%s\n' "${closing:-✘ $(title "$1") ended with exit code $code and no result}" >>"$file.closing"
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
if [ -n "${REGISTRAR_RECORD_TIMES:-}" ]; then
    sed -nE 's/.*classname="([^"]*)" name="([^("]*).*" time="([0-9.]+)".*/\3 \1\/\2/p' "$results"/*.xml |
        awk '{ sum[$2] += $1 } END { for (test in sum) printf "%.1f %s\n", sum[test], test }' | sort -k2 >deploy/test-times.txt
fi
printf '%d passed, %d failed, %d skipped\n' "$((listed - failed - skipped))" "$failed" "$skipped"
[ ! -e "$results/failed" ]
