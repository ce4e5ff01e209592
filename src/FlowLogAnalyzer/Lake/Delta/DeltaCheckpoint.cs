namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Classic single-file checkpoints: the state of the table at one version, so that loading need not read the whole log.</summary>
internal static class DeltaCheckpoint
{
    /// <exception cref="FileNotFoundException">There is no checkpoint of that version.</exception>
    public static async ValueTask<DeltaSnapshot> ReadAsync(DeltaLog log, long version, CancellationToken ct)
    {
        var path = log.Folder + DeltaNames.Checkpoint(version);
        await using var stream = await log.Store.OpenReadAsync(path, ct);
        try
        {
            return await CheckpointReader.ReadAsync(stream, version, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Parquet.Net (6.1.0) ends in exceptions of any kind on bytes that make no sense.
            throw new InvalidDataException($"'{log.Store.Location}/{path}' is not a readable checkpoint: {e.Message}", e);
        }
    }
}
