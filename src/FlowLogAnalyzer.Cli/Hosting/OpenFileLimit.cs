using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Cli.Hosting;

/// <summary>
/// With too few file handles the runtime cannot load its own assemblies, and ends with whatever it stumbles over first. So this is
/// looked at before anything else, and said without the help of anything that would have to be loaded.
/// </summary>
internal static class OpenFileLimit
{
    /// <summary>A check over a lake in several files takes about a hundred at a time.</summary>
    private const int Least = 160;

    /// <summary>True, after a sentence on standard error, when this process may open too few files.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsTooLow()
    {
        if (OperatingSystem.IsWindows() || GetLimit(OperatingSystem.IsMacOS() ? 8 : 7, out var limit) != 0 || limit.Now >= Least)
            return false;

        Say("flowlog: this process may have only "u8.ToArray());
        Say(Digits((int)limit.Now));
        Say(" files open at a time (ulimit -n), and 160 are needed. Raise the limit, for example with: ulimit -n 1024\n"u8.ToArray());
        return true;
    }

    private static byte[] Digits(int number)
    {
        var count = number < 10 ? 1 : number < 100 ? 2 : 3;
        var digits = new byte[count];
        for (; count > 0; count--, number /= 10)
            digits[count - 1] = (byte)('0' + (number % 10));
        return digits;
    }

    private static void Say(byte[] text) => _ = Write(2, text, text.Length);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Now;
        public nuint Most;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int file, byte[] bytes, nint count);
}
