import { LamellaError } from '#common/contract/errors.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'
import type { LinearSpec, NormSpec, TransformerSpec } from '#common/model/spec.ts'
import type { TensorTable } from './tensor-table.ts'

/** What one tensor does in the model, and the shape that follows. */
export interface Role {
  readonly tensor: string
  readonly shape: readonly number[]
  readonly category: TensorInfo['category']
}

/** Every tensor a spec names, in the order of the forward pass; a tied tensor comes once for each role. */
export function rolesOf(spec: TransformerSpec): Role[] {
  const { dModel, dMlp, nHeads, nKeyValueHeads, dHead } = spec
  const qkvWidth = (nHeads + 2 * nKeyValueHeads) * dHead
  return [
    { tensor: spec.embedding.tokens, shape: [spec.dVocab, dModel], category: 'embedding' },
    { tensor: spec.embedding.positions, shape: [spec.nCtx, dModel], category: 'position' },
    ...spec.blocks.flatMap(({ ln1, attention, ln2, mlp }) => [
      ...normRoles(ln1, dModel),
      ...linearRoles(attention.qkv, dModel, qkvWidth, 'attention'),
      ...linearRoles(attention.output, nHeads * dHead, dModel, 'attention'),
      ...normRoles(ln2, dModel),
      ...linearRoles(mlp.input, dModel, dMlp, 'mlp'),
      ...linearRoles(mlp.output, dMlp, dModel, 'mlp')
    ]),
    ...normRoles(spec.finalNorm, dModel),
    ...linearRoles(spec.unembedding, dModel, spec.dVocab, 'unembedding')
  ]
}

/**
 * Compares a spec with the tensors there are.
 * @throws LamellaError `file-invalid` naming the first tensor that is missing or has another shape
 */
export function checkRoles(spec: TransformerSpec, tensors: TensorTable): void {
  if (!Number.isInteger(spec.dHead))
    throw new LamellaError(
      'file-invalid',
      `config.json: a width of ${spec.dModel} does not divide into ${spec.nHeads} heads`
    )
  for (const { tensor, shape } of rolesOf(spec)) {
    const found = tensors.get(tensor)
    if (found === undefined)
      throw new LamellaError('file-invalid', `${tensor}: missing, expected [${shape.join(', ')}]`)
    if (found.shape.length !== shape.length || found.shape.some((d, axis) => d !== shape[axis]))
      throw new LamellaError(
        'file-invalid',
        `${tensor}: shape [${found.shape.join(', ')}], expected [${shape.join(', ')}] by config.json`
      )
  }
}

function normRoles({ scale, shift }: NormSpec, width: number): Role[] {
  return [scale, shift].map(tensor => ({ tensor, shape: [width], category: 'norm' }))
}

function linearRoles(
  { weight, bias, stored }: LinearSpec,
  inputs: number,
  outputs: number,
  category: Role['category']
): Role[] {
  const shape = stored === 'in,out' ? [inputs, outputs] : [outputs, inputs]
  const matrix: Role = { tensor: weight, shape, category }
  return bias === null ? [matrix] : [matrix, { tensor: bias, shape: [outputs], category }]
}
