import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { readGolden } from '../compare.ts'
import { golden } from '../models.ts'
import { analysed, modelIn, sharedWorkbench } from '../workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

function opened(name: string): Promise<ModelInfo> {
  return modelIn(workbench, join(golden, name))
}

/** PyTorch's patterns of some heads, [query, key] each, in number. */
async function patternsOf(name: string, heads: readonly (readonly [number, number])[]) {
  const file = await readGolden(join(golden, name, 'golden.safetensors'))
  const ids = [...(await file.read('input_ids'))]
  const size = ids.length ** 2
  const patterns = []
  for (const [layer, head] of heads)
    patterns.push([...(await file.read(`pattern.${layer}`)).slice(head * size, (head + 1) * size)])
  return { ids, patterns }
}

/** Of each cell of some patterns one number. */
function cellwise(patterns: readonly number[][], of: (weights: number[]) => number): number[] {
  return patterns[0]!.map((_, cell) => of(patterns.map(pattern => pattern[cell]!)))
}

const ways = {
  mean: (weights: number[]) => weights.reduce((sum, own) => sum + own, 0) / weights.length,
  max: (weights: number[]) => Math.max(...weights),
  min: (weights: number[]) => Math.min(...weights)
}

describe.each(['gpt2', 'gemma2', 'bert'])('heads of %s together', name => {
  it.each(Object.entries(ways))('are the %s of PyTorch’s patterns', async (how, of) => {
    const model = await opened(name)
    const { nLayers, nHeads } = model.config!
    const every = Array.from(
      { length: nLayers * nHeads },
      (_, i) => [Math.floor(i / nHeads), i % nHeads] as const
    )
    const choices = [
      [{}, every],
      [{ layers: [nLayers - 1] }, every.filter(([layer]) => layer === nLayers - 1)],
      [{ heads: [every.at(-1)!, every[1]!, every[1]!] }, [every[1]!, every.at(-1)!]],
      [{ heads: [every[1]!, every.at(-1)!], layers: [0] }, [every[1]!]]
    ] as const
    for (const [params, heads] of choices) {
      const { ids, patterns } = await patternsOf(name, heads)
      const all = JSON.parse(JSON.stringify({ how, ...params })) as object
      const result = await analysed(workbench, model, 'aggregate', all as never, { ids })
      const { data } = variable(result, 'pattern')
      expect(variable(result, 'heads').data[0]).toBe(heads.length)
      cellwise(patterns, of).forEach((expected, cell) =>
        expect(data[cell], `${JSON.stringify(params)}, cell ${cell}`).toBeCloseTo(expected, 5)
      )
    }
  })
})

it('leaves the first token out of each head before they are taken together', async () => {
  const model = await opened('gpt2')
  const heads = [
    [0, 1],
    [1, 2]
  ] as const
  const { ids, patterns } = await patternsOf('gpt2', heads)
  const renormalised = patterns.map(pattern =>
    pattern.map((weight, cell) => {
      const query = Math.floor(cell / ids.length)
      const left = 1 - pattern[query * ids.length]!
      return cell % ids.length === 0 || query === 0 ? 0 : weight / left
    })
  )
  const params = { heads: heads.map(head => [...head]), first_token: 'hidden' }
  const result = await analysed(workbench, model, 'aggregate', params, { ids })
  const { data } = variable(result, 'pattern')
  cellwise(renormalised, ways.mean).forEach((expected, cell) =>
    expect(data[cell], `cell ${cell}`).toBeCloseTo(expected, 3)
  )
})

it('is of weights in half precision where that will do', async () => {
  const model = await opened('gpt2')
  const { ids, patterns } = await patternsOf('gpt2', [[1, 2]])
  const params = { heads: [[1, 2]], exact: false }
  const result = await analysed(workbench, model, 'aggregate', params, { ids })
  const { data } = variable(result, 'pattern')
  expect([...data]).toEqual(patterns[0]!.map(weight => expect.closeTo(weight, 3) as number))
  expect([...data].every(weight => Math.fround(weight) === new Float16Array([weight])[0])).toBe(
    true
  )
  expect(result.attributes['precision']).toBe('float16')
})

it.each([
  [{ heads: [[99, 0]] }, /layer 99/],
  [{ heads: [[0, 99]] }, /head 99/],
  [{ layers: [99] }, /layer 99/],
  [{ heads: [[0, 0]], layers: [1] }, /none of the heads is in the layers/]
])('refuses %j', async (params, message) => {
  const model = await opened('gpt2')
  await expect(analysed(workbench, model, 'aggregate', params, { ids: [5, 6, 7] })).rejects.toThrow(
    message
  )
})
