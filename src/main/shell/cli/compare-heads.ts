import { headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { usualWindow } from '#common/analysis/head-atlas/windows.ts'
import { sideNames, type ComparedModel } from '#common/analysis/head-comparison/compared-model.ts'
import { comparisonDataset } from '#common/analysis/head-comparison/comparison-dataset.ts'
import { comparisonWords, partLines } from '#common/analysis/head-comparison/comparison-words.ts'
import { headComparison } from '#common/analysis/head-comparison/head-comparison.ts'
import { filesIn, type CorpusInput, type Cut } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import type { Edit } from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { visibleJson, visibleText } from '#common/text/visible-text.ts'
import { datasetEnding, saveDataset } from '../../export/dataset.ts'
import { analysisRun, checkReading, subjectOf } from './analysis-run.ts'
import type { Told } from './tell-result.ts'
import type { HeadsOptions } from './heads-options.ts'
import { outputFile } from './output-file.ts'
import { cutOfOther } from './second-side.ts'

/** A model folder, and what it reads. */
export interface ModelOnTexts {
  readonly folder: string
  readonly inputs: CorpusInput[]
}

/** What the heads of two models do, each on texts of its own, side by side: in words and numbers. */
export async function compareHeads(
  client: Client,
  a: ModelOnTexts,
  b: ModelOnTexts,
  options: HeadsOptions,
  { version, again, print, printError }: Told
): Promise<void> {
  if (options.ablation === true || options.contexts !== undefined)
    throw new LamellaError(
      'invalid-argument',
      '--with: compares scores, without --ablation and --contexts'
    )
  // Before anything is computed for it.
  const out =
    options.out === undefined
      ? null
      : await outputFile(options.out, [a.folder, b.folder], filesIn([...a.inputs, ...b.inputs]))
  if (out !== null) datasetEnding(out.path)
  // What is compared is what is edited; the first is what it was.
  const { window = null, stride = null } = options
  const cut = { window, stride }
  const first = await scored(client, { ...a, cut }, [], options, printError)
  const reading = { ...b, cut: cutOfOther(cut, options) }
  const second = await scored(client, reading, options.edit ?? [], options, printError)
  const [one, other] = sideNames(first.info.name, second.info.name)
  const comparison = headComparison({ ...first.side, name: one }, { ...second.side, name: other })
  for (const note of comparison.notes) printError(`${visibleText(note)}\n`)
  const whole = comparisonDataset(comparison)
  const result: Dataset = { ...whole, attributes: { ...whole.attributes, lamella: version } }
  if (out !== null) {
    const made = again === undefined ? {} : { again }
    const attributes = { ...result.attributes, ...made }
    const left = await saveDataset(out.path, { ...result, attributes }, out.keep)
    print(`${out.path}: ${Object.keys(result.variables).length - left.length} variables\n`)
    if (left.length > 0)
      printError(`left out, for one table does not hold them: ${left.join(', ')}\n`)
  } else if (options.json) {
    for (const piece of datasetJson(result)) print(visibleJson(piece))
    print('\n')
  } else {
    const parts = comparisonWords(comparison).map(part => partLines(part).map(visibleText))
    print(`${parts.map(lines => lines.join('\n')).join('\n\n')}\n`)
  }
}

/** What the heads of a model do on its texts. */
async function scored(
  client: Client,
  { folder, inputs, cut }: ModelOnTexts & { readonly cut: Cut },
  edits: readonly Edit[],
  { provider, seed, class: classes = {} }: HeadsOptions,
  printError: (text: string) => void
): Promise<{ readonly info: ModelInfo; readonly side: Omit<ComparedModel, 'name'> }> {
  const reading = { inputs, window: null, stride: null, provider }
  const { model: info, of } = await subjectOf(client, folder, reading, edits, printError)
  const { config, fingerprint, visibility } = info
  if (config === null)
    throw new LamellaError(
      'invalid-argument',
      `${info.name}: cannot run${info.notRunnable === null ? '' : `: ${info.notRunnable}`}`
    )
  const { stride } = cut
  const window = cut.window ?? usualWindow(config.nCtx)
  checkReading({ ...reading, window, stride })
  const result = await analysisRun(
    client,
    {
      name: 'head-statistics',
      params: { classes: { ...classes }, seed },
      of: { ...of, corpus: { inputs, window, stride } }
    },
    printError
  )
  return {
    info,
    side: {
      model: { fingerprint, config, visibility },
      edited: edits.length > 0,
      texts: JSON.stringify(inputs),
      ...{ window, stride, result },
      atlas: headAtlas(result, null)
    }
  }
}
