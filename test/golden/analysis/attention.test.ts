import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CorpusInput } from '#common/analysis/subject.ts'
import { type Dataset, shapeOf, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { readGolden } from '../compare.ts'
import {
  hebrew,
  modelIn,
  projectRoot,
  shakespeare,
  sharedWorkbench,
  uncancelled
} from '../workbench.ts'

/** What PyTorch computes in float64, with NumPy's statistics of it: ../shared/analysis/attention. */
const folder = join(import.meta.dirname, 'attention')
const files = readdirSync(folder).filter(name => name.endsWith('.safetensors'))
const single = files.filter(name => !name.includes('random-repeat'))
const repeated = files.filter(name => name.includes('random-repeat'))

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

function modelFolder(file: string): string {
  const name = file.split('.')[0]!
  if (name === 'shakespeare-char') return shakespeare
  return name === 'hebrew-minigpt' ? hebrew : join(projectRoot, 'test/golden', name)
}

async function analyse(file: string, name: string, inputs: CorpusInput[]): Promise<Dataset> {
  const { path, fingerprint } = await modelIn(workbench, modelFolder(file))
  const corpus = { inputs, window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  return workbench.handlers['analysis.run']({ name, params: {}, of, with: null }, uncancelled())
}

/** Ten times as close as the references ask: entropies and distances to 1e-4 of themselves, all else to 1e-5. */
function expectVariable(actual: Dataset, name: string, expected: Float32Array): void {
  const { data } = variable(actual, name)
  const isRelative = /(^|\.)(entropy|entropy_smoothed|distance)$/.test(name)
  expect(data.length, name).toBe(expected.length)
  data.forEach((value, i) => {
    const wanted = expected[i]!
    if (Number.isNaN(wanted)) return expect(value, `${name}[${i}]`).toBeNaN()
    const tolerance = isRelative ? 1e-4 * Math.abs(wanted) : 1e-5
    expect(Math.abs(value - wanted), `${name}[${i}]: ${value}, ${wanted}`).toBeLessThanOrEqual(
      tolerance
    )
  })
}

describe('head-scores', () => {
  it.each(single)('gives every number of %s', async file => {
    const golden = await readGolden(join(folder, file))
    const said = JSON.parse(
      readFileSync(join(folder, file.replace('safetensors', 'json')), 'utf8')
    ) as {
      text: string | null
      classes?: string[]
      sink_share: number
      queries_with_duplicate: number
      queries_with_induction: number
    }
    const ids = [...(await golden.read('input_ids'))]
    const input = said.text === null ? { ids } : { text: said.text }
    const scores = await analyse(file, 'head-scores', [input])
    for (const name of golden.names) {
      const shape = shapeOf(scores, variable(scores, name))
      const expected = golden.shape(name)
      // A single number has no axes here.
      expect(shape.length === 0 ? [1] : shape, name).toEqual(expected)
      expectVariable(scores, name, await golden.read(name))
    }
    for (const name of ['sink_share', 'queries_with_duplicate', 'queries_with_induction'] as const)
      expect(variable(scores, name).data[0], name).toBeCloseTo(said[name], 12)
    if (said.classes) expect(scores.axes['class']?.labels).toEqual(said.classes)
    const own = Object.keys(scores.variables).filter(name => !golden.names.includes(name))
    expect(own).toEqual(['sink_share', 'queries_with_duplicate', 'queries_with_induction'])
  })
})

describe('random-repeat', () => {
  it.each(repeated)('gives every number of %s', async file => {
    const golden = await readGolden(join(folder, file))
    const [batch = 0, length = 0] = golden.shape('tokens')
    const tokens = [...(await golden.read('tokens'))]
    const inputs = Array.from({ length: batch }, (_, i) => ({
      ids: tokens.slice(i * length, (i + 1) * length)
    }))
    const scores = await analyse(file, 'random-repeat', inputs)
    for (const name of ['tokens', 'previous', 'duplicate', 'induction'])
      expectVariable(scores, name, await golden.read(name))
    expect(shapeOf(scores, variable(scores, 'tokens'))).toEqual([batch, length])
  })

  it.each([
    ['shakespeare-char', 50],
    ['gpt2', 32]
  ])('draws tokens twice, as many as are usual or %s takes', async (file, length) => {
    const { path, fingerprint } = await modelIn(workbench, modelFolder(file))
    const of = { model: { path, fingerprint }, corpus: null, edits: [], provider: 'cpu' as const }
    const asked = { name: 'random-repeat', params: { batch: 2 }, of, with: null }
    const result = await workbench.handlers['analysis.run'](asked, uncancelled())
    expect(shapeOf(result, variable(result, 'tokens'))).toEqual([2, 2 * length])
    const [first, again] = [0, length].map(from =>
      variable(result, 'tokens').data.subarray(from, from + length)
    )
    expect(first).toEqual(again)
  })
})
