import { mlpSideCalled } from './mlp-names.ts'
import { across, inOrder, matrices, type Module } from './modules.ts'
import { storedAs, usualStorage, type Stored } from './linear.ts'

/** The matrices of an MLP. */
export type FoundMlp = {
  readonly dMlp: number
  readonly output: Module
} & (
  | { readonly kind: 'plain'; readonly input: Module }
  | {
      readonly kind: 'gated'
      readonly gate: Module
      readonly input: Module
      readonly sure: boolean
    }
  | { readonly kind: 'gated-fused'; readonly gateAndInput: Module }
)

/**
 * Finds the matrices of the MLP among the modules of a block that are not attention's.
 * @param usual the way attention's matrices lie
 * @returns null where there is none, what is missing, in words, when they are not all there
 */
export function findMlp(
  modules: readonly Module[],
  dModel: number,
  usual: Stored | null
): FoundMlp | string | null {
  const wide = inOrder(matrices(modules)).filter(({ weight }) => across(weight!, dModel) !== null)
  if (wide.length === 0) return null
  if (wide.length < 2) return 'no MLP of two matrices was found'
  const outputs = wide.filter(module => side(module, dModel, usual) === 'output')
  const output = outputs.length === 1 ? outputs[0]! : (outputs.at(-1) ?? wide.at(-1)!)
  const dMlp = across(output.weight!, dModel)!
  const before = wide.filter(module => module !== output)
  const single = before.filter(({ weight }) => across(weight!, dModel) === dMlp)
  if (before.length === 1 && single.length === 0) {
    const [gateAndInput] = before
    if (across(gateAndInput!.weight!, dModel) === 2 * dMlp)
      return { kind: 'gated-fused', dMlp, gateAndInput: gateAndInput!, output }
    return `${gateAndInput!.path}: another width than ${output.path}`
  }
  if (single.length === 1) return { kind: 'plain', dMlp, input: single[0]!, output }
  if (single.length === 2) {
    const [first, second] = single as [Module, Module]
    const gate = single.find(({ path }) => mlpSideCalled(path) === 'gate')
    const chosen = gate ?? first
    // Where w1, w2 and w3 are the names, w1 is the gate.
    const sure = gate !== undefined || /1$/.test(first.path)
    return {
      kind: 'gated',
      dMlp,
      gate: chosen,
      input: chosen === first ? second : first,
      output,
      sure
    }
  }
  return `an MLP of ${single.length + 1} matrices is not known`
}

/** Whether a matrix leads into the MLP or out of it: by its bias, its name or the way matrices lie. */
function side(
  { path, weight, bias }: Module,
  dModel: number,
  usual: Stored | null
): 'input' | 'output' | null {
  const width = across(weight!, dModel)!
  if (width !== dModel) {
    if (bias?.shape[0] === width) return 'input'
    if (bias?.shape[0] === dModel) return 'output'
    if (usual !== null) return storedAs(weight!, dModel, width) === usual ? 'input' : 'output'
  }
  const called = mlpSideCalled(path)
  return called === 'gate' ? 'input' : called
}

/** The way the matrices of an MLP lie, once each is known. */
export function mlpStorage(mlp: FoundMlp, dModel: number): Stored | null {
  const into =
    mlp.kind === 'gated-fused'
      ? [mlp.gateAndInput]
      : mlp.kind === 'gated'
        ? [mlp.gate, mlp.input]
        : [mlp.input]
  return usualStorage([
    ...into.map(({ weight }) => storedAs(weight!, dModel, across(weight!, dModel)!)),
    storedAs(mlp.output.weight!, mlp.dMlp, dModel)
  ])
}
