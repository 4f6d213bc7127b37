import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { analysed, startWorkbench } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'

const ids = [5, 17, 3, 9, 11]

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

const found = (result: Dataset, name: string) => Float32Array.from(variable(result, name).data)
const settings: Readonly<Record<string, Record<string, string | number>>> = {
  ig: { steps: 6, rule: 'trapezoid', baseline: 'mean' },
  smooth_saliency: { samples: 3, noise: 0.1, seed: 5 }
}
const mapped = (runs: EditedRuns, params: Record<string, string | number>) =>
  analysed(workbench, runs.model, 'saliency-map', params, { ids })

describe.each(['gpt2', 'llama', 'bert', 'granite'])('saliency-map in %s', name => {
  it.each([
    ['logit:top', 'grad_x_input'],
    ['probability:12', 'saliency'],
    ['logit:next', 'occlusion'],
    ['logit:next', 'leave_one_out'],
    ['logit:12', 'ig'],
    ['logit:top', 'smooth_saliency']
  ])('of %s by %s has the rows that saliency has', async (of, method) => {
    const runs = await editedRuns(workbench, name)
    const set = settings[method] ?? {}
    const map = await mapped(runs, { of, method, ...set })
    const [values, tokens, rows] = [found(map, 'value'), found(map, 'token'), found(map, 'map')]
    const logits = await runs.logits(ids)
    const width = logits.length / ids.length
    for (const [q, token] of tokens.entries()) {
      const own = logits.subarray(q * width, (q + 1) * width)
      if (of === 'logit:top') expect(own[token]).toBe(Math.max(...own))
      if (of === 'logit:next') expect(token).toBe(ids[q + 1] ?? -1)
      const row = rows.subarray(q * ids.length, (q + 1) * ids.length)
      if (token < 0) {
        expect([...row, values[q]].every(Number.isNaN)).toBe(true)
        continue
      }
      const [kind] = of.split(':')
      const params = {
        ...{ of: `${kind}:${q}:${token}`, steps: 0, inside: false },
        ...{ leave_one_out: method === 'leave_one_out', ...set }
      }
      const alone = await analysed(workbench, runs.model, 'saliency', params, { ids })
      const expected = found(alone, method)
      const most = Math.max(...expected.map(Math.abs))
      expectClose(row, expected, 1e-4 * most + 1e-6, `${of} at ${q}`)
      expect(values[q]).toBeCloseTo(found(alone, 'value')[0]!, 5)
      if (method === 'ig') {
        const gap = found(alone, 'relative_gap')[0]!
        expect(found(map, 'relative_gap')[q]).toBeCloseTo(gap, 2 - Math.log10(1 + Math.abs(gap)))
      }
    }
    if (method === 'ig') {
      const large = found(map, 'relative_gap').filter(gap => !(Math.abs(gap) <= 0.05)).length
      const { warning = null } = map.attributes
      if (large === 0) expect(warning).toBeNull()
      else expect(warning).toContain(` of ${large} of ${ids.length} positions are more than 5 % `)
    }
  })
})

it.each([
  [{ of: 'loss' }, 'of'],
  [{ of: 'logit:999' }, 'token 999 is outside']
])('saliency-map of %o is refused', async (params, message) => {
  await expect(mapped(await editedRuns(workbench, 'gpt2'), params)).rejects.toThrow(message)
})
