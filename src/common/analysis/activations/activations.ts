import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import {
  axesOf,
  inEachBlock,
  matchingHooks,
  parseHookName,
  residualStreams
} from '../../model/hooks.ts'
import { nothing, type Analysis, type Given, type ModelFacts, type Window } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { joined } from '../joined.ts'
import { widthsOf } from '../model-widths.ts'
import { rowNorms } from '../row-sums.ts'
import { largest } from '../softmax.ts'
import { normHooks } from '../norm-hooks.ts'

/** Values that one result holds at most. */
const mostValues = 2 ** 22

const ActivationParams = z.strictObject({
  /** Hooks that are looked at, comma-separated; `*` stands for any run of characters. */
  hooks: z.string().min(1).max(10_000).default('blocks.*.hook_resid_post'),
  /** Units whose values are told, by their places in what the hook has for a token; of one hook all when left out. */
  units: z.array(z.int().min(0)).min(1).max(10_000).nullable().default(null),
  /** The units of the largest values, of either sign, of each token. */
  top: z.int().min(1).max(1000).default(10),
  /** Also the norms of the residual stream and of what attention and MLP add to it. */
  norms: z.boolean().default(true)
})
type ActivationParams = z.infer<typeof ActivationParams>

const ofTokens = (name: string, about: string): Given => ({
  ...{ name, about },
  axes: ['hook', 'pos'],
  unit: ''
})
const normOf = (name: string, row: string, about: string): Given => ({
  name: `norm.${name}`,
  axes: [row, 'pos'],
  unit: '',
  about
})

const gives: readonly Given[] = [
  ofTokens('norm', 'L2 norm of the value of each token'),
  ofTokens('mean', 'mean over its units'),
  ofTokens('largest', 'the largest magnitude of a unit'),
  {
    name: 'value',
    axes: ['hook', 'pos', 'unit'],
    unit: '',
    about: 'the values of the units that were asked for'
  },
  {
    name: 'top_unit',
    axes: ['hook', 'pos', 'rank'],
    unit: '',
    about: 'the units of the largest values, of either sign'
  },
  { name: 'top_value', axes: ['hook', 'pos', 'rank'], unit: '', about: 'their values' },
  normOf('resid', 'stream', 'L2 norm of the residual stream'),
  normOf('attn_out', 'layer', 'L2 norm of what attention adds to it'),
  normOf('mlp_out', 'layer', 'L2 norm of what the MLP adds to it')
]

/** What a hook of one window came to. */
interface Looked {
  readonly width: number
  readonly norm: Float64Array
  readonly mean: Float64Array
  readonly largest: Float64Array
  readonly topUnit: Int32Array
  readonly topValue: Float32Array
  /** [pos, unit] */
  readonly value: Float32Array | null
}

/** The values of any hook, token by token. */
export const activations: Analysis<ActivationParams> = {
  name: 'activations',
  version: 1,
  of: 'window',
  compares: false,
  keeps: true,
  params: ActivationParams,
  about: {
    what: 'The values of any hooks, as token × layer and token × unit: the norm, mean and largest magnitude for each token, the values of chosen units, and the units that stand out. Beside them the norms of the residual stream and of what attention and MLP add.',
    formulas: [
      'norm = √Σ over units of value²; mean = Σ value / units',
      'units of a hook with heads count on: head · d_head + i'
    ],
    sources: [],
    read: 'Values are those of a Hugging Face forward pass, float32 as computed. Of one hook every unit is told; of several those that `units` names. Hooks that are not of tokens (scores and patterns) and logits are looked at by other analyses.',
    baseline: ''
  },
  gives,

  needs({ hooks, norms }, model) {
    const asked = chosenHooks(hooks, model)
    return {
      ...nothing,
      hooks: [...new Set([...asked, ...(norms ? normHooks(model) : [])])]
    }
  },

  start(params, model) {
    const asked = chosenHooks(params.hooks, model)
    const { nLayers } = widthsOf(model)
    const looked = new Map<string, Looked>()
    const norms = new Map<string, Float64Array>()
    let window: Window | null = null
    /** Whether every unit is told where none is named. */
    const isWhole = asked.length === 1

    return {
      begin(next) {
        window = next
        looked.clear()
        norms.clear()
      },
      take(taken) {
        if (taken.kind !== 'hook') return
        const count = window!.ids.length
        const { hook, data } = taken
        norms.set(hook, rowNorms(data, count))
        if (asked.includes(hook)) looked.set(hook, look(hook, data, count, params, isWhole))
      },
      result() {
        const count = window!.ids.length
        const each = asked.map(hook => looked.get(hook)!)
        const ranks = Math.min(...each.map(({ topUnit }) => topUnit.length / count))
        const cut = <A extends Int32Array | Float32Array>(array: A): number[] =>
          [...array].filter((_, i) => i % (array.length / count) < ranks)
        const values = each.every(({ value }) => value !== null)
        const width = values ? each[0]!.value!.length / count : 0
        const stream = residualStreams(nLayers)
        const normed = (hooks: readonly string[]) =>
          Float64Array.from(hooks.flatMap(hook => [...norms.get(hook)!]))
        const variables: Record<string, NumberArray> = {
          norm: Float64Array.from(each.flatMap(({ norm }) => [...norm])),
          mean: Float64Array.from(each.flatMap(({ mean }) => [...mean])),
          largest: Float64Array.from(each.flatMap(({ largest }) => [...largest])),
          top_unit: Int32Array.from(each.flatMap(({ topUnit }) => cut(topUnit))),
          top_value: Float32Array.from(each.flatMap(({ topValue }) => cut(topValue))),
          ...(values && {
            value: joined(
              each.map(({ value }) => value!),
              Float32Array
            )
          }),
          ...(params.norms && {
            'norm.resid': normed(stream),
            'norm.attn_out': normed(inEachBlock('hook_attn_out', nLayers)),
            'norm.mlp_out': normed(inEachBlock('hook_mlp_out', nLayers))
          })
        }
        return givenDataset(
          gives,
          {
            hook: axis(asked),
            pos: axis(count),
            rank: axis(ranks),
            ...(values && {
              unit: axis(params.units === null ? width : params.units.map(String))
            }),
            ...(params.norms && { stream: axis(stream), layer: axis(nLayers) })
          },
          variables,
          { units: each.map(({ width }) => width) }
        )
      },
      state: () => ({})
    }
  }
}

/** @throws LamellaError `invalid-argument` when none matches, or one that is not of tokens is named */
function chosenHooks(patterns: string, model: ModelFacts): string[] {
  const { hooks = [], name } = model
  const matching = matchingHooks(patterns, hooks)
  const ofTokens = matching.filter(hook => {
    const address = parseHookName(hook)!
    return address.layer !== null && axesOf(address)[0] === 'pos'
  })
  if (ofTokens.length > 0) return ofTokens
  throw new LamellaError(
    'invalid-argument',
    matching.length === 0
      ? `hooks: ${name} has none that matches ${patterns}`
      : `hooks: ${matching[0]} is no value of tokens within a block`,
    'Hooks are such as blocks.*.hook_resid_post or blocks.0.mlp.hook_post.'
  )
}

/** @throws LamellaError `invalid-argument` when the hook has no such unit, or values are too many */
function look(
  hook: string,
  data: Float32Array,
  count: number,
  { units, top }: ActivationParams,
  isWhole: boolean
): Looked {
  const width = data.length / count
  for (const unit of units ?? []) checkIndex('unit', unit, width, hook)
  if (units === null && isWhole && data.length > mostValues)
    throw new LamellaError(
      'invalid-argument',
      `${hook}: has ${data.length.toLocaleString('en')} values here, and a result holds at most ${mostValues.toLocaleString('en')}`,
      'Name some of its units.'
    )
  const ranks = Math.min(top, width)
  const found = {
    width,
    norm: rowNorms(data, count),
    mean: new Float64Array(count),
    largest: new Float64Array(count),
    topUnit: new Int32Array(count * ranks),
    topValue: new Float32Array(count * ranks)
  }
  for (let pos = 0; pos < count; pos++) {
    const row = data.subarray(pos * width, (pos + 1) * width)
    found.mean[pos] = row.reduce((sum, value) => sum + value, 0) / width
    const places = largest(row.map(Math.abs), ranks)
    found.largest[pos] = Math.abs(row[places[0]!]!)
    places.forEach((unit, rank) => {
      found.topUnit[pos * ranks + rank] = unit
      found.topValue[pos * ranks + rank] = row[unit]!
    })
  }
  if (units === null) return { ...found, value: isWhole ? data : null }
  const value = new Float32Array(count * units.length)
  for (let pos = 0; pos < count; pos++)
    units.forEach((unit, i) => (value[pos * units.length + i] = data[pos * width + unit]!))
  return { ...found, value }
}
