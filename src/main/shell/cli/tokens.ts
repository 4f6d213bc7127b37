import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import {
  comparedDataset,
  decodedDataset,
  dialogueDataset,
  partsDataset,
  tokensDataset
} from '#common/figure/views/token-numbers.ts'
import { countedSplit, plainCounts, type CountedSplit } from '#common/figure/views/tokens-view.ts'
import { turnsOfTokens, type ChatTurn, type TokenizedChat } from '#common/model/chat.ts'
import { LamellaError } from '#common/model/errors.ts'
import { longestExplained, type TextExplanation } from '#common/model/text-explanation.ts'
import type { Token } from '#common/model/token.ts'
import { compareSplits, type SplitComparison } from '#common/text/compare-splits.ts'
import { plainSplits } from '#common/text/plain-split.ts'
import { bytesHex, tokenBytes } from '#common/text/token-bytes.ts'
import { openModel, warnOfUnknown } from './commands.ts'
import { readText, userPath } from './input.ts'
import type { RunMade } from './save-run.ts'
import { table } from './table.ts'
import { resultFile, writeResult } from './tell-result.ts'
import { printedJson } from './printed-json.ts'

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
  /** Folders of models that it is counted by, too. */
  readonly with?: readonly string[]
  /** A file for the numbers. */
  readonly out?: string
}

/** The tokens of a text: ids, bytes and UTF-16 offsets, how it became them, and how they compare with others. */
export async function tokens(
  client: Client,
  folder: string,
  options: TokensOptions,
  warn: (line: string) => void,
  { version, again }: RunMade
): Promise<string> {
  const { textFile, with: others = [], against } = options
  const isOther = against !== undefined && !isPlain(against)
  const models = [folder, ...others, ...(isOther ? [against] : [])]
  const read = textFile === undefined ? [] : [userPath(textFile)]
  // Before anything is computed for it.
  const out = await resultFile(options.out, models, read)
  const text = textFile === undefined ? options.text : await readText(userPath(textFile))
  const model = await openModel(client, folder)
  const told =
    text === undefined
      ? await ofNoText(client, model, options)
      : await ofText(client, model, text, options, warn)
  if (out === null) return told.text()
  const { attributes, ...numbers } = told.numbers()
  const result = { ...numbers, attributes: { ...attributes, lamella: version } }
  const inputs = text === undefined ? [] : [{ text }]
  return writeResult(result, { out, inputs }, { again, warn })
}

/** What is asked of a tokenizer, as it is printed and as a file has it. */
interface ToldTokens {
  readonly text: () => string
  readonly numbers: () => Dataset
}

/** A dialogue, or ids. */
async function ofNoText(
  client: Client,
  { id: modelId }: ModelInfo,
  { decode, chat, template, generationPrompt, json }: TokensOptions
): Promise<ToldTokens> {
  if (chat !== undefined) {
    const request = {
      turns: chat,
      template: template ?? null,
      generationPrompt: generationPrompt ?? false
    }
    const rendered = await client.call('text.chat', { modelId, request })
    return {
      text: () => chatTokens(rendered, chat, json),
      numbers: () => dialogueDataset(rendered, chat)
    }
  }
  const found = await client.call('text.decode', { modelId, ids: decode ?? [] })
  const rows = () => ({ text: found.text, tokens: found.tokens.map(rowOf) })
  return {
    text: () => (json ? printedJson(rows()) : `${found.text}\n\n${tokenTable(found.tokens)}`),
    numbers: () => decodedDataset(found)
  }
}

async function ofText(
  client: Client,
  model: ModelInfo,
  text: string,
  { explain, against, with: others = [], json }: TokensOptions,
  warn: (line: string) => void
): Promise<ToldTokens> {
  if (explain && text.length > longestExplained)
    throw new LamellaError(
      'invalid-argument',
      `A text of ${text.length} characters is too long to be explained; ${longestExplained} are the most`,
      'Give a part of it.'
    )
  const found = await client.call('text.tokenize', { modelId: model.id, text })
  warnOfUnknown(found, warn)
  const explanation = explain
    ? await client.call('text.explain', { modelId: model.id, text })
    : null
  const own = countedSplit(text, model.name, found)
  const compared =
    against === undefined ? null : await comparedWith(client, text, own, { against, others })
  return {
    text: () => {
      const comparison = compared?.comparison ?? null
      if (json) {
        const rows = found.map(rowOf)
        if (explanation === null && comparison === null) return printedJson(rows)
        const parts = {
          tokens: rows,
          ...(explanation !== null && { explanation: explanationRows(explanation) }),
          ...(comparison !== null && { comparison }),
          ...(compared !== null && others.length > 0 && { counts: countRows(compared) })
        }
        return printedJson(parts)
      }
      return [
        tokenTable(found),
        ...(explanation === null ? [] : [explanationText(explanation)]),
        ...(compared === null ? [] : [comparisonText(compared)])
      ].join('\n\n')
    },
    numbers: () => {
      if (compared !== null) return comparedDataset(compared.splits, compared.comparison)
      return explanation === null ? tokensDataset(found) : partsDataset(explanation)
    }
  }
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
    return printedJson({ ...from, text, contents: spans, tokens: rows })
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

function comparisonText({ told, comparison }: Compared): string {
  const { alike, different } = comparison
  const counts = table(
    ['split by', 'tokens', 'tokens per word'],
    told.map(({ name, pieces, perWord }) => [
      name,
      pieces.length,
      Number.isNaN(perWord) ? '' : Number(perWord.toPrecision(4))
    ])
  )
  const rows = different.map(({ start, end, pieces: [one = [], other = []] }) => [
    start,
    end,
    one.join(' '),
    other.join(' ')
  ])
  const names = comparison.sides.map(({ name }) => name)
  const rest = different.length === 0 ? '' : `\n\n${table(['start', 'end', ...names], rows)}`
  return `${counts}\n\nsplit alike in ${alike} places, otherwise in ${different.length}${rest}`
}

function countRows({ told }: Compared) {
  return told.map(({ name, pieces, perWord }) => ({
    ...{ name, tokens: pieces.length, tokens_per_word: perWord }
  }))
}

/** A text split by a model and by others. */
interface Compared {
  /** The model's own first, last those that need no vocabulary. */
  readonly splits: readonly CountedSplit[]
  /** Those that were asked for. */
  readonly told: readonly CountedSplit[]
  /** Of its own and one other. */
  readonly comparison: SplitComparison
}

async function comparedWith(
  client: Client,
  text: string,
  own: CountedSplit,
  { against, others }: { readonly against: string; readonly others: readonly string[] }
): Promise<Compared> {
  const plain = plainCounts(text)
  const folders = [...new Set([...others, ...(isPlain(against) ? [] : [against])])]
  const read = await Promise.all(
    folders.map(async folder => {
      const { id: modelId, name } = await openModel(client, folder)
      const pieces = await client.call('text.tokenize', { modelId, text })
      return countedSplit(text, name, pieces)
    })
  )
  const other = plain.find(({ by }) => by === against) ?? read[folders.indexOf(against)]!
  return {
    splits: [own, ...read, ...plain],
    told: [own, ...read, ...(isPlain(against) ? [other] : [])],
    comparison: compareSplits(text, [own, other])
  }
}

function isPlain(against: string): boolean {
  return (plainSplits as readonly string[]).includes(against)
}
