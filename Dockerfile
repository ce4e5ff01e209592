# The command-line tool as an image, for Kubernetes (deploy/kubernetes) and Container Apps (docs/how-to/run-in-kubernetes.md):
#   docker build -t flowlog .
# For a build that can be repeated give both by digest: --build-arg SDK=mcr.microsoft.com/dotnet/sdk@sha256:...
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/FlowLogAnalyzer.Cli -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -p:PackAsTool=false -o /app

# No shell and no package manager; libstdc++, which the query engine needs, is in it. It runs as a user without rights.
FROM ${RUNTIME}
COPY --from=build /app /app
ENV FLOWLOG_CACHE=/tmp/flowlog
WORKDIR /work
ENTRYPOINT ["/app/flowlog"]
