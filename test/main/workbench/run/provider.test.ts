import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import type { Provider } from '#common/model/provider.ts'
import type { Engine } from '../../../../src/main/engine/client.ts'
import { createProviderChoice } from '../../../../src/main/workbench/run/provider.ts'
import { runnable } from '../../../../src/main/workbench/run/runnable.ts'
import { shakespeare, openedModel } from '../../../golden/workbench.ts'

/**
 * An engine whose runtime has some providers, of which some fail with a message. The CPU gives 1 and takes its time;
 * the others differ from it.
 */
function engineWith(
  has: readonly Provider[],
  failing: Partial<Record<Provider, string>>,
  differs = 0
): Engine {
  const engine: Partial<Engine> = {
    providers: () => Promise.resolve(has),
    budget: () => Infinity,
    release: () => Promise.resolve(),
    run: async (_part, source, _feeds, [wanted]) => {
      const { provider } = await source()
      const message = failing[provider]
      if (message !== undefined) throw new LamellaError('engine-failed', message)
      if (provider === 'cpu') vi.advanceTimersByTime(50)
      const data = Float32Array.of(0, provider === 'cpu' ? 1 : 1 + differs)
      return { [wanted!.name]: { type: 'float32', shape: [2], data } }
    }
  }
  return engine as Engine
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

const model = runnable(await openedModel(shakespeare))
const noAdapter = 'webgpu: No supported adapters'

describe('the choice of a provider', () => {
  it('takes the CPU where others fail, and says why', async () => {
    const engine = engineWith(['cpu', 'webgpu'], { webgpu: noAdapter })
    const { provider, reason } = await createProviderChoice(engine).choose(model, 'auto')
    expect(provider).toBe('cpu')
    expect(reason).toMatch(/: cpu \S+ ms; webgpu: No supported adapters$/)
  })

  it('leaves in the engine what it tried of the provider that it takes', async () => {
    const engine = engineWith(['cpu', 'webgpu'], {})
    const [ran, released] = [new Set<string>(), [] as string[]]
    const run = engine.run.bind(engine)
    engine.run = ((...asked: Parameters<typeof run>) => {
      ran.add(asked[0])
      return run(...asked)
    }) as Engine['run']
    engine.release = part => {
      released.push(part)
      return Promise.resolve()
    }
    const { provider } = await createProviderChoice(engine).choose(model, 'auto')
    expect(ran.size).toBe(2)
    expect(released).toEqual([...ran].filter(part => !part.includes(` ${provider} `)))
  })

  it.each([0, 5e-4, -9e-4])('takes a faster one that differs from the CPU by %d', async differs => {
    const engine = engineWith(['cpu', 'webgpu'], {}, differs)
    const { provider, reason } = await createProviderChoice(engine).choose(model, 'auto')
    expect(provider).toBe('webgpu')
    expect(reason).toMatch(/: cpu \S+ ms; webgpu \S+ ms$/)
  })

  it.each([
    [1.1e-3, '0.0011'],
    [-0.02, '0.020'],
    [10, '10'],
    [NaN, 'NaN']
  ])('does not take a faster one that differs by %d', async (differs, shown) => {
    const engine = engineWith(['cpu', 'webgpu'], {}, differs)
    const { provider, reason } = await createProviderChoice(engine).choose(model, 'auto')
    expect(provider).toBe('cpu')
    expect(reason).toMatch(new RegExp(`; webgpu differs from the CPU by ${shown}$`))
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
