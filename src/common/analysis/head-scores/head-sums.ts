import { naturalLog } from '../natural-log.ts'
import { classNames } from '../token-classes.ts'
import type { VisibleRange, WindowPlan } from './window-plan.ts'

const nClasses = classNames.length

/** Share of the smoothed pattern that is spread over all keys alike. @source Clark et al. 2019, their code */
const smoothing = 0.0001

/** Weights this many times as large as what is spread are far enough from it for two terms of a series. */
const seriesBound = 256

/**
 * Sums over the queries of all windows so far, of some heads: every score is one of them divided by a count. They are
 * float64, added in the order of the windows, so that going on from them is the same as not having stopped.
 */
export interface HeadSums {
  readonly heads: number
  /** Places that `offset`, `forward` and `sink` have for each head: the longest window's tokens. */
  size: number
  /** [head, distance], of keys at or before the query. */
  offset: Float64Array
  /** [head, distance], of keys at or after the query. */
  forward: Float64Array
  /** [head, key] */
  sink: Float64Array
  /** [head] each. */
  readonly duplicate: Float64Array
  readonly induction: Float64Array
  readonly entropy: Float64Array
  readonly smoothed: Float64Array
  /** [head, class of the query, class of the key] */
  readonly fromTo: Float64Array
  /** [head, class of the key] */
  readonly mass: Float64Array
}

export function headSums(heads: number): HeadSums {
  const each = () => new Float64Array(heads)
  return {
    heads,
    size: 0,
    offset: new Float64Array(0),
    forward: new Float64Array(0),
    sink: new Float64Array(0),
    duplicate: each(),
    induction: each(),
    entropy: each(),
    smoothed: each(),
    fromTo: new Float64Array(heads * nClasses ** 2),
    mass: new Float64Array(heads * nClasses)
  }
}

/** Makes room for windows of `size` tokens. */
export function growSums(sums: HeadSums, size: number): void {
  if (size <= sums.size) return
  for (const name of ['offset', 'forward', 'sink'] as const) {
    const wider = new Float64Array(sums.heads * size)
    for (let head = 0; head < sums.heads; head++)
      wider.set(sums[name].subarray(head * sums.size, (head + 1) * sums.size), head * size)
    sums[name] = wider
  }
  sums.size = size
}

/**
 * Adds one head's pattern of a window, in one pass over the keys that each query sees.
 * @param pattern [query, key], from `from` on; rows sum to 1
 */
export function addHead(
  sums: HeadSums,
  head: number,
  { size, copies, setOf, sets }: WindowPlan,
  { starts, ends }: VisibleRange,
  pattern: Float32Array,
  from = 0
): void {
  const bits = new Uint32Array(pattern.buffer, pattern.byteOffset, pattern.length)
  const spread = smoothing / size
  const ofNothing = spread * Math.log(spread)
  const logKept = Math.log1p(-smoothing)
  const bySets = new Float64Array(sets.length ** 2)
  const byDistance = new Float64Array(2 * size)
  const byKey = new Float64Array(size)
  let duplicate = 0
  let induction = 0
  let entropy = 0
  let smoothed = 0
  for (let query = 0; query < size; query++) {
    const row = from + query * size
    const start = starts[query]!
    const end = ends[query]!
    // Both are sums of x ln x: entropies with the sign turned.
    let own = 0
    let mixed = ofNothing * (size - (end - start))
    for (let key = start; key < end; key++) {
      const weight = pattern[row + key]!
      byDistance[size + query - key]! += weight
      byKey[key]! += weight
      const kept = (1 - smoothing) * weight
      if (weight > seriesBound * spread) {
        const log = naturalLog(bits[row + key]!)
        own += weight * log
        // ln(kept + spread) = ln kept + ln(1 + small), by its series.
        const small = spread / kept
        mixed += (kept + spread) * (log + logKept + small * (1 - small / 2))
      } else if (weight === 0) mixed += ofNothing
      else {
        own += weight * Math.log(weight)
        mixed += (kept + spread) * Math.log(kept + spread)
      }
    }
    entropy -= own
    smoothed -= mixed
    if (sets.length > 1) {
      const rowOfSets = setOf[query]! * sets.length
      for (let key = start; key < end; key++)
        bySets[rowOfSets + setOf[key]!]! += pattern[row + key]!
    }
    const first = copies.starts[query]!
    const last = first + copies.counts[query]!
    for (let i = first; i < last; i++) {
      const copy = copies.places[i]!
      duplicate += pattern[row + copy]!
      induction += pattern[row + copy + 1]!
    }
  }
  // Of one set alone all is from it and to it.
  if (sets.length === 1) for (const weight of byKey) bySets[0]! += weight
  const at = head * sums.size
  for (let i = 0; i < size; i++) {
    sums.offset[at + i]! += byDistance[size + i]!
    sums.forward[at + i]! += byDistance[size - i]!
    sums.sink[at + i]! += byKey[i]!
  }
  sums.duplicate[head]! += duplicate
  sums.induction[head]! += induction
  sums.entropy[head]! += entropy
  sums.smoothed[head]! += smoothed
  addClasses(sums, head, sets, bySets)
}

/** Spreads the mass from sets of classes to sets of classes over the classes. */
function addClasses(
  sums: HeadSums,
  head: number,
  sets: readonly number[],
  bySets: Float64Array
): void {
  sets.forEach((fromSet, i) =>
    sets.forEach((toSet, j) => {
      const mass = bySets[i * sets.length + j]!
      for (let to = 0; to < nClasses; to++) {
        if (!((toSet >> to) & 1)) continue
        sums.mass[head * nClasses + to]! += mass
        for (let from = 0; from < nClasses; from++)
          if ((fromSet >> from) & 1) sums.fromTo[(head * nClasses + from) * nClasses + to]! += mass
      }
    })
  )
}
