import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HeadVisHead, HeadVisRow } from '#common/analysis/head-sequences/headvis-schema.ts'
import type { AnalysisSubject } from '#common/analysis/subject.ts'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { ModelInfo, Progress } from '#common/contract/schemas.ts'
import { cancelWork } from '#common/model/cancel.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { soliloquy } from '../main/workbench/analysis/soliloquy.ts'
import { outcome } from '../main/checkpoint/temporary.ts'
import { modelIn, shakespeare, sharedWorkbench, uncancelled } from './workbench.ts'

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await sharedWorkbench()
  model = await modelIn(workbench, shakespeare)
})

/** A folder with one in it that a tree is written to: nothing else is to be in the outer one afterwards. */
function places() {
  const around = mkdtempSync(join(tmpdir(), 'lamella-headvis-'))
  return { around, path: join(around, 'tree') }
}
function written(path: string, context: HandlerContext = uncancelled(), window = 24) {
  const of: AnalysisSubject = {
    model: { path: model.path, fingerprint: model.fingerprint },
    corpus: { inputs: [{ text: soliloquy }], window, stride: null },
    edits: [],
    provider: 'cpu'
  }
  return workbench.handlers['headvis.write']({ path, of, seed: 0, texts: 'a soliloquy' }, context)
}
const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))

describe('a HeadVis folder of the workbench', () => {
  it('is written with progress, whole and nowhere else, and read as its files have it', async () => {
    const { around, path } = places()
    const told: Progress[] = []
    const context = { ...uncancelled(), progress: (progress: Progress) => told.push(progress) }
    expect(await written(path, context)).toEqual({ path, files: 20 })
    const all = files(around)
    expect(all).toHaveLength(20)
    expect(all.every(file => file.startsWith(path))).toBe(true)
    const shares = told.map(({ done, total }) => done / total)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(told[0]!.label).toMatch(/^Scoring heads · /)
    expect(told.at(-1)!.label).toMatch(/^Drawing texts of blocks 0 to 3 · /)

    const facts = await workbench.handlers['headvis.read']({ path }, uncancelled())
    expect(facts).toEqual({
      ...{ model: 'shakespeare-char', texts: 'a soliloquy', heads: 16, intervals: 10 },
      ...{ first: { layer: 0, head: 0 }, fingerprint: model.fingerprint }
    })
    const found = await workbench.handlers['headvis.head'](
      { path, layer: 2, head: 1 },
      uncancelled()
    )
    const json = (name: string) => JSON.parse(readFileSync(join(path, name), 'utf8')) as unknown
    const row = (json('scatter_data.json') as HeadVisRow[]).find(
      ({ layer, head }) => layer === 2 && head === 1
    )!
    expect(found.numbers.map(({ name, value }) => [name, value])).toEqual(
      Object.entries(row).filter(([name]) => name !== 'layer' && name !== 'head')
    )
    const { sequences, histogram } = json('heads/L2H1.json') as HeadVisHead
    expect(found.cells.map(({ count }) => count)).toEqual(histogram.bin_values)
    expect(found.parts.flatMap(({ contexts }) => contexts)).toHaveLength(sequences.length)
    for (const { interval, contexts } of found.parts)
      for (const { window, score, strongest, query } of contexts) {
        const own = sequences.find(one => one.sequence_id === window && one.interval === interval)!
        expect(score).toBe(own.max_activation)
        // What a head is drawn by is the largest of its weights.
        expect(strongest.weight).toBeCloseTo(score, 4)
        const at = own.attention_indices.indexOf(query * own.seq_len + strongest.key)
        expect(own.attention_values[at]).toBe(strongest.weight)
      }
  })

  it('is taken back when it is cancelled, and written again from there', async () => {
    const { around, path } = places()
    const controller = new AbortController()
    // Once some of it is there; nobody looks into folders that are being taken back.
    const watching = setInterval(() => {
      if (files(around).length === 0) return
      clearInterval(watching)
      cancelWork(controller)
    })
    const ended = await outcome(written(path, uncancelled(controller.signal), 20))
    clearInterval(watching)
    expect(ended).toContain('cancelled')
    expect(readdirSync(around)).toEqual([])
    expect((await written(path, uncancelled(), 20)).files).toBe(20)
  })

  it.each<readonly [what: string, path: () => string, error: string]>([
    ['where something is', () => mkdtempFull(), 'nothing is written over'],
    ['by a part of a path', () => 'tree', 'tree: is no whole path'],
    ['into what the system keeps', () => '/proc/tree', '/proc/tree: '],
    ['below a file', () => join(shakespeare, 'config.json', 'tree'), 'config.json']
  ])('is not written %s', async (_, path, error) => {
    expect(await outcome(written(path()))).toContain(error)
  })

  it('says which file of one is wrong, and which heads it has', async () => {
    const { path } = places()
    const read = (head: number) =>
      outcome(workbench.handlers['headvis.head']({ path, layer: 0, head }, uncancelled()))
    expect(await outcome(workbench.handlers['headvis.read']({ path }, uncancelled()))).toContain(
      'not-found'
    )
    mkdirSync(join(path, 'heads'), { recursive: true })
    const config = {
      ...{ model_name: 'other', n_layers: 1, n_heads: 1, heads: [[0, 0]], n_intervals: 1 },
      metrics: []
    }
    writeFileSync(join(path, 'config.json'), JSON.stringify(config))
    writeFileSync(join(path, 'scatter_data.json'), '[]')
    writeFileSync(join(path, 'heads/L0H0.json'), '{"sequences": 3}')
    expect(await read(0)).toContain('L0H0.json: sequences: expected a list')
    expect(await read(7)).toContain('there is no head 0.7')
  })
})

function mkdtempFull(): string {
  const { path } = places()
  mkdirSync(path)
  writeFileSync(join(path, 'own.txt'), '')
  return path
}
