import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { patternOf } from '../../../src/renderer/src/stores/analyses.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useResults } from '../../../src/renderer/src/stores/results.ts'
import { answering, model, run } from '../fake-client.ts'

const MiB = 2 ** 20
const own = model('a')
const ran = run(own, 'text')
/** Of what was asked for, in turn: `layer.head`. */
let asked: string[]
/** Of one head's pattern. */
let bytesOfOne: number

beforeEach(() => {
  asked = []
  bytesOfOne = 100 * MiB
  setActivePinia(createPinia())
  useModels().open = [own]
  answering({
    'runs.value'({ hook, index }) {
      asked.push(`${/\d+/.exec(hook)![0]}.${index}`)
      // The system gives pages of memory once they are written: these never are.
      return { shape: [1, bytesOfOne / 4], data: new Float32Array(bytesOfOne / 4) }
    }
  })
})

/** Asks for patterns one after another, and tells which were computed. */
async function computed(...heads: number[]): Promise<string[]> {
  const before = asked.length
  for (const head of heads) await useResults().ask(patternOf(ran, 0, head))
  return asked.slice(before)
}

describe('patterns', () => {
  it('are asked for once', async () => {
    expect(await computed(0, 0, 1, 0)).toEqual(['0.0', '0.1'])
    const twice = [patternOf(ran, 1, 5), patternOf(ran, 1, 5)]
    await Promise.all(twice.map(pattern => useResults().ask(pattern)))
    expect(asked.slice(2)).toEqual(['1.5'])
  })

  it('are kept up to 256 MiB: those used last', async () => {
    expect(await computed(0, 1, 0, 2)).toEqual(['0.0', '0.1', '0.2'])
    // Two fit, of three the one that lay longest is gone.
    expect(await computed(0, 2)).toEqual([])
    expect(await computed(1)).toEqual(['0.1'])
    expect(await computed(2, 1)).toEqual([])
    expect(await computed(0)).toEqual(['0.0'])
  })

  it('that leave are counted: after many, as many still fit', async () => {
    await computed(...Array.from({ length: 20 }, (_, head) => head))
    expect(await computed(18, 19)).toEqual([])
    bytesOfOne = 64 * MiB
    await computed(20, 21, 22, 23)
    expect(await computed(20, 21, 22, 23)).toEqual([])
    expect(await computed(24)).toEqual(['0.24'])
    expect(await computed(21, 22, 23, 24)).toEqual([])
    expect(await computed(20)).toEqual(['0.20'])
  })

  it('are kept also where one alone is larger', async () => {
    await computed(0)
    bytesOfOne = 300 * MiB
    expect(await computed(1, 1)).toEqual(['0.1'])
    bytesOfOne = 100 * MiB
    expect(await computed(2, 2, 0)).toEqual(['0.2', '0.0'])
    expect(await computed(2, 0)).toEqual([])
  })
})
