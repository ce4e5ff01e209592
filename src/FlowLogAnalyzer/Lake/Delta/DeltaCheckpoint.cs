namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>Classic checkpoints, of one file or several: the state of the table at one version, so that loading need not read the whole log.</summary>
internal static class DeltaCheckpoint
{
    /// <summary>The one of one file.</summary>
    public static ValueTask<DeltaSnapshot> ReadAsync(DeltaLog log, long version, CancellationToken ct) => ReadAsync(log, version, [log.Folder + DeltaNames.Checkpoint(version)], ct);

    /// <param name="log">Whose.</param>
    /// <param name="version">Of the table.</param>
    /// <param name="paths">All parts, below the lake's root.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="FileNotFoundException">A part is not there.</exception>
    /// <exception cref="InvalidDataException">A part cannot be read, which the message names.</exception>
    public static async ValueTask<DeltaSnapshot> ReadAsync(DeltaLog log, long version, IReadOnlyList<string> paths, CancellationToken ct)
    {
        var content = new CheckpointContent(log.Location);
        foreach (var path in paths)
        {
            await using var stream = await log.Store.OpenReadAsync(path, ct);
            try
            {
                await CheckpointReader.ReadAsync(stream, content, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Parquet.Net (6.1.0) ends in exceptions of any kind on bytes that make no sense.
                throw Unreadable(log, path, e);
            }
        }

        try
        {
            return content.ToSnapshot(version);
        }
        catch (InvalidDataException e)
        {
            throw Unreadable(log, paths[0], e);
        }
    }

    private static InvalidDataException Unreadable(DeltaLog log, string path, Exception e) =>
        new($"'{log.Store.Location}/{path}' is not a readable checkpoint: {e.Message.TrimEnd('.')}. {DeltaLogFiles.Mend}", e);
}
