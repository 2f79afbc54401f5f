using QRCoder;

namespace Liren.Sdk.Ui;

/// <summary>QR codes for pages.</summary>
public static class QrPicture
{
    /// <summary>As a picture address.</summary>
    /// <param name="text">What the code says.</param>
    public static string Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(picture.GetGraphic(5));
    }
}
