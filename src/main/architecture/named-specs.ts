import type { z } from 'zod'
import type { LinearSpec, NormSpec } from '#common/model/spec.ts'
import type { TensorTable } from './tensor-table.ts'

export type Linear = z.input<typeof LinearSpec>
type Norm = z.input<typeof NormSpec>

/** Modules of PyTorch as parts of a spec, by the names of their tensors. */
export interface NamedSpecs {
  /** The full name of a tensor. */
  readonly tensor: (name: string) => string
  /** torch.nn.Linear. */
  readonly linear: (module: string, bias?: boolean) => Linear
  /** torch.nn.LayerNorm. */
  readonly layerNorm: (module: string, epsilon: number, bias?: boolean) => Norm
  /** A root-mean-square norm; `offset` is added to its scale. */
  readonly rmsNorm: (module: string, epsilon: number, offset?: number) => Norm
}

/** @param prefix what stands before every name */
export function namedSpecs(tensors: TensorTable, prefix: string): NamedSpecs {
  return {
    tensor: name => prefix + name,
    linear: (module, bias = true) => ({
      weight: `${prefix}${module}.weight`,
      bias: bias ? `${prefix}${module}.bias` : null
    }),
    layerNorm(module, epsilon, bias = true) {
      // As the first releases of BERT named them.
      const old = tensors.has(`${prefix}${module}.gamma`)
      return {
        kind: 'layer',
        scale: `${prefix}${module}.${old ? 'gamma' : 'weight'}`,
        shift: bias ? `${prefix}${module}.${old ? 'beta' : 'bias'}` : null,
        epsilon
      }
    },
    rmsNorm: (module, epsilon, offset = 0) => ({
      kind: 'rms',
      scale: `${prefix}${module}.weight`,
      offset,
      epsilon
    })
  }
}

/**
 * The first of the prefixes with which a tensor's name goes on as `probe` does: a model is saved with its
 * head or without, and its names change. The first prefix where there is none.
 */
export function prefixOf(
  tensors: TensorTable,
  probe: string,
  prefixes: readonly [string, ...string[]]
): string {
  const names = [...tensors.keys()]
  return prefixes.find(prefix => names.some(name => name.startsWith(prefix + probe))) ?? prefixes[0]
}

/** One value for each block. */
export function forBlocks<T>(count: number, of: (layer: number) => T): T[] {
  return Array.from({ length: count }, (_, layer) => of(layer))
}
