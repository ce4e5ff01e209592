using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// What a lake in a folder asks of the disk. A name is as good as its folder: a file whose bytes were flushed is gone after a power cut
/// when the folder that names it was not (fsync(2): "an explicit fsync() on a file descriptor for the directory is also needed").
/// Tests put a disk in its place that forgets what was not flushed.
/// </summary>
internal class FolderDisk
{
    private const int NoPermission = 13; // EACCES
    private const int NotPossible = 22; // EINVAL: a file system without it, such as one over a network
    private const int NotSupportedOnLinux = 95;
    private const int NotSupportedOnMac = 45;

    public virtual void CreateFolder(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, mode);
    }

    public virtual FileStream CreateNew(string path, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return new FileStream(path, options);
    }

    public virtual void Flush(FileStream file) => file.Flush(flushToDisk: true);

    /// <summary>Gives a finished file its name if nobody has it.</summary>
    public virtual bool Link(string source, string target) => AtomicRename.WithoutOverwrite(source, target);

    public virtual void Move(string source, string target, bool overwrite) => File.Move(source, target, overwrite);

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes the names in a folder last. Where the file system cannot, or the folder is not ours to open, it is left to the system.</summary>
    public virtual void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS writes names in order by its journal; there is no call for it

        var file = Open(path, 0);
        if (file < 0 && Marshal.GetLastPInvokeError() == NoPermission)
            return;
        var error = file < 0 || Sync(file) != 0 ? Marshal.GetLastPInvokeError() : 0;
        if (file >= 0)
            _ = Close(file);
        if (error is not (0 or NotPossible or NotSupportedOnLinux or NotSupportedOnMac))
            throw new IOException($"The folder '{path}' could not be written to disk: {new Win32Exception(error).Message}.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}
