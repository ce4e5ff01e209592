using System.Text.Json;
using FlowLogAnalyzer.Triggers;

namespace FlowLogAnalyzer.Functions.Protocol;

/// <summary>What the host asks for: the trigger's payloads and what it says about them.</summary>
/// <param name="Id">The host's id of this invocation.</param>
/// <param name="Payloads">Messages of the trigger; a timer has one, a batch of events has many.</param>
/// <param name="Metadata">As the host sent it; read it with <see cref="Number"/>.</param>
internal sealed record Invocation(string Id, IReadOnlyList<MessagePayload> Payloads, IReadOnlyDictionary<string, JsonElement> Metadata)
{
    /// <summary>A number of the metadata, which the host sends as text and documents as a number.</summary>
    public long? Number(string name)
    {
        if (!Metadata.TryGetValue(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetInt64(out var number) ? number : null;
        return value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString()!.Trim('"'), out var parsed) ? parsed : null;
    }
}
