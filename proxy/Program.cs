using CacheOperator.Proxy;
using CacheOperator.Proxy.Configuration;

return await ProxyProgram.RunAsync(args, Safeguards.All);
