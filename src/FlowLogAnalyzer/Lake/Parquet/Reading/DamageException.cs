namespace FlowLogAnalyzer.Lake.Parquet.Reading;

/// <summary>Bytes of a data file are not what the encoder writes. Says what, not where: whoever knows the place adds it.</summary>
internal sealed class DamageException(string message) : Exception(message)
{
    public static void Unless(bool isSound, string message)
    {
        if (!isSound)
            throw new DamageException(message);
    }
}
