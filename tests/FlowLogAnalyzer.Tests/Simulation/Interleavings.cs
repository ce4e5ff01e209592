using FlowLogAnalyzer.Lake.Delta;

namespace FlowLogAnalyzer.Tests.Simulation;

/// <summary>
/// Every order in which some actors can take their turns, one after the other: a path of choices is run from the beginning, then the last
/// choice that has another way is changed. An actor waits for its turn before it looks at the log for the first time and before it
/// creates an entry; what it does in between nobody else can see.
/// </summary>
internal sealed class Interleavings
{
    private readonly List<(int Chosen, int Of)> _path = [];
    private readonly SortedDictionary<int, TaskCompletionSource> _waiting = [];
    private int _depth;

    /// <summary>The choices of this run.</summary>
    public string Path => string.Join('.', _path.Select(p => p.Chosen));

    /// <summary>Goes to the next path; false when there is none.</summary>
    public bool Next()
    {
        _depth = 0;
        _waiting.Clear();
        while (_path.Count > 0 && _path[^1].Chosen + 1 == _path[^1].Of)
            _path.RemoveAt(_path.Count - 1);
        if (_path.Count == 0)
            return false;
        _path[^1] = _path[^1] with { Chosen = _path[^1].Chosen + 1 };
        return true;
    }

    public Task TurnAsync(int actor)
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(actor, turn);
        return turn.Task;
    }

    /// <summary>Gives one of those that wait its turn.</summary>
    public bool Choose()
    {
        if (_waiting.Count == 0)
            return false;
        if (_depth == _path.Count)
            _path.Add((0, _waiting.Count));
        var (actor, turn) = _waiting.ElementAt(Math.Min(_path[_depth++].Chosen, _waiting.Count - 1));
        _waiting.Remove(actor);
        turn.SetResult();
        return true;
    }

    /// <summary>The store as one of the actors has it.</summary>
    public sealed class Store(SimulatedFiles files, Interleavings turns, int actor) : Support.StoreDecorator(files)
    {
        public override async ValueTask<bool> PutIfAbsentAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
        {
            if (DeltaNames.CommitVersion(path) is not null)
                await turns.TurnAsync(actor);
            return await base.PutIfAbsentAsync(path, content, ct);
        }
    }
}
