#!/usr/bin/perl
# Sends whole IP packets as they are, whatever source address they claim: one a line on standard input, in hexadecimal.
# Says on standard output how many the kernel took and, behind that, why it refused the last one that it did not take.
#
# usage: send-packets.pl PACKETS_PER_SECOND [AT_ONCE]    so many before it keeps to that rate
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 SOCK_RAW pack_sockaddr_in pack_sockaddr_in6);

use constant {
    IPPROTO_RAW => 255,    # headers are ours (raw(7))
    BURSTS_PER_SECOND => 200,
    AT_ONCE => 1_000,    # 84 kB of an Ethernet, less than a port's buffer
};

my $rate = shift // '';
my $at_once = shift // AT_ONCE;
die "usage: send-packets.pl PACKETS_PER_SECOND [AT_ONCE]\n"
    unless $rate =~ /^[1-9][0-9]{0,6}$/ && $at_once =~ /^[0-9]{1,6}$/ && !@ARGV;
my $burst = $rate < BURSTS_PER_SECOND ? 1 : int($rate / BURSTS_PER_SECOND);

my %sockets;
my ($sent, $refused) = (0, '');
$| = 1;
while (my $line = <STDIN>) {
    chomp $line;
    die "not a packet: $line\n" unless $line =~ /^(?:[0-9a-f]{2}){40,}$/;
    my $packet = pack 'H*', $line;
    my $family = ord($packet) >> 4 == 6 ? AF_INET6 : AF_INET;
    unless ($sockets{$family}) {
        socket $sockets{$family}, $family, SOCK_RAW, IPPROTO_RAW or die "no raw socket: $!\n";
    }
    my $address = $family == AF_INET6 ? substr($packet, 24, 16) : substr($packet, 16, 4);
    my $target = $family == AF_INET6 ? pack_sockaddr_in6(0, $address) : pack_sockaddr_in(0, $address);
    if (defined send $sockets{$family}, $packet, 0, $target) { $sent++ }
    else { $refused = " $!" }
    select undef, undef, undef, $burst / $rate if $. >= $at_once && $. % $burst == 0;
}
print "$sent$refused\n";
