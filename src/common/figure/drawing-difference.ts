import { another, largestDifference } from '../data/difference.ts'
import { drawingOf } from './drawing-of.ts'
import type { KeptDrawing } from './drawing.ts'

/**
 * The largest difference between the numbers that two figures are drawn of, as `largestDifference` has it; null where they are
 * drawn of none.
 * @throws LamellaError where they are not drawn alike, or of more or fewer numbers
 */
export function drawingDifference(before: KeptDrawing, now: KeptDrawing): number | null {
  const own = wholeParts(before)
  const again = wholeParts(now)
  const kinds = (parts: typeof own) => parts.map(({ kind }) => kind).join(', ')
  if (kinds(own) !== kinds(again))
    throw another(`is drawn as ${kinds(again)}, expected ${kinds(own)}`)
  const numbers = listsOf(again)
  const differences = [...listsOf(own)].flatMap(([place, lists]) =>
    lists.map((list, i) => largestDifference(list, numbers.get(place)?.[i] ?? []))
  )
  return differences.length === 0 ? null : Math.max(...differences)
}

/** With what is left out in the data as their kind has it. */
function wholeParts(kept: KeptDrawing): KeptDrawing['parts'] {
  return drawingOf(kept).kept()?.parts ?? []
}

/** What a person pointed at, and how a page laid a text out: none of what was computed. */
const ofScreen = new Set(['marked', 'boxes'])

/** Arrays, and the numbers of things in lists in the order of the things, by where they stand. Other numbers are settings. */
function listsOf(parts: KeptDrawing['parts']): Map<string, ArrayLike<number>[]> {
  const arrays = new Map<string, ArrayLike<number>[]>()
  const inLists = new Map<string, number[]>()
  for (const { data } of parts) gather(data, '', false)
  return new Map([
    ...arrays,
    ...[...inLists].map(([place, list]) => [place, [list]] as [string, number[][]])
  ])

  function gather(value: unknown, place: string, isInList: boolean): void {
    if (isNumbers(value)) listAt(arrays, place).push(value)
    else if (typeof value === 'number') {
      if (isInList) listAt(inLists, place).push(value)
    } else if (Array.isArray(value)) {
      for (const item of value) gather(item, `${place}[]`, true)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value))
        if (!ofScreen.has(name)) gather(item, `${place}.${name}`, isInList)
    }
  }
}

function listAt<T>(lists: Map<string, T[]>, place: string): T[] {
  const list = lists.get(place) ?? []
  lists.set(place, list)
  return list
}

function isNumbers(value: unknown): value is ArrayLike<number> & ArrayBufferView {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
