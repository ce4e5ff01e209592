using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Cli;

/// <summary>Without a key: an emulator behind TLS that takes tokens, and a stand-in for the Azure CLI that gives one out.</summary>
public sealed class TokenAccessTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Process _emulator = null!;
    private BlobServiceClient _service = null!;

    private (string, string?)[] Variables =>
    [
        ("SSL_CERT_FILE", _folder["cert.pem"]), ("PATH", $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"), ("FLOWLOG_CACHE", _folder["cache"]),
        ("AZURE_STORAGE_CONNECTION_STRING", null), ("AZURE_CLIENT_ID", null), ("IDENTITY_ENDPOINT", null), ("MSI_ENDPOINT", null), ("AZURE_FEDERATED_TOKEN_FILE", null),
    ];

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("SSL_CERT_FILE makes a certificate trusted where TLS is OpenSSL's.");
        var thumbprint = WriteCertificate();
        (_emulator, var endpoint) = await Azurite.LaunchAsync("--oauth", "basic", "--cert", _folder["cert.pem"], "--key", _folder["key.pem"]);
#pragma warning disable MA0039 // Only the one certificate that this test has just made is let in.
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == thumbprint };
#pragma warning restore MA0039
        _service = new BlobServiceClient(Azurite.ConnectionString(endpoint), new BlobClientOptions { Transport = new HttpClientTransport(handler) });
    }

    public async ValueTask DisposeAsync()
    {
        _emulator?.Kill();
        if (_emulator is not null)
            await _emulator.WaitForExitAsync();
        _emulator?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_Azure_CLI_opens_the_logs_and_the_lake()
    {
        var (logs, lake) = (await _service.CreateBlobContainerAsync("logs"), await _service.CreateBlobContainerAsync("lake"));
        await new PlatformWriter(logs.Value).CommitAsync(RemoteLogs.Name(1), [.. LogBlobs.Records(1, 3, 10)]);
        WriteAzureCli(TimeProvider.System.GetUtcNow().AddHours(1));

        var ingest = await CliRun.Of(["ingest", logs.Value.Uri.ToString(), "--lake", lake.Value.Uri.ToString(), "--output", "json"], null, Variables);
        var query = await CliRun.Of(["query", "--sql", "select count(*) as n from tuples", "--lake", lake.Value.Uri.ToString(), "--output", "json"], null, Variables);

        Assert.True(ingest.ExitCode == 0, ingest.Error);
        Assert.Equal(30, ingest.Json.GetProperty("rows").GetInt32());
        Assert.True(query.ExitCode == 0, query.Error);
        Assert.Equal(30, query.Json[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Who_is_not_let_in_is_told_the_role_that_is_missing()
    {
        var logs = await _service.CreateBlobContainerAsync("logs");
        WriteAzureCli(TimeProvider.System.GetUtcNow().AddHours(1), "https://vault.azure.net");

        var run = await CliRun.Of(["ingest", logs.Value.Uri.ToString(), "--lake", _folder["lake"]], null, Variables);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Storage Blob Data Reader", run.Error, StringComparison.Ordinal);
    }

    private string WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=flowlog test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(_folder["cert.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    /// <summary>Answers like <c>az account get-access-token</c>; the emulator looks at audience, issuer and times of a token, not at its signature.</summary>
    private void WriteAzureCli(DateTimeOffset expires, string audience = "https://storage.azure.com")
    {
        var from = expires.AddHours(-2).ToUnixTimeSeconds();
        var claims = JsonSerializer.Serialize(new { aud = audience, iss = "https://sts.windows.net/test/", iat = from, nbf = from, exp = expires.ToUnixTimeSeconds() });
        var token = $"{Part("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{Part(claims)}.eA";
        var answer = JsonSerializer.Serialize(new { accessToken = token, expiresOn = $"{expires.LocalDateTime:yyyy-MM-dd HH:mm:ss.ffffff}", expires_on = expires.ToUnixTimeSeconds(), subscription = "s", tenant = "t", tokenType = "Bearer" });
        Directory.CreateDirectory(_folder["bin"]);
        var az = Path.Combine(_folder["bin"], "az");
        File.WriteAllText(az, $"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n");
        File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
