import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readRowMajor } from '../../src/main/checkpoint/read.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { expectClose, readGolden } from './compare.ts'
import { golden } from './models.ts'
import { cpuSource, sharedWorkbench, uncancelled } from './workbench.ts'

/** A tensor as it is written. */
type Stored = Parameters<typeof soundSafetensors>[0][number]

interface Changes {
  readonly config?: Readonly<Record<string, unknown>>
  /** What is stored in place of a tensor. */
  readonly tensor?: (tensor: Stored) => Stored | readonly Stored[]
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-folders-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A copy of a golden folder, written otherwise. */
async function folderOf(model: string, { config = {}, tensor = of => of }: Changes) {
  const folder = temporaryFolder()
  cpSync(join(golden, model), folder, { recursive: true })
  const path = join(folder, 'model.safetensors')
  const { tensors } = await openCheckpoint(path)
  const stored: Stored[] = []
  for (const entry of tensors.values()) {
    const { name, dtype, shape } = entry
    stored.push(...[tensor({ name, dtype, shape, data: await readRowMajor(entry) })].flat())
  }
  writeFileSync(path, soundSafetensors(stored))
  const own = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...own, ...config }))
  return folder
}

async function opened(model: string, changes: Changes) {
  const path = await folderOf(model, changes)
  return workbench.handlers['models.open']({ path }, uncancelled())
}

/** Runs it on the golden's tokens; its logits have to be those of the golden. */
async function expectGoldenLogits(info: Awaited<ReturnType<typeof opened>>, model: string) {
  expect(info.notRunnable).toBeNull()
  const expected = await readGolden(join(golden, model, 'golden.safetensors'))
  const ids = [...(await expected.read('input_ids'))]
  const source = cpuSource(info, { ids })
  const run = await workbench.handlers['runs.start']({ source }, uncancelled())
  const params = { runId: run.id, hook: 'logits', exact: true }
  const { data } = await workbench.handlers['runs.value'](params, uncancelled())
  expectClose(data, await expected.read('logits'), 1e-3, 'logits')
}

describe('a folder that says less, or otherwise, runs as the model that it is', () => {
  it('stored from inside of a compiled module', async () => {
    const info = await opened('gpt2', {
      tensor: of => ({ ...of, name: `_orig_mod.${of.name}` })
    })
    expect(info.family).toBe('gpt2')
    expect(info.tensors.map(({ name }) => name)).toContain('transformer.wte.weight')
    await expectGoldenLogits(info, 'gpt2')
  })

  it('without model_type', async () => {
    const info = await opened('bert', { config: { model_type: undefined } })
    expect(info.family).toBe('bert')
    await expectGoldenLogits(info, 'bert')
  })

  it('with a head of its own, though config.json ties it', async () => {
    const info = await opened('llama', { config: { tie_word_embeddings: true } })
    expect(info.ties).toEqual([])
    expect(info.parameters).toBe(info.parametersStored)
    await expectGoldenLogits(info, 'llama')
  })

  it('with a head that is stored twice over, which is said', async () => {
    const info = await opened('gpt2', {
      tensor: of => (of.name.endsWith('wte.weight') ? [of, { ...of, name: 'lm_head.weight' }] : of)
    })
    expect(info.notes).toEqual([
      'lm_head.weight is stored apart from transformer.wte.weight with the same values: both are used and counted.'
    ])
    await expectGoldenLogits(info, 'gpt2')
  })

  it('with tensors that its family does not have, which are named', async () => {
    const info = await opened('llama', {
      tensor: of =>
        of.name.endsWith('q_proj.weight')
          ? [
              of,
              {
                ...of,
                name: of.name.replace('weight', 'bias'),
                shape: [48],
                data: new Uint8Array(192).fill(60)
              }
            ]
          : of
    })
    expect(info.notes).toEqual([
      '3 tensors are not used by this reading: model.layers.*.self_attn.q_proj.bias (3)'
    ])
    await expectGoldenLogits(info, 'llama')
  })

  it.each([
    [10_000, 6, /^$/],
    [500_000, 6, /^model\.rotary_emb\.inv_freq holds other rotary frequencies/],
    // Of so many pairs nothing turns here.
    [500_000, 5, /^$/]
  ])(
    'with the frequencies of base %i, %i of them, beside its weights',
    async (base, pairs, notes) => {
      const info = await opened('llama', withFrequencies(base, pairs))
      expect(info.notes.join('\n')).toMatch(notes)
      await expectGoldenLogits(info, 'llama')
    }
  )

  it('with the frequencies of before they were scaled', async () => {
    const scaling = { rope_scaling: { rope_type: 'linear', factor: 4 } }
    const { notes } = await opened('llama', { ...withFrequencies(10_000, 6), config: scaling })
    expect(notes).toEqual([])
  })

  function withFrequencies(base: number, pairs: number): Changes {
    const frequencies = Float32Array.from({ length: pairs }, (_, i) => base ** (-i / 6))
    const data = new Uint8Array(frequencies.buffer)
    const shape = [pairs]
    return {
      tensor: of =>
        of.name === 'model.norm.weight'
          ? [of, { name: 'model.rotary_emb.inv_freq', dtype: 'F32', shape, data }]
          : of
    }
  }

  it('with a tensor of a layer more, which is named with its number', async () => {
    const info = await opened('llama', {
      tensor: of =>
        of.name.endsWith('2.mlp.up_proj.weight')
          ? [of, { ...of, name: of.name.replace('2', '3') }]
          : of
    })
    expect(info.notes).toEqual([
      'One tensor is not used by this reading: model.layers.3.mlp.up_proj.weight'
    ])
  })
})

describe('a model as its training wrote it', () => {
  const transposed = (of: Stored) => {
    const [rows = 0, columns = 0] = of.shape
    const values = floats(of)
    const turned = Float32Array.from(
      values,
      (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!
    )
    return { ...of, shape: [columns, rows], data: bytes(turned) }
  }

  it('nanoGPT’s, whose matrices lie the other way round, and which does not say its GELU', async () => {
    const config = { model_type: 'nanogpt', architectures: null, n_embd: 48, n_head: 4, n_layer: 3 }
    const info = await opened('gpt2', {
      config: { ...config, block_size: 64, vocab_size: 96, bias: true, activation_function: null },
      tensor: of => (/\.c_\w+\.weight$/.test(of.name) ? transposed(of) : of)
    })
    expect(info.family).toBe('nanogpt')
    expect(info.notes).toEqual([expect.stringMatching(/do not say which form of GELU/)])
    await expectGoldenLogits(info, 'gpt2')
  })

  /** Llama's rows of queries and keys as Meta stores them: of each head the two halves in turns. */
  function inTurns(of: Stored): Stored {
    const [rows = 0, columns = 0] = of.shape
    const [values, half] = [floats(of), 6]
    const taken = Float32Array.from(values, (_, i) => {
      const row = Math.floor(i / columns)
      const [head, within] = [Math.floor(row / (2 * half)), row % (2 * half)]
      const from = head * 2 * half + (within % 2) * half + Math.floor(within / 2)
      return values[from * columns + (i % columns)]!
    })
    expect(rows % (2 * half)).toBe(0)
    return { ...of, data: bytes(taken) }
  }

  const metaNames: readonly (readonly [RegExp, string])[] = [
    [/^model\./, ''],
    [/^embed_tokens/, 'tok_embeddings'],
    [/^lm_head/, 'output'],
    [/self_attn\.(.)_proj/, 'attention.w$1'],
    [/mlp\.gate_proj/, 'feed_forward.w1'],
    [/mlp\.down_proj/, 'feed_forward.w2'],
    [/mlp\.up_proj/, 'feed_forward.w3'],
    [/input_layernorm/, 'attention_norm'],
    [/post_attention_layernorm/, 'ffn_norm']
  ]

  it('Llama as Meta stores it, with params.json in place of config.json', async () => {
    const folder = await folderOf('llama', {
      tensor(of) {
        const stored = /[qk]_proj/.test(of.name) ? inTurns(of) : of
        const name = metaNames.reduce((name, [from, to]) => name.replace(from, to), of.name)
        return { ...stored, name }
      }
    })
    const { hidden_size, num_attention_heads, num_key_value_heads, rms_norm_eps, ...others } =
      JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>
    rmSync(join(folder, 'config.json'))
    const params = {
      dim: hidden_size,
      n_layers: others.num_hidden_layers,
      n_heads: num_attention_heads,
      n_kv_heads: num_key_value_heads,
      norm_eps: rms_norm_eps,
      vocab_size: -1
    }
    writeFileSync(join(folder, 'params.json'), JSON.stringify(params))
    const info = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    expect(info.notes).toEqual(['There is no config.json: what the model is says params.json.'])
    await expectGoldenLogits(info, 'llama')
  })
})

/** Float32 numbers of a tensor as it is written. */
const floats = ({ data }: Stored) => new Float32Array(data.slice().buffer)
const bytes = (values: ArrayBufferView) => new Uint8Array(values.buffer as ArrayBuffer)
const isQuantised = ({ name, shape }: Stored) => shape.length === 2 && /_proj\.weight$/.test(name)

/** Each row's largest magnitude as 127 steps of int8. */
function rowwise(of: Stored) {
  const [rows = 0, columns = 0] = of.shape
  const values = floats(of)
  const largest = Float32Array.from({ length: rows }, (_, row) =>
    Math.max(...values.subarray(row * columns, (row + 1) * columns).map(Math.abs))
  )
  const steps = Int8Array.from(values, (value, i) =>
    Math.round((value / largest[Math.floor(i / columns)]!) * 127)
  )
  const product = Float32Array.from(
    steps,
    (step, i) => (step * largest[Math.floor(i / columns)]!) / 127
  )
  return { rows, largest, steps, product }
}

describe('weights that are stored as numbers and scales', () => {
  /** The logits of a folder, against those of the same numbers as float32. */
  async function expectAsFloats(
    changes: Changes,
    plain: NonNullable<Changes['tensor']>,
    note: RegExp
  ) {
    const logits = []
    for (const each of [changes, { tensor: plain }]) {
      const info = await opened('llama', each)
      expect(info.notRunnable).toBeNull()
      if (each === changes) expect(info.notes.join()).toMatch(note)
      const source = cpuSource(info, { ids: [5, 17, 3, 40, 8] })
      const run = await workbench.handlers['runs.start']({ source }, uncancelled())
      const params = { runId: run.id, hook: 'logits', exact: true }
      logits.push((await workbench.handlers['runs.value'](params, uncancelled())).data)
    }
    expectClose(logits[0]!, logits[1]!, 1e-4, 'logits')
  }

  const asProduct = (of: Stored) =>
    isQuantised(of) ? { ...of, data: bytes(rowwise(of).product) } : of

  it('int8 of bitsandbytes run as their products', () =>
    expectAsFloats(
      {
        config: { quantization_config: { quant_method: 'bitsandbytes', load_in_8bit: true } },
        tensor(of) {
          if (!isQuantised(of)) return of
          const { rows, largest, steps } = rowwise(of)
          const name = of.name.replace('weight', 'SCB')
          return [
            { ...of, dtype: 'I8', data: bytes(steps) },
            { name, dtype: 'F32', shape: [rows], data: bytes(largest) }
          ]
        }
      },
      asProduct,
      /^21 matrices are stored as I8 numbers with scales \(bitsandbytes, 8 bits a weight\)/
    ))

  it('int8 of compressed-tensors run as their products', () =>
    expectAsFloats(
      {
        config: { quantization_config: { quant_method: 'compressed-tensors' } },
        tensor(of) {
          if (!isQuantised(of)) return of
          const { rows, largest, steps } = rowwise(of)
          const scales = largest.map(value => value / 127)
          return [
            { ...of, dtype: 'I8', data: bytes(steps) },
            { name: `${of.name}_scale`, dtype: 'F32', shape: [rows, 1], data: bytes(scales) }
          ]
        }
      },
      asProduct,
      /I8 numbers with scales \(compressed-tensors\)/
    ))

  it('int8 of which another number than 0 stands for 0 run as their products', () => {
    const zeroOf = (row: number) => (row % 7) - 3
    const product = (of: Stored) => rowwise(of).product.map(value => (value * 120) / 127)
    return expectAsFloats(
      {
        config: { quantization_config: { quant_method: 'compressed-tensors' } },
        tensor(of) {
          if (!isQuantised(of)) return of
          const { rows, largest } = rowwise(of)
          const [, columns = 0] = of.shape
          const rowOf = (i: number) => Math.floor(i / columns)
          const scales = largest.map(value => value / 127)
          const steps = Int8Array.from(product(of), (value, i) =>
            Math.round(value / scales[rowOf(i)]! + zeroOf(rowOf(i)))
          )
          const zeros = Int8Array.from({ length: rows }, (_, row) => zeroOf(row))
          return [
            { ...of, dtype: 'I8', data: bytes(steps) },
            { name: `${of.name}_scale`, dtype: 'F32', shape: [rows, 1], data: bytes(scales) },
            { name: `${of.name}_zero_point`, dtype: 'I8', shape: [rows, 1], data: bytes(zeros) }
          ]
        }
      },
      of => {
        if (!isQuantised(of)) return of
        const { largest } = rowwise(of)
        const [, columns = 0] = of.shape
        const rounded = product(of).map((value, i) => {
          const scale = largest[Math.floor(i / columns)]! / 127
          return Math.round(value / scale) * scale
        })
        return { ...of, data: bytes(rounded) }
      },
      /I8 numbers with scales \(compressed-tensors\)/
    )
  })

  it.each([
    [
      'DeepSeek',
      'weight_scale_inv',
      { quant_method: 'fp8', weight_block_size: [32, 64] },
      /F8_E4M3 numbers with scales \(FP8\)/
    ],
    [
      'compressed-tensors',
      'weight_scale',
      {
        quant_method: 'compressed-tensors',
        config_groups: {
          group_0: { weights: { strategy: 'block', block_structure: [32, 64] } }
        }
      },
      /F8_E4M3 numbers with scales \(compressed-tensors\)/
    ]
  ])('FP8 in blocks, as %s says them, run as their products', (_, scale, quantization, note) => {
    // 1.5, −0.875 and 0.25 as E4M3, in blocks of 32 rows and 64 columns.
    const patterns = [0x3c, 0xb7, 0x28]
    const values = [1.5, -0.9375, 0.25]
    const scales = (rows: number, columns: number) =>
      Float32Array.from({ length: rows * columns }, (_, i) => 0.2 + 0.05 * i)
    const grid = ([rows = 0, columns = 0]: readonly number[]) =>
      [Math.ceil(rows / 32), Math.ceil(columns / 64)] as const
    return expectAsFloats(
      {
        config: { quantization_config: quantization },
        tensor(of) {
          if (!isQuantised(of)) return of
          const shape = grid(of.shape)
          const data = Uint8Array.from(floats(of), (_, i) => patterns[i % 3]!)
          return [
            { ...of, dtype: 'F8_E4M3', data },
            {
              name: of.name.replace('weight', scale),
              dtype: 'F32',
              shape,
              data: bytes(scales(...shape))
            }
          ]
        }
      },
      of => {
        if (!isQuantised(of)) return of
        const [, columns = 0] = of.shape
        const [, across] = grid(of.shape)
        const factors = scales(...grid(of.shape))
        const product = floats(of).map((_, i) => {
          const [row, column] = [Math.floor(i / columns), i % columns]
          const at = Math.floor(row / 32) * across + Math.floor(column / 64)
          return values[i % 3]! * factors[at]!
        })
        return { ...of, data: bytes(product) }
      },
      note
    )
  })

  it('numbers that are none are counted, for a run of them gives none', async () => {
    const info = await opened('llama', {
      tensor(of) {
        if (!of.name.endsWith('0.mlp.up_proj.weight')) return of
        const data = new Uint8Array(80 * 48)
        data.set([0x7f, 0xff, 0x7e])
        return [
          { ...of, dtype: 'F8_E4M3', data },
          {
            name: `${of.name}_scale_inv`,
            dtype: 'F32',
            shape: [1, 1],
            data: bytes(Float32Array.of(1))
          }
        ]
      }
    })
    expect(info.notes.join()).toMatch(/; so is all/)
    expect(info.notes.join()).toMatch(/\b2 of these products are NaN/)
  })

  it('a scale that does not fit its matrix is refused by its name', async () => {
    const path = await folderOf('llama', {
      tensor: of =>
        of.name === 'model.layers.0.mlp.up_proj.weight'
          ? [
              { ...of, dtype: 'I8', data: new Uint8Array(80 * 48) },
              { name: `${of.name}_scale`, dtype: 'F32', shape: [81], data: new Uint8Array(324) }
            ]
          : of
    })
    await expect(workbench.handlers['models.open']({ path }, uncancelled())).rejects.toMatchObject({
      code: 'file-invalid',
      message:
        'model.safetensors: "model.layers.0.mlp.up_proj.weight_scale" of shape [81] does not scale "model.layers.0.mlp.up_proj.weight" of [80, 48]'
    })
  })

  it('others are named, and their weights can be looked at', async () => {
    const info = await opened('llama', {
      config: { quantization_config: { quant_method: 'gptq', bits: 4 } },
      tensor: of =>
        isQuantised(of) ? { ...of, name: of.name.replace('weight', 'qweight'), dtype: 'I32' } : of
    })
    expect(info.notRunnable).toMatch(
      /^config.json: weights are quantised by GPTQ, 4 bits a weight, and do not run as they are stored/
    )
    expect(info.tensors.some(({ dtype }) => dtype === 'I32')).toBe(true)
  })

  it('whole numbers without scales do not run as if they were weights', async () => {
    const info = await opened('llama', {
      tensor: of => (isQuantised(of) ? { ...of, dtype: 'I8', data: bytes(rowwise(of).steps) } : of)
    })
    expect(info.notRunnable).toBe(
      'model.layers.0.self_attn.q_proj.weight: I8 numbers, which are no weights without their scales'
    )
    expect(info.notRunnableHint).toMatch(/^Put the whole folder .*, scales and all/)
  })
})

describe('an adapter of low rank', () => {
  const rank = 4
  const isAdapted = ({ name }: Stored) => /[qv]_proj\.weight$/.test(name)
  const matrix = (length: number, seed: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + seed) / 4)

  /** Two matrices beside the one that they change, as PEFT names them. */
  function adapted(of: Stored): Stored | Stored[] {
    if (!isAdapted(of)) return of
    const [outputs = 0, inputs = 0] = of.shape
    const named = (part: string) => of.name.replace('weight', part)
    return [
      { ...of, name: named('base_layer.weight') },
      {
        name: named('lora_A.default.weight'),
        dtype: 'F32',
        shape: [rank, inputs],
        data: bytes(matrix(rank * inputs, 1))
      },
      {
        name: named('lora_B.default.weight'),
        dtype: 'F32',
        shape: [outputs, rank],
        data: bytes(matrix(rank * outputs, 2))
      }
    ]
  }

  /** W + s · B A. */
  const merged = (scale: number) => (of: Stored) => {
    if (!isAdapted(of)) return of
    const [outputs = 0, inputs = 0] = of.shape
    const [down, up] = [matrix(rank * inputs, 1), matrix(rank * outputs, 2)]
    const values = floats(of).map((value, i) => {
      const [row, column] = [Math.floor(i / inputs), i % inputs]
      const parts = Array.from(
        { length: rank },
        (_, r) => up[row * rank + r]! * down[r * inputs + column]!
      )
      return value + scale * parts.reduce((sum, part) => sum + part)
    })
    return { ...of, data: bytes(values) }
  }

  async function logitsOf(folder: string) {
    const info = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    expect(info.notRunnable).toBeNull()
    const source = cpuSource(info, { ids: [5, 17, 3, 40, 8] })
    const run = await workbench.handlers['runs.start']({ source }, uncancelled())
    const params = { runId: run.id, hook: 'logits', exact: true }
    return { info, ...(await workbench.handlers['runs.value'](params, uncancelled())) }
  }

  it.each([
    [
      { lora_alpha: 6 },
      6 / 4,
      /^An adapter \(LoRA\) is stored in 6 matrices, and merged into them\.$/
    ],
    [{ lora_alpha: 6, use_rslora: true }, 6 / 2, /merged into them\.$/],
    [null, 8 / 4, /No adapter_config.json says their factor: lora_alpha is taken for 8/]
  ])('inside of the weights is merged as %j says', async (config, scale, note) => {
    const folder = await folderOf('llama', { tensor: adapted })
    if (config !== null) writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config))
    const { info, data } = await logitsOf(folder)
    expect(info.notes[0]).toMatch(note)
    expect(info.tensors.some(({ name }) => name.includes('lora'))).toBe(false)
    const { data: expected } = await logitsOf(await folderOf('llama', { tensor: merged(scale) }))
    expectClose(data, expected, 1e-4, 'logits')
  })

  it('of another factor is another model', async () => {
    const folder = await folderOf('llama', { tensor: adapted })
    const open = async (alpha: number) => {
      writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ lora_alpha: alpha }))
      return workbench.handlers['models.open']({ path: folder }, uncancelled())
    }
    expect((await open(6)).fingerprint).not.toBe((await open(7)).fingerprint)
  })

  /** A folder of a whole model with the matrices of an adapter, as PEFT saves them, in a file beside. */
  async function besideModel(
    config: Record<string, unknown>,
    model = 'llama',
    change: (of: Stored) => Stored | readonly Stored[] = of => of
  ) {
    const parts: Stored[] = []
    const folder = await folderOf(model, {
      tensor(of) {
        for (const part of [adapted(of)].flat().slice(1))
          parts.push({
            ...part,
            name: `base_model.model.${part.name.replace('.default', '')}`
          })
        return of
      }
    })
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config))
    const file = soundSafetensors(parts.flatMap(of => change(of)))
    writeFileSync(join(folder, 'adapter_model.safetensors'), file)
    return folder
  }
  const base = { base_model_name_or_path: 'org/base', lora_alpha: 6 }

  /** The files of the adapter beside a model, taken from there into a folder of their own. */
  function adapterOf(model: string): string {
    const folder = temporaryFolder()
    for (const name of ['adapter_config.json', 'adapter_model.safetensors'])
      renameSync(join(model, name), join(folder, name))
    return folder
  }

  /** The weights of a model, as an analysis is asked of them. */
  const weightsOf = ({ path, fingerprint }: Awaited<ReturnType<typeof opened>>) => ({
    ...{ model: { path, fingerprint }, corpus: null, edits: [], provider: 'cpu' as const }
  })

  it('beside a whole model is applied where the folder is opened, and not where its file is', async () => {
    const folder = await besideModel(base)
    const { info, data } = await logitsOf(folder)
    expect(info.notes).toEqual([
      'adapter_model.safetensors beside these weights holds an adapter (LoRA) of org/base, which is applied; open model.safetensors itself to read them without it.',
      'An adapter (LoRA) is stored in 6 matrices, and merged into them.'
    ])
    expectClose(
      data,
      (await logitsOf(await folderOf('llama', { tensor: merged(6 / 4) }))).data,
      1e-4,
      'logits'
    )
    const plain = await logitsOf(join(folder, 'model.safetensors'))
    expect(plain.info.notes).toEqual([
      'adapter_config.json says that an adapter (LoRA) of org/base lies beside these weights: it is not applied.'
    ])
    expectClose(plain.data, (await logitsOf(await folderOf('llama', {}))).data, 0, 'logits')
    expect(plain.info.fingerprint).not.toBe(info.fingerprint)
    // What the adapter changed, matrix by matrix.
    const difference = await workbench.handlers['analysis.run'](
      { name: 'diff', params: {}, of: weightsOf(plain.info), with: weightsOf(info) },
      uncancelled()
    )
    const changed = difference.axes['tensor']!.labels!.filter(
      (_, at) => difference.variables['difference']!.data[at]! > 0
    )
    expect(changed).toHaveLength(6)
    expect(changed.every(name => isAdapted({ name } as Stored))).toBe(true)
  })

  it('alone is applied to the model that it is said to adapt, until nothing is said any more', async () => {
    const model = await besideModel(base)
    const folder = adapterOf(model)
    const open = (params: { base?: string | null }) =>
      workbench.handlers['models.open']({ path: folder, ...params }, uncancelled())
    const alone = await open({})
    expect(alone.adapter).toEqual({ of: 'org/base', base: null, canBeApplied: true })
    expect(alone.notRunnable).toBe(
      'adapter_config.json: what is there is an adapter (LoRA) of org/base, not a model'
    )
    expect(alone.notRunnableHint).toContain('info --base')
    expect(alone.tensors).toHaveLength(12)

    const applied = await open({ base: model })
    expect(applied.notes.slice(0, 2)).toEqual([
      `The folder holds an adapter (LoRA) of org/base: it is applied to the model in ${basename(model)}.`,
      'An adapter (LoRA) is stored in 6 matrices, and merged into them.'
    ])
    expect([applied.path, applied.name]).toEqual([alone.path, alone.name])
    expect(applied.fingerprint).not.toBe(alone.fingerprint)
    const expected = await logitsOf(await folderOf('llama', { tensor: merged(6 / 4) }))
    const { info, data } = await logitsOf(folder)
    expect(info.adapter?.base).toBe(model)
    expectClose(data, expected.data, 1e-4, 'logits')

    const none = await open({ base: null })
    expect([none.fingerprint, none.adapter?.base]).toEqual([alone.fingerprint, null])
  })

  it('alone is known by its tensors where no file says it, and applied with the usual factor', async () => {
    const model = await besideModel(base)
    const folder = adapterOf(model)
    rmSync(join(folder, 'adapter_config.json'))
    const open = (params: { base?: string }) =>
      workbench.handlers['models.open']({ path: folder, ...params }, uncancelled())
    const alone = await open({})
    expect(alone.notRunnable).toBe(
      'adapter_model.safetensors: what is there is an adapter (LoRA), not a model'
    )
    expect(alone.adapter).toEqual({ of: null, base: null, canBeApplied: true })
    expect((await open({ base: model })).notes.join()).toMatch(/lora_alpha is taken for 8/)
    const expected = await logitsOf(await folderOf('llama', { tensor: merged(8 / 4) }))
    expectClose((await logitsOf(folder)).data, expected.data, 1e-4, 'logits')
  })

  it.each([
    ['of another width', () => folderOf('gpt2', {}), / is another model: /],
    ['that is not there', () => Promise.resolve('/nowhere/at all'), /does not exist/]
  ])('alone is not applied to a model %s, and it says so', async (_, other, why) => {
    const model = await besideModel(base)
    const folder = adapterOf(model)
    const params = { path: folder, base: await other() }
    const { notRunnable } = await workbench.handlers['models.open'](params, uncancelled())
    expect(notRunnable).toMatch(/^adapter_config\.json: .* not a model, and it is not applied \(/)
    expect(notRunnable).toMatch(why)
  })

  it('of another kind alone says what to do with it', async () => {
    const model = await besideModel({ ...base, peft_type: 'IA3' }, 'llama', of => ({
      ...of,
      name: of.name.replace(/lora_[AB]\.weight/, part => `ia3_${part[5]}`)
    }))
    const folder = adapterOf(model)
    const info = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    expect(info.adapter?.canBeApplied).toBe(false)
    expect(info.notRunnableHint).toContain('with peft')
  })

  it('with an alpha of its own for some modules is added with that', async () => {
    const folder = await besideModel({ ...base, alpha_pattern: { q_proj: 2 } })
    const expected = await folderOf('llama', {
      tensor: of => merged(of.name.includes('q_proj') ? 2 / 4 : 6 / 4)(of)
    })
    expectClose((await logitsOf(folder)).data, (await logitsOf(expected)).data, 1e-4, 'logits')
  })

  it.each([
    [{ peft_type: 'IA3' }, (of: Stored) => of, /an adapter \(IA3\) of org\/base .* not applied\.$/],
    [
      {},
      (of: Stored) => ({ ...of, name: of.name.replace('layers.0', 'layers.9') }),
      /not applied \(base_model\.model\.model\.layers\.9\.\S+ changes nothing that is there\)\.$/
    ],
    [
      {},
      (of: Stored) => ({ ...of, shape: [...of.shape].reverse() }),
      /not applied \(.* do not fit /
    ],
    [
      { lora_bias: true },
      (of: Stored) =>
        of.name.endsWith('layers.0.self_attn.q_proj.lora_B.weight')
          ? [of, { ...of, name: of.name.replace(/weight$/, 'bias') }]
          : of,
      /not applied \(base_model\.\S+\.lora_B\.bias is what it adds to a bias, which is not merged\)\.$/
    ]
  ])('that cannot be added as it is, %j, is left out and said', async (config, change, note) => {
    const folder = await besideModel({ ...base, ...config }, 'llama', change)
    const { info, data } = await logitsOf(folder)
    expect(info.notes).toEqual([expect.stringMatching(note)])
    expectClose(data, (await logitsOf(await folderOf('llama', {}))).data, 0, 'logits')
  })

  it('replaces what it has whole', async () => {
    const head = new Float32Array(96 * 48).fill(0.25)
    const stored = {
      name: 'base_model.model.lm_head.weight',
      dtype: 'F32',
      shape: [96, 48],
      data: bytes(head)
    }
    const folder = await besideModel(base, 'llama', of =>
      of.name.includes('layers.0.self_attn.q_proj.lora_A') ? [of, stored] : of
    )
    const { info, data } = await logitsOf(folder)
    expect(info.notes[0]).toContain(
      'which is applied, of which one tensor stands in place of theirs; '
    )
    expect(new Set(data.subarray(0, 96)).size).toBe(1)
  })
})

describe('a folder whose config.json has a value that cannot be', () => {
  it.each([
    ['gpt2', { activation_function: 'swiglu' }, /^config.json: activation_function must be one of/],
    [
      'llama',
      { num_attention_heads: 5, head_dim: null },
      /a width of 48 does not divide into 5 heads/
    ],
    [
      'llama',
      { intermediate_size: 'wide' },
      /^config.json: intermediate_size must be a whole number/
    ],
    // Left out, it is what the class has.
    [
      'llama',
      { intermediate_size: null },
      /gate_proj.weight: shape \[80, 48\], expected \[11008, 48\]/
    ],
    ['llama', { vocab_size: 0 }, /^config.json: vocab_size must be a whole number/],
    [
      'llama',
      { rope_parameters: { rope_type: 'spiral', rope_theta: 1e4 } },
      /rope_type "spiral" is not one of/
    ]
  ])('%s %j opens for its weights and says what stops the run', async (model, config, why) => {
    const info = await opened(model, { config })
    expect(info.notRunnable).toMatch(why)
    expect(info.notRunnableHint).toMatch(/weights can be looked at/)
    expect(info.tensors.length).toBeGreaterThan(10)
  })
})
