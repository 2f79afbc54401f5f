namespace Liren.Sdk.Cli;

/// <summary>A sentence for the person at the terminal: what failed and what to do. Printed to stderr without a stack trace; exit code 1.</summary>
public sealed class CliFailureException(string message, Exception? inner = null) : Exception(message, inner);
