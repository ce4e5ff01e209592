namespace FlowLogAnalyzer.Lake.Delta;

/// <summary>A table asks for something of whoever reads or writes it that flowlog does not do. Nothing was changed.</summary>
public sealed class DeltaFeatureException(string feature, string message) : NotSupportedException(message)
{
    /// <summary>As the Delta protocol names it, or the version that is asked for.</summary>
    public string Feature { get; } = feature;
}
