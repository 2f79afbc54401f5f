using System.Buffers.Text;
using System.Text.Json;
using Liren.Contracts.Identity;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>The resident behind the account that asks (本人): what they may see and change is their own, whatever their role.</summary>
internal sealed class Myself(PassesDb db, IPersonAccounts accounts, IPassHolders holders, IPlaceDirectory places, Protector protector)
{
    /// <summary>Who asks; an account that is nobody's own is told where to go.</summary>
    public async Task<Guid> PersonAsync(CancellationToken stop)
    {
        var person = Actor.Current is { Kind: ActorKind.Person, Id: { } account } ? await accounts.PersonOfAsync(account, stop) : null;
        Rule.State(person is not null, "passes.not-linked");
        return person!.Value;
    }

    /// <summary>Who asks, with a home; of the others there nothing is read.</summary>
    public async Task<PassHolder> SelfAsync(CancellationToken stop)
    {
        var self = await holders.SelfAsync(await PersonAsync(stop), stop);
        Rule.State(self?.Room is not null, "passes.no-home-own");
        return self!;
    }

    /// <summary>Who asks, and who lives with them; the resident first, with a home.</summary>
    public async Task<IReadOnlyList<PassHolder>> HouseholdAsync(CancellationToken stop)
    {
        var household = await holders.HouseholdAsync(await PersonAsync(stop), stop);
        Rule.State(household is [{ Room: not null }, ..], "passes.no-home-own");
        return household;
    }

    /// <summary>The compound one lives in.</summary>
    public async Task<PlaceCard> CompoundAsync(PassHolder self, CancellationToken stop)
    {
        var compound = await IssuePass.CompoundOfAsync(places, self.Room!, stop);
        Rule.State(compound is not null, "passes.no-home-own");
        return compound!;
    }

    /// <summary>One pass that is the resident's own or carried by them; anybody else's does not exist for them.</summary>
    public async Task<Pass> PassAsync(Guid id, CancellationToken stop)
    {
        var me = await PersonAsync(stop);
        var pass = await db.Passes.Include(p => p.Changes).SingleOrDefaultAsync(p => p.Id == id, stop);
        return Rule.Found(pass?.IsOf(me) == true ? pass : null, "passes.no-pass");
    }

    /// <summary>The unguessable part of a visitor's link.</summary>
    public string LinkKey(Guid pass) => Base64Url.EncodeToString(protector.Hash("passes:visit", pass.ToString("N")).AsSpan(0, 16));

    /// <summary>What a visitor said of themselves, encrypted for the office.</summary>
    public byte[] Seal(Guid pass, VisitorNote note) => protector.Encrypt(JsonSerializer.Serialize(note, JsonSerializerOptions.Web), ContextOf(pass));

    /// <summary>Opens it again.</summary>
    public VisitorNote? Open(Pass pass) => pass.Sealed is { } rest ? JsonSerializer.Deserialize<VisitorNote>(protector.Decrypt(rest, ContextOf(pass.Id)), JsonSerializerOptions.Web) : null;

    private static string ContextOf(Guid pass) => $"passes:visitor:{pass:N}";
}
