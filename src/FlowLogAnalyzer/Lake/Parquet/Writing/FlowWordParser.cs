using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>The lake's words back to codes: the other way round than <see cref="FlowWords"/>, and made from it.</summary>
internal static class FlowWordParser
{
    private static readonly Dictionary<string, Direction> Directions = Words<Direction>(FlowWords.Word);
    private static readonly Dictionary<string, Decision> Decisions = Words<Decision>(FlowWords.Word);
    private static readonly Dictionary<string, FlowState> States = Words<FlowState>(FlowWords.Word);
    private static readonly Dictionary<string, LogFormat> Formats = Words<LogFormat>(FlowWords.Word);

    public static Direction Direction(string? word) => Code(Directions, word);

    public static Decision Decision(string? word) => Code(Decisions, word);

    public static FlowState State(string? word) => Code(States, word);

    public static LogFormat Format(string? word) => Code(Formats, word);

    private static T Code<T>(Dictionary<string, T> codes, string? word)
        where T : struct, Enum
        => word is null ? default
            : codes.TryGetValue(word, out var code) ? code
            : throw new InvalidDataException($"The lake holds '{word}' where one of {string.Join(", ", codes.Keys)} was expected.");

    private static Dictionary<string, T> Words<T>(Func<T, string?> word)
        where T : struct, Enum
        => Enum.GetValues<T>().Where(v => word(v) is not null).ToDictionary(v => word(v)!, StringComparer.Ordinal);
}
