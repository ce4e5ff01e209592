namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>Writes one column of a row group, or two that belong together. Keeps its tables from one row group to the next.</summary>
internal abstract class ColumnEncoder
{
    public abstract void Encode(RowGroupInput input, ChunkWriter writer);
}
