import type { BlockSpec, TransformerSpec } from '#common/model/spec.ts'
import type { Value } from '../../graph/graph.ts'
import { pairsOf } from '../rotary.ts'
import type { Construction } from './construction.ts'

/** Values that a block takes in besides the residual; null where it has no use for them. */
export interface BlockInputs {
  /** [pos], from 0 */
  readonly positions: Value
  /** [pos, pair] */
  readonly rotaryCos: Value | null
  readonly rotarySin: Value | null
  /** [head, key] */
  readonly alibi: Value | null
}

/** What `blockInputs` of block-inputs.ts gives, as inputs of the graph. */
export function inputsOf(within: Construction, spec: TransformerSpec, of: BlockSpec): BlockInputs {
  const { positions } = of.attention
  const table = (name: string) =>
    positions?.kind === 'rotary' ? within.input(name, ['pos', pairsOf(positions.dims)]) : null
  return {
    positions: within.input('positions', ['pos']),
    rotaryCos: table('rotary_cos'),
    rotarySin: table('rotary_sin'),
    alibi: positions?.kind === 'alibi' ? within.input('alibi', [spec.nHeads, 'pos']) : null
  }
}
