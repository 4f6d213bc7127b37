import { byNumber, parameterOf } from './names.ts'

/** A tensor's name and shape. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
}

/** What shares a name but for `weight` and `bias`. */
export interface Module {
  readonly path: string
  readonly weight: Parameter | null
  readonly bias: Parameter | null
}

/** Parameters and what the names of them are within their part of the model. */
export type NamedParameters = ReadonlyMap<string, Parameter>

/** Groups parameters, by their names within their part, into modules in the order of the file. */
export function modulesOf(parameters: NamedParameters): Module[] {
  const siblings = new Set(parameters.keys())
  const modules = new Map<string, Module>()
  for (const [name, parameter] of parameters) {
    const { module, kind } = parameterOf(name, siblings)
    const found = modules.get(module) ?? { path: module, weight: null, bias: null }
    // Two parameters of one module and kind have to be told apart by their whole names.
    if (found[kind] === null) modules.set(module, { ...found, [kind]: parameter })
    else modules.set(name, { path: name, weight: parameter, bias: null })
  }
  return [...modules.values()]
}

/** Modules of a matrix. */
export function matrices(modules: readonly Module[]): Module[] {
  return modules.filter(({ weight }) => (weight?.shape.length ?? 0) >= 2)
}

/** Modules of a vector as wide as the residual stream: norms. */
export function vectors(modules: readonly Module[], width: number): Module[] {
  return modules.filter(({ weight }) => weight?.shape.length === 1 && weight.shape[0] === width)
}

/** In the order of the numbers in their names, else as they stand. */
export function inOrder(modules: readonly Module[]): Module[] {
  const numbered = modules.every(({ path }) => /\d/.test(path))
  return numbered ? [...modules].sort((a, b) => byNumber(a.path, b.path)) : [...modules]
}

/**
 * The other axis of a matrix one of whose axes is `width`, that of all heads together where heads have an
 * axis of their own; null when none is.
 */
export function across(parameter: Parameter, width: number): number | null {
  const [a, b, c, ...rest] = parameter.shape
  if (a === undefined || b === undefined || rest.length > 0) return null
  if (c !== undefined) return b === width ? a * c : c === width ? a * b : null
  return a === width ? b : b === width ? a : null
}
