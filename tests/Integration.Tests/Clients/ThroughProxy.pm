# Loaded before memcached's own tests: the server is a proxy that they did not start.
package ThroughProxy;
use strict;
use warnings;
no warnings 'redefine';
require MemcachedTest;

# No server moves its clock for a test.
# A member's clock ticks once a second, and later on a busy machine; whatever is waited for is past after that.
*MemcachedTest::mem_move_time = sub { select undef, undef, undef, $_[1] + 2 };

# Unknown kinds of statistics are an error, not an endless list.
*MemcachedTest::mem_stats = sub {
    my ($sock, $type) = @_;
    print $sock $type ? "stats $type\r\n" : "stats\r\n";
    my %stats = (client_flags_size => 4);
    while (my $line = <$sock>) {
        last if $line =~ /^(END|ERROR)/;
        $stats{$1} = $2 if $line =~ /^STAT (\S+)\s+([^\r\n]+)/;
    }
    return \%stats;
};

# Nothing is known of what the server was built with.
*MemcachedTest::print_help = sub { '' };

*Memcached::Handle::stop = *Memcached::Handle::DESTROY = sub { };

1;
