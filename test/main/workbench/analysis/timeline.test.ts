import { cpSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CorpusInput } from '#common/analysis/subject.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { ModelInfo, Progress } from '#common/contract/schemas.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { trainingFolder } from '../../../golden/training.ts'
import {
  analysed,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

const gpt2 = join(projectRoot, 'test/golden/gpt2')
const ids = [5, 17, 3, 80, 5, 17, 3, 80, 41, 5, 17]
const text: CorpusInput = { ids }

let workbench: Workbench
/** The engine's processes, the present one last. */
const engines: number[] = []
let training: string
let last: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench({}, undefined, ({ pid }) => engines.push(pid!))
  training = await trainingFolder(gpt2, {
    0: { factor: 0, of: /wte/ },
    20: { factor: 0, of: /c_attn/ },
    100: { factor: 0.5, of: /c_attn|c_fc/ },
    3: { factor: 1, of: /^$/ }
  })
  last = await workbench.handlers['models.open'](
    { path: join(training, 'checkpoint-100') },
    uncancelled()
  )
})
afterAll(() => workbench.close())

function timelineOf(
  of: string,
  params: Record<string, string | string[]> = {},
  input: CorpusInput | null = null,
  context: HandlerContext = uncancelled()
): Promise<Dataset> {
  return analysed(workbench, last, 'timeline', { of, params }, input, context)
}

/** What an analysis comes to of each checkpoint that is opened by itself. */
async function oneByOne(
  name: string,
  params: Record<string, string | string[]>,
  input: CorpusInput | null
): Promise<Dataset[]> {
  const results: Dataset[] = []
  for (const step of [0, 3, 20, 100]) {
    const path = join(training, `checkpoint-${step}`)
    const model = await workbench.handlers['models.open']({ path }, uncancelled())
    results.push(await analysed(workbench, model, name, params, input))
    if (step !== 100) await workbench.handlers['models.close']({ modelId: model.id }, uncancelled())
  }
  return results
}

const data = (result: Dataset, name: string) => [...variable(result, name).data]

describe('a timeline', () => {
  it('is the loss of each checkpoint by its step: of equal logits ln d_vocab', async () => {
    const result = await timelineOf('loss', {}, text)
    expect(data(result, 'step')).toEqual([0, 3, 20, 100])
    expect(result.axes['checkpoint']?.labels?.[1]).toBe('checkpoint-3')
    const losses = data(result, 'value')
    expect(losses[0]).toBeCloseTo(Math.log(96), 6)
    const each = await oneByOne('token-probabilities', {}, text)
    for (const [i, one] of each.entries()) {
      const surprisals = data(one, 'surprisal').slice(1)
      const mean = surprisals.reduce((sum, value) => sum + value, 0) / surprisals.length
      expect(losses[i]).toBeCloseTo(mean, 6)
    }
    expect(result.attributes['left_out']).toBeUndefined()
  })

  it('is a score of each head: of scores that are all alike that of uniform attention', async () => {
    const result = await timelineOf('head-scores.induction', {}, text)
    const { axes, data: values } = variable(result, 'value')
    expect(axes).toEqual(['checkpoint', 'layer', 'head'])
    const each = await oneByOne('head-scores', {}, text)
    expect([...values]).toEqual(each.flatMap(one => data(one, 'induction')))
    const uniform = data(each[2]!, 'baseline.induction')[0]!
    for (const value of values.slice(24, 36)) expect(value).toBeCloseTo(uniform, 5)
    expect(values[12]).not.toBeCloseTo(uniform, 3)
  })

  it('is a statistic of the weights of a role, each with its layer and head', async () => {
    const result = await timelineOf('weight-statistics.norm', { roles: ['W_Q'] })
    const norms = data(result, 'value')
    // Nothing ran.
    expect(result.attributes['provider']).toBeUndefined()
    expect((await timelineOf('loss', {}, text)).attributes['provider']).toBe('cpu')
    expect(result.axes['tensor']?.labels?.[5]).toBe('W_Q 1.1')
    for (const at of [5, 12 + 5]) {
      expect([data(result, 'layer')[at], data(result, 'head')[at]]).toEqual([1, 1])
      expect(data(result, 'step')[at]).toBe(at === 5 ? 0 : 3)
    }
    for (let i = 0; i < 12; i++) {
      expect(norms[24 + i]).toBe(0)
      expect(norms[36 + i]).toBeCloseTo(norms[12 + i]! / 2, 5)
      expect(norms[12 + i]).toBeGreaterThan(0)
    }
  })

  it('has of several numbers of a tensor each beside its layer', async () => {
    const result = await timelineOf('weight-statistics.variance_rows', { roles: ['W_in'] })
    expect(variable(result, 'value').axes).toEqual(['checkpoint', 'tensor', 'quartile'])
    expect(data(result, 'layer').slice(0, 16)).toEqual([
      0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 0
    ])
  })

  it('leaves nothing open but what was, and no list of models has its checkpoints', async () => {
    const recent = await workbench.handlers['models.recent']({}, uncancelled())
    await timelineOf('random-repeat.induction')
    expect(await workbench.handlers['models.recent']({}, uncancelled())).toEqual(recent)
    const { path, fingerprint } = last
    expect((await analysed(workbench, { path, fingerprint }, 'parameters')).axes).toBeDefined()
    const other = { path: join(training, 'checkpoint-3'), fingerprint: '' }
    await expect(analysed(workbench, other, 'parameters')).rejects.toMatchObject({
      code: 'not-found'
    })
  })

  it('goes on where it was cancelled, and says how far it is', async () => {
    const controller = new AbortController()
    const seen: Progress[] = []
    const progress = (report: Progress) => {
      seen.push(report)
      if (report.label.startsWith('checkpoint-20')) controller.abort()
    }
    const input = { ids: [...ids, 9] }
    // An edited block runs by itself, so that a run of a short text, too, takes several steps.
    const edits = [{ hook: 'blocks.1.hook_mlp_out', at: {}, scale: 0.5, add: null }]
    const edited = (context: HandlerContext) =>
      analysed(workbench, last, 'timeline', { of: 'loss', params: {} }, input, context, edits)
    const cancelled = edited({ ...uncancelled(controller.signal), progress })
    await expect(cancelled.catch(toLamellaError)).resolves.toMatchObject({ code: 'cancelled' })
    expect(seen.some(({ label }) => label.startsWith('checkpoint-100'))).toBe(false)
    expect(seen.at(-1)).toMatchObject({ total: 4 })
    // Within a checkpoint, too.
    expect(seen.some(({ done }) => !Number.isInteger(done))).toBe(true)
    expect(seen.map(({ done }) => done)).toEqual(
      seen.map(({ done }) => done).toSorted((a, b) => a - b)
    )

    const runs: string[] = []
    await edited({
      ...uncancelled(),
      progress: ({ label }) => void (label.endsWith(': Opening') || runs.push(label.split(':')[0]!))
    })
    expect([...new Set(runs)]).toEqual(['checkpoint-20', 'checkpoint-100'])
  })

  it('refuses before anything is opened what no checkpoint can give', async () => {
    const refused = (of: string, input: CorpusInput | null, message: string) =>
      expect(timelineOf(of, {}, input)).rejects.toMatchObject({ code: 'invalid-argument', message })
    await refused('loss', null, 'loss: a text is needed, or token ids')
    await refused('loss.accuracy', text, 'loss.accuracy: loss gives no "accuracy"')
    await refused('gone.loss', text, 'gone: there is no such analysis')
    await refused('diff.norm', null, 'diff: compares two models; a timeline is of one at a time')
    await refused(
      'weight-statistics.std',
      text,
      "weight-statistics: is of the model's weights; it takes no text"
    )
  })
})

it('leaves out by name what cannot be read, or is another model', async () => {
  const mixed = await trainingFolder(gpt2, { 1: { factor: 1, of: /^$/ } })
  const other = await trainingFolder(join(projectRoot, 'test/golden/opt'), {
    2: { factor: 1, of: /^$/ }
  })
  cpSync(join(mixed, 'checkpoint-1'), join(mixed, 'best-1'), { recursive: true })
  mkdirSync(join(mixed, 'checkpoint-5'))
  mkdirSync(join(mixed, 'checkpoint-7'))
  writeFileSync(join(mixed, 'checkpoint-7', 'model.safetensors'), 'cut off')
  renameSync(join(other, 'checkpoint-2'), join(mixed, 'checkpoint-2'))
  const path = join(mixed, 'checkpoint-1')
  const model = await workbench.handlers['models.open']({ path }, uncancelled())
  const params = { of: 'weight-statistics.std', folder: mixed }
  const result = await analysed(workbench, model, 'timeline', params)
  expect([...new Set(data(result, 'step'))]).toEqual([1])
  const [beside, ...left] = result.attributes['left_out'] as string[]
  expect(beside).toBe('"best-1": is not named as "checkpoint-1" is')
  expect(left.map(line => line.split(':')[0])).toEqual([
    '"checkpoint-2"',
    '"checkpoint-5"',
    '"checkpoint-7"'
  ])
  expect(left[0]).toMatch(/expected .* as of checkpoint-1$/)
  expect(left[1]).toContain('holds no weights')
})

it('leaves out by name what is deleted, cut off or replaced while it is under way', async () => {
  const stage = { factor: 0.5, of: /c_attn/ }
  const moving = await trainingFolder(gpt2, { 1: stage, 2: stage, 3: stage, 4: stage, 5: stage })
  const weightsOf = (step: number) => join(moving, `checkpoint-${step}`, 'model.safetensors')
  const { handlers } = workbench
  const model = await handlers['models.open']({ path: gpt2 }, uncancelled())
  const params = { of: 'loss', folder: moving }
  let isMoved = false
  const progress = ({ label }: Progress) => {
    if (isMoved || !label.startsWith('checkpoint-1')) return
    isMoved = true
    rmSync(join(moving, 'checkpoint-2'), { recursive: true })
    truncateSync(weightsOf(3), 5000)
    writeFileSync(weightsOf(4), 'PK')
  }
  const result = await analysed(workbench, model, 'timeline', params, text, {
    ...uncancelled(),
    progress
  })
  expect(data(result, 'step')).toEqual([1, 5])
  const [first, last] = data(result, 'value')
  expect(last).toBe(first)
  const left = result.attributes['left_out'] as string[]
  expect(left).toEqual([
    '"checkpoint-2": does not exist',
    expect.stringMatching(/^"checkpoint-3": model\.safetensors: /),
    expect.stringMatching(/^"checkpoint-4": model\.safetensors: /)
  ])
})

it('goes on without a checkpoint in which the engine dies, and with it once it is asked again', async () => {
  const stage = { factor: 0.5, of: /c_attn/ }
  const folder = await trainingFolder(gpt2, { 1: stage, 2: stage, 3: stage })
  const model = await workbench.handlers['models.open']({ path: gpt2 }, uncancelled())
  const asked = (progress: (report: Progress) => void) => {
    const context = { ...uncancelled(), progress }
    return analysed(workbench, model, 'timeline', { of: 'loss', folder }, text, context)
  }
  let isKilled = false
  const hurt = await asked(({ label }) => {
    if (isKilled || !label.startsWith('checkpoint-2') || label.endsWith('Opening')) return
    isKilled = true
    process.kill(engines.at(-1)!, 'SIGKILL')
  })
  expect(isKilled).toBe(true)
  const left = hurt.attributes['left_out']
  if (left !== undefined)
    expect(left).toEqual(['"checkpoint-2": The engine stopped (signal SIGKILL)'])
  expect(data(hurt, 'step')).toEqual(left === undefined ? [1, 2, 3] : [1, 3])
  const whole = await asked(() => undefined)
  expect(data(whole, 'step')).toEqual([1, 2, 3])
  expect(new Set(data(whole, 'value')).size).toBe(1)
  expect(whole.attributes['left_out']).toBeUndefined()
})

it('of which no checkpoint can be read is refused as the first of them is', async () => {
  const broken = await trainingFolder(gpt2, {
    1: { factor: 1, of: /^$/ },
    2: { factor: 1, of: /^$/ }
  })
  truncateSync(join(broken, 'checkpoint-1', 'model.safetensors'), 5000)
  writeFileSync(join(broken, 'checkpoint-2', 'model.safetensors'), 'PK')
  const model = await workbench.handlers['models.open']({ path: gpt2 }, uncancelled())
  const params = { of: 'loss', folder: broken }
  await expect(analysed(workbench, model, 'timeline', params, text)).rejects.toThrow(
    /^model\.safetensors: \d+ bytes are missing at the end of the file$/
  )
})

it('reads a text as the model splits it that is asked, where a checkpoint has no tokenizer', async () => {
  const bare = await trainingFolder(shakespeare, { 1: { factor: 1, of: /^$/ } })
  const { handlers } = workbench
  const model = await handlers['models.open']({ path: shakespeare }, uncancelled())
  const input = { text: 'To be, or not' }
  const params = { of: 'loss', folder: bare }
  const result = await analysed(workbench, model, 'timeline', params, input)
  const own = await analysed(workbench, model, 'loss', {}, input)
  expect(data(result, 'value')).toEqual(data(own, 'loss'))
  expect(result.attributes['split_by']).toBe('shakespeare-char')
  const beside = ['config.json', 'tokenizer.json']
  const folder = await trainingFolder(shakespeare, { 1: { factor: 1, of: /^$/ } }, beside)
  const split = await analysed(workbench, model, 'timeline', { of: 'loss', folder }, input)
  expect(data(split, 'value')).toEqual(data(own, 'loss'))
  expect(split.attributes['split_by']).toBeUndefined()
})
