import { filesIn, type CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { AnalysisInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { secondOf } from '#common/figure/made/made-figure.ts'
import { madeNumbersBeside } from '#common/figure/made/made-numbers.ts'
import { LamellaError } from '#common/model/errors.ts'
import { analysisRun, checkReading, cutOf, subjectOf } from './analysis-run.ts'
import { commandMaker } from './command-maker.ts'
import { modelToRun } from './commands.ts'
import { isCutOtherwise, readByOther, readsOf, type SidesOptions } from './second-side.ts'
import { paramsOf, settingValues } from './settings.ts'
import { resultFile, tellResult, type Told } from './tell-result.ts'
import { printedJson } from './printed-json.ts'

/** What is analysed. */
export interface Analysed {
  readonly name: string
  readonly folder: string
  /** The model that it is compared with. */
  readonly other: string | undefined
  readonly inputs: CorpusInput[]
  /** What the second of two sides reads; nothing for the same. */
  readonly others: CorpusInput[]
}

export interface AnalyseOptions extends SidesOptions {
  readonly json?: boolean
  readonly out?: string
}

/** The analyses there are. */
export async function listAnalyses(
  client: Client,
  { json }: { readonly json?: boolean }
): Promise<string> {
  const analyses = await client.call('analysis.list', {})
  if (json) return printedJson(analyses)
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

const subjects: Record<AnalysisInfo['of'], string> = {
  weights: 'the weights alone',
  window: 'one text that the model takes at once',
  windows: 'any number of windows',
  checkpoints: 'the checkpoints of a folder, by the command timeline'
}

/** What is compared. */
const pairs: Partial<Record<AnalysisInfo['of'], string>> = {
  weights: 'of two models',
  window: 'by two models or with edits',
  windows: 'by two models or with edits'
}

/** Runs an analysis and prints or saves what it comes to. */
export async function analyse(
  client: Client,
  analysed: Analysed,
  options: AnalyseOptions,
  told: Told
): Promise<void> {
  const { folder, other, inputs, others } = analysed
  checkSides(analysed, options)
  // Before anything is computed for it.
  const read = filesIn([...inputs, ...others])
  const models = [folder, ...(other === undefined ? [] : [other]), ...(options.with ?? [])]
  const out = await resultFile(options.out, models, read)
  const make = options.sides === undefined ? numbersOfOne : numbersOfTwo
  const found = await make(client, analysed, options, told)
  const result = { ...found, attributes: { ...found.attributes, lamella: told.version } }
  await tellResult(result, { out, json: options.json, inputs: [...inputs, ...others] }, told)
}

/** What it comes to of one model, or of two that it compares. */
async function numbersOfOne(
  client: Client,
  { name, folder, other, inputs }: Analysed,
  options: AnalyseOptions,
  { printError }: Told
): Promise<Dataset> {
  const { set = {}, edit: edits = [], provider } = options
  const reading = { inputs, ...cutOf(options), provider }
  checkReading(reading)
  const params = {
    name,
    params: settingValues(set, await paramsOf(client, name)) as Record<string, string>,
    // What is compared is what is edited; the first is what it was.
    of: (await subjectOf(client, folder, reading, other === undefined ? edits : [], printError)).of,
    with:
      other === undefined ? null : (await subjectOf(client, other, reading, edits, printError)).of
  }
  return analysisRun(client, params, printError)
}

/** What it comes to of each of two. */
async function numbersOfTwo(
  client: Client,
  { name, folder, inputs, others }: Analysed,
  options: AnalyseOptions,
  told: Told
): Promise<Dataset> {
  const { set = {}, withSet = {}, edit: edits = [], provider } = options
  const { withEdit, withProvider } = options
  const reads = readsOf(inputs, options)
  const readsSecond = readByOther(reads, others, options)
  for (const own of [reads, readsSecond]) checkReading(own)
  const known = await paramsOf(client, name)
  const open = (folder: string) => modelToRun(client, folder, line => told.printError(`${line}\n`))
  const params = settingValues(set, known)
  const own = { analysis: name, params, model: await open(folder), reads, edits, provider }
  const [second] = options.with ?? []
  const other = secondOf(own, {
    ...{ reads: readsSecond, params: settingValues({ ...set, ...withSet }, known) },
    ...{ edits: withEdit, provider: withProvider },
    model: second === undefined ? undefined : await open(second)
  })
  return madeNumbersBeside(commandMaker(client, told), own, other)
}

/** @throws LamellaError `invalid-argument` where what is said of two is not of what is asked */
function checkSides({ name, other, others }: Analysed, options: AnalyseOptions): void {
  const { sides, with: folders = [], corpus, withSet, withEdit, withProvider } = options
  const refuse = (why: string): never => {
    throw new LamellaError('invalid-argument', `${name} ${why}`)
  }
  if (folders.length > 1) refuse('is of two models at most: give --with once')
  if (sides !== undefined && other !== undefined)
    refuse(
      `is asked of each side by itself: give the folder of the second by --with, or leave out --sides for what compares ${other} with the first`
    )
  const isOfTwo =
    [corpus, withSet, withEdit, withProvider].some(said => said !== undefined) ||
    folders.length + others.length > 0 ||
    isCutOtherwise(options)
  if (sides === undefined && isOfTwo)
    refuse(
      'is asked of one: say --sides beside for two, or leave out --corpus and what begins with --with; a model that an analysis compares with the first is given after it'
    )
}
