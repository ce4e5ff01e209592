using System.Globalization;
using System.Text;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>A blob as it was at one time: which generation of its content, and how much of it.</summary>
/// <param name="Generation">Goes up when the blob is written anew from its beginning.</param>
/// <param name="Records">Whole ones.</param>
/// <param name="Cut">Bytes missing at its end, since somebody is in the middle of writing it.</param>
/// <param name="Write">Number of the write, for the ETag.</param>
/// <param name="At">When it was written.</param>
internal sealed record BlobState(int Generation, int Records, int Cut, int Write, DateTimeOffset At);

/// <summary>
/// Tuples that are known by a number, in blobs that grow: what a lake may and must have is computed, not remembered. A tuple's number is in
/// its bytes sent.
/// </summary>
internal sealed class SimulatedLogs
{
    public const int Blobs = 6;
    public const int Dates = 3;
    private readonly Dictionary<(int, int, int), byte[]> _contents = [];
    private readonly string[] _paths = [.. Enumerable.Range(0, Blobs).Select(b => LogBlobs.Path(b, Hour(b)))];

    public static DateTime Hour(int blob) => new(2026, 11, 18 + (blob % Dates), 9, 0, 0, DateTimeKind.Utc);

    public static DateOnly Date(int blob) => DateOnly.FromDateTime(Hour(blob));

    /// <summary>Tuples of a record: 1 to 3.</summary>
    public static int Tuples(int blob, int generation, int record) => 1 + (((blob * 7) + (generation * 5) + (record * 3)) % 3);

    public static long Number(int blob, int generation, int record, int tuple) => 1 + ((((((long)blob * 64) + generation) * 64) + record) * 8) + tuple;

    public static (int Blob, int Generation, int Record, int Tuple) Of(long number) =>
        ((int)((number - 1) / 8 / 64 / 64), (int)((number - 1) / 8 / 64 % 64), (int)((number - 1) / 8 % 64), (int)((number - 1) % 8));

    /// <summary>All numbers of the first <paramref name="records"/> records.</summary>
    public static IEnumerable<long> Numbers(int blob, int generation, int records) =>
        Enumerable.Range(0, records).SelectMany(r => Enumerable.Range(0, Tuples(blob, generation, r)).Select(t => Number(blob, generation, r, t)));

    public static long TimeMs(int blob, int record, int tuple) => Batches.Ms(Hour(blob).AddMinutes(record).AddSeconds(tuple));

    public string Path(int blob) => _paths[blob];

    /// <summary>What the lake calls the blob.</summary>
    public string Key(int blob) => FlowLogPath.Parse(_paths[blob]).Key;

    public byte[] Content(int blob, BlobState state)
    {
        if (!_contents.TryGetValue((blob, state.Generation, state.Records), out var whole))
        {
            whole = Encoding.UTF8.GetBytes(LogBlobs.Whole(Enumerable.Range(0, state.Records).Select(r => Record(blob, state.Generation, r))));
            _contents.Add((blob, state.Generation, state.Records), whole);
        }

        return state.Cut == 0 ? whole : whole[..^state.Cut];
    }

    private static string Record(int blob, int generation, int record)
    {
        var tuples = Enumerable.Range(0, Tuples(blob, generation, record)).Select(t => string.Create(
            CultureInfo.InvariantCulture,
            $"\"{TimeMs(blob, record, t) / 1000},10.0.{blob}.{record},10.1.{generation}.{t},{1000 + record},443,T,I,A,E,1,{Number(blob, generation, record, t)},1,1\""));
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            {"time":"{{{Hour(blob).AddMinutes(record + 1):yyyy-MM-dd'T'HH:mm:ss'Z'}}}","macAddress":"0022480000{{{blob:X2}}}","category":"NetworkSecurityGroupFlowEvent","resourceId":"/NSG","properties":{"Version":2,"flows":[{"rule":"R","flows":[{"mac":"0022480000{{{blob:X2}}}","flowTuples":[{{{string.Join(',', tuples)}}}]}]}]}}
            """);
    }
}
