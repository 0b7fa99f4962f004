#!/bin/sh
# Becomes PID 1 of a lab machine: its own /etc, /var/lib and /var/log (kept on DISK through a power loss), /run, /tmp and /sys.
# Started by `unshare`, so every mount here is this machine's own and ends with it.
# usage: machine.sh DISK NAME PROGRAM
set -eu
disk=$1
name=$2
program=$3

echo "$name" > /proc/sys/kernel/hostname
umount --recursive --lazy /run/netns 2> /dev/null || true # Copies would keep other machines' networks alive.
mount -t sysfs sysfs /sys                                 # So that /sys/class/net shows this machine's devices.
# There is no syslog here, and syslog(3) then writes to the console: a serial line holds the processor for more than a
# millisecond a line, which keepalived would pay in the midst of a takeover.
[ ! -e /dev/console ] || mount --bind /dev/null /dev/console

for place in etc var/lib var/log; do
    mkdir -p "$disk/$place" "$disk/.work/$place"
    mount -t overlay overlay -o "lowerdir=/$place,upperdir=$disk/$place,workdir=$disk/.work/$place" "/$place"
done
# Where the package's programs would be, for a machine whose engines run them.
if [ -d "$disk/usr/lib" ]; then
    mkdir -p "$disk/.work/usr/lib"
    mount -t overlay overlay -o "lowerdir=/usr/lib,upperdir=$disk/usr/lib,workdir=$disk/.work/usr/lib" /usr/lib
fi
# Whatever this computer itself is in some cluster, its lab machines are not.
for place in etc/holdfast var/lib/holdfast var/log/holdfast; do
    mkdir -p "$disk/$place"
    [ -d "/$place" ] || mkdir "/$place"
    mount --bind "$disk/$place" "/$place"
done

# No duplicate address detection: an address must answer at once, as IPv4 does.
for knob in accept_dad dad_transmits; do
    for scope in all default; do echo 0 > "/proc/sys/net/ipv6/conf/$scope/$knob"; done
done
ip link set lo up

# Made aside, then moved: holdfast itself may stand below /tmp or /run, and DISK does. /run therefore comes last.
mkdir -p "$disk/.stage"
for place in /tmp /run; do
    mount -t tmpfs -o mode=0755 tmpfs "$disk/.stage"
    case $program in
        "$place"/*)
            mkdir -p "$disk/.stage/${program#"$place"/}"
            mount --bind "$program" "$disk/.stage/${program#"$place"/}"
            ;;
    esac
    mount --no-mtab --move "$disk/.stage" "$place"
done
chmod 1777 /tmp
mkdir -p /run/lock /run/log

echo ready
exec < /dev/null > /dev/null 2>&1
exec tini -- sleep infinity
