import {
  findingKinds,
  mayBeUntouched,
  mayLoseRank,
  type Finding,
  type FindingKind
} from './findings.ts'
import type { MeasuredTensor } from './measured-tensor.ts'
import { usualSizes } from './usual-sizes.ts'

/** What was looked for, in how many tensors, and of how many it was found. */
export interface Check {
  readonly kind: FindingKind
  readonly title: string
  readonly threshold: number
  readonly reason: string
  /** Those that can have it; 0 where it was not looked for. */
  readonly tensors: number
  readonly found: number
}

/** All that was looked for, whether or not it was found. */
export function checksOf(
  tensors: readonly MeasuredTensor[],
  findings: readonly Finding[]
): readonly Check[] {
  const isUntrained = findings.some(({ kind }) => kind === 'untrained')
  const sizeOf = usualSizes(tensors)
  const any = () => true
  const isMatrix = ({ matrix }: MeasuredTensor) => matrix !== null
  /** By the shortest row in which numbers may be told to be the same. */
  const hasLong = (axis: 0 | 1) => (tensor: MeasuredTensor) =>
    isMatrix(tensor) && tensor.shape[axis]! >= 4
  const isLayered = (tensor: MeasuredTensor) => !Number.isNaN(sizeOf(tensor))
  const looked: Readonly<Record<FindingKind, (tensor: MeasuredTensor) => boolean>> = {
    'not-finite': any,
    'dead-rows': isMatrix,
    'dead-columns': isMatrix,
    'duplicate-rows': hasLong(1),
    'duplicate-columns': hasLong(0),
    'mostly-zero': any,
    'exploding-weight': any,
    'exploding-rows': isMatrix,
    'exploding-columns': isMatrix,
    'exploding-norm': isLayered,
    'layer-deviates': isLayered,
    'rank-collapse': mayLoseRank,
    // Of a model that is not trained both are as they should be.
    untouched: tensor => !isUntrained && mayBeUntouched(tensor),
    constant: ({ statistics }) => !isUntrained && statistics.count > 1,
    'untrained-positions': tensor => isMatrix(tensor) && tensor.category === 'position',
    untrained: mayBeUntouched
  }
  return (Object.keys(findingKinds) as FindingKind[]).map(kind => ({
    kind,
    ...findingKinds[kind],
    tensors: tensors.filter(looked[kind]).length,
    found: findings.filter(finding => finding.kind === kind).length
  }))
}
