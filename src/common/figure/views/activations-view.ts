import { z } from 'zod'
import { missingNormHook } from '../../analysis/norm-hooks.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { checkIndex } from '../../model/check-index.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import {
  activationGrid,
  activationMeasures,
  expertGrid,
  histogramFigure,
  layersFigure,
  unitMap,
  unitRange,
  unitsFigure
} from './activation-figures.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
import { lookOf, lookParams, LookParams, OwnRange, plainLook } from './look-params.ts'
import { gridRange } from './value-grid.ts'

const ActivationFigureParams = LookParams.pick({ colors: true }).extend({
  /** Of a grid or a map. */
  range: OwnRange,
  /** A number of each token in each block, each unit of one block, their histogram, or the experts that are chosen. */
  form: z.enum(['layers', 'units', 'histogram', 'experts']).default('layers'),
  /** A hook of a block, such as `mlp.hook_post`. */
  hook: z.string().min(1).max(100).default('hook_resid_post'),
  measure: z.enum(activationMeasures).default('norm'),
  /** The block whose units are drawn. */
  layer: z.int().min(0).default(0),
  /** Whether tokens run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** The values of a hook, as token × layer and token × unit. */
export const activationsView = figureView({
  name: 'activations',
  analyses: ['activations', 'experts'],
  about: 'the values of a hook: a number of each token in each block, each unit, or experts chosen',
  of: 'text',
  params: ActivationFigureParams,
  ranged: ['form', 'hook', 'measure'],
  async make({ model, version, run: runOf, analysis }, params) {
    const { form, hook, measure, layer, colors, range } = params
    const run = await runOf()
    const tokens = writtenTokens(run)
    const mirrored = isMirrored(run, params.mirrored)
    const plain = { ...lookParams(plainLook), range }
    const isLayered = form === 'layers' || form === 'experts'
    if (isLayered) {
      const result =
        form === 'experts'
          ? await analysis('experts', {})
          : await analysis('activations', layersParams(hook, model))
      const grid =
        form === 'experts' ? expertGrid(result, tokens) : activationGrid(result, tokens, measure)
      const said = { colors, ...(form === 'layers' && { hook, measure }) }
      const of = { model, run, result, params: said }
      const what = form === 'experts' ? 'experts' : `${hook} · ${grid.unit}`
      const drawn = form === 'experts' ? 'weight' : measure
      const figure = layersFigure(of, grid, drawn, what, { form }, mirrored, version)
      return modelFigure(model, figure, lookOf({ ...plain, colors }, gridRange(grid)))
    }
    checkIndex('layer', layer, model.config?.nLayers ?? 0)
    const result = await analysis('activations', unitsParams(hook, layer))
    const of = { model, run, result, params: { hook, layer } }
    if (form === 'histogram') return modelFigure(model, histogramFigure(of, version), plainLook)
    const map = unitMap(result, tokens)
    return modelFigure(model, unitsFigure(of, map, version), lookOf(plain, unitRange(map)))
  }
})

/** What is asked of a hook in all blocks, and the norms of the stream where the model gives what they are of. */
export function layersParams(hook: string, { config, hooks }: Pick<ModelInfo, 'config' | 'hooks'>) {
  const norms = config !== null && missingNormHook(config.nLayers, hooks) === null
  return { hooks: `blocks.*.${hook}`, top: 1, norms }
}

/** What is asked of a hook in one block. */
export function unitsParams(hook: string, layer: number) {
  return { hooks: `blocks.${layer}.${hook}`, top: 12, norms: false }
}
