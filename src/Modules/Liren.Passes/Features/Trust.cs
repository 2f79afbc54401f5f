using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>The trust list signed last, while nothing changes.</summary>
internal sealed class TrustMemory
{
    public Lock Turn { get; } = new();
    public (long Seq, byte[] Envelope, DateTimeOffset At, string State)? Last { get; set; }
}

/// <summary>The signed trust list (信任列表). Public keys only: everybody may have it.</summary>
[OpenToAll("Public keys; whoever checks a pass needs them.")]
internal sealed class GetTrust(PassesDb db, Keyring keyring, TrustMemory memory, TimeProvider clock) : IFeature
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24), MadeAnew = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/trust", async (HttpContext http, GetTrust feature, CancellationToken stop) =>
    {
        var (seq, envelope) = await feature.RunAsync(stop);
        return Envelopes.Answer(http, envelope, seq);
    });

    /// <summary>The list and its number. The number rises with time, so that it also rises over restarts.</summary>
    public async Task<(long Seq, byte[] Envelope)> RunAsync(CancellationToken stop)
    {
        var (_, root) = await keyring.SignerAsync(KeyRole.Root, "", stop);
        var rows = await db.Keys.AsNoTracking().Where(k => k.Role != KeyRole.Root).OrderBy(k => k.Id).ToListAsync(stop);
        var state = string.Join(',', rows.Select(k => $"{k.Kid}:{k.State}")) + Convert.ToHexString(root.Kid);
        var now = clock.GetUtcNow();
        lock (memory.Turn)
        {
            if (memory.Last is { } kept && kept.State == state && now - kept.At < MadeAnew && now >= kept.At) return (kept.Seq, kept.Envelope);
            var seq = Math.Max(now.ToUnixTimeSeconds(), (memory.Last?.Seq ?? 0) + 1);
            var envelope = new TrustList(seq, now.ToUnixTimeSeconds(), (now + GoodFor).ToUnixTimeSeconds(), [.. rows.Select(Of)]).Sign(root);
            memory.Last = (seq, envelope, now, state);
            return (seq, envelope);
        }
    }

    private static TrustedKey Of(IssuerKey row) => new(VerifyingKey.FromSpki(row.Spki)!, [row.PlacePath], row.Role == KeyRole.Pass ? KeyUses.Pass : KeyUses.List,
        row.NotBefore.ToUnixTimeSeconds(), row.NotAfter.ToUnixTimeSeconds(), row.State);
}

/// <summary>The revocation list of a community (吊销名单): what changed since a number, or all of it. Ids of passes mean nothing to others: everybody may have it.</summary>
[OpenToAll("Random ids; whoever checks a pass needs them.")]
internal sealed class GetRevocations(PassesDb db, Keyring keyring, TimeProvider clock) : IFeature
{
    private static readonly TimeSpan NextAfter = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/revocations/{community}", async (string community, long? since, HttpContext http, GetRevocations feature, CancellationToken stop) =>
    {
        // Most ask in vain: they cost one look at the newest number.
        if (http.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && known == $"\"{await feature.NewestAsync(community, stop)}\"") return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var (seq, envelope) = await feature.RunAsync(community, since ?? 0, stop);
        return Envelopes.Answer(http, envelope, seq);
    });

    private async Task<long> NewestAsync(string community, CancellationToken stop) => (await db.Revocations.Where(r => r.PlacePath == community).MaxAsync(r => (long?)r.Seq, stop) ?? 0) + 1;

    public async Task<(long Seq, byte[] Envelope)> RunAsync(string community, long since, CancellationToken stop)
    {
        var history = await db.Revocations.AsNoTracking().Where(r => r.PlacePath == community).OrderBy(r => r.Seq).ToListAsync(stop);
        Rule.Found(history.Count > 0 || await db.Keys.AnyAsync(k => k.PlacePath == community && k.Role == KeyRole.Pass, stop) ? history : null, "passes.no-community", community);
        var (_, key) = await keyring.SignerAsync(KeyRole.List, community, stop);
        // The first list is number 1 even while it is empty, so that a gate knows it has one.
        var seq = history.Count == 0 ? 1 : history[^1].Seq + 1;
        var now = clock.GetUtcNow();
        var state = new Dictionary<string, int>();
        var changed = new HashSet<string>();
        foreach (var entry in history)
        {
            if (entry.State == 0) state.Remove(entry.Cti);
            else state[entry.Cti] = entry.State;
            if (entry.Seq + 1 > since) changed.Add(entry.Cti);
        }
        var all = state.Select(e => (e.Key, (Revocation)e.Value)).ToList();
        var whole = since <= 0 || since > seq;
        var added = whole ? all : [.. all.Where(e => changed.Contains(e.Key))];
        string[] removed = whole ? [] : [.. changed.Where(c => !state.ContainsKey(c))];
        return (seq, RevocationList.Sign(community, seq, whole ? 0 : since, now.ToUnixTimeSeconds(), (now + NextAfter).ToUnixTimeSeconds(), added, removed, all, key));
    }
}

/// <summary>Signed envelopes over HTTP.</summary>
internal static class Envelopes
{
    /// <summary>The bytes with an ETag of their number; 304 when the caller has that one.</summary>
    public static IResult Answer(HttpContext http, byte[] envelope, long seq)
    {
        var tag = $"\"{seq}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        return http.Request.Headers.IfNoneMatch.ToString() == tag ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Bytes(envelope, "application/cose");
    }
}

/// <summary>Puts passes on the revocation list and takes them off: handlers run one after the other, so the numbers have no gap.</summary>
internal sealed class KeepRevocations(PassesDb db) : IHandle<PassMoved>
{
    public async Task HandleAsync(PassMoved moved, CancellationToken cancellation)
    {
        var state = moved.To switch { PassState.Revoked => Revocation.Revoked, PassState.Suspended => Revocation.Suspended, PassState.Replaced => Revocation.Replaced, _ => (Revocation)0 };
        // Whatever was never on the list need not be taken off.
        if (state == 0 && moved.From != PassState.Suspended) return;
        var pass = await db.Passes.AsNoTracking().Where(p => p.Id == moved.PassId).Select(p => new { p.Cti, p.CommunityPath }).SingleAsync(cancellation);
        var seq = await db.Revocations.Where(r => r.PlacePath == pass.CommunityPath).MaxAsync(r => (long?)r.Seq, cancellation) ?? 0;
        db.Add(new RevocationEntry { PlacePath = pass.CommunityPath, Seq = seq + 1, Cti = pass.Cti, State = (int)state, At = moved.At });
        db.Database.AfterCommit(() => GateFeed.Shared.Publish(new GateNews("revocations", pass.CommunityPath, new { partition = pass.CommunityPath, seq = seq + 2 })));
    }
}
