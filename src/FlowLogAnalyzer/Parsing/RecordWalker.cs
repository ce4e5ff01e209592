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
/// <c>flowTuples</c> array is read by <see cref="Utf8JsonReader"/>. Such an array is for <see cref="TupleArrayWalk"/>: the
/// reader's state behind the property name is kept, and when the array is over the state is given the two bytes <c>[]</c>.
/// When something is not plain, the reader takes the array over.
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

    private readonly TupleArrayWalk _array = new(draft.Rows);
    private readonly LongText _longText = new();
    private readonly LostTuples _lost = new();
    private readonly TextUnescaper _unescaper = new();
    private JsonReaderState _state;
    private Mode _mode;
    private bool _isOutermost;
    private int _skipDepth;
    private bool _isSkipping;

    public RejectionReason Failure { get; private set; }

    public long FailureOffset { get; private set; }

    public string FailureText { get; private set; } = "";

    /// <summary>Tuples of the record in places that nobody reads.</summary>
    public int LostTuples => _lost.Count;

    /// <summary>The reader's state behind <c>"records":</c>, after <see cref="WalkStatus.AtRecords"/>.</summary>
    public JsonReaderState State => _state;

    /// <summary>True between Begin and the end of the value when the outermost <c>records</c> was null.</summary>
    public bool HasNullRecords { get; private set; }

    public void Begin(int recordIndex, bool isOutermost)
    {
        draft.Begin(recordIndex);
        _lost.Begin();
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
        _lost.Begin();
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
                Mode.BeforeArray => OnArrayStep(_array.Open(rest, out used)),
                Mode.Array => OnArrayStep(_array.Walk(rest, offset + consumed, out used)),
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
            OnArrayStep(ArrayStep.ToReader);
        consumed = data.IndexOf((byte)'"') + 1;
        var before = consumed == 0 ? data : data[..(consumed - 1)];
        if (_mode != Mode.Tokens || consumed == 0 || before.ContainsAnyExcept(" \t\r\n,"u8))
            return false;

        var reader = new Utf8JsonReader(before.Contains((byte)',') ? ",\"\""u8 : "\"\""u8, isFinalBlock: false, _state);
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            return false;
        _state = reader.CurrentState;
        draft.Facts.HasLongText = true;
        if (_isSkipping)
            _lost.LongText();
        else if (draft.Place == Place.Tuples)
            draft.Rows.Reject(RejectionReason.TextTooLong, 0, []);
        _mode = Mode.LongText;
        _longText.Begin();
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
                    _lost.Look(ref reader);
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
        var (name, isTuple) = (draft.Name, draft.Place == Place.Tuples);
        if (isTuple)
            draft.Rows.Reject(RejectionReason.NotAString, offset + reader.TokenStartIndex, reader.ValueSpan);
        else if (draft.OnStart(reader.TokenType == JsonTokenType.StartObject))
            return;

        _lost.Enter(ref reader, name, isTuple);
        _isSkipping = true;
        _skipDepth = reader.CurrentDepth;
    }

    private void OnScalar(ref Utf8JsonReader reader, long offset)
    {
        var inTuples = draft.Place == Place.Tuples;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (!_unescaper.TryGet(ref reader, out var text))
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

    private WalkStatus? OnArrayStep(ArrayStep step)
    {
        if (step == ArrayStep.NeedData)
            return WalkStatus.NeedData;
        if (step == ArrayStep.Opened)
        {
            draft.OnStart(isObject: false);
            _mode = Mode.Array;
            return null;
        }

        if (step == ArrayStep.Closed)
        {
            Feed("[]"u8, 2);
            draft.OnEnd();
        }
        else if (_mode == Mode.Array)
        {
            Feed(_array.HasElements ? "[\"\""u8 : "["u8, _array.HasElements ? 2 : 1);
        }

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
        if (!_longText.TryEnd(data, out consumed))
            return WalkStatus.NeedData;
        _mode = Mode.Tokens;
        return null;
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
