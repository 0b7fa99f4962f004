#!/usr/bin/perl
# Sends whole Ethernet frames as they are, each of them so many times: one a line on standard input, `INDEX FRAME`, the
# device's index and the frame in hexadecimal. Says a line for each: how often the kernel took it and, behind that, why it did
# not once.
#
# usage: send-frames.pl TIMES MILLISECONDS_BETWEEN
use strict;
use warnings;

use constant {
    AF_PACKET => 17,
    SOCK_RAW => 3,
};

my ($times, $between) = @ARGV;
die "usage: send-frames.pl TIMES MILLISECONDS_BETWEEN\n"
    unless @ARGV == 2 && $times =~ /^[1-9]$/ && $between =~ /^[0-9]{1,4}$/;

my @frames;
while (my $line = <STDIN>) {
    my ($index, $frame) = $line =~ /^([1-9][0-9]{0,9}) ((?:[0-9a-f]{2}){14,})$/ or die "not a frame: $line\n";
    push @frames, { index => $index, bytes => pack('H*', $frame), sent => 0, refused => '' };
}

# Of protocol 0: it hears nothing (packet(7)).
socket my $socket, AF_PACKET, SOCK_RAW, 0 or die "no packet socket: $!\n";
for my $time (1 .. $times) {
    for my $frame (@frames) {
        # struct sockaddr_ll: family, protocol, index, and of hardware type, kind and address nothing.
        my $device = pack 'S a2 i S C C a8', AF_PACKET, substr($frame->{bytes}, 12, 2), $frame->{index}, 0, 0, 0, '';
        if (defined send $socket, $frame->{bytes}, 0, $device) { $frame->{sent}++ }
        else { $frame->{refused} = " $!" }
    }
    select undef, undef, undef, $between / 1_000 if $time < $times;
}
print "$_->{sent}$_->{refused}\n" for @frames;
