import { filesIn, type CorpusInput } from '#common/analysis/subject.ts'
import { timeline } from '#common/analysis/timeline/timeline.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { Edit } from '#common/model/edit.ts'
import { type LamellaError, toLamellaError } from '#common/model/errors.ts'
import { Json } from '#common/model/json.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import { analysisRun, checkReading, cutOf, subjectOf, type CutOptions } from './analysis-run.ts'
import { userPath } from './input.ts'
import { paramsOf, settingValues, type SettingTexts } from './settings.ts'
import { resultFile, tellResult, type Told } from './tell-result.ts'

export interface TimelineOptions extends CutOptions {
  /** `loss`, or an analysis and one of its variables. */
  readonly of: string
  /** Params of that analysis. */
  readonly set?: SettingTexts
  readonly edit?: Edit[]
  readonly provider: ProviderChoice
  readonly json?: boolean
  readonly out?: string
}

/** Follows a number through the checkpoints of a folder, and prints or saves what it comes to. */
export async function timelineOfFolder(
  client: Client,
  { folder, inputs }: { readonly folder: string; readonly inputs: CorpusInput[] },
  options: TimelineOptions,
  told: Told
): Promise<void> {
  const { version, printError } = told
  const { set = {}, edit = [], provider, json } = options
  const reading = { inputs, ...cutOf(options), provider }
  checkReading(reading)
  const { path, checkpoints } = await client.call('models.checkpoints', { path: userPath(folder) })
  const read = filesIn(inputs)
  const models = [path, ...checkpoints.map(({ path }) => path)]
  const out = await resultFile(options.out, models, read)
  const { of } = await firstOf(checkpoints, path =>
    subjectOf(client, path, reading, edit, printError)
  )
  const known = await paramsOf(client, options.of.split('.')[0]!)
  const params = { of: options.of, params: Json.parse(settingValues(set, known)), folder: path }
  const found = await analysisRun(client, { name: timeline.name, params, of }, printError)
  const result = { ...found, attributes: { ...found.attributes, lamella: version } }
  await tellResult(result, { out, json, inputs }, told)
}

/** The first checkpoint that can be opened: the timeline itself says which cannot. @throws what the first threw */
async function firstOf<O>(
  checkpoints: readonly { readonly path: string }[],
  open: (path: string) => Promise<O>
): Promise<O> {
  let first: LamellaError | null = null
  for (const { path } of checkpoints) {
    try {
      return await open(path)
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code === 'cancelled') throw error
      first ??= error
    }
  }
  throw first!
}
