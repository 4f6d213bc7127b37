import type { DenseMlpSpec, LinearSpec, MlpSpec } from '#common/model/spec.ts'

/** A dense MLP of those that a block's is made of: itself, an expert, or the one that experts share. */
export interface MlpPart {
  readonly mlp: DenseMlpSpec
  /** How many neurons it has, and which of the block's is its first. */
  readonly width: number
  readonly start: number
  /** What its output is multiplied with: 1, what the router gives it, or the sigmoid of a gate of its own. */
  readonly weight: 'one' | { readonly expert: number } | { readonly gate: LinearSpec }
}

/** The parts of a block's MLP, in the order of their neurons: experts, then the one that they share; none of no MLP. */
export function mlpParts(mlp: MlpSpec | null, dMlp: number): MlpPart[] {
  const widthOf = (of: DenseMlpSpec) => of.width ?? dMlp
  if (mlp === null) return []
  if (mlp.kind !== 'experts') return [{ mlp, width: widthOf(mlp), start: 0, weight: 'one' }]
  const { experts, shared } = mlp
  let start = 0
  const part = (of: DenseMlpSpec, weight: MlpPart['weight']): MlpPart => {
    const width = widthOf(of)
    start += width
    return { mlp: of, width, start: start - width, weight }
  }
  const routed = experts.map((of, expert) => part(of, { expert }))
  if (shared === null) return routed
  const { gate } = shared
  return [...routed, part(shared.mlp, gate === null ? 'one' : { gate })]
}

/** How many neurons a block's MLP has. */
export function neuronCount(mlp: MlpSpec | null, dMlp: number): number {
  return mlpParts(mlp, dMlp).reduce((sum, { width }) => sum + width, 0)
}

/** Whether what the activation gives is multiplied with a further product. */
export function isGated(mlp: MlpSpec): boolean {
  return (mlp.kind === 'experts' ? mlp.experts[0]! : mlp).kind !== 'plain'
}

/** Whether what the activation gives is normalised. */
export function isNormed(mlp: MlpSpec): boolean {
  return mlpParts(mlp, 1).some(({ mlp }) => mlp.kind === 'plain' && mlp.norm !== null)
}

/** Where one of the values that enter an MLP, as wide as it has neurons, lies on the output axis of a matrix. */
export interface MlpInput {
  readonly matrix: LinearSpec
  /** How wide that axis is. */
  readonly outputs: number
  readonly start: number
  /** Every how manieth of the axis. */
  readonly step: number
}

/** What the activation reads, and what its result is multiplied with, where there is a gate: the one place that knows. */
export function mlpInputs(
  mlp: DenseMlpSpec,
  width: number
): { readonly gate: MlpInput | null; readonly input: MlpInput } {
  const whole = (matrix: LinearSpec): MlpInput => ({ matrix, outputs: width, start: 0, step: 1 })
  switch (mlp.kind) {
    case 'plain':
      return { gate: null, input: whole(mlp.input) }
    case 'gated':
      return { gate: whole(mlp.gate), input: whole(mlp.input) }
    case 'gated-fused': {
      const alternate = mlp.order === 'alternating'
      const both = { matrix: mlp.gateAndInput, outputs: 2 * width, step: alternate ? 2 : 1 }
      return { gate: { ...both, start: 0 }, input: { ...both, start: alternate ? 1 : width } }
    }
  }
}
