import type { soundSafetensors } from '../bad/safetensors.ts'

/** A tensor as it is written. */
export type Stored = Parameters<typeof soundSafetensors>[0][number]

/** A folder of config.json and model.safetensors. */
export interface StoredModel {
  readonly config: Readonly<Record<string, unknown>>
  readonly tensors: readonly Stored[]
}

/** One fact of a folder, changed. */
export interface Alteration {
  /** Such as `transformer.wte.weight as F16`. */
  readonly what: string
  readonly apply: (model: StoredModel) => StoredModel
  /** How far a value may be from the golden's, as a share of it, and still be the same weight. */
  readonly rounding: number
  /** Whether a tensor comes with it that the model has no place for, which has to be said. */
  readonly isMore: boolean
}

/** Every alteration of one fact that a folder allows: names, types, shapes and values of tensors, flags and values of config.json. */
export function alterationsOf({ config, tensors }: StoredModel): Alteration[] {
  return [
    // Blocks are alike.
    ...tensors.filter(({ name }) => !/\.[1-9]\d*\./.test(name)).flatMap(ofTensor),
    ...Object.entries(config).flatMap(([key, value]) => ofValue(key, value))
  ]
}

function ofTensor(tensor: Stored): Alteration[] {
  const { name, shape, data } = tensor
  const values = new Float32Array(data.slice().buffer)
  const instead = (what: string, stored: readonly Stored[], rounding = 0): Alteration => ({
    what: `${name} ${what}`,
    rounding,
    isMore: stored.length > 1 && !what.endsWith('scale'),
    apply: model => ({
      ...model,
      tensors: model.tensors.flatMap(of => (of.name === name ? stored : [of]))
    })
  })
  const [rows = 1, ...rest] = shape
  const row = data.length / rows
  const made: Alteration[] = [
    instead('is missing', []),
    instead('under another name', [{ ...tensor, name: `${name}_` }]),
    instead('inside of a module', [{ ...tensor, name: `inner.${name}` }]),
    instead('is there twice', [tensor, { ...tensor, name: `copy.${name}` }]),
    instead('without its last row', [
      { ...tensor, shape: [rows - 1, ...rest], data: data.slice(0, data.length - row) }
    ]),
    instead('with a row more', [
      { ...tensor, shape: [rows + 1, ...rest], data: Buffer.concat([data, data.slice(0, row)]) }
    ]),
    instead('with an axis of one', [{ ...tensor, shape: [1, ...shape] }]),
    instead('as F64', [{ ...tensor, dtype: 'F64', data: bytes(Float64Array.from(values)) }]),
    instead('as F16', [{ ...tensor, dtype: 'F16', data: bytes(Float16Array.from(values)) }], 2e-3),
    instead('as I8', [{ ...tensor, dtype: 'I8', data: new Uint8Array(values.length).fill(3) }]),
    instead('as U8', [{ ...tensor, dtype: 'U8', data: new Uint8Array(values.length).fill(3) }]),
    instead('as I8 with a scale', [
      { ...tensor, dtype: 'I8', data: new Uint8Array(values.length).fill(3) },
      { name: `${name}_scale`, dtype: 'F32', shape: [1], data: bytes(Float32Array.of(0.1)) }
    ]),
    instead('beside a bias that nobody asked for', [
      tensor,
      {
        name: name.replace(/weight$/, 'bias').replace(/^(?!.*bias$)/, 'bias.'),
        dtype: 'F32',
        shape: [rows],
        data: bytes(new Float32Array(rows).fill(0.5))
      }
    ])
  ]
  const next = name.replace(/(?<=\.)\d+(?=\.)/, layer => String(Number(layer) + 50))
  if (next !== name)
    made.push(instead('is there in a layer more', [tensor, { ...tensor, name: next }]))
  if (shape.length === 2 && rows !== rest[0]) {
    const columns = rest[0]!
    const turned = Float32Array.from(
      values,
      (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!
    )
    made.push(
      instead('the other way round', [{ ...tensor, shape: [columns, rows], data: bytes(turned) }]),
      instead('of axes that changed places', [{ ...tensor, shape: [columns, rows] }])
    )
  }
  // Two names of one tensor cannot be told by one of them.
  return made.filter(({ apply }) => {
    const names = apply({ config: {}, tensors: [tensor] }).tensors.map(of => of.name)
    return new Set(names).size === names.length
  })
}

/** Values of which any number is one. */
const isFactor = /multiplier|scal/
/** Flags that the tensors decide, or that no forward pass asks. */
const changesNothing = /^(tie_word_embeddings|use_cache)$/

function ofValue(key: string, value: unknown): Alteration[] {
  const instead = (other: unknown): Alteration => ({
    what: `config.json: ${key} ${JSON.stringify(other) ?? 'is missing'}`,
    rounding: 0,
    isMore: false,
    apply: model => ({ ...model, config: { ...model.config, [key]: other } })
  })
  const impossible =
    typeof value === 'number'
      ? [
          'seven',
          {},
          [],
          1e300,
          true,
          ...(Number.isInteger(value) && !isFactor.test(key) ? [-3] : [])
        ]
      : typeof value === 'boolean'
        ? ['yes', 7, {}, [], ...(changesNothing.test(key) ? [!value] : [])]
        : typeof value === 'string'
          ? ['nonsense', 7, true, {}, []]
          : value !== null
            ? ['nonsense', 7, true]
            : []
  return impossible.map(instead)
}

const bytes = (values: ArrayBufferView) => new Uint8Array(values.buffer as ArrayBuffer)
