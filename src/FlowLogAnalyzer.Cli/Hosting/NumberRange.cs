using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace FlowLogAnalyzer.Cli.Hosting;

internal static class NumberRange
{
    /// <summary>Refuses every other number with a sentence that says what was expected.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">That it may be.</param>
    /// <param name="most">That it may be.</param>
    /// <param name="what">What it is: "a number of seconds".</param>
    /// <param name="example">Behind the sentence: ", such as 5".</param>
    public static Option<T> AcceptOnlyFrom<T>(this Option<T> option, T least, T most, string what = "a number", string example = "")
        where T : struct, INumber<T>
    {
        Restrict(option, least, most, (what, example));
        return option;
    }

    /// <summary>The same for an option that is null when it is not given.</summary>
    public static Option<T?> AcceptOnlyFrom<T>(this Option<T?> option, T least, T most, string what = "a number")
        where T : struct, INumber<T>
    {
        Restrict(option, least, most, (what, ""));
        return option;
    }

    private static void Restrict<T>(Option option, T least, T most, (string What, string Example) words)
        where T : struct, INumber<T> => option.Validators.Add(result =>
    {
        // The text, since asking for the value of what is no number is an exception. Not-a-number is outside too.
        if (result.Tokens.Count > 0 && !(T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most))
            result.AddError($"{option.Name} is {words.What} from {least} to {most}{words.Example}.");
    });
}
