namespace Liren.Incidents.Domain;

/// <summary>Entities and rules; knows neither database nor web.</summary>
internal static class Namespace;
