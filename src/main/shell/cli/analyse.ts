import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { AnalysisInfo } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { analysisRun, checkReading, cutOf, subjectOf, type CutOptions } from './analysis-run.ts'
import { paramsOf, settingValues, type SettingTexts } from './settings.ts'
import { resultFile, tellResult, type Told } from './tell-result.ts'

/** What is analysed. */
export interface Analysed {
  readonly name: string
  readonly folder: string
  readonly other: string | undefined
  readonly inputs: CorpusInput[]
}

export interface AnalyseOptions extends CutOptions {
  readonly set?: SettingTexts
  readonly edit?: Edit[]
  readonly provider: ProviderChoice
  readonly json?: boolean
  readonly out?: string
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
  { name, folder, other, inputs }: Analysed,
  options: AnalyseOptions,
  told: Told
): Promise<void> {
  const { version, printError } = told
  const { set = {}, edit: edits = [], provider, json } = options
  // Before anything is computed for it.
  const read = inputs.flatMap(input => ('path' in input ? [input.path] : []))
  const models = [folder, ...(other === undefined ? [] : [other])]
  const out = await resultFile(options.out, models, read)
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
  const found = await analysisRun(client, params, printError)
  const result = { ...found, attributes: { ...found.attributes, lamella: version } }
  await tellResult(result, { out, json, inputs }, told)
}
