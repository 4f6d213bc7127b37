import type { PointSet } from '#common/analysis/project/point-sets.ts'
import { headsPerKeyValueHead } from '#common/model/heads-per-key-value-head.ts'
import { objectSet, partId, type ObjectSet, type SetKind } from '#common/model/object-set.ts'
import {
  selectedEntries,
  selectedParts,
  selectedPositions,
  selectedRows
} from '../../reactive/selected-objects.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import type { ShownPoints } from '#common/analysis/project/shown-points.ts'

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

/** Heads that stand behind each point of a set: of key/value heads those that read one. */
export function readersOf(set: PointSet, config: HeadCounts | null | undefined): number {
  const isOfKeys = set === 'W_K' || set === 'W_V'
  return config && isOfKeys ? headsPerKeyValueHead(config) : 1
}
type HeadCounts = Parameters<typeof headsPerKeyValueHead>[0]

/** Whether other views know what its points stand for. */
export function isKnownElsewhere(set: PointSet): set is keyof typeof kinds {
  return set in kinds
}

/**
 * What points stand for; null of none, and of texts.
 * @param readers as `readersOf` tells
 */
export function objectsOf(
  shown: ShownPoints,
  points: readonly number[],
  readers: number
): ObjectSet | null {
  const { set, index } = shown
  if (!isKnownElsewhere(set)) return null
  const kind = kinds[set]
  const arePartsOfLayers = kind === 'head' || kind === 'neuron'
  const ids = points.flatMap(point =>
    arePartsOfLayers ? partsAt(shown, point, readers) : String(index[point])
  )
  return objectSet(kind, ids)
}

/** The heads, or the neuron, that a point stands for. */
function partsAt({ index, layer }: ShownPoints, point: number, readers: number): string[] {
  const first = index[point]! * readers
  return Array.from({ length: readers }, (_, i) => partId(layer![point]!, first + i))
}

/** Points that what is selected together stands at; none of texts. */
export function selectedPoints(
  shown: ShownPoints,
  subject: Pick<ViewSubject, 'selected' | 'run'>,
  readers: number
): number[] {
  const { set, index } = shown
  const at = (test: (point: number) => boolean) => [...index.keys()].filter(test)
  if (!isKnownElsewhere(set) || subject.selected === null) return []
  const kind = kinds[set]
  if (kind === 'head' || kind === 'neuron') {
    const own = selectedParts(subject, kind)
    return at(point => partsAt(shown, point, readers).some(id => own.has(id)))
  }
  const own = { entry: selectedEntries, token: selectedPositions, position: selectedRows }[kind](
    subject
  )
  return own.size === 0 ? [] : at(point => own.has(index[point]!))
}
