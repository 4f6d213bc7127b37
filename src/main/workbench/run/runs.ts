import type { CallContext, Handlers } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { cancelled } from '#common/model/errors.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { OpenModels } from '../model/open-models.ts'
import { createSharedWork } from '../shared-work.ts'
import type { StatusBoard } from '../status.ts'
import { firstNonFinite } from './first-non-finite.ts'
import type { Forward } from './forward.ts'
import type { Generate } from './generate.ts'
import type { Gradients } from './gradients.ts'
import { createKnownRuns } from './known-runs.ts'
import type { MemoryBudget } from './memory-budget.ts'
import type { ProviderChoices } from './provider.ts'
import type { RunRecord } from './run-record.ts'
import { runnable, type Runnable } from './runnable.ts'
import { checkLength, type Sources } from './sources.ts'

/** The runs of the open models and what is asked of them. */
export interface Runs {
  readonly handlers: Pick<
    Handlers,
    | 'runs.start'
    | 'runs.estimate'
    | 'runs.complete'
    | 'runs.value'
    | 'runs.gradient'
    | 'runs.generate'
  >
  /** A run of an open model as it is known, or one that nothing has been computed of yet. */
  made(source: RunSource, context: CallContext): Promise<RunRecord<Runnable>>
}

export function createRuns(
  models: OpenModels,
  sources: Sources,
  forward: Forward<Runnable>,
  gradients: Gradients<Runnable>,
  generate: Generate,
  providers: ProviderChoices,
  budget: MemoryBudget,
  status: StatusBoard
): Runs {
  const known = createKnownRuns()
  const finishing = createSharedWork<Pick<Run, 'milliseconds' | 'firstNonFinite'>>()
  models.onClose(model => known.forget(model))

  function keep(record: RunRecord<Runnable>): Run {
    // What the engine had begun it has finished; nothing would make it forgotten.
    if (!models.isOpen(record.model)) throw cancelled()
    known.keep(record)
    status.changed()
    return record.run
  }

  /** Does something with a run of a model that is open and whose files are still those that were opened. */
  async function ask<R>(
    runId: string,
    context: CallContext,
    answer: (record: RunRecord<Runnable>, context: CallContext) => Promise<R>
  ): Promise<R> {
    const record = known.get(runId)
    return models.use(record.model, context, within => answer(record, within))
  }

  /** Runs what has not run yet. Who asks for a run that is under way waits for that one. */
  async function finish(record: RunRecord<Runnable>, context: CallContext): Promise<Run> {
    const key = `${record.run.modelId} ${record.run.id}`
    const found = await finishing.of(key, context, async context => {
      const isKept = await forward.isComplete(record)
      const start = performance.now()
      const last = await forward.run(record, context)
      const milliseconds = isKept ? 0 : performance.now() - start
      return {
        milliseconds,
        firstNonFinite: await firstNonFinite(last, forward, record, context)
      }
    })
    return keep({ ...record, run: { ...record.run, ...found, complete: true } })
  }

  async function start(source: RunSource, context: CallContext): Promise<Run> {
    const model = runnable(models.resolve(source.model))
    return models.use(model, context, async within => {
      const { record, reason } = await sources.open(model, source, within)
      const { provider } = record.run.source
      status.use(provider, reason)
      if (budget.holds(model, provider) || (await forward.isComplete(record)))
        return finish(record, within)
      return keep(record)
    })
  }

  return {
    async made(source, context) {
      const model = runnable(models.resolve(source.model))
      const { record } = await sources.open(model, source, context)
      return known.find(record.run.id) ?? record
    },

    handlers: {
      'runs.start': ({ source }, context) => start(source, context),

      async 'runs.estimate'({ modelId, tokens, provider: choice }, context) {
        const model = runnable(models.get(modelId))
        checkLength(model, tokens)
        return models.use(model, context, async ({ signal }) => {
          const { provider } = await providers.choose(model, choice)
          return budget.estimate(model, provider, tokens, signal)
        })
      },

      'runs.complete': ({ runId }, context) => ask(runId, context, finish),

      'runs.value': ({ runId, hook, index, exact }, context) =>
        ask(runId, context, async (record, within) => {
          const value = await forward.value(record, hook, { exact, index }, within)
          status.changed()
          return plain(value)
        }),

      'runs.gradient': ({ runId, target, hooks }, context) =>
        ask(runId, context, async (record, within) => {
          const { embed, rows, ...found } = await gradients.of(record, target, hooks, within)
          status.changed()
          return {
            ...found,
            embed: plain(embed),
            rows: { ids: [...rows.ids], gradient: plain(rows.gradient) },
            hooks: Object.fromEntries(
              [...found.hooks].map(([hook, value]) => [hook, plain(value)])
            ),
            scales: [...found.scales]
          }
        }),

      async 'runs.generate'({ source, ...options }, context) {
        const model = runnable(models.resolve(source.model))
        return models.use(model, context, within => generate(model, { source, ...options }, within))
      }
    }
  }
}

/** A value as the contract has it. */
function plain({ shape, data }: { shape: readonly number[]; data: Float32Array }) {
  return { shape: [...shape], data }
}
