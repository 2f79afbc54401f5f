using System.Reflection;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Sdk;

/// <summary>
/// One thing a person or machine can do. The HTTP endpoint and the page run the same class, so that rules and permission cannot differ.
/// Constructor: what it needs. <c>RunAsync</c>: what it does. <c>Map</c>: its endpoint, which only calls <c>RunAsync</c>.
/// </summary>
public interface IFeature
{
    /// <summary>Maps the endpoint below <c>/api/{module}</c>.</summary>
    static abstract void Map(IEndpointRouteBuilder api);
}

/// <summary>Finds, registers and maps the features of an assembly.</summary>
public static class FeatureServices
{
    /// <summary>Feature classes of an assembly.</summary>
    public static IEnumerable<Type> FeaturesIn(Assembly assembly) =>
        assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IFeature)));

    /// <summary>Registers every feature as scoped.</summary>
    public static IServiceCollection AddFeatures(this IServiceCollection services, Assembly assembly)
    {
        foreach (var type in FeaturesIn(assembly)) services.AddScoped(type);
        return services;
    }

    /// <summary>
    /// Maps every feature. Deny by default: a feature without <see cref="NeedsAttribute"/> or <see cref="OpenToAllAttribute"/> stops the start.
    /// </summary>
    public static void MapFeatures(this IEndpointRouteBuilder api, Assembly assembly)
    {
        foreach (var type in FeaturesIn(assembly))
        {
            var needs = type.GetCustomAttribute<NeedsAttribute>();
            var open = type.GetCustomAttribute<OpenToAllAttribute>();
            if (needs is null == open is null)
                throw new InvalidOperationException($"{type.FullName} must have [Needs(\"permission\")] or [OpenToAll(\"why\")]");
            var group = api.MapGroup("").WithMetadata(new FeatureMetadata(type));
            if (needs is not null) group.WithMetadata(needs).AddEndpointFilter(Gatekeeper.CheckAsync);
            else group.WithMetadata(open!);
            if (type.GetCustomAttribute<PersonalDataAttribute>() is { } personal) group.WithMetadata(personal).AddEndpointFilter(Gatekeeper.RequirePurposeAsync);
            group.WithTags(type.Assembly.GetName().Name!.Replace("Liren.", "", StringComparison.Ordinal));
            group.WithSummary(type.Name);
            type.GetMethod(nameof(IFeature.Map), BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [group]);
        }
    }
}

/// <summary>Which feature an endpoint runs; for tests that walk all endpoints.</summary>
public sealed record FeatureMetadata(Type Feature);
