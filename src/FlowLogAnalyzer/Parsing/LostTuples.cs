using System.Text.Json;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Counts the tuples in parts of a record that are skipped, such as records inside a record: they give no row, and must not vanish.</summary>
internal sealed class LostTuples
{
    private const int None = -1;
    private int _arrayDepth = None;
    private bool _isNamed;
    private bool _isTuple;

    public int Count { get; private set; }

    public void Begin()
    {
        Count = 0;
        _arrayDepth = None;
    }

    /// <summary>A skipped part begins with the token at hand.</summary>
    /// <param name="reader">At the token.</param>
    /// <param name="name">What the part is called.</param>
    /// <param name="isTuple">True when the part is itself in the place of a tuple, and counted as one.</param>
    public void Enter(ref Utf8JsonReader reader, Name name, bool isTuple)
    {
        _isTuple = isTuple;
        _isNamed = name == Name.FlowTuples;
        _arrayDepth = None;
        Look(ref reader);
    }

    /// <summary>One more token of a skipped part.</summary>
    public void Look(ref Utf8JsonReader reader)
    {
        var wasNamed = _isNamed;
        _isNamed = false;
        if (_isTuple)
            return;
        if (_arrayDepth == None)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                _isNamed = RecordNames.Find(ref reader) == Name.FlowTuples;
            else if (wasNamed && reader.TokenType == JsonTokenType.StartArray)
                _arrayDepth = reader.CurrentDepth;
        }
        else if (reader.CurrentDepth == _arrayDepth)
        {
            _arrayDepth = None; // its end
        }
        else if (reader.CurrentDepth == _arrayDepth + 1 && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            Count++;
        }
    }

    /// <summary>A text that was too long to be a token.</summary>
    public void LongText()
    {
        if (_arrayDepth != None && !_isTuple)
            Count++;
    }
}
