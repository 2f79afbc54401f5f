using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>A sheet with its mapping, ready to be understood.</summary>
/// <param name="Compound">Compound it is imported into.</param>
/// <param name="Number">Sheet, from 1.</param>
/// <param name="Sheet">The rows.</param>
/// <param name="Mapping">What the columns hold.</param>
/// <param name="Remembered">True when the mapping is the one used last time for these headings.</param>
internal sealed record Roster(PlaceCard Compound, int Number, Sheet Sheet, RosterMapping Mapping, bool Remembered)
{
    /// <summary>Without a name and a room nothing can be registered.</summary>
    public void MustBeComplete()
    {
        Rule.Require(Mapping.Has(RosterField.Name), "people.map-no-name", "map");
        Rule.Require(Mapping.Has(RosterField.Room) || Mapping.Has(RosterField.Address), "people.map-no-room", "map");
    }
}

/// <summary>Opens a roster: finds the sheet and its headings, guesses what the columns hold, remembers what was decided last time.</summary>
internal sealed class RosterLoader(PeopleDb db, IPlaceDirectory places, TimeProvider clock)
{
    /// <summary>Opens the file for a compound; <paramref name="map"/> overrides guess and memory.</summary>
    public async Task<Roster> OpenAsync(byte[] file, string compound, RosterMap? map, CancellationToken stop)
    {
        var card = Rule.Found(await places.FindAsync(compound, stop), "people.no-compound", compound);
        Rule.Require(card.Kind == PlaceKind.Compound, "people.not-a-compound", "compound", card.Name);
        var (number, sheet, header) = Find(file, map);
        var guess = RosterHeaders.Guess(header, sheet.Rows, Days.Of(clock.GetUtcNow()));
        var remembered = false;
        if (await FindMemoryAsync(compound, guess, stop) is { } memory)
        {
            // What has become of a map since (a field that is gone) is no reason to stop.
            try { (guess, remembered) = (RosterMap.Parse(memory.Mapping).Over(guess), true); }
            catch (RuleBrokenException) { remembered = false; }
        }
        return new(card, number, sheet, map?.Over(guess) ?? guess, remembered);
    }

    /// <summary>Understands every row and what contradicts between them.</summary>
    public async Task<IReadOnlyList<RosterRow>> ReadAsync(Roster roster, CancellationToken stop)
    {
        roster.MustBeComplete();
        var tags = await db.TagKinds.AsNoTracking().ToListAsync(stop);
        var rows = new RosterReader(roster.Mapping, roster.Compound.Name, tags, Actor.Current.May("people.tags", roster.Compound.Path), Days.Of(clock.GetUtcNow())).ReadAll(roster.Sheet.Rows).ToList();
        RosterChecks.Across(rows, roster.Mapping);
        return rows;
    }

    /// <summary>Remembers the mapping for these headings in this compound; saved with the caller's next save.</summary>
    public async Task RememberAsync(Roster roster, CancellationToken stop)
    {
        var json = RosterMap.Of(roster.Mapping, roster.Number) with { HeaderRow = null, Sheet = null };
        if (await FindMemoryAsync(roster.Compound.Path, roster.Mapping, stop) is { } memory) (memory.Mapping, memory.At) = (json.ToJson(), clock.GetUtcNow());
        else db.Add(new ImportMapping { CompoundPath = roster.Compound.Path, Headers = RosterMap.KeyOf(roster.Mapping.Columns), Mapping = json.ToJson(), At = clock.GetUtcNow() });
    }

    private async Task<ImportMapping?> FindMemoryAsync(string compound, RosterMapping mapping, CancellationToken stop)
    {
        var key = RosterMap.KeyOf(mapping.Columns);
        return await db.ImportMappings.SingleOrDefaultAsync(m => m.CompoundPath == compound && m.Headers == key, stop);
    }

    // The sheet asked for, or the first that has headings.
    private static (int Number, Sheet Sheet, int Header) Find(byte[] file, RosterMap? map)
    {
        if (map?.Sheet is { } asked)
        {
            var sheet = SheetFile.Read(file, asked);
            return (asked, sheet, HeaderOf(sheet, map) ?? throw new RuleBrokenException("people.no-header", "file", 422, RosterHeaders.SearchedRows));
        }
        var count = SheetFile.SheetNames(file).Count;
        for (var number = 1; number <= count; number++)
        {
            Sheet sheet;
            try { sheet = SheetFile.Read(file, number); }
            catch (RuleBrokenException empty) when (empty.Code == "people.file-empty" && number < count) { continue; }
            if (HeaderOf(sheet, map) is { } header) return (number, sheet, header);
        }
        throw new RuleBrokenException("people.no-header", "file", 422, RosterHeaders.SearchedRows);
    }

    private static int? HeaderOf(Sheet sheet, RosterMap? map)
    {
        if (map?.HeaderRow is not { } row) return RosterHeaders.FindRow(sheet.Rows);
        Rule.Require(row >= 1 && row <= sheet.Rows.Count, "people.map-header-row", "map", sheet.Rows.Count);
        return row;
    }
}
