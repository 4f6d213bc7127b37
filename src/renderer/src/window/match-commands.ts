/** The entries whose title holds every word of a query, those that begin with it first. */
export function matching<T extends { readonly title: string; readonly group: string }>(
  entries: readonly T[],
  query: string
): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const scored = entries.flatMap(entry => {
    const title = entry.title.toLowerCase()
    const all = `${entry.group} ${title}`.toLowerCase()
    if (!words.every(word => all.includes(word))) return []
    const starts = words.length > 0 && title.startsWith(words[0]!)
    const inTitle = words.every(word => title.includes(word))
    const whole = words.length > 1 && title.includes(words.join(' '))
    return [{ entry, score: (whole ? 4 : 0) + (starts ? 2 : 0) + (inTitle ? 1 : 0) }]
  })
  return scored.sort((a, b) => b.score - a.score).map(({ entry }) => entry)
}
