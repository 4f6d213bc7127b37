import type { Dataset, descriptions, NumberArray } from '#common/data/dataset.ts'

/** An array of numbers, row-major. */
export interface NumericArray {
  readonly shape: readonly number[]
  readonly data: NumberArray | BigInt64Array
}

/** Named arrays to save, made one after the other, so that only one is in memory. */
export interface NamedArrays {
  readonly names: readonly string[]
  readonly array: (name: string) => NumericArray | Promise<NumericArray>
  /** What all of them take, in bytes, where it is known beforehand. */
  readonly bytes?: number
  readonly attributes: Dataset['attributes']
  /** The axes of each array, by its name, the outermost first. */
  readonly axes: Readonly<Record<string, readonly string[]>>
  /** What arrays are, by their names; left out where none says it. */
  readonly variables?: ReturnType<typeof descriptions>
  /** What stands along an axis, by its name. */
  readonly labels: Readonly<Record<string, readonly string[] | null>>
}
