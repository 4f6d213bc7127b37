import { LamellaError } from '#common/model/errors.ts'
import type { GraphProto, ValueInfoProto } from '../../onnx/onnx_pb.js'
import { shown } from './refuse-foreign.ts'

/** What a run hands a graph under one name. */
export interface OnnxInput {
  readonly name: string
  readonly type: OnnxInputType
  readonly fill: Fill
  /** `length` is the number of tokens. */
  readonly shape: readonly (number | 'length')[]
}

export type OnnxInputType = 'float32' | 'float16' | 'int64' | 'int32' | 'bool'

/**
 * `ids` are the tokens', `positions` count from 0, `length` is the number of tokens and `last` the position of the last one; all
 * else is one number throughout.
 */
export type Fill = 'ids' | 'positions' | 'length' | 'last' | 0 | 1

const types: Readonly<Record<number, OnnxInputType>> = {
  1: 'float32',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16'
}

/** What inputs are called and what they get. */
const known: readonly (readonly [RegExp, Fill])[] = [
  [/^(input_ids|input|inputs|ids|tokens|idx|x)$/i, 'ids'],
  [/^(attention_mask|input_mask|mask)$/i, 1],
  [/^(position_ids|positions|cache_position)$/i, 'positions'],
  [/^(token_type_ids|segment_ids)$/i, 0],
  [/^(use_cache_branch|num_logits_to_keep)$/i, 0],
  // What operators with grouped queries are told of a batch in place of a mask.
  [/^seqlens_k$/i, 'last'],
  [/^total_(sequence_length|seq_len)$/i, 'length']
]

/** A cache of keys and values from an earlier text, given empty. */
const cache =
  /^past(_key(_value)?s?|_value|_sequence_length)?\b|^past[._]|^(cache|past)_(key|value)/i

/**
 * What a graph is to be fed with a text, and the only length it takes, if there is one.
 * @throws LamellaError `unsupported` naming an input that a text does not give
 */
export function inputsOf(
  graph: GraphProto,
  label: string
): { readonly inputs: readonly OnnxInput[]; readonly fixedLength: number | null } {
  const given = new Set(graph.initializer.map(({ name }) => name))
  const inputs: OnnxInput[] = []
  let fixedLength: number | null = null
  for (const info of graph.input.filter(({ name }) => !given.has(name))) {
    const { name } = info
    const { type, dims } = tensorOf(info)
    const refuse = (cause: string) =>
      new LamellaError(
        'unsupported',
        `${label}: its input ${shown(name)} ${cause}`,
        'Its weights can be looked at.'
      )
    if (type === undefined) throw refuse('is of a type that is not fed')
    const fill = known.find(([pattern]) => pattern.test(name))?.[1]
    if (fill === undefined && cache.test(name)) {
      if (dims === null) throw refuse('has no shape')
      const shape = emptyCache(dims)
      if (shape.filter(length => length === 0).length > 1)
        throw refuse('leaves more than the length of the past open')
      inputs.push({ name, type, fill: 0, shape })
      continue
    }
    if (fill === undefined) throw refuse('is none that a text gives')
    if ((dims?.length ?? 2) > 2)
      throw refuse(`has ${dims?.length} axes, expected [batch, position]`)
    const [batch, length] = dims ?? [null, null]
    const isScalar =
      fill === 'length' ||
      fill === 'last' ||
      name === 'use_cache_branch' ||
      name === 'num_logits_to_keep'
    if (isScalar) inputs.push({ name, type, fill, shape: dims?.length === 0 ? [] : [1] })
    else if (dims?.length === 1) inputs.push({ name, type, fill, shape: ['length'] })
    else {
      if (batch !== null && batch !== 1) throw refuse(`takes ${batch} texts at once`)
      if (fill === 'ids') fixedLength = length ?? null
      inputs.push({ name, type, fill, shape: [1, 'length'] })
    }
  }
  if (!inputs.some(({ fill }) => fill === 'ids'))
    throw new LamellaError('unsupported', `${label}: its graph has no input for token ids`)
  return { inputs, fixedLength }
}

/**
 * A cache of no positions: the batch is one text, and the axis of unknown length has none. Fused operators take keys and values in
 * one, [2, batch, head, past, d_head].
 */
function emptyCache(dims: readonly (number | null)[]): number[] {
  const batch = dims.length === 5 && dims[0] === 2 ? 1 : 0
  return dims.map((dim, axis) => dim ?? (axis === batch ? 1 : 0))
}

/** Element type and axes of an input; null for an axis, or all of them, that the graph leaves open. */
function tensorOf({ type }: ValueInfoProto): {
  readonly type: OnnxInputType | undefined
  readonly dims: readonly (number | null)[] | null
} {
  if (type?.value.case !== 'tensorType') return { type: undefined, dims: null }
  const { elemType, shape } = type.value.value
  const dims = shape?.dim.map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : null
  )
  return { type: types[elemType], dims: dims ?? null }
}
