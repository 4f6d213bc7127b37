import type { Bounds } from './look-params.ts'

/** What values span, as a `range` takes it: of colours or an axis, of several axes by name, or up to where, of each thing in rows. */
export type Spans =
  Bounds | readonly (readonly number[])[] | Readonly<Record<string, Bounds | number>>

/** What two span together; null where they are not of the same things. */
export function spannedByBoth(a: Spans, b: Spans): Spans | null {
  if (isBounds(a) || isBounds(b)) return isBounds(a) && isBounds(b) ? around(a, b) : null
  if (isRows(a) || isRows(b)) return isRows(a) && isRows(b) ? highest(a, b) : null
  const names = Object.keys(a)
  if (names.join() !== Object.keys(b).join()) return null
  return Object.fromEntries(
    names.map(name => {
      const [own, other] = [a[name]!, b[name]!]
      const bounds = (of: Bounds | number): Bounds => (typeof of === 'number' ? [of, of] : of)
      const both = around(bounds(own), bounds(other))
      return [name, typeof own === 'number' ? both[1] : both]
    })
  )
}

function isBounds(spans: Spans): spans is Bounds {
  return Array.isArray(spans) && typeof spans[0] === 'number'
}

function isRows(spans: Spans): spans is readonly (readonly number[])[] {
  return Array.isArray(spans)
}

function around(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
}

function highest(a: readonly (readonly number[])[], b: readonly (readonly number[])[]) {
  const lengths = (rows: typeof a) => rows.map(({ length }) => length).join()
  if (lengths(a) !== lengths(b)) return null
  return a.map((row, i) => row.map((high, j) => Math.max(high, b[i]![j]!)))
}
