using Microsoft.Playwright;
using QRCoder;

namespace Liren.E2E.Gate;

/// <summary>One code that is held before the camera.</summary>
/// <param name="Code">Its text; null: nobody is there.</param>
/// <param name="Seconds">How long.</param>
/// <param name="Turned">Degrees it is turned by: nobody holds a phone straight.</param>
internal sealed record Scene(string? Code, double Seconds, int Turned = 0);

/// <summary>
/// A film for Chromium's fake camera: codes on telephones in a street, one after the other. An .mjpeg file is JPEG pictures one after the other, which Chromium
/// plays in a loop at about 30 a second; the pictures are screenshots, so that no encoder is needed.
/// </summary>
internal sealed class Film(IBrowser studio, string path)
{
    private const int PerSecond = 30;

    /// <summary>Where it lies; absolute, as Chromium wants it.</summary>
    public string Path { get; } = path;

    /// <summary>Writes it. The camera reads it when a page opens it.</summary>
    public async Task WriteAsync(params Scene[] scenes)
    {
        await using var page = await StageAsync();
        var pictures = new List<(byte[] Picture, int Count)>();
        foreach (var scene in scenes) pictures.Add((await PictureAsync(page, scene), (int)(scene.Seconds * PerSecond)));
        // Written aside and moved: a camera that opens it meanwhile sees the old film or the new one.
        await using (var file = File.Create(Path + ".new"))
            foreach (var (picture, count) in pictures)
                for (var i = 0; i < count; i++) await file.WriteAsync(picture);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    private async Task<PageOnStage> StageAsync()
    {
        var context = await studio.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 720 } });
        return new(context, await context.NewPageAsync());
    }

    private static async Task<byte[]> PictureAsync(PageOnStage stage, Scene scene)
    {
        var phone = scene.Code is null ? "" : $"<div style='background:#15181c;padding:90px 26px;border-radius:40px;transform:rotate({scene.Turned}deg) perspective(1200px) rotateX(8deg)'><img style='display:block;background:#fff;padding:14px;width:400px;image-rendering:pixelated' src='data:image/png;base64,{Png(scene.Code)}'></div>";
        await stage.Page.SetContentAsync($"<body style='margin:0;height:720px;display:grid;place-items:center;overflow:hidden;background:linear-gradient(120deg,#8fa3ad,#3c4a44)'>{phone}</body>");
        return await stage.Page.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg, Quality = 80 });
    }

    private static string Png(string code)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(code, QRCodeGenerator.ECCLevel.L);
        using var picture = new PngByteQRCode(data);
        return Convert.ToBase64String(picture.GetGraphic(6));
    }

    private sealed record PageOnStage(IBrowserContext Context, IPage Page) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Context.DisposeAsync();
    }
}
