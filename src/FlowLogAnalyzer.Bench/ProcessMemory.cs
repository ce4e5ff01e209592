using System.Diagnostics;
using System.Globalization;

namespace FlowLogAnalyzer.Bench;

/// <summary>The resident memory of this process.</summary>
public static class ProcessMemory
{
    /// <summary>The largest so far, or since <see cref="ResetPeak"/> where that works: VmHWM of proc(5), the runtime's own figure elsewhere.</summary>
    public static long Peak()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }

        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Forgets the peak so far (proc(5), clear_refs); nothing happens where the system does not allow it.</summary>
    public static void ResetPeak()
    {
        try
        {
            if (OperatingSystem.IsLinux())
                File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The peak is then that of the process's whole life, which is never too small.
        }
    }
}
