using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Functions.Handlers;

/// <summary>After a query the process is as small as before: an instance is paid for, and shared, by what it holds.</summary>
internal static class FreedMemory
{
    private const long WorthTheTime = 64L << 20;

    public static void GiveBack()
    {
        // What was freed, managed or not, stays with the process until it is asked for.
        if (GC.GetTotalMemory(forceFullCollection: false) > WorthTheTime)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which keeps less.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint padding);
}
