import type { Dataset } from '../../data/dataset.ts'
import { keptNumbers, type Absence } from '../../model/absence.ts'
import type { Edit } from '../../model/edit.ts'
import type { ProviderChoice } from '../../model/provider.ts'
import { asArgument, shellWord } from '../../text/shell-word.ts'
import { precisionOf } from '../result-precision.ts'
import type { CorpusInput } from '../subject.ts'
import { findingLimits, findingsOf, type Finding } from './findings.ts'
import { reportedHeads, type ReportedHead } from './reported-heads.ts'
import { windowNotes } from './windows.ts'

/** What a report is of, as a command line has it. */
export interface ReportedRun {
  /** Of Lamella. */
  readonly version: string
  readonly model: {
    readonly name: string
    readonly fingerprint: string
    /** Where a session stands in for it: numbers are those that it kept. */
    readonly absent?: Absence | undefined
  }
  /** Of the model. */
  readonly folder: string
  readonly inputs: readonly CorpusInput[]
  readonly window: number
  readonly stride: number | null
  /** Regular expressions by the names of classes. */
  readonly classes: Readonly<Record<string, string>>
  readonly seed: number
  readonly edits: readonly Edit[]
  readonly provider: ProviderChoice
}

/** What was computed for it. */
export interface ReportedResults {
  /** What `head-statistics` came to. */
  readonly statistics: Dataset
  /** What `random-repeat` did, of all layers; null where it could not run. */
  readonly repeats: Dataset | null
  /** What `ablation` came to, of the layers that findings are of; null where nobody asked. */
  readonly ablation: Dataset | null
}

/** What the heads of a model do on some texts, how sure that is, and what holds on text that it was not found on. */
export interface HeadReport {
  readonly settings: ReportSettings
  readonly heads: readonly ReportedHead[]
  readonly findings: readonly Finding[]
  /** What is counted, and what keeps findings from being made. */
  readonly notes: readonly string[]
}

export interface ReportSettings {
  readonly [name: string]: unknown
  readonly model: string
  readonly fingerprint: string
  /** What makes the report again. */
  readonly command: string
}

export function headReport(
  of: ReportedRun,
  { statistics, repeats, ablation }: ReportedResults
): HeadReport {
  const { attributes } = statistics
  const { version, model, inputs, window, stride, edits, provider } = of
  return {
    settings: {
      lamella: version,
      model: model.name,
      fingerprint: model.fingerprint,
      provider: attributes['provider'] ?? provider,
      edits,
      window,
      stride,
      windows: attributes['windows'] ?? null,
      params: attributes['params'] ?? null,
      inputs,
      command: headsCommand(of, ablation !== null),
      ...(model.absent !== undefined && { numbers: keptNumbers(precisionOf(statistics)) })
    },
    heads: reportedHeads(statistics, repeats),
    findings: findingsOf(statistics, ablation),
    notes: [
      ...windowNotes(statistics),
      ...findingLimits(statistics, 'more text, or a shorter --window, makes more')
    ]
  }
}

/** The command that makes a report again. */
function headsCommand(
  { folder, inputs, window, stride, classes, seed, edits, provider }: ReportedRun,
  ablation: boolean
): string {
  const words = [
    ...['lamella', 'heads', asArgument(folder)],
    ...inputs.flatMap(input => {
      if ('text' in input) return ['--text', input.text]
      return 'path' in input ? ['--text-file', input.path] : ['--tokens', input.ids.join()]
    }),
    ...['--window', String(window)],
    ...(stride === null ? [] : ['--stride', String(stride)]),
    ...Object.entries(classes).flatMap(([name, source]) => ['--class', `${name}=${source}`]),
    ...['--seed', String(seed)],
    ...(ablation ? ['--ablation'] : []),
    ...edits.flatMap(own => ['--edit', JSON.stringify(own)]),
    ...['--provider', provider]
  ]
  return words.map(shellWord).join(' ')
}
