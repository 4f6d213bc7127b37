import {
  addsFromRun,
  editAxes,
  type Edit,
  type EditAxis,
  type IndexRange
} from '#common/model/edit.ts'
import { effectiveEdits } from './effective-edits.ts'

/**
 * Edits as a key has them, whatever the length of a text: equal for those that are the same however they are written,
 * and none that changes nothing.
 */
export function canonicalEdits(edits: readonly Edit[]): Edit[] {
  return effectiveEdits(edits).map(({ hook, at, scale, add }) => {
    const places: { [Axis in EditAxis]?: IndexRange } = {}
    for (const axis of editAxes) if (at[axis] !== undefined) places[axis] = canonical(at[axis])
    return {
      hook,
      at: places,
      scale,
      add: addsFromRun(add)
        ? { ...add, from: { ...add.from, edits: canonicalEdits(add.from.edits) } }
        : add
    }
  })
}

/** Neighbouring indices as a range, others in order and each once. */
function canonical(range: IndexRange): IndexRange {
  if (typeof range === 'string') return range
  const indices = [...new Set(range)].sort((a, b) => a - b)
  const [first] = indices
  const last = indices.at(-1)
  if (first === undefined || last === undefined) return indices
  return last - first === indices.length - 1 ? `${first}:${last + 1}` : indices
}
