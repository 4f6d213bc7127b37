import { paletteSigns, type PaletteItem, type PaletteSign } from '../../stores/palette.ts'

/** A query taken apart: the kind of thing it asks for, null for all, and the words. */
export function parseQuery(query: string): {
  readonly sign: PaletteSign | null
  readonly words: string
} {
  const trimmed = query.trimStart()
  const sign = paletteSigns.find(sign => trimmed.startsWith(sign)) ?? null
  return { sign, words: sign === null ? trimmed : trimmed.slice(1) }
}

/** The items of which every word of a query is said, the best first: called so, beginning so, holding it whole. */
export function matching<T extends Pick<PaletteItem, 'title' | 'group' | 'note' | 'words'>>(
  items: readonly T[],
  query: string
): T[] {
  const asked = query.toLowerCase().replaceAll('…', '').trim()
  const words = asked.split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...items]
  const scored = items.flatMap(item => {
    const title = item.title.toLowerCase()
    const all = `${item.group} ${title} ${item.note ?? ''} ${item.words ?? ''}`.toLowerCase()
    if (!words.every(word => all.includes(word))) return []
    const whole = words.length > 1 && title.includes(asked)
    const score =
      (title === asked ? 8 : 0) +
      (whole ? 4 : 0) +
      (title.startsWith(words[0]!) ? 2 : 0) +
      (words.every(word => title.includes(word)) ? 1 : 0)
    return [{ item, score }]
  })
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item)
}
