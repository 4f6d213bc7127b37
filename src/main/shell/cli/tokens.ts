import type { Client } from '#common/contract/rpc.ts'
import { turnsOfTokens, type ChatTurn, type TokenizedChat } from '#common/model/chat.ts'
import { LamellaError } from '#common/model/errors.ts'
import { longestExplained, type TextExplanation } from '#common/model/text-explanation.ts'
import type { Token } from '#common/model/token.ts'
import { compareSplits, type Split, type SplitComparison } from '#common/text/compare-splits.ts'
import { plainSplit, plainSplits, type PlainSplit } from '#common/text/plain-split.ts'
import { bytesHex, tokenBytes } from '#common/text/token-bytes.ts'
import { openModel, warnOfUnknown } from './commands.ts'
import { readText, userPath } from './input.ts'
import { table } from './table.ts'

export interface TokensOptions {
  readonly json?: boolean
  /** Exactly one of these four. */
  readonly text?: string
  readonly textFile?: string
  readonly decode?: number[]
  readonly chat?: ChatTurn[]
  /** Of a dialogue: the template by its name, and whether an answer is begun. */
  readonly template?: string
  readonly generationPrompt?: boolean
  readonly explain?: boolean
  /** A model's folder, or one of the plain ways to split a text. */
  readonly against?: string
}

/** The tokens of a text: ids, bytes and UTF-16 offsets, how it became them, and how they compare with others. */
export async function tokens(
  client: Client,
  folder: string,
  { decode, chat, template, generationPrompt, explain, against, json, ...given }: TokensOptions,
  warn: (line: string) => void
): Promise<string> {
  const { textFile } = given
  const text = textFile === undefined ? given.text : await readText(userPath(textFile))
  if (explain && text !== undefined && text.length > longestExplained)
    throw new LamellaError(
      'invalid-argument',
      `A text of ${text.length} characters is too long to be explained; ${longestExplained} are the most`,
      'Give a part of it.'
    )
  const model = await openModel(client, folder)
  if (chat !== undefined) {
    const request = {
      turns: chat,
      template: template ?? null,
      generationPrompt: generationPrompt ?? false
    }
    return chatTokens(await client.call('text.chat', { modelId: model.id, request }), chat, json)
  }
  if (text === undefined) {
    const found = await client.call('text.decode', { modelId: model.id, ids: decode ?? [] })
    if (json) return JSON.stringify({ text: found.text, tokens: found.tokens.map(rowOf) }, null, 2)
    return `${found.text}\n\n${tokenTable(found.tokens)}`
  }
  const found = await client.call('text.tokenize', { modelId: model.id, text })
  warnOfUnknown(found, warn)
  const explanation = explain
    ? await client.call('text.explain', { modelId: model.id, text })
    : null
  const other = against === undefined ? null : await splitBy(client, against, text)
  const comparison =
    other === null ? null : compareSplits(text, [{ name: model.name, pieces: found }, other])
  if (json) {
    const rows = found.map(rowOf)
    if (explanation === null && comparison === null) return JSON.stringify(rows, null, 2)
    const parts = {
      tokens: rows,
      ...(explanation !== null && { explanation: explanationRows(explanation) }),
      ...(comparison !== null && { comparison })
    }
    return JSON.stringify(parts, null, 2)
  }
  return [
    tokenTable(found),
    ...(explanation === null ? [] : [explanationText(explanation)]),
    ...(comparison === null ? [] : [comparisonText(comparison)])
  ].join('\n\n')
}

/** A rendered dialogue, and its tokens with the roles that they are of; null of what the template put there. */
function chatTokens(
  { text, tokens, spans, ...from }: TokenizedChat,
  turns: readonly ChatTurn[],
  json: boolean | undefined
): string {
  const of = spans && turnsOfTokens(tokens, spans)
  const rolesAt = (i: number) => {
    const turn = of?.[i] ?? null
    return { turn, role: turn === null ? null : turns[turn]!.role }
  }
  if (json) {
    const rows = tokens.map((token, i) => ({ ...rowOf(token), ...rolesAt(i) }))
    return JSON.stringify({ ...from, text, contents: spans, tokens: rows }, null, 2)
  }
  const rows = tokens.map(({ piece, id }, i) => [piece, id, rolesAt(i).role ?? ''])
  const unknown =
    spans === null
      ? ['The template changes what is said: which tokens are of which turn is not known.']
      : []
  return [text, ...unknown, table(['token', 'id', 'role'], rows)].join('\n\n')
}

/** @param bytes null where they are not known; none of what stands for nothing in the text */
function rowOf(token: Token) {
  const { piece, id, start, end } = token
  const bytes = tokenBytes(token)
  return { token: piece, id, start, end, bytes: bytes === null ? null : [...bytes] }
}

function tokenTable(found: readonly Token[]): string {
  return table(
    ['token', 'id', 'start', 'end', 'bytes'],
    found.map(token => {
      const bytes = tokenBytes(token)
      const { piece, id, start, end } = token
      return [piece, id, start, end, bytes === null ? '' : bytesHex(bytes)]
    })
  )
}

function explanationRows({ parts, before, after, ...rest }: TextExplanation) {
  const rows = parts.map(part => ({ ...part, tokens: part.tokens.map(rowOf) }))
  return { ...rest, before: before.map(rowOf), parts: rows, after: after.map(rowOf) }
}

function explanationText({ kind, normalized, parts, before, after }: TextExplanation): string {
  const around = (list: readonly Token[]) => list.map(({ piece }) => piece).join(' ')
  const facts = [
    ['split by', kind],
    ['normalised', JSON.stringify(normalized)],
    ...(before.length > 0 ? [['before it', around(before)]] : []),
    ...(after.length > 0 ? [['after it', around(after)]] : [])
  ]
  const rows = parts.map(part => [
    part.text,
    part.start,
    part.end,
    part.tokens.map(({ piece }) => piece).join(' '),
    howText(part)
  ])
  return `${facts.map(([name, value]) => `${name!.padEnd(12)}${value}`).join('\n')}\n\n${table(['part', 'start', 'end', 'tokens', 'how'], rows)}`
}

function howText({ added, merges, path }: TextExplanation['parts'][number]): string {
  if (added) return 'an added token'
  if (path !== null) {
    const total = path.reduce((sum, { score }) => sum + score, 0)
    return `best path: ${path.map(({ score }) => score.toPrecision(4)).join(' + ')} = ${total.toPrecision(5)}`
  }
  return (merges ?? []).map(({ left, right }) => `${left}+${right}`).join(', ')
}

function comparisonText({ words, sides, alike, different }: SplitComparison): string {
  const counts = table(
    ['split by', 'tokens', 'tokens per word'],
    sides.map(side => [
      side.name,
      side.tokens,
      words === 0 ? '' : Number(side.tokens_per_word.toPrecision(4))
    ])
  )
  const rows = different.map(({ start, end, pieces: [one = [], other = []] }) => [
    start,
    end,
    one.join(' '),
    other.join(' ')
  ])
  const names = sides.map(({ name }) => name)
  const rest = different.length === 0 ? '' : `\n\n${table(['start', 'end', ...names], rows)}`
  return `${counts}\n\nsplit alike in ${alike} places, otherwise in ${different.length}${rest}`
}

async function splitBy(client: Client, against: string, text: string): Promise<Split> {
  if ((plainSplits as readonly string[]).includes(against))
    return { name: against, pieces: plainSplit(text, against as PlainSplit) }
  const { id: modelId, name } = await openModel(client, against)
  return { name, pieces: await client.call('text.tokenize', { modelId, text }) }
}
