namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Text as one word of a POSIX shell, for commands that are printed to be pasted.</summary>
internal static class ShellText
{
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or ',' or '=')
            ? text
            : $"\"{string.Concat(text.Select(c => c is '"' or '$' or '`' or '\\' ? $"\\{c}" : c.ToString()))}\"";
}
