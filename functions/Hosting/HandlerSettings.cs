using System.Globalization;
using System.Text.Json;
using FlowLogAnalyzer.Blobs.Remote;
using FlowLogAnalyzer.Functions.Handlers;
using FlowLogAnalyzer.Reports;
using FlowLogAnalyzer.Reports.Delivery;

namespace FlowLogAnalyzer.Functions.Hosting;

/// <summary>The app settings, read once at the start; what is wrong with them is said before a port is open.</summary>
internal sealed record HandlerSettings
{
    public const string PortVariable = "FUNCTIONS_CUSTOMHANDLER_PORT";

    /// <summary>Time between our deadline and the host's, after which it kills this process with everything that runs in it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    /// <summary>Null when no host started this process.</summary>
    public int? HostPort { get; init; }
    public required string Lake { get; init; }
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>An invocation that is not done by then gives up: functionTimeout of host.json less 60 s, at least half of it.</summary>
    public required TimeSpan Deadline { get; init; }
    public StorageAccess Access { get; init; } = new();

    /// <summary>How far back a sweep looks; 0 = everything.</summary>
    public double SweepHours { get; init; } = 3;
    public double CheckHours { get; init; } = 24;

    /// <summary>Whether CheckToEventHub sends the refused flows too.</summary>
    public bool DeniedFlows { get; init; }

    /// <summary>Whether a check or a report that looked at nothing counts as done.</summary>
    public bool AllowEmpty { get; init; }
    public ReportSchedule ReportSchedule { get; init; } = new(TimeZoneInfo.Utc, 6);

    /// <summary>A query that takes longer is stopped: others wait behind it.</summary>
    public TimeSpan QueryTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the weekly report's summary is sent; null sends none.</summary>
    public WebhookAddress? Webhook { get; init; }

    /// <summary>Where a report can be read; {week} in it stands for the week.</summary>
    public string? ReportLink { get; init; }
    public int MemoryMegabytes { get; init; } = 1024;

    /// <exception cref="InvalidDataException">A setting is missing or cannot be read; the message names it.</exception>
    public static HandlerSettings Read(Func<string, string?> variable, string hostJson)
    {
        string Required(string name, string meaning) => variable(name) is { Length: > 0 } value ? value : throw new InvalidDataException($"The app setting {name} is missing: {meaning}.");
        double Number(string name, double usual) => variable(name) is not { Length: > 0 } text
            ? usual
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException($"The app setting {name} is '{text}'; expected is a number of 0 or more.");

        return new HandlerSettings
        {
            HostPort = variable(PortVariable) is { Length: > 0 } port
                ? int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException($"{PortVariable} is '{port}'; expected is a port.")
                : null,
            Lake = Required("FLOWLOG_LAKE", "where the lake is, such as https://ACCOUNT.blob.core.windows.net/flowlog/lake"),
            Sources = Required("FLOWLOG_SOURCES", "the containers of the flow logs, separated by commas").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Deadline = FunctionTimeout(hostJson) is var timeout && timeout > 2 * Margin ? timeout - Margin : timeout / 2,
            Access = new StorageAccess { ConnectionString = variable(StorageAccess.ConnectionStringVariable) is { Length: > 0 } connection ? connection : null },
            SweepHours = Number("FLOWLOG_SWEEP_HOURS", 3),
            CheckHours = Number("FLOWLOG_CHECK_HOURS", 24),
            DeniedFlows = variable("FLOWLOG_DENIED_FLOWS") is "true" or "True" or "1",
            AllowEmpty = variable("FLOWLOG_ALLOW_EMPTY") is "true" or "True" or "1",
            ReportSchedule = new ReportSchedule(Zone(variable("FLOWLOG_TIME_ZONE")), (int)Math.Min(23, Number("FLOWLOG_REPORT_HOUR", 6))),
            QueryTime = TimeSpan.FromSeconds(Math.Max(0.1, Number("FLOWLOG_QUERY_SECONDS", 60))),
            Webhook = variable("FLOWLOG_WEBHOOK") is { Length: > 0 } webhook ? Address(webhook) : null,
            ReportLink = variable("FLOWLOG_REPORT_LINK") is { Length: > 0 } link
                ? ReportSummary.TryLink(link, default, out _) ? link : throw new InvalidDataException($"The app setting FLOWLOG_REPORT_LINK is '{link}'; expected is an address such as https://example.com/{{week}}.html.")
                : null,
            MemoryMegabytes = (int)Math.Max(64, Number("FLOWLOG_MEMORY_MB", 1024)),
        };
    }

    private static TimeZoneInfo Zone(string? id) =>
        string.IsNullOrEmpty(id) ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
        : throw new InvalidDataException($"The app setting FLOWLOG_TIME_ZONE is '{id}', which is no time zone here; expected is a name such as Europe/Berlin.");

    private static WebhookAddress Address(string text)
    {
        try
        {
            return WebhookAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"The app setting FLOWLOG_WEBHOOK cannot be used. {e.Message}", e);
        }
    }

    private static TimeSpan FunctionTimeout(string hostJson)
    {
        using var document = JsonDocument.Parse(hostJson, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.TryGetProperty("functionTimeout", out var value)
            && TimeSpan.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
                ? timeout
                : throw new InvalidDataException("host.json has no functionTimeout such as \"00:10:00\"; deadlines are taken from it.");
    }

    /// <summary>host.json as it was shipped: above bin/ in the app, beside the program in a build.</summary>
    public static string FindHostJson()
    {
        string[] places = [Path.Combine(AppContext.BaseDirectory, "..", "host.json"), Path.Combine(AppContext.BaseDirectory, "host.json")];
        var found = places.FirstOrDefault(File.Exists) ?? throw new InvalidDataException($"host.json lies neither in {Path.GetFullPath(places[0])} nor in {places[1]}.");
        return File.ReadAllText(found);
    }
}
