#!/usr/bin/env bash
# Builds the solution once and runs all tests. The last line is always "N passed, N failed, N skipped".
#
#   ./test.sh              the tests that a change must pass
#   ./test.sh --full       with soaks, long fuzzing and speed limits
#   ./test.sh --sum LOG    only adds up the log of a run (for the test of this script); LOG.exit may hold its exit code
#
# Exit code 0 only when something passed and nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

# Names of what did not pass, with the first line of the reason, from the log of a run.
list_exceptions() {
    awk '
        function reset() { name = "" }
        /^failed / || /^skipped / { name = $0; sub(/ \([0-9a-z ]+\)$/, "", name); next }
        name != "" && /^  from / { next }
        name != "" && /^  / { text = $0; sub(/^ +/, "", text); print name ": " text; reset(); next }
        name != "" { print name; reset() }
        /^\/.*\([0-9a-z ]+\)$/ { module = $1 }
        # 2: tests failed, and are listed by their names.
        /^Exit code: / && $3 != 0 && $3 != 2 { print "crashed " module ": exit code " $3 }
        /^The following exception occurred when running the test module/ { print "did not start: " $0 }
    ' "$1" | sort -u
}

# LOG EXIT_CODE: prints the last line and says by its own exit code whether all is well.
# A crashed test host is in no count but "error:", a module that cannot start not even there: only the exit code tells of it.
sum_up() {
    local passed failed skipped
    read -r passed failed skipped < <(awk '
        /^Test run summary:/ { inside = 1; count["succeeded:"] = count["failed:"] = count["skipped:"] = count["error:"] = 0; next }
        inside && /^  (succeeded|failed|skipped|error): [0-9]+$/ { count[$1] = $2 }
        END { print count["succeeded:"] + 0, count["failed:"] + count["error:"], count["skipped:"] + 0 }
    ' "$1")
    if [ "$2" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$2" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

give_up() {
    echo "test.sh: $1" >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}

run_tests() {
    local status
    local arguments=(--solution EmmaStream.sln -c Release --no-build --no-ansi --no-progress --max-parallel-test-modules 1)
    # A project whose tests are all long has none to run: that is no failure (8: no test ran).
    arguments+=(--ignore-exit-code 8)
    # For each project: one that hangs is ended and counts as crashed (exit code 3).
    if $full; then arguments+=(--timeout 60m); else arguments+=(--timeout 15m --filter-not-trait "Duration=long"); fi
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT   # so it cannot be local
    dotnet test "${arguments[@]}" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    echo
    list_exceptions "$log"
    sum_up "$log" "$status"
}

full=false
case "${1-}" in
    "") ;;
    --full) full=true ;;
    --sum)
        [ -r "${2-}" ] || give_up "--sum needs a log"
        list_exceptions "$2"
        sum_up "$2" "$(cat "$2.exit" 2>/dev/null || echo 0)"
        exit ;;
    *) echo "test.sh: unknown option $1; use --full or nothing" >&2; exit 2 ;;
esac

eng/setup.sh --tests || give_up "set-up failed, see above"
dotnet restore EmmaStream.sln --locked-mode -v quiet || give_up "the packages could not be restored, see above"
dotnet build EmmaStream.sln -c Release --no-restore -v quiet || give_up "the build failed, see above"
run_tests
