import type { z } from 'zod'
import { windowLength } from '../../analysis/head-atlas/windows.ts'
import type { Corpus, Cut, NamedInputs } from '../../analysis/subject.ts'
import type { Generated, ModelInfo, Run } from '../../contract/schemas.ts'
import type { Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import type { RunSource } from '../../model/run-source.ts'
import type { Sampling } from '../../model/sampling.ts'
import type { Token } from '../../model/token.ts'
import type { VocabularyListing, VocabularyQuery } from '../../model/vocabulary.ts'
import { namedOf } from '../../text/figure-title.ts'
import { readInWords } from '../../text/read-in-words.ts'
import { drawing, type Drawing } from '../drawing.ts'
import type { FigureKind } from '../figure-kind.ts'
import type { Look } from '../look.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { ShadedTextData } from '../shaded-text.ts'
import type { FlowingText } from '../text-flow.ts'
import { boundsOf, plainLook } from './look-params.ts'
import type { RunRead } from './origin.ts'
import { spannedByBoth, type Spans } from './shared-range.ts'

/** What a figure is made of, and who computes it. */
export interface FigureSource {
  readonly model: ModelInfo
  /** What it is compared with, with its text where it reads one; null where a figure is of one model. */
  readonly other: FigureSource | null
  /** Further ones, of a view that is of any number of models. */
  readonly also?: readonly FigureSource[]
  /** Of Lamella. */
  readonly version: string
  /** The run of the text that it is of; asked for by figures that are of one. */
  readonly run: () => Promise<Run>
  /** What is read, for figures of numbers over windows: that text, or a corpus, and how it is cut. */
  readonly windows: () => Promise<WindowsRead>
  /**
   * What an analysis comes to of what is read, cut as it is or into windows of so many tokens, of other tokens in place of its own,
   * of no text, of others that are read alone and not run, or of the weights alone: of both models where there is another.
   */
  readonly analysis: (
    name: string,
    params: Readonly<Record<string, unknown>>,
    reads?: 'whole' | 'nothing' | 'weights' | { readonly window: number } | TextOfIds | Corpus
  ) => Promise<Dataset>
  /** How that text goes on. */
  readonly going: (asked: AskedGoing) => Promise<Going>
  readonly tokenizer: FigureTokenizer
}

/** A text by its tokens. */
export interface TextOfIds {
  readonly ids: number[]
}

/** How far a text goes on, and by which tokens. */
export interface AskedGoing {
  readonly max: number
  /** Null: the most probable token each time. */
  readonly sampling: Sampling | null
  /** Tokens that are to come first, by their ids. */
  readonly path: readonly number[]
  /** Of each step the so many most probable tokens are told. */
  readonly top: number
}

/** How a text went on. */
export interface Going {
  readonly generated: Generated
  /** `token-probabilities` of the text with those that were to come first; null where there are none. */
  readonly begun: Dataset | null
}

/** What is asked of a model's tokenizer. */
export interface FigureTokenizer {
  readonly vocabulary: (query: VocabularyQuery) => Promise<VocabularyListing>
  readonly split: (text: string) => Promise<readonly Token[]>
}

/** What is read. */
export interface WindowsRead {
  readonly run: RunRead
  /** Of the text; of a corpus they are not counted. */
  readonly tokens: number
}

/** The windows of a text that ran. */
export function windowsOfText({ source, tokens }: Run, cut?: Cut): WindowsRead {
  return { run: { source, tokens, ...(cut && { cut }) }, tokens: tokens.length }
}

/** Those of a corpus. */
export function windowsOfCorpus(
  corpus: NamedInputs,
  { edits, provider }: Pick<RunSource, 'edits' | 'provider'>,
  cut?: Cut
): WindowsRead {
  return {
    run: { source: { input: null, edits, provider }, corpus, ...(cut && { cut }) },
    tokens: 0
  }
}

/** What is read in windows: as long as somebody asked, else as usual; or each sentence by itself. */
export async function readInWindows({ model, windows, analysis }: FigureSource) {
  const { run, tokens } = await windows()
  const window = windowLength(run.cut?.window ?? null, model.config?.nCtx)
  const over = { ...run.cut, window, corpus: run.corpus ?? null }
  const reads = over.sentences ? 'whole' : { window }
  return {
    ...{ run, tokens, over },
    analysis: (name: string, params: AskedParams) => analysis(name, params, reads),
    /** @param count windows that were read */
    read: (count: number) => readInWords(count, over, tokens)
  }
}

/** What a figure is drawn of, what it is called, and where it comes from. */
export interface ViewFigure<
  D extends { readonly title: string | null },
  F extends FigureOrigin = FigureOrigin
> {
  /** Such as `Head 0.1 · attention`, for names of files. */
  readonly what: string
  readonly kind: FigureKind<D>
  readonly data: D
  readonly from: F
  readonly dataset: () => Dataset
}

/** A text that is shaded, and where it comes from: drawn of once it has flowed. */
export interface ViewText<F extends FigureOrigin = FigureOrigin> extends Pick<
  ViewFigure<ShadedTextData, F>,
  'what' | 'from' | 'dataset'
> {
  readonly data: (flowing: FlowingText) => ShadedTextData
}

/** A figure of a model in some look. */
export function modelFigure<D extends { readonly title: string | null }>(
  { name }: Pick<ModelInfo, 'name'>,
  { what, kind, data, from, dataset }: ViewFigure<D>,
  look: Look
): MadeFigure {
  const isOwn = look !== plainLook && look.follows && look.shared !== true
  const spans = isOwn && { spans: boundsOf(look.range) }
  return { title: namedOf(name, what), from, dataset, ...spans, ...drawing(kind, data, look) }
}

/** A figure, and the numbers that it shows. */
export interface MadeFigure extends Drawing {
  /** Name of its files, without an ending. */
  readonly title: string
  readonly from: FigureOrigin
  readonly dataset: () => Dataset
  /** What its values span by themselves; left out where it is drawn in another range. */
  readonly spans?: Spans
}

/** Params as they come in. */
export type AskedParams = Readonly<Record<string, unknown>>

/** A kind of figure by what it is of: what the window shows in a view, and what the command line is asked for by name. */
export interface FigureView {
  readonly name: string
  readonly about: string
  /** Those that it draws as they come, so that a result of one can be shown; none where it is of nothing that is kept. */
  readonly analyses: readonly string[]
  /** What it reads: one text, texts in windows, the weights or the tokenizer alone, of one model or of two. */
  readonly of:
    | 'text'
    | 'windows'
    | 'weights'
    | 'windows or weights'
    | 'checkpoints'
    | 'tokenizer'
    | 'tokenizers'
    | 'two windows'
    | 'two weights'
  readonly params: z.ZodType
  /**
   * The params that say what values are: two beside each other that have the same of these are drawn in the `range` of both, where
   * none is asked for. Left out of what has no `range`.
   */
  readonly ranged?: readonly string[]
  /**
   * The params that show what an analysis was asked; those of the same names where it is left out.
   * @param texts what those of the corpus are called, null where they have no names; undefined of one text
   */
  readonly toShow?: (
    analysis: string,
    asked: AskedParams,
    texts: readonly string[] | null | undefined
  ) => AskedParams
  /** @throws ZodError when the params are not its own */
  readonly make: (source: FigureSource, params: unknown) => Promise<MadeFigure>
  /** What it draws of one less another; left out where that is no figure. */
  readonly less?: FigureLess
}

/** One less another. */
export interface FigureLess<P = AskedParams, N extends string = string> {
  /** Those that can be taken from it. */
  readonly views: readonly string[]
  /** The params that the second may have of its own: all others are those of both. */
  readonly ofSecond: readonly N[]
  readonly make: (own: FigureSide<P>, other: FigureSide<P>) => Promise<MadeFigure>
}

/** Whether it is of two that it compares by itself. */
export function comparesTwo(of: FigureView['of']): boolean {
  return of === 'two weights' || of === 'two windows'
}

/** One of two that are made into one figure. */
export interface FigureSide<P = AskedParams> {
  readonly source: FigureSource
  readonly view: string
  readonly params: P
}

/** A figure view whose params are checked where they come in. */
export function figureView<P>({
  params,
  make,
  less,
  ...facts
}: Pick<FigureView, 'name' | 'about' | 'analyses' | 'of' | 'toShow'> & {
  readonly params: z.ZodType<P>
  readonly ranged?: readonly (keyof P & string)[]
  readonly make: (source: FigureSource, params: P) => Promise<MadeFigure>
  /** Of two of this view. */
  readonly less?: Omit<FigureLess<P, keyof P & string>, 'views'>
}): FigureView {
  const parsed = (side: FigureSide) => ({ ...side, params: params.parse(side.params) })
  return {
    ...facts,
    params,
    // Async, so that params that are not its own are told as all else is.
    make: async (source, given) => make(source, params.parse(given)),
    ...(less && {
      less: {
        views: [facts.name],
        ofSecond: less.ofSecond,
        make: async (own, other) => less.make(parsed(own), parsed(other))
      }
    })
  }
}

/** What makes a figure of what is read of one, and of that less what is read likewise of another. */
export function madeOfRead<P, R>(
  read: (source: FigureSource, params: P) => Promise<R>,
  made: (source: FigureSource, params: P, own: R, less: R | null) => MadeFigure
) {
  return {
    make: async (source: FigureSource, params: P) =>
      made(source, params, await read(source, params), null),
    less: async (own: FigureSide<P>, other: FigureSide<P>) =>
      made(
        own.source,
        own.params,
        await read(own.source, own.params),
        await read(other.source, other.params)
      )
  }
}

/**
 * That one can be taken from another, and that params of both are said once.
 * @param asked params of each
 * @throws LamellaError `invalid-argument` naming the view or the param that is not for the second
 */
export function checkLess(
  own: FigureView,
  other: FigureView,
  asked: readonly [AskedParams, AskedParams]
): FigureLess {
  const { less } = own
  const refuse = (what: string, hint = 'With --sides beside both are drawn.'): never => {
    throw new LamellaError('invalid-argument', what, hint)
  }
  if (less === undefined) return refuse(`${own.name}: one cannot be taken from the other`)
  if (!less.views.includes(other.name))
    refuse(`${other.name}: nothing of it can be taken from ${own.name}`)
  const { ofSecond } = other.less!
  const [first, second] = [own, other].map(({ params }, i) => params.parse(asked[i]) as AskedParams)
  for (const [name, value] of Object.entries(second!)) {
    if (ofSecond.includes(name) || JSON.stringify(value) === JSON.stringify(first![name])) continue
    const may =
      ofSecond.length === 0 ? '' : `; of its own the second may have ${ofSecond.join(', ')}`
    refuse(
      `${own.name}: ${name} is the same for both in a difference${may}`,
      `Leave out --with-set ${name}=… and say it by --set. With --sides beside each may have its own.`
    )
  }
  return less
}

/** One of two beside each other, as it is by itself. */
interface RangedSide {
  readonly view: FigureView
  readonly params: AskedParams
  readonly made: Pick<MadeFigure, 'spans'>
}

/** The `range` that two beside each other are drawn in, so that it means the same in both; null where each has its own. */
export function sharedRange(one: RangedSide, other: RangedSide): Spans | null {
  const { ranged, less, name } = one.view
  if (ranged === undefined || !(less?.views ?? [name]).includes(other.view.name)) return null
  const [own, second] = [one, other].map(
    ({ view, params }) => view.params.parse(params) as AskedParams
  ) as [AskedParams, AskedParams]
  // One that is asked for stays.
  if ([own, second].some(({ range = null }) => range !== null && range !== 'automatic')) return null
  if (ranged.some(name => JSON.stringify(own[name]) !== JSON.stringify(second[name]))) return null
  const [a, b] = [one.made.spans, other.made.spans]
  return a && b ? spannedByBoth(a, b) : null
}
