using Azure.Storage.Blobs;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>A place in Azure Blob Storage: <c>https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX]</c>, or the same at an emulator.</summary>
public sealed record StorageLocation
{
    private StorageLocation(Uri account, string container, string prefix, string? sas)
    {
        Account = account;
        Container = container;
        Prefix = prefix;
        Sas = sas;
    }

    /// <summary>The account's blob endpoint.</summary>
    public Uri Account { get; }

    public string Container { get; }

    /// <summary>What blob names start with; empty = all of the container.</summary>
    public string Prefix { get; }

    /// <summary>The query of the address when it carries a shared access signature; never part of a message.</summary>
    internal string? Sas { get; }

    /// <summary>The container's address, readable, without a slash at its end.</summary>
    public string ContainerAddress => $"{Account.ToString().TrimEnd('/')}/{Container}";

    public override string ToString() => Prefix.Length == 0 ? ContainerAddress : $"{ContainerAddress}/{Prefix}";

    /// <summary>True when the text is an address and not a path.</summary>
    public static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The text without what follows the question mark of an address: a shared access signature is a secret.</summary>
    public static string WithoutSignature(string text) => IsAddress(text) ? text.Split('?')[0] : text;

    /// <exception cref="FormatException">It is not the address of a container or of something in it; the message says what is expected.</exception>
    public static StorageLocation Parse(string text)
    {
        if (!IsAddress(text) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new FormatException($"'{WithoutSignature(text)}' is not an address of Azure Blob Storage. Expected is https://ACCOUNT.blob.core.windows.net/CONTAINER or .../CONTAINER/PREFIX.");

        var parts = new BlobUriBuilder(uri);
        if (string.IsNullOrEmpty(parts.BlobContainerName))
            throw new FormatException($"'{WithoutSignature(text)}' names no container. Flow logs are in insights-logs-flowlogflowevent (VNet) and insights-logs-networksecuritygroupflowevent (NSG); append one of them.");

        var account = new BlobUriBuilder(uri) { BlobContainerName = "", BlobName = "", Query = "", Sas = null }.ToUri();
        var sas = uri.Query.Contains("sig=", StringComparison.Ordinal) ? uri.Query.TrimStart('?') : null;
        var prefix = parts.BlobName ?? "";
        if (prefix.Length > 0 && !prefix.EndsWith('/') && uri.AbsolutePath.EndsWith('/'))
            prefix += "/"; // a folder is not the start of its neighbours' names
        return new StorageLocation(account, parts.BlobContainerName, prefix, sas);
    }
}
