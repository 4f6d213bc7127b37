import { mkdtempSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Random } from '../fuzz/random.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../golden/workbench.ts'
import { type Server, startServer } from './server.ts'

/** What a window looks at. */
export interface Looked {
  readonly text: string
  readonly hook: string
}

/** The servers, their data folder, and what is known to be true. */
export interface World {
  /** Where all of it lies. */
  readonly folder: string
  readonly data: string
  readonly temporary: string
  /** A model whose weights change now and then. */
  readonly model: string
  /** Which of its two weights it has now. */
  variant: 0 | 1
  /** Bytes of both. */
  readonly weights: readonly [Buffer, Buffer]
  readonly servers: Server[]
  /** Every process that was started as a server. */
  readonly pids: Set<number>
  /** What was saved last, and what was sent since then and not acknowledged. */
  readonly saved: { workspace: unknown; attempts: unknown[] }
  /** What a model with these weights gives. */
  truth(variant: 0 | 1, looked: Looked): readonly number[]
  /** Starts a server more. */
  start(largestFile?: number | null): Promise<Server>
  /** A server that lives. */
  server(random: Random): Promise<Server>
  close(): Promise<void>
}

export const weightsFile = 'model.safetensors'
const texts = ['So', 'First Citizen:', 'What light through yonder window breaks?', 'ROMEO: I']
const hooks = [
  'blocks.0.attn.hook_pattern',
  'blocks.3.hook_resid_post',
  'blocks.2.attn.hook_z',
  'logits'
]

/** All that windows may look at. */
export const everything: readonly Looked[] = texts.flatMap(text =>
  hooks.map(hook => ({ text, hook }))
)

export async function createWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-torture-'))
  const [data, temporary, model] = ['data', 'tmp', 'model'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ]
  await mkdir(temporary)
  await cp(shakespeare, model, { recursive: true })
  const first = await readFile(join(model, weightsFile))
  const weights = [first, otherWeights(first)] as const
  const known = [
    await truthOf(folder, 0, weights[0]),
    await truthOf(folder, 1, weights[1])
  ] as const
  const servers: Server[] = []
  const pids = new Set<number>()

  async function start(largestFile: number | null = null): Promise<Server> {
    const server = await startServer({ LAMELLA_DATA: data, TMPDIR: temporary }, largestFile)
    servers.push(server)
    pids.add(server.pid)
    return server
  }

  return {
    folder,
    data,
    temporary,
    model,
    variant: 0,
    weights,
    servers,
    pids,
    saved: { workspace: null, attempts: [] },
    truth: (variant, looked) => known[variant].get(JSON.stringify(looked))!,
    start,
    async server(random) {
      const alive = servers.filter(server => server.isAlive())
      servers.splice(0, servers.length, ...alive)
      return alive.length === 0 ? start() : random.pick(alive)
    },
    async close() {
      await Promise.all(servers.map(server => server.end('SIGKILL')))
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/**
 * What a window sees of a model: the last run of a text, if it is made again where the model changed.
 * @throws LamellaError
 */
export async function look(
  client: Client,
  path: string,
  { text, hook }: Looked
): Promise<number[]> {
  for (let attempt = 1; ; attempt++)
    try {
      const model = await client.call('models.open', { path })
      const { id } = await client.call('runs.start', { source: cpuSource(model, { text }) })
      const { data } = await client.call('runs.value', { runId: id, hook })
      return Array.from(data, Number)
    } catch (error) {
      const isOther =
        error instanceof LamellaError && /changed since|another model/.test(error.message)
      if (!isOther || attempt === 5) throw error
    }
}

/** The same tensors with other values: floats of which one in a hundred has its sign turned. */
function otherWeights(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes)
  const header = 8 + Number(bytes.readBigUInt64LE(0))
  for (let at = header; at + 4 <= other.length; at += 400) other[at + 3]! ^= 0x80
  return other
}

async function truthOf(
  folder: string,
  variant: number,
  weights: Buffer
): Promise<Map<string, readonly number[]>> {
  const path = join(folder, `truth-${variant}`)
  await cp(shakespeare, path, { recursive: true })
  await writeFile(join(path, weightsFile), weights)
  const workbench = await startWorkbench({}, join(folder, `truth-data-${variant}`))
  const { handlers } = workbench
  const model = await handlers['models.open']({ path }, uncancelled())
  const known = new Map<string, readonly number[]>()
  for (const looked of everything) {
    const source = cpuSource(model, { text: looked.text })
    const { id } = await handlers['runs.start']({ source }, uncancelled())
    const { data } = await handlers['runs.value'](
      { runId: id, hook: looked.hook, exact: false },
      uncancelled()
    )
    known.set(JSON.stringify(looked), Array.from(data, Number))
  }
  await workbench.close()
  return known
}
