import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { WeightRole } from '#common/model/weight-view.ts'
import { blockInputs } from '../../src/main/architecture/block-inputs.ts'
import { buildBlock } from '../../src/main/architecture/builder/block.ts'
import { buildEmbedding, buildUnembedding } from '../../src/main/architecture/builder/ends.ts'
import { isGated, mlpParts, neuronCount } from '../../src/main/architecture/mlp-parts.ts'
import { readWeight, weightRows } from '../../src/main/workbench/model/weights.ts'
import { positionEmbeddings, tokenEmbeddings } from '../../src/main/workbench/run/embeddings.ts'
import type { RunnableModel } from '../../src/main/workbench/model/model.ts'
import { expectClose, readGolden } from './compare.ts'
import { families } from './families.ts'
import { golden, models } from './models.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { runGraph } from './run-graph.ts'
import { weightAddresses } from './weight-addresses.ts'
import { analysed, modelIn, openedModel, sharedWorkbench } from './workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const withoutWorkbench = new Map<string, Promise<RunnableModel>>()

function opened(folder: string): Promise<RunnableModel> {
  const model = withoutWorkbench.get(folder) ?? (openedModel(folder) as Promise<RunnableModel>)
  withoutWorkbench.set(folder, model)
  return model
}

/** x · W + b. */
function product(x: Tensor, w: Tensor, b: Tensor | null): Tensor {
  const [inputs = 0, outputs = 0] = w.shape
  const rows = x.data.length / inputs
  const data = Float32Array.from({ length: rows * outputs }, (_, i) => {
    const [row, column] = [Math.floor(i / outputs), i % outputs]
    let sum = b?.data[column] ?? 0
    for (let k = 0; k < inputs; k++)
      sum += x.data[row * inputs + k]! * w.data[k * outputs + column]!
    return sum
  })
  return { shape: [rows, outputs], data }
}

/** One head of [pos, head, …]. */
function headOf({ shape: [count = 0, heads = 0, width = 0], data }: Tensor, head: number): Tensor {
  const own = Float32Array.from({ length: count * width }, (_, i) => {
    return data[(Math.floor(i / width) * heads + head) * width + (i % width)]!
  })
  return { shape: [count, width], data: own }
}

function expectSame(actual: Tensor, expected: Tensor, what: string): void {
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  expectClose(actual.data, expected.data, 2e-5 * largest, what)
}

describe('weights by role compute what the hooks have', () => {
  it.each(models)('of $name', async ({ name, folder }) => {
    const model = await opened(folder)
    const { spec } = model
    const { tensors } = model.checkpoint
    const of = (role: WeightRole, layer: number | null = null, head: number | null = null) =>
      readWeight(model, { role, layer, head })
    const { read } = await readGolden(join(golden, name, 'golden.safetensors'))
    const ids = [...(await read('input_ids'))]

    const embedded = await tokenEmbeddings(model, ids)
    const positions = await positionEmbeddings(model, ids)
    const table = (await of('W_E'))!
    const width = table.shape[1]!
    expect(table.shape[0]).toBe(spec.dVocab)
    const rows = ids.flatMap(id => [...table.data.subarray(id * width, (id + 1) * width)])
    const scaled = Float32Array.from(rows, value => value * Math.fround(spec.embedding.scale))
    expect(scaled).toEqual(embedded.data)
    const places = await of('W_pos')
    expect(places === null).toBe(spec.embedding.positions?.kind !== 'learned')
    if (places !== null) {
      expect(places.shape).toEqual([spec.nCtx, positions!.shape[1]])
      expect(places.data.subarray(0, positions!.data.length)).toEqual(positions!.data)
    }

    const entering = { hook_embed: embedded, ...(positions && { hook_pos_embed: positions }) }
    let residual = (await runGraph(buildEmbedding(spec, tensors), tensors, entering))
      .hook_resid_pre!
    for (const [layer, { norms, parallel, mlp, residualScale }] of spec.blocks.entries()) {
      const added = ({ shape, data }: Tensor): Tensor => ({
        shape,
        data: data.map(value => value * residualScale)
      })
      const graph = buildBlock(spec, layer, tensors, { results: true })
      const feeds = { hook_resid_pre: residual, ...blockInputs(spec, layer, ids.length) }
      const hooks = await runGraph(graph, tensors, feeds)
      const at = (hook: string) => hooks[hook]!
      const read = norms.attentionIn === null ? residual : at('ln1.hook_normalized')
      for (const [letter, hook, heads] of [
        ['Q', 'attn.hook_q', spec.nHeads],
        ['K', 'attn.hook_k', spec.nKeyValueHeads],
        ['V', 'attn.hook_v', spec.nKeyValueHeads]
      ] as const)
        for (let head = 0; head < heads; head++) {
          const w = (await of(`W_${letter}`, layer, head))!
          expect(w.shape).toEqual([spec.dModel, spec.dHead])
          const given = product(read, w, await of(`b_${letter}`, layer, head))
          expectSame(given, headOf(at(hook), head), `${layer}.${hook}.${head}`)
        }

      const biasOfOutput = await of('b_O', layer)
      const together = new Float32Array(ids.length * spec.dModel)
      if (biasOfOutput !== null)
        together.forEach((_, i) => (together[i] = biasOfOutput.data[i % spec.dModel]!))
      for (let head = 0; head < spec.nHeads; head++) {
        const w = (await of('W_O', layer, head))!
        expect(w.shape).toEqual([spec.dHead, spec.dModel])
        const given = product(headOf(at('attn.hook_z'), head), w, null)
        expectSame(given, headOf(at('attn.hook_result'), head), `${layer}.hook_result.${head}`)
        given.data.forEach((value, i) => (together[i]! += value))
      }
      const attention = { shape: residual.shape, data: together }
      if (norms.attentionOut === null)
        expectSame(added(attention), at('hook_attn_out'), `${layer}.hook_attn_out`)

      const middle = parallel ? residual : at('hook_resid_mid')
      const mlpReads = norms.mlpIn === null ? middle : at('ln2.hook_normalized')
      const [gate, input] = [await of('W_gate', layer), (await of('W_in', layer))!]
      const neurons = neuronCount(mlp, spec.dMlp)
      expect(input.shape).toEqual([spec.dModel, neurons])
      expect(gate === null).toBe(mlp !== null && !isGated(mlp))
      const pre = await of(gate === null ? 'b_in' : 'b_gate', layer)
      expectSame(product(mlpReads, gate ?? input, pre), at('mlp.hook_pre'), `${layer}.hook_pre`)
      if (gate !== null) {
        const linear = product(mlpReads, input, await of('b_in', layer))
        expectSame(linear, at('mlp.hook_pre_linear'), `${layer}.hook_pre_linear`)
      }
      const out = (await of('W_out', layer))!
      expect(out.shape).toEqual([neurons, spec.dModel])
      const bias = mlp?.kind === 'experts' ? null : await of('b_out', layer)
      const given = product(at('mlp.hook_post'), out, bias)
      if (mlp?.kind === 'experts') {
        const router = (await of('W_router', layer))!
        const scores = product(mlpReads, router, await of('b_router', layer))
        expectSame(scores, at('mlp.hook_router_scores'), `${layer}.hook_router_scores`)
        const weights = at('mlp.hook_router')
        for (const [expert, { width, start }] of mlpParts(mlp, spec.dMlp).entries()) {
          const own = (role: WeightRole) => readWeight(model, { role, layer, head: null, expert })
          const all = at('mlp.hook_pre')
          const pre = all.data.filter((_, i) => i % neurons >= start && i % neurons < start + width)
          const entered = product(mlpReads, (await own('W_gate'))!, await own('b_gate'))
          expectSame(entered, { shape: [ids.length, width], data: pre }, `${layer} ${expert}`)
          // Its bias weighs as much as it does.
          const added = await own('b_out')
          if (added !== null)
            given.data.forEach((_, i) => {
              const [pos, d] = [Math.floor(i / spec.dModel), i % spec.dModel]
              const weight = weights.data[pos * mlp.experts.length + expert]!
              given.data[i]! += weight * added.data[d]!
            })
        }
      }
      if (norms.mlpOut === null)
        expectSame(added(given), at('hook_mlp_out'), `${layer}.hook_mlp_out`)
      residual = at('hook_resid_post')
    }

    const { transform, scale, softCap, output } = spec.unembedding!
    const unembedding = (await of('W_U'))!
    expect(unembedding.shape).toEqual([transform?.width ?? spec.dModel, spec.dVocab])
    if (transform !== null) {
      // What the matrix reads is no hook; but it is the embedding's.
      expect(output.weight).toBe(spec.embedding.tokens)
      const tied = Float32Array.from(table.data, (_, i) => {
        return unembedding.data[(i % width) * spec.dVocab + Math.floor(i / width)]!
      })
      expect(tied).toEqual(table.data)
      return
    }
    const head = buildUnembedding(spec, tensors)
    const ends = await runGraph(head, tensors, { hook_resid_post: residual })
    const last = ends['ln_final.hook_normalized'] ?? residual
    const { shape, data } = product(last, unembedding, await of('b_U'))
    const capped = (logit: number) => {
      return softCap === null ? logit * scale : Math.tanh((logit * scale) / softCap) * softCap
    }
    expectSame({ shape, data: data.map(capped) }, ends.logits!, 'logits')
  })
})

const some = ['gpt2', 'gpt_neox', 'bloom', 'llama', 'qwen3', 'gemma2', 'bert']
const ofExperts = ['qwen2_moe', 'gpt_oss']
const withCircuits = models.filter(({ name }) => some.includes(name) || !families.includes(name))

describe('circuits of weights by role are what NumPy computes', () => {
  it.each(withCircuits)('of $name', async ({ name, folder }) => {
    const model = await opened(folder)
    const { spec } = model
    const { read, names } = await readGolden(
      join(golden, 'analysis/weights', `${name}.heads.safetensors`)
    )
    const of = async (role: WeightRole, layer: number | null = null, head: number | null = null) =>
      (await readWeight(model, { role, layer, head }))!
    const expected = Object.fromEntries(
      await Promise.all(names.map(async tensor => [tensor, await read(tensor)] as const))
    )
    const close = (actual: number, tensor: string, value: number) =>
      expect(Math.abs(actual - value) / Math.abs(value), tensor).toBeLessThan(2e-5)
    const { nHeads, nKeyValueHeads, dHead } = spec
    const [embedding, unembedding] = [await of('W_E'), await of('W_U')]
    // W_U · W_E, through the vocabulary: [d_model, d_model].
    const through = product(unembedding, embedding, null)

    for (const layer of spec.blocks.keys()) {
      for (const letter of ['Q', 'K', 'V', 'O'] as const) {
        const heads = letter === 'Q' || letter === 'O' ? nHeads : nKeyValueHeads
        for (let head = 0; head < heads; head++) {
          const at = layer * heads + head
          close(
            norm(await of(`W_${letter}`, layer, head)),
            letter,
            expected[`norm_${letter}`]![at]!
          )
          if (letter === 'O' || expected[`norm_b${letter}`] === undefined) continue
          const bias = norm(await of(`b_${letter}`, layer, head))
          close(bias, `b_${letter}`, expected[`norm_b${letter}`]![at]!)
        }
      }
      for (let head = 0; head < nHeads; head++) {
        const at = layer * nHeads + head
        const group = Math.floor(head / (nHeads / nKeyValueHeads))
        const query = await of('W_Q', layer, head)
        const key = await of('W_K', layer, group)
        const ov = product(await of('W_V', layer, group), await of('W_O', layer, head), null)
        const singular = (tensor: string) =>
          Math.hypot(...expected[tensor]!.subarray(at * dHead, (at + 1) * dHead))
        close(norm(product(query, transposed(key), null)), 'qk', singular('qk_singular'))
        close(norm(ov), 'ov', singular('ov_singular'))
        // The trace is the sum of the eigenvalues, whose real parts are every other number.
        const trace = (tensor: string) =>
          expected[tensor]!.subarray(at * dHead * 2, (at + 1) * dHead * 2).reduce(
            (sum, value, i) => (i % 2 === 0 ? sum + value : sum),
            0
          )
        expectTrace(ov, null, trace('ov_eigen'))
        if ('full_ov_eigen' in expected) expectTrace(ov, through, trace('full_ov_eigen'))
      }
    }
  })
})

describe('rows of weights by role', () => {
  it.each(models.filter(model => withCircuits.includes(model) || ofExperts.includes(model.name)))(
    'of $name, some at a time, are the rows of the whole',
    async ({ folder }) => {
      const model = await opened(folder)
      for (const address of weightAddresses(model.spec)) {
        const whole = (await readWeight(model, address))!
        const width = whole.shape[1] ?? 1
        const read: number[] = []
        // Enough for three rows and a bit, but for the vocabulary's.
        const rows = address.role === 'W_U' || address.role === 'W_E' ? 1000 : 3
        for await (const { shape, start, data } of weightRows(model, address, rows * width + 1)) {
          expect(shape).toEqual(whole.shape)
          expect(start * width).toBe(read.length)
          expect(data.length).toBeLessThanOrEqual(rows * width + 1)
          read.push(...data)
        }
        expect(Float32Array.from(read), JSON.stringify(address)).toEqual(whole.data)
      }
    }
  )

  it.each(['W_E', 'W_U', 'W_Q', 'b_O'] as const)(
    'of gpt2’s %s are its columns where it is wanted so, and those alone that are wanted',
    async role => {
      const model = await opened(join(golden, 'gpt2'))
      const isOfHead = role === 'W_Q'
      const address = {
        role,
        layer: isOfHead || role === 'b_O' ? 1 : null,
        head: isOfHead ? 2 : null
      }
      const { shape, data } = (await readWeight(model, address))!
      const [inputs = 0, outputs = 1] = shape
      const isVector = shape.length === 1
      const column = (of: number) =>
        Array.from({ length: isVector ? 1 : inputs }, (_, row) => data[row * outputs + of]!)
      const rows = [3, 0, 3]
      const read: number[] = []
      const wanted = { ...address, transposed: true, rows }
      for await (const { shape, start, data } of weightRows(model, wanted, inputs + 1)) {
        expect(shape).toEqual(isVector ? [3] : [3, inputs])
        expect(start).toBe(read.length / (isVector ? 1 : inputs))
        read.push(...data)
      }
      const expected = isVector ? rows.map(row => data[row]!) : rows.flatMap(column)
      expect(read).toEqual(expected)
      const outside = weightRows(model, { ...address, rows: [0, inputs] })
      await expect(outside.next()).rejects.toThrow(`${role}: row ${inputs} is outside`)
    }
  )
})

describe('head-weights is what NumPy computes', () => {
  it.each(withCircuits)('of $name', async ({ name, folder }) => {
    const model = await modelIn(workbench, folder)
    const result = await analysed(workbench, model, 'head-weights')
    const reference = await readGolden(
      join(golden, 'analysis/weights', `${name}.heads.safetensors`)
    )
    const norms = reference.names.filter(name => name.startsWith('norm_'))
    expect(
      Object.keys(result.variables)
        .filter(name => name.startsWith('norm_'))
        .sort()
    ).toEqual(norms.sort())
    const both = [
      'qk_singular',
      'ov_singular',
      'cosine_Q',
      'ward_Q',
      'ward_Q_layer',
      'ward_QK',
      'ward_OV'
    ]
    for (const tensor of [...norms, 'copying', 'full_copying', ...both]) {
      const expected = await reference.read(tensor)
      const largest = Math.max(...expected.map(Math.abs))
      const found = Float32Array.from(variable(result, tensor).data)
      expectClose(found, expected, 1e-6 * largest, tensor)
    }
    for (const tensor of ['qk_eigen', 'ov_eigen', 'full_ov_eigen']) {
      const expected = await reference.read(tensor)
      const { data } = variable(result, tensor)
      const size = 2 * model.config!.dHead
      expect(data.length).toBe(expected.length)
      for (let start = 0; start < expected.length; start += size)
        expectSameEigenvalues(
          [...data.subarray(start, start + size)],
          [...expected.subarray(start, start + size)]
        )
    }
  })
})

describe('composition is what NumPy computes', () => {
  it.each(withCircuits)('of $name', async ({ name, folder }) => {
    const model = await modelIn(workbench, folder)
    const result = await analysed(workbench, model, 'composition')
    const { read } = await readGolden(join(golden, 'analysis/weights', `${name}.heads.safetensors`))
    for (const tensor of ['Q_composition', 'K_composition', 'V_composition']) {
      const found = Float32Array.from(variable(result, tensor).data)
      expectClose(found, await read(tensor), 1e-6, tensor)
      expect(found.some(value => value > 0)).toBe(true)
    }
  })

  it('has some layers alone, as they are among all, and refuses one that is not there', async () => {
    const { folder } = withCircuits.find(({ name }) => name === 'gpt2')!
    const model = await modelIn(workbench, folder)
    const all = variable(await analysed(workbench, model, 'composition'), 'K_composition').data
    const some = await analysed(workbench, model, 'composition', { layers: [2, 0] })
    expect(some.axes['layer']!.labels).toEqual(['0', '2'])
    const found = variable(some, 'K_composition').data
    const heads = 4
    for (let one = 0; one < heads; one++)
      for (let other = 0; other < heads; other++)
        expect(found[(one * 2 + 1) * heads + other]).toBe(all[(one * 3 + 2) * heads + other])
    for (const name of ['composition', 'head-weights'])
      await expect(analysed(workbench, model, name, { layers: [3] })).rejects.toThrow(
        'layer 3 is outside 0…2'
      )
  })

  it('tells the parts of head-weights that are asked for alone', async () => {
    const { folder } = withCircuits.find(({ name }) => name === 'llama')!
    const model = await modelIn(workbench, folder)
    const params = { layers: [1], parts: ['similarity'] }
    const { variables, axes } = await analysed(workbench, model, 'head-weights', params)
    expect(Object.keys(variables)).toEqual(['cosine_Q', 'ward_Q', 'ward_Q_layer'])
    expect(axes['one_head']!.labels).toEqual(['1.0', '1.1', '1.2', '1.3'])
  })
})

/** As sets: each expected one, [real, imaginary] after one another, has one of its own within a millionth of the largest. */
function expectSameEigenvalues(found: readonly number[], expected: readonly number[]): void {
  const pairs = (flat: readonly number[]) =>
    Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const)
  const left = pairs(found)
  const largest = Math.hypot(expected[0]!, expected[1]!)
  for (const [re, im] of pairs(expected)) {
    const distances = left.map(([r, i]) => Math.hypot(r - re, i - im))
    const nearest = distances.indexOf(Math.min(...distances))
    expect(distances[nearest]! / largest).toBeLessThan(1e-6)
    left.splice(nearest, 1)
  }
}

function norm({ data }: Tensor): number {
  return Math.hypot(...data)
}

function transposed({ shape: [rows = 0, columns = 0], data }: Tensor): Tensor {
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
  return { shape: [columns, rows], data: turned }
}

/** @param after what the matrix is multiplied with before the trace is taken */
function expectTrace(matrix: Tensor, after: Tensor | null, expected: number): void {
  const whole = after === null ? matrix : product(matrix, after, null)
  const [size = 0] = whole.shape
  const diagonal = Array.from({ length: size }, (_, i) => whole.data[i * size + i]!)
  const sum = diagonal.reduce((total, value) => total + value, 0)
  const scale = diagonal.reduce((total, value) => total + Math.abs(value), 0)
  expect(Math.abs(sum - expected) / scale).toBeLessThan(2e-5)
}
