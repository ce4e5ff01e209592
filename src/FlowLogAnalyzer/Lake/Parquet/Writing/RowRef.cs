using System.Runtime.InteropServices;

namespace FlowLogAnalyzer.Lake.Parquet.Writing;

/// <summary>One row of a selection over several batches: the batch's position in the list, and the row in it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RowRef(int Batch, int Row);
