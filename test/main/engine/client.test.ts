import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEngine, type Engine, type EngineState } from '../../../src/main/engine/client.ts'
import { forkEngine, type EngineProcess } from '../../../src/main/engine/host.ts'
import type { PartSource } from '../../../src/main/engine/protocol.ts'
import { expand, matMul, mul, reduceSum } from '../../../src/main/graph/expressions.ts'
import { createGraph } from '../../../src/main/graph/graph.ts'
import { writeOnnx } from '../../../src/main/graph/onnx.ts'

const entry = join(import.meta.dirname, '../../../src/main/engine/process.ts')

let engine: Engine
let processes: EngineProcess[]
let states: EngineState[]

function start(): void {
  processes = []
  states = []
  const host = forkEngine(entry)
  engine = createEngine({
    spawn(exchange) {
      const started = host.spawn(exchange)
      processes.push(started)
      return started
    }
  })
  engine.onState(state => states.push(state))
}
afterEach(() => engine.close())

const small = { group: 'model', residentBytes: 10 }

/** y = 2x, [pos, 2]. */
function doublingSource(): PartSource {
  const graph = createGraph()
  graph.output('y', mul(graph.input('x', 'float32', ['pos', 2]), 2))
  return { model: writeOnnx(graph).bytes, weights: [], provider: 'cpu', ...small }
}

const doubling = () => Promise.resolve(doublingSource())

/** Some seconds of matrix products. */
function slow(): Promise<PartSource> {
  const graph = createGraph()
  let product = expand(graph.input('x', 'float32', [1, 1]), [4096, 4096])
  for (let i = 0; i < 10; i++) product = matMul(product, product)
  graph.output('y', reduceSum(product, [0, 1]))
  const model = writeOnnx(graph).bytes
  return Promise.resolve({ model, weights: [], provider: 'cpu', ...small })
}

const x = { type: 'float32', shape: [1, 2], data: Float32Array.of(1.1, -3) } as const
const one = { type: 'float32', shape: [1, 1], data: Float32Array.of(0) } as const
const y = [{ name: 'y', type: 'float32' }] as const
const double = () => engine.run('double', doubling, { x }, y)

describe('the engine', () => {
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

  it('names the weights file that got shorter', async () => {
    start()
    const weights = [{ location: 'w', file: entry, offset: 0, byteLength: 1e7 }]
    await expect(
      engine.run('short', () => Promise.resolve({ ...doublingSource(), weights }), { x }, y)
    ).rejects.toThrow(/process\.ts: ends at byte/)
  })

  it('refuses weights that do not match their checksum', async () => {
    start()
    const weights = [{ location: 'w', file: entry, offset: 0, byteLength: 10, crc32: 1 }]
    await expect(
      engine.run('sum', () => Promise.resolve({ ...doublingSource(), weights }), { x }, y)
    ).rejects.toThrow(/process\.ts: the bytes at 0 do not match their checksum/)
  })

  it('starts anew when its process dies, and says why', async () => {
    start()
    await double()
    const running = engine.run('slow', slow, { x: one }, y)
    setTimeout(() => processes[0]!.kill(), 300)
    await expect(running).rejects.toThrow('The engine stopped (signal SIGKILL)')
    expect(states).toContainEqual({
      state: 'restarting',
      reason: 'The engine stopped (signal SIGKILL)'
    })
    expect((await double()).y!.data[0]).toBeCloseTo(2.2, 6)
    expect(processes).toHaveLength(2)
    expect(states.at(-1)).toEqual({ state: 'ready' })
  })

  it('cancels inside a run by replacing the process; other calls start again by themselves', async () => {
    start()
    await double()
    const controller = new AbortController()
    const running = engine.run('slow', slow, { x: one }, y, controller.signal)
    await new Promise(resolve => setTimeout(resolve, 300))
    const other = double()
    const pressed = performance.now()
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - pressed).toBeLessThan(500)
    expect((await other).y!.data[0]).toBeCloseTo(2.2, 6)
    expect(processes).toHaveLength(2)
  })

  it('says when it is ready again, asked or not', async () => {
    start()
    await double()
    processes[0]!.kill()
    await expect
      .poll(() => states.map(({ state }) => state).join(' '), { timeout: 5000 })
      .toMatch(/restarting ready$/)
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
    const host = forkEngine(join(import.meta.dirname, 'no-such-entry.ts'))
    engine = createEngine({
      spawn(exchange) {
        spawned++
        return host.spawn(exchange)
      }
    })
    await expect(double()).rejects.toThrow(/The engine stopped \(exit code 1/)
    await new Promise(resolve => setTimeout(resolve, 2000))
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
