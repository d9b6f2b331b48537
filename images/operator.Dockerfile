# The operator's image, for those who have Docker:
#   docker build -f images/operator.Dockerfile -t ghcr.io/cacheoperator/cache-operator:0.1.0 .
# The project's own tests do not use it: they build their images without Docker (tests/LocalCluster).
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY topology/ topology/
COPY operator/ operator/
RUN dotnet publish operator/CacheOperator.Operator.csproj -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/app/cache-operator"]
