import type { TransformerSpec } from '#common/model/spec.ts'
import { weightRoles, type WeightAddress, type WeightRole } from '#common/model/weight-view.ts'
import { weightView } from '../../src/main/architecture/weight-views.ts'

/** The addresses of every weight that a model has. */
export function weightAddresses(spec: TransformerSpec): WeightAddress[] {
  const layers = [null, ...spec.blocks.keys()]
  const heads = [null, ...Array(spec.nHeads).keys()]
  return (Object.keys(weightRoles) as WeightRole[])
    .flatMap(role => layers.flatMap(layer => heads.map(head => ({ role, layer, head }))))
    .filter(address => hasWeight(spec, address))
}

function hasWeight(spec: TransformerSpec, address: WeightAddress): boolean {
  try {
    return weightView(spec, address) !== null
  } catch {
    // It has no such layer or head.
    return false
  }
}
