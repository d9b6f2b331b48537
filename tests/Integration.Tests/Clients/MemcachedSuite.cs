namespace CacheOperator.Integration.Tests.Clients;

/// <summary>Which of memcached's own tests a proxy must pass, and why it cannot pass the others.</summary>
internal static class MemcachedSuite
{
    /// <summary>Names of <c>t/NAME.t</c>.</summary>
    public static readonly string[] Applied =
    [
        "binary-get", "bogus-commands", "cas", "chunked-items", "expirations", "flags", "flush-all", "getandtouch", "getset", "incrdecr", "issue_104", "issue_108", "issue_152",
        "issue_192", "issue_3", "issue_68", "issue_70", "malicious-commands", "metaget", "multiversioning", "noreply", "quit", "touch",
    ];

    /// <summary>Names, <c>*</c> for any text.</summary>
    public static readonly (string[] Names, string Why)[] LeftOut =
    [
        (["00-startup", "daemonize", "dash-M", "maxconns", "misbehave", "restart", "shutdown", "udp", "unixsocket", "issue_67", "idle-timeout", "item_size_max", "conn-limits"],
            "start memcached in ways of their own, or stop it"),
        (["ascii-auth*", "ssl_*", "binary", "binary-sasl", "issue_50"], "authentication, TLS and the binary protocol are not served on this port"),
        (["*extstore*", "slab*", "lru*", "64bit", "dyn-maxbytes", "evictions", "issue_14", "issue_163", "issue_183", "issue_22", "issue_29", "issue_41", "issue_42", "strtol-testing"],
            "look at or steer the memory of one memcached: stats items, stats slabs, slabs, lru, cache_memlimit"),
        (["stats", "stats-conns", "stats-detail", "issue_61"], "statistics of one memcached, which a proxy has no match for"),
        (["watcher*"], "watch is a log of one memcached"),
        (["proxy*"], "configure memcached's own proxy"),
        (["issue_140", "issue_260", "refhang"], "skip themselves"),
        (["line-lengths", "whitespace"], "are about the source text"),
    ];

    /// <summary>What the suite of 1.6.45, as which the proxy answers, says otherwise; and what a proxy refuses.</summary>
    public static readonly (string File, string Old, string New)[] Changes =
    [
        // 1.6.45 has these very changes.
        ("cas.t", "tests => 43", "tests => 42"),
        ("cas.t", "\"ERROR\\r\\n\", \"cas empty", "\"CLIENT_ERROR bad command line format\\r\\n\", \"cas empty"),
        ("cas.t", "is(scalar <$sock>, \"ERROR\\r\\n\", \"error out on barval2 parsing\");", ""),
        ("metaget.t", "\"ERROR\\r\\n\", \"error from blank", "\"CLIENT_ERROR bad command line format\\r\\n\", \"error from blank"),
        ("issue_3.t", "tests => 8", "tests => 6"),
        ("issue_3.t", "print $sock \"delete $key 10\\r\\n\";", ""),
        ("issue_3.t", "is (scalar <$sock>, \"CLIENT_ERROR bad command line format.\"\n    . \"  Usage: delete <key> [noreply]\\r\\n\", \"invalid delete\");", ""),
        ("issue_3.t", "print $sock \"add $key 0 0 1\\r\\nx\\r\\n\";\nis (scalar <$sock>, \"NOT_STORED\\r\\n\", \"Failed to add after failed silent delete.\");", ""),

        // Versions are given by the proxy: E is refused, and a stale value cannot be stored.
        ("metaget.t", "subtest 'mset with E CAS override' => sub", "my $refused1 = sub"),
        ("metaget.t", "subtest 'mget vivify with CAS override' => sub", "my $refused2 = sub"),
        ("metaget.t", "subtest 'mdelete with CAS override' => sub", "my $refused3 = sub"),
        ("metaget.t", "subtest 'marith with CAS override' => sub", "my $refused4 = sub"),
        ("metaget.t", "like(scalar <$sock>, qr/^HD/, \"SET an invalid/stale item\");", "is(scalar <$sock>, \"CLIENT_ERROR invalid flag\\r\\n\", \"refused\");"),

        // The rest is about a server that was started with -F.
        ("flush-all.t", "tests => 26", "tests => 22"),
        ("flush-all.t", "$server = new_memcached('-F');", "exit 0;"),
    ];
}
