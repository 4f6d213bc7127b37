import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '#common/contract/schemas.ts'
import type { Provider } from '#common/model/provider.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { folderWithWeights } from '../../../bad/weights.ts'
import { softwareGpu } from '../../../golden/software-gpu.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench(await softwareGpu())
})
afterAll(() => workbench.close())

async function run(path = shakespeare, ids = [1, 2, 3, 4], provider: Provider = 'cpu') {
  const model = await workbench.handlers['models.open']({ path }, uncancelled())
  const source = { ...cpuSource(model, { ids }), provider }
  return workbench.handlers['runs.start']({ source }, uncancelled())
}

/** What is asked of a run, read before anything of another run is. */
async function residual({ id: runId }: Run): Promise<Float32Array> {
  const params = { runId, hook: 'blocks.3.hook_resid_post', exact: true }
  return (await workbench.handlers['runs.value'](params, uncancelled())).data
}

describe('a run', () => {
  it('is the same of the same model, tokens and provider, and is computed once', async () => {
    const first = await run()
    expect(first.milliseconds).toBeGreaterThan(0)
    expect(await run()).toEqual({ ...first, milliseconds: 0 })
  })

  it('that is asked for while it is under way is waited for, also when who asked first has left', async () => {
    const model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
    const start = (ids: number[], { signal } = new AbortController()) =>
      workbench.handlers['runs.start'](
        { source: cpuSource(model, { ids }) },
        { ...uncancelled(), signal }
      )
    const [first, second] = await Promise.all([start([5, 6, 7, 8]), start([5, 6, 7, 8])])
    expect(first.milliseconds).toBeGreaterThan(0)
    // Computed twice, it would not take the same time.
    expect(second).toEqual(first)

    const leaving = new AbortController()
    const [left, stays] = [start([8, 7, 6, 5], leaving), start([8, 7, 6, 5])]
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'cancelled' })
    expect(await stays).toMatchObject({ complete: true })
  })

  it('by another provider is another, with values of its own', async () => {
    const cpu = await run()
    const webgpu = await run(shakespeare, [1, 2, 3, 4], 'webgpu')
    expect(webgpu.id).not.toBe(cpu.id)
    expect([cpu.source.provider, webgpu.source.provider]).toEqual(['cpu', 'webgpu'])
    expect(webgpu.milliseconds).toBeGreaterThan(0)
    expect(await residual(webgpu)).not.toEqual(await residual(cpu))
    expect(await run()).toEqual({ ...cpu, milliseconds: 0 })
  })

  it.each([
    ['longer', [1, 2, 3, 4, 5]],
    ['in another order', [1, 2, 4, 3]],
    ['whose digits read alike', [1, 23, 4]],
    ['whose digits read alike, too', [12, 3, 4]]
  ])('of tokens %s is another', async (_, ids) => {
    expect((await run(shakespeare, ids)).id).not.toBe((await run()).id)
  })

  it('of a model of another weight is another', async () => {
    const tensor = 'transformer.h.0.mlp.c_fc.bias'
    const folder = await folderWithWeights(shakespeare, { [tensor]: { at: 0, value: 1 } })
    expect((await run(folder)).id).not.toBe((await run()).id)
  })
})
