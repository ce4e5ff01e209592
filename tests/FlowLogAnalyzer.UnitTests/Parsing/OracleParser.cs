using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

internal sealed record OracleOutput(List<FlowRow> Rows, SortedDictionary<RejectionReason, long> Rejected);

/// <summary>
/// The same rules once more, plain and slow: a document model, string.Split and regular expressions. Null for what it does
/// not judge: invalid JSON, doubled keys, and roots other than records.
/// </summary>
internal static class OracleParser
{
    public static OracleOutput? Parse(byte[] utf8, BlobIdentity blob)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return HasDoubledKeys(document.RootElement) ? null : Parse(document.RootElement, blob);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static OracleOutput? Parse(JsonElement root, BlobIdentity blob)
    {
        var output = new OracleOutput([], []);
        var list = root.ValueKind == JsonValueKind.Array ? root : root.ValueKind == JsonValueKind.Object ? Get(root, "records") ?? default : default;
        if (list.ValueKind != JsonValueKind.Array)
        {
            if (root.ValueKind != JsonValueKind.Object || Get(root, "records") is not null)
                return null;
            new OracleRecord(root, 0, blob, output).Parse();
            return output;
        }

        var index = 0;
        foreach (var record in list.EnumerateArray())
            new OracleRecord(record, index++, blob, output).Parse();
        return output;
    }

    public static JsonElement? Get(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var property in element.EnumerateObject())
        {
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }

        return null;
    }

    private static bool HasDoubledKeys(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(p => p.Name.ToUpperInvariant()).Any(g => g.Count() > 1)
            || element.EnumerateObject().Any(p => HasDoubledKeys(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasDoubledKeys),
        _ => false,
    };
}

internal sealed class OracleRecord(JsonElement record, int index, BlobIdentity blob, OracleOutput output)
{
    private readonly List<FlowRow> _rows = [];
    private readonly List<RejectionReason> _rejected = [];
    private QualityFlags _flags;
    private bool _invalidText;
    private bool _unreachable;
    private int _tuple;

    private int Version(JsonElement? version) => version switch
    {
        { ValueKind: JsonValueKind.Number } n when n.GetDouble() is var d && d == Math.Floor(d) && d is > 0 and < 1000 => (int)d,
        { ValueKind: JsonValueKind.String } s when double.TryParse(s.GetString(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var d) && d == Math.Floor(d) && d is > 0 and < 1000 => (int)d,
        { ValueKind: JsonValueKind.Number or JsonValueKind.String } => -1,
        _ => 0,
    };

    public void Parse()
    {
        if (record.ValueKind != JsonValueKind.Object)
            return;
        var properties = Get(record, "properties");
        var flowRecords = Get(record, "flowRecords");
        var nsgFlows = properties is { } p ? Get(p, "flows") : null;
        var vnetFlows = flowRecords is { ValueKind: JsonValueKind.Object } f ? Get(f, "flows") : null;
        var version = Version(properties is { } q ? Get(q, "Version") : null);
        var vnetVersion = Version(Get(record, "flowLogVersion"));
        var isVnet = vnetFlows is not null;

        var category = Text(record, "category");
        var time = Time(Text(record, "time", true));
        var mac = Mac(record, "macAddress");
        foreach (var name in new[] { "systemId", "resourceId", "flowLogGUID", "flowLogResourceID", "targetResourceID" })
            Text(record, name);
        if (properties is not null && Get(properties.Value, "Version") is { ValueKind: not (JsonValueKind.Number or JsonValueKind.String) })
            _flags |= QualityFlags.Record;
        if (Get(record, "flowLogVersion") is { ValueKind: not (JsonValueKind.Number or JsonValueKind.String) })
            _flags |= QualityFlags.Record;

        var foreign = false;
        if (nsgFlows is { } n)
            Entries(n, version, false, ref foreign);
        if (vnetFlows is { } v)
            Entries(v, version, true, ref foreign);
        if (flowRecords is { ValueKind: JsonValueKind.Array } flat)
            Tuples(flat, true, 0, null, null, null);

        var isNsgCategory = Same(category, "NetworkSecurityGroupFlowEvent");
        var isVnetCategory = Same(category, "FlowLogFlowEvent");
        var hasFlowRecords = flowRecords is { ValueKind: not JsonValueKind.Null };
        var reason =
            category is not null && !isNsgCategory && !isVnetCategory ? RejectionReason.OtherCategory
            : Get(record, "records") is not null ? RejectionReason.NestedRecords
            : _portId ? RejectionReason.UnknownDialect
            : category is null && nsgFlows is null && !hasFlowRecords ? RejectionReason.NotAFlowRecord
            : foreign || (hasFlowRecords && (nsgFlows is not null || version != 0 || isNsgCategory))
                || (nsgFlows is not null && (vnetVersion != 0 || isVnetCategory)) ? RejectionReason.ContradictoryShape
            : flowRecords is { ValueKind: JsonValueKind.Array } ? RejectionReason.UnknownVersion
            : _unreachable || (nsgFlows is null && vnetFlows is null) ? RejectionReason.TuplesUnreachable
            : (isVnet ? vnetVersion != 4 : version is not (1 or 2)) ? RejectionReason.UnknownVersion
            : _invalidText ? RejectionReason.InvalidRecordText
            : default;
        if (reason != default)
        {
            Count(reason, _tuple + (reason is RejectionReason.OtherCategory or RejectionReason.NotAFlowRecord ? 0 : Named(record) - _named));
            return;
        }

        Count(RejectionReason.TuplesUnreachable, Named(record) - _named);

        Finish(category, time, mac, isVnet ? 4 : version);
        foreach (var rejected in _rejected)
            Count(rejected, 1);
    }

    private bool _portId;

    /// <summary>Tuples in arrays named flowTuples that are where they belong.</summary>
    private int _named;

    /// <summary>Tuples in arrays named flowTuples wherever they are.</summary>
    private static int Named(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(p => Same(p.Name, "flowTuples") && p.Value.ValueKind == JsonValueKind.Array ? p.Value.GetArrayLength() : Named(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Named),
        _ => 0,
    };

    private void Finish(string? category, DateTime? time, string? mac, int version)
    {
        var isVnet = version == 4;
        if (category is null || time is null)
            _flags |= QualityFlags.Record;
        var hour = blob.Hour?.StartUtc;
        if (hour is null || (time is { } t && Math.Abs((new DateTime(t.Year, t.Month, t.Day, t.Hour, 0, 0) - hour.Value).TotalHours) > 1))
            _flags |= QualityFlags.Path;
        var around = time ?? hour;
        foreach (var row in _rows)
        {
            var flags = row.Flags | _flags;
            if (row.Time <= DateTime.UnixEpoch || (around is { } a && Math.Abs((row.Time - a).TotalMilliseconds) > 86_400_000))
                flags |= QualityFlags.TimeRange;
            var given = row.Mac ?? mac;
            if (given is null || (row.Mac is not null && mac is not null && row.Mac != mac) || (blob.Mac is not null && given != blob.Mac))
                flags |= QualityFlags.Mac;
            if (row.Rule is not ("PlatformRule" or "unspecified") && !Regex.IsMatch(row.Rule ?? "", "^(UserRule_|DefaultRule_).", RegexOptions.IgnoreCase | RegexOptions.Singleline))
                flags |= QualityFlags.RuleForm;
            output.Rows.Add(row with
            {
                Flags = flags,
                Mac = row.Mac ?? mac ?? blob.Mac,
                EventDate = DateOnly.FromDateTime(flags.HasFlag(QualityFlags.TimeRange) ? around ?? row.Time : row.Time),
                RecordTime = time,
                Format = version switch { 1 => "nsg-v1", 2 => "nsg-v2", _ => "vnet-v4" },
                SystemId = Text(record, isVnet ? "flowLogGUID" : "systemId"),
                ResourceId = Text(record, isVnet ? "flowLogResourceID" : "resourceId"),
                TargetId = isVnet ? Text(record, "targetResourceID") : null,
                AclId = isVnet ? row.AclId : Text(record, "resourceId"),
            });
        }
    }

    private void Entries(JsonElement flows, int version, bool isVnet, ref bool foreign)
    {
        foreach (var flow in Items(flows))
        {
            _portId |= !isVnet && (IsText(flow, "portId") || IsText(flow, "portName"));
            foreign |= Get(flow, isVnet ? "flows" : "flowGroups") is not null || (isVnet && Get(flow, "rule") is not null);
            var outer = Text(flow, isVnet ? "aclID" : "rule");
            if (Get(flow, isVnet ? "flowGroups" : "flows") is not { } groups)
                continue;
            foreach (var group in Items(groups))
            {
                _portId |= !isVnet && (IsText(group, "portId") || IsText(group, "portName"));
                var rule = isVnet ? Text(group, "rule") : outer;
                var mac = isVnet ? null : Mac(group, "mac");
                if (Get(group, "flowTuples") is { ValueKind: JsonValueKind.Array } named)
                    _named += named.GetArrayLength();
                if (Get(group, "flowTuples") is { } tuples)
                    Tuples(tuples, isVnet, version, rule, mac, isVnet ? outer : null);
            }
        }
    }

    private IEnumerable<JsonElement> Items(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            _unreachable |= list.ValueKind != JsonValueKind.Null;
            yield break;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return item;
                continue;
            }

            _flags |= QualityFlags.Record;
            _unreachable |= item.ValueKind != JsonValueKind.Null;
        }
    }

    private void Tuples(JsonElement list, bool isVnet, int version, string? rule, string? mac, string? acl)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            _unreachable |= list.ValueKind != JsonValueKind.Null;
            return;
        }

        FlowRow? last = null;
        foreach (var element in list.EnumerateArray())
        {
            var tuple = _tuple++;
            if (element.ValueKind != JsonValueKind.String)
            {
                _rejected.Add(RejectionReason.NotAString);
                continue;
            }

            string text;
            try
            {
                text = element.GetString()!;
            }
            catch (InvalidOperationException)
            {
                _rejected.Add(RejectionReason.InvalidText);
                continue;
            }

            var row = OracleTuple.Parse(text, isVnet, version, out var reason);
            if (row is null)
            {
                _rejected.Add(reason);
                continue;
            }

            var next = row.Value with { Rule = rule, Mac = mac, AclId = acl, Blob = blob.Key, BlobHour = blob.Hour?.StartUtc, RecordIndex = index, TupleIndex = tuple };
            if (isVnet && last is { } l && IsRestart(l, next))
            {
                _rows[^1] = l with { Flags = l.Flags | QualityFlags.Recreated };
                next = next with { Flags = next.Flags | QualityFlags.Recreated };
            }

            _rows.Add(next);
            last = next;
        }
    }

    private static bool IsRestart(FlowRow a, FlowRow b) =>
        a.Time == b.Time && (a.State, b.State) is ("Begin", "End") or ("End", "Begin")
        && (a.Time, a.SrcKey, a.SrcIp, a.DstKey, a.DstIp, a.SrcPort, a.DstPort, a.Protocol, a.Direction) == (b.Time, b.SrcKey, b.SrcIp, b.DstKey, b.DstIp, b.SrcPort, b.DstPort, b.Protocol, b.Direction);

    private void Count(RejectionReason reason, long count)
    {
        if (count > 0)
            output.Rejected[reason] = output.Rejected.GetValueOrDefault(reason) + count;
    }

    private static JsonElement? Get(JsonElement element, string name) => OracleParser.Get(element, name);

    private static bool Same(string? a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static bool IsText(JsonElement element, string name) => Get(element, name) is { ValueKind: JsonValueKind.String };

    private string? Text(JsonElement element, string name, bool mayBeDamaged = false)
    {
        switch (Get(element, name))
        {
            case { ValueKind: JsonValueKind.String } text:
                try
                {
                    return text.GetString();
                }
                catch (InvalidOperationException)
                {
                    _invalidText |= !mayBeDamaged;
                    return mayBeDamaged ? "damaged" : null;
                }

            case null:
                return null;
            default:
                _flags |= QualityFlags.Record;
                return null;
        }
    }

    private string? Mac(JsonElement element, string name)
    {
        if (Text(element, name, true) is not { } text)
            return null;
        var digits = Regex.Replace(text, "[-:.]", "").ToUpperInvariant();
        if (Regex.IsMatch(digits, "^[0-9A-F]{12}\\z"))
            return digits;
        _flags |= QualityFlags.Record;
        return null;
    }

    private DateTime? Time(string? text)
    {
        if (text is null)
            return null;
        var match = Regex.Match(text, @"^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]+))?(Z|z|[+-][0-9]{2}:?(?:[0-9]{2})?)?\z");
        if (!match.Success || match.Groups[4].Value.EndsWith(':')
            || !DateTime.TryParseExact($"{match.Groups[1]} {match.Groups[2]}", "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            _flags |= QualityFlags.Record;
            return null;
        }

        time = time.AddMilliseconds(int.Parse((match.Groups[3].Value + "000")[..3]));
        var zone = match.Groups[4].Value.Replace(":", "");
        if (zone.Length == 0)
            _flags |= QualityFlags.Record;
        if (zone.Length < 3)
            return time;
        var offset = (int.Parse(zone[1..3]) * 60) + int.Parse((zone + "00")[3..5]);
        return time.AddMinutes(zone[0] == '-' ? offset : -offset);
    }
}

internal static class OracleTuple
{
    private static readonly string[] Encryptions =
        ["X", "NX", "NX_HW_NOT_SUPPORTED", "NX_SW_NOT_READY", "NX_NOT_ACCEPTED", "NX_NOT_SUPPORTED", "NX_LOCAL_DST", "NX_FALLBACK"];

    public static FlowRow? Parse(string text, bool isVnet, int version, out RejectionReason reason)
    {
        reason = default;
        var flags = QualityFlags.None;
        if (text.Trim(' ').Length == 0)
            return Reject(RejectionReason.EmptyTuple, out reason);
        var fields = text.Split(',');
        var content = Array.FindLastIndex(fields, f => f.Trim(' ').Length > 0) + 1;
        if (fields.Any(f => f.Trim(' ') != f))
            flags |= QualityFlags.Spaces;
        fields = [.. fields.Select(f => f.Trim(' '))];

        var isV1 = !isVnet && (fields.Length < 13 || content <= 8);
        var known = isV1 ? 8 : 13;
        if (fields.Length < known || (isV1 && version != 1 && fields.Length is > 8 and < 13))
            return Reject(RejectionReason.TooFewFields, out reason);
        if (fields.Length > known)
            flags |= content > known ? QualityFlags.ExtraFields : QualityFlags.TrailingCommas;
        if (!isVnet && isV1 != (version == 1))
            flags |= QualityFlags.FieldCount;

        if (!Regex.IsMatch(fields[0], "^-?[0-9]+\\z"))
            return Reject(RejectionReason.BadTime, out reason);
        var number = BigInteger.Parse(fields[0]);
        var isSeconds = BigInteger.Abs(number) < 100_000_000_000;
        if (isSeconds == isVnet && number != 0)
            flags |= QualityFlags.TimeUnit;
        var ms = isSeconds ? number * 1000 : number;
        if (ms < -62135596800000 || ms > 253402300799999)
            return Reject(RejectionReason.BadTime, out reason);

        if (Address(fields[1], ref flags) is not { } source || Address(fields[2], ref flags) is not { } destination)
            return Reject(RejectionReason.BadAddress, out reason);
        if (!Port(fields[3], out var sourcePort) || !Port(fields[4], out var destinationPort))
            return Reject(RejectionReason.BadPort, out reason);

        var other = new List<string>();
        var protocol = Protocol(fields[5], isVnet, ref flags, other);
        var direction = Letter("direction", fields[6], "IO", ref flags, other) switch { 'I' => "Inbound", 'O' => "Outbound", _ => null };
        string? decision, state = null, encryption = null;
        if (isVnet)
        {
            state = Word(Letter("state", fields[7], "BCED", ref flags, other));
            decision = state is null ? null : state == "Denied" ? "Deny" : "Allow";
            encryption = Encryption(fields[8], ref flags, other);
        }
        else
        {
            decision = Letter("decision", fields[7], "AD", ref flags, other) switch { 'A' => "Allow", 'D' => "Deny", _ => null };
            if (!isV1)
                state = Word(Letter("state", fields[8], "BCE", ref flags, other));
            if (decision == "Deny")
            {
                if (state is "Continuing" or "End")
                    other.Add("state=" + Cut(fields[8]));
                state = "Denied";
            }
        }

        if (other.Count > 0)
            flags |= QualityFlags.UnknownCode;
        var counters = new long?[4];
        if (!isV1 && !Counters(fields[9..13], state, counters, ref flags))
            return Reject(RejectionReason.BadCounter, out reason);
        return new FlowRow
        {
            Time = DateTime.UnixEpoch.AddMilliseconds((long)ms),
            EventDate = default,
            Flags = flags,
            Blob = "",
            Format = "",
            RecordIndex = 0,
            TupleIndex = 0,
            SrcIp = Canonical(source),
            DstIp = Canonical(destination),
            SrcKey = Key(source),
            DstKey = Key(destination),
            SrcPort = sourcePort,
            DstPort = destinationPort,
            Protocol = protocol,
            Direction = direction,
            Decision = decision,
            State = state,
            Encryption = encryption,
            PacketsSent = counters[0],
            BytesSent = counters[1],
            PacketsReceived = counters[2],
            BytesReceived = counters[3],
            Other = other.Count == 0 ? null : string.Join(';', other),
        };
    }

    private static FlowRow? Reject(RejectionReason why, out RejectionReason reason)
    {
        reason = why;
        return null;
    }

    private static IPAddress? Address(string text, ref QualityFlags flags)
    {
        var bare = Regex.Replace(text, @"^\[(.+)\]\z", "$1", RegexOptions.Singleline).Split('%')[0];
        const string Part = "(?:0|[1-9][0-9]{0,2})";
        var v4 = bare == text && Regex.IsMatch(bare, $@"^{Part}(?:\.{Part}){{3}}\z");
        var v6 = Regex.IsMatch(bare, $@"^[0-9A-Fa-f:]*:(?:[0-9A-Fa-f]*|{Part}(?:\.{Part}){{3}})\z");
        if ((!v4 && !v6) || !IPAddress.TryParse(bare, out var address))
            return null;
        if (bare != text)
            flags |= QualityFlags.AddressForm;
        return address;
    }

    private static string Canonical(IPAddress address) => address.ToString();

    private static string Key(IPAddress address) => Convert.ToHexStringLower(address.MapToIPv6().GetAddressBytes());

    private static bool Port(string text, out int? port)
    {
        port = Regex.IsMatch(text, "^[0-9]+\\z") && BigInteger.Parse(text) <= 65535 ? (int)BigInteger.Parse(text) : null;
        return text.Length == 0 || port is not null;
    }

    private static short? Protocol(string text, bool isVnet, ref QualityFlags flags, List<string> other)
    {
        short? number = Regex.IsMatch(text, "^[0-9]+\\z") && BigInteger.Parse(text) <= 255 ? short.Parse(text) : null;
        if (isVnet && number is not null)
            return number;
        var letter = number ?? text switch { "T" or "t" => (short)6, "U" or "u" => (short)17, "I" or "i" => (short)1, _ => null };
        if (text is "t" or "u" or "i")
            flags |= QualityFlags.LowerCase;
        if (isVnet || text is not ("T" or "U" or "t" or "u"))
            other.Add("protocol=" + Cut(text));
        return letter;
    }

    private static char Letter(string name, string text, string allowed, ref QualityFlags flags, List<string> other)
    {
        if (text.Length == 1 && allowed.Contains(text[0]))
            return text[0];
        if (text.Length == 1 && text[0] is >= 'a' and <= 'z' && allowed.Contains((char)(text[0] - 32)))
        {
            flags |= QualityFlags.LowerCase;
            return (char)(text[0] - 32);
        }

        other.Add($"{name}={Cut(text)}");
        return '\0';
    }

    private static string? Word(char letter) => letter switch { 'B' => "Begin", 'C' => "Continuing", 'E' => "End", 'D' => "Denied", _ => null };

    private static string? Encryption(string text, ref QualityFlags flags, List<string> other)
    {
        if (Encryptions.FirstOrDefault(e => e.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            if (known != text)
                flags |= QualityFlags.LowerCase;
            return known;
        }

        other.Add("encryption=" + Cut(text));
        return text.Length == 0 ? null : Cut(text);
    }

    private static bool Counters(string[] texts, string? state, long?[] counters, ref QualityFlags flags)
    {
        for (var i = 0; i < 4; i++)
        {
            if (texts[i].Length == 0)
                continue;
            if (!Regex.IsMatch(texts[i], "^[0-9]*(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?\\z") || !Regex.IsMatch(texts[i], "^\\.?[0-9]"))
                return false;
            var parts = texts[i].ToLowerInvariant().Split('e');
            var mantissa = parts[0].Split('.');
            var fraction = mantissa.Length > 1 ? mantissa[1] : "";
            var value = BigInteger.Parse("0" + mantissa[0] + fraction);
            var exponent = (parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign) : 0) - fraction.Length;
            if (exponent < 0 && value % BigInteger.Pow(10, -exponent) != 0)
                return false;
            value = exponent < 0 ? value / BigInteger.Pow(10, -exponent) : value * BigInteger.Pow(10, exponent);
            if (value > long.MaxValue)
                return false;
            if (!Regex.IsMatch(texts[i], "^[0-9]+\\z"))
                flags |= QualityFlags.CounterForm;
            counters[i] = (long)value;
        }

        if (texts.Count(t => t.Length == 0) is > 0 and < 4)
            flags |= QualityFlags.PartialCounters;
        if (state is not ("Begin" or "Denied"))
            return true;
        if (counters.Any(c => c > 0))
            flags |= QualityFlags.CountersOnBegin;
        else
            Array.Clear(counters);
        return true;
    }

    private static string Cut(string text)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > 64)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
