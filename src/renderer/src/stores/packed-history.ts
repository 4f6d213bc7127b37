import type { History, Step } from './session-history.ts'

/** A value whose members are told by where they stand among the parts. */
type Places = Readonly<Record<string, number>>

type PackedStep = Omit<Step<Places>, 'joins'>

/** A history as plain JSON, in which what its values have in common stands once. */
export interface PackedHistory {
  readonly count: number
  readonly base: number
  /** Members of its values, each as JSON. */
  readonly parts: readonly string[]
  readonly past: readonly PackedStep[]
  readonly future: readonly PackedStep[]
}

/**
 * A history of objects, packed.
 * @param most characters that its parts may have: steps farther from the present, and what was taken back, are left out
 */
export function packedHistory<T extends object>(
  { count, base, past, future }: History<T>,
  most: number
): PackedHistory {
  const parts: string[] = []
  const places = new Map<string, number>()
  // Most members are the same object in many steps.
  const known = new Map<unknown, number>()
  let room = most

  function placeOf(part: unknown): number {
    const json = JSON.stringify(part)
    const place = places.get(json) ?? parts.push(json) - 1
    if (place === places.size) room -= json.length
    places.set(json, place)
    known.set(part, place)
    return place
  }

  function packed(value: T): Places {
    const members = Object.entries(value) as [string, unknown][]
    return Object.fromEntries(
      members.map(([name, part]) => [name, known.get(part) ?? placeOf(part)])
    )
  }

  /** Those nearest to the present, as far as there is room. */
  function nearest(steps: readonly Step<T>[]): PackedStep[] {
    const kept: PackedStep[] = []
    for (const { before, after, label, deleted, moved, at, number } of steps.toReversed()) {
      const whole = parts.length
      const own = { label, deleted, at, number, ...(moved && { moved }) }
      const step = { ...own, before: packed(before), after: packed(after) }
      if (room < 0) {
        parts.length = whole
        break
      }
      kept.unshift(step)
    }
    return kept
  }

  const kept = nearest(past)
  const gone = past.at(-kept.length - 1)
  return { count, base: gone?.number ?? base, parts, past: kept, future: nearest(future) }
}

/** The history that was packed; nothing goes on with a step of it. */
export function unpackedHistory<T>({ parts, ...packed }: PackedHistory): History<T> {
  const members = parts.map(part => JSON.parse(part) as unknown)
  const valueOf = (places: Places) =>
    Object.fromEntries(Object.entries(places).map(([name, at]) => [name, members[at]])) as T
  const stepOf = ({ before, after, ...step }: PackedStep): Step<T> => ({
    ...step,
    joins: null,
    before: valueOf(before),
    after: valueOf(after)
  })
  return { ...packed, past: packed.past.map(stepOf), future: packed.future.map(stepOf) }
}
