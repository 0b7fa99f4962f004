#!/usr/bin/perl
# Sends every client of an OpenVPN server a small packet, again and again; OpenVPN runs it as its device comes up, and it ends
# when the device goes. OpenVPN pings every 1.0 to 1.26 s and counts in whole seconds, so that in some seconds there is no ping, and a
# client that waits for 2 would leave (docs/decisions/0031-idle-clients.md). OpenVPN waits for this program, and ends where it fails.
use strict;

# x86 and ARM: sys/socket.h, bits/socket_type.h, asm-generic/socket.h; asm-generic/errno-base.h
use constant { AF_INET => 2, AF_INET6 => 10, SOCK_DGRAM => 2, SOL_SOCKET => 1, SO_BINDTODEVICE => 25, ENOBUFS => 105, EAGAIN => 11 };

# Seconds: with one of them lost there is still one in every second.
my $pause = 0.4;
# Of those that fail one after the other: then there is no device any more.
my $patience = 5;

my $device = $ARGV[0] // '';
my $is_four = defined $ENV{ifconfig_local};
exit 0 unless $device =~ /^[A-Za-z0-9_.-]{1,15}$/;
exit 0 if fork;

open STDIN, '<', '/dev/null';
open STDOUT, '>', '/dev/null';
open STDERR, '>', '/dev/null';

# Multicast of a group that nobody is in, to port 9, discard: OpenVPN sends it to all its clients, whose kernels drop it.
my $group = $is_four
  ? pack 'S n C4 x8', AF_INET, 9, 239, 255, 104, 102
  : pack 'S n L n8 L', AF_INET6, 9, 0, 0xff02, 0, 0, 0, 0, 0, 0x686f, 0x6c66, 0;
socket my $socket, $is_four ? AF_INET : AF_INET6, SOCK_DGRAM, 0 or exit 0;
setsockopt $socket, SOL_SOCKET, SO_BINDTODEVICE, "$device\0" or exit 0;

for (my $failed = 0; $failed < $patience; select undef, undef, undef, $pause) {
    my $is_sent = defined send $socket, '', 0, $group;
    $failed = $is_sent || $! == ENOBUFS || $! == EAGAIN ? 0 : $failed + 1;
}
