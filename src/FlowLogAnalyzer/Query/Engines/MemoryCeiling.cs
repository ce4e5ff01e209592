using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Holds this process to what it has now and an allowance more. DuckDB counts its pages and hash tables against its limit,
/// but not the texts and lists that functions make of a few bytes (repeat, list_transform): there nothing but an allocation
/// that fails stops it, and it takes that as an error of the query. On Linux alone; elsewhere this does nothing.
/// </summary>
internal sealed class MemoryCeiling : IDisposable
{
    /// <summary>For what the engine and the runtime take beside the limit: stacks, pieces of files on their way.</summary>
    private const long BesideMegabytes = 256;
    private const int AddressSpace = 9; // RLIMIT_AS
    private static readonly Lock Door = new();
    private static int _held;
    private static Limits _before;
    private bool _isDisposed;

    private MemoryCeiling()
    {
    }

    public static MemoryCeiling? Hold(int megabytes)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        lock (Door)
        {
            if (_held == 0 && Read(0, AddressSpace, 0, out _before) != 0)
                return null;

            var allowed = Mapped() + ((ulong)(megabytes + BesideMegabytes) << 20);
            var limits = _before with { Soft = Math.Min(allowed, _before.Soft) };
            if (Write(0, AddressSpace, in limits, 0) != 0)
                return null;

            _held++;
            return new MemoryCeiling();
        }
    }

    public void Dispose()
    {
        lock (Door)
        {
            if (_isDisposed)
                return;

            _isDisposed = true;
            if (--_held == 0)
                _ = Write(0, AddressSpace, in _before, 0);
        }
    }

    /// <summary>Bytes of addresses that this process has; most of them are reserved and hold nothing.</summary>
    private static ulong Mapped() =>
        ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture) * (ulong)Environment.SystemPageSize;

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Read(int process, int resource, nint none, out Limits limits);

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Write(int process, int resource, in Limits limits, nint none);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limits(ulong Soft, ulong Hard);
}
