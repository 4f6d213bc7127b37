import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryTransport, type TransportPair } from '#common/contract/memory-transport.ts'
import { type Client, connectApi, serveApi } from '#common/contract/rpc.ts'
import { cancelWork } from '#common/model/cancel.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { HostedProcess } from '../../../src/main/process/host.ts'
import type { EngineCalls } from '../../../src/main/engine/protocol.ts'
import type { Request } from '#common/model/call-table.ts'
import { inTurn } from '../../../src/main/files/turn.ts'
import { dataFiles } from '../../../src/main/workbench/data-folder.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import {
  cpuSource,
  hebrew,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../golden/workbench.ts'
import { keepTurnsYoung } from '../files/keep-young.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-given-up-'))
let workbench: Workbench
/** The engine's processes, the present one last. */
const engines: HostedProcess[] = []
let model: ModelInfo
/** How many runs of parts the engine has been asked for. */
let asked = 0
/** How many of the processes that read models have ended. */
let readersEnded = 0
beforeAll(async () => {
  const onEngine = (engine: HostedProcess) => {
    const send = engine.send.bind(engine)
    engine.send = message => {
      if ((message as Request<EngineCalls>).call === 'run') asked++
      send(message)
    }
    engines.push(engine)
  }
  const onSpawn = (reader: HostedProcess) => reader.onExit(() => readersEnded++)
  workbench = await startWorkbench({}, dataFolder, onEngine, { onSpawn })
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

describe('a model that is given up as it has been opened', () => {
  let id: string
  const isOpen = () =>
    other.client.call('text.tokenize', { modelId: id, text: '' }).then(
      () => true,
      () => false
    )
  /** What is done once it is open, and waits to be listed among those that were. */
  async function opening(work: (giveUp: () => void) => Promise<void> | void): Promise<void> {
    const controller = new AbortController()
    let opened: Promise<unknown>
    const list = join(dataFolder, dataFiles.recent)
    keepTurnsYoung(list)
    await inTurn(list, async () => {
      opened = one.client.call('models.open', { path: hebrew }, controller)
      opened.catch(() => undefined)
      await expect.poll(isOpen).toBe(true)
      await work(() => controller.abort())
    })
    await expect(opened!).rejects.toMatchObject({ code: 'cancelled' })
    // Who asks later is answered later.
    await one.client.call('models.recent', {})
  }
  beforeEach(async () => {
    id = (await one.client.call('models.open', { path: hebrew })).id
    await one.client.call('models.close', { modelId: id })
  })

  it('is closed', async () => {
    await opening(giveUp => giveUp())
    expect(await isOpen()).toBe(false)
  })

  it('stays open where it was asked for again meanwhile', async () => {
    let again: Promise<unknown>
    await opening(async giveUp => {
      const before = readersEnded
      again = one.client.call('models.open', { path: hebrew })
      // What read it anew has ended: it is the model that is open.
      await expect.poll(() => readersEnded).toBeGreaterThan(before)
      giveUp()
    })
    await again!
    expect(await isOpen()).toBe(true)
    await one.client.call('models.close', { modelId: id })
  })
})
