import { computed, shallowRef } from 'vue'
import { isWhole, type Region, type Whole } from '#common/analysis/tensor-map/region.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { weightMapOf, weightRange } from '#common/figure/views/tensor-figures.ts'
import type { RegionMap } from '#common/figure/views/tensor-maps.ts'
import type { WeightMapData } from '#common/figure/weight-map.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import { useNewest } from '../../reactive/use-newest.ts'
import { useResults } from '../../stores/results.ts'
import { tensorMapOf } from '../../stores/weight-analyses.ts'
import type { Pane } from './use-shown-tensor.ts'

/** What maps are asked for. */
export interface WantedMaps {
  readonly model: ModelInfo
  readonly tensor: string
  readonly whole: Whole
  readonly panes: readonly Pane[]
  readonly pooling: Pooling
  /** Whether colours go as far as those of all of the tensor, whatever parts are shown. */
  readonly wholeRange: boolean
}

/** The map of one part. */
export interface PaneMap extends Pane, RegionMap {
  readonly data: WeightMapData
}

/** Maps as they came, in colours of one range. */
export interface ShownMaps extends Key {
  readonly maps: readonly PaneMap[]
  readonly range: ValueRange
}

interface Key extends WantedMaps {
  /** The most cells of each. */
  readonly down: number
  readonly across: number
}

function textOf({ model, ...key }: Key): string {
  return JSON.stringify([model.id, key])
}

/** The maps of parts of a tensor, as fine as their room shows them. */
export function useTensorMaps(wanted: () => WantedMaps | null) {
  const results = useResults()
  /** CSS pixels for the cells of each; null before it is known. */
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

  function askedFor({ model, tensor, whole, pooling, down, across }: Key, region: Region) {
    const part = isWhole(region, whole) ? { rows: null, columns: null } : region
    return tensorMapOf(model, tensor, part, pooling, [down, across])
  }
  const shown = useNewest(
    () => key.value,
    async (key, signal): Promise<ShownMaps> => {
      const maps = await Promise.all(
        key.panes.map(async (pane): Promise<PaneMap> => {
          const result = await results.ask(askedFor(key, pane.region), signal)
          return { ...pane, result, data: weightMapOf(result, null) }
        })
      )
      const ranged = key.wholeRange
        ? [await results.ask(wholeMapOf(key), signal)]
        : maps.map(({ result }) => result)
      return { ...key, maps, range: weightRange(ranged) }
    },
    (a, b) => a.model.id === b.model.id && a.tensor === b.tensor
  )
  const work = computed(() => {
    const own = key.value
    const all = own?.panes.map(({ region }) => results.workOf(askedFor(own, region)))
    return all?.find(found => found !== null) ?? null
  })
  return { room, shown, work }
}

/** Of all of a tensor, as the command line asks for it. */
function wholeMapOf({ model, tensor, pooling }: WantedMaps) {
  return tensorMapOf(model, tensor, { rows: null, columns: null }, pooling, [512, 512])
}

/** So many cells have room, in steps: a window that is made a little larger asks for nothing new. */
function cellsIn(pixels: number): number {
  return Math.max(64, Math.min(1024, Math.floor(pixels / 128) * 128))
}
