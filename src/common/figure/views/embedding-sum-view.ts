import { z } from 'zod'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { largestMagnitude } from '../../data/largest-magnitude.ts'
import { tokenText } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import type { Look } from '../look.ts'
import type { Provenance } from '../provenance.ts'
import { weightMap, type WeightMapData } from '../weight-map.ts'
import { figureView, modelFigure, type ViewFigure } from './figure-view.ts'
import { LookParams, plainLook } from './look-params.ts'
import { runOrigin } from './origin.ts'

/** What is drawn of the tokens of a text: what they add, what their positions add, or both together. */
export const sumParts = ['embedding', 'position', 'sum'] as const
export type SumPart = (typeof sumParts)[number]

const EmbeddingSumParams = LookParams.pick({ pooling: true }).extend({
  /** The embedding of each token, what its position adds, or the sum of both. */
  part: z.enum(sumParts).default('sum'),
  /** How far from zero colours go: as far as the values of all three when left out. */
  reach: z.number().positive().nullable().default(null)
})

/** The sum of embeddings and positions of a text. */
export const embeddingSumView = figureView({
  name: 'embedding-sum',
  analyses: ['embedding-sum'],
  about: 'the embedding of each token of a text, what its position adds to it, and the sum',
  of: 'text',
  params: EmbeddingSumParams,
  async make({ model, version, run: runOf, analysis }, { part, ...shown }) {
    const run = await runOf()
    const result = await analysis('embedding-sum', {})
    const figure = embeddingSumFigure({ model, run, result, version }, part, shown)
    const reach = shown.reach ?? sumReach(result)
    return modelFigure(model, figure, sumLook({ ...plainLook, pooling: shown.pooling }, reach))
  }
})

/** What embeddings and positions of a run came to. */
export interface FiguredSum {
  readonly model: ModelInfo
  readonly run: Run
  readonly result: Dataset
  readonly version: string
}

/** One of the three, and the command that draws it. */
export function embeddingSumFigure(
  { model, run, result, version }: FiguredSum,
  part: SumPart,
  { reach, pooling }: { readonly reach: number | null; readonly pooling: Look['pooling'] }
): ViewFigure<WeightMapData, Provenance> {
  const what = {
    embedding: 'embeddings of tokens',
    position: 'what positions add',
    sum: 'sum of embeddings and positions'
  }[part]
  const params = { part, ...(reach !== null && { reach }), pooling }
  return {
    ...{ what, kind: weightMap, dataset: () => withDrawn(result, [part]) },
    data: { ...sumMap(run, result, part), title: `${model.name} · ${what}` },
    from: {
      ...{ version, of: runOrigin(model, run, `Positions: ${what}`), less: null },
      ...{ precision: 'float32', again: { view: 'embedding-sum', params } }
    }
  }
}

/** Tokens down and dimensions across. */
export function sumMap(run: Run, result: Dataset, part: SumPart): WeightMapData {
  return {
    ...{ title: null, name: 'value', names: { rows: 'token', columns: 'dimension' } },
    rows: { from: 0, to: result.axes['pos']!.length, each: 1 },
    columns: { from: 0, to: result.axes['dimension']!.length, each: 1 },
    labels: { rows: writtenTokens(run).map(tokenText) },
    values: Float32Array.from(variable(result, part).data)
  }
}

/** How far from zero the values of all three go. */
export function sumReach(result: Dataset): number {
  return Math.max(...sumParts.map(part => largestMagnitude(variable(result, part).data))) || 1
}

/** A look whose colours go so far from zero. */
export function sumLook(look: Omit<Look, 'range'>, reach: number): Look {
  const range = { low: -reach, high: reach }
  return { ...look, scale: 'linear', follows: true, shared: true, range }
}
