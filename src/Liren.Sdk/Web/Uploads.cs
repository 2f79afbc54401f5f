using System.Globalization;
using Liren.Sdk.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Liren.Sdk.Web;

/// <summary>A form with words and photos, from a phone page or a program.</summary>
/// <param name="Fields">Words by name.</param>
/// <param name="Photos">Photos as sent.</param>
/// <param name="Key">Makes the act once only.</param>
public sealed record Upload(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<byte[]> Photos, NewId Key)
{
    /// <summary>A field, or null when it is missing or empty.</summary>
    public string? this[string name] => Fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A number, or null when the field is missing or empty.</summary>
    public double? Number(string name)
    {
        if (this[name] is not { } written) return null;
        Rule.Require(double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number), "sdk.number", name);
        return number;
    }
}

/// <summary>A photo that is on disk.</summary>
/// <param name="Sha">SHA-256 of the stored bytes, hexadecimal.</param>
/// <param name="Image">What is stored.</param>
public sealed record KeptPhoto(string Sha, CleanImage Image);

/// <summary>Reads forms with photos. Read by hand, so that permission is checked before a body of megabytes is bound.</summary>
public static class Uploads
{
    /// <summary>Photos of one act.</summary>
    public const int MaxPhotos = 3;

    /// <summary>Largest request: the photos and some words.</summary>
    public const long MaxRequest = MaxPhotos * (long)PhotoStore.MaxBytes + 65_536;

    /// <summary>The form; its field "key" (or the header Idempotency-Key) makes the act once only.</summary>
    public static async Task<Upload> ReadAsync(HttpContext http, CancellationToken stop)
    {
        if (!http.Request.HasFormContentType) throw new RuleBrokenException("sdk.form", null, 415);
        if (http.Request.ContentLength > MaxRequest) throw new RuleBrokenException("sdk.photo-large", "photos", 413, PhotoStore.MaxBytes / 1024 / 1024);
        var form = await http.Request.ReadFormAsync(stop);
        var photos = new List<byte[]>();
        foreach (var file in form.Files.Where(f => f.Length > 0))
        {
            if (file.Length > PhotoStore.MaxBytes) throw new RuleBrokenException("sdk.photo-large", "photos", 413, PhotoStore.MaxBytes / 1024 / 1024);
            using var copy = new MemoryStream((int)file.Length);
            await file.CopyToAsync(copy, stop);
            photos.Add(copy.ToArray());
        }
        Rule.Require(photos.Count <= MaxPhotos, "sdk.photos-many", "photos", MaxPhotos);
        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault() ?? form["key"].FirstOrDefault();
        return new(form.ToDictionary(f => f.Key, f => f.Value.ToString()), photos, NewId.OfForm(key));
    }

    /// <summary>Stores the photos, durably, before anything is said about them; the same picture twice is one.</summary>
    public static async Task<IReadOnlyList<KeptPhoto>> StoreAsync(PhotoStore store, IReadOnlyList<byte[]> photos, CancellationToken stop)
    {
        Rule.Require(photos.Count <= MaxPhotos, "sdk.photos-many", "photos", MaxPhotos);
        var kept = new List<KeptPhoto>();
        foreach (var bytes in photos)
        {
            var (image, sha) = await store.KeepAsync(bytes, stop);
            if (kept.All(k => k.Sha != sha)) kept.Add(new(sha, image));
        }
        return kept;
    }

    /// <summary>Tells readers of the API description what the form holds.</summary>
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder endpoint, params string[] fields) =>
        endpoint.WithDescription($"multipart/form-data: {string.Join(", ", fields)}, key, photos (JPEG or PNG, at most {MaxPhotos} of 8 MiB)");
}
