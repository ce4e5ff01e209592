using FlowLogAnalyzer.Blobs.Remote;

namespace FlowLogAnalyzer.Ingest;

/// <summary>An error that nobody foresaw while one blob was worked on: the blob's failure, said loudly, and never the end of the others.</summary>
internal static class BlobFault
{
    /// <summary>False for what concerns every blob: a stop, a lake or storage that is away, a missing right, no memory.</summary>
    public static bool IsOfOneBlob(Exception e) =>
        e is not (OperationCanceledException or IOException or UnauthorizedAccessException or StorageDeniedException or OutOfMemoryException);

    public static string Message(string path, Exception e) => e is ConservationException
        ? $"Nothing of '{path}' is used in this run. {e.Message}"
        : $"Nothing of '{path}' is used in this run, because reading it failed in a way that flowlog did not expect ({e.GetType().Name}: {e.Message}). "
          + "This is a bug; please report it, if you can with the blob.";
}
