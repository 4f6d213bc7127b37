import { z } from 'zod'
import { axis, type Dataset, variable } from '../data/dataset.ts'
import { bytesPerElement } from '../model/tensor.ts'
import { nothing, type Analysis, type Given } from './analysis.ts'
import { givenDataset } from './given.ts'
import { nonFiniteCount } from './non-finite-count.ts'

const NoParams = z.strictObject({})

interface Count {
  values: number
  nan: number
  infinite: number
}

const gives: readonly Given[] = [
  { name: 'values', axes: ['tensor'], unit: '', about: 'values of the tensor' },
  { name: 'nan', axes: ['tensor'], unit: '', about: 'those that are NaN' },
  { name: 'infinite', axes: ['tensor'], unit: '', about: 'those that are infinite' }
]

/** How many values of a model's files are NaN or infinite. */
export const valueCheck: Analysis<z.infer<typeof NoParams>> = {
  name: 'value-check',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: NoParams,
  about: {
    what: 'How many values of each stored tensor are NaN, and how many infinite. Every floating-point value of the files is read.',
    formulas: ['an exponent of all ones: infinite where the fraction is 0, else NaN'],
    sources: ['IEEE 754-2019, section 3.4'],
    read: 'A model with any such value gives NaN wherever it is used. Tensors that share their bytes are each named; `read` counts their values once.',
    baseline: 'A sound model has none.'
  },
  gives,
  needs: () => ({ ...nothing, tensors: 'all' }),

  start() {
    /** By the names of the tensors that share a place. */
    const places = new Map<string, Count & { readonly names: readonly string[] }>()
    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind !== 'tensor') return
        const { names, dtype, bytes } = taken
        const [first = ''] = names
        const count = places.get(first) ?? { names, values: 0, nan: 0, infinite: 0 }
        const { nan, infinite } = nonFiniteCount(bytes, dtype)
        count.values += bytes.length / bytesPerElement[dtype]
        count.nan += nan
        count.infinite += infinite
        places.set(first, count)
      },
      result() {
        const rows = [...places.values()].flatMap(place =>
          place.names.map(name => ({ ...place, name }))
        )
        const read = [...places.values()].reduce((sum, { values }) => sum + values, 0)
        return givenDataset(
          gives,
          { tensor: axis(rows.map(({ name }) => name)) },
          {
            values: Float64Array.from(rows, ({ values }) => values),
            nan: Float64Array.from(rows, ({ nan }) => nan),
            infinite: Float64Array.from(rows, ({ infinite }) => infinite)
          },
          { tensors: places.size, read }
        )
      },
      state: () => ({})
    }
  }
}

/** What reading every floating-point value of a model's files found. */
export interface ValueCheck {
  /** Tensors that were read; those that share their bytes count once. */
  readonly tensors: number
  /** Values in them. */
  readonly values: number
  /** The stored tensors that hold NaN or infinite values, with how many of each. */
  readonly notFinite: readonly {
    readonly name: string
    readonly nan: number
    readonly infinite: number
  }[]
}

/** The result of `value-check` in short: the tensors that hold any. */
export function valueCheckOf(result: Dataset): ValueCheck {
  const names = result.axes['tensor']?.labels ?? []
  const nan = variable(result, 'nan').data
  const infinite = variable(result, 'infinite').data
  const { tensors, read } = result.attributes
  return {
    tensors: Number(tensors),
    values: Number(read),
    notFinite: names
      .map((name, i) => ({ name, nan: nan[i]!, infinite: infinite[i]! }))
      .filter(row => row.nan + row.infinite > 0)
  }
}
