#!/bin/sh
# Debian's Chromium in the network of a lab's machine.
exec nsenter --net="$HOLDFAST_NETWORK" -- /usr/bin/chromium "$@"
