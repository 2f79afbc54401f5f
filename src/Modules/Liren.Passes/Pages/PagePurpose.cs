using Liren.Sdk.Security;
using QRCoder;

namespace Liren.Passes.Pages;

/// <summary>Purpose of a look when a page does not ask: what the person's work is.</summary>
internal static class PagePurpose
{
    public static string Of(Actor actor) => actor.May("passes.revoke") ? Purposes.CommunityService : actor.May("passes.issue") ? Purposes.PropertyService : actor.May("passes.suspend") ? Purposes.IncidentHandling : Purposes.Audit;
}

/// <summary>QR codes for pages.</summary>
internal static class QrPicture
{
    /// <summary>As a picture address.</summary>
    public static string Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(picture.GetGraphic(5));
    }
}
