import type { Needs, Taken } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { checkIndex } from '#common/model/check-index.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { eachLogits } from '../run/each-logits.ts'
import type { Forward } from '../run/forward.ts'
import type { RunRecord } from '../run/run-record.ts'
import { isOnnx, type Runnable } from '../run/runnable.ts'

type Take = (taken: Taken) => Promise<void>

/** Runs whose values are handed over. */
export interface WindowRuns {
  /** Values of a run that is looked at: they come from the trace cache, or are kept there. */
  kept(record: RunRecord<Runnable>, needs: Needs, take: Take, context: CallContext): Promise<void>
  /** Values of a run that is gone through once, float32 as computed; none is kept. */
  visited(
    record: RunRecord<Runnable>,
    needs: Needs,
    take: Take,
    context: CallContext
  ): Promise<void>
}

export function createWindowRuns(forward: Forward<Runnable>): WindowRuns {
  return {
    async kept(record, needs, take, context) {
      await eachValue(forward, record, needs.hooks, false, take, context)
      await someLogits(record, needs, take, positions => forward.logits(record, positions, context))
    },

    async visited(record, needs, take, context) {
      if (isAtHand(forward, record, needs)) {
        await eachValue(forward, record, needs.hooks, true, take, context)
        return
      }
      const hand = (hook: string, value: Tensor) => take(handed(hook, value))
      const logits = await forward.visit(record, needs.hooks, hand, context)
      await someLogits(record, needs, take, logits)
    }
  }
}

/** Whether a run has been made whose residuals are kept, so that a few of its blocks are soon looked at by themselves. */
function isAtHand(
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  { hooks, logits }: Needs
): boolean {
  const { model } = record
  if (isOnnx(model) || logits !== null || hooks.length * 2 > model.spec.blocks.length) return false
  return forward.isComplete(record)
}

async function eachValue(
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  hooks: readonly string[],
  exact: boolean,
  take: Take,
  context: CallContext
): Promise<void> {
  for (const hook of hooks)
    await take(handed(hook, await forward.value(record, hook, { exact }, context)))
}

/** What is taken leaves this thread for good, and a residual is still wanted here. */
function handed(hook: string, { shape, data }: Tensor): Taken {
  const isResidual = /hook_resid_(pre|post)$/.test(hook)
  return { kind: 'hook', hook, shape, data: isResidual ? data.slice() : data }
}

async function someLogits(
  record: RunRecord<Runnable>,
  { logits: wanted }: Needs,
  take: Take,
  logits: (positions: readonly number[]) => Promise<Tensor>
): Promise<void> {
  const count = record.run.tokens.length
  if (wanted === null) return
  if (wanted === 'every') {
    await eachLogits(count, logits, rows => take({ kind: 'logits', ...rows }))
    return
  }
  const position = wanted === 'last' ? count - 1 : wanted
  checkIndex('position', position, count)
  const { data } = await logits([position])
  await take({ kind: 'logits', start: position, rows: 1, data })
}
