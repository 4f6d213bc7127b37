import { computed } from 'vue'
import { colorTable } from '#common/figure/color-table.ts'
import { extent, rangeOf, rangeTo, spanning } from '#common/figure/heat-map-pixels.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { sliceOfFirstAxis, type Tensor } from '#common/model/tensor.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { inputText } from '#common/text/input-text.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useReadingDirection } from '../../reactive/use-reading-direction.ts'
import { patternMapsOf } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults } from '../../stores/results.ts'
import { useSettings } from '../../stores/settings.ts'
import { useStreaming } from '../../stores/streaming.ts'

/** The model and the text whose heads are drawn small. */
export interface RunOfModel {
  readonly model: ModelInfo
  readonly run: Run
}

/** Which small maps are drawn, and how large. */
export interface SmallMapInput extends RunOfModel {
  /** What it is compared with, where that has such a block. */
  readonly other: RunOfModel | null
  readonly layer: number
  /** CSS pixels along a map's side. */
  readonly cell: number
}

/** Small maps as they came, and what they are of. */
interface DrawnMaps extends RunOfModel {
  readonly other: RunOfModel | null
  readonly layer: number
  /** [head, query, key], and those that they are compared with. */
  readonly maps: Tensor
  readonly others: Tensor | null
  readonly firstHidden: boolean
}

/** Powers of two. */
const resolutions = [32, 64, 128, 256]

/** Maps of a model that a session stands in for: of the size that is wanted, or of the nearest one that was kept. */
async function keptNearest(
  wanted: number,
  ask: (size: number) => Promise<Tensor>
): Promise<Tensor> {
  const far = (size: number) => Math.abs(Math.log2(size / wanted))
  let failure: unknown = null
  for (const size of [...resolutions].sort((a, b) => far(a) - far(b)))
    try {
      return await ask(size)
    } catch (thrown) {
      if (toLamellaError(thrown).code !== 'not-kept') throw thrown
      failure ??= thrown
    }
  throw failure
}

/** The patterns of all heads of a block, small, and how each is painted. */
export function useSmallMaps(input: () => SmallMapInput) {
  const results = useResults()
  const settings = useSettings()
  const streaming = useStreaming()

  /** Pixels along a map's side: the fewest that are enough, so that resizing the grid seldom asks anew. */
  const resolution = computed(() => {
    const wanted = input().cell * (window.devicePixelRatio || 1)
    return resolutions.find(size => size >= wanted) ?? resolutions.at(-1)!
  })
  /** Keys run the way they do in the large map. */
  const mirrored = useReadingDirection(() => inputText(input().run.source.input))
  /** Why there are none; null where there may be some. */
  const missing = computed(() => missingPattern(input().model, input().layer))
  const unasked = computed(
    () => missing.value === null && !streaming.mayAsk(input().run, input().layer)
  )
  const latest = useLatest(
    () => {
      if (missing.value !== null || unasked.value) return null
      const { model, run, other, layer } = input()
      const { pooling, firstToken } = settings
      const [otherModel, otherRun] = [other?.model, other?.run]
      const size = resolution.value
      return { model, run, otherModel, otherRun, pooling, firstToken, layer, size }
    },
    async (
      { model, run, otherModel, otherRun, pooling, firstToken, layer, size },
      signal
    ): Promise<DrawnMaps> => {
      const other = otherModel && otherRun ? { model: otherModel, run: otherRun } : null
      const mapsOf = ({ run, model: { absent } }: RunOfModel) => {
        const ask = (size: number) =>
          results.ask(patternMapsOf(run, layer, size, pooling, firstToken), signal)
        return absent === undefined ? ask(size) : keptNearest(size, ask)
      }
      const [maps, others] = await Promise.all([mapsOf({ model, run }), other && mapsOf(other)])
      const firstHidden = firstToken === 'hidden'
      return { model, run, other, layer, maps, others, firstHidden }
    }
  )

  /** Where others could not be had, maps of another size stay, and none of other runs or another block. */
  const drawn = computed(() => {
    const [own, { run, other, layer }] = [latest.value.value, input()]
    const isOwn =
      own?.run.id === run.id && own.other?.run.id === other?.run.id && own.layer === layer
    return latest.error.value === null || isOwn ? own : null
  })

  /** What one head's map is painted of; null before it is there. */
  function rasterOf(head: number) {
    if (drawn.value === null) return null
    const { model, run, other, layer, maps, others, firstHidden } = drawn.value
    const [heads = 0, size = 0] = maps.shape
    if (head >= heads) return null
    const { look, comparison } = settings
    const tokens = run.tokens.length
    const visible = ({ visibility }: ModelInfo) => visibility?.[layer] ?? null
    const visibility = visible(model)
    // Nothing is subtracted where the shapes are not the same.
    const isDifference =
      comparison === 'difference' &&
      other?.run.tokens.length === tokens &&
      String(others?.shape) === String(maps.shape)
    const quantity = isDifference ? 'difference' : 'weight'
    const { data: own } = sliceOfFirstAxis(maps, head)
    const theirs = others && head < others.shape[0]! ? sliceOfFirstAxis(others, head).data : null
    const values = isDifference ? own.map((value, i) => value - theirs![i]!) : own
    const extents = [extent(values, size, tokens, visibility, firstHidden)]
    if (theirs && other && !isDifference) {
      const { run, model } = other
      const [, size = 0] = others!.shape
      extents.push(extent(theirs, size, run.tokens.length, visible(model), firstHidden))
    }
    const range = look.follows ? rangeOf(spanning(extents), quantity) : rangeTo(1, quantity)
    const view = { cell: 1, row: 0, column: 0 }
    const stage = { size, width: size, height: size, ratio: 1 }
    const shown = { visibility, firstHidden, mirrored: mirrored.value }
    const table = colorTable(isDifference ? 'difference' : look.colorMap, look.paper)
    return {
      scene: { values, tokens, pooling: look.pooling, view, stage, ...shown },
      colors: { table, scale: look.scale, range },
      empty: look.empty
    }
  }

  return {
    latest,
    missing,
    unasked,
    rasterOf,
    /** What a map is drawn of: it is painted anew when that changes. */
    drawnOf: () => [drawn.value, settings.look, settings.comparison, mirrored.value]
  }
}
