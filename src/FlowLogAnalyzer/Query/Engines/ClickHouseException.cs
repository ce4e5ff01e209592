using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>What a ClickHouse server did not do, and why, as a sentence.</summary>
public sealed partial class ClickHouseException : DbException
{
    /// <param name="message">A sentence.</param>
    /// <param name="code">ClickHouse's number of the error; 0 when it did not come from there.</param>
    /// <param name="inner">What happened underneath.</param>
    public ClickHouseException(string message, int code = 0, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Such as 60 for a table that is not there (ClickHouse, src/Common/ErrorCodes.cpp).</summary>
    public int Code { get; }

    /// <summary>From what the server wrote instead of, or behind, the rows.</summary>
    /// <param name="server">Its address.</param>
    /// <param name="what">What it was asked for: <c>queries/views/010_tuples.sql</c>.</param>
    /// <param name="answer">Its text.</param>
    internal static ClickHouseException Of(object server, string what, string answer)
    {
        var match = Form().Match(answer);
        return match.Success
            ? new ClickHouseException($"ClickHouse at {server} could not answer {what}: {match.Groups["message"].Value.Trim().TrimEnd('.')} (code {match.Groups["code"].Value}).", int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture))
            : new ClickHouseException($"The server at {server} could not answer {what}: {Short(answer)}. Is it ClickHouse's HTTP interface?");
    }

    private static string Short(string answer) => answer.Length == 0 ? "it said nothing" : answer.Trim()[..Math.Min(answer.Trim().Length, 300)];

    [GeneratedRegex(@"Code: (?<code>\d+)\. (DB::Exception: )?(?<message>.*?)(\(version [^)]*\)|\r?\n__exception__|\z)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
