using System.Text.RegularExpressions;

namespace FlowLogAnalyzer.Query.Engines;

/// <summary>
/// Lets a statement reach the tables and views of this run and nothing else of the server. It looks at the tree that
/// ClickHouse's own parser makes of the text as it will be sent, so no spelling gets by; what it does not know is refused.
/// </summary>
/// <param name="database">Of this run.</param>
/// <param name="refused">Functions that lead outside, in lower case: the server's table functions, what others defined, dictionaries.</param>
internal sealed partial class ClickHouseConfinement(string database, IReadOnlySet<string> refused)
{
    /// <summary>For the constructor: table functions, functions of other people, and kinds of functions that read something else.</summary>
    public const string RefusedFunctions =
        "select distinct lower(name) as name from system.table_functions union distinct " +
        "select distinct lower(name) from system.functions where origin <> 'System' or match(toString(categories), 'Dictionary|AI|Machine Learning|Introspection')";

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "SelectWithUnionQuery", "SelectIntersectExceptQuery", "SelectQuery", "Subquery", "ExpressionList", "WithElement",
        "TablesInSelectQuery", "TablesInSelectQueryElement", "TableExpression", "TableIdentifier", "TableJoin", "ArrayJoin", "SampleRatio",
        "Function", "Identifier", "Literal", "Asterisk", "QualifiedAsterisk", "ColumnsListMatcher", "ColumnsRegexpMatcher", "ColumnsTransformerList",
        "ColumnsExceptTransformer", "ColumnsReplaceTransformer", "WindowDefinition", "WindowListElement", "OrderByElement", "InterpolateElement",
        "Explain", "DescribeQuery", "ShowTables",
    };

    /// <summary>Table functions that make rows of their arguments alone.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "numbers", "numbers_mt", "zeros", "zeros_mt", "generate_series", "generateseries", "values", "sqlstandardvalues", "primes", "null", "format",
    };

    /// <summary>Functions that read files, other tables or what the server is; the ones beginning with dict, joinGet, AI and the server's name.</summary>
    private static readonly HashSet<string> Outside = new(StringComparer.Ordinal)
    {
        "file", "hascolumnintable", "catboostevaluate", "evalmlmethod", "modelevaluate", "naivebayesclassifier", "lemmatize", "synonyms", "getclienthttpheader",
        "showcertificate", "getserversetting", "getmergetreesetting", "getmacro", "globalvariable", "getserverport", "tcpport", "hostname", "fqdn", "fullhostname",
        "serveruuid", "displayname", "getoskernelversion", "filesystemavailable", "filesystemcapacity", "filesystemunreserved", "logtrace", "generateserialid",
        "sleep", "sleepeachrow", "zookeepersessionuptime", "authenticateduser", "authuser", "getmaxtablenamelengthfordatabase",
    };

    /// <param name="tree">Of the statement as it will be sent.</param>
    /// <param name="own">Names that this tool's functions have on the server.</param>
    /// <exception cref="QueryRefusedException">It reaches for something else.</exception>
    public void Check(ClickHouseNode tree, IReadOnlySet<string> own)
    {
        foreach (var node in tree.All().Skip(1))
        {
            if (!Known.Contains(node.Kind))
                throw new QueryRefusedException($"A statement that reads has no part of the kind {Kind(node.Kind)} here: SETTINGS, FORMAT, APPLY and everything that changes something are left out.");

            if (node.Kind == "TableIdentifier" && !IsOwn(node.Name))
                throw Elsewhere(node.Name);
            if (node.Kind == "Function")
                CheckFunction(node, own);
            if (node.Kind == "ShowTables" && node.Children.Count > 0)
                throw Elsewhere(node.Children[0].Name);
        }
    }

    private void CheckFunction(ClickHouseNode function, IReadOnlySet<string> own)
    {
        var name = function.Name.ToLowerInvariant();
        if (own.Contains(function.Name))
            return;
        if (Outside.Contains(name) || Prefixes().IsMatch(name) || (refused.Contains(name) && !Harmless.Contains(name)))
            throw new QueryRefusedException($"The function {function.Name} is not available here, since queries may only read the lake.");

        // The right-hand side of IN may be a table's name.
        if (In().IsMatch(name) && function.Children.SelectMany(list => list.Children).Skip(1).FirstOrDefault(c => c.Kind == "Identifier" && !IsOwn(c.Name)) is { } table)
            throw Elsewhere(table.Name);
    }

    private bool IsOwn(string name) => !name.Contains('.', StringComparison.Ordinal) || name.StartsWith(database + ".", StringComparison.Ordinal);

    private static string Kind(string kind) => kind.EndsWith("Query", StringComparison.Ordinal) ? $"'{kind[..^"Query".Length].ToLowerInvariant()}'" : $"'{kind}'";

    private static QueryRefusedException Elsewhere(string name) =>
        new($"'{name}' is not of the lake: queries read the lake's own tables and views, which are named without a database. `show tables` lists them.");

    [GeneratedRegex("^(dict|joinget|ai|llm|__)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefixes();

    [GeneratedRegex("^(global|not|null)*in(ignoreset)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex In();
}
