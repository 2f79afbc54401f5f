using FsCheck;
using FsCheck.Fluent;
using Liren.Places.Domain;
using Liren.Sdk;

namespace Liren.Tests.Places;

/// <summary>What people paste is checked before it is kept, and a refusal says what is wrong.</summary>
public sealed class ShapeTests
{
    private static string Ring(params (double, double)[] points) =>
        "{\"type\":\"Polygon\",\"coordinates\":[[" + string.Join(',', points.Select(p => FormattableString.Invariant($"[{p.Item1},{p.Item2}]"))) + "]]}";

    private static string Code(string text) => Should.Throw<RuleBrokenException>(() => Shape.Read(text)).Code;

    [Fact]
    public void A_square_is_kept_with_a_point_inside()
    {
        var shape = Shape.Read(Ring((121.55, 31.22), (121.56, 31.22), (121.56, 31.23), (121.55, 31.23), (121.55, 31.22)));
        shape.GeoJson!.ShouldContain("Polygon");
        shape.Longitude.ShouldBe(121.555, 0.001);
        shape.Latitude.ShouldBe(31.225, 0.001);
        Shape.Read(shape.GeoJson).ShouldBe(shape);
    }

    [Fact]
    public void A_feature_and_a_collection_of_one_are_read_and_a_point_is_only_a_position()
    {
        Shape.Read("""{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Point","coordinates":[121.5,31.2]}}""").ShouldBe(new Shape(null, 121.5, 31.2));
        Shape.Read("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[121.5,31.2],[121.6,31.2]]}}]}""").GeoJson!.ShouldContain("LineString");
        Code("""{"type":"FeatureCollection","features":[]}""").ShouldBe("places.shape-one");
    }

    [Theory]
    [InlineData("", "places.shape-empty")]
    [InlineData("{", "places.shape-json")]
    [InlineData("[]", "places.shape-type")]
    [InlineData("""{"type":"Circle","coordinates":[1,2]}""", "places.shape-type")]
    [InlineData("""{"type":"GeometryCollection","geometries":[]}""", "places.shape-type")]
    [InlineData("""{"type":"Polygon","coordinates":[]}""", "places.shape-coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[121.5,31.2],["a",31.2],[121.5,31.3],[121.5,31.2]]]}""", "places.shape-coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[121.5,31.2],[121.6,31.2],[121.5,31.2]]]}""", "places.shape-ring-points")]
    [InlineData("""{"type":"Polygon","coordinates":[[[121.5,31.2],[121.6,31.2],[121.6,31.3],[121.5,31.3]]]}""", "places.shape-ring-open")]
    [InlineData("""{"type":"Point","coordinates":[31.2,121.5]}""", "places.shape-swapped")]
    [InlineData("""{"type":"Point","coordinates":[221.5,31.2]}""", "places.shape-range")]
    [InlineData("""{"type":"Point","coordinates":[1e999,31.2]}""", "places.shape-range")]
    [InlineData("""{"type":"Polygon","coordinates":[[[121.50,31.20],[121.51,31.21],[121.51,31.20],[121.50,31.21],[121.50,31.20]]]}""", "places.shape-crossing")]
    [InlineData("""{"type":"Polygon","coordinates":[[[120,31],[122,31],[122,33],[120,31]]]}""", "places.shape-too-large")]
    [InlineData("""{"type":"LineString","coordinates":[[121.5,31.2]]}""", "places.shape-line")]
    public void What_is_wrong_is_said(string text, string code) => Code(text).ShouldBe(code);

    [Fact]
    public void Any_text_is_read_or_refused_but_never_breaks() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => Try(text.Get)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_numbers_in_a_ring_are_read_or_refused_but_never_break() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(double, double)[]>(), points => Try(Ring([.. points.Where(p => double.IsFinite(p.Item1) && double.IsFinite(p.Item2)).Select(p => (Math.IEEERemainder(p.Item1, 180), Math.IEEERemainder(p.Item2, 90)))]))).QuickCheckThrowOnFailure();

    private static void Try(string text)
    {
        try { Shape.Read(text); }
        catch (RuleBrokenException e) { e.Field.ShouldBe("geoJson"); }
    }
}
