namespace CacheOperator.Integration.Tests.Differential;

/// <summary>
/// Random commands of all kinds over a few keys, some of them wrong. Left to tests of their own is what memcached's versions, or two memcached
/// processes, answer differently.
/// </summary>
/// <param name="random">What is chosen by.</param>
/// <param name="isPipelined">Whether commands are sent before earlier ones are answered: then nothing is marked as stale, for who wins a stale item is asked elsewhere, which later commands overtake.</param>
internal sealed class Conversation(Random random, bool isPipelined)
{
    private const int ItemLimit = 1 << 20;

    private static readonly string[] Mistakes =
    [
        "foo\r\n", "GET key-1\r\n", "set key-1 0 0 -1\r\n", "set key-1 0 0 1 junk\r\nx\r\n", "set key-1 0 0 3\r\nabcdfoo\r\n",
        "incr number-1 x\r\n", "incr number-1 -1\r\n", "decr key-1 18446744073709551616\r\n", "touch key-1 soon\r\n", "gat soon key-1\r\n", "flush_all soon\r\n", "verbosity x\r\n", "stats nonsense\r\n",
        $"delete {new string('k', 251)}\r\n", $"incr {new string('k', 251)} 1\r\n", $"mg {new string('k', 251)} v\r\n",
        "mg key-1 v v\r\n", "mg key-1 !\r\n", "mg key-1 Tx\r\n", $"mg key-1 O{new string('o', 40)}\r\n", "mg !!! b\r\n", "ms key-1\r\n", "ms key-1 x\r\n", "ms key-1 1 MQ\r\nx\r\n", "ms key-1 1 Fx\r\nx\r\n", "ms key-1 1\r\nxyzfoo\r\n",
        "ma key-1 Mx\r\n", "ma key-1 Dx\r\n",
    ];

    private int _large;

    /// <summary>One or two commands.</summary>
    public string Next() => random.Next(100) switch
    {
        < 45 => Classic(),
        < 92 => Meta(),
        < 98 => Mistakes[random.Next(Mistakes.Length)],
        _ => Large(),
    };

    private string Classic()
    {
        var key = random.Next(8) == 0 ? new string('k', 250) : $"key-{random.Next(8)}";
        var number = $"number-{random.Next(3)}";
        var noreply = random.Next(5) == 0 ? " noreply" : "";
        var value = Value();
        var flags = random.Next(5) == 0 ? uint.MaxValue - (uint)random.Next(3) : (uint)random.Next(100);
        var expiry = random.Next(6) switch { 0 => -1, 1 => 0, 2 => DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 10_000, _ => 10_000 };
        return random.Next(24) switch
        {
            < 3 => $"set {key} {flags} {expiry} {value.Length}{noreply}\r\n{value}\r\n",
            < 5 => $"add {key} {flags} 0 {value.Length}{noreply}\r\n{value}\r\n",
            5 => $"replace {key} {flags} 0 {value.Length}{noreply}\r\n{value}\r\n",
            6 => $"append {key} 7 7 {value.Length}{noreply}\r\n{value}\r\n",
            7 => $"prepend {key} 7 7 {value.Length}{noreply}\r\n{value}\r\n",
            8 => $"cas {key} 0 0 {value.Length} {999_999_999_999 + random.Next(9)}{noreply}\r\n{value}\r\n",
            9 => $"set {number} {flags} 0 20{noreply}\r\n{Number()}\r\n",
            10 or 11 => $"incr {number} {random.Next(1000)}{noreply}\r\n",
            12 => $"decr {number} {random.Next(1000)}{noreply}\r\n",
            13 => $"incr {key} 1{noreply}\r\n",
            14 => $"touch {key} {expiry}{noreply}\r\n",
            15 => $"gat {expiry} {key} {number} nothing\r\n",
            16 => $"gats {expiry} {key} {number}\r\n",
            17 => $"gets {key} {number} {key}\r\n",
            18 => random.Next(10) == 0 ? $"flush_all{(random.Next(2) == 0 ? " 0" : "")}{noreply}\r\n" : $"get {number}\n",
            19 or 20 => $"delete {key}{noreply}\r\n",
            21 => $"verbosity {random.Next(3)}{noreply}\r\n",
            _ => $"get {key} key-{random.Next(8)} {number} {string.Join(' ', Enumerable.Range(0, random.Next(3) * 20).Select(i => $"key-{i}"))} \r\n",
        };
    }

    private string Meta()
    {
        var value = Value();
        var isBinary = random.Next(6) == 0;
        var key = isBinary ? new[] { "YmluLTE=", "AAEC", "YmluLTI=" }[random.Next(3)] : $"key-{random.Next(8)}";
        var number = $"number-{random.Next(3)}";
        var b = isBinary ? " b" : "";
        var more = (random.Next(4) == 0 ? " q" : "") + (random.Next(4) == 0 ? " k" : "") + (random.Next(3) == 0 ? $" O{random.Next(1000)}" : "");
        var expiry = random.Next(5) switch { 0 => "", 1 => " T0", 2 => " T-1", _ => " T10000" };
        var version = random.Next(8) == 0 ? $" C{999_999_999_999 + random.Next(9)}" : "";

        // memcached forgets here and there that a key was given in base64, and 1.6.38 that a counter was to be made quietly.
        var shown = isBinary ? more.Replace(" k", "") : more;
        var loud = more.Replace(" q", "");
        return random.Next(19) switch
        {
            0 or 1 => $"ms {key} {value.Length}{b} c s{more}{expiry} F{random.Next(50)}{version}\r\n{value}\r\n",
            2 => $"ms {key} {value.Length}{b} ME{more}{expiry}\r\n{value}\r\n",
            3 => $"ms {key} {value.Length}{b} MR{more}{expiry}{version}\r\n{value}\r\n",
            4 => $"ms {key} {value.Length}{b} MA s{more}{version}\r\n{value}\r\n",
            5 => $"ms {key} {value.Length}{b} MP N10000 F4{more}{version}\r\n{value}\r\n",
            6 => $"md {key}{b}{more}{version}\r\n",
            7 when !isPipelined => $"md {key}{b}{more} I{expiry}{version}\r\n",
            8 => $"md {key}{b}{more} x{expiry}{version}\r\n",
            9 => $"ms {number} 20{more} F3\r\n{Number()}\r\n",
            10 => $"ma {number} v t c{more} D{random.Next(1000)}{version}\r\n",
            11 => $"ma {number} MD v{loud} N10000 J{Number()} D{random.Next(1000)}\r\n",
            12 => $"ma {key}{b}{more}\r\n",
            13 => $"mg {key}{b}{shown} v T10000 t\r\n",
            14 => $"mg lock-{random.Next(3)} v s{more} N10000 R{random.Next(2) * 20_000}\r\n",
            15 => random.Next(3) == 0 ? $"ms lock-{random.Next(3)} 4 T10000{more}\r\ndone\r\n" : "mn\r\n",
            16 => $"mg {key}{b} v t f s u{shown}\r\n",
            17 => $"mg {key}{b} s{shown}\r\n",
            _ => $"get {number}\r\nmg {number} k v f c t s{more.Replace(" k", "")}\r\n",
        };
    }

    // Up to the largest item, and beyond. A condition that does not hold is answered before anything else: values for which memcached
    // has no room, but would have with a shorter key, are only stored without one.
    private string Large()
    {
        var key = $"large-{++_large % 2}";
        var length = random.Next(4) switch { 0 => ItemLimit - random.Next(400), 1 => ItemLimit + random.Next(1, ItemLimit), 2 => random.Next(400_000, 600_000), _ => random.Next(20_000, 100_000) };
        var isNearLimit = length is > ItemLimit - 400 and <= ItemLimit;
        var value = new string((char)('a' + random.Next(26)), length);
        return random.Next(isNearLimit ? 5 : 0, 8) switch
        {
            0 => $"add {key} 1 0 {length}\r\n{value}\r\nmg {key} s\r\n",
            1 => $"append {key} 1 0 {length}\r\n{value}\r\nmg {key} s\r\n",
            2 => $"prepend {key} 1 0 {length}\r\n{value}\r\nget {key}\r\n",
            3 => $"ms {key} {length} ME O1\r\n{value}\r\nmg {key} s\r\n",
            4 => $"replace {key} 1 0 {length}\r\n{value}\r\ngat 0 {key}\r\n",
            5 => $"ms {key} {length} T0 k\r\n{value}\r\nmg {key} v\r\n",
            6 => $"set {key} 1 0 {length} noreply\r\n{value}\r\nget {key} none\r\n",
            _ => $"set {key} 1 0 {length}\r\n{value}\r\nget {key} none\r\n",
        };
    }

    private string Value() => new((char)('a' + random.Next(26)), random.Next(20) == 0 ? random.Next(20_000) : random.Next(30));

    // While a reply still holds the item, memcached does not pad what it decreases: numbers keep their length here.
    private string Number() => $"1844674407370{random.Next(4000000, 4090000)}";
}
