import { beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { analysed, sharedWorkbench } from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Scalars {
  readonly targets: { readonly logit: { readonly pos: number; readonly token: number } }
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const found = (result: Dataset, name: string) => Float32Array.from(variable(result, name).data)

it.each(references('gradients'))('occlusion of a logit in %s', async name => {
  const runs = await editedRuns(workbench, name)
  const reference = await readReference<Scalars>('gradients', name)
  const ids = await reference.integers('input_ids')
  const { pos, token } = reference.scalars.targets.logit
  const params = { of: `logit:${pos}:${token}`, steps: 0 }
  const result = await analysed(workbench, runs.model, 'occlusion', params, { ids })
  for (const own of ['occlusion', 'saliency', 'grad_x_input']) {
    const expected = await reference.read(`logit.${own}`)
    const most = Math.max(...expected.map(Math.abs))
    expectClose(found(result, own), expected, 1e-3 * most, own)
  }
  const width = result.axes['method']!.length
  const correlations = found(result, 'rank_correlation')
  for (let i = 0; i < width; i++) {
    expect(correlations[i * width + i]).toBeCloseTo(1, 6)
    for (let j = 0; j < width; j++)
      expect(correlations[i * width + j]).toBe(correlations[j * width + i])
  }
})

describe('occlusion', () => {
  const ids = [5, 17, 3, 9]

  it('leaves a token out of what others attend to', async () => {
    const runs = await editedRuns(workbench, 'hebrew-minigpt')
    const params = { of: 'logit:3:7', steps: 0 }
    const result = await analysed(workbench, runs.model, 'occlusion', params, { ids })
    const logits = await runs.logits(ids)
    const width = logits.length / ids.length
    const edits = Array.from({ length: runs.nLayers }, (_, layer) => ({
      hook: blockHookName(layer, 'attn.hook_attn_scores'),
      at: { query: [0, 2, 3], key: [1] },
      add: '-inf' as const
    }))
    const without = await runs.logits(ids, edits)
    const expected = logits[3 * width + 7]! - without[3 * width + 7]!
    expect(Math.abs(expected)).toBeGreaterThan(1e-2)
    expect(found(result, 'leave_one_out')[1]).toBeCloseTo(expected, 3)
  })

  it('puts the embedding of a token in its place', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const params = { of: 'logit:3:7', steps: 0, by: 'token:11', leave_one_out: false }
    const result = await analysed(workbench, runs.model, 'occlusion', params, { ids })
    const width = (await runs.logits(ids)).length / ids.length
    const [own, other] = [await runs.logits(ids), await runs.logits([5, 11, 3, 9])]
    const expected = own[3 * width + 7]! - other[3 * width + 7]!
    expect(found(result, 'occlusion')[1]).toBeCloseTo(expected, 4)
    expect(result.variables['leave_one_out']).toBeUndefined()
  })

  it.each(['mean', 'token:11'])(
    'has beside it the integrated gradients from the same: %s',
    async by => {
      const runs = await editedRuns(workbench, 'gemma2')
      const of = { of: 'logit:3:7', steps: 4 }
      const ask = (name: string, params: object) =>
        analysed(workbench, runs.model, name, { ...of, ...params }, { ids })
      const own = found(await ask('occlusion', { by, leave_one_out: false }), 'ig')
      const path = await ask('saliency', { baseline: by, occlusion: false, inside: false })
      expect([...own]).toEqual([...found(path, 'ig')])
      const zero = await ask('saliency', { occlusion: false, inside: false })
      expect([...own]).not.toEqual([...found(zero, 'ig')])
    }
  )

  it('of one token has nothing to leave out', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const params = { of: 'logit:0:7', steps: 0 }
    const result = await analysed(workbench, runs.model, 'occlusion', params, { ids: [5] })
    expect([...found(result, 'leave_one_out')]).toEqual([0])
  })

  it.each([
    [{ of: 'logit:9:1' }, 'position 9 is outside'],
    [{ by: 'nothing' }, 'by'],
    [{ by: 'token:999' }, '999']
  ])('%o is refused', async (params, message) => {
    const runs = await editedRuns(workbench, 'gpt2')
    await expect(analysed(workbench, runs.model, 'occlusion', params, { ids })).rejects.toThrow(
      message
    )
  })
})
