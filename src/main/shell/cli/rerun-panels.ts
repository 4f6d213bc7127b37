import { z } from 'zod'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { OpenSession, Rerun, SessionModel } from '#common/contract/session.ts'
import {
  areOfOne,
  datasetDifference,
  likeDifference,
  sharedDifference
} from '#common/data/difference.ts'
import { drawingDifference } from '#common/figure/drawing-difference.ts'
import { panelContent, type PanelContent } from '#common/figure/panels/panel-content.ts'
import { panelLetter } from '#common/figure/panels/panel-letter.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import {
  folderOf,
  type AnalysisCommand,
  type CommandParams,
  type FigureCommand,
  type Origin,
  type Provenance
} from '#common/figure/provenance.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { withInputs } from '#common/analysis/inputs-in-params.ts'
import { saidCut, type CorpusInput, type Reading } from '#common/analysis/subject.ts'
import { refuseOtherMachine } from '#common/model/absence.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { Json } from '#common/model/json.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { refuseStrayFolder } from '#common/model/stray-folder.ts'
import { ProviderChoice } from '#common/model/provider.ts'
import { counted } from '#common/text/number-text.ts'
import { subjectOfModel } from './analysis-run.ts'
import { madeNumbersBeside } from './made-numbers.ts'
import { givenParams, madeFigure, secondOf, type FigureReading } from './made-figure.ts'
import { sessionModelOf, type ReopenModel } from './reopen-model.ts'
import type { Told } from './tell-result.ts'

/** What nothing computes again, and why. */
export interface LeftOut {
  readonly what: string
  readonly why: string
}

/** What parts of a session came to as they were made again, and what of them was not. */
export interface Compared {
  readonly again: readonly Rerun[]
  readonly left: readonly LeftOut[]
}

/**
 * Makes the panels of a session's figures again, one after the other.
 * @param client of a workbench that has the session open no more: what it keeps stands in for models that are not there
 * @param step is told each one before it is made
 */
export async function rerunPanels(
  client: Client,
  { content, models }: Pick<OpenSession, 'content' | 'models'>,
  version: Told['version'],
  open: ReopenModel,
  step: (what: string, done: number, total: number) => void
): Promise<Compared> {
  const again: Rerun[] = []
  const left: LeftOut[] = []
  // What there is to warn of was said as they were made first.
  const quiet = { version, printError: () => undefined }
  const figures = sessionFigures(content.figures)
  const total = figures.reduce((sum, { panels }) => sum + panels.length, 0)
  let done = 0
  for (const { name, panels, lettering } of figures)
    for (const [i, panel] of panels.entries()) {
      const what = `panel ${panelLetter(i, lettering) || i + 1} of “${name}”`
      step(what, done++, total)
      await compare(what, panel.content)
    }
  const others = content.figures.length - figures.length
  if (others > 0)
    left.push({ what: counted(others, 'figure'), why: 'of another version of Lamella' })
  return { again, left }

  async function compare(what: string, packed: string): Promise<void> {
    let of: Omit<Rerun, 'difference' | 'problem'> = {
      ...{ what, models: [], edits: [], params: null, cut: null },
      precision: 'float32'
    }
    try {
      const kept = await panelContent(packed)
      const command = commandOf(kept)
      if (typeof command === 'string') {
        left.push({ what, why: command })
        return
      }
      const { from, asked } = command
      const { precision } = from
      of = {
        ...of,
        precision,
        edits: [...from.of.edits],
        cut: from.of.cut ?? null,
        params: Json.parse(givenParams(asked.params))
      }
      const known = modelsOf(from, asked)
      of = { ...of, models: known.map(({ ref }) => ref) }
      const infos: ModelInfo[] = []
      for (const model of known) infos.push(await open(model))
      for (const params of [asked.params, asked.withParams ?? {}]) refuseStray(params, infos)
      const [model, ...others] = infos
      const difference =
        'view' in asked
          ? await figureDifference(what, kept, asked, from, model!, others)
          : await numbersDifference(kept, asked, from, model!, others)
      if (difference === null) left.push({ what, why: 'it is drawn of no numbers' })
      else again.push({ ...of, difference, problem: null })
      if ('analysis' in asked)
        left.push({ what: `the picture of ${what}`, why: 'its command makes numbers alone' })
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code === 'cancelled' || error.code === 'disconnected') throw error
      // Settings of a stranger's file are of no view's kind.
      const problem = thrown instanceof z.ZodError ? firstFault(thrown) : error.message
      again.push({ ...of, difference: null, problem })
    }
  }

  /** The models that a panel is of, as the session knows them now. @throws LamellaError where it does not */
  function modelsOf({ of, less, beside }: Provenance, asked: Asked): SessionModel[] {
    const other = asked.with === undefined ? [] : [{ name: asked.with, files: less ?? beside }]
    const also = 'view' in asked ? (asked.also ?? []) : []
    const further = also.map(name => ({ name, files: undefined }))
    const all = [{ name: of.model, files: of }, ...other, ...further]
    return all.map(({ name, files }) => {
      if (files !== undefined) return sessionModelOf(models, { model: files, modelName: name })
      const known = models.find(own => own.name === name)
      if (known === undefined)
        throw new LamellaError('not-found', `the session has no ${name} that it is of`)
      return known
    })
  }

  async function figureDifference(
    what: string,
    kept: PanelContent,
    { view, sides, withView, ...said }: FigureCommand,
    { of }: Provenance,
    model: ModelInfo,
    [second, ...further]: readonly ModelInfo[]
  ): Promise<number | null> {
    const own = { view: figureViewNamed(view), ...askedOf(of, said.params, model) }
    const other =
      sides === undefined && second === undefined
        ? null
        : secondOf(
            { ...own, view: withView === undefined ? own.view : figureViewNamed(withView) },
            secondSaid(said, second)
          )
    const made = await madeFigure(
      client,
      { ...own, sides: sides ?? null, other, also: further.map(model => ({ ...own, model })) },
      quiet
    )
    const drawn = made.kept()
    const difference = drawn && drawingDifference(kept.drawing, drawn)
    const whole = made.dataset()
    // Beside what is drawn of numbers may stand those of the view as a whole.
    if (difference !== null && kept.numbers !== null && !areOfOne(kept.numbers, whole)) {
      const { difference: ofNumbers, left: names } = likeDifference(kept.numbers, whole)
      if (names.length > 0)
        left.push({
          what: `${names.join(', ')} of ${what}`,
          why: 'its command does not make these numbers'
        })
      return Math.max(difference, ofNumbers ?? 0)
    }
    const numbers = kept.numbers && datasetDifference(kept.numbers, whole)
    return difference === null || numbers === null
      ? (difference ?? numbers)
      : Math.max(difference, numbers)
  }

  async function numbersDifference(
    { numbers }: PanelContent,
    { analysis, sides, ...said }: AnalysisCommand,
    { of }: Provenance,
    model: ModelInfo,
    [second]: readonly ModelInfo[]
  ): Promise<number | null> {
    const own = { analysis, ...askedOf(of, said.params, model) }
    if (sides === 'beside') {
      const other = secondOf(own, secondSaid(said, second))
      const both = await madeNumbersBeside(client, own, other, quiet)
      return numbers && sharedDifference(numbers, both)
    }
    const { reads, provider, edits } = own
    const cut = { window: null, stride: null, ...saidCut(reads) }
    const now = await client.call('analysis.run', {
      ...{ name: analysis, params: Json.parse(own.params) },
      of: subjectOfModel(model, { inputs: reads.inputs, ...cut, provider }, edits),
      with: second ? { model: refOf(second) } : null
    })
    return numbers && sharedDifference(numbers, now)
  }
}

type Asked = FigureCommand | AnalysisCommand

/** What makes a panel again, or why nothing does that could be compared with it. */
function commandOf({
  from,
  numbers
}: PanelContent): { readonly from: Provenance; readonly asked: Asked } | string {
  if (from === null) return 'it does not say what it is of'
  const { again } = from
  if ('none' in again) return again.none
  if ('command' in again) return 'its command prints what it is drawn of, and makes no figure'
  if ('analysis' in again && numbers === null)
    return 'its command makes numbers, of which it keeps none'
  if (folderOf(again) !== null)
    return 'it is of a HeadVis folder, of which the session keeps nothing'
  if ('view' in again && isOfUntoldCells(again))
    return 'its command does not say of how many cells it is'
  return { from: { ...from, again }, asked: again }
}

/** @throws LamellaError where params name a folder or files that are not for a stranger's file to say */
function refuseStray(params: CommandParams, models: readonly ModelInfo[]): void {
  refuseStrayFolder(params, models)
  withInputs(params, refuseOthers)
}

/** @throws LamellaError where a file lies on another machine, which would be told who asks */
function refuseOthers(inputs: readonly CorpusInput[]): readonly CorpusInput[] {
  for (const own of inputs) if ('path' in own) refuseOtherMachine(own.path)
  return inputs
}

/** What was asked of a model. */
function askedOf(of: Origin, params: CommandParams, model: ModelInfo) {
  const { edits, provider } = of
  const reads = readsOf(of)
  return { params: givenParams(params), model, edits, reads, provider: providerOf(provider) }
}

/** What of the second of two is said. */
function secondSaid(
  { params, withParams, withRun }: Pick<FigureCommand, 'params' | 'withParams' | 'withRun'>,
  model: ModelInfo | undefined
) {
  return {
    ...{ params: { ...params, ...withParams }, model, edits: withRun?.edits },
    reads: withRun && readsOf(withRun),
    provider: withRun?.provider === undefined ? undefined : providerOf(withRun.provider)
  }
}

function refOf({ path, fingerprint }: ModelInfo): ModelRef {
  return { path, fingerprint }
}

/** What a panel read. @throws LamellaError where it lies on another machine */
function readsOf({ input, corpus, cut }: Reading): FigureReading {
  const inputs = refuseOthers(corpus?.inputs ?? (input === null ? [] : [input]))
  return { inputs, name: corpus?.name ?? null, window: null, stride: null, ...cut }
}

/** Of what is of the weights alone nothing is said. */
function providerOf(provider: string): ProviderChoice {
  return ProviderChoice.catch('auto').parse(provider)
}

/** Commands of maps of weights once left out how many cells had room. */
function isOfUntoldCells({ view, params: { form = 'map', cells } }: FigureCommand): boolean {
  return view === 'tensor' && form === 'map' && cells === undefined
}
