using System.Text.Json;

namespace FlowLogAnalyzer.Parsing;

internal enum WalkStatus
{
    NeedData,

    /// <summary>The value is over.</summary>
    Closed,

    /// <summary>The outermost object has the key <c>records</c>; its value comes next.</summary>
    AtRecords,

    Failed,
}

/// <summary>
/// Walks one JSON value, a record, over as many pieces of input as it takes. Everything but the inside of a
/// <c>flowTuples</c> array is read by <see cref="Utf8JsonReader"/>. Such an array is scanned here: the reader's state
/// behind the property name is kept, and when the array is over the state is given the two bytes <c>[]</c>. At anything
/// that is not plain (escapes, other types, damage) the reader takes the array over from where the scan stands.
/// </summary>
internal sealed class RecordWalker(RecordDraft draft)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Disallow };

    private enum Mode
    {
        Tokens,
        BeforeArray,
        Array,
        LongText,
    }

    private JsonReaderState _state;
    private Mode _mode;
    private bool _isOutermost;
    private bool _hasElements;
    private int _skipDepth;
    private bool _isSkipping;
    private bool _isEscape;
    private byte[] _scratch = new byte[1024];

    public RejectionReason Failure { get; private set; }

    public long FailureOffset { get; private set; }

    public string FailureText { get; private set; } = "";

    /// <summary>The reader's state behind <c>"records":</c>, after <see cref="WalkStatus.AtRecords"/>.</summary>
    public JsonReaderState State => _state;

    /// <summary>True between Begin and the end of the value when the outermost <c>records</c> was null.</summary>
    public bool HasNullRecords { get; private set; }

    public void Begin(int recordIndex, bool isOutermost)
    {
        draft.Begin(recordIndex);
        _state = new JsonReaderState(Options);
        _mode = Mode.Tokens;
        _isOutermost = isOutermost;
        _isSkipping = false;
        HasNullRecords = false;
    }

    /// <summary>Goes on with the outermost object behind its <c>records</c> array.</summary>
    public void ResumeRoot(JsonReaderState state)
    {
        draft.Begin(0);
        draft.OnStart(isObject: true);
        _state = state;
        Feed("[]"u8, 2);
        _mode = Mode.Tokens;
        _isOutermost = true;
        _isSkipping = false;
    }

    public WalkStatus Walk(ReadOnlySpan<byte> data, long offset, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var used = 0;
            var rest = data[consumed..];
            var status = _mode switch
            {
                Mode.BeforeArray => FindArray(rest, out used),
                Mode.Array => ScanArray(rest, offset + consumed, out used),
                Mode.LongText => SkipLongText(rest, out used),
                _ => WalkTokens(rest, offset + consumed, out used),
            };
            consumed += used;
            if (status is not { } final)
                continue;
            return final;
        }
    }

    /// <summary>The text at the start of <paramref name="data"/> does not fit into the buffer: steps over it if it is a value.</summary>
    public bool TryStepOverLongText(ReadOnlySpan<byte> data, out int consumed)
    {
        if (_mode == Mode.Array)
            LeaveArrayToReader();
        consumed = data.IndexOf((byte)'"') + 1;
        var before = consumed == 0 ? data : data[..(consumed - 1)];
        if (_mode != Mode.Tokens || consumed == 0 || before.ContainsAnyExcept(" \t\r\n,"u8))
            return false;

        var reader = new Utf8JsonReader(before.Contains((byte)',') ? ",\"\""u8 : "\"\""u8, isFinalBlock: false, _state);
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            return false;
        _state = reader.CurrentState;
        draft.Facts.HasLongText = true;
        if (!_isSkipping && draft.Place == Place.Tuples)
            draft.Rows.Reject(RejectionReason.TextTooLong, 0, []);
        _mode = Mode.LongText;
        _isEscape = false;
        return true;
    }

    private WalkStatus? WalkTokens(ReadOnlySpan<byte> data, long offset, out int consumed)
    {
        var reader = new Utf8JsonReader(data, isFinalBlock: false, _state);
        WalkStatus? status = WalkStatus.NeedData;
        try
        {
            while (reader.Read())
            {
                if (_isSkipping)
                {
                    _isSkipping = reader.CurrentDepth != _skipDepth || reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray);
                    if (_isSkipping || _skipDepth > 0)
                        continue;
                    status = WalkStatus.Closed;
                    break;
                }

                if (OnToken(ref reader, offset, out status))
                    break;
                status = WalkStatus.NeedData;
            }
        }
        catch (JsonException e)
        {
            status = Fail(e, offset + reader.BytesConsumed);
        }

        consumed = (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return status;
    }

    /// <summary>True when the reader has to stop behind this token; a null status means another mode goes on.</summary>
    private bool OnToken(ref Utf8JsonReader reader, long offset, out WalkStatus? status)
    {
        status = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                return OnName(RecordNames.Find(ref reader), out status);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                OnStart(ref reader, offset);
                return false;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                status = WalkStatus.Closed;
                return draft.OnEnd();
            default:
                OnScalar(ref reader, offset);
                status = WalkStatus.Closed;
                return reader.CurrentDepth == 0;
        }
    }

    private bool OnName(Name name, out WalkStatus? status)
    {
        status = null;
        draft.OnName(name);
        if (name == Name.Records && _isOutermost && draft.Place == Place.Record)
        {
            status = WalkStatus.AtRecords;
            return true;
        }

        if (RecordPlaces.Behind(draft.Place, name, isObject: false) != Place.Tuples)
            return false;
        _mode = Mode.BeforeArray;
        return true;
    }

    private void OnStart(ref Utf8JsonReader reader, long offset)
    {
        if (draft.Place == Place.Tuples)
            draft.Rows.Reject(RejectionReason.NotAString, offset + reader.TokenStartIndex, reader.ValueSpan);
        else if (draft.OnStart(reader.TokenType == JsonTokenType.StartObject))
            return;

        _isSkipping = true;
        _skipDepth = reader.CurrentDepth;
    }

    private void OnScalar(ref Utf8JsonReader reader, long offset)
    {
        var inTuples = draft.Place == Place.Tuples;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (!TryUnescape(ref reader, out var text))
            {
                if (inTuples)
                    draft.Rows.Reject(RejectionReason.InvalidText, offset + reader.TokenStartIndex, reader.ValueSpan);
                else
                    draft.OnInvalidText();
            }
            else if (inTuples)
            {
                draft.Rows.Add(text, offset + reader.TokenStartIndex);
            }
            else
            {
                draft.OnText(text);
            }
        }
        else if (inTuples)
        {
            draft.Rows.Reject(RejectionReason.NotAString, offset + reader.TokenStartIndex, reader.ValueSpan);
        }
        else
        {
            HasNullRecords |= _isOutermost && draft.Place == Place.Record && draft.Name == Name.Records && reader.TokenType == JsonTokenType.Null;
            draft.OnOther(reader.TokenType == JsonTokenType.Null, reader.TokenType == JsonTokenType.Number ? reader.ValueSpan : []);
        }
    }

    private bool TryUnescape(ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return true;
        if (_scratch.Length < text.Length)
            _scratch = new byte[text.Length];
        try
        {
            text = _scratch.AsSpan(0, reader.CopyString(_scratch));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private WalkStatus? FindArray(ReadOnlySpan<byte> data, out int consumed)
    {
        consumed = data.IndexOfAnyExcept(" \t\r\n"u8);
        if (consumed < 0)
        {
            consumed = data.Length;
            return WalkStatus.NeedData;
        }

        // Anything but an array is the reader's business.
        _mode = Mode.Tokens;
        if (data[consumed] != '[')
            return null;
        consumed++;
        draft.OnStart(isObject: false);
        _mode = Mode.Array;
        _hasElements = false;
        return null;
    }

    private WalkStatus? ScanArray(ReadOnlySpan<byte> data, long offset, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            consumed += draft.Rows.ScanPlain(data[consumed..], _hasElements);
            _hasElements |= consumed > 0;

            // On the way: white space, a comma unless this is the first element, white space, a quote.
            var at = consumed;
            var needsComma = _hasElements;
            while (at < data.Length && (data[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' || (data[at] == ',' && needsComma)))
                needsComma &= data[at++] != ',';
            if (at == data.Length)
                return WalkStatus.NeedData;
            if (data[at] == ']' && needsComma == _hasElements)
                return CloseArray(at + 1, out consumed);
            if (data[at] != '"' || needsComma)
                return LeaveArrayToReader();

            var text = data[(at + 1)..];
            var length = text.IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0)
                return WalkStatus.NeedData;
            text = text[..length];
            if (data[at + 1 + length] != '"')
                return LeaveArrayToReader();
            if (!draft.Rows.TryAddPlain(text))
            {
                // A raw control character is a syntax error, which the reader reports.
                if (text.IndexOfAnyInRange((byte)0, (byte)31) >= 0)
                    return LeaveArrayToReader();
                draft.Rows.AddOdd(text, offset + at);
            }

            consumed = at + length + 2;
            _hasElements = true;
        }
    }

    private WalkStatus? CloseArray(int end, out int consumed)
    {
        consumed = end;
        Feed("[]"u8, 2);
        draft.OnEnd();
        _mode = Mode.Tokens;
        return null;
    }

    private WalkStatus? LeaveArrayToReader()
    {
        if (_hasElements)
            Feed("[\"\""u8, 2);
        else
            Feed("["u8, 1);
        _mode = Mode.Tokens;
        return null;
    }

    private void Feed(ReadOnlySpan<byte> json, int tokens)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, _state);
        for (var i = 0; i < tokens; i++)
            reader.Read();
        _state = reader.CurrentState;
    }

    private WalkStatus? SkipLongText(ReadOnlySpan<byte> data, out int consumed)
    {
        for (consumed = 0; consumed < data.Length; consumed++)
        {
            var c = data[consumed];
            if (_isEscape)
            {
                _isEscape = false;
            }
            else if (c == '\\')
            {
                _isEscape = true;
            }
            else if (c == '"')
            {
                consumed++;
                _mode = Mode.Tokens;
                return null;
            }
        }

        return WalkStatus.NeedData;
    }

    private WalkStatus Fail(JsonException e, long offset)
    {
        var isTooDeep = e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase);
        Failure = isTooDeep ? RejectionReason.TooDeep : RejectionReason.Syntax;
        FailureOffset = offset;
        FailureText = isTooDeep ? "it is nested deeper than 64 levels" : "it is not valid JSON";
        return WalkStatus.Failed;
    }
}
