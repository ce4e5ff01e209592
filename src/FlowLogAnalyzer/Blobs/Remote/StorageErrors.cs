using System.Xml;
using Azure;
using Azure.Identity;

namespace FlowLogAnalyzer.Blobs.Remote;

/// <summary>Storage does not let this identity in. Trying again does not help: somebody has to grant a right.</summary>
public sealed class StorageDeniedException(string message, Exception cause) : Exception(message, cause);

/// <summary>What the Azure SDK throws, as the exceptions that the rest of this library knows.</summary>
internal static class StorageErrors
{
    public const string ReadRight = "Storage Blob Data Reader";
    public const string QueueRight = "Storage Queue Data Contributor";
    public const string WriteRight = "Storage Blob Data Contributor";

    /// <summary>True for what storage, the network or the identity may answer with; not for bugs and not for a cancellation.</summary>
    public static bool IsOfStorage(Exception e, CancellationToken ct) => e switch
    {
        RequestFailedException or AuthenticationFailedException or HttpRequestException => true,
        IOException => e is not (BlobChangedException or BlobGoneException or FileNotFoundException),
        XmlException => true, // a listing that was cut off
        AggregateException all => all.InnerExceptions.All(inner => IsOfStorage(inner, ct)),
        OperationCanceledException => !ct.IsCancellationRequested, // an attempt that was silent for too long
        _ => false,
    };

    /// <summary>The exception to throw instead.</summary>
    /// <param name="e">What the SDK threw.</param>
    /// <param name="address">What was asked for, readable.</param>
    /// <param name="right">The role that is needed for it.</param>
    public static Exception Translate(Exception e, string address, string right) => e switch
    {
        RequestFailedException { Status: 401 or 403 } denied => new StorageDeniedException(Denied(denied, address, right), denied),
        AuthenticationFailedException nobody => new StorageDeniedException($"Nobody is signed in who could open '{address}': {FirstLine(nobody)} Run `az login`, or run this with a managed identity that has the role {right}.", nobody),
        RequestFailedException failed => new IOException($"'{address}': storage answered {failed.Status} {failed.ErrorCode}: {FirstLine(failed)}", failed),
        AggregateException all => Translate(all.InnerExceptions[^1], address, right),
        OperationCanceledException late => new IOException($"'{address}': storage did not answer in time.", late),
        _ => new IOException($"'{address}': {FirstLine(e)}", e),
    };

    private static string Denied(RequestFailedException e, string address, string right)
    {
        var head = $"Storage does not let this identity open '{address}' ({e.Status} {e.ErrorCode}).";
        return e.ErrorCode switch
        {
            "AuthorizationFailure" => $"{head} Either the storage account's network rules keep this machine out (see `az storage account show --query networkRuleSet`), or a right is missing: the role {right}.",
            "KeyBasedAuthenticationNotPermitted" => $"{head} The account takes no keys: leave the connection string away, sign in with `az login`, and have the role {right}.",
            "AuthenticationFailed" or "InvalidAuthenticationInfo" => $"{head} The key, signature or token is not valid (any more). With a token, the role {right} is needed.",
            _ => $"{head} The missing right is the role {right}, on the storage account or the container (Owner or Contributor do not include it): az role assignment create --role \"{right}\" --assignee OBJECT-ID --scope RESOURCE-ID. It takes some minutes to take effect.",
        };
    }

    private static string FirstLine(Exception e)
    {
        var line = e.Message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end]).TrimEnd('.').ToString() + ".";
    }
}
