using System.Text;

namespace FlowLogAnalyzer.Lab.Model;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): small, fast, and the same on every machine and .NET version.</summary>
internal sealed class LabRandom(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A hash of a text that does not change between runs (string.GetHashCode does).</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ octet) * 1099511628211UL;
        return Mix(hash);
    }

    /// <summary>A stream of its own per purpose, so that one more draw in one place does not shift all others.</summary>
    public static LabRandom For(ulong seed, string purpose) => new(Mix(seed * 0x9E3779B97F4A7C15) ^ Hash(purpose));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (Unit() * (high - low));

    /// <summary>Waiting time of a Poisson process with this mean.</summary>
    public double Exponential(double mean) => -Math.Log(1.0 - Unit()) * mean;
}
