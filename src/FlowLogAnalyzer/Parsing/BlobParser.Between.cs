namespace FlowLogAnalyzer.Parsing;

/// <summary>The bytes before, between and behind the records.</summary>
internal sealed partial class BlobParser
{
    private ParseStatus? SkipMark(ReadOnlySpan<byte> data, bool isEnd, out int consumed)
    {
        consumed = 0;
        if (data.Length < 4 && !isEnd)
            return ParseStatus.NeedData;
        if (ByteOrderMark.FindForeign(data) is { } name)
            return Fail(RejectionReason.Encoding, $"it begins with the byte order mark of {name}; flow logs are UTF-8", data);

        consumed = ByteOrderMark.SkipUtf8(data);
        _state = State.First;
        return null;
    }

    private ParseStatus? Between(ReadOnlySpan<byte> data, out int consumed)
    {
        // White space is a step of its own, so that Offset stands at what is looked at.
        consumed = data.IndexOfAnyExcept(" \t\r\n"u8);
        if (consumed < 0)
        {
            consumed = data.Length;
            return ParseStatus.NeedData;
        }

        if (consumed > 0)
            return null;
        return _state switch
        {
            State.First => OnFirst(data, out consumed),
            State.BeforeRecordsArray => OnRecordsValue(data, out consumed),
            State.SequenceClosed => OnSequenceClosed(data, out consumed),
            _ => OnBetween(data, out consumed),
        };
    }

    private ParseStatus? OnFirst(ReadOnlySpan<byte> data, out int take)
    {
        take = 0;
        if (_request.IsContinuation || data[0] == ',')
        {
            _state = State.InSequence;
            _around = State.InSequence;
            return null;
        }

        if (data[0] == '{')
        {
            _around = State.InSequence;
            return BeginRecord(isOutermost: true);
        }

        if (data[0] != '[')
            return Fail(RejectionReason.NotJson, $"a flow log begins with {{\"records\":[ and this with {ByteOrderMark.Show(data)}", data);
        take = 1;
        _state = _around = State.InArray;
        return null;
    }

    private ParseStatus? OnBetween(ReadOnlySpan<byte> data, out int take)
    {
        take = 1;
        var first = data[0];
        var inArray = _state == State.InArray;
        if (first == ',')
            return OnComma(data);
        if (first == ']')
            return OnClose(data, inArray);
        if (first == '}' && !inArray && _request.IsContinuation)
        {
            _state = State.End;
            return null;
        }

        if (inArray ? _hasRecord && _commas == 0 : first != '{')
            return Fail(RejectionReason.Syntax, $"a comma or the end of the records was expected and {ByteOrderMark.Show(data)} found", data);
        take = 0;
        return BeginRecord(isOutermost: false);
    }

    private ParseStatus? OnComma(ReadOnlySpan<byte> data)
    {
        var isSurplus = _commas > 0 || (_state == State.InArray && !_hasRecord);
        _commas++;
        if (!isSurplus)
            return null;
        SurplusCommas++;
        return _request.Strict ? Fail(RejectionReason.Syntax, "there is a comma with no record before it", data) : null;
    }

    private ParseStatus? OnClose(ReadOnlySpan<byte> data, bool inArray)
    {
        if (_commas > 0)
        {
            SurplusCommas++;
            if (_request.Strict)
                return Fail(RejectionReason.Syntax, "there is a comma with no record behind it", data);
        }

        _commas = 0;
        if (!inArray)
            _state = State.SequenceClosed;
        else if (_rootIsObject)
            ResumeRoot();
        else
            _state = State.End;
        return null;
    }

    private ParseStatus? OnSequenceClosed(ReadOnlySpan<byte> data, out int take)
    {
        take = data[0] == '}' ? 1 : 0;
        _state = State.End;
        return null;
    }

    private ParseStatus? OnRecordsValue(ReadOnlySpan<byte> data, out int take)
    {
        take = 0;
        if (data[0] != '[')
        {
            // null, or something that cannot be records: the walk of the outermost object goes on and says so.
            _state = State.InRecord;
            return null;
        }

        take = 1;
        _rows.Revoke();
        Tally.AbandonRecord();
        _root = _walker.State;
        _rootIsObject = true;
        _hasRecord = false;
        _state = _around = State.InArray;
        return null;
    }
}
