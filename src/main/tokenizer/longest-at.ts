/** The longest of some spellings that a text has at a place; null where it has none. */
export function longestAt(
  spellings: readonly string[]
): (text: string, at: number) => string | null {
  const byFirst = Map.groupBy(
    spellings.filter(spelling => spelling !== '').sort((a, b) => b.length - a.length),
    spelling => spelling[0]!
  )
  return (text, at) =>
    byFirst.get(text[at]!)?.find(spelling => text.startsWith(spelling, at)) ?? null
}
