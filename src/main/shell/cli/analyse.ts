import type { AnalysisSubject, CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { Progress } from '#common/contract/schemas.ts'
import { type Dataset, shapeOf } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { datasetEnding, saveDataset } from '../../export/dataset.ts'
import { tablePlan, tableRows } from '../../export/dataset-csv.ts'
import { datasetJson } from '../../export/dataset-json.ts'
import { openModel } from './commands.ts'
import { expandedEdits } from './edits.ts'
import { outputFile } from './output-file.ts'
import { mostLetters, shortText } from './short-text.ts'
import { table } from './table.ts'

/** A longer table tells less than a file. */
const mostRows = 200

/** Progress is said this often, in ms. */
const saidEvery = 2000

/** What is analysed. */
export interface Analysed {
  readonly name: string
  readonly folder: string
  readonly other: string | undefined
  readonly inputs: CorpusInput[]
}

export interface AnalyseOptions {
  readonly set?: Readonly<Record<string, unknown>>
  readonly window?: number
  readonly stride?: number
  readonly edit?: Edit[]
  readonly provider: ProviderChoice
  readonly json?: boolean
  readonly out?: string
}

/** Where an answer goes, and what else there is to say. */
export interface Told {
  /** Of Lamella; a result says it. */
  readonly version: string
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
}

/** The analyses there are. */
export async function listAnalyses(
  client: Client,
  { json }: { readonly json?: boolean }
): Promise<string> {
  const analyses = await client.call('analysis.list', {})
  if (json) return JSON.stringify(analyses, null, 2)
  return analyses
    .map(({ name, of, compares, about, params, gives }) => {
      const { properties = {} } = params as { properties?: Record<string, { default?: unknown }> }
      const settings = Object.entries(properties).map(([key, { default: usual }]) =>
        usual === undefined ? key : `${key}=${JSON.stringify(usual)}`
      )
      const facts = [
        ['of', compares ? `${subjects[of]}, by two models or with edits` : subjects[of]],
        ['params', settings.length === 0 ? 'none' : settings.join(' ')],
        ['gives', gives.map(given => `${given.name} [${given.axes.join(', ')}]`).join(', ')]
      ] as const
      const lines = facts.map(([fact, value]) => `  ${fact.padEnd(8)}${value}`)
      return `${name}\n  ${about.what}\n${lines.join('\n')}`
    })
    .join('\n\n')
}

const subjects = {
  weights: 'the weights alone',
  window: 'one text that the model takes at once',
  windows: 'any number of windows'
} as const

/** Runs an analysis and prints or saves what it comes to. */
export async function analyse(
  client: Client,
  { name, folder, other, inputs }: Analysed,
  options: AnalyseOptions,
  { version, print, printError }: Told
): Promise<void> {
  const { set = {}, window = null, stride = null, edit: edits = [], provider, json } = options
  // Before anything is computed for it.
  const read = inputs.flatMap(input => ('path' in input ? [input.path] : []))
  const models = [folder, ...(other === undefined ? [] : [other])]
  const out = options.out === undefined ? null : await outputFile(options.out, models, read)
  if (out !== null) datasetEnding(out.path)
  if (stride !== null && window === null && inputs.every(input => !('path' in input)))
    throw new LamellaError('invalid-argument', '--stride needs --window')
  const corpus = inputs.length === 0 ? null : { inputs, window, stride }
  const subject = async (path: string, edits: Edit[]): Promise<AnalysisSubject> => {
    const model = await openModel(client, path)
    const ref = { path: model.path, fingerprint: model.fingerprint }
    return { model: ref, corpus, edits: expandedEdits(edits, model), provider }
  }
  const params = {
    name,
    params: set as Record<string, string>,
    // What is compared is what is edited; the first is what it was.
    of: await subject(folder, other === undefined ? edits : []),
    with: other === undefined ? null : await subject(other, edits)
  }
  const found = await client
    .call('analysis.run', params, { onProgress: progressTo(printError) })
    .catch((error: unknown) => {
      const { code } = toLamellaError(error)
      if (code !== 'cancelled') throw error
      throw new LamellaError('cancelled', 'Cancelled', 'The same command goes on from there.')
    })
  const result = { ...found, attributes: { ...found.attributes, lamella: version } }
  const { unknown } = found.attributes
  if (typeof unknown === 'string') printError(`warning: ${visibleText(unknown)}\n`)
  for (const line of leftOutLines(found.attributes['left_out'])) printError(`${line}\n`)
  if (out !== null) {
    const left = await saveDataset(out.path, result, out.keep)
    const count = Object.keys(result.variables).length - left.length
    print(`${out.path}: ${count} variables\n`)
    if (left.length > 0)
      printError(
        `left out, for one table does not hold them: ${left.join(', ')} (other endings save all)\n`
      )
  } else if (json) {
    for (const piece of datasetJson(result)) print(piece)
    print('\n')
  } else print(`${readable(result)}\n`)
}

/** Says how far it is: whenever that can be told from what was said before, and not too often. */
function progressTo(printError: (text: string) => void): (progress: Progress) => void {
  let said = ''
  let saidAt = -Infinity
  return ({ label, done, total }) => {
    const share = total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : ''
    const line = `${visibleText(label)}${share}\n`
    const now = performance.now()
    if (line === said || now - saidAt < saidEvery) return
    said = line
    saidAt = now
    printError(line)
  }
}

/** More lines tell less than a result that is saved. */
const mostLeftOut = 10

/** What a corpus left out, a line each. */
function leftOutLines(left: unknown): string[] {
  if (!Array.isArray(left)) return []
  const lines = left.slice(0, mostLeftOut).map(line => `left out: ${visibleText(String(line))}`)
  const more = left.length - lines.length
  return more > 0
    ? [...lines, `left out: ${more} more, which the attribute left_out of the result names`]
    : lines
}

/** A result in short: the table that most of it fits into, and the names of the rest. */
function readable(dataset: Dataset): string {
  const plan = tablePlan(dataset)
  const isSmall = elementCount(shapeOf(dataset, { axes: [...plan.axes] })) <= mostRows
  const facts = Object.entries(dataset.attributes).map(
    ([name, value]) => `${name.padEnd(16)}${attributeText(value)}`
  )
  const shown = isSmall ? plan.variables : []
  const rest = Object.entries(dataset.variables)
    .filter(([name]) => !shown.includes(name))
    .map(([name, variable]) => {
      const shape = shapeOf(dataset, variable)
      const axes = variable.axes.map((axis, i) => `${axis} ${shape[i]}`)
      const value = shape.length === 0 ? String(rounded(variable.data[0]!)) : `[${axes.join(', ')}]`
      return [name, value, variable.unit] as const
    })
  const parts = [facts.join('\n')]
  if (isSmall) {
    const [headings = [], ...rows] = tableRows(dataset, plan)
    parts.push(
      table(
        headings.map(String),
        rows.map(row => row.map(cell => (typeof cell === 'number' ? rounded(cell) : cell)))
      )
    )
  }
  if (rest.length > 0) parts.push(table(['variable', 'axes or value', 'unit'], rest))
  return parts.join('\n\n')
}

/** An attribute in short: of a long list its first parts and how many there are, of a long text its beginning. */
function attributeText(value: Dataset['attributes'][string]): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= mostLetters || !Array.isArray(value)) return shortText(text)
  const parts: string[] = []
  for (const part of value) {
    parts.push(JSON.stringify(part))
    if (parts.join().length > mostLetters) break
  }
  const shown = parts.length > 1 ? parts.slice(0, -1).join() : `${parts[0]!.slice(0, mostLetters)}…`
  return visibleText(`[${shown}, …] (${value.length} in all)`)
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}
