/** What is wrong with a document as XML, as far as this project's own can go wrong; undefined where nothing is. */
export function faultOf(xml: string): string | undefined {
  const open: string[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  const token =
    /<(?<close>\/)?(?<name>[A-Za-z]+)(?<attributes>(?: [A-Za-z:-]+="[^"<]*")*)(?<empty>\/)?>|(?<text>[^<]+)|(?<rest>[^])/gy;
  for (const { groups = {} } of body.matchAll(token)) {
    const { close, name, attributes, empty, text, rest } = groups;
    if (rest !== undefined) return `a stray ${rest}`;
    const content = text ?? attributes ?? "";
    const reference = /&(?!(?:amp|lt|gt|quot);)/.exec(content);
    if (reference !== null) return `a bare & in ${content}`;
    // eslint-disable-next-line no-control-regex
    if (!content.isWellFormed() || /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(content))
      return `a character that XML has not, in ${content}`;
    if (text?.trim() !== undefined && text.trim() !== "" && open.length === 0)
      return `text outside of everything: ${text}`;
    if (name === undefined || empty !== undefined) continue;
    if (close === undefined) open.push(name);
    else if (open.pop() !== name) return `</${name}> closes something else`;
  }
  return open.length === 0 ? undefined : `<${open.join("><")}> stays open`;
}
