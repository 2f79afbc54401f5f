using System.Text;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;

namespace Liren.Passes.Data;

/// <summary>
/// Picks out the lines that need a closer look, from what the index of passes reads anyway: nearly every line is an ordinary passage, and asking the database about each
/// once more costs as much as writing it. Too many may be picked, never too few.
/// </summary>
/// <param name="reasons">Reasons of a verdict that mean misuse.</param>
/// <param name="near">The same pass let in twice within this time needs a look.</param>
internal sealed class Suspects(IEnumerable<string> reasons, TimeSpan near)
{
    private readonly byte[][] reasons = [.. reasons.Select(Encoding.UTF8.GetBytes)];
    private readonly long near = (long)near.TotalMilliseconds;

    /// <summary>Lines with a reason that means misuse, or a document that did not fit.</summary>
    public SeqRange Odd { get; private set; }

    /// <summary>Lines that let a pass in shortly before or after another.</summary>
    public SeqRange Twice { get; private set; }

    /// <summary>Looks at one line.</summary>
    public void LookAt(long seq, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> idChecked)
    {
        var odd = idChecked.SequenceEqual("mismatch"u8);
        for (var i = 0; !odd && i < reasons.Length; i++) odd = reason.SequenceEqual(reasons[i]);
        if (odd) Odd = Odd.With(seq);
    }

    /// <summary>Looks at lines among themselves and beside those of the index, in which they are not yet.</summary>
    /// <param name="rows">In the order of the index.</param>
    /// <param name="connection">Reads the index.</param>
    public void LookAt(List<PassageRow> rows, SqliteConnection connection)
    {
        using var before = new SqliteStatement(connection, "SELECT 1 FROM passes_passage WHERE \"Cti\" = ? AND \"At\" >= ? AND \"At\" <= ?");
        var last = default(PassageRow);
        foreach (var row in rows)
        {
            if (!row.Entered) continue;
            var again = last.Cti == row.Cti && row.At - last.At <= near;
            if (again) Twice = Twice.With(last.Seq);
            else
            {
                before.BindCti(1, row.Cti);
                before.Bind(2, row.At - near);
                before.Bind(3, row.At + near);
                again = before.Step();
                before.Reset();
            }
            if (again) Twice = Twice.With(row.Seq);
            last = row;
        }
    }
}

/// <summary>The narrowest stretch of the log with all lines that were named.</summary>
internal readonly record struct SeqRange(long First, long Last)
{
    /// <summary>Whether no line was named.</summary>
    public bool IsEmpty => Last == 0;

    /// <summary>The stretch with one line more.</summary>
    public SeqRange With(long seq) => IsEmpty ? new(seq, seq) : new(Math.Min(First, seq), Math.Max(Last, seq));
}
