#!/bin/sh
# Becomes the engine of a holdfast node, or what its distribution would start as long as no topology was applied here.
#
# usage: start-engine.sh OURS... -- THEIRS...
set -eu
wanted=theirs
test -e /etc/holdfast/node.json && wanted=ours
side=ours
# Goes round once: what is wanted comes behind the rest, what is not is dropped.
left=$#
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  if [ "$side" = ours ] && [ "$word" = -- ]; then
    side=theirs
  elif [ "$side" = "$wanted" ]; then
    set -- "$@" "$word"
  fi
done
exec "$@"
