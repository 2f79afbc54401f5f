namespace Liren.Vision;

/// <summary>A sentence for the person at the terminal: what failed and what to do. Printed without a stack trace; exit code 1.</summary>
internal sealed class VisionException(string message, Exception? inner = null) : Exception(message, inner);
