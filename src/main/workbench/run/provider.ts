import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { Provider, ProviderChoice } from '#common/model/provider.ts'
import type { Engine } from '../../engine/client.ts'
import { createBoundedMap } from '../bounded-map.ts'
import { partOfBlock, runBlockAlone } from './block-trial.ts'
import { isOnnx, type Runnable } from './runnable.ts'
import type { RunnableModel } from '../model/model.ts'

/** A provider and why it is this one, in a sentence. */
export interface ChosenProvider {
  readonly provider: Provider
  readonly reason: string
}

/** How many tokens a trial runs, and how often; the best time counts. */
const trialTokens = 64
const trialRuns = 3

/** Models whose provider is remembered. */
const mostMeasured = 100

/** Largest difference from the CPU that a provider may show on one block. */
const tolerance = 1e-3

/** Which provider runs use. */
export interface ProviderChoices {
  /**
   * The provider of a model's runs. `auto` is the fastest that agrees with the CPU on the first block, which is
   * measured once for each model; a provider asked for by name is taken as it is.
   * @throws LamellaError `unsupported` when the runtime does not have the provider asked for
   */
  choose(model: Runnable, choice: ProviderChoice): Promise<ChosenProvider>
}

export function createProviderChoice(engine: Engine): ProviderChoices {
  const measured = createBoundedMap<Promise<ChosenProvider>>(mostMeasured, () => 1)

  return {
    async choose(model, choice) {
      if (choice !== 'auto') {
        const here = choice === 'cpu' ? [choice] : await engine.providers()
        if (!here.includes(choice))
          throw new LamellaError(
            'unsupported',
            `${choice}: this machine's runtime has no such provider, it has ${here.join(', ')}`,
            choice === 'cuda' ? 'On Linux, npm run setup:cuda fetches its libraries.' : undefined
          )
        return { provider: choice, reason: 'Chosen by name' }
      }
      if (isOnnx(model))
        return { provider: 'cpu', reason: 'ONNX graphs run on the CPU unless told' }
      const known = measured.get(model.info.id)
      if (known !== undefined) return known
      const measuring = fastest(engine, model)
      measured.set(model.info.id, measuring)
      measuring.catch(() => measured.delete(model.info.id))
      return measuring
    }
  }
}

async function fastest(engine: Engine, model: RunnableModel): Promise<ChosenProvider> {
  const others = (await engine.providers()).filter(name => name !== 'cpu')
  if (others.length === 0) return { provider: 'cpu', reason: 'The only provider here' }
  const reference = await trial(engine, model, 'cpu')
  let best: ChosenProvider & { readonly milliseconds: number } = {
    provider: 'cpu',
    milliseconds: reference.milliseconds,
    reason: ''
  }
  const notes: string[] = []
  for (const provider of others) {
    try {
      const { output, milliseconds } = await trial(engine, model, provider)
      const difference = largestDifference(output, reference.output)
      if (!(difference <= tolerance))
        notes.push(`${provider} differs from the CPU by ${difference.toPrecision(2)}`)
      else {
        notes.push(`${provider} ${milliseconds.toPrecision(3)} ms`)
        if (milliseconds < best.milliseconds) best = { provider, milliseconds, reason: '' }
      }
    } catch (error) {
      notes.push(toLamellaError(error).message)
    }
  }
  for (const loser of (['cpu', ...others] as const).filter(name => name !== best.provider))
    await engine.release(partOfBlock(engine, model, loser, 0).name).catch(() => undefined)
  const cpu = `cpu ${reference.milliseconds.toPrecision(3)} ms`
  return {
    provider: best.provider,
    reason: `Fastest on one block of ${trialTokens} tokens: ${[cpu, ...notes].join('; ')}`
  }
}

async function trial(engine: Engine, model: RunnableModel, provider: Provider) {
  const count = Math.min(trialTokens, model.spec.nCtx)
  // The first run also loads, packs weights and compiles shaders.
  const output = await runBlockAlone(engine, model, provider, 0, count)
  let milliseconds = Infinity
  for (let i = 0; i < trialRuns; i++) {
    const start = performance.now()
    await runBlockAlone(engine, model, provider, 0, count)
    milliseconds = Math.min(milliseconds, performance.now() - start)
  }
  return { output, milliseconds }
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    if (!(difference <= largest)) largest = difference
  }
  return largest
}
