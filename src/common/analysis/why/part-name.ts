import { LamellaError } from '../../model/errors.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { Part } from './strongest-parts.ts'

export type NamedPart = Pick<Part, 'kind' | 'layer' | 'index'>

/** How parts are named: `head 2.1`, `MLP 3`, `neuron 3.17`. */
export function partName({ kind, layer, index }: NamedPart): string {
  return index === null ? `${kind} ${layer}` : `${kind} ${layer}.${index}`
}

/** Names with commas between them. */
const one = /(?:(?:head|neuron) \d{1,6}\.\d{1,9}|MLP \d{1,6})/
export const partNames = new RegExp(`^${one.source}(?:,${one.source})*$`)

/**
 * @param text that `partNames` matches
 * @throws LamellaError `invalid-argument` when the model has no such layer or head
 */
export function partsOf(
  text: string,
  { nLayers, nHeads }: { readonly nLayers: number; readonly nHeads: number }
): NamedPart[] {
  return text.split(',').map(name => {
    const [, kind, layer, index] = /^(\w+) (\d+)(?:\.(\d+))?$/.exec(name) ?? []
    if (kind === undefined) throw new LamellaError('invalid-argument', `${name}: is no part`)
    checkIndex('layer', Number(layer), nLayers)
    if (kind === 'head') checkIndex('head', Number(index), nHeads)
    return {
      kind: kind as Part['kind'],
      layer: Number(layer),
      index: index === undefined ? null : Number(index)
    }
  })
}
