using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Passes.Data;
using Liren.Passes.Features;
using Liren.Sdk.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Liren.Passes;

/// <summary>What terminals of other makers need. Another maker's language is another <see cref="ITerminalAdapter"/> here.</summary>
internal static class TerminalServices
{
    public static void Add(IHostApplicationBuilder builder)
    {
        builder.On<PassMoved, KeepEnrolments, PassesDb>();
        builder.On<PassesIssued, KeepEnrolments, PassesDb>();
        builder.On<PersonErased, KeepEnrolments, PassesDb>();
        builder.Services.AddSingleton<ITerminalAdapter, LirenTerminalAdapter>();
        builder.Services.AddSingleton<ITerminalAdapter, IsapiTerminalAdapter>();
        builder.Services.AddSingleton<TerminalTurns>();
        builder.Services.AddScoped<TerminalLooks>();
    }
}
