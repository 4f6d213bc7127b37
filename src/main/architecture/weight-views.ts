import { LamellaError } from '#common/model/errors.ts'
import type { BlockSpec, LinearSpec, TransformerSpec } from '#common/model/spec.ts'
import type { TensorWindow } from '#common/model/tensor.ts'
import type { weightOwners } from '#common/model/weight-view.ts'
import {
  weightRoles,
  type WeightAddress,
  type WeightRole,
  type WeightView
} from '#common/model/weight-view.ts'
import { mlpInputs } from './mlp-inputs.ts'
import { placeOfHead, placeOn, queryKeyValue, type ProjectionName } from './query-key-value.ts'

/**
 * Where a weight lies.
 * @returns null when the model has none: no such bias, no gate, no learned positions, no head that gives logits
 * @throws LamellaError `invalid-argument` when a layer or a head is outside, missing or too much
 */
export function weightView(spec: TransformerSpec, address: WeightAddress): WeightView | null {
  const { role, layer, head } = address
  const row = table[role]
  checkIndex(role, 'layer', layer, row.of === 'model' ? null : spec.blocks.length)
  checkIndex(role, 'head', head, headsOf(row, spec))
  const lies = windowOf(row, spec, layer, head)
  if (lies === null) return null
  const own = lies.size.slice(-weightRoles[role].length)
  return { ...address, shape: lies.transposed ? own.toReversed() : own, lies }
}

/** Some entries of an axis. */
interface Span {
  readonly start: number
  readonly size: number
}

type Found = TensorWindow | null

type Row =
  | { readonly of: 'model'; readonly lies: (spec: TransformerSpec) => Found }
  | { readonly of: 'block'; readonly lies: (spec: TransformerSpec, block: BlockSpec) => Found }
  | {
      readonly of: 'head' | 'key/value head'
      readonly lies: (spec: TransformerSpec, block: BlockSpec, head: number) => Found
    }

type Owned<O> = Row & { readonly of: O }

const table: { readonly [R in WeightRole]: Owned<(typeof weightOwners)[R]> } = {
  W_E: {
    of: 'model',
    lies({ embedding: { tokens, stored, width }, dVocab, dModel }) {
      const columns = width ?? dModel
      if (stored === 'token,width') return rows(tokens, whole(dVocab), columns)
      return { tensor: tokens, start: [0, 0], size: [columns, dVocab], transposed: true }
    }
  },
  W_pos: {
    of: 'model',
    lies({ embedding: { positions, width, projection }, blocks, nCtx, dModel }) {
      const within = blocks[0]!.attention.positions
      if (within?.kind === 'shortformer') return rows(within.table, whole(nCtx), dModel)
      if (positions?.kind !== 'learned') return null
      const columns = projection?.of === 'tokens' ? dModel : (width ?? dModel)
      return rows(positions.table, { start: positions.offset, size: nCtx }, columns)
    }
  },
  W_Q: { of: 'head', lies: projectionMatrix('query') },
  b_Q: { of: 'head', lies: projectionBias('query') },
  W_K: { of: 'key/value head', lies: projectionMatrix('key') },
  b_K: { of: 'key/value head', lies: projectionBias('key') },
  W_V: { of: 'key/value head', lies: projectionMatrix('value') },
  b_V: { of: 'key/value head', lies: projectionBias('value') },
  W_O: {
    of: 'head',
    lies: ({ dModel, dHead }, { attention: { output } }, head) =>
      output && matrix(output, { start: head * dHead, size: dHead }, whole(dModel), dHead)
  },
  b_O: {
    of: 'block',
    lies: ({ dModel, dHead }, { attention: { output } }) =>
      output && bias(output, whole(dModel), dHead)
  },
  W_gate: { of: 'block', lies: mlpMatrix('gate') },
  b_gate: { of: 'block', lies: mlpBias('gate') },
  W_in: { of: 'block', lies: mlpMatrix('input') },
  b_in: { of: 'block', lies: mlpBias('input') },
  W_out: {
    of: 'block',
    lies: ({ dModel, dMlp }, { mlp }) => mlp && matrix(mlp.output, whole(dMlp), whole(dModel))
  },
  b_out: { of: 'block', lies: ({ dModel }, { mlp }) => mlp && bias(mlp.output, whole(dModel)) },
  W_U: {
    of: 'model',
    lies: spec => {
      const { unembedding, dModel } = spec
      if (unembedding === null) return null
      const width = unembedding.transform?.width ?? dModel
      return matrix(unembedding.output, whole(width), whole(logitsOf(spec)))
    }
  },
  b_U: {
    of: 'model',
    lies: spec => spec.unembedding && bias(spec.unembedding.output, whole(logitsOf(spec)))
  },
  w_ln_final: {
    of: 'model',
    lies: ({ finalNorm, dModel }) =>
      typeof finalNorm?.scale === 'string'
        ? { tensor: finalNorm.scale, start: [0], size: [dModel], transposed: false }
        : null
  }
}

function projectionMatrix(name: ProjectionName) {
  return (spec: TransformerSpec, { attention }: BlockSpec, head: number): Found => {
    const { dModel, dHead } = spec
    const projection = queryKeyValue(attention.projections, spec)[name]
    const { matrix: of, place } = placeOfHead(projection, head)
    return matrix(of, whole(dModel), { start: place * dHead, size: dHead }, dHead)
  }
}

function projectionBias(name: ProjectionName) {
  return (spec: TransformerSpec, { attention }: BlockSpec, head: number): Found => {
    const { dHead } = spec
    const projection = queryKeyValue(attention.projections, spec)[name]
    const shared = projection.bias
    if (shared !== null) {
      const start = placeOn(shared.axis, head) * dHead
      return { tensor: shared.tensor, start: [start], size: [dHead], transposed: false }
    }
    const { matrix: of, place } = placeOfHead(projection, head)
    return bias(of, { start: place * dHead, size: dHead }, dHead)
  }
}

function mlpMatrix(name: 'gate' | 'input') {
  return ({ dModel, dMlp }: TransformerSpec, { mlp }: BlockSpec): Found => {
    const entering = mlp && mlpInputs(mlp, dMlp)[name]
    if (entering === null) return null
    return matrix(entering.matrix, whole(dModel), { start: entering.start, size: dMlp })
  }
}

function mlpBias(name: 'gate' | 'input') {
  return ({ dMlp }: TransformerSpec, { mlp }: BlockSpec): Found => {
    const entering = mlp && mlpInputs(mlp, dMlp)[name]
    return entering && bias(entering.matrix, { start: entering.start, size: dMlp })
  }
}

/** @param dHead where heads have an axis of their own, of one head */
function matrix(
  { weight: tensor, stored }: LinearSpec,
  inputs: Span,
  outputs: Span,
  dHead = 1
): TensorWindow {
  const window = (transposed: boolean, ...spans: Span[]): TensorWindow => ({
    tensor,
    start: spans.map(({ start }) => start),
    size: spans.map(({ size }) => size),
    transposed
  })
  switch (stored) {
    case 'out,in':
      return window(true, outputs, inputs)
    case 'in,out':
      return window(false, inputs, outputs)
    case 'head,in,d_head':
      return window(false, headAt(outputs, dHead), inputs, whole(dHead))
    case 'head,d_head,in':
      return window(true, headAt(outputs, dHead), whole(dHead), inputs)
    case 'head,d_head,out':
      return window(false, headAt(inputs, dHead), whole(dHead), outputs)
    case 'head,out,d_head':
      return window(true, headAt(inputs, dHead), outputs, whole(dHead))
  }
}

/** The bias of some outputs of a matrix; null where it has none. */
function bias({ bias: tensor, stored }: LinearSpec, outputs: Span, dHead = 1): Found {
  if (tensor === null) return null
  const byHead = stored === 'head,in,d_head' || stored === 'head,d_head,in'
  const spans = byHead ? [headAt(outputs, dHead), whole(dHead)] : [outputs]
  return {
    tensor,
    start: spans.map(({ start }) => start),
    size: spans.map(({ size }) => size),
    transposed: false
  }
}

function rows(tensor: string, of: Span, columns: number): TensorWindow {
  return { tensor, start: [of.start, 0], size: [of.size, columns], transposed: false }
}

function whole(size: number): Span {
  return { start: 0, size }
}

function headAt({ start }: Span, dHead: number): Span {
  return { start: start / dHead, size: 1 }
}

function logitsOf({ unembedding, dVocab }: TransformerSpec): number {
  return unembedding?.labels?.length ?? dVocab
}

function windowOf(
  row: Row,
  spec: TransformerSpec,
  layer: number | null,
  head: number | null
): Found {
  if (row.of === 'model') return row.lies(spec)
  const block = spec.blocks[layer!]!
  return row.of === 'block' ? row.lies(spec, block) : row.lies(spec, block, head!)
}

/** How many heads have a weight of that role each; null where it is of no head. */
function headsOf({ of }: Row, { nHeads, nKeyValueHeads }: TransformerSpec): number | null {
  return of === 'head' ? nHeads : of === 'key/value head' ? nKeyValueHeads : null
}

function checkIndex(
  role: WeightRole,
  axis: 'layer' | 'head',
  index: number | null,
  count: number | null
): void {
  const invalid = (what: string) => new LamellaError('invalid-argument', `${role}: ${what}`)
  if (count === null && index !== null) throw invalid(`there is one, not one of each ${axis}`)
  if (count !== null && index === null) throw invalid(`there is one of each ${axis}: say which`)
  if (count !== null && (!Number.isInteger(index) || index! < 0 || index! >= count))
    throw invalid(`${axis} ${index} is outside 0 to ${count - 1}`)
}
