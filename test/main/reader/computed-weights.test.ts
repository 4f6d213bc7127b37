import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bytesPerElement, elementCount, type DType } from '#common/model/tensor.ts'
import { openCheckpoint, type Checkpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { readAdapterConfig } from '../../../src/main/reader/adapter.ts'
import { withMergedAdapter } from '../../../src/main/reader/merged-adapter.ts'
import { withScaledWeights } from '../../../src/main/reader/scaled-weights.ts'
import { safetensorsFile } from '../../bad/safetensors.ts'
import { processorTime } from '../../time-taken.ts'
import { outcome, temporaryFolder } from '../checkpoint/temporary.ts'

/** Name, type, shape and, unless all are zero, values in float32. */
type Told = readonly [string, DType, readonly number[], (readonly number[])?]

/** A file of tensors of any size: what is zero takes no room on the disk. */
async function checkpointOf(tensors: readonly Told[], folder: string): Promise<Checkpoint> {
  let end = 0
  const places = tensors.map(([name, dtype, shape]) => {
    const data_offsets = [end, (end += elementCount(shape) * bytesPerElement[dtype])]
    return [name, { dtype, shape, data_offsets }] as const
  })
  const head = safetensorsFile(JSON.stringify(Object.fromEntries(places)))
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'model.safetensors')
  const file = await open(path, 'w')
  await file.write(head)
  await file.truncate(head.length + end)
  for (const [i, [, , , values]] of tensors.entries())
    if (values !== undefined)
      await file.write(
        new Float32Array(values),
        0,
        values.length * 4,
        head.length + places[i]![1].data_offsets[0]!
      )
  await file.close()
  onTestFinished(() => rm(path, { force: true }))
  return openCheckpoint(path)
}

const pair = (module: string, [outputs, inputs]: [number, number], rank: number): Told[] => [
  [`${module}.weight`, 'F8_E5M2', [outputs, inputs]],
  [`${module}.lora_A.weight`, 'F8_E5M2', [rank, inputs]],
  [`${module}.lora_B.weight`, 'F8_E5M2', [outputs, rank]]
]
const many = (of: (i: number) => Told[]): Told[] =>
  Array.from({ length: 10_001 }, (_, i) => of(i)).flat()

/** Processor time that work takes, in s, with what it ends in. */
async function timed(work: () => Promise<unknown>) {
  let end: unknown
  const taken = await processorTime(async () => void (end = await outcome(work())))
  return { end, taken }
}

describe('adapters and scales that would take for ever', () => {
  it.each<[string, Told[], string]>([
    [
      'a rank far above all others',
      pair('a', [2048, 2048], 100_000),
      'the matrices that its adapter changes take more than 512 MB of memory'
    ],
    [
      'a product that takes minutes',
      pair('a', [2048, 2048], 2000),
      'the matrices that its adapter changes take too long to compute'
    ],
    [
      'many products',
      Array.from({ length: 200 }, (_, i) => pair(`m${i}`, [256, 256], 400)).flat(),
      'the matrices that its adapter changes take too long to compute'
    ],
    [
      'more matrices than any model has',
      many(i => pair(`m${i}`, [1, 1], 1)),
      'the matrices that its adapter changes take too long to compute'
    ],
    [
      'rows of no numbers',
      pair('a', [2 ** 26, 0], 1),
      '"a.lora_A.weight" and "a.lora_B.weight" do not fit "a.weight" of shape [67108864, 0]'
    ]
  ])('an adapter of %s is refused at once', async (_, tensors, message) => {
    const checkpoint = await checkpointOf(tensors, await temporaryFolder())
    const { end, taken } = await timed(() => withMergedAdapter(checkpoint, null))
    expect(end).toBe(`file-invalid: model.safetensors: ${message}`)
    expect(taken).toBeLessThan(1000)
  })

  it('scales of more matrices than any model has are refused at once', async () => {
    const scaled = many(i => [
      [`m${i}.weight`, 'I8', [1, 1]],
      [`m${i}.weight_scale`, 'F32', [1]]
    ])
    const checkpoint = await checkpointOf(scaled, await temporaryFolder())
    const { end, taken } = await timed(() => withScaledWeights(checkpoint, {}))
    expect(end).toBe(
      'file-invalid: model.safetensors: the products of its numbers and scales take too long to compute'
    )
    expect(taken).toBeLessThan(1000)
  })

  it('scales of rows of no numbers scale nothing', async () => {
    const empty: Told[] = [
      ['a.weight', 'I8', [2 ** 40, 0]],
      ['a.weight_scale', 'F32', [2 ** 40, 0]]
    ]
    const checkpoint = await checkpointOf(empty, await temporaryFolder())
    const config = { quantization_config: { weight_block_size: [1, 1] } }
    expect((await withScaledWeights(checkpoint, config)).notes).toEqual([])
  })
})

describe('an adapter is merged as its own library does', () => {
  const W = [1, 2, 3, 4]
  const A = [1, -1]
  const B = [2, 3]
  /** B A of one rank. */
  const BA = [2, -2, 3, -3]
  const square: Told[] = [
    ['l.0.c.base_layer.weight', 'F32', [2, 2], W],
    ['l.0.c.lora_A.default.weight', 'F32', [1, 2], A],
    ['l.0.c.lora_B.default.weight', 'F32', [2, 1], B]
  ]

  async function merged(tensors: readonly Told[], config: object) {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(config))
    const stored = await checkpointOf(tensors, folder)
    const said = await readAdapterConfig(await openFolder(folder), stored)
    const { checkpoint, notes } = await withMergedAdapter(stored, said)
    expect([...checkpoint.tensors.keys()]).toEqual(['l.0.c.weight'])
    const values = await readFloat32(checkpoint.tensors.get('l.0.c.weight')!)
    return { values: [...values].map(value => Number(value.toFixed(5))), notes }
  }
  const plus = (scale: number, added: readonly number[]) => W.map((w, i) => w + scale * added[i]!)

  it.each<[string, object, number[]]>([
    ['as [out, in]', { lora_alpha: 2, fan_in_fan_out: false }, plus(2, BA)],
    ['as [in, out], square', { lora_alpha: 2, fan_in_fan_out: true }, plus(2, [2, 3, -2, -3])],
    ['with a factor of its own', { lora_alpha: 2, alpha_pattern: { d: 9, '0.c': 5 } }, plus(5, BA)],
    [
      'with the first of two factors',
      { lora_alpha: 2, alpha_pattern: { c: 3, '0.c': 5 } },
      plus(3, BA)
    ]
  ])('stored %s', async (_, config, expected) => {
    expect((await merged(square, config)).values).toEqual(expected)
  })

  it('stored as [in, out] where nothing says so and no other way fits', async () => {
    const wide: Told[] = [
      ['l.0.c.weight', 'F32', [2, 3], [1, 2, 3, 4, 5, 6]],
      ['l.0.c.lora_A.weight', 'F32', [1, 2], A],
      ['l.0.c.lora_B.weight', 'F32', [3, 1], [1, 2, 3]]
    ]
    expect((await merged(wide, { lora_alpha: 1 })).values).toEqual([2, 4, 6, 3, 3, 3])
  })

  it.each(['', '.default'])('into a table of embeddings, a row for each token%s', async named => {
    const table: Told[] = [
      ['l.0.c.base_layer.weight', 'F32', [2, 3], [1, 2, 3, 4, 5, 6]],
      [`l.0.c.lora_embedding_A${named}`, 'F32', [1, 2], A],
      [`l.0.c.lora_embedding_B${named}`, 'F32', [3, 1], [1, 2, 3]]
    ]
    const { values, notes } = await merged(table, { lora_alpha: 2, fan_in_fan_out: false })
    expect(values).toEqual([3, 6, 9, 2, 1, 0])
    expect(notes).toEqual(['An adapter (LoRA) is stored in one matrix, and merged into it.'])
  })

  it('into matrices as they lie, whatever a table beside them does', async () => {
    const rows: Told[] = [
      ['t.weight', 'F32', [3, 2]],
      ['t.lora_embedding_A', 'F32', [1, 3]],
      ['t.lora_embedding_B', 'F32', [2, 1]]
    ]
    const { checkpoint } = await withMergedAdapter(
      await checkpointOf([...square, ...rows], await temporaryFolder()),
      null
    )
    // The usual factor is 8 over a rank of one.
    expect([...(await readFloat32(checkpoint.tensors.get('l.0.c.weight')!))]).toEqual(plus(8, BA))
    expect([...checkpoint.tensors.keys()].toSorted()).toEqual(['l.0.c.weight', 't.weight'])
  })

  it('not into a table whose lengths it says: of which they are is not known', async () => {
    const table: Told[] = [
      ['t.weight', 'F32', [2, 2], W],
      ['t.lora_embedding_A', 'F32', [1, 2], A],
      ['t.lora_embedding_B', 'F32', [2, 1], B],
      ['t.lora_magnitude_vector', 'F32', [2], [1, 1]]
    ]
    const stored = await checkpointOf(table, await temporaryFolder())
    const { checkpoint, notes } = await withMergedAdapter(stored, null)
    expect([...checkpoint.tensors.keys()]).toEqual([...stored.tensors.keys()])
    expect(notes).toEqual([])
  })

  it('with the lengths of rows, where it says them', async () => {
    const lengths: Told = ['l.0.c.lora_magnitude_vector.default.weight', 'F32', [2], [10, 20]]
    const sum = plus(2, BA)
    const length = [0, 1].map(row => Math.hypot(sum[2 * row]!, sum[2 * row + 1]!))
    const expected = sum.map((value, i) => (value * [10, 20][i >> 1]!) / length[i >> 1]!)
    const { values } = await merged([...square, lengths], { lora_alpha: 2 })
    expect(values).toEqual(expected.map(value => Number(value.toFixed(5))))
  })

  it('several are added to each other, and named', async () => {
    const other: Told[] = [
      ['l.0.c.lora_A.other.weight', 'F32', [1, 2], [1, 1]],
      ['l.0.c.lora_B.other.weight', 'F32', [2, 1], [1, 1]]
    ]
    const { values, notes } = await merged([...square, ...other], { lora_alpha: 1 })
    expect(values).toEqual(plus(1, BA).map(value => value + 1))
    expect(notes).toEqual([
      '2 adapters (LoRA), "default", "other", are stored in one matrix, and merged into it.'
    ])
  })

  it('not where its factors are told by patterns, which no file of a stranger may have run', async () => {
    const config = { lora_alpha: 2, alpha_pattern: { '(a+)+$': 3 } }
    expect(await outcome(merged(square, config))).toBe(
      'unsupported: adapter_config.json: alpha_pattern says "(a+)+$", a pattern, which is not read'
    )
  })
})

describe('numbers are multiplied by the scales', () => {
  /** A matrix of ones in FP8 of e5m2, whose bits are 0x3c. */
  async function scaled(
    shape: [number, number],
    scales: Told,
    more: readonly Told[] = [],
    config: Readonly<Record<string, unknown>> = {}
  ) {
    const own: Told = ['a.weight', 'F8_E5M2', shape]
    const stored = await checkpointOf([scales, ...more, own], await temporaryFolder())
    const entry = stored.tensors.get('a.weight')!
    const content = new Uint8Array(shape[0] * shape[1]).fill(0x3c)
    const tensors = new Map(stored.tensors).set('a.weight', { ...entry, content })
    const { checkpoint } = await withScaledWeights({ ...stored, tensors }, config)
    const values = await readFloat32(checkpoint.tensors.get('a.weight')!)
    return { values, names: [...checkpoint.tensors.keys()] }
  }

  it('of blocks of 128 where nothing says a size', async () => {
    const { values } = await scaled([1, 200], ['a.weight_scale_inv', 'F32', [1, 2], [2, 3]])
    // In equal parts of 100 the second would begin before.
    expect([values[127], values[128]]).toEqual([2, 3])
  })

  it('of groups of columns, as many as config.json says', async () => {
    const config = {
      quantization_config: { config_groups: { group_0: { weights: { group_size: 4 } } } }
    }
    const scales: Told = ['a.weight_scale', 'F32', [2, 2], [1, 2, 3, 4]]
    const { values } = await scaled([2, 7], scales, [], config)
    expect([...values]).toEqual([1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4])
  })

  it('and neither they nor what stands for 0 are tensors of the model any more', async () => {
    const { values, names } = await scaled(
      [2, 1],
      ['a.weight_scale', 'F32', [2], [2, 3]],
      [['a.weight_zero_point', 'F32', [2], [1, -1]]]
    )
    expect([...values]).toEqual([0, 6])
    expect(names).toEqual(['a.weight'])
  })

  it('not where what stands for 0 is of another shape than they are', async () => {
    const { values, names } = await scaled(
      [2, 1],
      ['a.weight_scale', 'F32', [2], [2, 3]],
      [['a.weight_zero_point', 'F32', [1], [1]]]
    )
    expect([...values]).toEqual([1, 1])
    expect(names).toHaveLength(3)
  })
})
