import type { CorpusInput } from '#common/analysis/subject.ts'
import { type Dataset, shapeOf } from '#common/data/dataset.ts'
import { rowCount, tablePlan, tableRows } from '#common/data/dataset-csv.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { counted } from '#common/text/number-text.ts'
import { withoutIsolates } from '#common/text/token-text.ts'
import { visibleJson, visibleText } from '#common/text/visible-text.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import { datasetEnding, saveDataset } from '../../export/dataset.ts'
import { inputsAttribute } from './inputs-attribute.ts'
import { outputFile, type OutputFile } from './output-file.ts'
import { mostLetters, shortText } from './short-text.ts'
import { table } from './table.ts'

/** A longer table tells less than a file. */
const mostRows = 200

/** Where an answer goes, and what else there is to say. */
export interface Told {
  /** Of Lamella; a result says it. */
  readonly version: string
  /** The command that makes it again, which a file says; left out where the result says it itself. */
  readonly again?: string
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
}

/**
 * The file that a result is to be written to, seen to before anything is computed for it; null where it is printed.
 * @param models folders that it must not take the place of
 * @param read files that it must not take the place of, likewise
 */
export async function resultFile(
  path: string | undefined,
  models: readonly string[],
  read: readonly string[]
): Promise<OutputFile | null> {
  if (path === undefined) return null
  const out = await outputFile(path, models, read)
  datasetEnding(out.path)
  return out
}

/** Writes a result to a file, or prints it: as JSON or in short. */
export async function tellResult(
  result: Dataset,
  {
    out,
    json = false,
    inputs
  }: {
    readonly out: OutputFile | null
    readonly json?: boolean | undefined
    readonly inputs: readonly CorpusInput[]
  },
  { again, print, printError }: Told
): Promise<void> {
  if (out !== null) {
    print(
      `${await writeResult(result, { out, inputs }, { again, warn: line => printError(`${line}\n`) })}\n`
    )
  } else if (json) {
    for (const piece of datasetJson(result)) print(visibleJson(piece))
    print('\n')
  } else print(`${readable(result)}\n`)
}

/**
 * Writes a result to a file.
 * @returns what is told of it
 */
export async function writeResult(
  result: Dataset,
  { out, inputs }: { readonly out: OutputFile; readonly inputs: readonly CorpusInput[] },
  { again, warn }: { readonly again: string | undefined; readonly warn: (line: string) => void }
): Promise<string> {
  const made = again === undefined ? {} : { again }
  const attributes = { ...result.attributes, ...inputsAttribute(inputs), ...made }
  const left = await saveDataset(out.path, { ...result, attributes }, out.keep)
  if (left.length > 0)
    warn(`left out, for one table does not hold them: ${left.join(', ')} (other endings save all)`)
  return `${out.path}: ${counted(Object.keys(result.variables).length - left.length, 'variable')}`
}

/** A result in short: the table that most of it fits into, and the names of the rest. */
function readable(dataset: Dataset): string {
  const plan = tablePlan(dataset)
  const isSmall = rowCount(dataset, plan) <= mostRows
  const facts = Object.entries(dataset.attributes).map(
    ([name, value]) => `${name.padEnd(16)}${attributeText(name, value)}`
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

/** The sentence that says a result is not cut. */
const mostOfSentence = 1_000

/** An attribute in short: of a long list its first parts and how many there are, of a long text its beginning. */
function attributeText(name: string, value: Dataset['attributes'][string]): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (name === 'sentence') return shortText(withoutIsolates(text), mostOfSentence)
  if (text.length <= mostLetters || !Array.isArray(value)) return shortText(text)
  const parts: string[] = []
  for (const part of value) {
    parts.push(JSON.stringify(part))
    if (parts.join().length > mostLetters) break
  }
  const shown =
    parts.length > 1 ? parts.slice(0, -1).join() : `${firstLetters(parts[0]!, mostLetters)}…`
  return visibleText(`[${shown}, …] (${value.length} in all)`)
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}
