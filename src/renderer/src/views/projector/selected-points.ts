import type { PointSet } from '#common/analysis/project/point-sets.ts'
import { objectSet, partId, type ObjectSet, type SetKind } from '#common/model/object-set.ts'
import {
  selectedEntries,
  selectedParts,
  selectedPositions,
  selectedRows
} from '../../reactive/selected-objects.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import type { ShownPoints } from './shown-points.ts'

/** What a point stands for; texts are points of the projector alone. */
const kinds: Readonly<Record<Exclude<PointSet, 'sentences'>, SetKind>> = {
  input: 'entry',
  output: 'entry',
  tokens: 'token',
  'token-layers': 'token',
  positions: 'position',
  W_in: 'neuron',
  W_out: 'neuron',
  W_Q: 'head',
  W_K: 'head',
  W_V: 'head',
  W_O: 'head'
}

/** Whether a point of a set is a key/value head, which several heads may read. */
export function isOfKeys(set: PointSet): boolean {
  return set === 'W_K' || set === 'W_V'
}

/** Whether other views know what its points stand for. */
export function isKnownElsewhere(set: PointSet): set is keyof typeof kinds {
  return set in kinds
}

/**
 * What points stand for; null of none, and of texts.
 * @param readers heads that read one key/value head
 */
export function objectsOf(
  { set, index, layer }: ShownPoints,
  points: readonly number[],
  readers: number
): ObjectSet | null {
  if (!isKnownElsewhere(set)) return null
  const kind = kinds[set]
  const each = isOfKeys(set) ? readers : 1
  const ids = points.flatMap(point => {
    const own = index[point]!
    if (kind !== 'head' && kind !== 'neuron') return String(own)
    return Array.from({ length: each }, (_, i) => partId(layer![point]!, own * each + i))
  })
  return objectSet(kind, ids)
}

/** Points that what is selected together stands at; none of texts. */
export function selectedPoints(
  { set, index, layer }: ShownPoints,
  subject: Pick<ViewSubject, 'selected' | 'run'>,
  readers: number
): number[] {
  const at = (test: (point: number) => boolean) => [...index.keys()].filter(test)
  if (!isKnownElsewhere(set) || subject.selected === null) return []
  const kind = kinds[set]
  if (kind === 'head' || kind === 'neuron') {
    const own = selectedParts(subject, kind)
    const each = isOfKeys(set) ? readers : 1
    return at(point =>
      Array.from({ length: each }, (_, i) => partId(layer![point]!, index[point]! * each + i)).some(
        id => own.has(id)
      )
    )
  }
  const own = { entry: selectedEntries, token: selectedPositions, position: selectedRows }[kind](
    subject
  )
  return own.size === 0 ? [] : at(point => own.has(index[point]!))
}
