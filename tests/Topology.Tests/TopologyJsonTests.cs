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
