import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { GradientTarget } from '../model/gradient-target.ts'
import { blockHookName, parseHookName } from '../model/hooks.ts'
import { nothing, type Analysis, type Given, type State } from './analysis.ts'
import { givenDataset } from './given.ts'
import { maskGradients } from './mask-gradients.ts'
import { layersOf, widthsOf } from './model-widths.ts'
import { normalisedRows } from './normalised-rows.ts'

const HeadImportanceParams = z.strictObject({
  /** The number that heads matter to; the loss of what comes next when left out. */
  target: GradientTarget.default({ kind: 'loss' })
})
type HeadImportanceParams = z.infer<typeof HeadImportanceParams>

const perHead = (name: string, about: string): Given => ({
  name,
  axes: ['layer', 'head'],
  unit: '',
  about
})

const gives: readonly Given[] = [
  perHead('mask_grad', '∂f/∂m, m = 1 multiplying what the head gives; mean over windows'),
  perHead('importance', '|∂f/∂m|, mean over windows'),
  perHead('importance_l2', 'importance divided by its L2 norm over the heads of the layer'),
  { name: 'value', axes: [], unit: '', about: 'f, mean over windows' }
]

/** All windows so far. */
interface Importance extends State {
  /** [layer, head] each. */
  readonly sums: Float64Array
  readonly magnitudes: Float64Array
  value: number
  windows: number
}

/** How much a number would change with each head: its gradient by a mask on the head. */
export const headImportance: Analysis<HeadImportanceParams> = {
  name: 'head-importance',
  version: 2,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HeadImportanceParams,
  about: {
    what: 'How much the loss, a logit, a difference of two or a probability depends on each head: the gradient by a mask of 1 on what the head gives, which is the same as a mask on its attention weights. One backward pass tells it of all heads.',
    formulas: [
      '∂f/∂m[l, h] = Σ over positions and d_head of z ∂f/∂z',
      'importance = mean over windows of |∂f/∂m|',
      'importance_l2[l, h] = importance[l, h] / √(Σ over h of importance[l, h]²)'
    ],
    sources: [
      'Michel, Levy & Neubig 2019, "Are Sixteen Heads Really Better than One?", sections 2.3 and 4.1; their normalisation by layer is of Molchanov et al. 2017'
    ],
    read: 'A negative gradient of the loss: the loss falls as the head speaks up. It is what a small change does; taking a head out altogether may do otherwise, as ablation shows. Each window counts alike. The loss is the mean over the predicted tokens; of a model of masked tokens it needs `labels`, one for each position: the ids before they were masked, of which those that the text shows count for nothing, or −100 for none; of a decoder a label is the token after its position. With labels there is one window.',
    baseline: ''
  },
  gives,

  needs: ({ target }, model) => ({
    ...nothing,
    gradient: {
      targets: [target],
      hooks: layersOf(model, null).map(layer => blockHookName(layer, 'attn.hook_z'))
    }
  }),

  start(_, model, state) {
    const { nLayers, nHeads } = widthsOf(model)
    const none = () => new Float64Array(nLayers * nHeads)
    const all = (state as Importance | null) ?? {
      sums: none(),
      magnitudes: none(),
      value: 0,
      windows: 0
    }
    return {
      begin: () => void all.windows++,
      take(taken) {
        if (taken.kind === 'target') all.value += taken.value
        if (taken.kind !== 'gradient') return
        const layer = parseHookName(taken.hook)?.layer ?? 0
        const gradients = maskGradients(taken.value, taken.data, taken.shape)
        gradients.forEach((gradient, head) => {
          all.sums[layer * nHeads + head]! += gradient
          all.magnitudes[layer * nHeads + head]! += Math.abs(gradient)
        })
      },
      result() {
        const { sums, magnitudes, value, windows } = all
        const importance = magnitudes.map(sum => sum / windows)
        return givenDataset(
          gives,
          { layer: axis(nLayers), head: axis(nHeads) },
          {
            mask_grad: sums.map(sum => sum / windows),
            importance,
            importance_l2: normalisedRows(importance, nHeads),
            value: Float64Array.of(value / windows)
          }
        )
      },
      state: () => all
    }
  }
}
