using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>Generated flow logs: every format, any order of keys, compact or indented, plain and odd values.</summary>
internal static class BlobGen
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Compact = new();

    private static Gen<string> Odd(Gen<string> plain, params string[] odd) => Gen.Frequency((12, plain), (1, Gen.OneOf(odd)));

    private static readonly Gen<string> Address = Odd(
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 255]).Select((a, b) => $"10.0.{a}.{b}"),
        "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "[fe80::1%2]", "::ffff:10.0.0.1", "10.0.0.256", "010.0.0.1", "1.2.3", "", " 10.0.0.9 ", "255.255.255.255");

    private static readonly Gen<string> Port = Odd(Gen.Int[0, 65535].Select(p => p.ToString()), "", "65536", "-1", "x", "00080", " 80");

    private static readonly Gen<string> Direction = Odd(Gen.OneOf("I", "O"), "i", "o", "X", "", "IO");

    private static readonly Gen<string> Counter = Odd(
        Gen.Frequency((1, Gen.Const("0")), (4, Gen.Long[0, 10_000_000].Select(v => v.ToString()))),
        "", "9223372036854775807", "9223372036854775808", "1.2E+5", "1.5", "-3", "12.0", "1e3", "n");

    private static readonly Gen<string> Counters = Gen.Frequency(
        (3, Gen.Const("0,0,0,0")), (2, Gen.Const(",,,")), (8, Gen.Select(Counter, Counter, Counter, Counter).Select((a, b, c, d) => $"{a},{b},{c},{d}")));

    private static readonly Gen<string> Tail = Gen.Frequency((30, Gen.Const("")), (1, Gen.OneOf(",", ",,,", ",x", ", ", ",,9")));

    private static readonly Gen<string> Seconds = Odd(
        Gen.Int[1795169000, 1795169400].Select(t => t.ToString()), "0", "-7", "", "1795169100123", "1495169100", "x", "999999999999999");

    private static readonly Gen<string> Milliseconds = Odd(
        Gen.Long[1795169100000, 1795169100003].Select(t => t.ToString()), "0", "1795169100", "1.5", "", "253402300800000", "1995169100000");

    private static readonly Gen<string> V1 =
        Gen.Select(Seconds, Address, Address, Gen.Select(Port, Port), Odd(Gen.OneOf("T", "U"), "t", "I", "6", "?", ""), Direction, Odd(Gen.OneOf("A", "D"), "a", "Z", ""))
            .Select((time, source, destination, ports, protocol, direction, decision) =>
                $"{time},{source},{destination},{ports.Item1},{ports.Item2},{protocol},{direction},{decision}");

    private static readonly Gen<string> V2 =
        Gen.Select(V1, Odd(Gen.OneOf("B", "C", "E"), "b", "D", "", "Q"), Counters).Select((head, state, counters) => $"{head},{state},{counters}");

    private static readonly Gen<string> V4 =
        Gen.Select(Milliseconds, Address, Address, Gen.Select(Port, Port), Odd(Gen.OneOf("6", "17"), "1", "256", "T", "", "abc"), Direction,
                Gen.Select(Odd(Gen.OneOf("B", "C", "E", "D"), "e", "X", ""), Odd(Gen.Const("NX"), "X", "nx", "NX_LOCAL_DST", "NEW", "", "Ü"), Counters))
            .Select((time, source, destination, ports, protocol, direction, rest) =>
                $"{time},{source},{destination},{ports.Item1},{ports.Item2},{protocol},{direction},{rest.Item1},{rest.Item2},{rest.Item3}");

    private static Gen<JsonNode?[]> Tuples(Gen<string> usual, Gen<string> other) =>
        Gen.Frequency(
                (30, Gen.Select(Gen.Frequency((15, usual), (1, other)), Tail).Select((t, tail) => (JsonNode?)JsonValue.Create(t + tail))),
                (1, Gen.OneOf("", " ", "5", "null", "[]", "{\"a\":[\"b\"]}", "\"\\\"\"").Select(s => s.Trim().Length == 0 ? JsonValue.Create(s) : JsonNode.Parse(s))))
            .Array[0, 12];

    private static readonly Gen<string?> Rule = Gen.OneOf<string?>("UserRule_web", "DefaultRule_DenyAllInBound", "PlatformRule", "UserRule", "UserRule_a/ä\"😀", null);

    private static readonly Gen<string?> Mac = Gen.Frequency((8, Gen.Const((string?)Logs.Mac)), (1, Gen.OneOf<string?>("00-0d-3a-f8-78-56", "AABBCCDDEEFF", "zz", null)));

    private static readonly Gen<string?> Time = Gen.Frequency(
        (8, Gen.Const((string?)Logs.Time)), (1, Gen.OneOf<string?>("2026-11-20T10:05:30", "2026-11-20T12:05:30.25+02:00", "2026-11-24T00:00:00Z", "soon", null)));

    private static JsonObject Object(params (string, JsonNode?)[] properties) => new(properties.Select(p => KeyValuePair.Create(p.Item1, p.Item2)));

    private static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    private static Gen<JsonObject> Nsg(int version) =>
        from time in Time
        from mac in Mac
        from flows in Gen.Select(Rule, Gen.Select(Mac, Tuples(version == 1 ? V1 : V2, version == 1 ? V2 : V1)).Array[0, 2]).Array[0, 2]
        from versionNode in Gen.Frequency((10, Gen.Const(version.ToString())), (1, Gen.OneOf("\"2.0\"", "3", "1.0", "null")))
        select Object(
            ("time", time), ("systemId", "5c3a"), ("macAddress", mac), ("category", "NetworkSecurityGroupFlowEvent"), ("resourceId", Logs.NsgId),
            ("properties", Object(
                ("Version", JsonNode.Parse(versionNode)),
                ("flows", Array(flows.Select(f => Object(
                    ("rule", f.Item1),
                    ("flows", Array(f.Item2.Select(i => Object(("mac", i.Item1), ("flowTuples", Array(i.Item2)))))))))))));

    private static readonly Gen<JsonObject> Vnet =
        from time in Time
        from mac in Mac
        from flows in Gen.Select(Gen.OneOf<string?>(Logs.AclId, "unspecified", null), Gen.Select(Rule, Tuples(V4, V2)).Array[0, 2]).Array[0, 2]
        from version in Gen.Frequency((10, Gen.Const(4)), (1, Gen.Const(5)))
        select Object(
            ("time", time), ("flowLogVersion", version), ("flowLogGUID", "9f2b"), ("macAddress", mac), ("category", "FlowLogFlowEvent"),
            ("flowLogResourceID", "/FL"), ("targetResourceID", "/vnet"),
            ("flowRecords", Object(("flows", Array(flows.Select(f => Object(
                ("aclID", f.Item1),
                ("flowGroups", Array(f.Item2.Select(g => Object(("rule", g.Item1), ("flowTuples", Array(g.Item2)))))))))))));

    private static readonly Gen<JsonNode?> Record =
        Gen.Select(Gen.Frequency((3, Nsg(1)), (5, Nsg(2)), (5, Vnet)), Gen.Int, Gen.Int[0, 9]).Select((record, seed, kind) => (JsonNode?)(kind switch
        {
            0 => Object(("category", "Other"), ("x", record)),
            1 => Without(record, "category"),
            _ => Shuffle(record, seed),
        }));

    /// <summary>The texts of records, and one blob of them.</summary>
    public static readonly Gen<string[]> Records =
        Gen.Select(Record.Array[0, 4], Gen.Bool).Select((records, indented) => records.Select(r => r!.ToJsonString(indented ? Indented : Compact)).ToArray());

    public static readonly Gen<string> Blob = Records.Select(Logs.Blob);

    public static readonly Gen<byte[]> Damaged =
        Gen.Select(Blob, Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1], Gen.Byte).Array[1, 3]).Select((blob, edits) =>
        {
            var bytes = Encoding.UTF8.GetBytes(blob).ToList();
            foreach (var (kind, where, value) in edits)
            {
                var at = Math.Min(bytes.Count - 1, (int)(where * bytes.Count));
                if (at < 0)
                    break;
                switch (kind)
                {
                    case 0: bytes[at] = value; break;
                    case 1: bytes.RemoveAt(at); break;
                    case 2: bytes.Insert(at, value); break;
                    case 3: bytes[at] = "0,\"[]{}\\:"u8[value % 9]; break;
                    default: bytes.RemoveRange(at, Math.Min(value, bytes.Count - at)); break;
                }
            }

            return bytes.ToArray();
        });

    private static JsonObject Without(JsonObject record, string name)
    {
        record.Remove(name);
        return record;
    }

    private static JsonNode? Shuffle(JsonNode? node, int seed)
    {
        var random = new Random(seed);
        return node switch
        {
            JsonObject o when seed % 2 == 0 => new JsonObject(
                o.Select(p => (p.Key, Value: Shuffle(p.Value, seed), Order: random.Next())).OrderBy(p => p.Order)
                    .Select(p => KeyValuePair.Create(p.Key, p.Value)).ToList()),
            JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Shuffle(p.Value, seed))).ToList()),
            JsonArray a => new JsonArray([.. a.Select(i => Shuffle(i, seed))]),
            _ => node?.DeepClone(),
        };
    }
}
