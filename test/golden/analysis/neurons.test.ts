import { beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { analysed, sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

const tolerance = 1e-3

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const found = (result: Dataset, name: string) => Float32Array.from(variable(result, name).data)

describe.each(references('lens'))('neurons and activations of %s', name => {
  let runs: EditedRuns
  let ids: number[]
  let reference: Awaited<ReturnType<typeof readReference>>
  beforeAll(async () => {
    runs = await editedRuns(workbench, name)
    reference = await readReference('lens', name)
    ids = await reference.integers('input_ids')
  })

  it('values, and what neurons write', async () => {
    const flat = await reference.integers('neurons')
    const chosen = Array.from(
      { length: flat.length / 2 },
      (_, i) => `${flat[2 * i]}.${flat[2 * i + 1]}`
    )
    const params = { neurons: chosen.join() }
    const result = await analysed(workbench, runs.model, 'neurons', params, { ids })
    for (const own of ['pre', 'post', 'pre_linear', 'neuron_logits', 'neuron_logits_normed']) {
      if (!reference.names.includes(own)) continue
      const expected = await reference.read(own)
      const most = Math.max(1, ...expected.map(Math.abs))
      expectClose(found(result, own), expected, tolerance * most, own)
      expect(variable(result, own).axes).toHaveLength(reference.shape(own).length)
    }
    const values = await reference.read('neuron_logits')
    const width = values.length / chosen.length
    for (const own of ['neuron_top', 'neuron_bottom']) {
      const expected = await reference.read(own)
      found(result, own).forEach((id, i) => {
        const row = values.subarray(Math.floor(i / 5) * width)
        // Of tokens that lie within rounding either may come first.
        expect(Math.abs(row[id]! - row[expected[i]!]!), `${own} ${i}`).toBeLessThan(1e-4)
      })
    }
  })

  it('norms of the stream and of what is added to it', async () => {
    const result = await analysed(workbench, runs.model, 'activations', {}, { ids })
    for (const own of ['norm.resid', 'norm.attn_out', 'norm.mlp_out'])
      expectClose(found(result, own), await reference.read(own), tolerance, own)
    const resid = found(result, 'norm.resid').subarray(ids.length)
    expectClose(found(result, 'norm'), resid, 1e-6, 'norm of hook_resid_post')
  })
})

describe('neurons', () => {
  const texts = ['To be, or not to be, that is the question', 'Enter a Messenger.']

  function corpus(runs: EditedRuns, params: Record<string, string | number | boolean | number[]>) {
    const { path, fingerprint } = runs.model
    const inputs = texts.map(text => ({ text }))
    const of = {
      model: { path, fingerprint },
      corpus: { inputs, window: null, stride: null },
      edits: [],
      provider: 'cpu' as const
    }
    return workbench.handlers['analysis.run'](
      { name: 'neurons', params, of, with: null },
      uncancelled()
    )
  }

  it('counts the tokens of all windows, and shows some of all of the range', async () => {
    const runs = await editedRuns(workbench, 'shakespeare-char')
    const values: number[][] = []
    for (const text of texts) {
      const result = await analysed(workbench, runs.model, 'neurons', { layers: [1] }, { text })
      const post = found(result, 'post')
      const units = result.axes['unit']!.length
      values.push([...post].filter((_, i) => i % units === 7))
    }
    const all = values.flat()
    const params = { neurons: '1.7', layers: [1], bins: 4, per_bin: 2, around: 3, top: 2 }
    const result = await corpus(runs, params)
    const own = (name: string) => found(result, name)[7]!
    expect(found(result, 'tokens')[0]).toBe(all.length)
    expect(own('active')).toBeCloseTo(all.filter(value => value > 0).length / all.length, 6)
    expect(own('mean')).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 5)
    expect(own('most')).toBe(Math.max(...all))
    expect(own('least')).toBe(Math.min(...all))
    const counts = found(result, 'cell.tokens')
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length)
    const [lows, highs] = [found(result, 'cell.low'), found(result, 'cell.high')]
    counts.forEach((count, cell) => {
      const inside = all.filter(value => value > lows[cell]! && value < highs[cell]!)
      expect(Math.abs(inside.length - count)).toBeLessThanOrEqual(1)
    })
    expect(found(result, 'bin.tokens').reduce((sum, count) => sum + count, 0)).toBe(all.length)
    const bins = [...found(result, 'context.bin')]
    const shown = [...found(result, 'context.value')]
    const top = shown.filter((_, i) => bins[i] === -1)
    expect(top).toEqual([...all].sort((a, b) => b - a).slice(0, 2))
    expect(new Set(bins.filter(bin => bin >= 0)).size).toBeGreaterThan(1)
    const [windows, places] = [found(result, 'context.window'), found(result, 'context.pos')]
    shown.forEach((value, i) => expect(values[windows[i]!]![places[i]!]).toBe(value))
    const activation = found(result, 'activation')
    shown.forEach((value, i) => expect(activation[7 * i + 3]).toBe(value))
  })

  it('tells dead neurons and those that are always on', async () => {
    const runs = await editedRuns(workbench, 'hebrew-minigpt')
    const result = await analysed(workbench, runs.model, 'neurons', {}, { ids: [1, 2, 3, 4, 5] })
    const active = found(result, 'active')
    const units = result.axes['unit']!.length
    const of = (share: number) =>
      Array.from(
        { length: runs.nLayers },
        (_, layer) =>
          active.subarray(layer * units, (layer + 1) * units).filter(own => own === share).length
      )
    expect([...found(result, 'dead')]).toEqual(of(0))
    expect([...found(result, 'always_on')]).toEqual(of(1))
    expect(of(0)[0]).toBeGreaterThan(0)
    const post = found(result, 'post')
    const first = Array.from({ length: runs.nLayers }, (_, layer) => [
      ...post.subarray(layer * 5 * units, layer * 5 * units + units)
    ]).flat()
    const strongest = Math.max(...first.map(Math.abs))
    expect(Math.abs(found(result, 'pos.value')[0]!)).toBe(strongest)
    const place = first.findIndex(value => Math.abs(value) === strongest)
    expect(found(result, 'pos.layer')[0]).toBe(Math.floor(place / units))
    expect(found(result, 'pos.unit')[0]).toBe(place % units)
  })

  it.each([
    [{ neurons: '1' }, 'neurons'],
    [{ neurons: '9.1' }, 'layer 9 is outside'],
    [{ neurons: '1.99999' }, '99999'],
    [{ layers: [9] }, 'layer 9 is outside'],
    [{ bins: 0 }, 'bins']
  ])('%o is refused', async (params, message) => {
    const runs = await editedRuns(workbench, 'gpt2')
    await expect(
      analysed(workbench, runs.model, 'neurons', params, { ids: [5, 17, 3] })
    ).rejects.toThrow(message)
  })
})

describe('activations', () => {
  const ids = [5, 17, 3]

  it('one hook with all of its units, and several with some', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const run = await runs.start(ids)
    const z = await runs.value(run, 'blocks.1.attn.hook_z')
    const one = { hooks: 'blocks.1.attn.hook_z', norms: false, top: 3 }
    const whole = await analysed(workbench, runs.model, 'activations', one, { ids })
    expectClose(found(whole, 'value'), z, 1e-5, 'value')
    const width = z.length / ids.length
    const row = [...z.subarray(width, 2 * width)]
    const order = [...row.keys()].sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!))
    expect([...found(whole, 'top_unit').subarray(3, 6)]).toEqual(order.slice(0, 3))

    const some = { hooks: 'blocks.*.mlp.hook_post', norms: false, units: [4, 0] }
    const result = await analysed(workbench, runs.model, 'activations', some, { ids })
    const post = await runs.value(run, 'blocks.2.mlp.hook_post')
    const units = post.length / ids.length
    const expected = [0, 1, 2].flatMap(pos => [post[pos * units + 4]!, post[pos * units]!])
    expectClose(found(result, 'value').subarray(12), Float32Array.from(expected), 1e-5, 'units')
    const all = { hooks: 'blocks.*.mlp.hook_post', norms: false }
    const none = await analysed(workbench, runs.model, 'activations', all, { ids })
    expect(none.variables['value']).toBeUndefined()
  })

  it.each([
    [{ hooks: 'blocks.9.*' }, 'none that matches'],
    [{ hooks: 'blocks.0.attn.hook_pattern' }, 'no value of tokens'],
    [{ units: [999] }, 'unit 999 is outside']
  ])('%o is refused', async (params, message) => {
    const runs = await editedRuns(workbench, 'gpt2')
    await expect(analysed(workbench, runs.model, 'activations', params, { ids })).rejects.toThrow(
      message
    )
  })
})
