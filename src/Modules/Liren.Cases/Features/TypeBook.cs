using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Organisation;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;
using Liren.Sdk.Text;

namespace Liren.Cases.Features;

/// <summary>A type of case.</summary>
/// <param name="Code">Event type.</param>
/// <param name="Name">In the reader's language.</param>
/// <param name="InUse">Is a case here.</param>
/// <param name="Public">Residents may report it, everybody may follow it.</param>
internal sealed record CaseType(string Code, string Name, bool InUse, bool Public)
{
    /// <summary>First part of the code: "environment".</summary>
    public string Group => Code.Split('.')[0];
}

/// <summary>Types and limits in force; read once for a unit of work.</summary>
internal sealed class TypeBook(CasesDb db, IEventTypes events)
{
    private List<CaseType>? all;
    private LimitBook? limits;

    /// <summary>Every event type, with what it is here; ordered by code.</summary>
    public async Task<IReadOnlyList<CaseType>> AllAsync(CancellationToken stop)
    {
        if (all is not null) return all;
        var own = await db.TypeSettings.AsNoTracking().ToDictionaryAsync(t => t.Code, stop);
        var language = Show.Language;
        return all = [.. (await events.AllAsync(stop)).Select(e => own.TryGetValue(e.Code, out var said) ? new CaseType(e.Code, e.Name(language), said.InUse && e.InUse, said.Public)
            : new CaseType(e.Code, e.Name(language), e.InUse && Shipped.Types.ContainsKey(e.Code), Shipped.Types.GetValueOrDefault(e.Code)))];
    }

    /// <summary>Types in use.</summary>
    public async Task<IReadOnlyList<CaseType>> InUseAsync(CancellationToken stop) => [.. (await AllAsync(stop)).Where(t => t.InUse)];

    /// <summary>Types in use that are public.</summary>
    public async Task<IReadOnlyList<CaseType>> PublicAsync(CancellationToken stop) => [.. (await AllAsync(stop)).Where(t => t is { InUse: true, Public: true })];

    /// <summary>The type in use, or a refusal that names the field.</summary>
    public async Task<CaseType> RequireAsync(string? code, CancellationToken stop)
    {
        var type = (await InUseAsync(stop)).FirstOrDefault(t => t.Code == code);
        Rule.Require(type is not null, "cases.no-type", "type", code ?? "");
        return type!;
    }

    /// <summary>Name of a type; the code when it is unknown.</summary>
    public async Task<string> NameAsync(string code, CancellationToken stop) => (await AllAsync(stop)).FirstOrDefault(t => t.Code == code)?.Name ?? code;

    /// <summary>The limits.</summary>
    public async Task<LimitBook> LimitsAsync(CancellationToken stop) => limits ??= new(await db.Limits.AsNoTracking().ToListAsync(stop), Shipped.Limits);
}
