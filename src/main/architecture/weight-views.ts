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
import { mlpInputs, mlpParts, type MlpPart } from './mlp-parts.ts'
import { placeOfHead, placeOn, queryKeyValue, type ProjectionName } from './query-key-value.ts'

/**
 * Where a weight lies.
 * @returns null when the model has none: no such bias, no gate, no learned positions, no head that gives logits
 * @throws LamellaError `invalid-argument` when a layer, a head or an expert is outside, missing or too much
 */
export function weightView(spec: TransformerSpec, address: WeightAddress): WeightView | null {
  const { role, layer, head, expert = null } = address
  const row = table[role]
  checkIndex(role, 'layer', layer, row.of === 'model' ? null : spec.blocks.length)
  checkIndex(role, 'head', head, headsOf(row, spec))
  if (expert !== null) checkIndex(role, 'expert', expert, expertsOf(row, spec, layer))
  const windows = windowsOf(row, spec, layer, head, expert)
  const axes = weightRoles[role]
  const along = (axes as readonly string[]).indexOf('d_mlp')
  const [first, ...others] = windows.filter(window => window !== null)
  if (first === undefined) return null
  // Biases of outputs lie in no row, and what some experts lack leaves gaps in one.
  if (others.length + 1 < windows.length || (others.length > 0 && along < 0))
    checkIndex(role, 'expert', null, windows.length)
  const shapeOf = ({ size, transposed }: TensorWindow) => {
    const own = size.slice(-axes.length)
    return transposed ? own.toReversed() : own
  }
  const shape = others.reduce(
    (sum, one) => sum.with(along, sum[along]! + shapeOf(one)[along]!),
    shapeOf(first)
  )
  return { ...address, shape, lies: [first, ...others], along: Math.max(0, along) }
}

/** Some entries of an axis. */
interface Span {
  readonly start: number
  readonly size: number
  /** Every how manieth entry; each where it is left out. */
  readonly step?: number
}

type Found = TensorWindow | null

type Row =
  | { readonly of: 'model'; readonly lies: (spec: TransformerSpec) => Found }
  | { readonly of: 'block'; readonly lies: (spec: TransformerSpec, block: BlockSpec) => Found }
  | { readonly of: 'block'; readonly part: (spec: TransformerSpec, part: MlpPart) => Found }
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
  w_sink: {
    of: 'block',
    lies: ({ nHeads }, { attention: { sinks } }) =>
      sinks === null ? null : { tensor: sinks, start: [0], size: [nHeads], transposed: false }
  },
  W_rel: {
    of: 'block',
    lies: ({ nHeads }, { attention: { positions } }) =>
      positions?.kind === 'relative'
        ? rows(positions.table, whole(positions.buckets), nHeads)
        : null
  },
  W_router: {
    of: 'block',
    lies: ({ dModel }, { mlp }) =>
      mlp?.kind === 'experts' ? matrix(mlp.router, whole(dModel), whole(mlp.experts.length)) : null
  },
  b_router: {
    of: 'block',
    lies: (_, { mlp }) =>
      mlp?.kind === 'experts' ? bias(mlp.router, whole(mlp.experts.length)) : null
  },
  W_gate: { of: 'block', part: mlpMatrix('gate') },
  b_gate: { of: 'block', part: mlpBias('gate') },
  W_in: { of: 'block', part: mlpMatrix('input') },
  b_in: { of: 'block', part: mlpBias('input') },
  W_out: {
    of: 'block',
    part: ({ dModel }, { mlp, width }) => matrix(mlp.output, whole(width), whole(dModel))
  },
  b_out: { of: 'block', part: ({ dModel }, { mlp }) => bias(mlp.output, whole(dModel)) },
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
  return ({ dModel }: TransformerSpec, { mlp, width }: MlpPart): Found => {
    const entering = mlpInputs(mlp, width)[name]
    if (entering === null) return null
    const { start, step } = entering
    return matrix(entering.matrix, whole(dModel), { start, size: width, step })
  }
}

function mlpBias(name: 'gate' | 'input') {
  return (_: TransformerSpec, { mlp, width }: MlpPart): Found => {
    const entering = mlpInputs(mlp, width)[name]
    if (entering === null) return null
    const { start, step } = entering
    return bias(entering.matrix, { start, size: width, step })
  }
}

/** @param dHead where heads have an axis of their own, of one head */
function matrix(
  { weight, stored, stacked }: LinearSpec,
  inputs: Span,
  outputs: Span,
  dHead = 1
): TensorWindow {
  const window = (transposed: boolean, ...spans: Span[]) =>
    windowOf(weight, stacked, spans, transposed)
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
function bias({ bias: tensor, stored, stacked }: LinearSpec, outputs: Span, dHead = 1): Found {
  if (tensor === null) return null
  const byHead = stored === 'head,in,d_head' || stored === 'head,d_head,in'
  const spans = byHead ? [headAt(outputs, dHead), whole(dHead)] : [outputs]
  return windowOf(tensor, stacked, spans, false)
}

function windowOf(
  tensor: string,
  stacked: LinearSpec['stacked'],
  own: readonly Span[],
  transposed: boolean
): TensorWindow {
  const spans = stacked === null ? own : [{ start: stacked.index, size: 1 }, ...own]
  const steps = spans.map(({ step = 1 }) => step)
  return {
    tensor,
    start: spans.map(({ start }) => start),
    size: spans.map(({ size }) => size),
    ...(steps.some(step => step > 1) && { steps }),
    transposed
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

/** The windows of a weight, null where the model, or one of its experts, has none. */
function windowsOf(
  row: Row,
  spec: TransformerSpec,
  layer: number | null,
  head: number | null,
  expert: number | null
): Found[] {
  if (row.of === 'model') return [row.lies(spec)]
  const block = spec.blocks[layer!]!
  if (!('part' in row))
    return [row.of === 'block' ? row.lies(spec, block) : row.lies(spec, block, head!)]
  const parts = mlpParts(block.mlp, spec.dMlp)
  return (expert === null ? parts : [parts[expert]!]).map(part => row.part(spec, part))
}

/** How many experts have a weight of that role each; null where it is of none. */
function expertsOf(row: Row, { blocks, dMlp }: TransformerSpec, layer: number | null) {
  if (!('part' in row)) return null
  const { mlp } = blocks[layer!]!
  return mlp?.kind === 'experts' ? mlpParts(mlp, dMlp).length : null
}

/** How many heads have a weight of that role each; null where it is of no head. */
function headsOf({ of }: Row, { nHeads, nKeyValueHeads }: TransformerSpec): number | null {
  return of === 'head' ? nHeads : of === 'key/value head' ? nKeyValueHeads : null
}

function checkIndex(
  role: WeightRole,
  axis: 'layer' | 'head' | 'expert',
  index: number | null,
  count: number | null
): void {
  const invalid = (what: string) => new LamellaError('invalid-argument', `${role}: ${what}`)
  if (count === null && index !== null) throw invalid(`there is one, not one of each ${axis}`)
  if (count !== null && index === null) throw invalid(`there is one of each ${axis}: say which`)
  if (count !== null && (!Number.isInteger(index) || index! < 0 || index! >= count))
    throw invalid(`${axis} ${index} is outside 0 to ${count - 1}`)
}
