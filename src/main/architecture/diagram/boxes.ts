import type { ArchitectureBox } from '#common/model/architecture.ts'
import type { LinearSpec, NormSpec } from '#common/model/spec.ts'
import { elementCount } from '#common/model/tensor.ts'
import { numberText } from '#common/text/number-text.ts'
import type { TensorTable } from '../tensor-table.ts'

type Part = ArchitectureBox['part']

/** Makes boxes of a diagram, and adds up what they are made of: each tensor, or matrix of stacked ones, once. */
export class Boxes {
  readonly #tensors: TensorTable
  #counted = new Map<string, number>()
  readonly #earlier = new Set<string>()

  constructor(tensors: TensorTable) {
    this.#tensors = tensors
  }

  /** Parameters of the boxes that were made since the last time, those that boxes before have left out: what is tied. */
  take(): number {
    let sum = 0
    for (const [key, elements] of this.#counted) {
      if (!this.#earlier.has(key)) sum += elements
      this.#earlier.add(key)
    }
    this.#counted = new Map()
    return sum
  }

  /** What has no weights. */
  plain(part: Part, name: string, note: string): ArchitectureBox {
    return { part, name, note, shape: null, parameters: 0, tensors: [] }
  }

  /** A tensor that is no matrix of a product. */
  table(
    part: Part,
    name: string,
    shape: readonly number[],
    tensor: string,
    note = ''
  ): ArchitectureBox {
    return this.#box(part, name, note, shape, new Map([[tensor, this.#elements(tensor)]]), [tensor])
  }

  norm(norm: NormSpec, width: number, of = ''): ArchitectureBox {
    const { kind, scale, shift, offset, epsilon } = norm
    const names = [...(Array.isArray(scale) ? scale : [scale]), shift].filter(name => name !== null)
    const note = [
      ...(of === '' ? [] : [of]),
      ...(names.length === 0 ? ['no weights'] : []),
      ...(offset === 0 ? [] : [`scale + ${numberText(offset, 1)}`]),
      `ε ${numberText(epsilon, 1)}`
    ].join(', ')
    const counts = new Map(names.map(name => [name, this.#elements(name)]))
    const shape = names.length === 0 ? null : [width]
    return this.#box('norm', kind === 'rms' ? 'RMSNorm' : 'LayerNorm', note, shape, counts, names)
  }

  /**
   * A matrix, or several that are alike.
   * @param shape of one, as [in, out]
   * @param shown those of the matrices whose tensors are named; all where it is left out
   */
  linear(
    part: Part,
    name: string,
    shape: readonly number[],
    matrices: readonly LinearSpec[],
    {
      note = '',
      shown = matrices,
      biases = []
    }: {
      readonly note?: string
      readonly shown?: readonly LinearSpec[]
      readonly biases?: readonly string[]
    } = {}
  ): ArchitectureBox {
    const counts = new Map<string, number>(biases.map(bias => [bias, this.#elements(bias)]))
    for (const { weight, bias, stacked } of matrices)
      for (const tensor of bias === null ? [weight] : [weight, bias]) {
        const key = stacked === null ? tensor : `${tensor} ${stacked.index}`
        counts.set(key, this.#elements(tensor) / (stacked?.count ?? 1))
      }
    const named = shown.flatMap(({ weight, bias }) => (bias === null ? [weight] : [weight, bias]))
    return this.#box(part, name, note, shape, counts, [...new Set([...named, ...biases])])
  }

  #box(
    part: Part,
    name: string,
    note: string,
    shape: readonly number[] | null,
    counts: ReadonlyMap<string, number>,
    tensors: readonly string[]
  ): ArchitectureBox {
    for (const [key, elements] of counts) this.#counted.set(this.#stored(key), elements)
    const parameters = [...counts.values()].reduce((sum, elements) => sum + elements, 0)
    return { part, name, note, shape: shape && [...shape], parameters, tensors: [...tensors] }
  }

  /** The name that it is stored under: tied tensors have several. */
  #stored(tensor: string): string {
    return this.#tensors.get(tensor)?.name ?? tensor
  }

  #elements(tensor: string): number {
    return elementCount(this.#tensors.get(tensor)?.shape ?? [0])
  }
}
