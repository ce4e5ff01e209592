using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// Gives a finished file its name if nobody has it. On Unix <see cref="File.Move(string, string)"/> looks whether the
/// target exists and then renames, and a rename replaces: two processes could both believe they wrote the same commit.
/// link(2) fails when the name is taken, in one step.
/// </summary>
internal static class AtomicRename
{
    private const int FileExists = 17; // EEXIST, the same number on Linux, macOS and the BSDs

    /// <summary>True when <paramref name="target"/> is now the content of <paramref name="source"/>; the source may stay behind.</summary>
    public static bool WithoutOverwrite(string source, string target)
    {
        if (OperatingSystem.IsWindows())
            return MoveOnWindows(source, target);

        if (Link(source, target) == 0)
            return true;

        var error = Marshal.GetLastPInvokeError();
        if (error == FileExists)
            return false;

        throw new IOException($"Could not commit '{target}': {new Win32Exception(error).Message}. A lake needs a file system with hard links (link(2)).");
    }

    private static bool MoveOnWindows(string source, string target)
    {
        try
        {
            File.Move(source, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string source, [MarshalAs(UnmanagedType.LPUTF8Str)] string target);
}
