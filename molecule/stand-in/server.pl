#!/usr/bin/perl
# Stands in for the sidecar where only the roles are tried: it answers /ready as the sidecar does, and nothing
# else. No recognition happens here. It needs nothing but the Perl of a bare Debian.
#
#   BEHAVIOUR  ready     ready at once
#              slow      "starting" for three seconds, then ready
#              starting  "starting" for ever
#              refusing  a failed check (the GPU), decided at once
#              cpu       ready without the GPU
#              ending    exits while it starts
# The database is DATA_DIR/current/manifest.json; SIGHUP loads it again, and one whose version says "refuse" is
# refused: the old one stays, the check says so.
use strict;
use warnings;
use IO::Socket::INET;

# As the image's health check: what does the server say?
if (@ARGV) {
    my $server = IO::Socket::INET->new('127.0.0.1:5000') or die "no answer\n";
    print {$server} "GET /ready HTTP/1.0\r\n\r\n";
    print my $status = <$server>;
    exit($status =~ / 200 / ? 0 : 1);
}

my $behaviour = $ENV{BEHAVIOUR} // 'ready';
my $data      = $ENV{DATA_DIR}  // '/data';
my $began     = time;
my ($version, $path, $fault) = ('', '', '');

sub load {
    $fault = '';
    my $release = readlink("$data/current") // return;
    open my $manifest, '<', "$data/current/manifest.json" or do { $fault = 'the new one was refused: no manifest.json'; return };
    local $/;
    my ($found) = <$manifest> =~ /"version"\s*:\s*"([^"]*)"/;
    if ($found =~ /refuse/) {
        $fault = "$version goes on answering; the new one was refused: face_arcface.voy of $found is damaged";
        return;
    }
    ($version, $path) = ($found, "$data/$release");
}

sub state_now {
    return 'failed' if $behaviour eq 'refusing';
    return 'starting' if $behaviour eq 'starting' or ($behaviour eq 'slow' and time - $began < 3);
    return 'ok';
}

sub answer {
    my $state  = state_now();
    my $ready  = $state eq 'ok' ? 'true' : 'false';
    my $reason = { failed => 'libcuda.so.1: no driver', starting => 'loading', ok => '' }->{$state};
    my $loaded = $version ne '' ? qq({"version": "$version", "path": "$path"}) : 'null';
    my $checks = join ', ', map { qq({"name": "$_->[0]", "state": "$_->[1]", "reason": "$_->[2]"}) }
        ['database', ($version ne '' ? 'ok' : $fault ? 'failed' : 'off'), ($fault || 'loaded')],
        ['gpu', ($behaviour eq 'cpu' ? 'off' : $state), $reason];
    return ($state eq 'ok' ? '200 OK' : '503 Service Unavailable',
        qq({"ready": $ready, "version": "stand-in", "checks": [$checks], "database": $loaded}));
}

$SIG{TERM} = $SIG{INT} = sub { exit 0 };
# Only noted: reading a file within the handler would lose the line that a client is being read from.
my $again = 0;
$SIG{HUP} = sub { $again = 1 };
$| = 1;
load();
print "stand-in starts, behaviour $behaviour\n";
if ($behaviour eq 'ending') { print "the end comes at once\n"; exit 3 }

my $server = IO::Socket::INET->new(LocalPort => 5000, Listen => 16, ReuseAddr => 1) or die "cannot listen: $!";
while (1) {
    my $client = $server->accept or next;
    while (my $line = <$client>) { last if $line =~ /^\r?\n$/ }
    if ($again) { $again = 0; load() }
    my ($status, $body) = answer();
    print {$client} "HTTP/1.1 $status\r\nContent-Type: application/json\r\nConnection: close\r\n",
        'Content-Length: ', length $body, "\r\n\r\n$body";
    close $client;
}
