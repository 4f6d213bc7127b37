import { saidCut, type CorpusInput, type Cut } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { againLess } from '#common/figure/again-of-sides.ts'
import { drawingsBeside, numbersBeside, saidBeside } from '#common/figure/figures-beside.ts'
import type { Origin, Provenance } from '#common/figure/provenance.ts'
import { readingOf } from '#common/figure/views/origin.ts'
import {
  checkLess,
  windowsOfCorpus,
  windowsOfText,
  type AskedParams,
  type FigureSource,
  type FigureView,
  type MadeFigure
} from '#common/figure/views/figure-view.ts'
import type { Edit } from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { Json } from '#common/model/json.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import type { Sides } from '#common/analysis/sides.ts'
import { corpusName } from '#common/text/corpus-text.ts'
import type { Told } from './tell-result.ts'
import { analysisRun, subjectOfModel } from './analysis-run.ts'
import { goingOf } from './going.ts'
import { runSource, warnOf } from './commands.ts'
import { isFolder } from './input.ts'

/** What a figure reads. */
export interface FigureReading extends Cut {
  readonly inputs: readonly CorpusInput[]
  /** What a corpus is called; null where nobody says. */
  readonly name: string | null
}

/** A view, what it is of and how it is set. */
export interface AskedSide {
  readonly view: FigureView
  readonly params: AskedParams
  readonly model: ModelInfo
  readonly reads: FigureReading
  readonly edits: readonly Edit[]
  readonly provider: ProviderChoice
}

/** A figure, of one or of two. */
export interface AskedFigure extends AskedSide {
  /** Null where a figure is of one. */
  readonly other: AskedSide | null
  /** Further ones, of a view that is of any number of models. */
  readonly also?: readonly AskedSide[]
  /** What is made of the two; null where the view compares them by itself. */
  readonly sides: Sides | null
}

/** The second of two: as the first, but for what is said of it; params are told whole, and edits are each one's own. */
export function secondOf(
  own: AskedSide,
  said: { readonly [F in keyof AskedSide]?: AskedSide[F] | undefined } & Pick<AskedSide, 'params'>
): AskedSide {
  const { view = own.view, model = own.model, reads = own.reads, edits = [] } = said
  const { params, provider = own.provider } = said
  return { view, model, reads, edits, provider, params: givenParams(params) }
}

/** As a command has them: what is null is not said. */
export function givenParams(params: AskedParams): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== null && value !== undefined)
  )
}

type FigureMade = Omit<MadeFigure, 'from'> & { readonly from: Provenance }

/**
 * Computes what a figure of a view is drawn of.
 * @throws ZodError when the params are not its own; LamellaError `unsupported` where it is of a text that the model cannot run
 */
export async function madeFigure(
  client: Client,
  { other, sides, also = [], ...own }: AskedFigure,
  told: Pick<Told, 'version' | 'printError'>
): Promise<FigureMade> {
  for (const side of other === null ? [own] : [own, other]) checkRuns(side)
  const second = other && (await sourceOf(client, other, null, told))
  if (other === null || second === null || sides === null) {
    const further = await Promise.all(also.map(side => sourceOf(client, side, null, told)))
    const source = { ...(await sourceOf(client, own, second, told)), also: further }
    const made = await own.view.make(source, own.params)
    const again = {
      ...commandOf(own),
      ...(second && { with: second.model.name }),
      ...(further.length > 0 && { also: further.map(({ model }) => model.name) }),
      ...(second &&
        own.view.of === 'two windows' && {
          withRun: await readBySecond(second, made.from.of)
        })
    }
    return { ...made, from: { ...made.from, again } }
  }
  const source = await sourceOf(client, own, null, told)
  if (sides === 'beside') {
    const one = madeOf(own, await own.view.make(source, own.params))
    const both = [one, madeOf(other, await other.view.make(second, other.params))] as const
    return {
      ...saidBeside(...both),
      ...drawingsBeside(...both),
      dataset: () => numbersBeside(...both)
    }
  }
  const { view } = own
  const less = checkLess(view, other.view, [own.params, other.params])
  const made = await less.make(
    { source, view: view.name, params: own.params },
    { source: second, view: other.view.name, params: other.params }
  )
  const again = againLess(commandOf(own), commandOf(other), made.from)
  return { ...made, from: { ...made.from, again } }
}

/** Of a model that cannot run it is not known how many layers and heads there are, of which a figure asks first. */
function checkRuns({ view, model: { notRunnable, notRunnableHint, name } }: AskedSide): void {
  const isOfRuns = view.of === 'text' || view.of === 'windows' || view.of === 'two windows'
  if (isOfRuns && notRunnable !== null)
    throw new LamellaError('unsupported', `${name}: ${notRunnable}`, notRunnableHint ?? undefined)
}

/** What the second of two reads, and what computes it where that is another than of the first. */
async function readBySecond(
  { windows }: FigureSource,
  { provider: first }: Pick<Origin, 'provider'>
) {
  const { run } = await windows()
  const { provider } = run.source
  return { ...readingOf(run), ...(provider !== first && { provider }) }
}

function commandOf({ view: { name: view }, params }: AskedSide) {
  return { view, params }
}

function madeOf(side: AskedSide, made: MadeFigure): FigureMade {
  return { ...made, from: { ...made.from, again: commandOf(side) } }
}

function runOptions([input]: readonly CorpusInput[]) {
  if (input === undefined) return {}
  if ('path' in input) return { textFile: input.path }
  return 'ids' in input ? { tokens: input.ids } : { text: input.text }
}

/** Whether that is a corpus: several, a folder, parts, or what is called one; else one text is read. */
async function isCorpus({ inputs, name, stride, sentences }: FigureReading): Promise<boolean> {
  const [input] = inputs
  if (input === undefined) return false
  const isSaid = name !== null || stride !== null || sentences === true
  if (isSaid || inputs.length > 1 || !('path' in input)) return isSaid || inputs.length > 1
  return isFolder(input.path)
}

/** Runs the text once it is asked for, once; of a corpus there is none. */
async function sourceOf(
  client: Client,
  { model, reads, edits, provider }: AskedSide,
  other: FigureSource | null,
  { version, printError }: Pick<Told, 'version' | 'printError'>
): Promise<FigureSource> {
  const { inputs, name } = reads
  const cut = saidCut(reads)
  const corpus = (await isCorpus(reads)) ? { name: name ?? corpusName(inputs), inputs } : null
  const subject = subjectOfModel(
    model,
    { inputs, window: null, stride: null, ...cut, provider },
    edits
  )
  let run: Promise<Run> | null = null
  async function start(): Promise<Run> {
    const options = { ...runOptions(inputs), edit: edits, provider }
    const { id: runId } = await client.call('runs.start', {
      source: await runSource(model, options)
    })
    // Of a model that is streamed no block has run yet.
    const whole = await client.call('runs.complete', { runId })
    warnOf(model, whole, line => printError(`${line}\n`))
    return whole
  }
  const runOf = () => (run ??= start())
  const weightsOf = ({ path, fingerprint }: ModelInfo) => ({ model: { path, fingerprint } })
  return {
    model,
    other,
    version,
    run: runOf,
    windows: async () =>
      corpus === null ? windowsOfText(await runOf(), cut) : windowsOfCorpus(corpus, subject, cut),
    async analysis(name, params, reads = 'whole') {
      const asked = { name, params: Json.parse(params) }
      if (reads === 'weights') {
        return client.call('analysis.run', {
          ...{ ...asked, of: weightsOf(model) },
          ...(other !== null && { with: weightsOf(other.model) })
        })
      }
      const { input, ...same } =
        corpus === null ? (await runOf()).source : { ...subject, input: null }
      const windows = { ...cut, ...(typeof reads === 'string' ? {} : reads) }
      const whole = { inputs: input === null ? [...inputs] : [input], ...windows }
      const of = { ...same, corpus: reads === 'nothing' ? null : whole }
      // What a text is read as, and how far that is, the run has said.
      return corpus === null
        ? client.call('analysis.run', { ...asked, of })
        : analysisRun(client, { ...asked, of }, printError)
    },
    going: async asked => goingOf(client, await runOf(), asked),
    tokenizer: {
      vocabulary: query => client.call('text.vocabulary', { modelId: model.id, query }),
      split: text => client.call('text.tokenize', { modelId: model.id, text })
    }
  }
}
