using System.Text.Json;
using FlowLogAnalyzer.Inventory.Entities;

namespace FlowLogAnalyzer.Inventory.Import;

/// <summary>
/// Entries of <c>az monitor activity-log list</c> or of the REST API (Azure docs, activity-log-schema): who changed an NSG, and
/// when. The request's content and the claims of the token are not kept.
/// </summary>
internal static class ActivityReader
{
    public static bool IsActivity(JsonElement item) => !item.Get("eventTimestamp").IsNothing() && !item.Get("operationName").IsNothing();

    /// <summary>Nothing for operations on other resources, and for those that only read.</summary>
    public static IEnumerable<ActivityEntity> Read(JsonElement item)
    {
        var operation = ValueOf(item, "operationName") ?? "";
        var resource = item.Text("resourceId") ?? ArmIds.Parent(item.Text("id"), "securityRules") ?? ArmIds.Parent(item.Text("id"), "networkSecurityGroups");
        if (item.Time("eventTimestamp") is not { } time || ArmIds.Segment(resource, "networkSecurityGroups") is null || !IsChange(operation))
            yield break;

        yield return new ActivityEntity
        {
            Id = item.Text("eventDataId") ?? $"{item.Text("correlationId")}/{time:O}/{ValueOf(item, "status")}",
            Name = ArmIds.Name(resource!),
            Time = time,
            Operation = operation,
            Status = ValueOf(item, "status") ?? "",
            ResourceId = resource!,
            Correlation = item.Text("correlationId") ?? item.Text("operationId"),
            Caller = item.Text("caller"),
            CallerIp = item.Text("httpRequest.clientIpAddress"),
        };
    }

    private static bool IsChange(string operation) =>
        operation.EndsWith("/write", StringComparison.OrdinalIgnoreCase) || operation.EndsWith("/delete", StringComparison.OrdinalIgnoreCase);

    /// <summary>A name with a translation beside it, or the name alone.</summary>
    private static string? ValueOf(JsonElement item, string field) => item.Text($"{field}.value") ?? item.Text(field);
}
