import { z } from 'zod'
import { axis, variable, type Dataset } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { tokenLabel, type Token } from '../../model/token.ts'
import type { Describe, ModelFacts } from '../analysis.ts'
import { describedTokens, tokensOfResult } from '../described-tokens.ts'
import { widthsOf } from '../model-widths.ts'

/** A token by its id, or a text by which it is named: the model's tokenizer splits that, with nothing around it. */
export const TokenName = z.union([z.int().min(0), z.string().min(1).max(1000)])
export type TokenName = z.infer<typeof TokenName>

/** What has a vector: a token, or the tokens of a text, whose vectors' mean it has. */
export interface Word {
  /** The text; null of a token by its id. */
  readonly text: string | null
  readonly ids: readonly number[]
  /** The vocabulary’s spellings of a text’s tokens; empty of a token by its id. */
  readonly pieces: readonly string[]
}

/** The texts among some names. */
export function textsAmong(names: readonly TokenName[]): string[] {
  return names.filter(name => typeof name === 'string')
}

/**
 * The tokens that names stand for.
 * @throws LamellaError `invalid-argument` naming an id outside the vocabulary, or a text that has no tokens there
 */
export function wordsOf(names: readonly TokenName[], model: ModelFacts): Word[] {
  const { dVocab } = widthsOf(model)
  return names.map(name => {
    if (typeof name === 'number') {
      checkIndex('token', name, dVocab)
      return { text: null, ids: [name], pieces: [] }
    }
    const tokens = model.texts.get(name) ?? []
    const why = whyNone(name, tokens)
    if (typeof tokens === 'string' || why !== null)
      throw new LamellaError(
        'invalid-argument',
        `${JSON.stringify(name)}: ${why}`,
        'Name another text, or a token by its id.'
      )
    const ids = tokens.map(({ id }) => id)
    for (const id of ids) checkIndex('token', id, dVocab)
    return { text: name, ids, pieces: tokens.map(({ piece }) => piece) }
  })
}

/**
 * Why a text cannot be named by its tokens; null where it can.
 * @param tokens or why there are none
 */
function whyNone(text: string, tokens: readonly Token[] | string): string | null {
  if (typeof tokens === 'string') return tokens
  if (tokens.length === 0) return 'the tokenizer makes no token of it'
  const unknown = tokens.find(token => token.unknown)
  if (unknown === undefined) return null
  return `the vocabulary does not have ${JSON.stringify(text.slice(unknown.start, unknown.end))}`
}

/** A name that stands for no token, and why. */
export interface UnknownWord {
  readonly name: TokenName
  readonly why: string
}

/**
 * The tokens that the names of a list stand for: one that stands for none is left out, and said.
 * @throws LamellaError as `wordsOf`, where all are left out
 */
export function knownWords(
  names: readonly TokenName[],
  model: ModelFacts
): { words: Word[]; unknown: UnknownWord[] } {
  const words: Word[] = []
  const unknown: UnknownWord[] = []
  for (const name of names) {
    try {
      words.push(...wordsOf([name], model))
    } catch (error) {
      if (!(error instanceof LamellaError) || names.length === 1) throw error
      const why = typeof name === 'string' ? whyNone(name, model.texts.get(name) ?? []) : null
      unknown.push({ name, why: why ?? error.message })
    }
  }
  // None is known: the first says why.
  if (words.length === 0) wordsOf(names.slice(0, 1), model)
  return { words, unknown }
}

/** The id of a word of one token; −1 of one of several. */
export function idOf({ ids }: Word): number {
  return ids.length === 1 ? ids[0]! : -1
}

/** Of each token of some words the place of its row, where rows of these alone are read. */
export function placesOf(words: readonly Word[]): ReadonlyMap<number, number> {
  const ids = [...new Set(words.flatMap(({ ids }) => ids))]
  return new Map(ids.map((id, place) => [id, place]))
}

/** What stands on an axis of words until tokens are described. */
export function wordLabels(words: readonly Word[]): string[] {
  return words.map(({ text, ids }) => text ?? `#${ids[0]}`)
}

/** What a result says of words that are texts: their tokens. */
export function textAttribute(words: readonly Word[]): Dataset['attributes'] {
  const texts = words.flatMap(({ text, ids, pieces }) =>
    text === null ? [] : [{ text, ids: [...ids], pieces: [...pieces] }]
  )
  return texts.length > 0 ? { texts } : {}
}

/** What a result says of words that are texts: their tokens, how several make one vector, and which were left out. */
export function wordAttributes(
  words: readonly Word[],
  unknown: readonly UnknownWord[] = []
): Dataset['attributes'] {
  const several = words.filter(({ ids }) => ids.length > 1).length
  return {
    ...textAttribute(words),
    ...(several > 0 && {
      several_tokens: `${several} of ${words.length} are of several tokens: each has the mean of its tokens’ vectors, and −1 in place of an id`
    }),
    ...(unknown.length > 0 && { left_out: unknown.map(({ name, why }) => ({ name, why })) })
  }
}

/**
 * A result with the tokens that its ids stand for, each once, in the attribute `tokens`; words that are named by an id are
 * labelled by it.
 * @param words their axis, and the variable over it that holds their ids; null where there is none
 * @param variables all that hold ids; a negative one is none
 */
export async function withTokens(
  result: Dataset,
  words: { readonly axis: string; readonly ids: string } | null,
  variables: readonly string[],
  describe: Describe
): Promise<Dataset> {
  const described = await describedTokens(result, variables, describe)
  if (words === null) return described
  const tokens = tokensOfResult(described)
  const own = variable(result, words.ids).data
  const labels = (result.axes[words.axis]?.labels ?? []).map((label, i) => {
    const token = label === `#${own[i]}` ? tokens.get(own[i]!) : undefined
    return token === undefined ? label : tokenLabel(token)
  })
  return { ...described, axes: { ...result.axes, [words.axis]: axis(labels) } }
}
