import type { Provider } from '#common/model/provider.ts'
import { elementCount } from '#common/model/tensor.ts'
import { rolesOf, type Role } from '../../architecture/roles.ts'
import type { TensorEntry } from '../../checkpoint/checkpoint.ts'
import type { RunnableModel } from '../model/model.ts'

/**
 * Whether blocks may keep weights in half precision as they are stored, and cast them whenever they run: half of the
 * memory, for up to twice the time of a short text. Other providers have no such casts.
 */
export function mayStayHalf(provider: Provider): boolean {
  return provider === 'cpu'
}

export function isHalf({ dtype }: Pick<TensorEntry, 'dtype'>): boolean {
  return dtype === 'F16' || dtype === 'BF16'
}

/** What a weight takes once it is loaded, in bytes: float32, unless it stays in half precision. */
export function residentBytes(entry: Pick<TensorEntry, 'dtype' | 'shape'>, stays: boolean): number {
  return elementCount(entry.shape) * (stays && isHalf(entry) ? 2 : 4)
}

/**
 * What all weights of a model take once loaded, in bytes; of the embedding rows are looked up, and none loaded.
 * @param staysHalf whether those of blocks stay in half precision
 */
export function weightBytes(model: RunnableModel, staysHalf: boolean): number {
  const loaded = rolesOf(model.spec).filter(
    ({ category }) => category !== 'embedding' && category !== 'position'
  )
  const once = [...new Map(loaded.map(role => [role.tensor, role])).values()]
  return once.reduce((sum, role) => sum + roleBytes(model, role, staysHalf), 0)
}

/** What one tensor takes once loaded, in bytes. */
export function roleBytes({ checkpoint }: RunnableModel, role: Role, staysHalf: boolean): number {
  const { tensor, shape, category } = role
  const { dtype } = checkpoint.tensors.get(tensor)!
  return residentBytes({ dtype, shape }, staysHalf && category !== 'unembedding')
}
