import { withInputs } from '../analysis/inputs-in-params.ts'
import type { Reading } from '../analysis/subject.ts'
import { datasetEndings } from '../data/dataset-endings.ts'
import { keptText } from '../model/absence.ts'
import { editText } from '../text/edit-text.ts'
import { cutText, lastParts, namesAlone, readText } from '../text/corpus-text.ts'
import {
  analysisCommandText,
  figureCommandText,
  plainCommandText,
  readsAlike,
  sessionFigureCommandText
} from '../text/command-text.ts'
import { lastPart } from '../text/last-part.ts'
import { counted } from '../text/number-text.ts'
import { paramsText } from '../text/params-text.ts'
import { visibleText } from '../text/visible-text.ts'
import type { OtherSide, Sides } from '../analysis/sides.ts'

/** What a saved figure says of where it comes from. */
export interface Provenance extends FigureOrigin {
  readonly again: Again
}

/** What its numbers are of and what computed them. */
export interface FigureOrigin {
  /** Of Lamella. */
  readonly version: string
  readonly of: Origin
  /** What is taken from that, in a difference; else null. */
  readonly less: Origin | null
  /** What stands beside it in the same file; left out where nothing does. */
  readonly beside?: Origin
  /** What its numbers are rounded to. */
  readonly precision: 'float32' | 'float16'
}

/** What a panel of a session says: one that was taken earlier may have no command. */
export interface KeptProvenance extends FigureOrigin {
  readonly again: Again | NoCommand
}

/** The command that makes a figure again, and its params. */
export type Again = FigureCommand | AnalysisCommand | PlainCommand

/** By their names, as a command takes them. */
export type CommandParams = Readonly<Record<string, unknown>>

/** A figure that the command line knows by name, and its params. */
export interface FigureCommand extends OtherSide {
  readonly view: string
  readonly params: CommandParams
  /** Of what it is where that is no model: the path of a HeadVis folder. */
  readonly folder?: string
  /** What becomes of figures of two sides; left out of a figure of one, and of a view that compares two by itself. */
  readonly sides?: Sides
  /** The view of the second of two where that is another. */
  readonly withView?: string
  /** Further models beside the other one, of a view that is of any number of them. */
  readonly also?: readonly string[]
}

/** An analysis whose numbers it is of, and its params. */
export interface AnalysisCommand extends OtherSide {
  readonly analysis: string
  readonly params: CommandParams
  /** Of numbers of two sides; left out of those of one, and of an analysis that compares two models by itself, of which `with` is the other. */
  readonly sides?: 'beside'
}

/** A command of a model and its text that is neither, with its options as they are typed. */
export interface PlainCommand {
  readonly command: 'tokens' | 'vocabulary' | 'generate'
  readonly options: readonly string[]
}

/** No command makes a figure again: panels of earlier sessions have it. */
interface NoCommand {
  /** Why, in words that stand after “no command:”. */
  readonly none: string
  /** What one would have asked for. */
  readonly params: CommandParams
  /** The same of what is taken from it or stands beside it; left out where that is alike, or where nothing is. */
  readonly otherParams?: CommandParams
}

function isNoCommand(again: object): again is NoCommand {
  return 'none' in again
}

/** A run, and what of it is shown. */
export interface Origin extends Reading {
  readonly model: string
  /** Of the model's files. */
  readonly fingerprint: string
  /** What it was read as; left out where that is what its input says, where there is none, or nobody knows. */
  readonly ids?: readonly number[]
  /** Which characters of its text are read as others, in words; left out where none is. */
  readonly unknown?: string
  /** `none`, or empty, of what is of the weights alone. */
  readonly provider: string
  /** In the model, such as `Head 0.1`. */
  readonly place: string
  /** The model itself was not asked: its numbers are those that a session's file kept. */
  readonly kept?: true
}

/** Whether it is of what a provider computed: of a text, or of a corpus. */
export function isComputed({ provider }: Pick<Origin, 'provider'>): boolean {
  return provider !== 'none' && provider !== ''
}

/** Where a figure of several panels comes from. */
export interface PanelsProvenance {
  /** Of Lamella. */
  readonly version: string
  readonly panels: readonly PanelProvenance[]
  /** The path of its session's file, or what that is called, and what the figure in it is called. */
  readonly again: { readonly session: string; readonly figure: string }
}

/** Where a panel of a figure comes from. */
export interface PanelProvenance {
  /** Empty where it has none. */
  readonly letter: string
  readonly title: string
  /** What the caption of the figure says of it. */
  readonly caption: string
  /** Null where it does not say. */
  readonly from: KeptProvenance | null
}

/**
 * A provenance in lines, one for each thing that it says; folders of the machine are not among them.
 * @param out the file that its command writes
 * @param options how a figure is drawn, as they are typed
 */
export function provenanceLines(
  from: KeptProvenance | PanelsProvenance,
  out = 'figure.pdf',
  options: readonly string[] = []
): string[] {
  const lines = 'panels' in from ? linesOfPanels(from, out, options) : linesOf(from, out, options)
  return lines.map(visibleText)
}

/** The command that makes a figure again, without folders of the machine; null where there is none. */
export function commandOf(
  from: KeptProvenance | PanelsProvenance,
  out = 'figure.pdf',
  options: readonly string[] = []
): string | null {
  if ('panels' in from) {
    const session = lastPart(from.again.session)
    return sessionFigureCommandText({ ...from.again, session }, out, options)
  }
  const { again, of } = from
  if (isNoCommand(again)) return null
  const withRun = !('command' in again) && again.withRun
  // Without their folders two may be called alike that are not.
  const told = {
    ...('command' in again ? again : withNames(again)),
    ...(withRun && { withRun: withoutFolders(withRun), isSameReading: readsAlike(withRun, of) })
  }
  const folder = lastPart(folderOf(again) ?? of.model)
  return againText(told, withoutFolders(of), folder, out, options)
}

/** What is asked, files that it names by the last parts of their paths. */
function withNames<A extends Pick<FigureCommand, 'params' | 'withParams'>>(asked: A): A {
  const { params, withParams } = asked
  return {
    ...{ ...asked, params: withInputs(params, lastParts) },
    ...(withParams && { withParams: withInputs(withParams, lastParts) })
  }
}

function withoutFolders<R extends Reading>(reading: R): R {
  const { corpus } = reading
  return corpus === undefined ? reading : { ...reading, corpus: namesAlone(corpus) }
}

/** Why no command makes a figure again; null where one does. */
export function whyNoCommand(from: KeptProvenance | PanelsProvenance): string | null {
  return 'of' in from && isNoCommand(from.again) ? from.again.none : null
}

/** The path of the folder that a command is asked of where it is no model's; null where it is. */
export function folderOf(again: Again): string | null {
  return ('view' in again && again.folder) || null
}

/**
 * The command that makes again what is of one origin.
 * @param folder the model's
 * @param out the file of a figure
 * @param options how a figure is drawn, as they are typed
 */
export function againText(
  again: Again,
  of: Origin,
  folder = of.model,
  out = 'figure.pdf',
  options: readonly string[] = []
): string {
  const origin = { ...of, folder }
  const numbers = isOfNumbers(out) ? out : 'numbers.csv'
  if ('command' in again) {
    const runs = again.command === 'generate'
    return plainCommandText({ ...again, runs }, origin, runs ? null : numbers)
  }
  return 'analysis' in again
    ? analysisCommandText(again, origin, numbers)
    : figureCommandText(again, origin, out, options)
}

/** Whether a file is one that numbers alone are written to. */
function isOfNumbers(out: string): boolean {
  return datasetEndings.some(ending => out.endsWith(`.${ending}`))
}

function linesOfPanels(from: PanelsProvenance, out: string, options: readonly string[]): string[] {
  return [
    `Made by Lamella ${from.version}`,
    ...againLines(from, out, options),
    ...from.panels.flatMap(({ letter, title, from: own }) => [
      ['Panel:', letter, title].filter(part => part !== '').join(' '),
      ...(own === null ? [] : linesOf(own, out, []))
    ])
  ]
}

function linesOf(from: KeptProvenance, out: string, options: readonly string[]): string[] {
  const { version, of, less, beside, precision } = from
  return [
    `Made by Lamella ${version}`,
    ...originLines(of, precision),
    ...(less === null ? [] : ['Less:', ...originLines(less, precision)]),
    ...(beside === undefined ? [] : ['Beside:', ...originLines(beside, precision)]),
    ...againLines(from, out, options)
  ]
}

function againLines(
  from: KeptProvenance | PanelsProvenance,
  out: string,
  options: readonly string[]
): string[] {
  const command = commandOf(from, out, options)
  return [...paramsLines(from), `Again: ${command ?? `no command: ${whyNoCommand(from)}`}`]
}

/** The params of what no command makes again, in lines; a command has them in it. */
export function paramsLines(from: KeptProvenance | PanelsProvenance): string[] {
  if ('panels' in from || !isNoCommand(from.again)) return []
  const { params, otherParams = {} } = from.again
  const [own, other] = [params, otherParams].map(paramsText)
  return [
    ...(own === '' ? [] : [`Parameters: ${own}`]),
    ...(other === '' ? [] : [`Parameters of the other: ${other}`])
  ]
}

function originLines(of: Origin, precision: Provenance['precision']): string[] {
  const model = `Model: ${of.model}, files ${of.fingerprint}`
  const edits = of.edits.map(editText).join('; ')
  const kept = of.kept === true ? [`Numbers: ${keptText}`] : []
  if (!isComputed(of))
    return [model, of.place, ...(edits === '' ? [] : [`Edits: ${edits}`]), ...kept]
  return [
    model,
    of.place,
    ...readingLines(of),
    ...(of.unknown === undefined ? [] : [`Not in the vocabulary: ${of.unknown}`]),
    `Edits: ${edits || 'none'}`,
    `Computed by: ${of.provider}, kept in ${precision}`,
    ...kept
  ]
}

/** More of a corpus are counted. */
const mostInputs = 100

function readingLines({ input, corpus, cut }: Reading): string[] {
  const inputs = input === null ? [] : [readText(input)]
  const windows = cut === undefined ? [] : [`Windows: ${cutText(cut)}`]
  if (corpus === undefined) return [...inputs, ...windows]
  const { name, inputs: all } = corpus
  const left = all.length - mostInputs
  return [
    `Corpus: ${name}`,
    ...all.slice(0, mostInputs).map(readText),
    ...(left > 0 ? [`and ${counted(left, 'more text')}`] : []),
    ...windows
  ]
}
