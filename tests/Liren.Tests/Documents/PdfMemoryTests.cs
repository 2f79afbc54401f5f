using Liren.Documents;

namespace Liren.Tests.Documents;

/// <summary>Tests that measure the whole process run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>What a long document costs.</summary>
[Collection(Alone.Name)]
public sealed class PdfMemoryTests
{
    [Fact]
    public void A_long_document_keeps_no_page_in_memory()
    {
        using var document = new PdfDocument(Stream.Null, "长");
        document.Page().Text("先热身", 10, 10, 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 2_000; i++)
        {
            var page = document.Page();
            for (var line = 0; line < 40; line++) page.Text("一行不短的文字，用来占满一页纸的宽度", 10, 10 + line * 6, 10);
        }
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(3_000_000);
        document.Finish();
    }
}
