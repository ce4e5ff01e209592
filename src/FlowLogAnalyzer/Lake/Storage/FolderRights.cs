using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Lake.Storage;

/// <summary>
/// Who may look into what a lake writes: flow logs say who talks to whom, so the user alone. A folder that was there before and is open to its
/// group (<c>chgrp clickhouse lake; chmod g+rxs lake</c>) is shared with the group on purpose; with others it never is.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FolderRights(UnixFileMode Folder, UnixFileMode File)
{
    private const UnixFileMode OfUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    public static FolderRights Private { get; } = new(OfUser, OfUser & ~UnixFileMode.UserExecute);

    /// <summary>Those that fit a lake's own folder, which need not be there yet.</summary>
    public static FolderRights Of(string root)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(root))
            return Private;
        var group = System.IO.File.GetUnixFileMode(root) & OfGroup;
        return new FolderRights(OfUser | group, Private.File | (group & ~UnixFileMode.GroupExecute));
    }

    /// <summary>Makes a folder, and keeps everybody else out of one that is there.</summary>
    public static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OfUser);
        if ((System.IO.File.GetUnixFileMode(folder) & ~OfUser) != UnixFileMode.None)
            System.IO.File.SetUnixFileMode(folder, OfUser);
    }
}
