import type { LinearSpec } from '#common/model/spec.ts'
import type { Module, Parameter } from './modules.ts'

export type Stored = LinearSpec['stored']

/** A matrix as the description writes it. */
export interface WrittenLinear {
  weight: string
  bias?: string
  stored?: Stored
}

/**
 * How a matrix lies in the file.
 * @param leaves whether it leads from heads, where these have an axis of their own
 * @returns null when it fits neither way, or both: then it is square
 */
export function storedAs(
  { shape }: Parameter,
  inputs: number,
  outputs: number,
  leaves = false
): Stored | 'square' | null {
  const [a, b, c] = shape
  if (shape.length === 3) {
    if (!leaves && b === inputs && a! * c! === outputs) return 'head,in,d_head'
    if (!leaves && c === inputs && a! * b! === outputs) return 'head,d_head,in'
    if (leaves && c === outputs && a! * b! === inputs) return 'head,d_head,out'
    return leaves && b === outputs && a! * c! === inputs ? 'head,out,d_head' : null
  }
  if (shape.length !== 2) return null
  if (a === inputs && b === outputs) return inputs === outputs ? 'square' : 'in,out'
  return a === outputs && b === inputs ? 'out,in' : null
}

/** A module as a matrix of the description. */
export function linearOf({ weight, bias }: Module, stored: Stored): WrittenLinear {
  return {
    weight: weight!.name,
    ...(bias === null ? {} : { bias: bias.name }),
    ...(stored === 'out,in' ? {} : { stored })
  }
}

/**
 * The way matrices lie by how they are called, where shapes do not say: `W_in` and `kernel` are what x is multiplied with,
 * x · W; null where names say nothing.
 */
export function storageCalled(modules: readonly Module[]): 'in,out' | null {
  const called = modules.filter(({ weight }) =>
    /(^|[._])(W_(Q|K|V|O|in|out|gate|E|U)|kernel)$/.test(weight?.name ?? '')
  )
  return called.length > 0 ? 'in,out' : null
}

/** The way most matrices lie, by those that are not square; null when none says. */
export function usualStorage(
  votes: readonly (Stored | 'square' | null)[]
): 'in,out' | 'out,in' | null {
  const count = (way: Stored) => votes.filter(vote => vote === way).length
  const [inOut, outIn] = [count('in,out'), count('out,in')]
  return inOut === outIn ? null : inOut > outIn ? 'in,out' : 'out,in'
}
