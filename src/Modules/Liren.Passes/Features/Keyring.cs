using System.Collections.Concurrent;
using Liren.Codes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Liren.Passes.Features;

/// <summary>Opened signing keys, one object a key: opening one costs more than a signature.</summary>
internal sealed class OpenKeys : IDisposable
{
    private readonly ConcurrentDictionary<string, SigningKey> open = new();

    public SigningKey Get(IssuerKey row, Protector protector) =>
        open.GetOrAdd(row.Kid, _ => SigningKey.Import(row.Alg, Convert.FromBase64String(protector.Decrypt(row.Sealed, IssuerKey.ContextOf(Convert.FromHexString(row.Kid))))));

    public void Dispose()
    {
        foreach (var key in open.Values) key.Dispose();
    }
}

/// <summary>
/// Keys of the installation (密钥): a root, and for each community one that signs passes and one that signs lists. Made when first needed, changed every
/// 90 days. Algorithm: setting <c>Passes:Algorithm</c>, <c>Es256</c> (default) or <c>Sm2</c>.
/// </summary>
internal sealed class Keyring(PassesDb db, OpenKeys open, Protector protector, IConfiguration configuration, TimeProvider clock)
{
    private static readonly SemaphoreSlim Making = new(1, 1);

    /// <summary>Algorithm of new keys.</summary>
    public SignAlg Algorithm => configuration["Passes:Algorithm"] is not { Length: > 0 } name ? SignAlg.Es256
        : Enum.TryParse<SignAlg>(name, ignoreCase: true, out var alg) && Enum.IsDefined(alg) ? alg
        : throw new InvalidOperationException($"Passes:Algorithm is {name}; it may be Es256 or Sm2.");

    /// <summary>The key that signs now; made when there is none, followed by a new one when its time is over (never the root).</summary>
    public async Task<(IssuerKey Row, SigningKey Key)> SignerAsync(KeyRole role, string place, CancellationToken stop)
    {
        var row = await FindAsync(role, place, stop);
        if (Signs(row)) return (row!, open.Get(row!, protector));
        await Making.WaitAsync(stop);
        try
        {
            row = await FindAsync(role, place, stop);
            // A community's keys come together: whoever fetches the trust list before the first revocation list must find both.
            if (row is null && role == KeyRole.Pass && await FindAsync(KeyRole.List, place, stop) is null) await MakeAsync(KeyRole.List, place, stop);
            if (!Signs(row)) row = await MakeAsync(role, place, stop);
        }
        finally { Making.Release(); }
        return (row!, open.Get(row!, protector));
    }

    private bool Signs(IssuerKey? row) => row is not null && (row.Role == KeyRole.Root || row.NotAfter > clock.GetUtcNow());

    private Task<IssuerKey?> FindAsync(KeyRole role, string place, CancellationToken stop) =>
        db.Keys.Where(k => k.Role == role && k.PlacePath == place && k.State == KeyState.Active).OrderByDescending(k => k.NotBefore).FirstOrDefaultAsync(stop);

    /// <summary>Makes a new key that signs from now on; those before only verify.</summary>
    public async Task<IssuerKey> RotateAsync(KeyRole role, string place, CancellationToken stop)
    {
        await Making.WaitAsync(stop);
        try { return await MakeAsync(role, place, stop); }
        finally { Making.Release(); }
    }

    /// <summary>Makes a root that was made or kept elsewhere the one that signs; lists by the old one end with it.</summary>
    public async Task InstallRootAsync(SigningKey key, CancellationToken stop)
    {
        await Making.WaitAsync(stop);
        try { await KeepAsync(key, KeyRole.Root, "", stop); }
        finally { Making.Release(); }
    }

    private async Task<IssuerKey> MakeAsync(KeyRole role, string place, CancellationToken stop)
    {
        using var key = SigningKey.Create(Algorithm);
        return await KeepAsync(key, role, place, stop);
    }

    private async Task<IssuerKey> KeepAsync(SigningKey key, KeyRole role, string place, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        // First the old one stops, then the new one begins: the database allows one of each that signs, also to two servers at once.
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(stop) : null;
        foreach (var old in await db.Keys.Where(k => k.Role == role && k.PlacePath == place && k.State == KeyState.Active).ToListAsync(stop)) old.Retire(now);
        await db.SaveChangesAsync(stop);
        // The second of the first pass is within the key's time: times in codes are whole seconds.
        var row = IssuerKey.Keep(key, role, place, protector.Encrypt(Convert.ToBase64String(key.Export()), IssuerKey.ContextOf(key.Kid)), DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()));
        db.Add(row);
        await db.SaveChangesAsync(stop);
        if (transaction is not null) await transaction.CommitAsync(stop);
        return row;
    }

    /// <summary>The code of a pass, signed now.</summary>
    public async Task<string> SignAsync(Pass pass, CancellationToken stop)
    {
        Rule.State(pass.Form != PassForm.Phone || pass.DeviceKey is not null, "passes.no-device");
        var (_, key) = await SignerAsync(KeyRole.Pass, pass.CommunityPath, stop);
        return PassToken.Sign(pass.ToClaims(clock.GetUtcNow()), key);
    }
}
