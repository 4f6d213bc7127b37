import type { TransformerSpec } from '#common/model/spec.ts'
import { weightRoles, type WeightAddress, type WeightRole } from '#common/model/weight-view.ts'
import { weightView } from '../../src/main/architecture/weight-views.ts'

/** The addresses of every weight that a model has. */
export function weightAddresses(spec: TransformerSpec): WeightAddress[] {
  const layers = [null, ...spec.blocks.keys()]
  const heads = [null, ...Array(spec.nHeads).keys()]
  return (Object.keys(weightRoles) as WeightRole[])
    .flatMap(role =>
      layers.flatMap(layer =>
        heads.flatMap(head => [
          { role, layer, head },
          ...expertsOf(spec, layer).map(expert => ({ role, layer, head, expert }))
        ])
      )
    )
    .filter(address => hasWeight(spec, address))
}

/** A shared expert is one after the others. */
function expertsOf({ blocks }: TransformerSpec, layer: number | null): number[] {
  const mlp = layer === null ? null : blocks[layer]!.mlp
  if (mlp?.kind !== 'experts') return []
  return [...Array(mlp.experts.length + (mlp.shared === null ? 0 : 1)).keys()]
}

function hasWeight(spec: TransformerSpec, address: WeightAddress): boolean {
  try {
    return weightView(spec, address) !== null
  } catch {
    // It has no such layer or head.
    return false
  }
}
