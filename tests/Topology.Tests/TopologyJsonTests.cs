using System.Text;
using CacheOperator.Topology;

namespace CacheOperator.TopologyTests;

public sealed class TopologyJsonTests
{
    [Fact]
    public void A_document_survives_the_round_trip()
    {
        var document = Sample.Document();

        var read = TopologyJson.ReadTopology(TopologyJson.Write(document));

        Assert.Equal(document.Members, read.Members);
        Assert.Equal(document.Copies, read.Copies);
        Assert.Equal(document.Proxies, read.Proxies);
        Assert.Equal(document.Replication, read.Replication);
        Assert.Equal("a", read.Nodes["node-1"]);
        Assert.Equal(7, read.Generation);
    }

    [Fact]
    public void Resharding_survives_the_round_trip()
    {
        var document = Sample.Shrinking();

        var read = TopologyJson.ReadTopology(TopologyJson.Write(document));

        Assert.True(TopologyJson.SameContent(document, read));
        Assert.Equal((2, 1, ReshardingPhase.Filling, 7), (read.Resharding!.From, read.Resharding.To, read.Resharding.Phase, read.Resharding.Since));
        Assert.Equal([1], Assert.Single(read.Resharding.Done).From);
        Assert.Equal(2, read.MemberShards());
    }

    [Fact]
    public void A_field_of_a_newer_operator_is_ignored()
    {
        var json = Encoding.UTF8.GetString(TopologyJson.Write(Sample.Document())).Insert(1, "\"fromTheFuture\":{\"a\":[1]},");

        Assert.Equal(7, TopologyJson.ReadTopology(Encoding.UTF8.GetBytes(json)).Generation);
    }

    [Fact]
    public void Memory_is_named_only_where_a_member_has_another_than_it_was_started_with()
    {
        var older = TopologyJson.Write(Sample.Document());
        var document = Sample.Document() with { Members = [Sample.Member("m-a", "a") with { MemoryMebibytes = 512 }, Sample.Member("m-b", "b", MemberState.Warming)] };

        // As any operator before this field has written it, and as proxies before it read it, which pass over what they do not know.
        Assert.DoesNotContain("memory", Encoding.UTF8.GetString(older), StringComparison.OrdinalIgnoreCase);
        Assert.All(TopologyJson.ReadTopology(older).Members, m => Assert.Null(m.MemoryMebibytes));
        Assert.Contains("\"memoryMebibytes\":512", Encoding.UTF8.GetString(TopologyJson.Write(document)), StringComparison.Ordinal);
        Assert.Equal([512L, null], TopologyJson.ReadTopology(TopologyJson.Write(document)).Members.Select(m => m.MemoryMebibytes));
        Assert.Equal(1, document.Schema);
    }

    [Fact]
    public void A_status_of_an_older_proxy_does_not_claim_that_it_raises_memory()
    {
        var status = TopologyJson.ReadStatus("""{"name":"p","version":"1","generation":1,"ready":true,"startedAt":"2026-01-01T00:00:00Z"}"""u8.ToArray());

        Assert.False(status.RaisesMemory);
        Assert.True(TopologyJson.ReadStatus(TopologyJson.Write(status with { RaisesMemory = true })).RaisesMemory);
    }

    [Fact]
    public void Lists_and_settings_may_be_left_out()
    {
        var document = TopologyJson.ReadTopology("""{"schema":1,"cache":"a/b","generation":1,"shards":1,"zones":["a"]}"""u8);

        Assert.Empty(document.Members);
        Assert.Empty(document.Nodes);
        Assert.Empty(document.Proxies);
        Assert.Empty(document.Copies);
        Assert.Empty(document.Purges);
        Assert.Null(document.Resharding);
        Assert.Equal(1, document.MemberShards());
        Assert.Equal(WriteAck.Majority, document.Replication.WriteAck);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"cache\":")]
    [InlineData("{\"cache\":\"default/sessions\"}")]
    [InlineData("{\"cache\":null,\"generation\":1,\"zones\":[\"a\"]}")]
    public void What_is_not_a_document_is_refused(string json) =>
        Assert.Throws<TopologyException>(() => TopologyJson.ReadTopology(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_status_survives_the_round_trip()
    {
        var status = new ProxyStatus
        {
            Name = "p-1", Version = "1", Generation = 7, Ready = true, StartedAt = DateTimeOffset.UnixEpoch,
            Members = [new MemberStatus { Uid = "m-a", Reachable = true, ServesReads = true, Epoch = 1, MissedWrites = 3 }],
            Copies = [new CopyStatus { Id = "c", Phase = CopyPhase.Failed, StartedAt = DateTimeOffset.UnixEpoch, Error = "source gone" }],
        };

        var read = TopologyJson.ReadStatus(TopologyJson.Write(status));

        Assert.Equal(status.Members, read.Members);
        Assert.Equal(status.Copies, read.Copies);
    }

    [Fact]
    public void Content_is_compared_without_the_generation()
    {
        var document = Sample.Document();

        Assert.True(TopologyJson.SameContent(document, document with { Generation = 99 }));
        Assert.False(TopologyJson.SameContent(document, document with { Members = [] }));
    }
}
