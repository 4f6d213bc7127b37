import { BPE, type Tokenizer as Library, Unigram } from '@huggingface/tokenizers'
import type { Merge, ExplainedPart } from '#common/model/text-explanation.ts'

type Model = NonNullable<Library['model']>

/**
 * How a model splits one word.
 * @throws Error when it is not how the library splits it
 */
export function wordExplanation(
  model: Model,
  word: string
): Pick<ExplainedPart, 'merges' | 'path'> {
  if (model instanceof Unigram) return { merges: null, path: bestPath(model, word) }
  if (!(model instanceof BPE) || (model.ignore_merges && model.tokens_to_ids.has(word)))
    return { merges: null, path: null }
  const { merges, pieces } = mergesOf(model, word)
  const expected = model.bpe(word)
  if (pieces.length !== expected.length || pieces.some((piece, i) => piece !== expected[i]))
    throw new Error(`${JSON.stringify(word)}: merges lead to other pieces than it is split into`)
  return { merges, path: null }
}

/** Pairs are joined one at a time: the one of the lowest rank, of equal ones the first. */
function mergesOf(model: BPE, word: string): { merges: Merge[]; pieces: string[] } {
  const pieces = Array.from(word)
  const starts: number[] = []
  let at = 0
  for (const piece of pieces) {
    starts.push(at)
    at += piece.length
  }
  // What marks the end of a word is no part of its text.
  if (model.end_of_word_suffix && pieces.length > 0)
    pieces[pieces.length - 1] += model.end_of_word_suffix
  const rankAt = (i: number) =>
    i < 0 || i + 1 >= pieces.length
      ? Infinity
      : (model.bpe_ranks.get(JSON.stringify([pieces[i], pieces[i + 1]])) ?? Infinity)
  const ranks = pieces.map((_, i) => rankAt(i))
  const merges: Merge[] = []
  for (;;) {
    let best = 0
    for (let i = 1; i < ranks.length; i++) if (ranks[i]! < ranks[best]!) best = i
    const rank = ranks[best] ?? Infinity
    if (rank === Infinity) break
    const [left, right] = [pieces[best]!, pieces[best + 1]!]
    merges.push({ left, right, rank, at: starts[best]! })
    pieces.splice(best, 2, left + right)
    starts.splice(best + 1, 1)
    ranks.splice(best + 1, 1)
    for (const i of [best - 1, best]) if (i >= 0) ranks[i] = rankAt(i)
  }
  if (model.continuing_subword_suffix)
    for (let i = 0; i + 1 < pieces.length; i++) pieces[i] += model.continuing_subword_suffix
  return { merges, pieces }
}

function bestPath(model: Unigram, word: string): NonNullable<ExplainedPart['path']> {
  return model.tokenize(word).map(piece => {
    const id = model.tokens_to_ids.get(piece)
    const score = id === undefined ? undefined : model.scores[id]
    return { piece, score: score ?? model.unk_score }
  })
}
