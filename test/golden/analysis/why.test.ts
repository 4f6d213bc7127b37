import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { analysed, projectRoot, sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'
import { smallGpt2, width, type Weights } from './small-gpt2.ts'

const ids = [5, 17, 3, 9, 11, 2]

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const found = (result: Dataset, name: string) => [...variable(result, name).data]
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)
const ask = (runs: EditedRuns, params: Record<string, string | number>) =>
  analysed(workbench, runs.model, 'why', params, { ids })

const overPrompts = (
  { model: { path, fingerprint } }: EditedRuns,
  texts: readonly number[][],
  params: Record<string, string>
) => {
  const corpus = { inputs: texts.map(ids => ({ ids })), window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  return workbench.handlers['analysis.run']({ name: 'why', params, of, with: null }, uncancelled())
}

/** Which token is set against which. */
const pair = [7, 20] as const

/**
 * GPT-2's golden where one head of the last block writes nothing but the difference of two tokens' unembeddings, times a
 * factor: little enough that the last norm hardly sees it, so that what it gives directly is what is lost without it.
 */
function planted(head: number, times: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-planted-'))
  cpSync(join(projectRoot, 'test/golden/gpt2'), folder, { recursive: true })
  const file = join(folder, 'model.safetensors')
  const bytes = readFileSync(file)
  const size = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + size)) as Record<
    string,
    { shape: [number, number]; data_offsets: [number, number] }
  >
  const places = (ending: string, row: number) => {
    const name = Object.keys(header).find(name => name.endsWith(ending))!
    const { shape, data_offsets: offsets } = header[name]!
    return Array.from(
      { length: shape[1] },
      (_, i) => 8 + size + offsets[0] + 4 * (row * shape[1] + i)
    )
  }
  const read = (at: readonly number[]) => at.map(place => bytes.readFloatLE(place))
  const [a, b] = pair.map(token => read(places('wte.weight', token))) as [number[], number[]]
  const towards = a.map((own, i) => own - b[i]!)
  const squares = sum(towards.map(own => own * own))
  for (let row = head * 12; row < (head + 1) * 12; row++) {
    const at = places('h.2.attn.c_proj.weight', row)
    const along = sum(read(at).map((own, i) => own * towards[i]!)) / squares
    at.forEach((place, i) => bytes.writeFloatLE(times * along * towards[i]!, place))
  }
  writeFileSync(file, bytes)
  return folder
}

/** Head 0.0 finds token 2 from token 0 and writes a direction that token 5 reads one way and token 6 the other. */
function plantedHead(weights: Weights): void {
  const set = (name: string, row: number, column: number, value: number) => {
    const { shape, data } = weights[name]!
    data[row * shape[1]! + column] = value
  }
  const [query, key, value] = [0, width, 2 * width]
  const qkv = 'transformer.h.0.attn.c_attn.weight'
  for (let token = 0; token < 8; token++)
    for (let i = 0; i < 16; i++) set('transformer.wte.weight', token, i, i === token ? 3 : 0)
  for (let row = 0; row < width; row++) set(qkv, row, value, row === 2 ? 1 : 0)
  set(qkv, 0, query, 6)
  set(qkv, 2, key, 6)
  for (let i = 0; i < width; i++) set('transformer.h.0.attn.c_proj.weight', 0, i, i === 8 ? 2 : 0)
  set('lm_head.weight', 5, 8, 3)
  set('lm_head.weight', 6, 8, -1)
}

describe('why', () => {
  it.each(['gpt2', 'gpt_neox', 'llama', 'gemma2'])(
    'sums to the difference in %s, and names nothing in random weights',
    async name => {
      const runs = await editedRuns(workbench, name)
      const result = await ask(runs, { at: '5:7-20' })
      const parts = ['embed', 'pos_embed', 'head', 'attn_bias', 'mlp', 'ln_bias', 'unembed_bias']
      const difference = found(result, 'difference')[0]!
      expect(sum(parts.map(part => sum(found(result, part))))).toBeCloseTo(difference, 4)
      if (name !== 'gemma2') {
        const logits = await runs.logits(ids)
        const width = logits.length / ids.length
        expect(difference).toBeCloseTo(logits[5 * width + 7]! - logits[5 * width + 20]!, 4)
      }
      expect(sum(found(result, 'part.stands_out'))).toBe(0)
      expect(result.attributes['sentence']).toMatch(
        /No head and no MLP stands out of the others: of those that were looked at .+ gives most/
      )
    }
  )

  it('names a planted head first, with what ablation and gradient say of it', async () => {
    const folder = planted(1, 60)
    const runs = await editedRuns(workbench, folder)
    const result = await ask(runs, { at: '5:7-20', by: 'zero' })
    expect(result.axes['part']?.labels?.[0]).toBe('head 2.1')
    expect(found(result, 'part.stands_out')[0]).toBe(1)
    expect(result.attributes['sentence']).toMatch(/stand out head 2\.1 gives/)

    const target = { kind: 'difference', position: 5, token: 7, other: 20 } as const
    const hook = 'blocks.2.attn.hook_z'
    const difference = async (edits: Parameters<EditedRuns['start']>[1]) =>
      (await runs.gradient(await runs.start(ids, edits), target, [])).value
    const fall =
      (await difference([])) - (await difference([{ hook, at: { head: [1] }, scale: 0 }]))
    expect(found(result, 'part.ablation')[0]).toBeCloseTo(fall, 4)
    const { scales } = await runs.gradient(
      await runs.start(ids, [{ hook, at: { head: [1] } }]),
      target,
      []
    )
    expect(found(result, 'part.gradient')[0]).toBeCloseTo(scales[0]!, 3)
    // What it gives is what it gives by the tokens that it reads.
    const reads = found(result, 'part.reads').slice(0, ids.length)
    expect(sum(reads)).toBeCloseTo(found(result, 'part.direct')[0]!, 3)
    rmSync(folder, { recursive: true })
  })

  it('is of several prompts their mean, spread and sign test, and asks each at its own place', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const texts = [ids, [1, 8, 4, 6], [9, 2, 30, 12, 7]]
    const at = ['5:7-20', 'last:20-7', '1:3-4']
    const each: Dataset[] = []
    for (const [i, text] of texts.entries())
      each.push(await analysed(workbench, runs.model, 'why', { at: at[i]! }, { ids: text }))
    const all = await overPrompts(runs, texts, { at: at.join(',') })
    for (const name of ['difference', 'embed', 'head', 'mlp', 'attn_bias']) {
      const values = each.map(own => found(own, name))
      values[0]!.forEach((_, i) => {
        const own = values.map(numbers => numbers[i]!)
        const mean = sum(own) / 3
        expect(found(all, name)[i]).toBeCloseTo(mean, 6)
        const squares = own.map(value => (value - mean) ** 2)
        expect(found(all, `${name}_sd`)[i]).toBeCloseTo(Math.sqrt(sum(squares) / 2), 6)
        const alike = own.every(value => Math.sign(value) === Math.sign(own[0]!))
        // Of three: all of one sign 2 / 8, else two and one.
        if (own.every(value => value !== 0))
          expect(found(all, `${name}_p`)[i]).toBeCloseTo(alike ? 0.25 : 1, 9)
      })
    }
    expect(found(all, 'prompt.difference')).toEqual(each.flatMap(own => found(own, 'difference')))
    expect(found(all, 'prompt.position')).toEqual([5, 3, 1])
    const ends = all.attributes['prompt_ends'] as string[]
    expect(ends.slice(1)).toEqual(['#1#8#4#6', '#9#2#30#12#7'])
    expect(all.attributes['sentence']).toMatch(/^Over 3 prompts the logit of the token that is/)
    await expect(overPrompts(runs, texts, { at: '5:7-20,1:3-4' })).rejects.toThrow(
      'at: says 2 places, and there are more prompts'
    )
  })

  it('names a planted head over prompts, and ablates the parts that it is asked for', async () => {
    const folder = planted(1, 60)
    const runs = await editedRuns(workbench, folder)
    const texts = [ids, [5, 17, 3, 9, 11, 6]]
    const each: Dataset[] = []
    const params = { at: 'last:7-20', by: 'zero' } as const
    const parts = 'MLP 0,head 2.1,neuron 1.5'
    for (const text of texts)
      each.push(await analysed(workbench, runs.model, 'why', { ...params, parts }, { ids: text }))
    const all = await overPrompts(runs, texts, params)
    expect(all.axes['part']?.labels?.[0]).toBe('head 2.1')
    const share = found(all, 'part.ablation')[0]! / found(all, 'part.direct')[0]!
    expect(share).toBeGreaterThan(0.8)
    expect(share).toBeLessThan(1.25)
    expect(found(all, 'part.stands_out')[0]).toBe(1)
    expect(all.attributes['sentence']).toMatch(/stand out head 2\.1 gives/)
    const asked = await overPrompts(runs, texts, { ...params, parts })
    expect(asked.axes['part']?.labels).toEqual(parts.split(','))
    for (const name of ['part.direct', 'part.ablation', 'part.gradient'])
      for (let i = 0; i < 3; i++)
        expect(found(asked, name)[i]).toBeCloseTo(sum(each.map(own => found(own, name)[i]!)) / 2, 4)
    rmSync(folder, { recursive: true })
  })

  it.each([1, 2, 4])('names the planted head of one layer of %i', async heads => {
    const folder = smallGpt2({ layers: 1, heads, seed: 1 }, plantedHead)
    const { model } = await editedRuns(workbench, folder)
    const ask = async (by: string) =>
      analysed(workbench, model, 'why', { at: 'last:5-6', by }, { ids: [1, 2, 3, 4, 1, 3, 0] })
    const byZero = await ask('zero')
    expect(byZero.axes['part']?.labels?.[0]).toBe('head 0.0')
    expect(found(byZero, 'part.stands_out')).toEqual(
      byZero.axes['part']!.labels!.map(name => (name === 'head 0.0' ? 1 : 0))
    )
    expect(byZero.attributes['sentence']).toMatch(/stand out head 0\.0 gives \+/)
    // By its mean, a part of it stays, and the last norm makes up for more.
    const byMean = await ask('mean')
    expect(sum(found(byMean, 'part.stands_out'))).toBe(0)
    expect(byMean.attributes['sentence']).toMatch(
      /Head 0\.0 gives \+[\d.]+ directly, far more than others, but without it the difference falls by [\d.]+ only: no reason is named\.$/
    )
    rmSync(folder, { recursive: true })
  })

  it('names nothing in small models of random weights', async () => {
    for (const layers of [1, 2, 3])
      for (const heads of [1, 2, 4]) {
        const scale = heads === 2 ? 0.3 : 0.02
        const folder = smallGpt2({ layers, heads, seed: 10 * layers + heads, scale })
        const { model } = await editedRuns(workbench, folder)
        const ids = [1, 2, 3, 4, 1]
        const result = await analysed(workbench, model, 'why', { at: 'last:5-6' }, { ids })
        expect(sum(found(result, 'part.stands_out')), `${layers} ${heads}`).toBe(0)
        rmSync(folder, { recursive: true })
      }
  })

  it.each([
    [{ at: '5:7' }, 'at'],
    [{ at: '6:7-8' }, 'position 6 is outside 0…5'],
    [{ at: '5:7-999' }, 'token 999 is outside']
  ])('%o is refused', async (params, message) => {
    await expect(ask(await editedRuns(workbench, 'gpt2'), params)).rejects.toThrow(message)
  })
})
