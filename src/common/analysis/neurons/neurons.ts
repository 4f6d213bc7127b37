import { z } from 'zod'
import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import { expertOfNeuron, type MlpFacts } from '../../model/mlp-facts.ts'
import { Seed } from '../../model/seed.ts'
import {
  nothing,
  type Analysis,
  type Given,
  type ModelFacts,
  type State,
  type Window
} from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { joined } from '../joined.ts'
import { Layers, layersOf } from '../model-widths.ts'
import { cellCount } from '../head-contexts/score-cells.ts'
import { largest } from '../softmax.ts'
import { contextVariables } from './context-variables.ts'
import { addValues, noSample, signedScale, type NeuronSample } from './neuron-contexts.ts'
import {
  activeShares,
  addTotals,
  deviationsOf,
  noTotals,
  type NeuronTotals
} from './neuron-totals.ts'
import { neuronReads, readsWeights } from './neuron-reads.ts'
import { neuronWrites, writesWeights, type Neuron, type NeuronWrites } from './neuron-writes.ts'

/** Numbers of each kind that one result holds at most. */
const mostNumbers = 2 ** 22

const NeuronParams = z.strictObject({
  /** Neurons that are looked at one by one, each as layer.unit; none when left out. */
  neurons: z
    .string()
    .max(2000)
    .regex(
      /^\d{1,7}\.\d{1,7}(,\d{1,7}\.\d{1,7})*$/,
      'expected layers and units, such as 3.17,5.201'
    )
    .nullable()
    .default(null),
  /** Layers whose neurons are counted, from 0; all when left out. */
  layers: Layers,
  /** A neuron is active where it is above this. */
  threshold: z.number().default(0),
  /** Also every value, before and after the activation, of one window. */
  values: z.boolean().default(true),
  /** Neurons of each token, and tokens of each neuron. */
  top: z.int().min(1).max(100).default(10),
  /** Tokens that a neuron promotes and suppresses most. */
  written: z.int().min(1).max(100).default(5),
  /** Parts of the range of values that contexts are drawn from, at most, and contexts of each. */
  bins: z.int().min(1).max(50).default(10),
  per_bin: z.int().min(1).max(20).default(5),
  /** Tokens before and after that are shown. */
  around: z.int().min(0).max(128).default(32),
  /** Equal seeds draw alike. */
  seed: Seed
})
type NeuronParams = z.infer<typeof NeuronParams>

const ofLayer = (name: string, about: string): Given => ({
  ...{ name, about },
  axes: ['layer', 'unit'],
  unit: ''
})
const given = (name: string, axes: string[], about: string): Given => ({
  ...{ name, axes, about },
  unit: ''
})

const gives: readonly Given[] = [
  ofLayer('active', 'share of tokens at which the neuron is above the threshold'),
  ofLayer('mean', 'of post'),
  ofLayer('deviation', 'standard deviation of post'),
  ofLayer('least', 'of post'),
  ofLayer('most', 'of post'),
  given('dead', ['layer'], 'neurons that are above the threshold at no token'),
  given('always_on', ['layer'], 'neurons that are above it at every token'),
  given('tokens', [], 'tokens that were read'),
  given(
    'pre',
    ['layer', 'pos', 'unit'],
    'before the activation (hook_pre); of a gated MLP the gate'
  ),
  given('pre_linear', ['layer', 'pos', 'unit'], 'what a gate is multiplied with'),
  given('post', ['layer', 'pos', 'unit'], 'what is multiplied with W_out (hook_post)'),
  given('pos.layer', ['pos', 'rank'], 'layer of the neurons of the largest |post| at each token'),
  given('pos.unit', ['pos', 'rank'], 'their places in it'),
  given('pos.value', ['pos', 'rank'], 'their values'),
  given('neurons', ['neuron', 'of'], 'layer and unit of those that were asked for'),
  given('neuron_logits', ['neuron', 'vocab'], 'W_out[neuron] · W_U, nothing folded, no norm'),
  given('neuron_logits_normed', ['neuron', 'vocab'], 'centre(W_out[neuron]) ∘ γ · W_U'),
  given('neuron_top', ['neuron', 'written'], 'ids of the highest of neuron_logits, highest first'),
  given('neuron_top_value', ['neuron', 'written'], 'what they get'),
  given('neuron_bottom', ['neuron', 'written'], 'ids of the lowest, lowest first'),
  given('neuron_bottom_value', ['neuron', 'written'], 'what they get'),
  given(
    'reads_top',
    ['neuron', 'read'],
    'ids of the tokens whose embedding raises it most, W_E · W_in[neuron], highest first'
  ),
  given('reads_top_value', ['neuron', 'read'], 'by how much, nothing folded, no norm'),
  given('reads_bottom', ['neuron', 'read'], 'ids of those that lower it most, lowest first'),
  given('reads_bottom_value', ['neuron', 'read'], 'by how much'),
  given('cell.low', ['cell'], 'where each cell of the histograms begins'),
  given('cell.high', ['cell'], 'where it ends'),
  given('cell.tokens', ['neuron', 'cell'], 'tokens in it; of an expert those that choose it'),
  given('bin.low', ['neuron', 'bin'], 'the lowest value in each part of the range; NaN of none'),
  given('bin.high', ['neuron', 'bin'], 'the highest'),
  given('bin.tokens', ['neuron', 'bin'], 'tokens in it'),
  given('context.neuron', ['context'], 'which neuron it is of'),
  given('context.bin', ['context'], 'which part of its range; −1 of the highest'),
  given('context.value', ['context'], 'of the neuron at its token'),
  given('context.window', ['context'], 'which window it is in, from 0'),
  given('context.pos', ['context'], 'where its token is in the window'),
  given('context.token', ['context'], 'its token id'),
  given('token', ['context', 'place'], 'token ids around; −1 beyond the window'),
  given(
    'activation',
    ['context', 'place'],
    'of the neuron at each; NaN beyond the window, and where its expert is not chosen'
  )
]

/** All windows so far. */
interface Counted extends State {
  windows: number
  tokens: number
  /** By layer, in the order of the layers. */
  readonly totals: NeuronTotals[]
  readonly samples: NeuronSample[]
  writes: NeuronWrites | null
  reads: readonly Float64Array[] | null
}

/** What neurons respond to, and what they write. */
export const neurons: Analysis<NeuronParams> = {
  name: 'neurons',
  version: 7,
  of: 'windows',
  compares: false,
  keeps: true,
  continues: true,
  params: NeuronParams,
  about: {
    what: 'Neurons of the MLPs over a text or a corpus: how often each is active, which are dead or always on, which are strongest at a token. Of chosen neurons how their values are distributed, tokens from the whole range of them with the text around, the tokens where they are highest, which tokens they promote and suppress, and whose embeddings raise and lower them.',
    formulas: [
      'pre, post: before and after the activation; gated: pre is the gate’s, post = act(gate) · up',
      'active = share of tokens with post > threshold + 10⁻⁶, which float32 rounds to; dead: at none; always on: at all',
      'reads = W_E · W_in[:, neuron], of a gated MLP W_gate; nothing folded',
      'neuron_logits = W_out[neuron] · W_U; neuron_logits_normed = centre(W_out[neuron]) ∘ γ · W_U, γ of ln_final (1 + weight for Gemma), centre of LayerNorm alone'
    ],
    sources: [
      'Geva et al. 2021, “Transformer Feed-Forward Layers Are Key-Value Memories”; Geva et al. 2022 for what they write',
      'dead neurons: Voita, Ferrando & Nalmpantis 2023, “Neurons in Large Language Models: Dead, N-gram, Positional”',
      'contexts over the whole range of activation: HeadVis, 2026'
    ],
    read: `A dead neuron is dead on this text; a corpus tells more. Values are counted in ${cellCount} cells of equal width along ±ln(1 + |post| / 0.001), from −10⁴ to 10⁴; each keeps the first per_bin tokens of an order that seed, window and place determine, and cells are joined into bins of equal width between the lowest and the highest value. What a neuron writes is multiplied by its value: of a negative one the suppressed tokens are the promoted. Where the head transforms the residual before it unembeds it that is not in neuron_logits, nor are factors of what blocks add or of logits. The neurons of experts are counted one expert after the other, times what the router gives their expert: 0 at tokens that do not choose it, which count as not active and are no contexts. Ids are named in the attribute \`tokens\`, those of labels in \`labels\`.`,
    baseline:
      'A neuron of no use is active by chance; with an activation symmetric around 0 at half of the tokens.'
  },
  gives,

  needs(params, model) {
    const { hooks = [] } = model
    const kinds = [
      'mlp.hook_post',
      ...(params.values ? ['mlp.hook_pre', 'mlp.hook_pre_linear'] : [])
    ] as const
    const wanted = layersOf(model, params.layers)
    const all = [...new Set([...wanted, ...neuronsOf(params.neurons).map(([layer]) => layer)])]
    layersOf(model, all)
    if (hooks.length > 0 && !hooks.some(hook => hook.endsWith('.mlp.hook_post')))
      throw new LamellaError('unsupported', `${model.name}: has no MLP, so no neurons`)
    checkWidths(wanted, model)
    return {
      ...nothing,
      hooks: all.flatMap(layer =>
        kinds
          .map(kind => blockHookName(layer, kind as 'mlp.hook_post'))
          .filter(hook => hooks.length === 0 || hooks.includes(hook))
      )
    }
  },

  start(params, model, state) {
    const layers = layersOf(model, params.layers)
    const chosen = neuronsOf(params.neurons)
    const { threshold, top, around, seed, per_bin: most } = params
    const counted = (state as Counted | null) ?? {
      ...{ windows: 0, tokens: 0, totals: [], writes: null, reads: null },
      samples: chosen.map(noSample)
    }
    let window: Window | null = null
    /** Of the window under way, by hook; null once they are too many or another follows. */
    let values: Map<string, Float32Array> | null = new Map()
    let held = 0
    /** Of each token of the window the strongest neurons so far. */
    let strongest: { layer: number; unit: number; value: number }[][] = []
    let writing: ReturnType<typeof neuronWrites> | null = null
    const reading = neuronReads(chosen)

    function takePost(layer: number, post: Float32Array, units: number): void {
      const at = layers.indexOf(layer)
      if (at >= 0) {
        counted.totals[at] ??= noTotals(units)
        addTotals(counted.totals[at], post, threshold)
        if (counted.windows === 1) addStrongest(layer, post, units)
      }
      chosen.forEach(([of, unit], i) => {
        if (of !== layer) return
        checkIndex('unit', unit, units, `blocks.${layer}.mlp`)
        const own = Float32Array.from({ length: post.length / units }, (_, pos) => {
          const row = post.subarray(pos * units, (pos + 1) * units)
          return takesPart(model.mlps?.[layer], unit, row) ? row[unit]! : NaN
        })
        const sampling = { seed, most, top, around }
        addValues(counted.samples[i]!, own, window!, counted.windows - 1, sampling)
      })
    }

    function addStrongest(layer: number, post: Float32Array, units: number): void {
      strongest = strongest.map((own, pos) => {
        const row = post.subarray(pos * units, (pos + 1) * units)
        const found = largest(row.map(Math.abs), top)
        return [...own, ...found.map(unit => ({ layer, unit, value: row[unit]! }))]
          .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
          .slice(0, top)
      })
    }

    return {
      begin(next) {
        window = next
        counted.windows++
        counted.tokens += next.ids.length
        if (counted.windows > 1) values = null
        strongest = counted.windows === 1 ? Array.from(next.ids, () => []) : []
      },

      take(taken) {
        if (taken.kind === 'weight') {
          writing?.take(taken)
          reading.take(taken)
        }
        if (taken.kind !== 'hook') return
        const { layer, hook } = parseHookName(taken.hook)!
        const { data, shape } = taken
        if (hook === 'mlp.hook_post') takePost(layer, data, shape[1]!)
        if (values === null || !params.values || !layers.includes(layer!)) return
        if (hook === 'mlp.hook_post') held += data.length
        if (held > mostNumbers) values = null
        else values.set(taken.hook, data)
      },

      more() {
        if (chosen.length === 0 || counted.writes !== null) return null
        if (writing !== null) {
          counted.writes = writing.writes() ?? { logits: [], normed: null }
          counted.reads = reading.reads()
          return null
        }
        writing = neuronWrites(chosen, model)
        return { ...nothing, weights: [...writesWeights(chosen), ...readsWeights(chosen)] }
      },

      result() {
        const [first] = counted.totals
        const units = first?.sum.length ?? 0
        const { windows, tokens, totals, writes, reads } = counted
        const isOne = windows === 1
        const each = (of: (totals: NeuronTotals) => ArrayLike<number>) =>
          Float64Array.from(totals.flatMap(own => Array.from(of(own))))
        const count = (of: (share: number) => boolean) =>
          Int32Array.from(totals, own => activeShares(own, tokens).filter(of).length)
        const variables: Record<string, NumberArray> = {
          active: each(own => activeShares(own, tokens)),
          mean: each(({ sum }) => sum.map(own => own / tokens)),
          deviation: each(deviationsOf),
          least: each(({ least }) => least),
          most: each(({ most }) => most),
          dead: count(share => share === 0),
          always_on: count(share => share === 1),
          tokens: Float64Array.of(tokens)
        }
        const all = isOne && params.values ? valuesOf(values, layers) : {}
        const ranks = strongest[0]?.length ?? 0
        const flat = strongest.flat()
        const { axes: own, variables: ofChosen } = contextVariables(counted.samples, params)
        const written =
          writes === null || writes.logits.length === 0 ? null : writtenBy(writes, params)
        const read = reads === null ? null : extremesOf(reads, params.written, 'reads')
        return givenDataset(
          gives,
          {
            layer: axis(layers.length === totals.length ? layers.map(String) : totals.length),
            unit: axis(units),
            ...(isOne && { pos: axis(strongest.length), rank: axis(ranks) }),
            ...(chosen.length > 0 && {
              neuron: axis(chosen.map(([layer, unit]) => `${layer}.${unit}`)),
              of: axis(['layer', 'unit']),
              cell: axis(cellCount),
              ...own
            }),
            ...read?.axes,
            ...written?.axes
          },
          {
            ...variables,
            ...all,
            ...(isOne && {
              'pos.layer': Int32Array.from(flat, ({ layer }) => layer),
              'pos.unit': Int32Array.from(flat, ({ unit }) => unit),
              'pos.value': Float64Array.from(flat, ({ value }) => value)
            }),
            ...(chosen.length > 0 && {
              neurons: Int32Array.from(chosen.flat()),
              'cell.low': edges(0),
              'cell.high': edges(1),
              ...ofChosen
            }),
            ...read?.variables,
            ...written?.variables
          },
          leftOut(params, isOne && values === null)
        )
      },

      state: () => counted
    }
  },

  async described(result, { tokens, labels }) {
    const ofTexts = ['token', 'context.token', 'reads_top', 'reads_bottom']
    const ofLogits = ['neuron_top', 'neuron_bottom']
    if (labels === null) return describedTokens(result, [...ofTexts, ...ofLogits], tokens)
    const known = await describedTokens(result, ofTexts, tokens)
    return describedTokens(known, ofLogits, labels, 'labels')
  }
}

/**
 * Whether a neuron has a value at a token: that of an expert where the expert is chosen.
 * @param row what all neurons of the layer are there
 */
function takesPart(mlp: MlpFacts | undefined, unit: number, row: Float32Array): boolean {
  const of = mlp && expertOfNeuron(mlp, unit)
  if (!of || of.expert === 'shared') return true
  const { neurons } = mlp.experts!
  return row.subarray(of.expert * neurons, (of.expert + 1) * neurons).some(value => value !== 0)
}

function neuronsOf(text: string | null): Neuron[] {
  if (text === null) return []
  return text.split(',').map(one => {
    const [layer, unit] = one.split('.').map(Number) as [number, number]
    return [layer, unit]
  })
}

/** Layers are given side by side. @throws LamellaError `invalid-argument` where they have not as many neurons each */
function checkWidths(layers: readonly number[], { mlps }: ModelFacts): void {
  const [first, ...others] = layers
  const width = (layer: number) => mlps?.[layer]?.neurons
  const other = others.find(layer => width(layer) !== width(first!))
  if (other === undefined) return
  throw new LamellaError(
    'invalid-argument',
    `layers: ${first} has ${width(first!)} neurons and ${other} has ${width(other)}, which do not stand side by side`,
    'Ask for layers that have as many.'
  )
}

function edges(offset: 0 | 1): Float64Array {
  return Float64Array.from({ length: cellCount }, (_, cell) =>
    signedScale.value((cell + offset) / cellCount)
  )
}

/** Every value of one window; nothing where they were too many. */
function valuesOf(
  values: ReadonlyMap<string, Float32Array> | null,
  layers: readonly number[]
): Record<string, Float32Array> {
  if (values === null) return {}
  const of = (hook: 'mlp.hook_pre' | 'mlp.hook_pre_linear' | 'mlp.hook_post') =>
    layers.flatMap(layer => values.get(blockHookName(layer, hook)) ?? [])
  const kinds = [
    ['pre', of('mlp.hook_pre')],
    ['pre_linear', of('mlp.hook_pre_linear')],
    ['post', of('mlp.hook_post')]
  ] as const
  return Object.fromEntries(
    kinds.flatMap(([name, own]) =>
      own.length === layers.length ? [[name, joined(own, Float32Array)]] : []
    )
  )
}

function writtenBy(
  { logits, normed }: NeuronWrites,
  { written }: NeuronParams
): { readonly axes: Dataset['axes']; readonly variables: Record<string, NumberArray> } {
  const dVocab = logits[0]!.length
  const { axes, variables } = extremesOf(logits, written, 'neuron')
  const isSmall = logits.length * dVocab <= mostNumbers
  return {
    axes: { ...axes, ...(isSmall && { vocab: axis(dVocab) }) },
    variables: {
      ...variables,
      ...(isSmall && { neuron_logits: joined(logits, Float64Array) }),
      ...(isSmall && normed !== null && { neuron_logits_normed: joined(normed, Float64Array) })
    }
  }
}

/** Of each neuron the ids of the highest and of the lowest values, and these. */
function extremesOf(
  values: readonly Float64Array[],
  most: number,
  name: 'neuron' | 'reads'
): { readonly axes: Dataset['axes']; readonly variables: Record<string, NumberArray> } {
  const count = Math.min(most, values[0]!.length)
  const top = values.map(own => largest(own, count))
  const bottom = values.map(own =>
    largest(
      own.map(value => -value),
      count
    )
  )
  const valued = (places: readonly (readonly number[])[]) =>
    Float64Array.from(places.flatMap((own, i) => own.map(id => values[i]![id]!)))
  return {
    axes: { [name === 'neuron' ? 'written' : 'read']: axis(count) },
    variables: {
      [`${name}_top`]: Int32Array.from(top.flat()),
      [`${name}_top_value`]: valued(top),
      [`${name}_bottom`]: Int32Array.from(bottom.flat()),
      [`${name}_bottom_value`]: valued(bottom)
    }
  }
}

function leftOut({ values }: NeuronParams, tooMany: boolean): Dataset['attributes'] {
  if (!values || !tooMany) return {}
  return {
    not_shown: [`pre and post, for they are more than ${mostNumbers.toLocaleString('en')} numbers`]
  }
}
