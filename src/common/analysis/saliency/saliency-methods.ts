import { variable, type Dataset } from '../../data/dataset.ts'
import type { PathRule } from './path-steps.ts'

/** How a number is led back to tokens, by the names of their variables: by gradients, and by doing without each token. */
export const saliencyMethods = [
  'saliency',
  'grad_x_input',
  'ig',
  'smooth_saliency',
  'occlusion',
  'leave_one_out'
] as const
export type SaliencyMethod = (typeof saliencyMethods)[number]

export const saliencyMethodWords: Readonly<Record<SaliencyMethod, string>> = {
  saliency: 'gradient norm',
  grad_x_input: 'gradient × input',
  ig: 'integrated gradients',
  smooth_saliency: 'SmoothGrad norm',
  occlusion: 'occlusion',
  leave_one_out: 'leave one out'
}

/** Whether what it gives a token is of either sign; else it is a length. */
export function isSigned(method: SaliencyMethod): boolean {
  return method !== 'saliency' && method !== 'smooth_saliency'
}

/** What methods are set to. */
export interface MethodSettings {
  /** Of integrated gradients. */
  readonly steps: number
  readonly rule: PathRule
  readonly baseline: string
  /** Of SmoothGrad. */
  readonly samples: number
  readonly noise: number
  readonly seed: number
}

/** Methods that come of one call: what gradients cost once, and what takes many runs each. */
export const methodGroups = {
  gradients: ['saliency', 'grad_x_input'],
  path: ['ig'],
  noise: ['smooth_saliency'],
  erasure: ['occlusion', 'leave_one_out']
} as const satisfies Readonly<Record<string, readonly SaliencyMethod[]>>
export type MethodGroup = keyof typeof methodGroups

export function groupOfMethod(method: SaliencyMethod): MethodGroup {
  const groups = Object.entries(methodGroups) as [MethodGroup, readonly SaliencyMethod[]][]
  return groups.find(([, methods]) => methods.includes(method))![0]
}

const settingNames: Readonly<Record<MethodGroup, readonly (keyof MethodSettings)[]>> = {
  gradients: [],
  path: ['steps', 'rule', 'baseline'],
  noise: ['samples', 'noise', 'seed'],
  erasure: []
}

/** What of the settings a group's numbers depend on. */
export function groupSettings<S extends Readonly<Record<keyof MethodSettings, unknown>>>(
  group: MethodGroup,
  settings: S
): Record<string, S[keyof MethodSettings]> {
  return Object.fromEntries(settingNames[group].map(name => [name, settings[name]]))
}

/** A number that is explained, as `Scalar` has it, and what is hidden for it, as `Masked` has it. */
export interface AskedNumber {
  readonly of: string
  readonly masked: string | null
}

/** The params of `saliency` that ask for a number. */
export function numberParams({ of, masked }: AskedNumber): Record<string, string> {
  return { of, ...(masked !== null && { masked }) }
}

/** The params of `saliency` that give a group of methods and no other. */
export function groupParams(
  group: MethodGroup,
  number: AskedNumber,
  settings: MethodSettings
): Record<string, string | number | boolean> {
  return {
    ...{ ...numberParams(number), steps: 0, inside: false, occlusion: false },
    ...groupSettings(group, settings),
    ...(group === 'erasure' && { occlusion: true, leave_one_out: true })
  }
}

/** The params of `saliency` that give some groups of methods and no other, each as it was set. */
export function groupsParams<V>(
  groups: readonly (readonly [MethodGroup, Readonly<Record<keyof MethodSettings, V>>])[]
): Record<string, V | number | boolean> {
  const set = groups.flatMap(([group, own]) => Object.entries(groupSettings(group, own)))
  const erases = groups.some(([group]) => group === 'erasure')
  return {
    ...{ steps: 0, samples: 0, inside: false, occlusion: erases, leave_one_out: erases },
    ...Object.fromEntries(set)
  }
}

/** What a method gives each token: [pos]. */
export function methodValues(result: Dataset, method: SaliencyMethod): Float64Array {
  return Float64Array.from(variable(result, method).data)
}
