using System.Text;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Paragraphs for a terminal.</summary>
internal static class TextWrap
{
    /// <summary>Breaks at spaces; a word longer than the line stays whole. Lines after the first begin with <paramref name="indent"/> spaces.</summary>
    public static string Wrap(string text, int width, int indent)
    {
        var lines = new StringBuilder();
        var column = indent;
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + 1 + word.Length > width)
            {
                lines.Append('\n').Append(' ', indent);
                column = indent;
            }

            if (column > indent)
            {
                lines.Append(' ');
                column++;
            }

            lines.Append(word);
            column += word.Length;
        }

        return lines.ToString();
    }
}
