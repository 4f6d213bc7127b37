import { another, largestDifference } from '../data/difference.ts'
import type { AttentionLine } from './drawn-lines.ts'
import { drawingOf } from './drawing-of.ts'
import type { KeptDrawing } from './drawing.ts'

/**
 * The largest difference between the numbers that two figures are drawn of, as `largestDifference` has it; null where they are
 * drawn of none.
 * @throws LamellaError where they are not drawn alike, of more or fewer numbers, or of other words
 */
export function drawingDifference(before: KeptDrawing, now: KeptDrawing): number | null {
  const own = wholeParts(before)
  const again = wholeParts(now)
  const kinds = (parts: typeof own) => parts.map(({ kind }) => kind).join(', ')
  if (kinds(own) !== kinds(again))
    throw another(`is drawn as ${kinds(again)}, expected ${kinds(own)}`)
  const [kept, made] = [gathered(own), gathered(again)]
  const differences = [
    ...pairs(kept.numbers, made.numbers).flatMap(([before, now]) =>
      indices(before, now).map(i => largestDifference(before[i] ?? [], now[i] ?? []))
    ),
    ...pairs(kept.lines, made.lines).flatMap(([before, now]) =>
      indices(before, now).map(i => linesDifference(before[i] ?? [], now[i] ?? []))
    )
  ]
  for (const [[words = []], [others = []]] of pairs(kept.words, made.words))
    // Those of almost the same number may stand in another order.
    if (words.toSorted().join('\0') !== others.toSorted().join('\0'))
      throw another('has other words')
  return differences.length === 0 ? null : Math.max(...differences)
}

/** With what is left out in the data as their kind has it. */
function wholeParts(kept: KeptDrawing): KeptDrawing['parts'] {
  return drawingOf(kept).kept()?.parts ?? []
}

/** What a person pointed at, and how a page laid a text out: none of what was computed. */
const ofScreen = new Set(['marked', 'boxes'])

/** Where words of a model or of a text stand, and what rows and columns are called. Other words say how something is drawn. */
const ofWords = /\.(text|label|labels\.rows|labels\.columns|rows)(\[\])*$/

/** What figures are drawn of, by where it stands. */
interface Gathered {
  /** Arrays, and the numbers of things in lists in the order of the things. Other numbers are settings. */
  readonly numbers: Lists<ArrayLike<number>>
  /** Of things in lists, in one list. */
  readonly words: Lists<readonly string[]>
  readonly lines: Lists<readonly Line[]>
}
type Lists<T> = ReadonlyMap<string, readonly T[]>

/** A weight, or a difference of two; of one head where none is told. */
type Line = Omit<AttentionLine, 'head'> & Partial<Pick<AttentionLine, 'head'>>

function gathered(parts: KeptDrawing['parts']): Gathered {
  const arrays = new Map<string, ArrayLike<number>[]>()
  const inLists = new Map<string, number[]>()
  const words = new Map<string, string[]>()
  const lines = new Map<string, Line[][]>()
  for (const { data } of parts) gather(data, '', false)
  return { numbers: new Map([...arrays, ...asOne(inLists)]), words: asOne(words), lines }

  function gather(value: unknown, place: string, isInList: boolean): void {
    if (isNumbers(value)) listAt(arrays, place).push(value)
    else if (typeof value === 'number') {
      if (isInList) listAt(inLists, place).push(value)
    } else if (typeof value === 'string') {
      if (isInList && ofWords.test(place)) listAt(words, place).push(value)
    } else if (areLines(value, place)) {
      listAt(lines, place).push(value)
    } else if (Array.isArray(value)) {
      for (const item of value) gather(item, `${place}[]`, true)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value))
        if (!ofScreen.has(name)) gather(item, `${place}.${name}`, isInList)
    }
  }
}

function asOne<T>(lists: ReadonlyMap<string, T[]>): Map<string, T[][]> {
  return new Map([...lists].map(([place, list]) => [place, [list]]))
}

/** What both have at each place that either has. */
function pairs<T>(a: Lists<T>, b: Lists<T>): (readonly [readonly T[], readonly T[]])[] {
  const places = new Set([...a.keys(), ...b.keys()])
  return [...places].map(place => [a.get(place) ?? [], b.get(place) ?? []])
}

function indices(a: readonly unknown[], b: readonly unknown[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i)
}

/**
 * Of lines the weakest are left out, and which these are a rounding decides: one that the other has not is compared with the
 * weakest that is drawn.
 */
function linesDifference(before: readonly Line[], now: readonly Line[]): number {
  const [own, again] = [before, now].map(
    lines =>
      new Map(lines.map(({ query, key, head = 0, weight }) => [`${query} ${key} ${head}`, weight]))
  ) as [Map<string, number>, Map<string, number>]
  const weakest = [...own.values(), ...again.values()].reduce(
    (least, weight) => Math.min(least, Math.abs(weight)),
    Infinity
  )
  const beside = (weight: number | undefined, other: number) => weight ?? Math.sign(other) * weakest
  const names = [...new Set([...own.keys(), ...again.keys()])]
  return largestDifference(
    names.map(name => beside(own.get(name), again.get(name) ?? 0)),
    names.map(name => beside(again.get(name), own.get(name) ?? 0))
  )
}

function areLines(value: unknown, place: string): value is Line[] {
  return (
    place.endsWith('.lines') &&
    Array.isArray(value) &&
    value.every(line => typeof line === 'object' && line !== null && 'key' in line)
  )
}

function listAt<T>(lists: Map<string, T[]>, place: string): T[] {
  const list = lists.get(place) ?? []
  lists.set(place, list)
  return list
}

function isNumbers(value: unknown): value is ArrayLike<number> & ArrayBufferView {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
