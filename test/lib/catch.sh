#!/bin/sh
# Runs a Catch2 test program: test/lib/catch.sh PROGRAM [ARGUMENT...]
# Shows its output and turns its summary into the line "N passed, N failed, N skipped" (test cases). A test case that could not
# run here says so with a line "SKIPPED: why" and is counted as skipped, never as passed.
set -u
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
status=0
"$@" --use-colour no >"$out" 2>&1 || status=$?
cat "$out"
summary=$(tail -n 5 "$out")
total=$(printf '%s\n' "$summary" | sed -n 's/.* in \([0-9][0-9]*\) test cases\{0,1\}).*/\1/p')
failed=0
if [ -z "$total" ]; then
	total=$(printf '%s\n' "$summary" | sed -n 's/^test cases: *\([0-9][0-9]*\) .*/\1/p')
	failed=$(printf '%s\n' "$summary" | sed -n 's/^test cases:.*| *\([0-9][0-9]*\) failed.*/\1/p')
fi
: "${total:=0}" "${failed:=0}"
skipped=$(grep -c '^SKIPPED' "$out")
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
	failed=1
	echo "not ok - $1 ended with status $status"
fi
passed=$((total - failed - skipped))
[ "$passed" -ge 0 ] || passed=0
echo "$passed passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ]
