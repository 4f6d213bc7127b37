/** Where something lies in what a figure is drawn of: names of records and places in lists. */
export type Place = readonly (string | number)[]

/** The same with something else at a place. */
export function withAt(value: unknown, [first, ...rest]: Place, other: unknown): unknown {
  if (first === undefined) return other
  if (Array.isArray(value))
    return value.map((part: unknown, i) => (i === first ? withAt(part, rest, other) : part))
  const own = value as Readonly<Record<string, unknown>>
  return { ...own, [first]: withAt(own[first], rest, other) }
}
