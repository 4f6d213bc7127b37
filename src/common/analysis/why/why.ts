import { z } from 'zod'
import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { nothing, type Analysis, type Given, type State } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { joined } from '../joined.ts'
import { widthsOf } from '../model-widths.ts'
import { signTest } from '../sign-test.ts'
import { addPrompt, noPrompts, signsOf, spreadOf, type PromptSums } from './over-prompts.ts'
import { partName, partNames, partsOf, type NamedPart } from './part-name.ts'
import { promptNeeds, promptWhy, summands, type PromptWhy } from './prompt-why.ts'
import {
  ablationAgrees,
  givesFarMore,
  strongestParts,
  type Others,
  type Part
} from './strongest-parts.ts'
import { sentenceOf } from './why-sentence.ts'
import { whyPlaceOf, whyPlaces } from './why-place.ts'

/** Prompts that one result is of at most. */
const mostPrompts = 10_000

const WhyParams = z.strictObject({
  /**
   * A position, the token that is asked about and the one that it is set against: `7:12-5`, or `last:12-5`. Of several
   * prompts one for all of them or, with commas, one for each.
   */
  at: z
    .string()
    .max(400_000)
    .regex(whyPlaces, 'expected a position and two token ids, such as 7:12-5 or last:12-5'),
  /** Heads and MLPs that are looked at further. */
  top: z.int().min(1).max(100).default(6),
  /** Neurons that are. */
  neurons: z.int().min(0).max(100).default(3),
  /** Parts that are looked at instead, by their names: `head 2.1,MLP 3,neuron 3.17`. */
  parts: z
    .string()
    .max(10_000)
    .regex(partNames, 'expected names of parts, such as head 2.1,MLP 3')
    .nullable()
    .default(null),
  /** What takes the place of a part that is ablated: 0, or its mean over the text. */
  by: z.enum(['zero', 'mean']).default('mean')
})
type WhyParams = z.infer<typeof WhyParams>

const given = (name: string, axes: string[], about: string): Given => ({
  ...{ name, axes, about },
  unit: 'logits'
})

/** A number with what is said of it over several prompts. */
const pooled = (name: string, axes: string[], about: string): Given[] => [
  given(name, axes, about),
  given(`${name}_sd`, axes, `standard deviation of ${name} over the prompts`),
  {
    ...given(
      `${name}_p`,
      axes,
      `p of the sign test of ${name} over the prompts; NaN of what is the same in all, and of windows that overlap`
    ),
    unit: ''
  }
]

const gives: readonly Given[] = [
  ...pooled('difference', [], 'logit of the token less that of the other, before any soft cap'),
  ...pooled('embed', [], 'what the embedding gives to it'),
  ...pooled('pos_embed', [], 'what positions give'),
  ...pooled('head', ['layer', 'head'], 'what each head gives directly'),
  ...pooled('attn_bias', ['layer'], 'what biases of attention give'),
  ...pooled('mlp', ['layer'], 'what each MLP gives directly, its bias in it'),
  ...pooled('ln_bias', [], 'what shifts of norms give'),
  ...pooled('unembed_bias', [], 'what the bias of the unembedding gives'),
  ...pooled('rest', [], 'what is left: rounding'),
  { ...given('part.kind', ['part'], '0 a head, 1 an MLP, 2 a neuron'), unit: '' },
  { ...given('part.layer', ['part'], 'its layer'), unit: '' },
  { ...given('part.index', ['part'], 'the head or the neuron; −1 of an MLP'), unit: '' },
  ...pooled('part.direct', ['part'], 'what it gives directly'),
  ...pooled(
    'part.ablation',
    ['part'],
    'how far the difference falls without it, at every position; NaN where not every prompt was run without it'
  ),
  ...pooled('part.gradient', ['part'], 'Σ value · ∂difference/∂value, at every position'),
  {
    ...given('part.gives_far_more', ['part'], '1 where it gives far more directly than others'),
    unit: ''
  },
  {
    ...given(
      'part.stands_out',
      ['part'],
      '1 where ablation agrees, too: it may be named as a reason'
    ),
    unit: ''
  },
  given(
    'part.reads',
    ['part', 'key'],
    'of a head: what it gives by each token that it reads; NaN of others'
  ),
  { ...given('token', ['asked'], 'ids of the token and of the other'), unit: '' },
  given(
    'prompt.difference',
    ['window'],
    'the difference of each prompt; how each ends is in prompt_ends'
  ),
  { ...given('prompt.position', ['window'], 'where it is asked'), unit: '' },
  { ...given('prompt.token', ['window'], 'the token that is asked about'), unit: '' },
  { ...given('prompt.other', ['window'], 'the one that it is set against'), unit: '' }
]

/** What all prompts so far come to. */
interface Pooled extends State {
  readonly sums: PromptSums
  /** Direct effect, ablation and gradient of parts, by their names. */
  readonly parts: Record<string, PromptSums>
  readonly differences: number[]
  readonly places: PromptWhy['place'][]
  /** How each prompt ends, as its tokens are written. */
  readonly prompts: string[]
  /** The only prompt so far; null of several. */
  only: PromptWhy | null
  /** Whether any begins with tokens of the one before. */
  overlap: boolean
}

/** Why a model prefers one token to another. */
export const why: Analysis<WhyParams> = {
  name: 'why',
  version: 7,
  of: 'windows',
  compares: false,
  keeps: true,
  continues: true,
  params: WhyParams,
  about: {
    what: 'Why A and not B: how far the logit of one token is above that of another at a position, taken apart by embedding, heads, MLPs, neurons and biases. The strongest parts each with what it gives directly, what becomes of the difference without it, and its gradient; which tokens the heads read; and a sentence that says it. Of a contrast pair or a list of prompts the means, spreads and sign tests of all of these.',
    formulas: [
      'difference = embed + pos_embed + Σ head + Σ attn_bias + Σ mlp + ln_bias + unembed_bias, as direct-logit-attribution has it',
      'ablation = f − f(part replaced, at every position); gradient = Σ value ∂f/∂value; f is the difference of the logits as the model gives them',
      'gives far more: |direct| > 20 × the median of the others of its kind (heads among heads, MLPs among what halves of blocks give); where there are fewer than 6 of these, > 10 × the most that anything else gives (heads, MLPs, embeddings, biases), and at least half of the difference',
      'stands out: gives far more, and ablation is between half and twice of it; of several prompts by the means, and with a sign test of p < 0.05, or one sign in all of fewer than six, also where the number is the same in each; of windows that overlap none does',
      '_sd: over prompts, n − 1 in the denominator; _p: exact two-sided sign test, not corrected for how many parts there are; none (NaN) of a number that is the same in all prompts: standard deviation ≤ 10⁻⁵ |mean|'
    ],
    sources: [
      'direct effects: Elhage et al. 2021; Wang et al. 2022',
      'ablation: Michel, Levy & Neubig 2019',
      'sign test: Dixon & Mood 1946'
    ],
    read: 'Direct effects are one way alone: what a part does through later ones is in ablation and gradient, not in direct, and parts that back one another up hide in ablation. A part is named as a reason only where it gives far more than others and ablation agrees. Where ablation does not agree the sentence says that; where no part gives far more it says which gives most, and that it does not stand out, which is what a model of random weights comes to. Neurons are listed and never named. With a soft cap ablation and gradient are of the capped logits. Each text is a prompt; `at` says a place for all or, with commas, one for each. Of several prompts each is run without its own strongest parts: where a part was not among them in every prompt, ask again with `parts`.',
    baseline: 'Parts of a model that has learned nothing: none stands out.'
  },
  gives,

  needs({ at, parts }, model, tokens) {
    if (parts !== null) partsOf(parts, widthsOf(model))
    const [first, ...more] = at.split(',') as [string, ...string[]]
    const place = whyPlaceOf(first, model, more.length > 0 ? 0 : tokens)
    // Which prompt it is only the accumulator knows.
    return more.length > 0 ? nothing : promptNeeds(place, model)
  },

  start({ at, parts, ...params }, model, state) {
    const widths = widthsOf(model)
    const places = at.split(',')
    const named = parts === null ? null : partsOf(parts, widths)
    const all = (state as Pooled | null) ?? {
      ...{ sums: noPrompts(), parts: {}, differences: [], places: [], prompts: [], only: null },
      overlap: false
    }
    let prompt: ReturnType<typeof promptWhy> | null = null
    let place: PromptWhy['place'] | null = null
    let isAsked = false

    /** Adds the prompt under way once all of it has come. */
    function add(): void {
      if (prompt === null || place === null) return
      const found = prompt.found()
      prompt = null
      addPrompt(all.sums, joined(numbersOf(found), Float64Array))
      for (const part of found.parts)
        if (named !== null || part.kind !== 'neuron')
          addPrompt((all.parts[part.name] ??= noPrompts()), [
            part.direct,
            part.ablation,
            part.gradient
          ])
      all.differences.push(found.numbers.difference[0]!)
      all.places.push(found.place)
      all.prompts.push(endOf(found))
      all.only = all.sums.count === 1 ? found : null
    }

    return {
      begin(next) {
        add()
        const { count } = all.sums
        const written = places.length === 1 ? places[0] : places[count]
        if (written === undefined) throw unevenPlaces(places, 'more prompts')
        if (count === mostPrompts)
          throw new LamellaError(
            'invalid-argument',
            `There are more than ${mostPrompts.toLocaleString('en')} prompts`
          )
        place = whyPlaceOf(written, model, next.ids.length)
        prompt = promptWhy(next, place, model, { ...params, named })
        all.overlap ||= next.overlaps ?? false
        isAsked = places.length === 1
      },
      take: taken => prompt!.take(taken),
      more() {
        if (isAsked) return prompt!.more()
        isAsked = true
        return promptNeeds(place!, model)
      },
      result() {
        add()
        const { count } = all.sums
        // Which place is of which prompt would be a guess.
        if (places.length > Math.max(1, count))
          throw unevenPlaces(places, `fewer prompts, ${count}`)
        return all.only === null
          ? resultOfAll(all, named, params, widths)
          : resultOf(all.only, widths)
      },
      state() {
        add()
        return all
      }
    }
  },

  async described(result, { tokens, labels }) {
    const names = ['token', 'prompt.token', 'prompt.other']
    const known = await describedTokens(result, names, labels ?? tokens)
    return { ...known, attributes: { ...known.attributes, sentence: sentenceOf(known) } }
  }
}

function unevenPlaces(places: readonly string[], prompts: string): LamellaError {
  return new LamellaError(
    'invalid-argument',
    `at: says ${places.length} places, and there are ${prompts}`,
    'Say one place for all, or one for each.'
  )
}

/** Tokens of a prompt that name it: what is asked comes after the last. */
const tokensNamed = 12

function endOf({ keys }: PromptWhy): string {
  return `${keys.length > tokensNamed ? '…' : ''}${keys.slice(-tokensNamed).join('')}`
}

function numbersOf({ numbers }: PromptWhy): Float64Array[] {
  return [numbers.difference, ...summands.map(name => numbers[name])]
}

interface Widths {
  readonly nLayers: number
  readonly nHeads: number
}

/** What one prompt comes to. */
function resultOf({ numbers, parts, place, keys }: PromptWhy, widths: Widths): Dataset {
  const none = new Float32Array(keys.length).fill(NaN)
  return givenDataset(
    gives,
    { ...axesOf(parts, widths), key: axis(keys) },
    {
      ...numbers,
      ...listed(parts),
      'part.direct': Float64Array.from(parts, ({ direct }) => direct),
      'part.ablation': Float64Array.from(parts, ({ ablation }) => ablation),
      'part.gradient': Float64Array.from(parts, ({ gradient }) => gradient),
      ...standing(parts, numbers, widths),
      'part.reads': joined(
        parts.map(({ reads }) => reads ?? none),
        Float32Array
      ),
      token: Int32Array.of(place.token, place.other)
    }
  )
}

/** What several prompts come to. */
function resultOfAll(
  { sums, parts: known, differences, places, prompts, overlap }: Pooled,
  named: readonly NamedPart[] | null,
  { top }: Pick<WhyParams, 'top'>,
  widths: Widths
): Dataset {
  const { count } = sums
  const numbers = byName(sums.mean, widths)
  const parts = (named ?? strongestParts(directParts(numbers, widths), top)).map(part => {
    const own = known[partName(part)]
    // Of some prompts alone nothing is said.
    const has = own?.count === count ? own : null
    return { ...part, direct: has?.mean[0] ?? directOf(part, numbers, widths), has }
  })
  const ofParts = (name: string, at: number, of: (sums: PromptSums) => ArrayLike<number>) => ({
    [name]: Float64Array.from(parts, ({ has }) => (has ? of(has)[at]! : NaN))
  })
  const ofAll = (suffix: string, values: Float64Array) =>
    Object.fromEntries(
      Object.entries(byName(values, widths)).map(([name, own]) => [`${name}_${suffix}`, own])
    )
  // What windows share counts more than once: their signs are no evidence.
  const signs = (own: PromptSums) => (overlap ? signsOf(own).fill(NaN) : signsOf(own))
  const threes = (['direct', 'ablation', 'gradient'] as const).map((name, at) => ({
    ...ofParts(`part.${name}`, at, ({ mean }) => mean),
    ...ofParts(`part.${name}_sd`, at, spreadOf),
    ...ofParts(`part.${name}_p`, at, signs)
  }))
  const variables: Record<string, NumberArray> = {
    ...numbers,
    ...ofAll('sd', spreadOf(sums)),
    ...ofAll('p', signs(sums)),
    ...listed(parts),
    ...threes[0],
    ...threes[1],
    ...threes[2],
    'part.direct': Float64Array.from(parts, ({ direct }) => direct),
    ...standing(
      parts.map(part => ({
        ...part,
        ablation: part.has !== null && !overlap && isSteady(part.has) ? part.has.mean[1]! : NaN
      })),
      numbers,
      widths
    ),
    'prompt.difference': Float64Array.from(differences),
    'prompt.position': Int32Array.from(places, ({ position }) => position),
    'prompt.token': Int32Array.from(places, ({ token }) => token),
    'prompt.other': Int32Array.from(places, ({ other }) => other)
  }
  const axes = { ...axesOf(parts, widths), window: axis(count) }
  return givenDataset(gives, axes, variables, {
    ...{ prompts: count, prompt_ends: prompts },
    ...(overlap && {
      not_drawn:
        'Windows overlap: what they share counts more than once, so there is no p and no part is named. A stride of a window or more, or none, has them.'
    })
  })
}

/** Whether direct effects have one sign by more than chance: p < 0.05, or in all of prompts that are too few for that. */
function isSteady(sums: PromptSums): boolean {
  const [positive, negative] = [sums.positive[0]!, sums.negative[0]!]
  return sums.count < 6
    ? Math.max(positive, negative) === sums.count
    : signTest(positive, negative) < 0.05
}

/** What `numbersOf` put behind one another, by name. */
function byName(values: Float64Array, { nLayers, nHeads }: Widths): PromptWhy['numbers'] {
  const sizes: Partial<Record<string, number>> = { head: nLayers * nHeads }
  for (const name of ['attn_bias', 'mlp']) sizes[name] = nLayers
  let start = 0
  const entries = (['difference', ...summands] as const).map(name => {
    const end = start + (sizes[name] ?? 1)
    const own = values.slice(start, end)
    start = end
    return [name, own]
  })
  return Object.fromEntries(entries) as PromptWhy['numbers']
}

function directParts({ head, mlp }: PromptWhy['numbers'], { nHeads }: Widths): Part[] {
  return [
    ...Array.from(head, (direct, i): Part => {
      return { kind: 'head', layer: Math.floor(i / nHeads), index: i % nHeads, direct }
    }),
    ...Array.from(mlp, (direct, layer): Part => ({ kind: 'MLP', layer, index: null, direct }))
  ]
}

function directOf(
  { kind, layer, index }: NamedPart,
  { head, mlp }: PromptWhy['numbers'],
  { nHeads }: Widths
): number {
  if (kind === 'neuron') return NaN
  return kind === 'MLP' ? mlp[layer]! : head[layer * nHeads + index!]!
}

/** Which parts give far more than others, and which of these may be named: the ablation of those that may not is NaN. */
function standing(
  parts: readonly (Part & { readonly ablation: number })[],
  numbers: PromptWhy['numbers'],
  widths: Widths
): Record<string, NumberArray> {
  const more = parts.map(part => givesFarMore(part, othersOf(part, numbers, widths)))
  return {
    'part.gives_far_more': Int32Array.from(more, Number),
    'part.stands_out': Int32Array.from(parts, ({ direct, ablation }, i) =>
      Number(more[i]! && ablationAgrees(direct, ablation))
    )
  }
}

/** What a part is held against: heads against heads, MLPs against what halves of blocks give. */
function othersOf(
  { kind, layer, index }: NamedPart,
  { difference, ...numbers }: PromptWhy['numbers'],
  { nHeads }: Widths
): Others {
  const { head, mlp, attn_bias: biases } = numbers
  const heads = [...head]
  const mlps = [...mlp]
  if (kind === 'head') heads.splice(layer * nHeads + index!, 1)
  if (kind === 'MLP') mlps.splice(layer, 1)
  const attention = Array.from(biases, (bias, layer) =>
    head.subarray(layer * nHeads, (layer + 1) * nHeads).reduce((sum, own) => sum + own, bias)
  )
  const others = { ...numbers, head: heads, mlp: mlps }
  return {
    kind: kind === 'head' ? heads : [...mlps, ...attention],
    all: summands.flatMap(name => [...others[name]]),
    difference: difference[0]!
  }
}

function axesOf(parts: readonly NamedPart[], { nLayers, nHeads }: Widths): Dataset['axes'] {
  return {
    layer: axis(nLayers),
    head: axis(nHeads),
    part: axis(parts.map(partName)),
    asked: axis(['token', 'other'])
  }
}

function listed(parts: readonly NamedPart[]): Record<string, NumberArray> {
  return {
    'part.kind': Int32Array.from(parts, ({ kind }) => ['head', 'MLP', 'neuron'].indexOf(kind)),
    'part.layer': Int32Array.from(parts, ({ layer }) => layer),
    'part.index': Int32Array.from(parts, ({ index }) => index ?? -1)
  }
}
