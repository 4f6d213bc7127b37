import type { HeadContext } from '../analysis/head-contexts/contexts-of.ts'
import { tokenParts } from './token-text.ts'
import { isIdAlone, type Token } from '../model/token.ts'

/** Tokens of a context that are written as one: those with hardly any weight together, others each by itself. */
export interface ContextPiece {
  readonly text: string
  /** Null where they have hardly any. */
  readonly weight: number | null
  /** Place in the window of the first, and how many there are. */
  readonly at: number
  readonly tokens: number
}

/** A context as it is read: the query, what stands before it and what stands after it. */
export interface ContextLine {
  readonly before: readonly ContextPiece[]
  readonly query: ContextPiece
  readonly after: readonly ContextPiece[]
}

/** @param least what a weight has at least to be seen */
export function contextLine(
  { tokens, weights, query, start }: Pick<HeadContext, 'tokens' | 'weights' | 'query' | 'start'>,
  least: number
): ContextLine {
  const own = query - start
  const pieces = (from: number, to: number) => {
    const all: ContextPiece[] = []
    for (let place = from; place < to; place++) {
      const piece = pieceOf(tokens[place]!, weights[place]!, start + place, least)
      const last = all.at(-1)
      if (last === undefined || last.weight !== null || piece.weight !== null) all.push(piece)
      else all[all.length - 1] = joined(last, piece)
    }
    return all
  }
  return {
    before: pieces(0, own),
    query: { ...pieceOf(tokens[own]!, 1, query, 0), weight: weights[own]! },
    after: pieces(own + 1, tokens.length)
  }
}

function pieceOf(token: Token, weight: number | null, at: number, least: number): ContextPiece {
  const isSeen = weight !== null && weight >= least
  return { text: textOf(token, isSeen), weight: isSeen ? weight : null, at, tokens: 1 }
}

function joined(a: ContextPiece, b: ContextPiece): ContextPiece {
  return { ...a, text: a.text + b.text, tokens: a.tokens + b.tokens }
}

/** Spaces are as in a text, but for one by itself that is pointed at. */
function textOf(token: Token, isSeen: boolean): string {
  // Letters stand as they were written; ids that nothing parts would run together.
  if (isIdAlone(token)) return `${token.text} `
  const parts = tokenParts(token)
  const shown = parts.map(({ text }) => text).join('')
  const plain = parts
    .map(({ text, kind }) => (kind === 'sign' ? text.replaceAll('·', ' ') : text))
    .join('')
  return isSeen && plain.trim() === '' ? shown : plain
}
