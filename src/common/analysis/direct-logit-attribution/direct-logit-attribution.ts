import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { blockHookName } from '../../model/hooks.ts'
import type { Tensor } from '../../model/tensor.ts'
import { nothing, type Analysis, type DirectPart, type Given, type Window } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { widthsOf } from '../model-widths.ts'
import { placeTokens, placeTokensOf, type PlaceToken } from '../place-token.ts'
import { logSumExp } from '../softmax.ts'
import { bySource } from './by-source.ts'
import { strongestNeurons } from './strongest-neurons.ts'

/** Numbers of neurons, and of tokens that heads read, that one result holds at most. */
const mostNumbers = 2 ** 24

const DirectParams = z.strictObject({
  /** Logits that are taken apart, each a position and a token id, or two ids for how far the first is above the second. */
  targets: z
    .string()
    .max(10_000)
    .regex(placeTokens, 'expected positions and token ids, such as 7:12 or 7:12-5,9:3'),
  /** Also what each neuron gives. */
  neurons: z.boolean().default(true),
  /** The neurons that give most, of either sign, of each target. */
  top: z.int().min(1).max(1000).default(10),
  /** Also what each head gives by the token that it reads. */
  by_token: z.boolean().default(false)
})
type DirectParams = z.infer<typeof DirectParams>

const given = (name: string, axes: readonly string[], about: string): Given => ({
  name: `dla.${name}`,
  axes: ['target', ...axes],
  unit: 'logits',
  about
})

const gives: readonly Given[] = [
  given(
    'logit',
    [],
    'before any soft cap; embed + pos_embed + Σ attn + Σ mlp + ln_bias + unembed_bias'
  ),
  given('embed', [], 'the token embedding as it enters block 0, token types in it'),
  given(
    'pos_embed',
    [],
    'positions that are added to it; 0 where there are none or their sum is normed or projected: then they are in embed'
  ),
  given('attn', ['layer'], 'attn_out = Σ heads + attn_bias'),
  given('head', ['layer', 'head'], 'z_h W_O[h]'),
  given('attn_bias', ['layer'], 'b_O, and what edits of attn_out add'),
  given('mlp', ['layer'], 'mlp_out = Σ neurons + mlp_bias'),
  given(
    'mlp_bias',
    ['layer'],
    'b_out, of experts times their weights, and what edits of mlp_out add'
  ),
  given(
    'neuron',
    ['layer', 'neuron'],
    'post[i] W_out[i]; 0 beyond the neurons of a layer that has fewer than others'
  ),
  given('ln_bias', [], 'shifts of norms of the stream, ln_final’s among them'),
  given('unembed_bias', [], 'b_U'),
  given(
    'log_probability',
    [],
    'ln of the probability of the token, by the logits as the model gives them; NaN of a difference'
  ),
  given(
    'normaliser',
    [],
    'logit − log_probability: ln Σ exp of the logits, and what a soft cap takes away; NaN of a difference'
  ),
  given('rest', [], 'what is left: rounding, and edits of the stream'),
  given(
    'accumulated',
    ['step'],
    'running sum of the embedding and of what each half of a block adds'
  ),
  given(
    'source',
    ['layer', 'head', 'key'],
    'what each head gives by the token that it reads: A[q, k] v_k W_O[h]'
  ),
  ...['layer', 'unit'].map((part): Given => ({
    name: `dla.top_neuron.${part}`,
    axes: ['target', 'rank'],
    unit: '',
    about: `${part} of the neurons that give most, of either sign`
  })),
  given('top_neuron.value', ['rank'], 'what they give'),
  {
    name: 'dla.targets',
    axes: ['target', 'of'],
    unit: '',
    about: 'position and token id'
  },
  { name: 'dla.token', axes: ['target'], unit: '', about: 'the token id by itself' },
  {
    name: 'dla.other',
    axes: ['target'],
    unit: '',
    about: 'the token it is set against; −1 for none'
  }
]

/** What each component adds to a logit, along the residual stream alone. */
export const directLogitAttribution: Analysis<DirectParams> = {
  name: 'direct-logit-attribution',
  version: 2,
  of: 'window',
  compares: false,
  keeps: true,
  params: DirectParams,
  about: {
    what: 'A logit as a sum: what the embedding, each head, each neuron and the biases add to it directly, through the residual stream, the final norm and the unembedding, and through no later layer.',
    formulas: [
      'contribution of c = (centre(c) / σ ∘ γ) · W_U[:, token]; σ and γ are ln_final’s on the whole stream at that position, held as they are; centre takes the mean over d_model away for LayerNorm and does nothing for RMS norm',
      'head: c = z_h W_O[h]; neuron: c = post[i] W_out[i]; where a block norms what a half gives (Gemma 2) that norm’s scale is held as well',
      'logit = embed + pos_embed + Σ attn + Σ mlp + ln_bias + unembed_bias, before any soft cap',
      'accumulated: embed + pos_embed, then after each attn and mlp',
      'log_probability = logit − normaliser: the same sum with one part more, which is of all tokens together'
    ],
    sources: [
      'Elhage et al. 2021, “A Mathematical Framework for Transformer Circuits”',
      'norms held: nostalgebraist 2020; Wang et al. 2022, “Interpretability in the Wild”, section 3'
    ],
    read: 'Direct effects alone: what a head does by way of later layers is in what these add. A difference of two tokens (7:12-5) is mostly easier to read than a logit, for what raises all tokens alike is not in it. Heads of a layer and attn_bias sum to attn. `by_token` tells which tokens a head got it from; it is of the pattern and the values as they flow, before any edit of z. Models whose head transforms the residual by an activation (encoders with a masked-token head) have no such sum and are refused.',
    baseline: 'What no component adds: 0. The parts sum to the logit; `rest` says how exactly.'
  },
  gives,

  needs({ targets, by_token }, model, tokens) {
    const asked = placeTokensOf(targets)
    const { nLayers, dVocab } = widthsOf(model)
    const width = model.labels?.length ?? dVocab
    for (const { position, token, other } of asked) {
      checkIndex('token', token, width)
      if (other !== null) checkIndex('token', other, width)
      if (tokens > 0) checkIndex('position', position, model.ofText ? 1 : tokens)
    }
    const layers = Array.from({ length: nLayers }, (_, layer) => layer)
    return {
      ...nothing,
      direct: asked,
      logits: model.ofText ? [0] : positionsOf(asked),
      hooks: by_token
        ? layers.flatMap(layer => [
            blockHookName(layer, 'attn.hook_v'),
            blockHookName(layer, 'attn.hook_pattern')
          ])
        : []
    }
  },

  start({ targets: asked, neurons, top, by_token }, model) {
    const { nLayers, nHeads } = widthsOf(model)
    const targets = placeTokensOf(asked)
    let window: Window | null = null
    const of = new Map<string, ArrayLike<number>>()
    const logProbabilities = new Float64Array(targets.length)
    const read = new Map<string, Tensor>()
    const part = (name: DirectPart, layer: number | null) => of.get(`${name} ${layer}`)!
    const single = (name: DirectPart) => Float64Array.from(part(name, null))

    /** [target, layer, …] of parts that come by layer as [target, …]. */
    function byLayer<A extends Float32Array | Float64Array>(
      name: DirectPart,
      Kind: new (length: number) => A
    ): A {
      const layers = Array.from({ length: nLayers }, (_, layer) => part(name, layer))
      const width = Math.max(...layers.map(({ length }) => length / targets.length))
      const all = new Kind(targets.length * nLayers * width)
      layers.forEach((own, layer) => {
        // Layers may have fewer neurons than others.
        const count = own.length / targets.length
        for (let target = 0; target < targets.length; target++)
          for (let i = 0; i < count; i++)
            all[(target * nLayers + layer) * width + i] = own[target * count + i]!
      })
      return all
    }

    function accumulated(): Float64Array {
      const steps = 2 * nLayers + 1
      const sums = new Float64Array(targets.length * steps)
      targets.forEach((_, target) => {
        let sum = part('embed', null)[target]! + part('pos_embed', null)[target]!
        sums[target * steps] = sum
        for (let layer = 0; layer < nLayers; layer++)
          for (const [i, half] of (['attn', 'mlp'] as const).entries()) {
            sum += part(half, layer)[target]!
            sums[target * steps + 2 * layer + i + 1] = sum
          }
      })
      return sums
    }

    function biases(all: Float64Array, parts: Float32Array): Float64Array {
      const width = parts.length / all.length
      return all.map((sum, i) => {
        let rest = sum
        for (let j = i * width; j < (i + 1) * width; j++) rest -= parts[j]!
        return rest
      })
    }

    function source(): Float32Array {
      const count = window!.ids.length
      const all = new Float32Array(targets.length * nLayers * nHeads * count)
      checkSize('by_token', all.length)
      for (let layer = 0; layer < nLayers; layer++) {
        const value = read.get(blockHookName(layer, 'attn.hook_v'))!
        const pattern = read.get(blockHookName(layer, 'attn.hook_pattern'))!
        targets.forEach(({ position }, target) => {
          const query = model.ofText ? 0 : position
          const own = bySource(pattern, value, part('by_z', layer), { target, query })
          all.set(own, (target * nLayers + layer) * nHeads * count)
        })
      }
      return all
    }

    function takeLogits(positions: readonly number[], data: Float32Array): void {
      const width = data.length / positions.length
      targets.forEach(({ position, token, other }, target) => {
        const row = model.ofText ? 0 : positions.indexOf(position)
        if (row < 0 || other !== null) return
        const own = data.subarray(row * width, (row + 1) * width)
        logProbabilities[target] = own[token]! - logSumExp(own)
      })
    }

    return {
      begin(next) {
        window = next
        of.clear()
        read.clear()
        logProbabilities.fill(NaN)
      },

      take(taken) {
        if (taken.kind === 'direct') of.set(`${taken.part} ${taken.layer}`, taken.data)
        if (taken.kind === 'hook') read.set(taken.hook, taken)
        if (taken.kind === 'logits') takeLogits(taken.positions, taken.data)
      },

      result() {
        const { ids, texts } = window!
        const label = (id: number) => `#${id}`
        const attn = byLayer('attn', Float64Array)
        const mlp = byLayer('mlp', Float64Array)
        const head = byLayer('head', Float32Array)
        const neuron = byLayer('neuron', Float32Array)
        if (neurons) checkSize('neurons', neuron.length)
        const logit = single('logit')
        const running = accumulated()
        const steps = 2 * nLayers + 1
        const [lnBias, unembedBias] = [single('norm_shift'), single('unembed_bias')]
        const units = neuron.length / (targets.length * nLayers)
        const strongest = strongestNeurons(neuron, { targets: targets.length, units, top })
        const variables: Record<string, NumberArray> = {
          'dla.logit': logit,
          'dla.embed': single('embed'),
          'dla.pos_embed': single('pos_embed'),
          'dla.attn': attn,
          'dla.head': head,
          'dla.attn_bias': biases(attn, head),
          'dla.mlp': mlp,
          'dla.mlp_bias': biases(mlp, neuron),
          ...(neurons && { 'dla.neuron': neuron }),
          'dla.ln_bias': lnBias,
          'dla.unembed_bias': unembedBias,
          'dla.log_probability': logProbabilities,
          'dla.normaliser': logit.map((own, i) => own - logProbabilities[i]!),
          'dla.rest': logit.map(
            (sum, i) => sum - running[(i + 1) * steps - 1]! - lnBias[i]! - unembedBias[i]!
          ),
          'dla.accumulated': running,
          ...(by_token && { 'dla.source': source() }),
          'dla.top_neuron.layer': strongest.layer,
          'dla.top_neuron.unit': strongest.unit,
          'dla.top_neuron.value': strongest.value,
          'dla.targets': Int32Array.from(
            targets.flatMap(({ position, token }) => [position, token])
          ),
          'dla.token': Int32Array.from(targets, ({ token }) => token),
          'dla.other': Int32Array.from(targets, ({ other }) => other ?? -1)
        }
        return givenDataset(
          gives,
          {
            target: axis(asked.split(',')),
            of: axis(['position', 'token']),
            layer: axis(nLayers),
            head: axis(nHeads),
            ...(neurons && { neuron: axis(units) }),
            step: axis(stepsOf(nLayers)),
            rank: axis(strongest.count),
            ...(by_token && { key: axis([...ids].map((id, i) => texts?.[i] ?? label(id))) })
          },
          variables
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens, labels }) =>
    describedTokens(result, ['dla.token', 'dla.other'], labels ?? tokens)
}

/** Where targets are, each once and in order. */
function positionsOf(targets: readonly PlaceToken[]): number[] {
  return [...new Set(targets.map(({ position }) => position))].sort((a, b) => a - b)
}

/** What `accumulated` has been summed up to, step by step. */
function stepsOf(nLayers: number): string[] {
  const layers = Array.from({ length: nLayers }, (_, layer) => [`${layer} attn`, `${layer} mlp`])
  return ['embedding', ...layers.flat()]
}

function checkSize(param: string, numbers: number): void {
  if (numbers <= mostNumbers) return
  throw new LamellaError(
    'invalid-argument',
    `${param}: there are ${numbers.toLocaleString('en')} numbers, and a result holds at most ${mostNumbers.toLocaleString('en')}`,
    `Set ${param} to false, or ask for fewer targets.`
  )
}
