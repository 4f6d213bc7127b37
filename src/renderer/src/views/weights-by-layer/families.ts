import type { ModelInfo, TensorInfo } from '#common/contract/schemas.ts'
import { familyName } from '#common/figure/views/weights-by-layer.ts'
import { floatDTypes } from '#common/model/tensor.ts'
import { weightOwners, weightRoles, type WeightRole } from '#common/model/weight-view.ts'
import type { ChosenWeights } from '../../stores/weight-analyses.ts'

/** Weights that layers have one or more of each. */
export type Family = StoredFamily | RoleFamily

interface StoredFamily {
  /** With `{}` where layers have their number. */
  readonly name: string
  readonly tensors: readonly TensorInfo[]
}

interface RoleFamily {
  readonly name: string
  readonly role: WeightRole
}

/**
 * What can be looked at layer by layer: tensors whose names differ by the number of their layer alone, in the order of the files, and
 * of a model that is understood the weights of its blocks by their roles.
 */
export function familiesOf({ tensors, config }: Pick<ModelInfo, 'tensors' | 'config'>): Family[] {
  const named = new Map<string, TensorInfo[]>()
  for (const tensor of tensors) {
    const isFloat = (floatDTypes as readonly string[]).includes(tensor.dtype)
    const isThere = tensor.tiedTo === null && tensor.parameters > 0
    if (tensor.layer === null || !isFloat || !isThere) continue
    const name = familyName(tensor.name, tensor.layer)
    named.set(name, [...(named.get(name) ?? []), tensor])
  }
  const stored = [...named].map(([name, tensors]) => ({ name, tensors }))
  return config === null || stored.length === 0 ? stored : [...stored, ...ofRoles]
}

/** Of each head or block; biases are small, and stand among the stored ones. */
const ofRoles: readonly RoleFamily[] = (Object.keys(weightRoles) as WeightRole[])
  .filter(role => role.startsWith('W_') && weightOwners[role] !== 'model')
  .map(role => ({ name: role, role }))

/** What an analysis is asked for. */
export function chosenOf(family: Family): ChosenWeights {
  if ('role' in family) return { role: family.role }
  return { tensors: family.tensors.map(({ name }) => name) }
}
