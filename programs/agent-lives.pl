#!/usr/bin/perl
# Succeeds where this node's agent answers at once: one that hangs is no more alive than a dead one, and systemd notices it
# only when its watchdog runs out.
use strict;
use warnings;
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);

use constant PATIENCE => 0.5;

socket my $agent, AF_UNIX, SOCK_STREAM, 0 or exit 1;
# Into the kernel's queue, which takes it even of a process that is stopped.
connect $agent, pack_sockaddr_un('/run/holdfast/agent.sock') or exit 1;
defined syswrite $agent, "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n" or exit 1;
my $bits = '';
vec($bits, fileno $agent, 1) = 1;
exit 1 unless select $bits, undef, undef, PATIENCE;
my $answer = '';
exit(sysread($agent, $answer, 1024) && $answer =~ m{^HTTP/1\.[01] 200 } ? 0 : 1);
