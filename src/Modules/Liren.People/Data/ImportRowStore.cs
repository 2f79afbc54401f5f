using System.Text;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Liren.People.Data;

/// <summary>Writes the outcomes of rows: many, small and never changed, so a statement for many at once instead of tracked entities. Nobody else writes this table.</summary>
internal static class ImportRowStore
{
    private const int AtOnce = 150;

    /// <summary>Adds the rows in the context's transaction.</summary>
    public static async Task AddAsync(PeopleDb db, IReadOnlyList<ImportRow> rows, CancellationToken stop)
    {
        foreach (var batch in rows.Chunk(AtOnce))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
            var text = new StringBuilder("INSERT INTO \"people_import_row\" (\"RunId\",\"Row\",\"Outcome\",\"PersonId\",\"Codes\") VALUES ");
            for (var i = 0; i < batch.Length; i++)
            {
                text.Append(i == 0 ? "" : ",").Append($"(@r,@n{i},@o{i},@p{i},@c{i})");
                command.With($"@n{i}", batch[i].Row);
                command.With($"@o{i}", batch[i].Outcome.ToString());
                command.With($"@p{i}", batch[i].PersonId);
                command.With($"@c{i}", batch[i].Codes);
            }
            command.With("@r", batch[0].RunId);
            command.CommandText = text.ToString();
            await command.ExecuteNonQueryAsync(stop);
        }
    }
}
