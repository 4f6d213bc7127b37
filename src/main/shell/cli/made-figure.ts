import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
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
import type { Told } from './tell-result.ts'
import { runSource, warnOf } from './commands.ts'

/** A figure of a view: what it is of and how it is set. */
export interface AskedFigure {
  readonly view: FigureView
  readonly params: AskedParams
  readonly model: ModelInfo
  /** What it is compared with; null where a figure is of one model. */
  readonly other: ModelInfo | null
  readonly input: CorpusInput | undefined
  /** What the other model reads; the same where it is left out. */
  readonly otherInput?: CorpusInput | undefined
  /** Of the text; of the other model's where there are two. */
  readonly edits: readonly Edit[]
  readonly provider: ProviderChoice
}

/**
 * Computes what a figure of a view is drawn of.
 * @throws ZodError when the params are not its own; LamellaError `unsupported` where it is of a text that the model cannot run
 */
export async function madeFigure(
  client: Client,
  { view, params, model, other, input, otherInput = input, edits, provider }: AskedFigure,
  told: Pick<Told, 'version' | 'printError'>
): Promise<Omit<MadeFigure, 'from'> & { readonly from: Provenance }> {
  if (view.of === 'text' || view.of === 'two texts')
    for (const own of [model, other]) checkRuns(own)
  // What is compared is what is edited; the first is what it was.
  const own = { ...runOptions(input), provider, edit: view.of === 'two texts' ? [] : edits }
  const compared = { ...runOptions(otherInput), provider, edit: edits }
  const second = other && sourceOf(client, other, compared, null, told)
  const source = sourceOf(client, model, own, second, told)
  const made = await view.make(source, params)
  const again = {
    ...{ view: view.name, params },
    ...(other !== null && { with: other.name }),
    ...(view.of === 'two texts' && { withRun: await ranOf(source.other!) })
  }
  return { ...made, from: { ...made.from, again } }
}

/** Of a model that cannot run it is not known how many layers and heads there are, of which a figure asks first. */
function checkRuns(model: ModelInfo | null): void {
  const { notRunnable = null, notRunnableHint = null, name = '' } = model ?? {}
  if (notRunnable !== null)
    throw new LamellaError('unsupported', `${name}: ${notRunnable}`, notRunnableHint ?? undefined)
}

async function ranOf({ run }: FigureSource) {
  const { input, edits } = (await run()).source
  return { input, edits }
}

function runOptions(input: CorpusInput | undefined) {
  if (input === undefined) return {}
  if ('path' in input) return { textFile: input.path }
  return 'ids' in input ? { tokens: input.ids } : { text: input.text }
}

/** Runs the text once it is asked for, once. */
function sourceOf(
  client: Client,
  model: ModelInfo,
  options: Parameters<typeof runSource>[1],
  other: FigureSource | null,
  { version, printError }: Pick<Told, 'version' | 'printError'>
): FigureSource {
  let run: Promise<Run> | null = null
  async function start(): Promise<Run> {
    const { id: runId } = await client.call('runs.start', {
      source: await runSource(model, options)
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
