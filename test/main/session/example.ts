import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataset } from '#common/data/dataset.ts'
import type { SessionContent } from '#common/model/session.ts'
import { sessionWork } from '../../../src/main/session/work.ts'

/** A place for a session of its own. */
export function newPlace(): string {
  return join(mkdtempSync(join(tmpdir(), 'lamella-session-')), 'a.lamella')
}

/** @param mark tells one session from another */
export function exampleContent(mark = 'first'): SessionContent {
  return {
    window: { tabs: [mark] },
    library: [{ kind: 'text', name: mark, input: { text: 'שלום' } }],
    runs: [],
    notes: [{ id: '1', on: null, markdown: mark.repeat(50), at: 1 }],
    findings: [],
    figures: []
  }
}

export const pattern = {
  run: 'f00d',
  hook: 'blocks.0.attn.hook_pattern',
  value: {
    shape: [2, 3, 3],
    data: Float32Array.from([
      1, 0, 0, 0.5, 0.5, 0, 0.25, 0.25, 0.5, 1, 0, 0, 0.75, 0.25, 0, 0, 0, 1
    ])
  },
  precision: 'float16',
  bySlice: true
} as const

export const stream = {
  run: 'f00d',
  hook: 'blocks.0.hook_resid_post',
  value: { shape: [3, 2], data: Float32Array.of(1, -0, 0.1, NaN, Infinity, 1e-40) },
  precision: 'float32',
  bySlice: false
} as const

export const scores = dataset(
  { head: { length: 2, labels: ['a', 'ב'] }, layer: { length: 1, labels: null } },
  {
    score: {
      axes: ['layer', 'head'],
      data: Float64Array.of(0.1, NaN),
      unit: 'nats',
      about: 'what it is'
    },
    count: { axes: ['head'], data: Int32Array.of(1, -2), unit: '', about: '' },
    mean: { axes: [], data: Float32Array.of(0.1), unit: '', about: '' }
  },
  { model: 'a', left: null }
)

/** Writes a session with one of everything, as large as wanted. */
export async function writeExample(
  path: string,
  mark = 'first',
  work = sessionWork(),
  moreBytes = 0
): Promise<Buffer> {
  await work.begin({ path })
  await work.putJson({ table: 'models', key: 'm', json: JSON.stringify({ name: mark }) })
  await work.putJson({ table: 'runs', key: 'r', json: '{}' })
  await work.putValue({ ...pattern, value: { ...pattern.value, shape: [...pattern.value.shape] } })
  await work.putValue({ ...stream, value: { ...stream.value, shape: [...stream.value.shape] } })
  if (moreBytes > 0) {
    const data = new Float32Array(moreBytes / 4).fill(mark.length)
    const value = { shape: [data.length], data }
    await work.putValue({
      run: 'f00d',
      hook: 'logits',
      value,
      precision: 'float32',
      bySlice: false
    })
  }
  await work.putResult({ key: 'k', request: { name: 'head-scores' }, result: scores })
  const saved = { at: 5, version: '1.0.0', keep: 'seen' as const }
  await work.finish({ content: exampleContent(mark), saved })
  return readFileSync(path)
}
