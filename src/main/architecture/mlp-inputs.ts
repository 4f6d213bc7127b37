import type { LinearSpec, MlpSpec } from '#common/model/spec.ts'

/** Where one of the values that enter an MLP, d_mlp wide, lies on the output axis of a matrix. */
export interface MlpInput {
  readonly matrix: LinearSpec
  /** How wide that axis is. */
  readonly outputs: number
  readonly start: number
}

/** What the activation reads, and what its result is multiplied with, where there is a gate: the one place that knows. */
export function mlpInputs(
  mlp: MlpSpec,
  dMlp: number
): { readonly gate: MlpInput | null; readonly input: MlpInput } {
  const whole = (matrix: LinearSpec): MlpInput => ({ matrix, outputs: dMlp, start: 0 })
  switch (mlp.kind) {
    case 'plain':
      return { gate: null, input: whole(mlp.input) }
    case 'gated':
      return { gate: whole(mlp.gate), input: whole(mlp.input) }
    case 'gated-fused': {
      const both = { matrix: mlp.gateAndInput, outputs: 2 * dMlp }
      return { gate: { ...both, start: 0 }, input: { ...both, start: dMlp } }
    }
  }
}
