import { describe, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import type { Provider } from '#common/model/provider.ts'
import type { Engine } from '../../../../src/main/engine/client.ts'
import { openModel } from '../../../../src/main/workbench/model/model.ts'
import { createProviderChoice } from '../../../../src/main/workbench/run/provider.ts'
import { runnable } from '../../../../src/main/workbench/run/runnable.ts'
import { shakespeare } from '../../../golden/workbench.ts'

/** An engine whose runtime has some providers, of which some fail with a message. */
function engineWith(has: readonly Provider[], failing: Partial<Record<Provider, string>>): Engine {
  const engine: Partial<Engine> = {
    providers: () => Promise.resolve(has),
    release: () => Promise.resolve(),
    async run(_session, source) {
      const message = failing[(await source()).provider]
      if (message !== undefined) throw new LamellaError('engine-failed', message)
      return { hook_resid_post: { type: 'float32', shape: [1], data: Float32Array.of(1) } }
    }
  }
  return engine as Engine
}

const model = runnable(await openModel(shakespeare, new AbortController().signal))
const noAdapter = 'webgpu: No supported adapters'

describe('the choice of a provider', () => {
  it('takes the CPU where others fail, and says why', async () => {
    const engine = engineWith(['cpu', 'webgpu'], { webgpu: noAdapter })
    const { provider, reason } = await createProviderChoice(engine).choose(model, 'auto')
    expect(provider).toBe('cpu')
    expect(reason).toMatch(/: cpu \S+ ms; webgpu: No supported adapters$/)
  })

  it('refuses one that the runtime does not have', async () => {
    const choices = createProviderChoice(engineWith(['cpu', 'webgpu'], {}))
    expect(await choices.choose(model, 'webgpu')).toMatchObject({ provider: 'webgpu' })
    await expect(choices.choose(model, 'dml')).rejects.toMatchObject({
      code: 'unsupported',
      message: "dml: this machine's runtime has no such provider, it has cpu, webgpu"
    })
  })
})
