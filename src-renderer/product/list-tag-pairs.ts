/** "key:value" of the tags in use, as filters write them. @param most somebody may put a request's id into a tag */
export function listTagPairs(tags: readonly { key: string; values: readonly string[] }[] | undefined, most: number): string[] {
  return (tags ?? []).flatMap(({ key, values }) => values.map((value) => `${key}:${value}`)).slice(0, most);
}
