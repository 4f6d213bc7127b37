import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { ComparedModel } from '#common/analysis/head-comparison/compared-model.ts'
import { generator } from '#common/analysis/generator.ts'
import { headStatistics } from '#common/analysis/head-statistics/head-statistics.ts'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import type { Dataset } from '#common/data/dataset.ts'

/** How a head attends: where the half of it goes that is not spread alike; null for nowhere. */
type Planted = (query: number, window: number) => number | null
export const previous: Planted = query => (query > 0 ? query - 1 : null)
export const first: Planted = () => 0
export const nowhere: Planted = () => null
/** What it does in the first half of 24 windows it no longer does in the second. */
export const fading: Planted = (query, window) => (window < 12 ? previous(query, window) : null)

export interface PlantedModel {
  /** [layer][head] */
  readonly heads: readonly (readonly Planted[])[]
  readonly windows: number
  readonly size: number
  readonly letters?: string
  readonly share?: number
  readonly known?: boolean
  readonly seed?: number
}

/** A model whose patterns are made by hand, as `head-statistics` sees it. */
export function plantedModel(name: string, planted: PlantedModel): ComparedModel {
  const { heads, windows, size, known = true } = planted
  const config = { nLayers: heads.length, nHeads: heads[0]!.length, dVocab: 40 }
  const visibility = known ? heads.map(() => ({ causal: true, reach: null })) : null
  const given = statisticsOf(planted, {
    ...{ name, visibility, scores: null, predicts: 'next', labels: null, ofText: false },
    config: { ...config, nKeyValueHeads: config.nHeads, dModel: 4, dHead: 2, nCtx: 64 },
    tensors: [],
    positions: null,
    texts: new Map()
  })
  // As the workbench adds it.
  const result = { ...given, attributes: { ...given.attributes, windows } }
  return {
    ...{ name, result, edited: false, window: size, stride: null, texts: name },
    model: { fingerprint: name, config, visibility },
    atlas: headAtlas(result, null)
  }
}

function statisticsOf(
  { heads, windows, size, letters = 'abcde fgh', share = 0.5, seed = 3 }: PlantedModel,
  model: ModelFacts
): Dataset {
  const next = generator(seed)
  const params = headStatistics.params.parse({ times: 200 })
  const accumulator = headStatistics.start(params, model, null)
  for (let number = 0; number < windows; number++) {
    const texts = Array.from({ length: size }, () => letters[Math.floor(next() * letters.length)]!)
    const ids = Int32Array.from(texts, letter => letter.charCodeAt(0) % 40)
    accumulator.begin({ ids, texts, label: `window ${number}` })
    heads.forEach((layer, l) => {
      const data = new Float32Array(layer.length * size * size)
      layer.forEach((planted, head) => {
        for (let query = 0; query < size; query++) {
          const row = (head * size + query) * size
          const own = share * (0.8 + 0.4 * next())
          const key = planted(query, number)
          const rest = key === null ? 1 : 1 - own
          for (let i = 0; i <= query; i++) data[row + i] = rest / (query + 1)
          if (key !== null) data[row + key]! += own
        }
      })
      const shape = [layer.length, size, size]
      accumulator.take({ kind: 'hook', hook: `blocks.${l}.attn.hook_pattern`, shape, data }, 0)
    })
  }
  const result = accumulator.result()
  return { ...result, attributes: { ...result.attributes, params: { least: 0.1, alpha: 0.05 } } }
}
