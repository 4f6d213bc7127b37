import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { againOfSides } from '#common/figure/again-of-sides.ts'
import { drawingsBeside, numbersBeside, saidBeside } from '#common/figure/figures-beside.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import {
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
import type { Sides } from '#common/model/sides.ts'
import type { Told } from './tell-result.ts'
import { runSource, warnOf } from './commands.ts'

/** A view, what it is of and how it is set. */
export interface AskedSide {
  readonly view: FigureView
  readonly params: AskedParams
  readonly model: ModelInfo
  readonly input: CorpusInput | undefined
  readonly edits: readonly Edit[]
  readonly provider: ProviderChoice
}

/** A figure, of one or of two. */
export interface AskedFigure extends AskedSide {
  /** Null where a figure is of one. */
  readonly other: AskedSide | null
  /** What is made of the two; null where the view compares them by itself. */
  readonly sides: Sides | null
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
  { other, sides, ...own }: AskedFigure,
  told: Pick<Told, 'version' | 'printError'>
): Promise<FigureMade> {
  for (const side of other === null ? [own] : [own, other]) checkRuns(side)
  const second = other && sourceOf(client, other, null, told)
  if (other === null || second === null || sides === null) {
    const made = await own.view.make(sourceOf(client, own, second, told), own.params)
    const again = {
      ...commandOf(own),
      ...(second && { with: second.model.name }),
      ...(second && own.view.of === 'two texts' && { withRun: await ranOf(second) })
    }
    return { ...made, from: { ...made.from, again } }
  }
  const source = sourceOf(client, own, null, told)
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
  if (view.less === undefined)
    throw new LamellaError(
      'invalid-argument',
      `${view.name}: one cannot be taken from the other`,
      'With --sides beside both are drawn.'
    )
  const made = await view.less(
    { source, view: view.name, params: own.params },
    { source: second, view: other.view.name, params: other.params }
  )
  const { of, less } = made.from
  const again = againOfSides(
    'difference',
    { again: commandOf(own), of },
    { again: commandOf(other), of: less! }
  )
  return { ...made, from: { ...made.from, again } }
}

/** Of a model that cannot run it is not known how many layers and heads there are, of which a figure asks first. */
function checkRuns({ view, model: { notRunnable, notRunnableHint, name } }: AskedSide): void {
  if ((view.of === 'text' || view.of === 'two texts') && notRunnable !== null)
    throw new LamellaError('unsupported', `${name}: ${notRunnable}`, notRunnableHint ?? undefined)
}

async function ranOf({ run }: FigureSource) {
  const { input, edits } = (await run()).source
  return { input, edits }
}

function commandOf({ view: { name: view }, params }: AskedSide) {
  return { view, params }
}

function madeOf(side: AskedSide, made: MadeFigure): FigureMade {
  return { ...made, from: { ...made.from, again: commandOf(side) } }
}

function runOptions(input: CorpusInput | undefined) {
  if (input === undefined) return {}
  if ('path' in input) return { textFile: input.path }
  return 'ids' in input ? { tokens: input.ids } : { text: input.text }
}

/** Runs the text once it is asked for, once. */
function sourceOf(
  client: Client,
  { model, input, edits: edit, provider }: AskedSide,
  other: FigureSource | null,
  { version, printError }: Pick<Told, 'version' | 'printError'>
): FigureSource {
  let run: Promise<Run> | null = null
  async function start(): Promise<Run> {
    const { id: runId } = await client.call('runs.start', {
      source: await runSource(model, { ...runOptions(input), edit, provider })
    })
    // Of a model that is streamed no block has run yet.
    const whole = await client.call('runs.complete', { runId })
    warnOf(model, whole, line => printError(`${line}\n`))
    return whole
  }
  const runOf = () => (run ??= start())
  const subjectOf = ({ path, fingerprint }: ModelInfo) => ({ model: { path, fingerprint } })
  return {
    model,
    other,
    version,
    run: runOf,
    windows: async () => windowsOfText(await runOf()),
    async analysis(name, params, reads = 'whole') {
      if (reads === 'weights') {
        return client.call('analysis.run', {
          ...{ name, params: Json.parse(params), of: subjectOf(model) },
          ...(other !== null && { with: subjectOf(other.model) })
        })
      }
      const { input, ...same } = (await runOf()).source
      const windows = typeof reads === 'string' ? {} : reads
      const corpus = reads === 'nothing' ? null : { inputs: [input], ...windows }
      const of = { ...same, corpus }
      return client.call('analysis.run', { name, params: Json.parse(params), of })
    },
    tokenizer: {
      vocabulary: query => client.call('text.vocabulary', { modelId: model.id, query }),
      split: text => client.call('text.tokenize', { modelId: model.id, text })
    }
  }
}
