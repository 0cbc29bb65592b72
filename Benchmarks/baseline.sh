#!/usr/bin/env bash
# Loads a generated school whole, again unchanged, and once more with changes, and puts PostgreSQL's own floor beside it.
# Benchmarks/baseline.sh [ROWS [COURSES_PER_LEARNER]]   (default 1000000 and 12; needs the release binaries)
# The more courses a learner has, the more rows a request for that learner brings: 12 make about 50 rows a request, 3 about 18.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rows="${1:-1000000}"
courses_per_learner="${2:-12}"
bin="$(swift build -c release --show-bin-path)"
work="$(mktemp -d /tmp/registrar-benchmark.XXXXXX)"
chmod 755 "$work"
export REGISTRAR_DATA_DIR="$work/data" BENCHMARK_SECRET=obvious-fake
simulator=""

finish() {
    [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
    stop_server
    rm -rf "$work"
}
# The embedded server outlives registrar on purpose; here it goes with the benchmark.
stop_server() {
    local pid_file="$work/data/postgresql/data/postmaster.pid"
    [ -r "$pid_file" ] && kill -INT "$(head -n 1 "$pid_file")" 2>/dev/null && sleep 2 || true
}
trap finish EXIT

"$bin/lms-simulator" --port 0 --generate-rows "$rows" --courses-per-learner "$courses_per_learner" \
    --client-id benchmark --client-secret "$BENCHMARK_SECRET" \
    >"$work/simulator.log" &
simulator=$!
until url="$(sed -n 's/^listening on //p' "$work/simulator.log")" && [ -n "$url" ]; do
    kill -0 "$simulator" || { echo "the simulator ended: $(cat "$work/simulator.log")" >&2; exit 1; }
    sleep 0.1
done

cat >"$work/registrar.yaml" <<EOF
sources:
  - id: school
    kind: grow
    url: $url
    client_id: benchmark
    client_secret: \${BENCHMARK_SECRET}
    requests_per_second: 100000
    concurrency: 8
EOF
chmod 600 "$work/registrar.yaml"
"$bin/registrar" migrate --config "$work/registrar.yaml" >/dev/null

# Runs one command and prints what it cost: label, then wall seconds, CPU seconds of this client, peak MB, the summary.
measure() {
    local label="$1"
    shift
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/out" 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
    read -r wall user system peak <"$work/time"
    printf '%-28s %8.2f s wall, %6.2f s client CPU, %4d MB peak | %s\n' "$label" "$wall" \
        "$(awk "BEGIN { print $user + $system }")" "$((peak / 1024))" "$(grep 'rows written' "$work/out" | tail -n 1 | sed 's/^ *//')"
}

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --host "$work/data/postgresql/run" --username registrar --dbname warehouse "$@"; }
cpu_of_server() {
    local parent
    parent="$(head -n 1 "$work/data/postgresql/data/postmaster.pid")"
    awk -v p="$parent" '($4 == p || $1 == p) { s += $14 + $15 + $16 + $17 } END { print s / 100 }' /proc/[0-9]*/stat 2>/dev/null
}
cpu_of_simulator() { awk '{ print ($14 + $15) / 100 }' "/proc/$simulator/stat"; }

printf 'machine: %s cores, %s\n' "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
before="$(cpu_of_simulator)"
measure "baseline" "$bin/registrar" baseline --config "$work/registrar.yaml"
stored="$(sql --command "SELECT sum((xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM lms.' || relname, false, true, '')))[1]::text::bigint) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'lms' AND (relkind = 'r' AND NOT relispartition OR relkind = 'p')")"
awk -v r="$stored" -v s="$wall" 'BEGIN { printf "%-28s %8d rows stored, %d rows/s\n", "", r, r / s }'
awk -v a="$before" -v b="$(cpu_of_simulator)" 'BEGIN { printf "%-28s %8.2f s CPU of the simulator\n", "", b - a }'
measure "baseline, nothing changed" "$bin/registrar" baseline --restart --config "$work/registrar.yaml"
measure "sync, nothing changed" "$bin/registrar" sync --config "$work/registrar.yaml"
curl --silent --fail --data '{"seed":1,"count":500}' "$url/_control/change" >/dev/null
measure "sync after 500 changes" "$bin/registrar" sync --config "$work/registrar.yaml"

# The floor: PostgreSQL alone takes the same rows, by binary COPY, into tables with the same keys.
floor=0
sql --command 'CREATE SCHEMA floor' >/dev/null
for table in courses course_units assessments learners enrollments progress unit_progress certificates grades assessment_responses events; do
    sql --command "CREATE TABLE floor.$table (LIKE lms.$table INCLUDING INDEXES)" >/dev/null
    begin="$(date +%s.%N)"
    sql --command "COPY (SELECT * FROM lms.$table) TO STDOUT (FORMAT binary)" \
        | sql --command "COPY floor.$table FROM STDIN (FORMAT binary)"
    floor="$(awk "BEGIN { print $floor + $(date +%s.%N) - $begin }")"
done
printf '%-28s %8.2f s wall: the same rows copied from table to table by psql\n' "PostgreSQL alone" "$floor"
