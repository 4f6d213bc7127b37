import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { type Dataset, shapeOf } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { datasetEnding, saveDataset } from '../../export/dataset.ts'
import { tablePlan, tableRows } from '#common/data/dataset-csv.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { analysisRun, checkReading, subjectOf } from './analysis-run.ts'
import { inputsAttribute } from './inputs-attribute.ts'
import { outputFile } from './output-file.ts'
import { mostLetters, shortText } from './short-text.ts'
import { table } from './table.ts'

/** A longer table tells less than a file. */
const mostRows = 200

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
        ['of', compares ? `${subjects[of]}, ${pairs[of]}` : subjects[of]],
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

/** What is compared. */
const pairs = {
  weights: 'of two models',
  window: 'by two models or with edits',
  windows: 'by two models or with edits'
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
  const reading = { inputs, window, stride, provider }
  checkReading(reading)
  const params = {
    name,
    params: set as Record<string, string>,
    // What is compared is what is edited; the first is what it was.
    of: (await subjectOf(client, folder, reading, other === undefined ? edits : [], printError)).of,
    with:
      other === undefined ? null : (await subjectOf(client, other, reading, edits, printError)).of
  }
  const found = await analysisRun(client, params, printError)
  const result = { ...found, attributes: { ...found.attributes, lamella: version } }
  if (out !== null) {
    const attributes = { ...result.attributes, ...inputsAttribute(inputs) }
    const left = await saveDataset(out.path, { ...result, attributes }, out.keep)
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
