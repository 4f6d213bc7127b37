import { z } from 'zod'
import { axis, variable, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { Edit } from '../../model/edit.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import type { Tensor } from '../../model/tensor.ts'
import { tokenLabel, type Token } from '../../model/token.ts'
import {
  nothing,
  type Analysis,
  type DirectPart,
  type Given,
  type Needs,
  type Window
} from '../analysis.ts'
import { describedTokens, tokensOfResult } from '../described-tokens.ts'
import { bySource } from '../direct-logit-attribution/by-source.ts'
import { givenDataset } from '../given.ts'
import { maskGradients } from '../mask-gradients.ts'
import { widthsOf } from '../model-widths.ts'
import { placeTokensOf } from '../place-token.ts'
import { standsOut, strongestParts, type Part } from './strongest-parts.ts'

const WhyParams = z.strictObject({
  /** A position, the token that is asked about and the one that it is set against: `7:12-5`. */
  at: z
    .string()
    .regex(/^\d{1,9}:\d{1,9}-\d{1,9}$/, 'expected a position and two token ids, such as 7:12-5'),
  /** Heads and MLPs that are looked at further. */
  top: z.int().min(1).max(100).default(6),
  /** Neurons that are. */
  neurons: z.int().min(0).max(100).default(3),
  /** What takes the place of a part that is ablated: 0, or its mean over the text. */
  by: z.enum(['zero', 'mean']).default('mean')
})
type WhyParams = z.infer<typeof WhyParams>

const given = (name: string, axes: string[], about: string): Given => ({
  ...{ name, axes, about },
  unit: 'logits'
})

const gives: readonly Given[] = [
  given('difference', [], 'logit of the token less that of the other, before any soft cap'),
  given('embed', [], 'what the embedding gives to it'),
  given('pos_embed', [], 'what positions give'),
  given('head', ['layer', 'head'], 'what each head gives directly'),
  given('attn_bias', ['layer'], 'what biases of attention give'),
  given('mlp', ['layer'], 'what each MLP gives directly, its bias in it'),
  given('ln_bias', [], 'what shifts of norms give'),
  given('unembed_bias', [], 'what the bias of the unembedding gives'),
  given('rest', [], 'what is left: rounding'),
  { ...given('part.kind', ['part'], '0 a head, 1 an MLP, 2 a neuron'), unit: '' },
  { ...given('part.layer', ['part'], 'its layer'), unit: '' },
  { ...given('part.index', ['part'], 'the head or the neuron; −1 of an MLP'), unit: '' },
  given('part.direct', ['part'], 'what it gives directly'),
  given('part.ablation', ['part'], 'how far the difference falls without it, at every position'),
  given('part.gradient', ['part'], 'Σ value · ∂difference/∂value, at every position'),
  { ...given('part.stands_out', ['part'], '1 where it may be named as a reason'), unit: '' },
  given(
    'part.reads',
    ['part', 'key'],
    'of a head: what it gives by each token that it reads; NaN of others'
  ),
  { ...given('token', ['asked'], 'ids of the token and of the other'), unit: '' }
]

/** Why a model prefers one token to another. */
export const why: Analysis<WhyParams> = {
  name: 'why',
  version: 1,
  of: 'window',
  compares: false,
  keeps: true,
  continues: true,
  params: WhyParams,
  about: {
    what: 'Why A and not B: how far the logit of one token is above that of another at a position, taken apart by embedding, heads, MLPs, neurons and biases. The strongest parts each with what it gives directly, what becomes of the difference without it, and its gradient; which tokens the heads read; and a sentence that says it.',
    formulas: [
      'difference = embed + pos_embed + Σ head + Σ attn_bias + Σ mlp + ln_bias + unembed_bias, as direct-logit-attribution has it',
      'ablation = f − f(part replaced, at every position); gradient = Σ value ∂f/∂value; f is the difference of the logits as the model gives them',
      'stands out: |direct| > 5 × the median of its kind (heads among heads, MLPs among what halves of blocks give), and ablation between half and twice of it'
    ],
    sources: [
      'direct effects: Elhage et al. 2021; Wang et al. 2022',
      'ablation: Michel, Levy & Neubig 2019'
    ],
    read: 'Direct effects are one way alone: what a part does through later ones is in ablation and gradient, not in direct, and parts that back one another up hide in ablation. A part is named as a reason only where it stands out and ablation agrees; where none does the sentence says so, which is what a model of random weights comes to. Neurons are listed and never named. With a soft cap ablation and gradient are of the capped logits.',
    baseline: 'Parts of a model that has learned nothing: none stands out.'
  },
  gives,

  needs({ at }, model, tokens) {
    const [target] = placeTokensOf(at) as [Required<ReturnType<typeof placeTokensOf>[number]>]
    const { nLayers, dVocab } = widthsOf(model)
    const { position, token, other } = target
    const width = model.labels?.length ?? dVocab
    checkIndex('token', token, width)
    checkIndex('token', other!, width)
    if (tokens > 0) checkIndex('position', position, model.ofText ? 1 : tokens)
    const hooks = Array.from({ length: nLayers }, (_, layer) =>
      (['attn.hook_z', 'hook_mlp_out', 'mlp.hook_post'] as const).map(hook =>
        blockHookName(layer, hook)
      )
    )
    return {
      ...nothing,
      direct: [target],
      gradient: {
        target: { kind: 'difference', position, token, other: other! },
        hooks: hooks.flat().filter(hook => model.hooks?.includes(hook) ?? true)
      }
    }
  },

  start(params, model) {
    const { nLayers, nHeads } = widthsOf(model)
    const [{ position, token, other }] = placeTokensOf(params.at) as [
      ReturnType<typeof placeTokensOf>[number]
    ]
    const target = { kind: 'difference', position, token, other: other! } as const
    let window: Window | null = null
    let value = NaN
    let parts: Part[] | null = null
    let ablated: number[] = []
    const direct = new Map<string, ArrayLike<number>>()
    const read = new Map<string, Tensor>()
    const gradients = new Map<string, ArrayLike<number>>()
    const of = (part: DirectPart, layer: number | null) => direct.get(`${part} ${layer}`)!
    const layers = Array.from({ length: nLayers }, (_, layer) => layer)

    function chosen(): Part[] {
      const heads = layers.flatMap(layer =>
        Array.from(of('head', layer), (direct, index): Part => ({
          kind: 'head',
          layer,
          index,
          direct
        }))
      )
      const mlps = layers.map((layer): Part => ({
        kind: 'MLP',
        layer,
        index: null,
        direct: of('mlp', layer)[0]!
      }))
      const neurons = layers.flatMap(layer =>
        strongestParts(
          Array.from(of('neuron', layer), (direct, index): Part => ({
            kind: 'neuron',
            layer,
            index,
            direct
          })),
          params.neurons
        )
      )
      return [
        ...strongestParts([...heads, ...mlps], params.top),
        ...strongestParts(neurons, params.neurons)
      ]
    }

    function without({ kind, layer, index }: Part): Edit[] {
      const [hook, at] = {
        head: ['attn.hook_z', { head: [index ?? 0] }],
        MLP: ['hook_mlp_out', {}],
        neuron: ['mlp.hook_post', { unit: [index ?? 0] }]
      }[kind] as ['attn.hook_z', Edit['at']]
      const add = params.by === 'mean' ? 'mean' : null
      return [{ hook: blockHookName(layer, hook), at, scale: 0, add }]
    }

    function gradientOf({ kind, layer, index }: Part): number {
      const hook = { head: 'attn.hook_z', MLP: 'hook_mlp_out', neuron: 'mlp.hook_post' } as const
      return gradients.get(blockHookName(layer, hook[kind]))![index ?? 0]!
    }

    function readsOf({ kind, layer, index }: Part): Float32Array {
      const count = window!.ids.length
      if (kind !== 'head') return new Float32Array(count).fill(NaN)
      const pattern = read.get(blockHookName(layer, 'attn.hook_pattern'))!
      const values = read.get(blockHookName(layer, 'attn.hook_v'))!
      const query = model.ofText ? 0 : position
      const all = bySource(pattern, values, of('by_z', layer), { target: 0, query })
      return all.subarray(index! * count, (index! + 1) * count)
    }

    return {
      begin(next) {
        window = next
        parts = null
        ablated = []
        for (const held of [direct, read, gradients]) held.clear()
      },

      take(taken) {
        if (taken.kind === 'direct') direct.set(`${taken.part} ${taken.layer}`, taken.data)
        if (taken.kind === 'hook') read.set(taken.hook, taken)
        if (taken.kind === 'target' && taken.place === null) value = taken.value
        if (taken.kind === 'target' && taken.place !== null) ablated[taken.place] = taken.value
        if (taken.kind === 'gradient') gradients.set(taken.hook, summed(taken))
      },

      more(): Needs | null {
        if (parts !== null) return null
        parts = chosen()
        const heads = parts.filter(({ kind }) => kind === 'head').map(({ layer }) => layer)
        return {
          ...nothing,
          hooks: [...new Set(heads)].flatMap(layer => [
            blockHookName(layer, 'attn.hook_v'),
            blockHookName(layer, 'attn.hook_pattern')
          ]),
          edited: parts.map(without),
          editedGradient: { target, hooks: [] }
        }
      },

      result() {
        const all = parts!
        const single = (part: DirectPart) => Float64Array.of(of(part, null)[0]!)
        const head = layers.flatMap(layer => Array.from(of('head', layer)))
        const mlp = layers.map(layer => of('mlp', layer)[0]!)
        const attn = layers.map(layer => of('attn', layer)[0]!)
        const ofLayer = (layer: number) => head.slice(layer * nHeads, (layer + 1) * nHeads)
        const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, one) => all + one, 0)
        const difference = of('logit', null)[0]!
        const ends = (['embed', 'pos_embed', 'norm_shift', 'unembed_bias'] as const).map(
          part => of(part, null)[0]!
        )
        const fall = all.map((_, i) => value - ablated[i]!)
        const halves = [...mlp, ...attn]
        const { ids, texts } = window!
        const variables: Record<string, NumberArray> = {
          difference: Float64Array.of(difference),
          embed: single('embed'),
          pos_embed: single('pos_embed'),
          head: Float64Array.from(head),
          attn_bias: Float64Array.from(attn, (own, layer) => own - sum(ofLayer(layer))),
          mlp: Float64Array.from(mlp),
          ln_bias: single('norm_shift'),
          unembed_bias: single('unembed_bias'),
          rest: Float64Array.of(difference - sum(ends) - sum(attn) - sum(mlp)),
          'part.kind': Int32Array.from(all, ({ kind }) => ['head', 'MLP', 'neuron'].indexOf(kind)),
          'part.layer': Int32Array.from(all, ({ layer }) => layer),
          'part.index': Int32Array.from(all, ({ index }) => index ?? -1),
          'part.direct': Float64Array.from(all, ({ direct }) => direct),
          'part.ablation': Float64Array.from(fall),
          'part.gradient': Float64Array.from(all, gradientOf),
          'part.stands_out': Int32Array.from(all, ({ kind, direct }, i) =>
            kind !== 'neuron' && standsOut(direct, fall[i]!, kind === 'head' ? head : halves)
              ? 1
              : 0
          ),
          'part.reads': Float32Array.from(all.flatMap(part => [...readsOf(part)])),
          token: Int32Array.of(token, other!)
        }
        return givenDataset(
          gives,
          {
            layer: axis(nLayers),
            head: axis(nHeads),
            part: axis(all.map(nameOf)),
            key: axis([...ids].map((id, i) => texts?.[i] ?? `#${id}`)),
            asked: axis(['token', 'other'])
          },
          variables
        )
      },
      state: () => ({})
    }
  },

  async described(result, { tokens, labels }) {
    const known = await describedTokens(result, ['token'], labels ?? tokens)
    const sentence = sentenceOf(known, tokensOfResult(known))
    return { ...known, attributes: { ...known.attributes, sentence } }
  }
}

function nameOf({ kind, layer, index }: Part): string {
  return index === null ? `${kind} ${layer}` : `${kind} ${layer}.${index}`
}

/** Σ value · gradient: of z by head, of post by neuron, of what an MLP gives in all. */
function summed(taken: {
  readonly hook: string
  readonly shape: readonly number[]
  readonly value: Float32Array
  readonly data: Float32Array
}): Float64Array {
  const { hook, shape, value, data } = taken
  const name = parseHookName(hook)!.hook
  if (name === 'attn.hook_z') return maskGradients(value, data, shape)
  const sums = new Float64Array(name === 'mlp.hook_post' ? shape[1]! : 1)
  for (let i = 0; i < data.length; i++) sums[i % sums.length]! += value[i]! * data[i]!
  return sums
}

/** What the numbers say, naming the parts that stand out and no others. */
function sentenceOf(result: Dataset, tokens: ReadonlyMap<number, Token>): string {
  const data = (name: string) => variable(result, name).data
  const shown = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
  const [a, b] = [...data('token')].map(id => `“${tokenLabel(tokens.get(id)!)}”`)
  const sum = (name: string) => [...data(name)].reduce((all, one) => all + one, 0)
  const biases = sum('attn_bias') + sum('ln_bias') + sum('unembed_bias')
  const labels = result.axes['part']!.labels!
  const keys = result.axes['key']!.labels!
  const named = labels.flatMap((label, i) => {
    if (data('part.stands_out')[i] !== 1) return []
    const reads = [...data('part.reads').subarray(i * keys.length, (i + 1) * keys.length)]
    const most = reads.reduce(
      (best, own, key) => (Math.abs(own) > Math.abs(reads[best]!) ? key : best),
      0
    )
    const from = Number.isNaN(reads[0]!) ? '' : `, most of it by reading “${keys[most]}” at ${most}`
    return [
      `${label} gives ${shown(data('part.direct')[i]!)} (without it the difference falls by ${shown(data('part.ablation')[i]!)}${from})`
    ]
  })
  const total = `The logit of ${a} is ${shown(data('difference')[0]!)} to that of ${b}: embeddings ${shown(sum('embed') + sum('pos_embed'))}, heads ${shown(sum('head'))}, MLPs ${shown(sum('mlp'))}, biases ${shown(biases)}.`
  return named.length === 0
    ? `${total} No head and no MLP stands out of the others.`
    : `${total} Of the parts that stand out ${named.join('; ')}.`
}
