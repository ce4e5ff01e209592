namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>Folders for what a run forgets at its end.</summary>
public static class ScratchFolder
{
    /// <summary>A new folder that only this user can read.</summary>
    /// <exception cref="IOException">There is no place for it; the message names the place and says what decides it.</exception>
    public static string Make(string prefix)
    {
        try
        {
            return Directory.CreateTempSubdirectory(prefix).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var place = Path.GetTempPath();
            var why = Directory.Exists(place) ? $"nothing can be written there: {e.Message}" : "there is no such folder.";
            throw new IOException($"A folder for temporary files is needed in '{place}', but {why} Make it, or set {(OperatingSystem.IsWindows() ? "TEMP" : "TMPDIR")} to a folder that exists.", e);
        }
    }
}
