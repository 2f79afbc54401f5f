using Liren.Contracts.Places;
using Liren.Documents;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>The certificate that everything an order had collected is destroyed (销毁证明): what, how many, who, when; its hash is in the journal.</summary>
[Needs("modes.read")]
internal sealed class ShowCertificate(ModesDb db, IPlaceDirectory places, Texts texts, TimeProvider clock) : IFeature
{
    private const double Left = 20, Right = 190;
    private const int Ink = 0x1b2a31, Quiet = 0x56666e, Rule1 = 0xdde5e8;

    /// <param name="Number">Number of the certificate.</param>
    /// <param name="Sha">SHA-256 in the journal.</param>
    /// <param name="Whole">True when what is stored now still gives the same value.</param>
    /// <param name="CertifiedAt">When it was issued.</param>
    /// <param name="OrderNo">文号 of the order.</param>
    /// <param name="Authority">Who issued the order.</param>
    /// <param name="AreaName">Where.</param>
    /// <param name="StartsAt">The order held from here.</param>
    /// <param name="EndsAt">To here.</param>
    /// <param name="Total">Records destroyed in all.</param>
    /// <param name="Items">Each collection.</param>
    public sealed record Response(string Number, string Sha, bool Whole, DateTimeOffset CertifiedAt, string OrderNo, string Authority, string AreaName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, long Total, IReadOnlyList<DestructionRow> Items);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/{id:guid}/certificate", (Guid id, ShowCertificate feature, CancellationToken stop) => feature.RunAsync(id, stop));
        api.MapGet("/{id:guid}/certificate.pdf", async (Guid id, ShowCertificate feature, CancellationToken stop) =>
        {
            var certificate = await feature.RunAsync(id, stop);
            return TypedResults.File(feature.Pdf(certificate), "application/pdf", $"{certificate.Number}.pdf");
        });
    }

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var o = Rule.Found(await db.Orders.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "modes.no-order");
        Sight.Require(o.AreaPath);
        Rule.State(o.CertificateNo is not null, "modes.no-certificate");
        var tasks = await db.Destructions.AsNoTracking().Where(t => t.OrderId == id).OrderBy(t => t.Collection).ToListAsync(stop);
        var name = await places.FullNameAsync(o.AreaPath, stop);
        return new(o.CertificateNo!, o.CertificateSha!, Certificate.HashOf(o, tasks) == o.CertificateSha, o.CertifiedAt!.Value, o.OrderNo, o.Authority, name, o.StartsAt!.Value, o.EndsAt, tasks.Sum(t => t.Count ?? 0), [.. tasks.Select(t => DestructionRow.Of(t, name, clock.GetUtcNow()))]);
    }

    /// <summary>One A4 page.</summary>
    public byte[] Pdf(Response c)
    {
        using var file = new MemoryStream();
        using var document = new PdfDocument(file, c.Number);
        var page = document.Page();
        var y = 30.0;
        void Say(string text, double size = 10, bool bold = false, int colour = Ink, double x = Left) => page.Text(page.Fit(page.Printable(text), Right - x, size, bold), x, y, size, bold, colour);
        Say(texts["modes.certificate"], 18, bold: true);
        y += 10;
        Say(c.Number, 11, colour: Quiet);
        y += 12;
        foreach (var (name, value) in new[]
        {
            (texts["modes.field.order-no"], c.OrderNo), (texts["modes.field.authority"], c.Authority), (texts["modes.field.area"], c.AreaName),
            (texts["modes.held"], $"{Show.Full(c.StartsAt)} – {Show.Full(c.EndsAt)}"), (texts["modes.certified-at"], Show.Full(c.CertifiedAt)), (texts["modes.total"], $"{c.Total:N0}"),
        })
        {
            Say(name, colour: Quiet);
            Say(value, x: Left + 38);
            y += 7;
        }
        foreach (var item in c.Items)
        {
            page.Line(Left, y, Right, y, 0.5, Rule1);
            y += 7;
            Say($"{Name(texts, item.Collection)}  {texts["modes.records", item.Count ?? 0]}", 11, bold: true);
            y += 6;
            Say($"{texts["modes.field.purpose"]} {item.Purpose}");
            y += 6;
            Say(item.Method is null ? texts["modes.by-module"] : $"{texts["modes.field.method"]} {item.Method}");
            y += 6;
            Say($"{texts["modes.destroyed-at"]} {Show.Full(item.DestroyedAt!.Value)}  {(item.Reporter is null ? "" : texts["modes.two-names", item.Reporter, item.Checker ?? ""])}");
            y += 5;
            if (y < 265) continue;
            (page, y) = (document.Page(), 30);
        }
        y += 4;
        page.Line(Left, y, Right, y, 0.5, Rule1);
        y += 8;
        Say("SHA-256 " + c.Sha, 8, colour: Quiet);
        y += 5;
        Say(texts["modes.certificate-hint"], 8, colour: Quiet);
        document.Finish();
        return file.ToArray();
    }

    /// <summary>Name of a collection; its code when a plug-in gave it no word.</summary>
    public static string Name(Texts texts, string code) => texts.Has("modes.collection." + code) ? texts["modes.collection." + code] : code;
}
