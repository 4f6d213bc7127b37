import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { inEachBlock, parseHookName, placeOfHook, residualStreams } from '../../model/hooks.ts'
import { countedFromZero } from '../../text/rank-text.ts'
import { nothing, type Analysis, type Given, type Window } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { widthsOf } from '../model-widths.ts'
import { normHooks } from '../norm-hooks.ts'
import { lensRows, type LensRow } from './lens-rows.ts'

/** Logits of every stream that one result holds at most. */
const mostLogits = 2 ** 24

/** What goes through the model's way out: the residual stream between blocks, or what a half of each block adds to it. */
export const lensParts = ['resid', 'attn_out', 'mlp_out'] as const
export type LensPart = (typeof lensParts)[number]

const LensParams = z.strictObject({
  /** What is read: the residual stream, what attention adds to it, what the MLP adds. */
  parts: z.array(z.enum(lensParts)).min(1).max(3).default(['resid']),
  /** Positions that are read; every one when left out. */
  positions: z.array(z.int().min(0)).min(1).max(100_000).nullable().default(null),
  /** Tokens of each row's highest logits. */
  top: z.int().min(1).max(100).default(5),
  /** Token ids whose rank, probability and logit are told everywhere. */
  tokens: z.array(z.int().min(0)).min(1).max(100).nullable().default(null),
  /** Also the norms of the stream and of what attention and MLP add to it. */
  norms: z.boolean().default(true),
  /** Also every logit, of a small result. */
  logits: z.boolean().default(false)
})
type LensParams = z.infer<typeof LensParams>

/** A variable of a part: those of the residual stream have their names alone. */
export function lensVariable(part: LensPart, name: string): string {
  return part === 'resid' ? name : `${part}.${name}`
}

const gives: readonly Given[] = [
  ...lensParts.flatMap((part): Given[] => {
    const row = part === 'resid' ? 'stream' : 'layer'
    const given = (name: string, axes: readonly string[], unit: string, about: string): Given => ({
      name: lensVariable(part, name),
      axes: [row, ...axes],
      unit,
      about
    })
    return [
      given('kl_final_lens', ['pos'], 'nats', 'KL(final ‖ lens)'),
      given('kl_lens_final', ['pos'], 'nats', 'KL(lens ‖ final)'),
      given('entropy', ['pos'], 'nats', 'of the distribution of the lens'),
      given('top', ['pos', 'rank'], '', 'token ids of the highest logits, highest first'),
      given('top_prob', ['pos', 'rank'], '', 'their probabilities'),
      given(
        'top_gap',
        ['pos'],
        '',
        'the least distance between neighbours among the highest logits, the first that is left out among them'
      ),
      given(
        'next_rank',
        ['predicted'],
        '',
        `tokens with a strictly higher logit than the next one: ${countedFromZero}`
      ),
      given('next_prob', ['predicted'], '', 'probability of the next token'),
      given(
        'token_rank',
        ['pos', 'token'],
        '',
        `of each token that was asked for, ${countedFromZero}`
      ),
      given('token_prob', ['pos', 'token'], '', 'its probability'),
      given('token_logit', ['pos', 'token'], '', 'its logit'),
      given('lens_logits', ['pos', 'vocab'], '', 'every logit')
    ]
  }),
  { name: 'position', axes: ['pos'], unit: 'tokens', about: 'where it is in the text' },
  { name: 'prediction_entropy', axes: ['pos'], unit: 'nats', about: 'of the final distribution' },
  { name: 'surprisal', axes: ['predicted'], unit: 'nats', about: '−ln p(next), final' },
  { name: 'predicted_token', axes: ['predicted'], unit: '', about: 'id of the next token' },
  { name: 'asked_token', axes: ['token'], unit: '', about: 'id that was asked for' },
  { name: 'norm.resid', axes: ['stream', 'pos'], unit: '', about: 'L2 norm of the stream' },
  {
    name: 'norm.attn_out',
    axes: ['layer', 'pos'],
    unit: '',
    about: 'L2 norm of what attention adds'
  },
  { name: 'norm.mlp_out', axes: ['layer', 'pos'], unit: '', about: 'L2 norm of what the MLP adds' }
]

/** What each layer would say of the next token: the residual stream through the model's own way out. */
export const lens: Analysis<LensParams> = {
  name: 'lens',
  version: 3,
  of: 'window',
  compares: false,
  keeps: true,
  params: LensParams,
  about: {
    what: 'The logit lens: the residual stream before each block and after the last, at every position, through the model’s own final norm and unembedding, as if it were the last. The most probable tokens, how far they are from what the model says in the end, and where the true next token stands; on request the same of what attention and MLP add.',
    formulas: [
      'lens[l] = softCap(W_U · ln_final(resid[l]) + b_U); the scale of ln_final is computed on that stream',
      'KL(final ‖ lens) = Σ p_final (ln p_final − ln p_lens), and the other way',
      'next_rank = number of tokens with a strictly higher logit than the true next one',
      'surprisal = −ln p(next), prediction_entropy = −Σ p ln p, of the final distribution'
    ],
    sources: [
      'nostalgebraist 2020, “interpreting GPT: the logit lens”',
      'KL and rank over layers: Belrose et al. 2023, “Eliciting Latent Predictions from Transformers with the Tuned Lens”, section 3'
    ],
    read: 'The last stream is the model’s own prediction: KL 0. Early layers need not speak the language of the unembedding: a high KL there says that the lens cannot read them, not that nothing is known. What attention or MLP adds is normed by itself, so that it is larger than it is within the stream; its share of a logit is what direct-logit-attribution tells. Order within `top` means nothing where `top_gap` is below 1e-4. Of a model of masked tokens a position is about the token at it, and there is no next one.',
    baseline: 'A uniform guess: rank (d_vocab − 1) / 2, probability 1 / d_vocab.'
  },
  gives,

  needs({ parts, positions, norms }, model, tokens) {
    const { nLayers } = widthsOf(model)
    if (tokens > 0) for (const position of positions ?? []) checkIndex('position', position, tokens)
    return {
      ...nothing,
      logits: model.ofText ? [0] : positions === null ? 'every' : [...new Set(positions)],
      // The last stream’s logits are the model’s own.
      unembedded: throughWayOut(parts, nLayers),
      hooks: norms && !model.ofText ? normHooks(model) : []
    }
  },

  start(params, model) {
    const { nLayers, dVocab } = widthsOf(model)
    const width = model.labels?.length ?? dVocab
    const { tokens } = params
    for (const token of tokens ?? []) checkIndex('token', token, width)
    let window: Window | null = null
    let positions: number[] = []
    /** Of a position in the text its row, and of those that predict a token which of these it is. */
    let rows = new Map<number, number>()
    let predicted: number[] = []
    let predicting = new Map<number, number>()
    let filled: Record<string, NumberArray> = {}
    const read = lensRows(width)
    const through = throughWayOut(params.parts, nLayers)

    /** What the model says at a position, which the last stream says, too. */
    function fillFinal(position: number, logits: Float32Array): void {
      const { logSum, entropy } = read.final(logits)
      filled['prediction_entropy']![rows.get(position)!] = entropy
      if (params.parts.includes('resid')) {
        const last = { part: 'resid', at: nLayers } as const
        fillLens(last, position, logits, { logSum, entropy, finalLens: 0, lensFinal: 0 })
      }
      const next = predicting.get(position)
      if (next !== undefined)
        filled['surprisal']![next] = logSum - logits[window!.ids[position + 1]!]!
    }

    /** @param logits the row that was read last */
    function fillLens(
      { part, at }: { readonly part: LensPart; readonly at: number },
      position: number,
      logits: Float32Array,
      { logSum, entropy, finalLens, lensFinal }: LensRow
    ): void {
      const cell = at * positions.length + rows.get(position)!
      const put = (name: string, place: number, value: number) =>
        void (filled[lensVariable(part, name)]![place] = value)
      put('kl_final_lens', cell, finalLens)
      put('kl_lens_final', cell, lensFinal)
      put('entropy', cell, entropy)
      const count = Math.min(params.top, width)
      const top = read.top(count)
      top.tokens.forEach((token, rank) => {
        put('top', cell * count + rank, token)
        put('top_prob', cell * count + rank, Math.exp(logits[token]! - logSum))
      })
      put('top_gap', cell, top.gap)
      tokens?.forEach((token, i) => {
        put('token_rank', cell * tokens.length + i, read.rank(logits[token]!))
        put('token_prob', cell * tokens.length + i, Math.exp(logits[token]! - logSum))
        put('token_logit', cell * tokens.length + i, logits[token]!)
      })
      if (params.logits)
        (filled[lensVariable(part, 'lens_logits')] as Float32Array).set(logits, cell * width)
      const place = predicting.get(position)
      if (place === undefined) return
      const next = window!.ids[position + 1]!
      put('next_rank', at * predicted.length + place, read.rank(logits[next]!))
      put('next_prob', at * predicted.length + place, Math.exp(logits[next]! - logSum))
    }

    return {
      begin(next) {
        window = next
        const asked = model.ofText ? [0] : (params.positions ?? next.ids.keys())
        positions = [...new Set(asked)]
        predicted =
          model.predicts === 'next'
            ? positions.filter(position => position + 1 < next.ids.length)
            : []
        rows = placesOf(positions)
        predicting = placesOf(predicted)
        filled = emptied(params, {
          ...{ nLayers, width, ofText: model.ofText },
          rows: positions.length,
          next: predicted.length
        })
      },

      take(taken) {
        if (taken.kind === 'hook') fillNorms(filled, taken, positions)
        if (taken.kind !== 'logits') return
        const { data, positions: taking } = taken
        for (const [i, position] of taking.entries()) {
          const rowOf = (value: number) => {
            const row = value * taking.length + i
            return data.subarray(row * width, (row + 1) * width)
          }
          fillFinal(position, rowOf(0))
          for (const [value, hook] of through.entries()) {
            const row = rowOf(value + 1)
            fillLens(placeOf(hook), position, row, read.lens(row))
          }
        }
      },

      result() {
        const { ids, texts } = window!
        const label = (position: number) => texts?.[position] ?? `#${ids[position]}`
        return givenDataset(
          gives,
          {
            stream: axis(residualStreams(nLayers)),
            layer: axis(nLayers),
            pos: axis(model.ofText ? 1 : positions.map(label)),
            ...(predicted.length > 0 && {
              predicted: axis(predicted.map(position => label(position + 1)))
            }),
            rank: axis(Math.min(params.top, width)),
            ...(tokens !== null && { token: axis(tokens.map(id => `#${id}`)) }),
            ...(params.logits && { vocab: axis(width) })
          },
          {
            ...filled,
            ...(!model.ofText && { position: Int32Array.from(positions) }),
            ...(predicted.length > 0 && {
              predicted_token: Int32Array.from(predicted, position => ids[position + 1]!)
            }),
            ...(tokens !== null && { asked_token: Int32Array.from(tokens) })
          }
        )
      },
      state: () => ({})
    }
  },

  described(result, { tokens, labels }) {
    const names = lensParts.map(part => lensVariable(part, 'top'))
    return describedTokens(result, [...names, 'predicted_token', 'asked_token'], labels ?? tokens)
  }
}

/** What goes through the model’s way out beside the last stream. */
function throughWayOut(parts: readonly LensPart[], nLayers: number): string[] {
  return parts.flatMap(part => hooksOf(part, nLayers).slice(0, nLayers))
}

/** The hooks of a part, in their order. */
function hooksOf(part: LensPart, nLayers: number): string[] {
  return part === 'resid' ? residualStreams(nLayers) : inEachBlock(`hook_${part}`, nLayers)
}

/** By each of some numbers which of them it is. */
function placesOf(numbers: readonly number[]): Map<number, number> {
  return new Map(numbers.map((number, place) => [number, place]))
}

/** Which row of which part a hook is. */
function placeOf(hook: string): { readonly part: LensPart; readonly at: number } {
  const place = placeOfHook(hook)
  if (place !== null) return { part: 'resid', at: place }
  const { layer, hook: name } = parseHookName(hook)!
  return { part: name === 'hook_attn_out' ? 'attn_out' : 'mlp_out', at: layer! }
}

interface Sizes {
  readonly nLayers: number
  readonly width: number
  readonly rows: number
  readonly next: number
  readonly ofText: boolean
}

/** @throws LamellaError `invalid-argument` where more logits are asked for than a result holds */
function emptied(
  { parts, top, tokens, norms, logits }: LensParams,
  { nLayers, width, rows, next, ofText }: Sizes
): Record<string, NumberArray> {
  const filled: Record<string, NumberArray> = { prediction_entropy: new Float64Array(rows) }
  if (next > 0) filled['surprisal'] = new Float64Array(next)
  const each = (part: LensPart) => nLayers + (part === 'resid' ? 1 : 0)
  const all = parts.reduce((sum, part) => sum + each(part) * rows * width, 0)
  if (logits && all > mostLogits)
    throw new LamellaError(
      'invalid-argument',
      `logits: there are ${all.toLocaleString('en')}, and a result holds at most ${mostLogits.toLocaleString('en')}`,
      'Ask for fewer positions, or for some tokens.'
    )
  for (const part of parts) {
    const cells = each(part) * rows
    const put = (name: string, array: NumberArray) =>
      void (filled[lensVariable(part, name)] = array)
    const count = Math.min(top, width)
    for (const name of ['kl_final_lens', 'kl_lens_final', 'entropy', 'top_gap'])
      put(name, new Float64Array(cells))
    put('top', new Int32Array(cells * count))
    put('top_prob', new Float64Array(cells * count))
    if (next > 0) {
      put('next_rank', new Int32Array(each(part) * next))
      put('next_prob', new Float64Array(each(part) * next))
    }
    if (tokens !== null) {
      put('token_rank', new Int32Array(cells * tokens.length))
      put('token_prob', new Float64Array(cells * tokens.length))
      put('token_logit', new Float64Array(cells * tokens.length))
    }
    if (logits) put('lens_logits', new Float32Array(cells * width))
  }
  if (norms && !ofText) {
    filled['norm.resid'] = new Float64Array((nLayers + 1) * rows)
    for (const part of ['attn_out', 'mlp_out'])
      filled[`norm.${part}`] = new Float64Array(nLayers * rows)
  }
  return filled
}

function fillNorms(
  filled: Record<string, NumberArray>,
  {
    hook,
    shape,
    data
  }: { readonly hook: string; readonly shape: readonly number[]; readonly data: Float32Array },
  positions: readonly number[]
): void {
  const { part, at } = placeOf(hook)
  const [, width = 0] = shape
  positions.forEach((position, row) => {
    let sum = 0
    for (let i = position * width; i < (position + 1) * width; i++) sum += data[i]! ** 2
    filled[`norm.${part}`]![at * positions.length + row] = Math.sqrt(sum)
  })
}
