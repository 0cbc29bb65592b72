#!/usr/bin/env bash
# Counts what syncs of a changing school cost in requests, beside reading it whole each time: docs/request-economy.md.
# Benchmarks/request-economy.sh >docs/request-economy.md   (needs curl, and binaries: swift build; BIN=… for others)
#
# Schools, changes and clocks are fixed, so the same code gives the same file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin="${BIN:-$(swift build --show-bin-path)}"
work="$(mktemp -d /tmp/registrar-economy.XXXXXX)"
chmod 755 "$work"
export REGISTRAR_DATA_DIR="$work/data" ECONOMY_SECRET=obvious-fake
simulator=""
rounds=24
changes=25

stop_simulator() {
    [ -z "$simulator" ] || { kill "$simulator" && wait "$simulator"; } 2>/dev/null || true
    simulator=""
}
# The embedded server outlives registrar on purpose; here it goes with the measurement.
finish() {
    stop_simulator
    local pid_file="$work/data/postgresql/data/postmaster.pid"
    [ -r "$pid_file" ] && kill -INT "$(head -n 1 "$pid_file")" 2>/dev/null && sleep 2 || true
    rm -rf "$work"
}
trap finish EXIT

start_school() {
    "$bin/lms-simulator" --port 0 --kind "$1" --seed 7 --clock 1772442000 --client-id economy \
        --client-secret "$ECONOMY_SECRET" --api-key "$ECONOMY_SECRET" "${@:2}" >"$work/simulator.log" &
    simulator=$!
    until url="$(sed -n 's/^listening on //p' "$work/simulator.log")" && [ -n "$url" ]; do
        kill -0 "$simulator" || { cat "$work/simulator.log" >&2; exit 1; }
        sleep 0.1
    done
}

configure() {
    local kind="$1" credentials="    client_id: economy
    client_secret: \${ECONOMY_SECRET}"
    [ "$kind" != matrix ] || credentials="    api_key: \${ECONOMY_SECRET}"
    cat >"$work/registrar.yaml" <<YAML
sources:
  - id: $kind
    kind: $kind
    url: $url
$credentials
    requests_per_second: 100000
    requests_per_day: 100000000
YAML
    chmod 600 "$work/registrar.yaml"
}

# The first number of a name in a JSON text.
member() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" | head -n 1; }
control() { curl --silent --fail --data "$2" "$url/_control/$1"; }

# Runs one command and notes its requests and the rows it changed.
run() {
    "$bin/registrar" "$@" --json --config "$work/registrar.yaml" >"$work/out" 2>"$work/err" || {
        cat "$work/err" >&2
        exit 1
    }
    # One object a run: a sync of a loaded source is one run.
    requests="$(tr '{' '\n' <"$work/out" | grep '"mode"' | member requests)"
    rows=$(($(tr '{' '\n' <"$work/out" | grep '"mode"' | member rows_written) \
        + $(tr '{' '\n' <"$work/out" | grep '"mode"' | member rows_deleted)))
}

grouped() { printf "%d" "$1" | sed -e ':a' -e 's/^\([0-9]\{1,\}\)\([0-9]\{3\}\)/\1,\2/;ta'; }

measure() {
    local kind="$1" title="$2" school="$3"
    start_school "$kind" "${@:4}"
    configure "$kind"
    run baseline
    local whole="$requests" sum=0 changed=0 idle
    for ((round = 1; round <= rounds; round++)); do
        control clock '{"advance": 3600}' >/dev/null
        control change "{\"seed\": $round, \"count\": $changes, \"seconds_between\": 30}" >/dev/null
        # What the newest part of a log holds back for the next run is waited for, as a schedule would.
        control clock '{"advance": 600}' >/dev/null
        run sync
        sum=$((sum + requests))
        changed=$((changed + rows))
    done
    control clock '{"advance": 900}' >/dev/null
    run sync
    run sync
    idle="$requests"
    stop_simulator
    awk -v title="$title" -v school="$school" -v sum="$sum" -v changed="$changed" -v whole="$whole" -v rounds="$rounds" \
        -v idle="$idle" 'function g(n,  t) { t = sprintf("%d", n); while (match(t, /[0-9][0-9][0-9][0-9]($|,)/))
            t = substr(t, 1, RSTART) "," substr(t, RSTART + 1); return t }
        BEGIN { printf "| %s | %s | %s | %s | %s | **%s** | %s | %s | %d |\n", title, school, g(changed), g(sum), g(idle),
            g(sum * 1000 / changed + 0.5), g(whole), g(whole * rounds * 1000 / changed + 0.5), whole * rounds / sum + 0.5 }'
}

cat <<TEXT
# The economy of requests

Requests are what a sync spends: platforms give 2.5 a second, 90 a minute or 10,000 a day. This page says what Registrar
asks for a thousand rows that changed, and what it would ask if it read the whole school each time.

A simulated school of each kind is loaded once. Then $rounds times over more than an hour passes, $changes random changes happen
(new and edited accounts, enrollments, study, submissions, completions, new and changed courses …) and \`registrar sync\` brings
them. The naive way reads everything a baseline reads, each time. Rows are those of the \`lms\` tables that were inserted, updated
or marked as deleted; requests are calls for data.

| platform | school | rows changed | requests of the syncs | of an idle sync | **requests per 1,000 changed rows** | requests to read the school once | naive, per 1,000 changed rows | times as many |
|---|---|---|---|---|---|---|---|---|
TEXT
measure grow "Grow" "2,000 learners, 40 courses" --learners 2000 --courses 40
measure learnworlds "LearnWorlds" "2,000 learners, 40 courses" --learners 2000 --courses 40
measure blackboard "Blackboard Learn" "about 20,000 rows" --generate-rows 20000
measure matrix "MATRIX" "2,000 users, 160 classes of 20" --learners 2000 --courses 160
cat <<'TEXT'

What the numbers rest on:

- The rounds last 28 hours of the school's time, so what is read by its age is in them: the rolling shares, the daily lists, and
  on MATRIX every active class once within 24 hours.
- A school that changes more in each round costs less for each row: a class or course is read once for all that happened in it.
- Blackboard Learn and MATRIX have no list of changes. What an hour costs there is mostly the looking: one request for
  each live course, the classes of everybody who logged in.

Produced by `Benchmarks/request-economy.sh >docs/request-economy.md`; schools, changes and clocks are fixed, so the same code
gives the same page.
TEXT
