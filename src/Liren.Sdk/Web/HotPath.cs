using Microsoft.AspNetCore.Http;

namespace Liren.Sdk.Web;

/// <summary>
/// A short way to an endpoint that is mapped as a feature too: for POSTs with a key, as programs and devices send them, or with a proof of their own in the body. Key and permission
/// are checked as everywhere; sessions, forms, languages and filters are left out, which costs as much as a durable record (<c>./liren bench gatelog</c>).
/// </summary>
/// <param name="Path">The feature's whole address.</param>
/// <param name="Permission">What the feature needs; null when it is open to all, because the request proves itself.</param>
/// <param name="Answer">Reads the request and writes the answer.</param>
public sealed record HotPath(string Path, string? Permission, Func<HttpContext, Task> Answer);
