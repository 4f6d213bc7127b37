import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryTransport, type TransportPair } from '#common/contract/memory-transport.ts'
import { type Client, connectApi, serveApi } from '#common/contract/rpc.ts'
import { cancelWork } from '#common/model/cancel.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { HostedProcess } from '../../../src/main/process/host.ts'
import type { EngineCalls } from '../../../src/main/engine/protocol.ts'
import type { Request } from '#common/model/call-table.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'

let workbench: Workbench
/** The engine's processes, the present one last. */
const engines: HostedProcess[] = []
let model: ModelInfo
/** How many runs of parts the engine has been asked for. */
let asked = 0
beforeAll(async () => {
  workbench = await startWorkbench({}, undefined, engine => {
    const send = engine.send.bind(engine)
    engine.send = message => {
      if ((message as Request<EngineCalls>).call === 'run') asked++
      send(message)
    }
    engines.push(engine)
  })
})
afterAll(() => workbench.close())
afterEach(() => vi.useRealTimers())

/** Two windows of one workbench. */
let one: { readonly client: Client; readonly pair: TransportPair }
let other: typeof one
beforeEach(async () => {
  one = connect()
  other = connect()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  model = await one.client.call('models.open', { path: shakespeare })
  await start(one.client, [1, 2, 3])
})

function connect(): typeof one {
  const pair = memoryTransport()
  serveApi(workbench, pair.server)
  return { client: connectApi(pair.client), pair }
}

async function start(
  client: Client,
  ids: number[],
  options: { signal?: AbortSignal; labels?: string[] } = {}
) {
  const { signal, labels } = options
  const source = cpuSource(model, { ids })
  const onProgress = ({ label }: { label: string }) => void labels?.push(label)
  return client.call('runs.start', { source }, { onProgress, ...(signal && { signal }) })
}

/** Asks for a run and waits until the engine, which is stopped, has been sent its first call. */
async function begin(client: Client, ids: number[], options: { signal?: AbortSignal } = {}) {
  const before = asked
  const running = start(client, ids, options)
  running.catch(() => undefined)
  await expect.poll(() => asked, { interval: 5 }).toBeGreaterThan(before)
  return { running }
}

const pid = () => engines.at(-1)!.pid!

/** Lets the time pass that a cancelled run may take, once the workbench has heard what became of calls. */
async function letTimePass(milliseconds: number): Promise<void> {
  await other.client.call('engine.status', {})
  vi.advanceTimersByTime(milliseconds)
}

describe.skipIf(process.platform === 'win32')('a run in the middle of a block', () => {
  it('that is abandoned stops after it, keeps what it gave, and leaves the engine as it is', async () => {
    const controller = new AbortController()
    const before = pid()
    // Of a short text all blocks are one call.
    const ids = Array.from({ length: 150 }, (_, i) => i % 7)
    const params = { source: cpuSource(model, { ids }) }
    const labels: string[] = []
    let askedBefore = Infinity
    const running = workbench.handlers['runs.start'](params, {
      ...uncancelled(controller.signal),
      progress({ label }) {
        labels.push(label)
        if (label !== 'Running block 2 of 4') return
        process.kill(before, 'SIGSTOP')
        askedBefore = asked
      }
    })
    running.catch(() => undefined)
    await expect.poll(() => asked > askedBefore, { interval: 5 }).toBe(true)
    controller.abort()
    await letTimePass(60_000)
    process.kill(before, 'SIGCONT')
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(labels).not.toContain('Running block 4 of 4')
    const again: string[] = []
    expect((await start(one.client, ids, { labels: again })).complete).toBe(true)
    // The first block is done, and perhaps the second.
    expect(['Running block 2 of 4', 'Running block 3 of 4']).toContain(again[0])
    expect(pid()).toBe(before)
  })

  it('whose window closes takes nothing from another window', async () => {
    const before = pid()
    process.kill(before, 'SIGSTOP')
    const { running: left } = await begin(one.client, [10, 11, 12])
    const { running: staying } = await begin(other.client, [13, 14, 15])
    const lost = expect(left).rejects.toMatchObject({ code: 'disconnected' })
    one.pair.close()
    await lost
    await letTimePass(60_000)
    process.kill(before, 'SIGCONT')
    expect((await staying).complete).toBe(true)
    expect(pid()).toBe(before)
  })

  it('that is cancelled frees the engine, and the run of another window goes on', async () => {
    const controller = new AbortController()
    const before = pid()
    process.kill(before, 'SIGSTOP')
    const { signal } = controller
    const { running } = await begin(one.client, [16, 17, 18], { signal })
    const { running: staying } = await begin(other.client, [19, 20, 21])
    cancelWork(controller)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    // When the workbench has heard of it is not known here.
    const isReplaced = () => {
      vi.advanceTimersByTime(250)
      return pid() !== before
    }
    await expect.poll(isReplaced, { interval: 5 }).toBe(true)
    expect((await staying).complete).toBe(true)
  })

  it('never keeps a window waiting for the status', async () => {
    const before = pid()
    process.kill(before, 'SIGSTOP')
    const { running } = await begin(one.client, [22, 23, 24])
    expect((await other.client.call('engine.status', {})).engine).toBe('ready')
    process.kill(before, 'SIGCONT')
    expect((await running).complete).toBe(true)
  })
})
