#!/bin/sh
# HAProxy's ExecStopPost. One that died, and was not told to end, makes this node yield: with an agent that answers it is the
# agent's to say, without one nobody else would. The mark stays until HAProxy is back.
run=/run/holdfast
test "${SERVICE_RESULT:-}" != success || exit 0
test -e /etc/holdfast/node.json || exit 0
# Services of mode nat pass without it.
grep -q '^ *bind ' /etc/haproxy/haproxy.cfg || exit 0
test -d "$run" || exit 0
: >"$run/haproxy-died"
"${0%/*}/agent-lives.pl" && exit 0
# Written over, never cut off: keepalived reads "1" or "0", not an empty file.
echo 1 1<>"$run/fault"
