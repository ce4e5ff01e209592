using System.Globalization;
using System.Text.Json.Nodes;
using FlowLogAnalyzer.Lab.Model;

namespace FlowLogAnalyzer.Lab.Exports;

/// <summary><c>az monitor activity-log list</c>: the changes of rules that led from one phase to the next, the newest entry first as az prints them.</summary>
internal static class ActivityLogExport
{
    private static readonly string[] Callers = ["anna@shop.example", "ben@shop.example"];

    private static readonly (string Status, string Event, int SecondsBefore)[] Entries = [("Succeeded", "EndRequest", 0), ("Started", "BeginRequest", 3)];

    /// <param name="before">The rules of the phase before.</param>
    /// <param name="now">The rules in force from <paramref name="at"/> on.</param>
    /// <param name="number">Which change it is: each has somebody else's name on it.</param>
    /// <param name="at">When the new rules came into force.</param>
    public static JsonArray Changes(NsgSet before, NsgSet now, int number, DateTimeOffset at)
    {
        var array = new JsonArray();
        foreach (var (nsg, rule, action) in now.Rules.Keys.SelectMany(nsg => Changed(before, now, nsg).Select(c => (nsg, c.Rule, c.Action))))
        {
            foreach (var (status, phase, secondsBefore) in Entries)
                array.Add((JsonNode)Entry($"{LabIds.Nsg(nsg)}/securityRules/{rule}", action, (status, phase), (Callers[number % Callers.Length], at - TimeSpan.FromSeconds(secondsBefore))));
        }

        return array;
    }

    private static IEnumerable<(string Rule, string Action)> Changed(NsgSet before, NsgSet now, string nsg)
    {
        var (old, next) = (before.Rules[nsg], now.Rules[nsg]);
        return old.Where(o => next.All(n => n.Name != o.Name)).Select(o => (o.Name, "delete"))
            .Concat(next.Where(n => old.All(o => Text(o) != Text(n))).Select(n => (n.Name, "write")));
    }

    /// <summary>Records with arrays are never equal: their text is.</summary>
    private static string Text(RuleSpec rule) =>
        $"{rule.Name} {rule.Priority} {rule.Access} {rule.Protocol} {rule.Direction} {string.Join(',', rule.Sources)} {string.Join(',', rule.Destinations)} {string.Join(',', rule.Ports)}";

    private static JsonObject Entry(string resource, string action, (string Status, string Event) entry, (string Caller, DateTimeOffset Time) who)
    {
        var (operation, stamp) = ($"Microsoft.Network/networkSecurityGroups/securityRules/{action}", who.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        var unique = LabIds.Guid($"{resource}/{stamp}/{entry.Status}");
        return new JsonObject
        {
            ["authorization"] = new JsonObject { ["action"] = operation, ["scope"] = resource },
            ["caller"] = who.Caller,
            ["category"] = Named("Administrative"),
            ["correlationId"] = LabIds.Guid($"{resource}/{action}"),
            ["eventDataId"] = unique,
            ["eventName"] = Named(entry.Event),
            ["eventTimestamp"] = stamp,
            ["httpRequest"] = new JsonObject { ["clientIpAddress"] = "20.50.88.17", ["method"] = action == "write" ? "PUT" : "DELETE" },
            ["id"] = $"{resource}/events/{unique}/ticks/{who.Time.UtcTicks.ToString(CultureInfo.InvariantCulture)}",
            ["level"] = "Informational",
            ["operationName"] = Named(operation),
            ["resourceGroupName"] = LabIds.ResourceGroup,
            ["resourceId"] = resource,
            ["resourceType"] = Named("Microsoft.Network/networkSecurityGroups/securityRules"),
            ["status"] = Named(entry.Status),
            ["submissionTimestamp"] = stamp,
            ["subscriptionId"] = LabIds.Subscription,
            ["tenantId"] = LabIds.Tenant,
        };
    }

    private static JsonObject Named(string value) => new() { ["localizedValue"] = value, ["value"] = value };
}
