import { LamellaError } from '#common/model/errors.ts'
import type { Category } from '#common/model/category.ts'
import { floatDTypes, type DType } from '#common/model/tensor.ts'
import type {
  AttentionSpec,
  BlockSpec,
  EmbeddingSpec,
  LinearSpec,
  MlpSpec,
  NormSpec,
  TransformerSpec,
  UnembeddingSpec
} from '#common/model/spec.ts'
import { mlpInputs, mlpParts } from './mlp-parts.ts'
import { queryKeyValue } from './query-key-value.ts'
import type { TensorTable } from './tensor-table.ts'

/** What one tensor does in the model, and the shape that follows. */
export interface Role {
  readonly tensor: string
  readonly shape: readonly number[]
  readonly category: Category
}

/** Every tensor a spec names, in the order of the forward pass; a tied or shared one once for each role. */
export function rolesOf(spec: TransformerSpec): Role[] {
  return [
    ...embeddingRoles(spec.embedding, spec),
    ...spec.blocks.flatMap(block => blockRoles(block, spec)),
    ...normRoles(spec.finalNorm, spec.dModel),
    ...headRoles(spec)
  ]
}

/** The tensors of the head; none where there is none. */
export function headRoles(spec: TransformerSpec): Role[] {
  return spec.unembedding === null ? [] : unembeddingRoles(spec.unembedding, spec)
}

/**
 * Compares a spec with the tensors there are.
 * @param source the file that the spec comes from
 * @throws LamellaError `unsupported` naming the first tensor that is missing or has another shape
 */
export function checkRoles(
  spec: TransformerSpec,
  tensors: TensorTable,
  source = 'config.json'
): void {
  const misfit = misfitOf(rolesOf(spec), tensors, source)
  if (misfit === null) return
  const next = misfit.endsWith(withoutScales)
    ? 'Put the whole folder that they come from in its place, scales and all, or the model that was quantised.'
    : `Correct ${source} to run the model; its weights can be looked at as they are.`
  throw new LamellaError('unsupported', misfit, next)
}

const withoutScales = 'which are no weights without their scales'

/** What the first tensor that is missing, of whole numbers or of another shape lacks; null when all fit. */
export function misfitOf(
  roles: readonly Role[],
  tensors: TensorTable,
  source: string
): string | null {
  for (const { tensor, shape } of roles) {
    const found = tensors.get(tensor)
    if (found === undefined) return `${tensor}: missing, expected [${shape.join(', ')}]`
    if (!runTypes.includes(found.dtype))
      return `${tensor}: ${found.dtype} numbers, ${withoutScales}`
    if (found.shape.length !== shape.length || found.shape.some((d, axis) => d !== shape[axis]))
      return `${tensor}: shape [${found.shape.join(', ')}], expected [${shape.join(', ')}] by ${source}`
  }
  return null
}

const runTypes: readonly DType[] = floatDTypes

function embeddingRoles(
  { tokens, stored, width, positions, tokenTypes, norm, projection }: EmbeddingSpec,
  { dVocab, dModel, nCtx }: TransformerSpec
): Role[] {
  const narrow = width ?? dModel
  const summed = projection?.of === 'tokens' ? dModel : narrow
  const shape = stored === 'token,width' ? [dVocab, narrow] : [narrow, dVocab]
  const roles: Role[] = [{ tensor: tokens, shape, category: 'embedding' }]
  if (positions?.kind === 'learned') {
    const shape = [positions.offset + nCtx, summed]
    roles.push({ tensor: positions.table, shape, category: 'position' })
  }
  if (tokenTypes !== null)
    roles.push({
      tensor: tokenTypes.table,
      shape: [tokenTypes.count, summed],
      category: 'embedding'
    })
  roles.push(...normRoles(norm, summed))
  if (projection !== null) roles.push(...linearRoles(projection, narrow, dModel, 'embedding'))
  return roles
}

/** The tensors of one block. */
export function blockRoles({ norms, attention, mlp }: BlockSpec, spec: TransformerSpec): Role[] {
  const { dModel, nHeads, dHead } = spec
  return [
    ...normRoles(norms.attentionIn, dModel),
    ...attentionRoles(attention, spec),
    ...(attention.output === null
      ? []
      : linearRoles(attention.output, nHeads * dHead, dModel, 'attention', dHead)),
    ...normRoles(norms.attentionOut, dModel),
    ...normRoles(norms.afterAttention, dModel),
    ...normRoles(norms.mlpIn, dModel),
    ...(mlp === null ? [] : mlpRoles(mlp, spec)),
    ...normRoles(norms.mlpOut, dModel),
    ...normRoles(norms.afterMlp, dModel)
  ]
}

function attentionRoles(
  { projections, queryKeyNorm, positions, sinks }: AttentionSpec,
  spec: TransformerSpec
): Role[] {
  const { dModel, nHeads, nKeyValueHeads, dHead, nCtx } = spec
  const parts = Object.values(queryKeyValue(projections, spec))
  const matrices = new Map(
    parts.flatMap(({ matrices, matrixHeads }) => matrices.map(of => [of, matrixHeads] as const))
  )
  const roles: Role[] = [...matrices].flatMap(([of, heads]) =>
    linearRoles(of, dModel, heads * dHead, 'attention', dHead)
  )
  const [shared = null] = parts.map(({ bias }) => bias)
  if (shared !== null) {
    const shape = [shared.axis.period * dHead]
    roles.push({ tensor: shared.tensor, shape, category: 'attention' })
  }
  if (positions?.kind === 'shortformer')
    roles.push({ tensor: positions.table, shape: [nCtx, dModel], category: 'position' })
  if (positions?.kind === 'relative') {
    const shape = [positions.buckets, nHeads]
    roles.push({ tensor: positions.table, shape, category: 'position' })
  }
  if (sinks !== null) roles.push({ tensor: sinks, shape: [nHeads], category: 'attention' })
  if (queryKeyNorm !== null) {
    const { over, query, key } = queryKeyNorm
    roles.push(...normRoles(query, over === 'head' ? dHead : nHeads * dHead))
    roles.push(...normRoles(key, over === 'head' ? dHead : nKeyValueHeads * dHead))
  }
  return roles
}

function mlpRoles(mlp: MlpSpec, { dModel, dMlp }: TransformerSpec): Role[] {
  const into = (of: LinearSpec, width: number) => linearRoles(of, dModel, width, 'mlp')
  const router = mlp.kind === 'experts' ? into(mlp.router, mlp.experts.length) : []
  const parts = mlpParts(mlp, dMlp).flatMap(({ mlp, width, weight }) => {
    const { gate, input } = mlpInputs(mlp, width)
    const inputs = gate === null ? [input] : [gate, input]
    const matrices = new Map(inputs.map(({ matrix, outputs }) => [matrix, outputs] as const))
    return [
      ...[...matrices].flatMap(([of, width]) => into(of, width)),
      ...(mlp.kind === 'plain' ? normRoles(mlp.norm, width) : []),
      ...linearRoles(mlp.output, width, dModel, 'mlp'),
      ...(typeof weight === 'object' && 'gate' in weight ? into(weight.gate, 1) : [])
    ]
  })
  return [...router, ...parts]
}

function unembeddingRoles(
  { transform, output, labels }: UnembeddingSpec,
  { dModel, dVocab }: TransformerSpec
): Role[] {
  const width = transform?.width ?? dModel
  return [
    ...(transform === null ? [] : linearRoles(transform.linear, dModel, width, 'unembedding')),
    ...(transform === null ? [] : normRoles(transform.norm, width)),
    ...linearRoles(output, width, labels?.length ?? dVocab, 'unembedding')
  ]
}

function normRoles(norm: NormSpec | null, width: number): Role[] {
  if (norm === null) return []
  return [norm.scale ?? [], norm.shift ?? []]
    .flat()
    .map(tensor => ({ tensor, shape: [width], category: 'norm' }))
}

/** @param dHead of matrices whose heads have an axis of their own */
function linearRoles(
  { weight, bias, stored, stacked }: LinearSpec,
  inputs: number,
  outputs: number,
  category: Role['category'],
  dHead = 1
): Role[] {
  const shapes = {
    'out,in': [outputs, inputs],
    'in,out': [inputs, outputs],
    'head,in,d_head': [outputs / dHead, inputs, dHead],
    'head,d_head,in': [outputs / dHead, dHead, inputs],
    'head,d_head,out': [inputs / dHead, dHead, outputs],
    'head,out,d_head': [inputs / dHead, outputs, dHead]
  }
  const first = stacked === null ? [] : [stacked.count]
  const matrix: Role = { tensor: weight, shape: [...first, ...shapes[stored]], category }
  if (bias === null) return [matrix]
  const byHead = stored === 'head,in,d_head' || stored === 'head,d_head,in'
  const shape = byHead ? [outputs / dHead, dHead] : [outputs]
  return [matrix, { tensor: bias, shape: [...first, ...shape], category }]
}
