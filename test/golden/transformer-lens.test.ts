import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { normalNumbers } from '#common/analysis/normal-numbers.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import type { RunnableModel } from '../../src/main/workbench/model/model.ts'
import { readWeight } from '../../src/main/workbench/model/weights.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { expectClose } from './compare.ts'
import { lensForward, type LensModel, type Matrix } from './transformer-lens-forward.ts'
import { analysed, cpuSource, openedModel, sharedWorkbench, uncancelled } from './workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const ids = [3, 1, 4, 1, 5, 9, 2, 6]
const [dModel, dVocab, nCtx] = [12, 11, 10]

/** What is small about a model, and which of the parts it has. */
interface Kind {
  readonly nHeads?: number
  readonly nKeyValueHeads?: number
  readonly dHead?: number
  readonly dMlp?: number
  readonly dVocabOut?: number
  readonly gated?: boolean
  readonly output?: boolean
  readonly biases?: boolean
  readonly norms?: boolean
  readonly mlpNorm?: boolean
  readonly positions?: boolean
}

/** The tensors of a model of two blocks, as TransformerLens names and lays them, with random numbers. */
function tensorsOf({
  nHeads = 3,
  nKeyValueHeads = nHeads,
  dHead = 4,
  dMlp = 20,
  dVocabOut = dVocab,
  gated = false,
  output = true,
  biases = true,
  norms = false,
  mlpNorm = false,
  positions = true
}: Kind): Map<string, Matrix> {
  const normal = normalNumbers(7)
  const tensors = new Map<string, Matrix>()
  const put = (name: string, shape: number[], around = 0) => {
    const count = shape.reduce((product, length) => product * length, 1)
    const data = Float32Array.from({ length: count }, () => around + 0.5 * normal())
    tensors.set(name, { shape, data })
  }
  put('embed.W_E', [dVocab, dModel])
  if (positions) put('pos_embed.W_pos', [nCtx, dModel])
  for (const layer of [0, 1]) {
    const at = `blocks.${layer}`
    const grouped = nKeyValueHeads < nHeads ? '_' : ''
    for (const [letter, heads, prefix] of [
      ['Q', nHeads, ''],
      ['K', nKeyValueHeads, grouped],
      ['V', nKeyValueHeads, grouped]
    ] as const) {
      put(`${at}.attn.${prefix}W_${letter}`, [heads, dModel, dHead])
      if (biases) put(`${at}.attn.${prefix}b_${letter}`, [heads, dHead])
    }
    if (output) put(`${at}.attn.W_O`, [nHeads, dHead, dModel])
    if (output && biases) put(`${at}.attn.b_O`, [dModel])
    put(`${at}.attn.IGNORE`, [])
    if (norms)
      for (const ln of dMlp > 0 ? ['ln1', 'ln2'] : ['ln1']) {
        put(`${at}.${ln}.w`, [dModel], 1)
        put(`${at}.${ln}.b`, [dModel])
      }
    if (dMlp === 0) continue
    if (gated) put(`${at}.mlp.W_gate`, [dModel, dMlp])
    put(`${at}.mlp.W_in`, [dModel, dMlp])
    if (biases && !gated) put(`${at}.mlp.b_in`, [dMlp])
    if (mlpNorm) {
      put(`${at}.mlp.ln.w`, [dMlp], 1)
      put(`${at}.mlp.ln.b`, [dMlp])
    }
    put(`${at}.mlp.W_out`, [dMlp, dModel])
    if (biases) put(`${at}.mlp.b_out`, [dModel])
  }
  if (norms) {
    put('ln_final.w', [dModel], 1)
    put('ln_final.b', [dModel])
  }
  put('unembed.W_U', [dModel, dVocabOut])
  if (biases) put('unembed.b_U', [dVocabOut])
  return tensors
}

/** As the code beside “Progress measures for grokking” lays its matrices: all the other way round but W_U. */
function turned(tensors: ReadonlyMap<string, Matrix>): Map<string, Matrix> {
  return new Map(
    [...tensors].map(([name, matrix]) => {
      if (/W_O$/.test(name)) {
        const [heads = 0, dHead = 0] = matrix.shape
        return [name, transposed({ ...matrix, shape: [heads * dHead, dModel] })]
      }
      return [name, /W_(E|Q|K|V|in|out)$/.test(name) ? transposed(matrix) : matrix]
    })
  )
}

/** With the last two axes the other way round. */
function transposed({ shape, data }: Matrix): Matrix {
  const [rows = 0, columns = 0] = shape.slice(-2)
  const out = data.map((_, i) => {
    const [of, at] = [Math.floor(i / (rows * columns)), i % (rows * columns)]
    return data[of * rows * columns + (at % rows) * columns + Math.floor(at / rows)]!
  })
  return { shape: [...shape.slice(0, -2), columns, rows], data: out }
}

async function opened(
  tensors: ReadonlyMap<string, Matrix>,
  config: Readonly<Record<string, unknown>> | null
): Promise<ModelInfo> {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-lens-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const stored = [...tensors].map(([name, { shape, data }]) => ({
    name,
    dtype: 'F32',
    shape,
    data: new Uint8Array(data.buffer)
  }))
  writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(stored))
  if (config !== null) writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  return workbench.handlers['models.open']({ path: folder }, uncancelled())
}

async function valuesOf(info: ModelInfo, ...hooks: string[]): Promise<Float32Array[]> {
  const source = cpuSource(info, { ids })
  const run = await workbench.handlers['runs.start']({ source }, uncancelled())
  const values: Float32Array[] = []
  for (const hook of hooks) {
    const params = { runId: run.id, hook, exact: true }
    const { data } = await workbench.handlers['runs.value'](params, uncancelled())
    values.push(data)
  }
  return values
}

const cfg = { d_model: dModel, n_layers: 2, n_ctx: nCtx, act_fn: 'relu', normalization_type: null }

describe('a model with TransformerLens’s names runs as its formulas say:', () => {
  const cases: [string, Kind, Record<string, unknown>, Partial<LensModel>, said?: RegExp][] = [
    ['without norms', {}, {}, {}],
    ['attention alone', { dMlp: 0 }, { attn_only: true, act_fn: null }, {}],
    ['one head', { nHeads: 1, dHead: 12 }, {}, {}],
    ['no output matrix', { output: false, biases: false }, {}, {}],
    ['logits of something else than tokens', { dVocabOut: 5 }, {}, {}],
    ['norms', { norms: true }, { normalization_type: 'LN' }, { norm: 'layer' }],
    ['norms without weights', {}, { normalization_type: 'LNPre' }, { norm: 'layer' }],
    [
      'RMS without weights',
      {},
      { normalization_type: 'RMSPre', eps: 1e-3 },
      { norm: 'rms', eps: 1e-3 }
    ],
    ['scores that are not scaled', {}, { use_attn_scale: false }, { scale: 1 }],
    ['scores over √d_model', {}, { attn_scale: 12 ** 0.5 }, { scale: 12 ** -0.5 }],
    [
      'both ways, nothing said of padding',
      {},
      { attention_dir: 'bidirectional' },
      { causal: false },
      /nothing says which token is padding/
    ],
    [
      'both ways, its padding hidden',
      {},
      { attention_dir: 'bidirectional', pad_token_id: 1 },
      { causal: false, padding: 1 },
      /No query sees token 1/
    ],
    ['backwards, its padding seen like other tokens', {}, { pad_token_id: 1 }, {}],
    [
      'positions of queries and keys alone',
      { norms: true },
      { normalization_type: 'LN', positional_embedding_type: 'shortformer' },
      { norm: 'layer', shortformer: true }
    ],
    [
      'halves in parallel',
      {},
      { parallel_attn_mlp: true, normalization_type: 'LNPre' },
      { parallel: true, norm: 'layer' }
    ],
    ['grouped keys and values', { nHeads: 4, nKeyValueHeads: 2 }, { n_key_value_heads: 2 }, {}],
    [
      'a gate',
      { gated: true, positions: false },
      { act_fn: 'silu', gated_mlp: true, positional_embedding_type: 'none' },
      { activation: 'silu' }
    ],
    ['softmax linear units', {}, { act_fn: 'solu' }, { activation: 'solu' }],
    [
      'softmax linear units and a norm of them',
      { norms: true, mlpNorm: true },
      { act_fn: 'solu_ln', normalization_type: 'LN' },
      { activation: 'solu', norm: 'layer', normed: true }
    ],
    [
      'a norm of softmax linear units without weights',
      {},
      { act_fn: 'solu_ln', normalization_type: 'LNPre', eps: 1e-3 },
      { activation: 'solu', norm: 'layer', normed: true, eps: 1e-3 }
    ]
  ]

  it.each(cases)('%s', async (_, kind, config, model, said) => {
    const tensors = tensorsOf(kind)
    const info = await opened(tensors, { ...cfg, ...config })
    expect([info.notRunnable, info.family]).toEqual([null, 'transformer_lens'])
    expect(info.notes).toEqual(said ? [expect.stringMatching(said)] : [])
    const expected = lensForward(tensors, ids, { activation: 'relu', ...model })
    const [logits, pattern] = await valuesOf(info, 'logits', 'blocks.1.attn.hook_pattern')
    const largest = Math.max(...expected.logits.map(Math.abs))
    expectClose(logits!, expected.logits, 1e-3 * largest, 'logits')
    expectClose(pattern!, expected.pattern, 1e-3, 'pattern')
  })

  it('the same with matrices the other way round', async () => {
    const tensors = tensorsOf({ biases: false, dVocabOut: 10 })
    const info = await opened(turned(tensors), { num_layers: 2, act_type: 'ReLU', use_ln: false })
    expect(info.predicts).toBe('labels')
    const expected = lensForward(tensors, ids, { activation: 'relu' })
    const [logits, pattern] = await valuesOf(info, 'logits', 'blocks.1.attn.hook_pattern')
    expectClose(logits!, expected.logits, 2e-3, 'logits')
    expectClose(pattern!, expected.pattern, 1e-4, 'pattern')
    const model = (await openedModel(info.path)) as RunnableModel
    for (const [role, name] of [
      ['W_Q', 'W_Q'],
      ['W_O', 'W_O']
    ] as const) {
      const { data } = (await readWeight(model, { role, layer: 1, head: 2 }))!
      const own = tensors.get(`blocks.1.attn.${name}`)!.data.subarray(2 * dModel * 4)
      expect([...data], role).toEqual([...own])
    }
    const { data } = (await readWeight(model, { role: 'W_E', layer: null, head: null }))!
    expect([...data]).toEqual([...tensors.get('embed.W_E')!.data])
  })

  it('takes logits apart, and finds gradients, where there is no MLP and no output matrix', async () => {
    const tensors = tensorsOf({ dMlp: 0, output: false, biases: false })
    const info = await opened(tensors, { ...cfg, act_fn: null, attn_only: true })
    const input = { ids }
    const dla = await analysed(
      workbench,
      info,
      'direct-logit-attribution',
      { targets: '7:3' },
      input
    )
    const [[logits], rest] = [await valuesOf(info, 'logits'), variable(dla, 'dla.rest').data]
    expect(variable(dla, 'dla.logit').data[0]).toBeCloseTo(logits![7 * dVocab + 3]!, 3)
    expect(Math.abs(rest[0]!)).toBeLessThan(1e-3)
    expect([...variable(dla, 'dla.mlp').data]).toEqual([0, 0])
    for (const [name, params] of [
      ['why', { at: '7:3-5' }],
      ['lens', { parts: ['resid', 'mlp_out'] }],
      ['saliency', { of: 'logit:7:3', steps: 2 }]
    ] satisfies [string, object][])
      expect((await analysed(workbench, info, name, params, input)).variables, name).toBeDefined()
  })
})

describe('what TransformerLens’s tensors do not tell', () => {
  it('is taken as its defaults are where no config says it, and said', async () => {
    const tensors = tensorsOf({ norms: true })
    const info = await opened(tensors, null)
    expect(info.family).toBe('transformer_lens')
    expect(info.notes).toEqual([
      'No config says what leaves no trace in TransformerLens’s tensors. Taken for granted: activation relu; each token sees those before it; epsilon 0.00001. A config.json with its cfg says otherwise, or a description.'
    ])
    const [logits] = await valuesOf(info, 'logits')
    const expected = lensForward(tensors, ids, { activation: 'relu', norm: 'layer' })
    expectClose(logits!, expected.logits, 2e-3, 'logits')
  })

  it('is no norm in the layout of the code before it, whatever wraps its names', async () => {
    const tensors = tensorsOf({})
    for (const prefix of ['', 'model.']) {
      const wrapped = [...turned(tensors)].map(([name, of]) => [prefix + name, of] as const)
      const info = await opened(new Map(wrapped), null)
      expect(info.notes.join()).toMatch(
        /activation relu; no norms; each token sees those before it/
      )
      const [logits] = await valuesOf(info, 'logits')
      const { logits: expected } = lensForward(tensors, ids, { activation: 'relu' })
      expectClose(logits!, expected, 2e-3, 'logits')
    }
  })

  it('is taken as softmax linear units where their norm is there', async () => {
    const tensors = tensorsOf({ norms: true, mlpNorm: true })
    const info = await opened(tensors, null)
    expect(info.notes.join()).toContain('activation solu and a norm after it')
    const names = ['logits', 'blocks.1.mlp.hook_mid', 'blocks.1.mlp.hook_post']
    const [logits, mid, post] = await valuesOf(info, ...names)
    const expected = lensForward(tensors, ids, { activation: 'solu', norm: 'layer', normed: true })
    expectClose(logits!, expected.logits, 2e-3, 'logits')
    const [w, b] = ['w', 'b'].map(name => tensors.get(`blocks.1.mlp.ln.${name}`)!.data)
    const width = w!.length
    const first = mid!.subarray(0, width)
    const mean = first.reduce((sum, own) => sum + own, 0) / width
    const square = first.reduce((sum, own) => sum + (own - mean) ** 2, 0) / width
    const normed = first.map(
      (own, i) => ((own - mean) / Math.sqrt(square + 1e-5)) * w![i]! + b![i]!
    )
    expectClose(post!.slice(0, width), normed, 1e-4, 'hook_post')
  })

  it('stops the run where the config contradicts the tensors', async () => {
    const info = await opened(tensorsOf({}), { ...cfg, n_heads: 6 })
    expect(info.notRunnable).toBe('config.json: n_heads must be 3, as in the tensors, got 6')
  })

  it('stops the run where it is not computed', async () => {
    const gated = await opened(tensorsOf({ gated: true }), { ...cfg, act_fn: 'solu_ln' })
    expect(gated.notRunnable).toMatch(/act_fn with a norm after it and a gate/)
    const experts = await opened(tensorsOf({}), { ...cfg, num_experts: 4 })
    expect(experts.notRunnable).toMatch(/num_experts/)
  })
})
