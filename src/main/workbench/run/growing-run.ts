import type { CallContext } from '#common/contract/rpc.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { rotaryFrequencies } from '#common/model/rotary.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Engine } from '../../engine/client.ts'
import { carriedIsGone } from '../../engine/protocol.ts'
import type { BlockForward } from './forward.ts'
import { rowsOf } from './hook-values.ts'
import { pastPlaces } from './past.ts'
import type { RunRecord } from './run-record.ts'

/** Runs of a text that grows: of each only the new tokens run, for keys and values of those before lie in the engine. */
export interface GrowingRun {
  /**
   * The logits after all tokens of a run, [d_vocab].
   * @param record of the tokens of the one before and more, edited alike, as `whyWhole` allows
   */
  next(record: RunRecord, context: CallContext): Promise<Float32Array>
  /** Lets go of what lies in the engine. */
  end(): Promise<void>
}

/** Texts that have grown so far; what they leave in the engine is named after them. */
let texts = 0

export function createGrowingRun(
  engine: Engine,
  forward: Pick<BlockForward, 'after' | 'unembedded'>,
  { blocks }: TransformerSpec
): GrowingRun {
  const name = `text ${++texts}`
  /** How many tokens have their keys and values in the engine. */
  let held = 0

  /** The last residual, of the tokens that ran. */
  async function residual(record: RunRecord, context: CallContext): Promise<Tensor> {
    const { length } = record.run.tokens
    if (held === 0 || !turnsAlike(blocks, held, length))
      return forward.after(record, { name, count: 0 }, context)
    try {
      return await forward.after(record, { name, count: held }, context)
    } catch (error) {
      // Another's cancelling has replaced the process.
      if (toLamellaError(error).message !== carriedIsGone) throw error
      return forward.after(record, { name, count: 0 }, context)
    }
  }

  return {
    async next(record, context) {
      const rows = await residual(record, context)
      held = record.run.tokens.length
      const last = rowsOf(rows, [rows.shape[0]! - 1])
      return (await forward.unembedded(record, last, 'logits', context.signal)).data
    },

    async end() {
      // What an engine that died had is gone with it.
      await engine.forget(pastPlaces(name, blocks.length)).catch(() => undefined)
    }
  }
}

/** Whether keys are turned alike in texts of two lengths: some tables are stretched as the text gets longer. */
function turnsAlike(blocks: TransformerSpec['blocks'], a: number, b: number): boolean {
  return blocks.every(({ attention: { positions } }) => {
    if (positions?.kind !== 'rotary') return true
    const others = rotaryFrequencies(positions, b)
    return rotaryFrequencies(positions, a).every((frequency, i) => frequency === others[i])
  })
}
