import { describe, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { patternOf } from '../../../src/renderer/src/stores/analyses.ts'
import { answering, model, run } from '../fake-client.ts'

const own = run(model('a'), 'So')
const options = { signal: new AbortController().signal, onProgress: () => undefined }
const value = { shape: [1, 1], data: Float32Array.of(1) }
const load = () => patternOf(own, 0, 1).load(options)

describe('what is asked of a run', () => {
  it('that the workbench has let go is asked again of the run started again', async () => {
    let known = false
    const calls = answering({
      'runs.start': () => {
        known = true
        return { ...own, id: 'again' }
      },
      'runs.value': () => {
        if (!known) throw new LamellaError('not-found', 'This run is gone')
        return value
      }
    })
    expect(await load()).toEqual({ ...value, precision: 'float16' })
    expect(calls).toMatchObject([
      { method: 'runs.value', params: { runId: own.id } },
      { method: 'runs.start', params: { source: own.source } },
      { method: 'runs.value', params: { runId: 'again', index: 1 } }
    ])
  })

  it('fails as it fails: once where it is gone for good, and at once for another reason', async () => {
    const gone = new LamellaError('not-found', 'This model is not open')
    const failing = (error: LamellaError) => () => Promise.reject(error)
    const calls = answering({ 'runs.start': failing(gone), 'runs.value': failing(gone) })
    await expect(load()).rejects.toBe(gone)
    expect(calls).toHaveLength(2)
    const broken = new LamellaError('engine-failed', 'The engine stopped')
    const others = answering({ 'runs.value': failing(broken) })
    await expect(load()).rejects.toBe(broken)
    expect(others).toHaveLength(1)
  })
})
