using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>An answer that is known already and waits for its turn.</summary>
internal sealed class AnswerOperation(Worker worker) : Operation(worker)
{
    private ReadOnlyMemory<byte> _answer;

    public void Prepare(ClientConnection client, ReadOnlySpan<byte> answer)
    {
        Prepare(client, key: default, hash: 0, replicas: null!, weight: 0);
        _answer = Composer.Copy(answer);
    }

    protected override void Start() => Finish(_answer);

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
    }

    protected override void OnFailure(int replica, int tag)
    {
    }

    protected override void Recycle() => Worker.Pools.Answers.Return(this);
}
