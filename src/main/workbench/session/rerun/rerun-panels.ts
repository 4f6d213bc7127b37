import type { ModelInfo } from '#common/contract/schemas.ts'
import {
  areOfOne,
  datasetDifference,
  likeDifference,
  sharedDifference
} from '#common/data/difference.ts'
import { drawingDifference } from '#common/figure/drawing-difference.ts'
import type { FigureMaker } from '#common/figure/made/figure-maker.ts'
import {
  givenParams,
  madeFigure,
  secondOf,
  type FigureReading
} from '#common/figure/made/made-figure.ts'
import { madeNumbersBeside } from '#common/figure/made/made-numbers.ts'
import { panelReader, type PanelContent } from '#common/figure/panels/panel-content.ts'
import { panelLetter, panelMark } from '#common/figure/panels/panel-letter.ts'
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
import { saidCut, type Reading } from '#common/analysis/subject.ts'
import { subjectOfModel } from '#common/analysis/subject-of-model.ts'
import { Json } from '#common/model/json.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { refuseStrayFolder } from '#common/model/stray-folder.ts'
import { ProviderChoice } from '#common/model/provider.ts'
import { counted } from '#common/text/number-text.ts'
import type { KeptSession } from '../kept-session.ts'
import { modelOf, type Compared, type Remaking, type RerunOf } from './remaking.ts'

/** How many panels the figures of a session have. */
export function panelsToRerun({ content }: Pick<KeptSession, 'content'>): number {
  return sessionFigures(content.figures).reduce((sum, { panels }) => sum + panels.length, 0)
}

/** Makes the panels of a session's figures again, one after the other. */
export async function rerunPanels(
  { kept: session, call, open, step, comparisons }: Remaking,
  version: string
): Promise<void> {
  const maker: FigureMaker = {
    ...{ version, call },
    analysis: asked => call('analysis.run', asked),
    // What there is to warn of was said as they were made first.
    ran: () => undefined
  }
  const figures = sessionFigures(session.content.figures)
  for (const { name, panels, lettering } of figures) {
    const read = panelReader()
    for (const [i, panel] of panels.entries()) {
      const what = `panel ${panelMark(i, panelLetter(i, lettering))} of “${name}”`
      step(`Making ${what}`)
      const of = { what, models: [], edits: [], params: null, cut: null }
      await comparisons.add({ ...of, precision: 'float32' }, async known =>
        compare(what, (await read(panel.content)).content, known)
      )
    }
  }
  const others = session.content.figures.length - figures.length
  if (others > 0) comparisons.leave(counted(others, 'figure'), 'of another version of Lamella')

  async function compare(
    what: string,
    kept: PanelContent,
    known: (more: Partial<RerunOf>) => void
  ): Promise<Compared> {
    const command = commandOf(kept)
    if (typeof command === 'string') return { why: command }
    const { from, asked } = command
    known({
      precision: from.precision,
      edits: [...from.of.edits],
      cut: from.of.cut ?? null,
      params: Json.parse(givenParams(asked.params))
    })
    const refs = modelsOf(from, asked)
    known({ models: refs })
    const infos: ModelInfo[] = []
    for (const ref of refs) infos.push(await open(ref))
    for (const params of [asked.params, asked.withParams ?? {}]) refuseStrayFolder(params, infos)
    const [model, ...others] = infos
    const difference =
      'view' in asked
        ? await figureDifference(what, kept, asked, from, model!, others)
        : await numbersDifference(kept, asked, from, model!, others)
    if ('analysis' in asked)
      comparisons.leave(`the picture of ${what}`, 'its command makes numbers alone')
    return difference ?? { why: 'it is drawn of no numbers' }
  }

  /** The models that a panel is of, as the session knows them now. @throws LamellaError where it does not */
  function modelsOf({ of, less, beside }: Provenance, asked: Asked): ModelRef[] {
    const other = asked.with === undefined ? [] : [{ name: asked.with, files: less ?? beside }]
    const also = 'view' in asked ? (asked.also ?? []) : []
    const further = also.map(name => ({ name, files: undefined }))
    const all = [{ name: of.model, files: of }, ...other, ...further]
    return all.map(({ name, files }) =>
      modelOf(session, name, own =>
        files === undefined ? own.name === name : own.fingerprint === files.fingerprint
      )
    )
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
    const also = further.map(model => ({ ...own, model }))
    const made = await madeFigure(maker, { ...own, sides: sides ?? null, other, also })
    const drawn = made.kept()
    const difference = drawn && drawingDifference(kept.drawing, drawn)
    const whole = made.dataset()
    // Beside what is drawn of numbers may stand those of the view as a whole.
    if (difference !== null && kept.numbers !== null && !areOfOne(kept.numbers, whole)) {
      const { difference: ofNumbers, left: names } = likeDifference(kept.numbers, whole)
      if (names.length > 0)
        comparisons.leave(
          `${names.join(', ')} of ${what}`,
          'its command does not make these numbers'
        )
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
      const both = await madeNumbersBeside(maker, own, other)
      return numbers && sharedDifference(numbers, both)
    }
    const { reads, provider, edits } = own
    const cut = { window: null, stride: null, ...saidCut(reads) }
    const now = await call('analysis.run', {
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

/** What a panel read. */
function readsOf({ input, corpus, cut }: Reading): FigureReading {
  const inputs = corpus?.inputs ?? (input === null ? [] : [input])
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
