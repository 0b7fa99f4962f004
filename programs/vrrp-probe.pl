#!/usr/bin/perl
# Sends packets of protocol 112 to this node's peers and counts those that come from them, as keepalived would hear them:
# by a raw socket, behind the INPUT chain. Ways come on standard input, `OWN PEER` a line; after SECONDS it says
# `OWN PEER COUNT` for each, or `! OWN PEER WORDS` where the kernel refused to send or to listen. With a virtual router id,
# `OWN PEER ID`, nothing is sent on that way, and what counts are adverts with that id (RFC 9568, 5.2: version 3, type 1).
#
# No router can take a probe for an advert: its version and type are 15, which RFC 9568, 5.2.2 and 7.1, has discarded, and its
# virtual router id is 0, which nobody may have. keepalived looks for the id before anything else.
#
# usage: vrrp-probe.pl SECONDS
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 SOCK_RAW IPPROTO_IP IPPROTO_IPV6 inet_pton inet_ntop pack_sockaddr_in
  pack_sockaddr_in6 sockaddr_family unpack_sockaddr_in unpack_sockaddr_in6);
use Time::HiRes qw(time);

use constant {
    VRRP => 112,
    IP_TTL => 2,    # linux/in.h
    IPV6_UNICAST_HOPS => 16,    # linux/in6.h
    EVERY => 0.25,
    MOST => 64,
};

my $seconds = shift // '';
die "usage: vrrp-probe.pl SECONDS\n" unless $seconds =~ /^(?:[1-9]|[1-5][0-9])$/ && !@ARGV;

# Version and type 15, id 0, priority 1, no addresses; then who is asking.
my $probe = pack('C4 n2', 0xff, 0, 1, 0, 0, 0) . 'holdfast preflight';

my (@ways, %sockets, %counts, %ids);
while (my $line = <STDIN>) {
    die "not a way: $line" unless $line =~ /^([0-9a-f.:]+) ([0-9a-f.:]+)(?: ([1-9][0-9]{0,2}))?$/ && @ways < MOST;
    push @ways, { own => $1, peer => $2, id => $3, refused => '' };
}
for my $way (@ways) {
    my $family = $way->{own} =~ /:/ ? AF_INET6 : AF_INET;
    my ($own, $peer) = map { inet_pton($family, $_) } @$way{qw(own peer)};
    $counts{ key($family, $own, $peer) } = 0;
    $way->{key} = key($family, $own, $peer);
    $ids{ $way->{key} } = $way->{id};
    $way->{target} = place($family, $peer);
    $way->{socket} = $sockets{ $way->{own} } //= listener($family, $own) // undef;
    $way->{refused} = "$!" unless $way->{socket};
}

my ($now, $end, $next) = (time, time + $seconds, 0);
while (($now = time) < $end) {
    if ($now >= $next) {
        for my $way (grep { $_->{socket} && !$_->{id} } @ways) {
            $way->{refused} = defined send($way->{socket}{handle}, $probe, 0, $way->{target}) ? '' : "$!";
        }
        $next = $now + EVERY;
    }
    my $bits = '';
    vec($bits, fileno $_->{handle}, 1) = 1 for grep { $_ } values %sockets;
    my $until = $next < $end ? $next : $end;
    my $ready = select $bits, undef, undef, $until > $now ? $until - $now : 0;
    next unless $ready > 0;
    for my $socket (grep { $_ && vec($bits, fileno $_->{handle}, 1) } values %sockets) {
        my $from = recv($socket->{handle}, my $packet, 2048, 0) // next;
        my ($family, $address) = (sockaddr_family($from));
        $address = $family == AF_INET6 ? (unpack_sockaddr_in6($from))[1] : (unpack_sockaddr_in($from))[1];
        my $key = key($family, $socket->{own}, $address);
        $counts{$key}++ if exists $counts{$key} && (!$ids{$key} || is_advert($family, $packet, $ids{$key}));
    }
}
for my $way (@ways) {
    print "$way->{own} $way->{peer} $counts{ $way->{key} }\n";
    print "! $way->{own} $way->{peer} $way->{refused}\n" if $way->{refused} ne '';
}

# A raw socket of IPv4 hands over the header as well (raw(7)), one of IPv6 does not.
sub is_advert {
    my ($family, $packet, $wanted) = @_;
    my $header = $family == AF_INET6 ? 0 : 4 * (ord($packet) & 15);
    return 0 if length $packet < $header + 2;
    my ($kind, $id) = unpack 'C2', substr $packet, $header;
    return $kind == 0x31 && $id == $wanted;
}

# Bound to one address, it hears only what is sent to that.
sub listener {
    my ($family, $own) = @_;
    socket my $handle, $family, SOCK_RAW, VRRP or return;
    bind $handle, place($family, $own) or return;
    # The nodes' own rules admit nothing that a router may have passed on.
    $family == AF_INET6
      ? setsockopt $handle, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255
      : setsockopt $handle, IPPROTO_IP, IP_TTL, 255;
    return { handle => $handle, own => $own };
}

sub place { my ($family, $address) = @_;
    return $family == AF_INET6 ? pack_sockaddr_in6(0, $address) : pack_sockaddr_in(0, $address);
}

sub key { my ($family, $own, $peer) = @_; return join ' ', map { inet_ntop($family, $_) } $own, $peer }
