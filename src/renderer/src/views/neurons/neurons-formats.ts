import type { ContextGroup } from '#common/figure/context-group.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { lookParams, plainLook } from '#common/figure/views/look-params.ts'
import {
  neuronActivityFigure,
  neuronContextsFigure,
  neuronHistogramFigure,
  neuronReadsFigure,
  neuronWritesFigure
} from '#common/figure/views/neuron-figures.ts'
import { withExpert } from '#common/model/mlp-facts.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import type { NeuronPlace } from '#common/analysis/neurons/contexts-of.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownNeuron, ShownTotals } from './use-neurons.ts'

/** A neuron as it is shown, and the counts beside it. */
export interface NeuronToSave {
  readonly shown: ShownNeuron
  readonly totals: ShownTotals | null
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly groups: readonly ContextGroup<NeuronPlace>[]
  readonly mirrored: boolean
  /** What was read, such as `the text`. */
  readonly read: string
}

/** The files that a neuron can be saved as: contexts, values, what it writes, its layer's activity, and all numbers. */
export function neuronsFormats(
  { shown, totals, modelName, groups, mirrored, read }: NeuronToSave,
  look: Look,
  version: string
): ExportFormat[] {
  const { model, run, over, result, layer, unit, found, params } = shown
  const name = withExpert(`Neuron ${layer}.${unit}`, model.mlps?.[layer], unit)
  const { colors, scale, range } = lookParams(look)
  const of = {
    ...{ model, run: over.corpus === null ? run : readOfRun(run, over), result, name, read },
    params: { layer, unit, ...params, colors, scale }
  }
  // They alone are in the colours of the look.
  const ofLook = { ...of, params: { ...of.params, range, mirrored } }
  const onPaper = { ...look, ...paperLook }
  const plain: Look = { ...plainLook, ...paperLook }
  const contexts = neuronContextsFigure(ofLook, groups, mirrored, version)
  const values = neuronHistogramFigure(of, found, version)
  const writes = neuronWritesFigure(of, version)
  const reads = neuronReadsFigure(of, version)
  const activity = neuronActivityFigure(of, 0, version)
  const file = (what: string) => `${modelName} · ${what}`
  return [
    ...figureFormats(contexts.kind, file(contexts.what), contexts.data, onPaper, {
      ...{ from: contexts.from, dataset: contexts.dataset, note: 'the contexts' }
    }),
    ...figureFormats(values.kind, file(values.what), values.data, plain, {
      ...{ from: values.from, dataset: values.dataset, note: 'the distribution' }
    }),
    ...(writes
      ? figureFormats(writes.kind, file(writes.what), writes.data, plain, {
          ...{ from: writes.from, dataset: writes.dataset, note: 'what it writes' }
        })
      : []),
    ...(reads
      ? figureFormats(reads.kind, file(reads.what), reads.data, plain, {
          ...{ from: reads.from, dataset: reads.dataset, note: 'what it reads' }
        })
      : []),
    ...figureFormats(activity.kind, file(activity.what), activity.data, plain, {
      ...{ from: activity.from, dataset: activity.dataset, note: 'activity of its layer' }
    }),
    ...dataFormats(file(name), contexts.dataset(), contexts.from, 'the neuron'),
    ...(totals
      ? dataFormats(
          file('neurons'),
          totals.result,
          {
            ...contexts.from,
            of: { ...contexts.from.of, place: `Neurons, over ${read}` },
            again: { analysis: 'neurons', params: totals.params }
          },
          'all neurons'
        )
      : [])
  ]
}
