import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { type Client, connectApi, serveApi } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { cancelWork } from '#common/model/cancel.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { randomFrom } from '../../fuzz/random.ts'
import { cpuSource, shakespeare, startWorkbench } from '../../golden/workbench.ts'

let workbench: Workbench
let client: Client
let model: ModelInfo
/** Those that were not over when they were cancelled. */
let cancelledRuns = 0
/** What a run gives that nobody cancels. */
let undisturbed: Float32Array
const text = 'Now is the winter of our discontent made glorious summer by this sun of York. '
beforeAll(async () => {
  const other = await startWorkbench()
  await use(other)
  undisturbed = await patternOf(text)
  await other.close()
  workbench = await startWorkbench()
  await use(workbench)
})
afterAll(() => workbench.close())

async function use(workbench: Workbench): Promise<void> {
  const pair = memoryTransport()
  serveApi(workbench, pair.server)
  client = connectApi(pair.client)
  model = await client.call('models.open', { path: shakespeare })
}

const start = (of: string, options = {}) =>
  client.call('runs.start', { source: cpuSource(model, { text: of }) }, options)

async function patternOf(of: string): Promise<Float32Array> {
  const { id } = await start(of)
  const hook = 'blocks.3.attn.hook_pattern'
  return (await client.call('runs.value', { runId: id, hook, exact: true })).data
}

it.each(Array.from({ length: 20 }, (_, point) => point))(
  '81: a run that is cancelled at random point %i is over at once, and what is asked next is answered exactly',
  async point => {
    const random = randomFrom(`cancel ${point}`)
    const controller = new AbortController()
    const events: string[] = []
    const onProgress = () => void events.push('progress')
    // Each time another text, for what is kept is not computed.
    const own = `${'abcdefghijklmnopqrst'[point]}, ${text}`
    const running = start(own.repeat(9).slice(0, model.config!.nCtx), {
      signal: controller.signal,
      onProgress
    }).then(
      () => events.push('result'),
      ({ code }: LamellaError) => events.push(code)
    )
    const isOver = () => events.some(event => event !== 'progress')
    const blocks = random.below(4)
    while (events.length < blocks && !isOver()) await turn()
    for (let turns = random.below(20); turns > 0; turns--) await turn()
    const before = [...events]
    const wasOver = isOver()
    if (!wasOver) cancelledRuns++
    else expect(before.at(-1)).toBe('result')
    cancelWork(controller)
    // On the screen it is over before anything else happens.
    await Promise.resolve().then(() => Promise.resolve())
    expect(events).toEqual(wasOver ? before : [...before, 'cancelled'])
    await running
    expect(await patternOf(text)).toEqual(undisturbed)
    // Nothing is told of it afterwards.
    expect(events).toEqual(wasOver ? before : [...before, 'cancelled'])
    expect(await start(own)).toMatchObject({ complete: true })
  }
)

it('81: most of them were under way', () => {
  expect(cancelledRuns).toBeGreaterThan(10)
})

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
