using System.Buffers.Text;
using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Gives the tokens of a record their meaning: keeps the places, the values, and completes groups when they close.</summary>
internal sealed class RecordDraft(RecordRows rows, Utf8StringPool pool)
{
    private const int MaxPlaces = 8;

    private readonly PlaceFrame[] _frames = new PlaceFrame[MaxPlaces];
    private int _top = -1;

    public RecordFacts Facts { get; } = new();

    public RecordRows Rows => rows;

    /// <summary>The name read last, whose value comes next; in an array <see cref="Name.Other"/>.</summary>
    public Name Name { get; private set; }

    public Place Place => _top < 0 ? Place.None : _frames[_top].Place;

    public void Begin(int recordIndex)
    {
        Facts.Clear();
        rows.BeginRecord(recordIndex);
        _top = -1;
        Name = Name.Other;
    }

    public void OnName(Name name)
    {
        Name = name;
        ref var frame = ref _frames[_top];
        Facts.HasForeignShape |= frame.Place == Place.VnetFlow && name == Name.Rule;
        if (name == Name.Other || !RecordPlaces.Knows(frame.Place, name))
            return;

        var bit = 1u << (int)name;
        if ((frame.Seen & bit) != 0)
        {
            Facts.Flags |= QualityFlags.Record;
            if (RecordPlaces.Leads(frame.Place, name))
                rows.Supersede(frame.FirstRow);
        }

        frame.Seen |= bit;
    }

    /// <summary>Enters an object or array; false when it leads nowhere and is to be skipped.</summary>
    public bool OnStart(bool isObject)
    {
        var from = Place;
        var name = Name;
        Name = Name.Other;
        var place = RecordPlaces.Behind(from, name, isObject);
        if (place == Place.None)
        {
            OnWrongValue(from, name, isNull: false);
            return false;
        }

        NoteShape(from, name, place);
        _frames[++_top] = new PlaceFrame { Place = place, FirstRow = rows.RowCount, FirstGroup = rows.Groups.Count };
        if (place is Place.NsgInner or Place.VnetGroup || (place == Place.Tuples && from == Place.Record))
            rows.BeginGroup(isVnet: place != Place.NsgInner);
        return true;
    }

    /// <summary>Leaves the innermost place; true when that was the record.</summary>
    public bool OnEnd()
    {
        ref var frame = ref _frames[_top];
        for (var i = frame.FirstGroup; i < rows.Groups.Count; i++)
        {
            rows.Groups[i].Rule ??= frame.Rule;
            rows.Groups[i].Mac ??= frame.Mac;
            rows.Groups[i].AclId ??= frame.AclId;
        }

        _top--;
        Name = Name.Other;
        return _top < 0;
    }

    /// <summary>A scalar that is not a string, or one in a place where no text belongs.</summary>
    public void OnOther(bool isNull, ReadOnlySpan<byte> number)
    {
        if (Name is Name.Version or Name.FlowLogVersion && !number.IsEmpty)
            SetVersion(number);
        else
            OnWrongValue(Place, Name, isNull);
    }

    public void OnText(ReadOnlySpan<byte> text)
    {
        if (!RecordPlaces.Knows(Place, Name) || RecordPlaces.Leads(Place, Name))
            OnWrongValue(Place, Name, isNull: false);
        else if (Name == Name.Time)
            SetTime(text);
        else if (Name is Name.Mac or Name.MacAddress)
            SetMac(text);
        else if (Name is Name.Version or Name.FlowLogVersion)
            SetVersion(text);
        else if (Name is Name.PortId or Name.PortName)
            Facts.HasPortId = true;
        else
            SetText(pool.Get(text));
    }

    /// <summary>A text with half a surrogate pair: as a value that cannot be read where that is no fault of the record.</summary>
    public void OnInvalidText() => OnText([0xFF]);

    private void OnWrongValue(Place place, Name name, bool isNull)
    {
        if (RecordPlaces.IsArray(place))
        {
            // Nothing can be under a null; anything else might have held tuples.
            Facts.Flags |= QualityFlags.Record;
            Facts.HasWrongPath |= !isNull;
            return;
        }

        if (name == Name.Other || !RecordPlaces.Knows(place, name))
            return;
        if (name == Name.Records)
        {
            Facts.HasNestedRecords = true;
        }
        else if (RecordPlaces.Leads(place, name))
        {
            Facts.HasWrongPath |= !isNull && place != Place.Record;
            if (!isNull || place != Place.Record)
                NoteShape(place, name, Place.None);
        }
        else
        {
            Facts.Flags |= QualityFlags.Record;
            Reset(name);
        }
    }

    private void NoteShape(Place from, Name name, Place place)
    {
        Facts.IsObject |= from == Place.None;
        if (from == Place.Properties && name == Name.Flows)
            Facts.HasNsgFlows = true;
        if (from == Place.FlowRecords && name == Name.Flows)
            Facts.HasVnetFlows = true;
        if (from == Place.Record && name == Name.FlowRecords)
            Facts.HasFlowRecords = true;
        if (from == Place.Record && place == Place.Tuples)
            Facts.HasFlatTuples = true;
        if ((from == Place.NsgFlow && name == Name.FlowGroups) || (from == Place.VnetFlow && name == Name.Flows))
            Facts.HasForeignShape = true;
        if (place == Place.Properties)
            Facts.NsgVersion = rows.NsgVersion = 0;
    }

    private void SetVersion(ReadOnlySpan<byte> text)
    {
        var isWhole = Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length && value is > 0 and < 1000 && value == (int)value;
        var version = isWhole ? (int)value : -1;
        if (Place == Place.Properties && Name == Name.Version)
            Facts.NsgVersion = rows.NsgVersion = version is 1 or 2 ? version : -1;
        else if (Place == Place.Record && Name == Name.FlowLogVersion)
            Facts.VnetVersion = version;
    }

    private void SetTime(ReadOnlySpan<byte> text)
    {
        var ok = RecordTime.TryParse(text, out var time, out var hasZone);
        Facts.TimeMs = ok ? time : null;
        if (!ok || !hasZone)
            Facts.Flags |= QualityFlags.Record;
    }

    private void SetMac(ReadOnlySpan<byte> text)
    {
        Span<byte> mac = stackalloc byte[12];
        var value = MacText.TryNormalize(text, mac) ? pool.Get(mac) : null;
        if (value is null)
            Facts.Flags |= QualityFlags.Record;
        if (Name == Name.Mac)
            _frames[_top].Mac = value;
        else
            Facts.Mac = value;
    }

    private void SetText(string? text)
    {
        Facts.HasInvalidText |= text is null;
        Assign(Name, text);
    }

    private void Reset(Name name)
    {
        Assign(name, null);
        switch (name)
        {
            case Name.Time: Facts.TimeMs = null; break;
            case Name.MacAddress: Facts.Mac = null; break;
            case Name.Mac: _frames[_top].Mac = null; break;
            case Name.Version: Facts.NsgVersion = rows.NsgVersion = 0; break;
            case Name.FlowLogVersion: Facts.VnetVersion = 0; break;
        }
    }

    private void Assign(Name name, string? text)
    {
        switch (name)
        {
            case Name.Category: Facts.Category = text; break;
            case Name.SystemId: Facts.SystemId = text; break;
            case Name.ResourceId: Facts.ResourceId = text; break;
            case Name.FlowLogGuid: Facts.FlowLogGuid = text; break;
            case Name.FlowLogResourceId: Facts.FlowLogResourceId = text; break;
            case Name.TargetResourceId: Facts.TargetResourceId = text; break;
            case Name.Rule: _frames[_top].Rule = text; break;
            case Name.AclId: _frames[_top].AclId = text; break;
        }
    }
}
