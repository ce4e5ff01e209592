using System.CommandLine;
using System.Globalization;
using FlowLogAnalyzer.Cli.Hosting;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary>A source without a flow log: nothing was looked at, which must not look like success.</summary>
internal static class AllowEmpty
{
    private const int Shown = 3;

    public static readonly Option<bool> Option = new("--allow-empty") { Description = "Ends with 0 instead of 5 when there is no flow log to read." };

    /// <summary>Says what was found instead of flow logs; the code is 5, or 0 when that is allowed.</summary>
    /// <param name="call">The run.</param>
    /// <param name="sources">As the user named them.</param>
    /// <param name="seen">Files or blobs that were looked at.</param>
    /// <param name="found">What they are, whole sentences.</param>
    public static int Tell(Invocation call, IReadOnlyList<string> sources, long seen, IReadOnlyList<string> found)
    {
        var where = string.Join(", ", sources.Take(Shown)) + (sources.Count > Shown ? $" and {sources.Count - Shown} more" : "");
        var what = seen == 0
            ? $"No flow log was read: nothing is in {where}"
            : string.Create(CultureInfo.InvariantCulture, $"No flow log was read: none of the {seen:n0} {(seen == 1 ? "file" : "files")} in {where} is one");
        call.Note($"{what}{(found.Count == 0 ? "." : $": {string.Join(' ', found.Take(Shown))}{(found.Count > Shown ? $" And {found.Count - Shown} more." : "")}")} "
            + "Flow logs are blobs named PT1H.json, in insights-logs-flowlogflowevent (VNet) and insights-logs-networksecuritygroupflowevent (NSG).");
        return call.Get(Option) ? ExitCode.Fine : ExitCode.NothingLookedAt;
    }
}
