using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Benchmarks.Compaction;

/// <summary>Something that is done with all small files of a lake, whose folder it leaves as it is.</summary>
internal abstract record Contestant(string Name, string Means)
{
    /// <summary>Compaction, which the others are compared with, is the first.</summary>
    public static IReadOnlyList<Contestant> All { get; } = [new Compaction(), new Encoding(), new Decoding(), new ParquetNetReading(), new DuckDbCopy()];

    public static Contestant Named(string name) => All.First(c => c.Name == name);

    public abstract Task<Measurement> MeasureAsync(string lake);

    /// <summary>The files as compaction bundles them: of one date, in the order of time, up to its target.</summary>
    protected static async Task<IReadOnlyList<TupleFile[]>> BundlesAsync(string lake)
    {
        var bundles = new List<List<TupleFile>>();
        foreach (var file in (await (await FlowLake.OpenAsync(lake)).Tuples.GetActiveFilesAsync()).OrderBy(f => f.Date).ThenBy(f => f.MinTime))
        {
            if (bundles.Count == 0 || bundles[^1][0].Date != file.Date || bundles[^1].Sum(f => f.Rows) + file.Rows > new CompactOptions().TargetRows)
                bundles.Add([]);
            bundles[^1].Add(file);
        }

        return [.. bundles.Select(b => b.ToArray())];
    }

    protected static async Task<IReadOnlyList<TupleBatch>> DecodeAsync(TupleFile[] files, TupleBatchPool pool)
    {
        using var decoder = new TupleFileDecoder();
        var batches = new List<TupleBatch>();
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file.LocalPath!);
            var groups = await decoder.OpenAsync(stream, file.RelativePath, default) ?? throw new InvalidOperationException($"'{file.RelativePath}' was written by another program.");
            for (var group = 0; group < groups.Count; group++)
                batches.Add(await decoder.ReadAsync((stream, file.RelativePath), groups, group, pool, default));
        }

        return batches;
    }

    /// <summary>What <c>flowlog lake compact</c> does, on a copy of the lake.</summary>
    private sealed record Compaction() : Contestant("compaction", "**compaction: small files to committed large ones**")
    {
        public override async Task<Measurement> MeasureAsync(string lake)
        {
            await OnCopyAsync(lake);
            return await OnCopyAsync(lake);
        }

        private static async Task<Measurement> OnCopyAsync(string lake)
        {
            var copy = Directory.CreateTempSubdirectory("flowlog-compaction-").FullName;
            foreach (var file in Directory.EnumerateFiles(lake, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(copy, Path.GetRelativePath(lake, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            var measured = await Measurement.OfAsync(() => CompactAsync(copy));
            Directory.Delete(copy, recursive: true);
            return measured;
        }

        private static async Task<(long Rows, long Bytes)> CompactAsync(string folder)
        {
            var lake = await FlowLake.OpenAsync(folder);
            var result = await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = DateOnly.MaxValue });
            return (result.Rows, (await lake.Tuples.GetActiveFilesAsync()).Sum(f => f.Bytes));
        }
    }

    /// <summary>The part that cannot be spared: the rows, in memory and in order, to bytes.</summary>
    private sealed record Encoding() : Contestant("encoding", "encoding the same rows, one thread")
    {
        public override async Task<Measurement> MeasureAsync(string lake)
        {
            var bundles = new List<IReadOnlyList<TupleBatch>>();
            foreach (var bundle in await BundlesAsync(lake))
                bundles.Add(await DecodeAsync(bundle, new TupleBatchPool(0)));
            var runs = bundles.Select(TupleSort.Whole).ToList();
            using var encoder = new FlowFileEncoder();
            Encode(encoder, bundles[0], runs[0]);
            return await Measurement.OfAsync(() =>
            {
                var files = bundles.Select((b, i) => Encode(encoder, b, runs[i])).ToList();
                return Task.FromResult((files.Sum(f => f.Rows), files.Sum(f => f.Bytes)));
            });
        }

        private static EncodedFile Encode(FlowFileEncoder encoder, IReadOnlyList<TupleBatch> batches, List<RowRun> runs)
        {
            encoder.Begin(Stream.Null);
            encoder.Add(batches, CollectionsMarshal.AsSpan(runs));
            return encoder.End();
        }
    }

    /// <summary>All rows back to arrays.</summary>
    private sealed record Decoding() : Contestant("decoding", "decoding the files, one thread")
    {
        public override async Task<Measurement> MeasureAsync(string lake)
        {
            var bundles = await BundlesAsync(lake);
            var pool = new TupleBatchPool(2 * new CompactOptions().TargetRows);
            foreach (var batch in await DecodeAsync(bundles[0], pool))
                pool.Return(batch);
            return await Measurement.OfAsync(async () =>
            {
                var rows = 0L;
                foreach (var bundle in bundles)
                {
                    foreach (var batch in await DecodeAsync(bundle, pool))
                    {
                        rows += batch.Count;
                        pool.Return(batch);
                    }
                }

                return (rows, 0);
            });
        }
    }

    /// <summary>All columns through the general reader, one thread.</summary>
    private sealed record ParquetNetReading() : Contestant("parquet-net", "Parquet.Net, reading only, one thread")
    {
        public override async Task<Measurement> MeasureAsync(string lake)
        {
            var files = (await BundlesAsync(lake)).SelectMany(b => b).ToList();
            return await Measurement.OfAsync(async () =>
            {
                var rows = 0L;
                foreach (var file in files)
                {
                    await using var reader = await ParquetBlockReader.OpenAsync((File.OpenRead(file.LocalPath!), file.RelativePath), TupleFileWriter.DataColumns, default);
                    for (var group = 0; group < reader.GroupCount; group++)
                        rows += (await reader.ReadAsync(group, default)).Count;
                }

                return (rows, 0);
            });
        }
    }

    /// <summary>The same bundles in the same order, one COPY each.</summary>
    private sealed record DuckDbCopy() : Contestant("duckdb", "DuckDB `COPY (SELECT … ORDER BY …)`, one per file written")
    {
        public override async Task<Measurement> MeasureAsync(string lake)
        {
            var bundles = await BundlesAsync(lake);
            var folder = Directory.CreateTempSubdirectory("flowlog-duckdb-").FullName;
            await using var connection = new DuckDBConnection("DataSource=:memory:");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            var measured = await Measurement.OfAsync(() => Task.FromResult(Copy(command, bundles, folder)));
            Directory.Delete(folder, recursive: true);
            return measured;
        }

        private static (long Rows, long Bytes) Copy(DuckDBCommand command, IReadOnlyList<TupleFile[]> bundles, string folder)
        {
            var rows = 0L;
            for (var i = 0; i < bundles.Count; i++)
            {
                var files = string.Join(", ", bundles[i].Select(f => $"'{f.LocalPath}'"));
                command.CommandText = $"""
                    COPY (SELECT * FROM read_parquet([{files}], hive_partitioning = false) ORDER BY date_trunc('minute', coalesce(record_time, time)), mac, blob, record_index, tuple_index)
                    TO '{Path.Combine(folder, $"{i}.parquet")}' (FORMAT parquet, COMPRESSION snappy)
                    """;
                rows += command.ExecuteNonQuery();
            }

            return (rows, Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length));
        }
    }
}
