import { axis, dataset, type Dataset, type Variable } from '../../data/dataset.ts'
import { rolesOfTokens, type ChatTurn, type TokenizedChat } from '../../model/chat.ts'
import type { TextExplanation } from '../../model/text-explanation.ts'
import type { Token } from '../../model/token.ts'
import type { SplitComparison } from '../../text/compare-splits.ts'
import { bytesHex, tokenBytes } from '../../text/token-bytes.ts'
import { tokenText } from '../../text/token-text.ts'
import { countsDataset, type CountedSplit } from './tokens-view.ts'

const over = (name: string, data: Variable['data'], about: string): Variable => ({
  ...{ axes: [name], data, unit: '', about }
})
const places = 'UTF-16 offset into the text'

/** @returns [token] */
export function tokensDataset(tokens: readonly Token[]): Dataset {
  const numbers = (of: (token: Token) => number) => Int32Array.from(tokens, of)
  return dataset(
    { token: axis(tokens.map(tokenText)) },
    {
      id: over(
        'token',
        numbers(({ id }) => id),
        'id'
      ),
      start: over(
        'token',
        numbers(({ start }) => start),
        places
      ),
      end: over(
        'token',
        numbers(({ end }) => end),
        `${places}, exclusive`
      ),
      bytes: over(
        'token',
        numbers(token => tokenBytes(token)?.length ?? -1),
        'how many bytes it stands for; −1 where that is not known'
      )
    },
    {
      pieces: tokens.map(({ piece }) => piece),
      bytes: tokens.map(token => {
        const bytes = tokenBytes(token)
        return bytes === null ? null : bytesHex(bytes)
      })
    }
  )
}

/** @returns [token] of ids, and the text that they stand for together */
export function decodedDataset({
  text,
  tokens
}: {
  readonly text: string
  readonly tokens: readonly Token[]
}): Dataset {
  const { attributes, ...own } = tokensDataset(tokens)
  return { ...own, attributes: { ...attributes, text } }
}

/** @returns [token], and who says each where that is known */
export function dialogueDataset(
  { tokens, text, spans, template, source }: TokenizedChat,
  turns: readonly ChatTurn[]
): Dataset {
  const { attributes, ...own } = tokensDataset(tokens)
  const said = turns.map(({ role, content }) => ({ role, content }))
  const roles = spans && rolesOfTokens(tokens, spans, turns)
  const about = { text, template, source, turns: said, roles }
  return { ...own, attributes: { ...attributes, ...about } }
}

/** @returns [part], and what each became in `parts` */
export function partsDataset({ kind, normalized, parts }: TextExplanation): Dataset {
  const numbers = (of: (part: TextExplanation['parts'][number]) => number) =>
    Int32Array.from(parts, of)
  return dataset(
    { part: axis(parts.map(({ text }) => text)) },
    {
      start: over(
        'part',
        numbers(({ start }) => start),
        places
      ),
      end: over(
        'part',
        numbers(({ end }) => end),
        `${places}, exclusive`
      ),
      tokens: over(
        'part',
        numbers(({ tokens }) => tokens.length),
        'how many tokens it became'
      ),
      merges: over(
        'part',
        numbers(({ merges }) => merges?.length ?? -1),
        'how many merges; −1 of none'
      )
    },
    {
      kind,
      normalized,
      parts: parts.map(({ text, tokens, merges, path }) => ({
        ...{ text, tokens: tokens.map(({ piece }) => piece) },
        ...(merges && { merges: merges.map(({ left, right, rank }) => ({ left, right, rank })) }),
        ...(path && { path: path.map(({ piece, score }) => ({ piece, score })) })
      }))
    }
  )
}

/** @returns [way] of the counts, and [different] where two of them differ */
export function comparedDataset(
  splits: readonly CountedSplit[],
  { different, sides }: SplitComparison
): Dataset {
  const { axes, variables } = countsDataset(splits)
  return dataset(
    { ...axes, different: axis(different.map(({ text }) => text)) },
    {
      ...variables,
      start: over(
        'different',
        Int32Array.from(different, ({ start }) => start),
        places
      ),
      end: over(
        'different',
        Int32Array.from(different, ({ end }) => end),
        `${places}, exclusive`
      )
    },
    {
      compared: sides.map(({ name }) => name),
      pieces: different.map(({ pieces }) => pieces.map(side => [...side]))
    }
  )
}
