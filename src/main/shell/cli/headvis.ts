import { strongestWeight } from '#common/analysis/head-sequences/headvis-profile.ts'
import type { HeadVisSequence } from '#common/analysis/head-sequences/headvis-schema.ts'
import { numberText } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { readHeadVis, type HeadVisTree } from '../../headvis/read-tree.ts'
import { userPath } from './input.ts'
import { table } from './table.ts'
import { printedJson } from './printed-json.ts'

export interface HeadVisOptions {
  /** One head, whose sequences are told. */
  readonly head?: { readonly layer: number; readonly head: number }
  readonly json?: boolean
}

/** What a HeadVis tree holds: its heads by their numbers, or the sequences of one. */
export async function headVis(path: string, { head, json }: HeadVisOptions): Promise<string> {
  const tree = await readHeadVis(userPath(path))
  if (head === undefined)
    return json === true ? printedJson({ config: tree.config, heads: tree.rows }) : headsText(tree)
  const found = await tree.head(head.layer, head.head)
  if (json === true) return printedJson(found)
  const { n_intervals: intervals } = tree.config
  return found.sequences
    .toSorted((a, b) => b.interval - a.interval || b.max_activation - a.max_activation)
    .map(sequence => sequenceText(sequence, intervals))
    .join('\n')
}

function headsText({ config, rows }: HeadVisTree): string {
  const { model_name: model, dataset_name: dataset, heads, n_intervals: intervals } = config
  const facts = [
    ['model', model],
    ['texts', dataset],
    ['heads', `${heads.length}, with sequences in ${intervals} intervals of activation`]
  ].map(([fact, value]) => `${fact!.padEnd(16)}${visibleText(value!)}`)
  const headings = ['head', ...config.metrics.map(visibleText)]
  const cells = rows.map(row => [
    `${row.layer}.${row.head}`,
    ...config.metrics.map(metric => numberText(row[metric] ?? NaN))
  ])
  return `${facts.join('\n')}\n\n${table(headings, cells)}`
}

/** Tokens around the query of the largest weight. */
const around = 12

/** A line: interval, activation, where the largest weight goes, and the text there. */
function sequenceText(sequence: HeadVisSequence, intervals: number): string {
  const { interval, max_activation: activation, tokens, sequence_id: id } = sequence
  const strongest = strongestWeight(sequence)
  const heading = `${interval}/${intervals}  ${numberText(activation)}  sequence ${id}`
  if (strongest === null) return heading
  const { query, key } = strongest
  const text = (from: number, to: number) => tokens.slice(Math.max(0, from), to).join('')
  const before = text(query - around, query)
  const words = `${before}⟦${tokens[query]!}⟧${text(query + 1, query + around)}`
  return visibleText(`${heading}  query ${query}, key ${key} “${tokens[key]!}”  ${words}`)
}
