using System.Runtime.CompilerServices;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Where the repository is, from the place of this source file.</summary>
internal static class RepositoryPaths
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
