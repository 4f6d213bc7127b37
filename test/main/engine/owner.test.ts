import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { projectRoot } from '../../golden/workbench.ts'
import { built } from '../../built.ts'

/**
 * An owner that asks its engine for more than it can compute in an hour, and says which process, which folder and which
 * file of input.
 */
const owner = `
  import { createEngine } from '${join(projectRoot, 'src/main/engine/client.ts')}'
  import { forkEngine } from '${join(projectRoot, 'src/main/engine/host.ts')}'
  import { expand, matMul, reduceSum, reshape } from '${join(projectRoot, 'src/main/graph/expressions.ts')}'
  import { createGraph } from '${join(projectRoot, 'src/main/graph/graph.ts')}'
  import { writeOnnx } from '${join(projectRoot, 'src/main/graph/onnx.ts')}'
  const graph = createGraph()
  let product = expand(graph.input('x', 'float32', [1, 32, 4096]), [128, 32, 4096])
  product = reshape(product, [4096, 4096])
  for (let i = 0; i < 1000; i++) product = matMul(product, product)
  graph.output('y', reduceSum(product, [0, 1]))
  const source = { model: writeOnnx(graph).bytes, weights: [], provider: 'cpu', group: '', residentBytes: 0 }
  const host = forkEngine('${built.engineEntry}')
  const engine = createEngine({
    spawn(exchange) {
      const started = host.spawn(exchange)
      const send = message => {
        const file = message.argument?.feeds?.x.file
        if (file) console.log(JSON.stringify({ pid: started.pid, exchange, file }))
        started.send(message)
      }
      return { ...started, send }
    }
  })
  // More than goes in a message.
  const x = { type: 'float32', shape: [1, 32, 4096], data: new Float32Array(32 * 4096) }
  await engine.run('long', () => Promise.resolve(source), { x }, [{ name: 'y', type: 'float32' }])
`

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it.skipIf(process.platform === 'win32').each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'the engine ends with an owner that gets %s, in the middle of a computation, and leaves nothing',
  async signal => {
    const child = spawn(process.execPath, ['-e', owner], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'inherit']
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    await expect.poll(() => said, { interval: 10 }).toMatch(/\n$/)
    const { pid, exchange, file } = JSON.parse(said) as Record<'exchange' | 'file', string> & {
      pid: number
    }
    // What it is fed is read: what follows is computed.
    await expect.poll(() => existsSync(join(exchange, file)), { interval: 10 }).toBe(false)
    // Ctrl+C reaches it, too; it waits for its owner's end.
    process.kill(pid, 'SIGINT')
    await delay(100)
    expect([isAlive(pid), existsSync(exchange)]).toEqual([true, true])
    child.kill(signal)
    await expect.poll(() => isAlive(pid), { interval: 10 }).toBe(false)
    expect(existsSync(exchange)).toBe(false)
  }
)
