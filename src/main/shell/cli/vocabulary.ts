import type { Client } from '#common/contract/rpc.ts'
import { vocabularyDataset } from '#common/figure/views/vocabulary-view.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { VocabularyKind, vocabularyOrders } from '#common/model/vocabulary.ts'
import { openModel } from './commands.ts'
import type { RunMade } from './save-run.ts'
import { table } from './table.ts'
import { resultFile, writeResult } from './tell-result.ts'
import { printedJson } from './printed-json.ts'

export interface VocabularyOptions {
  readonly json?: boolean
  /** One of these two at most. */
  readonly search?: string
  readonly pattern?: string
  readonly kind?: VocabularyKind
  readonly script?: string
  readonly length?: string
  readonly order: (typeof vocabularyOrders)[number]
  readonly descending?: boolean
  readonly limit: number
  /** A file for all that was found, and for the counts. */
  readonly out?: string
}

/** The tokens of a vocabulary that are looked for, and what there is in all. */
export async function vocabulary(
  client: Client,
  folder: string,
  {
    json,
    search,
    pattern,
    kind,
    script,
    length,
    order,
    descending,
    limit,
    out: path
  }: VocabularyOptions,
  warn: (line: string) => void,
  { version, again }: RunMade
): Promise<string> {
  const out = await resultFile(path, [folder], [])
  const { id: modelId } = await openModel(client, folder)
  const found = await client.call('text.vocabulary', {
    modelId,
    query: {
      ...{ search: pattern ?? search ?? '', pattern: pattern !== undefined, order },
      ...{ kind: kind ?? null, script: script ?? null, descending: descending ?? false },
      ...lengthsOf(length)
    }
  })
  if (out !== null) {
    const { attributes, ...numbers } = vocabularyDataset(found)
    const result = { ...numbers, attributes: { ...attributes, lamella: version } }
    return writeResult(result, { out, inputs: [] }, { again, warn })
  }
  const { ids, ...all } = found
  const { tokens } = await client.call('text.decode', {
    modelId,
    ids: [...ids.subarray(0, limit)]
  })
  const rows = tokens.map(({ id, piece, text, special }) => ({ id, piece, text, special }))
  if (json) return printedJson({ found: ids.length, ...all, listed: rows })
  const counts = (list: typeof all.kinds) =>
    list.map(({ name, count }) => `${name} ${count}`).join(', ')
  return [
    `${all.tokens} tokens, ${all.rows ?? 'unknown'} rows of the embedding`,
    `kinds: ${counts(all.kinds)}`,
    `scripts: ${counts(all.scripts)}`,
    `found: ${ids.length}${ids.length > limit ? `, of which the first ${limit}` : ''}`,
    '',
    table(
      ['id', 'token', 'text'],
      rows.map(({ id, piece, text }) => [id, piece, JSON.stringify(text)])
    )
  ].join('\n')
}

/** @param text such as `3`, `2-4` or `8-` */
function lengthsOf(text: string | undefined): { least?: number; most?: number } {
  if (text === undefined) return {}
  const [, least, dash, most] = /^(\d+)(-)?(\d+)?$/.exec(text) ?? []
  if (least === undefined)
    throw new LamellaError(
      'invalid-argument',
      `--length ${text}: no length`,
      'Give it as 3, 2-4 or 8-.'
    )
  if (most !== undefined) return { least: Number(least), most: Number(most) }
  return dash === undefined
    ? { least: Number(least), most: Number(least) }
    : { least: Number(least) }
}
