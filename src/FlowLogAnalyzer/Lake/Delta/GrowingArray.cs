namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>A list whose content is handed out as memory, without a copy, and whose room is kept when it is cleared.</summary>
internal sealed class GrowingArray<T>
{
    private const int FirstItems = 64;
    private T[] _items = [];
    private int _count;

    public ReadOnlyMemory<T> Written => _items.AsMemory(0, _count);

    public void Add(T item)
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, Math.Max(FirstItems, _count * 2));
        _items[_count++] = item;
    }

    /// <summary>Forgets the items, so that what they point to can be collected.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
    }
}
