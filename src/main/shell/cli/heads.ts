import { basename } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { classChanges, lossChange } from '#common/analysis/head-atlas/class-changes.ts'
import type { Finding } from '#common/analysis/head-atlas/findings.ts'
import { atlasDataset, headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { headReport } from '#common/analysis/head-atlas/head-report.ts'
import { headReportHtml } from '#common/analysis/head-atlas/head-report-html.ts'
import { usualWindow } from '#common/analysis/head-atlas/windows.ts'
import { filesIn, type CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { csvFile, tablePlan } from '#common/data/dataset-csv.ts'
import { LamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { writeWholeFile } from '../../export/whole-file.ts'
import { analysisRun, checkReading, subjectOf } from './analysis-run.ts'
import type { Told } from './tell-result.ts'
import { compareHeads } from './compare-heads.ts'
import { contextsFolder, writeContexts } from './contexts.ts'
import type { HeadsOptions } from './heads-options.ts'
import { inputsAttribute } from './inputs-attribute.ts'
import { outputFile } from './output-file.ts'
import { isCutOtherwise } from './second-side.ts'
import { printedJson } from './printed-json.ts'

/** A model folder and what it reads. */
interface HeadsOf {
  readonly folder: string
  readonly inputs: CorpusInput[]
  /** What the model that it is compared with reads; nothing for the same. */
  readonly others: CorpusInput[]
}

/** A report, and a table of all scores. */
const endings = ['.html', '.csv']

/** What each head does on some texts, how sure that is, and what holds on text that it was not found on. */
export async function heads(
  client: Client,
  { folder, inputs, others }: HeadsOf,
  options: HeadsOptions,
  told: Told
): Promise<void> {
  const { version, again, print, printError } = told
  const { stride = null, edit = [], provider, seed, json } = options
  if (inputs.length === 0)
    throw new LamellaError('invalid-argument', 'heads: a text is needed, a text file or token ids')
  if (options.with !== undefined)
    return compareHeads(
      client,
      { folder, inputs },
      { folder: options.with, inputs: others.length > 0 ? others : inputs },
      options,
      told
    )
  if (others.length > 0 || isCutOtherwise(options))
    throw new LamellaError(
      'invalid-argument',
      'heads: texts to compare with need --with FOLDER, and so does how they are cut'
    )
  // Before anything is computed for it.
  const read = filesIn(inputs)
  const out = options.out === undefined ? null : await outputFile(options.out, [folder], read)
  if (out !== null && ending(out.path) === undefined)
    throw new LamellaError(
      'invalid-argument',
      `${out.path}: a report ends in .html, a table in .csv`
    )
  const tree =
    options.contexts === undefined ? null : await contextsFolder(options.contexts, folder, read)
  const opened = await subjectOf(
    client,
    folder,
    { inputs, window: null, stride: null, provider },
    edit,
    printError
  )
  const { model } = opened
  if (options.ablation === true && model.predicts !== 'next')
    throw new LamellaError(
      'invalid-argument',
      `${model.name}: does not predict the next token, so --ablation has no loss of a text as it is`,
      'analyse ablation takes the positions that are masked.'
    )
  const window = options.window ?? usualWindow(model.config?.nCtx)
  checkReading({ inputs, window, stride })
  const of = { ...opened.of, corpus: { inputs, window, stride } }
  const params = { classes: { ...options.class }, seed }
  const result = await analysisRun(client, { name: 'head-statistics', params, of }, printError)
  const repeats = await analysisRun(
    client,
    { name: 'random-repeat', params: { seed }, of: { ...of, corpus: null } },
    printError
  )
  const layers = [...new Set(variable(result, 'finding.layer').data)]
  const ablation =
    options.ablation === true && layers.length > 0
      ? await analysisRun(client, { name: 'ablation', params: { layers }, of }, printError)
      : null
  const report = headReport(
    {
      ...{ version, model, folder, inputs, window, stride, provider },
      ...{ seed, edits: of.edits, classes: options.class ?? {} }
    },
    { statistics: result, repeats, ablation }
  )
  const { settings, heads: reported, findings, notes } = report
  for (const note of notes) printError(`${note}\n`)
  if (out !== null) {
    const write =
      ending(out.path) === '.html'
        ? [headReportHtml(report)]
        : table(result, repeats, {
            ...inputsAttribute(inputs),
            lamella: version,
            ...(again !== undefined && { again })
          })
    await writeWholeFile(
      out.path,
      async file => {
        for (const part of write) await file.append(new TextEncoder().encode(part))
      },
      out.keep
    )
    print(
      `${out.path}: ${counted(findings.length, 'finding')}, ${counted(reported.length, 'head')}\n`
    )
  } else if (json) print(`${printedJson({ settings, heads: reported, findings, notes })}\n`)
  else print(`${readable(findings)}\n`)
  if (tree === null) return
  const texts = read.length === 0 ? 'texts' : read.map(path => basename(path)).join(', ')
  const asked = { path: tree, of, seed, texts }
  const files = await writeContexts(client, asked, printError)
  const say = json === true ? printError : print
  say(`${tree}: ${counted(files, 'file')}\n`)
}

function ending(path: string): string | undefined {
  return endings.find(ending => path.endsWith(ending))
}

/** A row for each score of each head, as CSV. */
function table(result: Dataset, repeats: Dataset, more: Dataset['attributes']): Iterable<string> {
  const all = atlasDataset(headAtlas(result, repeats), result)
  return csvFile({ ...all, attributes: { ...all.attributes, ...more } }, tablePlan(all))
}

function readable(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings.'
  return findings.map(finding => `${finding.text}${ablationText(finding)}`).join('\n')
}

function ablationText({ ablation }: Finding): string {
  if (ablation === null) return ''
  const { loss, zero, mean, classes } = ablation
  const [most] = classChanges(classes)
  const ofClass =
    most === undefined
      ? ''
      : `; most of ${most.name}: ${lossChange(most.mean)} (mean, ${counted(most.tokens, 'token')})`
  return `; loss ${loss.toFixed(3)}, without it ${zero.toFixed(3)} (zero), ${mean.toFixed(3)} (mean)${ofClass}`
}

/**
 * Adds `name=expression` to the classes so far.
 * @throws InvalidArgumentError when there is no `=`
 */
export function tokenClass(
  text: string,
  before: Readonly<Record<string, string>> = {}
): Record<string, string> {
  const [, name, source] = /^(\w+)=(.+)$/s.exec(text) ?? []
  if (name === undefined || source === undefined)
    throw new InvalidArgumentError(
      `Expected a name and a regular expression, such as number=^[0-9]+$, not ${visibleText(text)}.`
    )
  return Object.fromEntries([...Object.entries(before), [name, source]])
}
