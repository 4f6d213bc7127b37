import { firstTokenHidden } from '../../analysis/first-token.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import type { Tensor } from '../../model/tensor.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { headGrid } from '../head-grid.ts'
import { rangeOf, rangeTo } from '../heat-map-pixels.ts'
import { modelFigure, type MadeFigure } from './figure-view.ts'
import { lookOf, type LookParams } from './look-params.ts'
import { runOrigin } from './origin.ts'
import type { Provenance } from '../provenance.ts'

/** Patterns of all heads of some layers on one text. */
export interface FiguredHeads {
  readonly model: ModelInfo
  readonly run: Pick<Run, 'source' | 'tokens'>
  readonly layers: readonly number[]
  /** Of each layer, [head, row, column], pooled alike where the text is long. */
  readonly maps: readonly Tensor[]
  /** The first key is left out, and each row is divided by what is left of it. */
  readonly firstHidden: boolean
  /** Whether keys run from right to left; by the letters of the text where it is null. */
  readonly mirrored: boolean | null
}

/** What every head attends to, a small map each. */
export function allHeadsMade(
  whole: FiguredHeads,
  look: LookParams,
  version: string
): MadeFigure & { readonly from: Provenance } {
  const { model, run, layers, maps: tensors, firstHidden } = whole
  const [heads = 1, cells = 1] = tensors[0]?.shape ?? []
  const maps = new Float32Array(layers.length * heads * cells * cells)
  tensors.forEach(({ data }, row) => maps.set(data, row * heads * cells * cells))
  const hidden = firstHidden ? [firstTokenHidden] : []
  const isWhole = layers.length === model.config?.nLayers
  const of = isWhole
    ? 'All heads'
    : `Heads of layer${layers.length === 1 ? '' : 's'} ${layers.join(', ')}`
  const what = [`${of} · attention`, ...hidden].join(', ')
  const each = tokensEach(run.tokens.length, cells)
  // Rows of maxima are no longer probabilities: whoever reads the numbers or the caption has to know.
  const pooled = each === 1 ? [] : [`each cell the ${look.pooling} of ${each} × ${each} tokens`]
  const high = maps.reduce((most, value) => Math.max(most, value), 0)
  const own = lookOf(look, rangeOf({ low: 0, high }, 'weight'), rangeTo(1, 'weight'))
  const { input } = run.source
  const figure = {
    what,
    kind: headGrid,
    data: {
      title: `${model.name} · ${what}`,
      name: firstHidden ? 'renormalised weight' : 'attention weight',
      ...{ layers, heads, tokens: run.tokens.length, cells, maps, firstHidden },
      visibility: layers.map(layer => model.visibility?.[layer] ?? null),
      mirrored: whole.mirrored ?? ('text' in input && readsRightToLeft(input.text))
    },
    from: {
      version,
      of: runOrigin(model, run, [of, ...hidden, ...pooled].join(', ')),
      ...{ less: null, precision: 'float16' as const },
      again: {
        view: 'all-heads',
        params: {
          ...(!isWhole && { layers }),
          ...(firstHidden && { first_token: 'hidden' }),
          ...(whole.mirrored !== null && { mirrored: whole.mirrored }),
          ...look
        }
      }
    },
    dataset: () => headsDataset(whole, { heads, cells, data: maps }, look)
  }
  return { ...modelFigure(model, figure, own), from: figure.from }
}

function headsDataset(
  { run, layers }: FiguredHeads,
  {
    heads,
    cells,
    data
  }: { readonly heads: number; readonly cells: number; readonly data: Float32Array },
  { pooling }: LookParams
): Dataset {
  const each = tokensEach(run.tokens.length, cells)
  const isPooled = each > 1
  const side = axis(isPooled ? tokensOfCells(run.tokens.length, each) : cells)
  const about = isPooled
    ? `patterns, pooled by the ${pooling} of ${each} × ${each} tokens: rows do not sum to 1`
    : 'patterns'
  return dataset(
    { layer: axis(layers.map(String)), head: axis(heads), row: side, column: side },
    { weight: { axes: ['layer', 'head', 'row', 'column'], unit: '', about, data } },
    isPooled ? { pooling, tokens: run.tokens.length, tokens_each: each } : {}
  )
}

/** How many tokens a row of a map stands for; the last may stand for fewer. */
function tokensEach(tokens: number, cells: number): number {
  return Math.ceil(tokens / cells)
}

/** The first and the last token of each row, such as `4…5`. */
function tokensOfCells(tokens: number, each: number): string[] {
  return Array.from({ length: Math.ceil(tokens / each) }, (_, row) => {
    const [first, last] = [row * each, Math.min(tokens, (row + 1) * each) - 1]
    return first === last ? String(first) : `${first}…${last}`
  })
}
