# The proxy's image, for those who have Docker:
#   docker build -f images/proxy.Dockerfile -t ghcr.io/cacheoperator/cache-proxy:0.1.0 .
# The project's own tests do not use it: they build their images without Docker (tests/LocalCluster).
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY topology/ topology/
COPY proxy/ proxy/
RUN dotnet publish proxy/CacheOperator.Proxy.csproj -c Release -o /app

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app/cache-proxy .
USER 65532:65532
EXPOSE 11211 11280 11281
ENTRYPOINT ["/app/cache-proxy"]
