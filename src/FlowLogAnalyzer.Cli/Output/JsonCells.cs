using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace FlowLogAnalyzer.Cli.Output;

/// <summary>Cells as JSON values. Numbers that JSON has no word for (NaN, infinities) are null.</summary>
internal static class JsonCells
{
    public static void Write(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null or DBNull or double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN or float.PositiveInfinity or float.NegativeInfinity:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case Int128 or UInt128 or System.Numerics.BigInteger:
                json.WriteRawValue(((IFormattable)cell).ToString(null, CultureInfo.InvariantCulture)!);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(cell, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case IDictionary map:
                WriteMap(json, map);
                break;
            case IEnumerable list:
                WriteList(json, list);
                break;
            default:
                json.WriteStringValue(CellText.Of(cell));
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            json.WritePropertyName(CellText.Of(entry.Key));
            Write(json, entry.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable list)
    {
        json.WriteStartArray();
        foreach (var item in list)
            Write(json, item);

        json.WriteEndArray();
    }
}
