import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { inputsIn } from '#common/analysis/inputs-in-params.ts'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import { filesIn, saidCut, type CorpusInput } from '#common/analysis/subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Client } from '#common/contract/rpc.ts'
import {
  isOne,
  madeFigure,
  secondOf,
  type AskedSide,
  type FigureReading
} from '#common/figure/made/made-figure.ts'
import { comparesTwo, type AskedParams, type FigureView } from '#common/figure/views/figure-view.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { Told } from './tell-result.ts'
import { commandMaker } from './command-maker.ts'
import { modelToRun } from './commands.ts'
import { fileEnding, writeMade, type Drawer, type DrawingOptions } from './figure-file.ts'
import { checkReading } from './analysis-run.ts'
import { settingValues, type SettingTexts } from './settings.ts'
import { isCutOtherwise, readByOther, readsOf, type SidesOptions } from './second-side.ts'
import { isFolder, readText, userPath } from './input.ts'
import { outputFile } from './output-file.ts'

export interface FigureOptions extends DrawingOptions, SidesOptions {
  readonly view?: string
  readonly withView?: string
}

/** A model folder and what it reads. */
interface FigureOf {
  readonly folder: string
  readonly inputs: readonly CorpusInput[]
  /** What the model that it is compared with reads; nothing for the same. */
  readonly others: readonly CorpusInput[]
}

/** Draws a figure by its name and writes it to a file. */
export async function figure(
  client: Client,
  { folder, inputs, others }: FigureOf,
  options: FigureOptions,
  told: Told & Drawer
): Promise<void> {
  const { printError } = told
  // Before anything is computed for it.
  if (options.view === undefined)
    throw new LamellaError(
      'invalid-argument',
      'Say which figure: --view of a model, or --figure of a session'
    )
  const view = figureViewNamed(options.view)
  const { set = {}, withSet = {}, edit: edits = [], provider, sides = null } = options
  const params = settingsOf(view, set)
  const viewOfSecond = options.withView === undefined ? view : figureViewNamed(options.withView)
  const asSecond = { view: viewOfSecond, params: settingsOf(viewOfSecond, { ...set, ...withSet }) }
  const counted = filesIn([params, asSecond.params].flatMap(inputsIn))
  const files = [...filesIn([...inputs, ...others]), ...counted.map(path => userPath(path))]
  const folders = [folder, ...(options.with ?? [])]
  const target = await outputFile(options.out, folders, files)
  fileEnding(target.path)
  const reads = readsOf(inputs, options)
  checkReads(view, reads)
  checkOther(view, others, options)
  const open = (folder: string) => modelToRun(client, folder, line => printError(`${line}\n`))
  const model = await open(folder)
  const [other = null, ...further] = await Promise.all((options.with ?? []).map(open))
  const first = { view, params, model, reads, edits, provider }
  const second = otherOf(first, asSecond, other, others, options)
  const own = await withText(first)
  const also = further.map(model => ({ ...own, model }))
  const asked = { ...own, sides, other: second && (await withText(second)), also }
  const made = await madeFigure(commandMaker(client, told), asked).catch((error: unknown) => {
    if (!(error instanceof z.ZodError)) throw error
    const hint = `The command figures lists the params of ${view.name}.`
    throw new LamellaError('invalid-argument', `${view.name}: ${firstFault(error)}`, hint)
  })
  const models = [model, ...(other === null ? [] : [other]), ...further]
  await writeMade(client, made, target, models, options, told)
}

/** @throws LamellaError `invalid-argument` where what is said of a second one is not of a figure of the view */
function checkOther(
  view: FigureView,
  others: readonly CorpusInput[],
  options: FigureOptions
): void {
  const { sides, with: folders = [] } = options
  const [folder] = folders
  const refuse = (why: string): never => {
    throw new LamellaError('invalid-argument', `${view.name} ${why}`)
  }
  const isOfTwo = comparesTwo(view.of)
  if (sides !== undefined && isOfTwo) refuse('compares two models by itself: leave out --sides')
  if (isOfTwo && folder === undefined)
    refuse("compares two models, and there is one: give the other one's folder by --with")
  const mayHaveOther = sides !== undefined || isOfTwo
  if (!mayHaveOther && view.of !== 'tokenizers' && folder !== undefined)
    refuse('is of one model: leave out --with, or say by --sides what is made of two')
  if (folders.length > 1 && (view.of !== 'tokenizers' || sides !== undefined))
    refuse('is of two models at most: give --with once')
  const reads = sides !== undefined || view.of === 'two windows'
  if (!reads && (others.length > 0 || isCutOtherwise(options)))
    refuse(
      'is of no other model’s text: leave out --with-text, --with-text-file, --with-tokens and how these are cut'
    )
  const { withEdit, withProvider, withView, withSet } = options
  if (!reads && (withEdit ?? withProvider) !== undefined)
    refuse('runs no other text: leave out --with-edit and --with-provider')
  if (sides === undefined && (withView ?? withSet) !== undefined)
    refuse(
      'is one figure: leave out --with-view and --with-set, or say by --sides what is made of two'
    )
}

/** The second of two by what is typed of it; null of a figure of one. */
function otherOf(
  own: AskedSide,
  { view, params }: Pick<AskedSide, 'view' | 'params'>,
  model: ModelInfo | null,
  others: readonly CorpusInput[],
  options: FigureOptions
): AskedSide | null {
  const { sides, withEdit, withProvider } = options
  if (sides === undefined && model === null) return null
  const reads = readByOther(own.reads, others, options)
  checkReads(view, reads)
  const said = { reads, params, edits: withEdit, provider: withProvider }
  return secondOf({ ...own, view }, { ...said, model: model ?? undefined })
}

/** The same, of what a file holds where that is run as one text. */
async function withText(side: AskedSide): Promise<AskedSide> {
  const [input] = side.reads.inputs
  if (input === undefined || !('path' in input) || !isOne(side.reads)) return side
  if (await isFolder(input.path)) return side
  return { ...side, reads: { ...side.reads, inputs: [{ text: await readText(input.path) }] } }
}

function settingsOf(view: FigureView, set: SettingTexts): AskedParams {
  return settingValues(set, paramsSchema(view.params).properties ?? {})
}

/** @throws LamellaError `invalid-argument` where what is read is not what a view is of */
function checkReads({ name, of }: FigureView, reads: FigureReading): void {
  const refuse = (why: string): never => {
    throw new LamellaError('invalid-argument', `${name} is of ${why}`)
  }
  const { inputs } = reads
  const isCut = saidCut(reads) !== undefined
  if ((of === 'text' || of === 'tokenizers') && inputs.length !== 1)
    refuse('one text: give --text, --text-file or --tokens once')
  if (of === 'text' && isCut) refuse('one text, which is not cut')
  if (of === 'text' && reads.name !== null) refuse('one text: leave out --corpus')
  const isOfWindows = of === 'windows' || of === 'two windows'
  if (isOfWindows && inputs.length === 0)
    refuse('texts: give --text, --text-file or --tokens, once or several times')
  const mayBeOfTexts = of === 'checkpoints' || of === 'windows or weights'
  if (!isOfWindows && !mayBeOfTexts && (isCut || reads.name !== null))
    refuse('no corpus: leave out --corpus, --window, --stride and --sentences')
  checkReading(reads)
}

/**
 * Millimetres, from a length such as `84mm`, `8.4cm`, `3.3in`, `238pt` or `84`.
 * @throws InvalidArgumentError when it is none
 */
export function millimetres(text: string): number {
  const [, number, unit = 'mm'] = /^(\d+(?:\.\d+)?)(mm|cm|in|pt)?$/.exec(text.trim()) ?? []
  const each = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 }[unit] ?? 1
  const length = Number(number) * each
  if (!(length >= 10 && length <= 2000))
    throw new InvalidArgumentError('Expected a length from 10 to 2000 mm, such as 84mm or 3.25in.')
  return length
}
