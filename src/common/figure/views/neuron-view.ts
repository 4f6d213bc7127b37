import { z } from 'zod'
import { neuronContextsOf } from '../../analysis/neurons/contexts-of.ts'
import { LamellaError } from '../../model/errors.ts'
import { withExpert } from '../../model/mlp-facts.ts'
import { numberText } from '../../text/number-text.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { visibleText } from '../../text/visible-text.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { lookOf, LookParams, OwnRange, plainLook } from './look-params.ts'
import {
  neuronActivityFigure,
  neuronContextsFigure,
  neuronExtent,
  neuronGroups,
  neuronHistogramFigure,
  neuronReadsFigure,
  neuronWritesFigure
} from './neuron-figures.ts'

const NeuronFigureParams = LookParams.omit({ pooling: true }).extend({
  /** Of contexts. */
  range: OwnRange,
  layer: z.int().min(0),
  /** Its place among the neurons of the layer. */
  unit: z.int().min(0),
  /** How its values are distributed, the tokens where it is what, what it writes and reads, or how active its layer’s neurons are. */
  form: z.enum(['histogram', 'contexts', 'writes', 'reads', 'activity']).default('contexts'),
  /** A neuron is active where it is above this. */
  threshold: z.number().default(0),
  /** Equal seeds draw alike. */
  seed: z.int().min(0).default(0),
  /** Whether texts run from right to left; by their letters where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What a neuron responds to and what it writes. */
export const neuronView = figureView({
  name: 'neuron',
  analyses: ['neurons'],
  about:
    'one neuron over a text: its values, the tokens where it is high, what it writes, its layer',
  of: 'windows',
  params: NeuronFigureParams,
  ranged: ['form'],
  toShow(_, { neurons, threshold, seed }) {
    const [layer, unit] = String(neurons).split('.').map(Number)
    return { layer, unit, threshold, seed }
  },
  async make({ model, version, windows, analysis }, params) {
    const { layer, unit, form, threshold, seed, colors, scale, range } = params
    const { run } = await windows()
    const asked = neuronParams({ layer, unit }, threshold, seed)
    const result = await analysis('neurons', asked)
    const of = {
      ...{
        model,
        run,
        result,
        name: withExpert(`Neuron ${layer}.${unit}`, model.mlps?.[layer], unit),
        read: run.corpus === undefined ? 'the text' : visibleText(run.corpus.name)
      },
      params: { layer, unit, threshold, seed, colors, scale }
    }
    const found = neuronContextsOf(result)
    if (form === 'histogram')
      return modelFigure(model, neuronHistogramFigure(of, found, version), plainLook)
    if (form === 'activity')
      return modelFigure(model, neuronActivityFigure(of, 0, version), plainLook)
    if (form === 'writes' || form === 'reads') {
      const made = form === 'writes' ? neuronWritesFigure : neuronReadsFigure
      const figure = made(of, version)
      if (figure !== null) return modelFigure(model, figure, plainLook)
      throw new LamellaError(
        'unsupported',
        `${model.name}: has nothing that a neuron ${form} by itself`
      )
    }
    const own = { colors, scale, range, pooling: 'maximum' } as const
    const look = lookOf(own, neuronExtent(found))
    const groups = neuronGroups(found, look, value => numberText(value))
    const [first] = found.top
    const letters = first?.tokens.map(({ text }) => text).join('') ?? ''
    const mirrored = params.mirrored ?? readsRightToLeft(letters)
    return modelFigure(model, neuronContextsFigure(of, groups, mirrored, version), look)
  }
})

/** What is asked of one neuron. */
export function neuronParams(
  { layer, unit }: { readonly layer: number; readonly unit: number },
  threshold: number,
  seed: number
) {
  return {
    ...{ neurons: `${layer}.${unit}`, layers: [layer], threshold, seed },
    ...{ values: false, top: 10, written: 5, bins: 6, per_bin: 5, around: 32 }
  }
}
