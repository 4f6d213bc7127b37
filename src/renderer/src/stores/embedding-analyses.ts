import type { TokenName } from '#common/analysis/embeddings/words.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Asked } from './results.ts'
import { ofWeights } from './weight-analyses.ts'

/** The embedding whose rows are looked at: that by which tokens are read, or that by which they are predicted. */
export type EmbeddingSide = 'input' | 'output'

/** The tokens whose rows of an embedding are nearest to that of one: see `neighbours`. */
export function nearestTokensOf(
  model: ModelInfo,
  word: TokenName,
  { of, among = of, top }: { of: EmbeddingSide; among?: EmbeddingSide; top: number }
): Asked<Dataset> {
  const params = { tokens: word, of, top, ...(among !== of && { among }) }
  return ofWeights(model, 'neighbours', params, `Looking for the neighbours of ${named(word)}`)
}

/** The dimensions that a word stands out in, or the tokens that stand out in a dimension: see `dimensions`. */
export function standingOutOf(
  model: ModelInfo,
  asked: { readonly tokens: TokenName } | { readonly dimensions: number },
  { of, top }: { of: EmbeddingSide; top: number }
): Asked<Dataset> {
  const what = 'tokens' in asked ? named(asked.tokens) : `dimension ${asked.dimensions}`
  return ofWeights(model, 'dimensions', { ...asked, of, top }, `Looking at ${what}`)
}

/** How alike some words are, each with each: see `similarity`. */
export function similarityOf(
  model: ModelInfo,
  words: readonly TokenName[],
  { of, centred }: { of: EmbeddingSide; centred: boolean }
): Asked<Dataset> {
  const params = { tokens: [...words], of, centred }
  return ofWeights(model, 'similarity', params, `Comparing ${words.length} words`)
}

/** What is to c as a is to b: see `analogy`. */
export function analogyOf(
  model: ModelInfo,
  words: readonly [a: TokenName, b: TokenName, c: TokenName],
  { of, top }: { of: EmbeddingSide; top: number }
): Asked<Dataset> {
  const [a, b, c] = words
  const label = `Looking for ${named(a)} − ${named(b)} + ${named(c)}`
  return ofWeights(model, 'analogy', { analogies: [a, b, c], of, top }, label)
}

function named(word: TokenName): string {
  return typeof word === 'number' ? `token ${word}` : `“${word}”`
}
