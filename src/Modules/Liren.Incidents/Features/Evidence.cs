using Liren.Incidents.Domain;
using Liren.Sdk.Files;
using Liren.Sdk.Web;

namespace Liren.Incidents.Features;

/// <summary>Photos of an incident.</summary>
internal static class Evidence
{
    /// <summary>Stores the photos, durably, before anything is said about them.</summary>
    public static async Task<List<Photo>> KeepAsync(PhotoStore store, IReadOnlyList<byte[]> photos, Act act, Doer who, DateTimeOffset now, CancellationToken stop) =>
        [.. (await Uploads.StoreAsync(store, photos, stop)).Select(k => new Photo { Sha = k.Sha, ContentType = k.Image.ContentType, Size = k.Image.Bytes.Length, Act = act, AccountId = who.Id, Name = who.Name ?? "", At = now, Stripped = k.Image.Stripped })];
}
