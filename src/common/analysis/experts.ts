import { z } from 'zod'
import { axis, type NumberArray } from '../data/dataset.ts'
import { LamellaError } from '../model/errors.ts'
import { blockHookName, parseHookName } from '../model/hooks.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from './analysis.ts'
import { givenDataset } from './given.ts'
import { Layers, layersOf } from './model-widths.ts'
import { largest } from './softmax.ts'

const ExpertParams = z.strictObject({
  /** Layers to look at, from 0; all that have experts when left out. */
  layers: Layers
})
type ExpertParams = z.infer<typeof ExpertParams>

const gives: readonly Given[] = [
  {
    name: 'weight',
    axes: ['layer', 'pos', 'expert'],
    unit: '',
    about: 'hook_router: what each expert is multiplied with; 0 of those that are not chosen'
  },
  {
    name: 'chosen',
    axes: ['layer', 'pos', 'rank'],
    unit: '',
    about: 'the experts that take part, the one of the largest weight first'
  },
  {
    name: 'load',
    axes: ['layer', 'expert'],
    unit: '',
    about: 'share of the tokens that an expert takes part at'
  },
  {
    name: 'mean_weight',
    axes: ['layer', 'expert'],
    unit: '',
    about: 'its weight, mean over all tokens'
  }
]

/** Which experts take part at each token, and how much. */
export const experts: Analysis<ExpertParams> = {
  name: 'experts',
  version: 1,
  of: 'window',
  compares: false,
  keeps: false,
  params: ExpertParams,
  about: {
    what: 'Of a mixture of experts: which of them the router of each layer chooses at each token, with what weight, and how the tokens are spread over them.',
    formulas: [
      'weight = softmax of the router’s scores, over the chosen experts or over all as the model has it; 0 of others',
      'load of an expert = tokens at which it is chosen / tokens',
      'mean_weight = Σ over tokens of its weight / tokens'
    ],
    sources: [
      'Shazeer et al. 2017, “Outrageously Large Neural Networks”, section 2; Fedus et al. 2022, “Switch Transformers”, for the load'
    ],
    read: 'Weights sum to 1 where the softmax is over the chosen experts, to less where it is over all. An expert that all tokens share stands beside these and is not among them. Layers that have no experts are left out.',
    baseline: 'Tokens that are spread alike: a load of the number chosen / the number of experts.'
  },
  gives,

  needs: (params, model) => ({
    ...nothing,
    hooks: layersWithExperts(params, model).map(layer => blockHookName(layer, 'mlp.hook_router'))
  }),

  start(params, model) {
    const layers = layersWithExperts(params, model)
    const { count, chosen } = model.mlps![layers[0]!]!.experts!
    const routers = new Map<number, Float32Array>()
    let tokens = 0
    return {
      begin({ ids }) {
        tokens = ids.length
        routers.clear()
      },
      take(taken) {
        if (taken.kind === 'hook') routers.set(parseHookName(taken.hook)!.layer!, taken.data)
      },
      result() {
        const rows = layers.flatMap(layer =>
          Array.from({ length: tokens }, (_, pos) =>
            routers.get(layer)!.subarray(pos * count, (pos + 1) * count)
          )
        )
        const byExpert = (of: (weight: number) => number) =>
          Float64Array.from(
            layers.flatMap((_, i) => {
              const own = rows.slice(i * tokens, (i + 1) * tokens)
              return Array.from(
                { length: count },
                (_, expert) => own.reduce((sum, row) => sum + of(row[expert]!), 0) / tokens
              )
            })
          )
        const variables: Record<string, NumberArray> = {
          weight: Float32Array.from(rows.flatMap(row => [...row])),
          chosen: Int32Array.from(rows.flatMap(row => largest(row, chosen))),
          load: byExpert(weight => (weight === 0 ? 0 : 1)),
          mean_weight: byExpert(weight => weight)
        }
        return givenDataset(
          gives,
          {
            layer: axis(layers.map(String)),
            pos: axis(tokens),
            expert: axis(count),
            rank: axis(chosen)
          },
          variables
        )
      },
      state: () => ({})
    }
  }
}

/**
 * Those of the layers that have experts.
 * @throws LamellaError `unsupported` where none has, `invalid-argument` where one that is asked for has not, or as many as others
 */
function layersWithExperts({ layers }: ExpertParams, model: ModelFacts): number[] {
  const { name, mlps = [] } = model
  const all = layersOf(model, layers)
  const having = all.filter(layer => mlps[layer]?.experts !== undefined)
  if (having.length === 0)
    throw new LamellaError(
      'unsupported',
      `${name}: ${layers === null ? 'has no experts' : `no layer of ${all.join(', ')} has experts`}`
    )
  const count = (layer: number) => mlps[layer]!.experts!.count
  const other = having.find(layer => count(layer) !== count(having[0]!))
  if (other !== undefined)
    throw new LamellaError(
      'invalid-argument',
      `layers: ${having[0]!} has ${count(having[0]!)} experts and ${other} has ${count(other)}, which do not stand side by side`,
      'Ask for layers that have as many.'
    )
  return having
}
