import { computed, shallowRef } from 'vue'
import type { Pooling } from '#common/analysis/pool.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { weightMapOf, weightRange } from '#common/figure/views/tensor-figures.ts'
import type { WeightMapData } from '#common/figure/weight-map.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import { useNewest } from '../../reactive/use-newest.ts'
import { useResults } from '../../stores/results.ts'
import { tensorMapOf } from '../../stores/weight-analyses.ts'
import { isWhole, type Region, type Whole } from './region.ts'

/** What a map is asked for. */
export interface WantedMap {
  readonly model: ModelInfo
  readonly tensor: string
  readonly whole: Whole
  readonly region: Region
  readonly pooling: Pooling
  /** Whether colours go as far as those of all of the tensor, whatever part is shown. */
  readonly wholeRange: boolean
}

/** A map as it came. */
export interface ShownMap extends WantedMap {
  readonly result: Dataset
  readonly data: WeightMapData
  readonly range: ValueRange
}

interface Key extends WantedMap {
  /** The most cells. */
  readonly down: number
  readonly across: number
}

function textOf({ model, ...key }: Key): string {
  return JSON.stringify([model.id, key])
}

/** The map of a part of a tensor, as fine as its room shows it. */
export function useTensorMap(wanted: () => WantedMap | null) {
  const results = useResults()
  /** CSS pixels for cells; null before it is known. */
  const room = shallowRef<{ readonly width: number; readonly height: number } | null>(null)

  // One that says the same is the same: nothing is asked for anew.
  const key = computed<Key | null>(before => {
    const own = wanted()
    if (own === null || room.value === null) return null
    const ratio = window.devicePixelRatio || 1
    const { width, height } = room.value
    const next = { ...own, down: cellsIn(height * ratio), across: cellsIn(width * ratio) }
    return before && textOf(before) === textOf(next) ? before : next
  })

  function askedFor({ model, tensor, whole, region, pooling, down, across }: Key) {
    const part = isWhole(region, whole) ? { rows: null, columns: null } : region
    return tensorMapOf(model, tensor, part, pooling, [down, across])
  }
  const map = useNewest(
    () => key.value,
    async (key, signal): Promise<ShownMap> => {
      const result = await results.ask(askedFor(key), signal)
      const range = key.wholeRange && !isWhole(key.region, key.whole) ? wholeMapOf(key) : null
      const ranged = range === null ? result : await results.ask(range, signal)
      return { ...key, result, data: weightMapOf(result, null), range: weightRange(ranged) }
    },
    (a, b) => a.model.id === b.model.id && a.tensor === b.tensor
  )
  const work = computed(() => key.value && results.workOf(askedFor(key.value)))
  return { room, map, work }
}

function wholeMapOf({ model, tensor, pooling }: WantedMap) {
  return tensorMapOf(model, tensor, { rows: null, columns: null }, pooling, [512, 512])
}

/** So many cells have room, in steps: a window that is made a little larger asks for nothing new. */
function cellsIn(pixels: number): number {
  return Math.max(64, Math.min(1024, Math.floor(pixels / 128) * 128))
}
