import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { cancelWork } from '#common/model/cancel.ts'
import type { ErrorCode } from '#common/model/errors.ts'
import { createEngine, type Engine } from '../../../src/main/engine/client.ts'
import { forkEngine } from '../../../src/main/engine/host.ts'
import {
  carriedIsGone,
  type EngineCalls,
  type EngineFeed,
  type PartSource
} from '../../../src/main/engine/protocol.ts'
import type { ProcessState } from '../../../src/main/process/calls.ts'
import type { HostedProcess } from '../../../src/main/process/host.ts'
import type { Request } from '#common/model/call-table.ts'
import type { Reply } from '../../../src/main/process/messages.ts'
import { closeFiled, type FiledTensor } from '../../../src/main/files/filed-tensor.ts'
import { knownFile } from '../../../src/main/files/known-file.ts'
import { expand, matMul, mul, reduceSum, slice } from '../../../src/main/graph/expressions.ts'
import { createGraph } from '../../../src/main/graph/graph.ts'
import { writeOnnx } from '../../../src/main/graph/onnx.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { built } from '../../built.ts'

const entry = built.engineEntry

let engine: Engine
let processes: HostedProcess[]
/** What the engine has answered. */
let replies: Reply<EngineCalls>[]
/** What the engine was asked for, in its turn. */
let requests: Request<EngineCalls>[]
/** Files in which runs were sent their inputs. */
let inputs: string[]
/** The folder that tensors cross in. */
let folder: string
let states: ProcessState[]

/** @param patience the usual one, in ms, when left out */
function start(patience?: number): void {
  processes = []
  states = []
  replies = []
  requests = []
  inputs = []
  const host = forkEngine(entry)
  engine = createEngine(
    {
      spawn(exchange) {
        const started = host.spawn(exchange)
        processes.push(started)
        folder = exchange
        started.onMessage(message => replies.push(message as Reply<EngineCalls>))
        const send = (message: unknown) => {
          if (!('drop' in (message as object))) note(message as Request<EngineCalls>)
          started.send(message)
        }
        return { ...started, send }
      }
    },
    patience
  )
  engine.onState(state => states.push(state))
}
afterEach(() => engine.close())

function note(request: Request<EngineCalls>): void {
  requests.push(request)
  if (request.call !== 'run') return
  const { feeds } = request.argument as Request<EngineCalls, 'run'>['argument']
  for (const feed of Object.values(feeds)) if ('file' in feed) inputs.push(join(folder, feed.file))
}

const small = { group: 'model', residentBytes: 10 }

/** y = 2x, [pos, 2]. */
function doublingSource(): PartSource {
  const graph = createGraph()
  graph.output('y', mul(graph.input('x', 'float32', ['pos', 2]), 2))
  return { model: writeOnnx(graph).bytes, weights: [], provider: 'cpu', ...small }
}

const doubling = () => Promise.resolve(doublingSource())

/** Matrix products, of which each takes a second or more on most machines; x is large enough to cross in a file. */
function products(count: number): () => Promise<PartSource> {
  return () => {
    const graph = createGraph()
    let product = expand(slice(graph.input('x', 'float32', [5, 4096]), 0, 0, 1), [4096, 4096])
    for (let i = 0; i < count; i++) product = matMul(product, product)
    graph.output('y', reduceSum(product, [0, 1]))
    const model = writeOnnx(graph).bytes
    return Promise.resolve({ model, weights: [], provider: 'cpu', ...small })
  }
}
/** It does not end while a test waits for something else. */
const slow = products(1000)

const x = { type: 'float32', shape: [1, 2], data: Float32Array.of(1.1, -3) } as const
const zeros = { type: 'float32', shape: [5, 4096], data: new Float32Array(5 * 4096) } as const
const y = [{ name: 'y', type: 'float32' }] as const
/** Until the engine has read what the n-th run of products is fed: it computes what follows. */
const begun = (n = 1) =>
  expect.poll(() => inputs.length >= n && !existsSync(inputs[n - 1]!), { interval: 5 }).toBe(true)
const double = () => engine.run('double', doubling, { x }, y)

describe('the engine', () => {
  it('keeps what a run leaves for others, one in each place, until it is let go of', async () => {
    start()
    const at = (place: string, name: string) => ({ place, name })
    const carry = (place: string, name: string) => [{ output: 'y', ...at(place, name) }]
    const from = (place: string, name: string, carried = carry('c', 'x')) =>
      engine.run('double', doubling, { x: { carried: at(place, name) } }, y, undefined, carried)
    const sent = await engine.run('double', doubling, { x }, [], undefined, carry('a', '1'))
    // What is left there alone does not cross.
    expect(sent).toEqual({})
    const twice = x.data.map(value => value * 4)
    expect((await from('a', '1')).y!.data).toEqual(twice)
    expect((await from('a', '1', carry('b', '1'))).y!.data).toEqual(twice)
    expect((await from('b', '1', carry('a', '2'))).y!.data).toEqual(x.data.map(value => value * 8))
    await expect(from('a', '1')).rejects.toThrow(carriedIsGone)
    expect((await from('b', '1')).y!.data).toEqual(x.data.map(value => value * 8))
    await engine.forget(['a', 'nowhere'])
    await expect(from('a', '2')).rejects.toThrow(carriedIsGone)
    await engine.forget(['a'])
    expect(requests.filter(({ call }) => call === 'forget')).toHaveLength(1)
  })

  it('reads rows of a stored matrix itself, and says when the file is another', async () => {
    start()
    const root = mkdtempSync(join(tmpdir(), 'lamella-engine-'))
    const path = join(root, 'matrix')
    writeFileSync(path, Float32Array.of(9, 1, 2, 3, 4, 5, 6))
    const file = await knownFile(await namedFile(path))
    const matrix = { file, offset: 4, dtype: 'F32', width: 2 } as const
    const rows = () =>
      engine.run('double', doubling, { x: { rows: [2, 0, 1], matrix, scale: 3 } }, y)
    expect((await rows()).y).toEqual({
      type: 'float32',
      shape: [3, 2],
      data: Float32Array.of(30, 36, 6, 12, 18, 24)
    })
    truncateSync(path, 8)
    await expect(rows()).rejects.toThrow('matrix: changed since it was opened')
    rmSync(root, { recursive: true })
  })

  it('has weights in half precision cast once where the budget holds all of the model so twice', async () => {
    start()
    const casts = async (part: string, budget: number, isHalf = true) => {
      engine.setBudget(budget)
      const inFloat32 = { residentBytes: 20, modelBytes: 100 }
      const source = { ...doublingSource(), ...(isHalf && { inFloat32 }) }
      await engine.run(part, () => Promise.resolve(source), { x }, y)
      const { argument } = requests.findLast(({ call }) => call === 'load')!
      const { castsAtRun, residentBytes } = argument as Request<EngineCalls, 'load'>['argument']
      return { castsAtRun, residentBytes }
    }
    expect(await casts('a', 200)).toEqual({ castsAtRun: false, residentBytes: 20 })
    expect(await casts('b', 199)).toEqual({ castsAtRun: true, residentBytes: 10 })
    expect(await casts('c', 199, false)).toEqual({ castsAtRun: false, residentBytes: 10 })
  })

  it('runs a part, loading it once', async () => {
    start()
    let built = 0
    const source = () => {
      built++
      return doubling()
    }
    await engine.run('double', source, { x }, y)
    const { y: result } = await engine.run('double', source, { x }, y)
    expect(result).toEqual({ type: 'float32', shape: [1, 2], data: Float32Array.of(2.2, -6) })
    expect(built).toBe(1)
    expect(engine.parts()).toEqual(['double'])
  })

  it('takes and gives tensors that are too large for a message', async () => {
    start()
    const data = Float32Array.from({ length: 100_000 }, (_, i) => i - 0.5)
    const large = { type: 'float32', shape: [50_000, 2], data } as const
    const { y: result } = await engine.run('double', doubling, { x: large }, y)
    expect(result).toEqual({ ...large, data: data.map(value => 2 * value) })
  })

  it('hands over the file of a large output that is not to be read, and reads all others', async () => {
    start()
    const data = Float32Array.from({ length: 600_000 }, (_, i) => i - 0.5)
    const large = { type: 'float32', shape: [300_000, 2], data } as const
    const run = (x: EngineFeed) => engine.run('double', doubling, { x }, y, undefined, [], ['y'])
    const { y: result } = await run(large)
    if (result === undefined || 'data' in result) throw new Error('was read')
    expect(result).toMatchObject({ type: 'float32', shape: [300_000, 2] })
    expect(readdirSync(folder)).toEqual([])
    // However the process ends that it is of, and whatever crosses after it.
    await run(large).then(other => closeFiled(other['y'] as FiledTensor))
    const crossed = folder
    processes[0]!.kill()
    await expect.poll(() => existsSync(crossed)).toBe(false)
    const bytes = readFileSync(result.file)
    closeFiled(result)
    const expected = data.map(value => 2 * value)
    expect(Buffer.compare(bytes, Buffer.from(expected.buffer))).toBe(0)
    expect(await run(x)).toEqual({
      y: { type: 'float32', shape: [1, 2], data: Float32Array.of(2.2, -6) }
    })
  })

  it('rounds an output to float16 when that is asked for', async () => {
    start()
    const { y: result } = await engine.run('double', doubling, { x }, [
      { name: 'y', type: 'float16' }
    ])
    expect(result).toEqual({ type: 'float16', shape: [1, 2], data: Float16Array.of(2.2, -6) })
  })

  it('loads a part again after it was released', async () => {
    start()
    await double()
    await engine.release('double')
    expect(engine.parts()).toEqual([])
    expect((await double()).y!.data).toEqual(Float32Array.of(2.2, -6))
  })

  it('says what the runtime refuses, and goes on', async () => {
    start()
    const broken = {
      model: Uint8Array.of(1, 2, 3),
      weights: [],
      provider: 'cpu',
      ...small
    } as const
    await expect(engine.run('broken', () => Promise.resolve(broken), {}, y)).rejects.toMatchObject({
      code: 'engine-failed'
    })
    expect((await double()).y!.data[0]).toBeCloseTo(2.2, 6)
  })

  it('names the weights file that is too short', async () => {
    start()
    const file = await knownFile(await namedFile(entry))
    const weights = [{ location: 'w', file, offset: 0, byteLength: 1e7 }]
    await expect(
      engine.run('short', () => Promise.resolve({ ...doublingSource(), weights }), { x }, y)
    ).rejects.toThrow(/engine\.js: the file ends at byte/)
  })

  it('refuses weights that do not match their checksum', async () => {
    start()
    const file = await knownFile(await namedFile(entry))
    const weights = [{ location: 'w', file, offset: 0, byteLength: 10, crc32: 1 }]
    await expect(
      engine.run('sum', () => Promise.resolve({ ...doublingSource(), weights }), { x }, y)
    ).rejects.toThrow(/engine\.js: the bytes at 0 do not match their checksum/)
  })

  it.each<[string, (path: string) => void, ErrorCode, RegExp]>([
    [
      'other numbers',
      path => writeFileSync(path, new Uint8Array(4)),
      'file-changed',
      /changed since/
    ],
    ['fewer bytes', path => truncateSync(path, 2), 'file-changed', /changed since/],
    ['nothing', () => undefined, 'not-found', /is no longer where it was opened/],
    ['a link to a device', path => symlinkSync('/dev/zero', path), 'file-invalid', /is a link/],
    ['a named pipe', path => execFileSync('mkfifo', [path]), 'file-invalid', /is a named pipe/]
  ])('refuses a file of weights that has become %s, and goes on', async (_, put, code, message) => {
    start()
    const path = join(mkdtempSync(join(tmpdir(), 'lamella-engine-test-')), 'w.bin')
    writeFileSync(path, Uint8Array.of(0, 0, 0, 64))
    const file = await knownFile(await namedFile(path))
    const weights = [{ location: 'w', file, offset: 0, byteLength: 4 }]
    const source = () => Promise.resolve({ ...doublingSource(), weights })
    expect((await engine.run('before', source, { x }, y)).y!.data[0]).toBeCloseTo(2.2, 6)
    if (code !== 'file-changed') rmSync(path)
    put(path)
    const refused = engine.run('after', source, { x }, y)
    const others = double()
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toThrow('w.bin: ')
    await expect(refused).rejects.toHaveProperty('code', code)
    expect((await others).y!.data[0]).toBeCloseTo(2.2, 6)
    expect(states.filter(({ state }) => state === 'restarting')).toEqual([])
  })

  it('starts anew when its process dies, and says why', async () => {
    start()
    await double()
    const running = engine.run('slow', slow, { x: zeros }, y)
    running.catch(() => undefined)
    await begun()
    processes[0]!.kill()
    await expect(running).rejects.toThrow('The engine stopped (signal SIGKILL)')
    expect(states).toContainEqual({
      state: 'restarting',
      reason: 'The engine stopped (signal SIGKILL)'
    })
    expect((await double()).y!.data[0]).toBeCloseTo(2.2, 6)
    expect(processes).toHaveLength(2)
    expect(states.at(-1)).toEqual({ state: 'ready' })
  })

  it('frees itself when a run is cancelled; other calls start again by themselves', async () => {
    start()
    await double()
    const controller = new AbortController()
    const running = engine.run('slow', slow, { x: zeros }, y, controller.signal)
    await begun()
    const other = double()
    cancelWork(controller)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect((await other).y!.data[0]).toBeCloseTo(2.2, 6)
    expect(processes).toHaveLength(2)
    expect(engine.parts()).toEqual(['double'])
  })

  it('keeps its process and its parts when a run is abandoned, and gives what it computed', async () => {
    start(1)
    await double()
    const controller = new AbortController()
    const running = engine.run('short', products(1), { x: zeros }, y, controller.signal)
    await begun()
    controller.abort()
    expect((await running).y!.data).toEqual(Float32Array.of(0))
    expect((await double()).y!.data[0]).toBeCloseTo(2.2, 6)
    expect([processes.length, engine.parts()]).toEqual([1, ['short', 'double']])
  })

  it.skipIf(process.platform === 'win32')(
    'does not start what is given up while it waits for others',
    async () => {
      // A call that waits uses none of its patience up, however long it waits.
      const patience = 1000
      start(patience)
      await double()
      const { pid } = processes[0]!
      // Stopped, it takes nothing of what it is sent.
      process.kill(pid!, 'SIGSTOP')
      const first = double()
      const controllers = [new AbortController(), new AbortController()] as const
      const large = { type: 'float32', shape: [10_000, 2], data: new Float32Array(20_000) } as const
      const waiting = controllers.map(({ signal }) =>
        engine.run('double', doubling, { x: large }, y, signal)
      )
      const rejected = waiting.map(call =>
        expect(call).rejects.toMatchObject({ code: 'cancelled' })
      )
      const other = engine.run('other', doubling, { x }, y)
      const leaving = new AbortController()
      const shared = engine.run('other', doubling, { x }, y, leaving.signal)
      rejected.push(expect(shared).rejects.toMatchObject({ code: 'cancelled' }))
      await expect.poll(() => inputs).toHaveLength(2)
      controllers[0].abort()
      cancelWork(controllers[1])
      // The part that it waits for stays wanted.
      cancelWork(leaving)
      await Promise.all(rejected)
      await setTimeout(patience * 1.5)
      process.kill(pid!, 'SIGCONT')
      expect((await first).y!.data[0]).toBeCloseTo(2.2, 6)
      await other
      expect(replies.filter(reply => 'dropped' in reply)).toHaveLength(2)
      expect(readdirSync(folder)).toEqual([])
      expect([processes.length, engine.parts()]).toEqual([1, ['double', 'other']])
    }
  )

  it('hears what is given up while it computes, before it goes on', async () => {
    start()
    await double()
    const short = () => engine.run('short', products(2), { x: zeros }, y)
    await short()
    const first = short()
    const controller = new AbortController()
    const waiting = engine.run('double', doubling, { x }, y, controller.signal)
    await begun(2)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await first
    await engine.memory()
    expect(replies.filter(reply => 'dropped' in reply)).toHaveLength(1)
  })

  it('loads a part for whoever still waits for it', async () => {
    start()
    const controllers = [new AbortController(), new AbortController()] as const
    let source = Promise.withResolvers<PartSource>()
    const use = (signal?: AbortSignal) => engine.run('part', () => source.promise, { x }, y, signal)
    const left = controllers.map(({ signal }) => use(signal))
    const staying = use()
    controllers[0].abort()
    cancelWork(controllers[1])
    for (const call of left) await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    source.resolve(doublingSource())
    expect((await staying).y!.data[0]).toBeCloseTo(2.2, 6)

    await engine.release('part')
    source = Promise.withResolvers()
    const controller = new AbortController()
    const alone = use(controller.signal)
    controller.abort()
    await expect(alone).rejects.toMatchObject({ code: 'cancelled' })
    const loads = replies.length
    source.resolve(doublingSource())
    await engine.memory()
    expect([replies.length - loads, engine.parts(), processes.length]).toEqual([1, [], 1])
  })

  it('takes no result’s file with it when nobody reads it', async () => {
    start()
    const data = new Float32Array(100_000)
    const large = { type: 'float32', shape: [50_000, 2], data } as const
    const controller = new AbortController()
    await engine.run('double', doubling, { x: large }, y)
    const running = engine.run('double', doubling, { x: large }, y, controller.signal)
    await expect.poll(() => replies.length > 2 || readdirSync(folder).length > 0).toBe(true)
    cancelWork(controller)
    await running.catch(() => undefined)
    await engine.memory()
    await expect.poll(() => readdirSync(folder)).toEqual([])
  })

  it('81: is free, cancelled at 20 points of loading and running', async () => {
    start()
    let built = 0
    const source = () => (built++, slow())
    const count = (call: string) => requests.filter(request => request.call === call).length
    /** How far a run has come: each counts how often it has come so far. */
    const points = [
      () => 0,
      () => built,
      () => count('load'),
      () => count('run'),
      () => inputs.filter(file => !existsSync(file)).length
    ]
    for (let point = 0; point < 20; point++) {
      await engine.release('slow')
      const reached = points[point % points.length]!
      const before = reached()
      const controller = new AbortController()
      const running = engine.run('slow', source, { x: zeros }, y, controller.signal)
      const told = expect(running).rejects.toMatchObject({ code: 'cancelled' })
      if (point % points.length > 0)
        await expect.poll(reached, { interval: 1 }).toBeGreaterThan(before)
      cancelWork(controller)
      await told
      expect(await engine.memory()).toBeGreaterThan(10e6)
    }
    // None was computed to its end.
    const results = replies.map(reply => ('result' in reply ? reply.result : null))
    expect(results.filter(result => typeof result === 'object' && result && 'y' in result)).toEqual(
      []
    )
  })

  it('says when it is ready again, asked or not', async () => {
    start()
    await double()
    processes[0]!.kill()
    await expect.poll(() => states.map(({ state }) => state).join(' ')).toMatch(/restarting ready$/)
  })

  it('does nothing for a call that was cancelled before', async () => {
    start()
    await expect(
      engine.run('double', doubling, { x }, y, AbortSignal.abort())
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(processes).toHaveLength(0)
  })

  it('gives up starting a process that always dies, and says why', async () => {
    let spawned = 0
    let told = 0
    const host = forkEngine(join(import.meta.dirname, 'no-such-entry.ts'))
    engine = createEngine({
      spawn(exchange) {
        spawned++
        return host.spawn(exchange)
      }
    })
    engine.onState(({ state }) => {
      if (state === 'restarting') told++
    })
    await expect(double()).rejects.toThrow(/The engine stopped \(exit code 1/)
    // Another would be started as the end of the one before is told.
    await expect.poll(() => told).toBe(3)
    expect(spawned).toBe(3)
  })

  it('keeps within its budget: other models leave first, then the block used last', async () => {
    start()
    engine.setBudget(35)
    const of = (group: string) => () => Promise.resolve({ ...doublingSource(), group })
    const use = (part: string) => engine.run(part, of(part[0]!), { x }, y)
    for (const part of ['a0', 'b0', 'b1']) await use(part)
    expect(engine.parts()).toEqual(['a0', 'b0', 'b1'])
    await use('b2')
    expect(engine.parts()).toEqual(['b0', 'b1', 'b2'])
    await use('b3')
    expect(engine.parts()).toEqual(['b0', 'b1', 'b3'])
    await use('b0')
    await use('b4')
    expect(engine.parts()).toEqual(['b1', 'b3', 'b4'])
  })

  it('loads a part again that gave way to another before it ran', async () => {
    start()
    engine.setBudget(5)
    // Large enough to be on the way for a while: the parts take each other's place meanwhile.
    const data = new Float32Array(2 ** 20).fill(3)
    const large = { type: 'float32', shape: [data.length / 2, 2], data } as const
    const source = () => Promise.resolve({ ...doublingSource(), group: 'a' })
    const parts = ['a0', 'a1', 'a2', 'a3']
    const all = parts.map(part => engine.run(part, source, { x: large }, y))
    for (const { y: doubled } of await Promise.all(all)) expect(doubled!.data.at(-1)).toBe(6)
  })

  it('keeps a part whose input is on the way', async () => {
    start()
    engine.setBudget(5)
    const source = () => Promise.resolve({ ...doublingSource(), group: 'a' })
    await engine.run('a0', source, { x }, y)
    const data = new Float32Array(2 ** 22).fill(3)
    const large = { type: 'float32', shape: [data.length / 2, 2], data } as const
    const first = engine.run('a0', source, { x: large }, y)
    // It has the part, and writes its input.
    await setImmediate()
    const runs = await Promise.all([first, engine.run('a1', source, { x }, y)])
    expect(runs.map(({ y: doubled }) => doubled!.data.length)).toEqual([data.length, 2])
    const loads = requests.flatMap(request =>
      request.call === 'load' ? [(request.argument as { part: string }).part] : []
    )
    expect(loads).toEqual(['a0', 'a1'])
  })

  it('loads one part that alone is over the budget', async () => {
    start()
    engine.setBudget(5)
    expect((await double()).y!.data[0]).toBeCloseTo(2.2, 6)
    expect(engine.parts()).toEqual(['double'])
  })

  it('tells its providers and its memory', async () => {
    start()
    expect(await engine.providers()).toContain('cpu')
    expect(await engine.memory()).toBeGreaterThan(10e6)
  })

  it('fails calls after it was closed', async () => {
    start()
    await double()
    engine.close()
    await expect(double()).rejects.toThrow('The engine is closed')
  })
})
