using System.Globalization;

namespace Liren.Alerts;

/// <summary>Something wrong with a message.</summary>
/// <param name="Code">Stable code: "missing", "time", "polygon-open" ...</param>
/// <param name="Line">Line of the element, from 1.</param>
/// <param name="Column">Column of the element, from 1.</param>
/// <param name="Path">The element: "alert/info[2]/area/polygon"; empty when the text is no XML.</param>
/// <param name="Args">Arguments of the sentence.</param>
public sealed record AlertFault(string Code, int Line, int Column, string Path, params object?[] Args)
{
    private static readonly Dictionary<string, (string Zh, string En)> Sentences = new()
    {
        ["too-large"] = ("消息超过 {0} 字节。", "The message is larger than {0} bytes."),
        ["xml"] = ("不是合格的 XML（不接受 DTD 和外部实体）。", "This is no well-formed XML (a DTD or external entity is not accepted)."),
        ["root"] = ("最外层应为 alert，而不是 {0}。", "The outermost element is alert, not {0}."),
        ["namespace"] = ("命名空间应为 urn:oasis:names:tc:emergency:cap:1.2，而不是“{0}”。", "The namespace is urn:oasis:names:tc:emergency:cap:1.2, not \"{0}\"."),
        ["unknown"] = ("这里没有元素 {0}。", "There is no element {0} here."),
        ["order"] = ("元素 {0} 的位置不对，请按标准的顺序排列。", "The element {0} stands too late; keep the order of the standard."),
        ["repeated"] = ("元素 {0} 只能有一个。", "There is at most one {0}."),
        ["missing"] = ("缺少元素 {0}。", "The element {0} is missing."),
        ["text"] = ("元素之间不能有文字。", "There is text between the elements."),
        ["leaf"] = ("这里只能是文字，不能再有元素。", "Only text stands here, no elements."),
        ["name"] = ("{0} 不能为空，也不能有空格、逗号、< 和 &。", "{0} is not empty and has no space, comma, < or &."),
        ["time"] = ("{0} 应写成 2020-02-13T14:00:00+08:00，带时区偏移，不能用 Z。", "Write {0} as 2020-02-13T14:00:00+08:00, with an offset and never Z."),
        ["word"] = ("{0} 不能是“{1}”，可用：{2}。", "{0} is not \"{1}\" but one of: {2}."),
        ["number"] = ("{0} 应为数字。", "{0} is a number."),
        ["uri"] = ("{0} 应为完整网址。", "{0} is a full address."),
        ["restriction"] = ("scope 为 Restricted 时须写 restriction。", "A Restricted message says its restriction."),
        ["addresses"] = ("scope 为 Private 时须写 addresses。", "A Private message names its addresses."),
        ["references"] = ("msgType 为 {0} 时须写 references。", "A message of type {0} has references."),
        ["reference"] = ("引用应写成 sender,identifier,sent；这里是“{0}”。", "A reference reads sender,identifier,sent; this is \"{0}\"."),
        ["point"] = ("坐标应写成 纬度,经度（-90 至 90，-180 至 180）。", "A point reads latitude,longitude (-90 to 90, -180 to 180)."),
        ["polygon-few"] = ("多边形至少 4 个点，现在 {0} 个。", "A polygon has at least 4 points, not {0}."),
        ["polygon-open"] = ("多边形没有闭合：最后一点须与第一点相同。", "The polygon is open: its last point is its first."),
        ["circle"] = ("圆应写成 纬度,经度 半径（公里，不小于 0）。", "A circle reads latitude,longitude radius (kilometres, 0 or more)."),
        ["ceiling"] = ("有 ceiling 须有 altitude。", "A ceiling needs an altitude."),
    };

    /// <summary>The sentence in a language: "zh" or "en".</summary>
    public string Message(string language)
    {
        var (zh, en) = Sentences[Code];
        return string.Format(CultureInfo.InvariantCulture, language == "en" ? en : zh, Args);
    }
}
