namespace Liren.Places.Domain;

/// <summary>Entities and rules; knows neither database nor web.</summary>
internal static class Namespace;
