namespace CacheOperator.Operator.Tests.ApiServer;

/// <summary>
/// The real API server as one that serves autoscaling/v2: what is asked of that version is passed on to v2beta2, of which it is the renamed
/// successor. So storage, defaulting and ownership of fields are those of the real one.
/// </summary>
internal sealed class NewerApiServer : ApiServerFront
{
    private const string Newer = "autoscaling/v2";
    private const string Older = "autoscaling/v2beta2";

    private NewerApiServer(KubeApiServer real)
        : base(real)
    {
    }

    public static async Task<NewerApiServer> StartAsync(KubeApiServer real)
    {
        var server = new NewerApiServer(real);
        await server.StartAsync();
        return server;
    }

    protected override (string PathAndQuery, string Body) OnRequest(string method, string path, string query, string body)
    {
        var isRenamed = path.StartsWith($"/apis/{Newer}", StringComparison.Ordinal);
        string Rename(string text) => isRenamed ? text.Replace(Newer, Older, StringComparison.Ordinal) : text;
        return (Rename(path + query), Rename(body));
    }

    protected override string OnAnswer(string path, string line) => line.Replace(Older, Newer, StringComparison.Ordinal);
}
