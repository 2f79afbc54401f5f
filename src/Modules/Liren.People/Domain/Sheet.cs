namespace Liren.People.Domain;

/// <summary>One row of a sheet, folded to plain text.</summary>
/// <param name="Number">As the spreadsheet counts, from 1.</param>
/// <param name="Cells">Texts; empty where nothing stands.</param>
/// <param name="Problem">Text key when the row itself is broken.</param>
internal sealed record SheetRow(int Number, string[] Cells, string? Problem = null)
{
    /// <summary>The cell, or "" beyond the end.</summary>
    public string At(int column) => column < Cells.Length ? Cells[column] : "";

    public bool IsEmpty => Problem is null && Array.TrueForAll(Cells, c => c.Length == 0);
}

/// <summary>A sheet of a file.</summary>
/// <param name="Name">Its name; "CSV" for text files.</param>
/// <param name="Rows">All rows, in order.</param>
internal sealed record Sheet(string Name, IReadOnlyList<SheetRow> Rows);
