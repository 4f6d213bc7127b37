import { variable, type Dataset } from '#common/data/dataset.ts'

/** A part as it is listed. */
export interface PartRow {
  readonly name: string
  readonly kind: 'head' | 'MLP' | 'neuron'
  readonly layer: number
  /** −1 of an MLP. */
  readonly index: number
  readonly standsOut: boolean
  readonly direct: Measured
  readonly ablation: Measured
  readonly gradient: Measured
  /** Positions by which a head gives most, the strongest first; empty of others, and of several prompts. */
  readonly reads: readonly { readonly position: number; readonly value: number }[]
}

/** A number, and over several prompts its spread and p; NaN where there is none. */
export interface Measured {
  readonly value: number
  readonly sd: number
  readonly p: number
}

/** Tokens that are named of each head. */
const mostRead = 3

/** The parts of a result of `why`, as it lists them. */
export function partRows(result: Dataset): PartRow[] {
  const data = (name: string) => variable(result, name).data
  const keys = result.axes['key']?.length ?? 0
  const measured = (name: string, i: number): Measured => ({
    value: data(`part.${name}`)[i]!,
    sd: result.variables[`part.${name}_sd`]?.data[i] ?? NaN,
    p: result.variables[`part.${name}_p`]?.data[i] ?? NaN
  })
  return result.axes['part']!.labels!.map((name, i) => ({
    name,
    kind: (['head', 'MLP', 'neuron'] as const)[data('part.kind')[i]!]!,
    layer: data('part.layer')[i]!,
    index: data('part.index')[i]!,
    standsOut: data('part.stands_out')[i] === 1,
    direct: measured('direct', i),
    ablation: measured('ablation', i),
    gradient: measured('gradient', i),
    reads: Array.from({ length: keys }, (_, position) => ({
      position,
      value: data('part.reads')[i * keys + position]!
    }))
      .filter(({ value }) => !Number.isNaN(value) && value !== 0)
      .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, mostRead)
  }))
}
