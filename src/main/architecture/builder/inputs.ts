import { pairsOf } from '#common/model/rotary.ts'
import type { BlockSpec, TransformerSpec } from '#common/model/spec.ts'
import type { Value } from '../../graph/graph.ts'
import { sumOf } from '../../graph/shapes.ts'
import type { Construction } from './construction.ts'

/** Values that a block takes in besides the residual; null where it has no use for them. */
export interface BlockInputs {
  /** [pos], from 0; of what runs after a past from where that ends */
  readonly positions: Value
  /** [key]: the same, and those of the past before them */
  readonly keyPositions: Value
  /** [key]: 1, or 0 for padding, which no query sees */
  readonly seenKeys: Value | null
  /** [pos, pair] */
  readonly rotaryCos: Value | null
  readonly rotarySin: Value | null
  /** [head, key] */
  readonly alibi: Value | null
  /** Of the tokens before: keys, turned where positions turn them, and values, each [past, kv_head, d_head]. */
  readonly past: { readonly key: Value; readonly value: Value } | null
}

/** The inputs by which a block takes keys and values of the tokens before, and the outputs that give those of all. */
export const pastInputs = { key: 'past_k', value: 'past_v' } as const
export const presentOutputs = { key: 'present_k', value: 'present_v' } as const

/**
 * What `blockInputs` and `seenKeys` of block-inputs.ts give, as inputs of the graph.
 * @param afterPast whether what runs comes after a past
 */
export function inputsOf(
  within: Construction,
  spec: TransformerSpec,
  of: BlockSpec,
  afterPast: boolean
): BlockInputs {
  const { positions: placed } = of.attention
  const heads = ['past', spec.nKeyValueHeads, spec.dHead]
  const keyCount = afterPast ? sumOf('past', 'pos') : 'pos'
  const table = (name: string) =>
    placed?.kind === 'rotary' ? within.input(name, ['pos', pairsOf(placed.dims)]) : null
  const positions = within.input('positions', ['pos'])
  return {
    positions,
    keyPositions: afterPast ? within.input('key_positions', [keyCount]) : positions,
    seenKeys: spec.padding === null ? null : within.input('seen_keys', [keyCount]),
    rotaryCos: table('rotary_cos'),
    rotarySin: table('rotary_sin'),
    alibi: placed?.kind === 'alibi' ? within.input('alibi', [spec.nHeads, keyCount]) : null,
    past: afterPast
      ? { key: within.input(pastInputs.key, heads), value: within.input(pastInputs.value, heads) }
      : null
  }
}
