/** The address of an endpoint. A list in the query becomes the same name several times; what is not given is left out. */
export function renderAdminPath(path: string, params: Readonly<Record<string, string>> = {}, query: object = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encode(params[name] ?? ''));
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) pairs.push(`${encode(name)}=${encode(String(item))}`);
    }
  }
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

/** Half a surrogate pair has no encoding. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
