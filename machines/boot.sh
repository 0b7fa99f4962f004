#!/bin/sh
# Boots a machine: systemd as PID 1 (systemd-nspawn(1)) on ROOT, which is shared and only read; what the machine writes
# stays in DISK through every power cycle. Its network is the namespace NETWORK, in which its devices stand already.
# Every mount here is this process's own and ends with it.
# usage: unshare --mount --propagation slave boot.sh NAME GROUP ROOT DISK NETWORK MACHINE
set -eu
name=$1
group=$2
root=$3
disk=$4
network=$5
machine=$6

# A control group of its own in each hierarchy that systemd uses: nspawn leaves its groups behind, and whoever cleans up
# has to know whose they are.
for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -f "$tree/cgroup.procs" ] || continue
    mkdir -p "$tree/$group"
    echo $$ > "$tree/$group/cgroup.procs"
done

mkdir -p "$disk/upper" "$disk/work" "$disk/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$disk/upper,workdir=$disk/work" "$disk/root"

# OpenVPN's devices: a real machine makes them itself.
set --
[ ! -c /dev/net/tun ] || set -- --bind=/dev/net/tun

# A real machine may do to its own network whatever it likes; without these nspawn gives a named namespace less.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
exec systemd-nspawn --quiet --directory="$disk/root" --machine="$machine" --hostname="$name" --register=no --keep-unit \
    --network-namespace-path="$network" --capability=CAP_NET_ADMIN,CAP_IPC_LOCK "$@" --boot --console=pipe < /dev/null
