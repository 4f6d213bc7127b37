import { saidCut, type CorpusInput, type Cut } from '../../analysis/subject.ts'
import { subjectOfModel } from '../../analysis/subject-of-model.ts'
import type { Sides } from '../../analysis/sides.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import type { Edit } from '../../model/edit.ts'
import { LamellaError } from '../../model/errors.ts'
import { Json } from '../../model/json.ts'
import { onceEach } from '../../model/once-each.ts'
import type { ProviderChoice } from '../../model/provider.ts'
import type { RunInput } from '../../model/run-input.ts'
import { corpusName } from '../../text/corpus-text.ts'
import { againLess } from '../again-of-sides.ts'
import { figureBeside } from '../figures-beside.ts'
import type { FigureOrigin, Origin, Provenance } from '../provenance.ts'
import {
  checkLess,
  sharedRange,
  windowsOfCorpus,
  windowsOfText,
  type AskedParams,
  type FigureSource,
  type FigureView,
  type MadeFigure
} from '../views/figure-view.ts'
import { readingOf } from '../views/origin.ts'
import type { FigureMaker } from './figure-maker.ts'
import { goingOf } from './going.ts'

/** What a figure reads: a text or ids alone are one that is run, all else is a corpus. */
export interface FigureReading extends Cut {
  readonly inputs: readonly CorpusInput[]
  /** What a corpus is called; null where nobody says. */
  readonly name: string | null
}

/** What is asked, and of what. */
export interface AskedOfOne {
  readonly params: AskedParams
  readonly model: ModelInfo
  readonly reads: FigureReading
  readonly edits: readonly Edit[]
  readonly provider: ProviderChoice
}

/** A view, what it is of and how it is set. */
export interface AskedSide extends AskedOfOne {
  readonly view: FigureView
}

/** An analysis, likewise. */
export interface AskedNumbers extends AskedOfOne {
  readonly analysis: string
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
export function secondOf<S extends AskedOfOne>(
  own: S,
  said: { readonly [F in keyof AskedOfOne]?: AskedOfOne[F] | undefined } & Pick<S, 'params'>
): S {
  const { model = own.model, reads = own.reads, edits = [], provider = own.provider } = said
  return { ...own, model, reads, edits, provider, params: givenParams(said.params) }
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
  maker: FigureMaker,
  { other, sides, also = [], ...own }: AskedFigure
): Promise<FigureMade> {
  for (const side of other === null ? [own] : [own, other]) checkRuns(side)
  const second = other && sourceOf(maker, other, null)
  if (other === null || second === null || sides === null) {
    const further = also.map(side => sourceOf(maker, side, null))
    const source = { ...sourceOf(maker, own, second), also: further }
    const made = await own.view.make(source, own.params)
    const from = computed(made.from, source, second)
    const again = {
      ...commandOf(own),
      ...(second && { with: second.model.name }),
      ...(further.length > 0 && { also: further.map(({ model }) => model.name) }),
      ...(second &&
        own.view.of === 'two windows' && {
          withRun: await readBySecond(second, from.of)
        })
    }
    return { ...made, from: { ...from, again } }
  }
  const source = sourceOf(maker, own, null)
  if (sides === 'beside') {
    const both = await madeBeside({ ...own, source }, { ...other, source: second })
    return figureBeside(...both)
  }
  const { view } = own
  const less = checkLess(view, other.view, [own.params, other.params])
  const made = await less.make(
    { source, view: view.name, params: own.params },
    { source: second, view: other.view.name, params: other.params }
  )
  const from = computed(made.from, source, second)
  return { ...made, from: { ...from, again: againLess(commandOf(own), commandOf(other), from) } }
}

type SourcedSide = AskedSide & { readonly source: AskedSource }

/** Both, each as it is by itself, but for the range of their values, which is that of both. */
async function madeBeside(
  own: SourcedSide,
  other: SourcedSide
): Promise<readonly [FigureMade, FigureMade]> {
  const mayShare = own.view.ranged !== undefined
  const [one, second] = [own, other].map(side =>
    mayShare
      ? { ...side, source: { ...side.source, analysis: onceEach(side.source.analysis) } }
      : side
  ) as [SourcedSide, SourcedSide]
  const make = async (range = {}) => {
    const made = await madeOf(one, range)
    return [made, await madeOf(second, range)] as const
  }
  const alone = await make()
  const range = sharedRange({ ...own, made: alone[0] }, { ...other, made: alone[1] })
  return range === null ? alone : make({ range })
}

/** Of a model that cannot run it is not known how many layers and heads there are, of which a figure asks first. */
function checkRuns({ view, model: { notRunnable, notRunnableHint, name } }: AskedSide): void {
  const isOfRuns = view.of === 'text' || view.of === 'windows' || view.of === 'two windows'
  if (isOfRuns && notRunnable !== null)
    throw new LamellaError('unsupported', `${name}: ${notRunnable}`, notRunnableHint ?? undefined)
}

/** What the second of two reads, and what computes it where that is another than of the first. */
async function readBySecond(
  { windows, computedBy }: AskedSource,
  { provider: first }: Pick<Origin, 'provider'>
) {
  const { run } = await windows()
  const { provider } = computedBy(run.source)
  return { ...readingOf(run), ...(provider !== first && { provider }) }
}

function commandOf({ view: { name: view }, params }: AskedSide) {
  return { view, params }
}

async function madeOf({ source, ...side }: SourcedSide, range: object): Promise<FigureMade> {
  const made = await side.view.make(source, { ...side.params, ...range })
  return { ...made, from: { ...computed(made.from, source, null), again: commandOf(side) } }
}

/** With what computed it in place of that this was left to Lamella. */
function computed<F extends FigureOrigin>(
  from: F,
  source: AskedSource,
  second: AskedSource | null
): F {
  const { of, less, beside } = from
  return {
    ...from,
    of: source.computedBy(of),
    ...(second !== null && less !== null && { less: second.computedBy(less) }),
    ...(second !== null && beside !== undefined && { beside: second.computedBy(beside) })
  }
}

/** Whether what is read is one that is run as it is: not several, and not parts of it. */
export function isOne({ inputs, name, stride, sentences }: FigureReading): boolean {
  return inputs.length === 1 && name === null && stride === null && sentences !== true
}

/** What is run as one text; null of a corpus, and where nothing is read. */
function textOf(reads: FigureReading): RunInput | null {
  const [input] = reads.inputs
  return input === undefined || 'path' in input || !isOne(reads) ? null : input
}

/** What a figure or numbers are made of by a command. */
export interface AskedSource extends FigureSource {
  /** The same with the provider that computed what was asked for, once that is known. */
  readonly computedBy: <O extends { readonly provider: string }>(of: O) => O
}

/** Runs the text once it is asked for, once; of a corpus there is none. */
function sourceOf(
  { version, call, ...maker }: FigureMaker,
  { model, reads, edits, provider }: AskedOfOne,
  other: FigureSource | null
): AskedSource {
  const { inputs, name } = reads
  const cut = saidCut(reads)
  const text = textOf(reads)
  const corpus =
    text === null && inputs.length > 0 ? { name: name ?? corpusName(inputs), inputs } : null
  const subject = subjectOfModel(
    model,
    { inputs, window: null, stride: null, ...cut, provider },
    edits
  )
  let run: Promise<Run> | null = null
  async function start(): Promise<Run> {
    if (text === null)
      throw new LamellaError(
        'invalid-argument',
        'A text is needed: give --text, --text-file or --tokens'
      )
    const { model: ref, edits, provider } = subject
    const source = { model: ref, input: text, edits, provider }
    const { id: runId } = await call('runs.start', { source })
    // Of a model that is streamed no block has run yet.
    const whole = await call('runs.complete', { runId })
    maker.ran(model, whole)
    return whole
  }
  const runOf = () => (run ??= start())
  let computedBy: unknown = null
  const weightsOf = ({ path, fingerprint }: ModelInfo) => ({ model: { path, fingerprint } })
  return {
    model,
    other,
    version,
    run: runOf,
    computedBy: of =>
      of.provider === 'auto' && typeof computedBy === 'string'
        ? { ...of, provider: computedBy }
        : of,
    windows: async () =>
      corpus === null ? windowsOfText(await runOf(), cut) : windowsOfCorpus(corpus, subject, cut),
    async analysis(name, params, reads = 'whole') {
      const asked = { name, params: Json.parse(params) }
      if (reads === 'weights') {
        return call('analysis.run', {
          ...{ ...asked, of: weightsOf(model) },
          ...(other !== null && { with: weightsOf(other.model) })
        })
      }
      if (typeof reads === 'object' && 'inputs' in reads) {
        // Nothing is run: no provider is tried for it.
        const of = { ...weightsOf(model), corpus: reads, provider: 'cpu' as const }
        return maker.analysis({ ...asked, of })
      }
      const isOfText = corpus === null && (inputs.length > 0 || reads !== 'nothing')
      const { input, ...same } = isOfText ? (await runOf()).source : { ...subject, input: null }
      const isOther = typeof reads === 'object' && 'ids' in reads
      const windows = { ...cut, ...(typeof reads === 'object' && !isOther && reads) }
      const own = isOther ? reads : input
      const whole = { inputs: own === null ? [...inputs] : [own], ...windows }
      const of = { ...same, corpus: reads === 'nothing' ? null : whole }
      // What a text is read as, and how far that is, the run has said.
      if (isOfText) return call('analysis.run', { ...asked, of })
      const found = await maker.analysis({ ...asked, of })
      computedBy ??= found.attributes['provider']
      return found
    },
    going: async asked => goingOf({ call }, await runOf(), asked),
    tokenizer: {
      vocabulary: query => call('text.vocabulary', { modelId: model.id, query }),
      split: text => call('text.tokenize', { modelId: model.id, text })
    }
  }
}
