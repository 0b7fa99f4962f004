#!/usr/bin/perl
# Copies packets that arrive at this machine, whole, to standard output, in the pcap format with LINKTYPE_LINUX_SLL2.
#
#   copy-packets.pl KIB FAMILIES < FILTER
#
# FILTER is what `tcpdump -ddd -y RAW` prints; FAMILIES 4, 6 or both, separated by a comma; KIB how much the kernel may
# hold until it is copied. tcpdump itself holds packets in slots as large as the largest, so that few have room, and
# passes them on one by one or once a second. Here whoever reads is woken every 4 milliseconds at most.
use strict;
use warnings;
use Fcntl qw(F_SETFL O_NONBLOCK);
use POSIX qw(setgid setuid);
use Time::HiRes qw(time sleep);

# linux/if_packet.h, linux/if_ether.h, asm-generic/socket.h
use constant { AF_PACKET => 17, SOCK_DGRAM => 2, SOL_SOCKET => 1, SO_ATTACH_FILTER => 26, SO_RCVBUFFORCE => 33 };
my %protocol = (4 => 0x0800, 6 => 0x86dd);
my $longest = 65_536 + 256;
my $page = 60_000;
my $together = 0.004;
my $turn = 4_000;
my $nobody = 65_534;

my ($kib, $families) = @ARGV;
my ($count, @lines) = <STDIN>;
# struct sock_filter { u16 code; u8 jt, jf; u32 k }
my $filter = join '', map { pack 'S C C L', split } @lines;
die "the filter has " . @lines . " of $count lines\n" if @lines != $count || @lines == 0;

my @sockets = map { opened($protocol{$_}) } split /,/, $families;
my $all = '';
vec($all, fileno $$_[0], 1) = 1 for @sockets;

binmode STDOUT;
# A program that cannot be read any more has nothing to do.
$SIG{PIPE} = sub { exit 0 };
my $out = pack 'L S S l L L L', 0xa1b2c3d4, 2, 4, 0, 0, $longest, 276;
become_nobody();
# Whoever reads says nothing here: a pipe or a socket that is readable is one that nobody reads any more.
vec($all, fileno STDOUT, 1) = 1 if -p STDOUT || -S STDOUT;
passed();
print STDERR "listening on any\n";

while (1) {
    select(my $ready = $all, undef, undef, undef);
    exit 0 if vec($ready, fileno STDOUT, 1);
    sleep $together;
    for (@sockets) {
        my ($socket, $head) = @$_;
        # Not until it is empty: the other one has its turn, too.
        my $left = $turn;
        while ($left-- > 0 && defined(my $length = sysread $socket, my $packet, $longest)) {
            my $now = time;
            my $size = $length + 20;
            $out .= pack('L L L L', $now, ($now - int $now) * 1e6, $size, $size) . $head . $packet;
            passed() if length $out > $page;
        }
    }
    passed();
}

# Bound only when its filter stands: nothing else is ever in it. A socket of one protocol has what arrives, not what leaves.
sub opened {
    my ($number) = @_;
    socket my $socket, AF_PACKET, SOCK_DGRAM, 0 or die "socket: $!\n";
    my $program = pack 'S x![P] P', length($filter) / 8, $filter;
    setsockopt $socket, SOL_SOCKET, SO_ATTACH_FILTER, $program or die "filter: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_RCVBUFFORCE, pack('l', $kib * 1024) or die "buffer: $!\n";
    bind $socket, pack 'S n l S C C a8', AF_PACKET, $number, 0, 0, 0, 0, '' or die "bind: $!\n";
    fcntl $socket, F_SETFL, O_NONBLOCK or die "fcntl: $!\n";
    return [$socket, pack 'n x18', $number];
}

# The sockets are open: whoever could make this program stumble over a packet gets nothing with it. The kernel forgets with
# the user that this one was to end with its parent (PR_SET_PDEATHSIG, prctl(2)).
sub become_nobody {
    $) = "$nobody $nobody";
    setgid($nobody);
    setuid($nobody);
    my $is = join ' ', $<, $>, $(, $);
    die "it remains $is: $!\n" if $is =~ /\b(?!$nobody\b)\d/;
}

sub passed {
    my $at = 0;
    while ($at < length $out) {
        $at += syswrite(STDOUT, $out, length($out) - $at, $at) // exit 0;
    }
    $out = '';
}
