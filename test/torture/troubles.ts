import { spawn } from 'node:child_process'
import { open, readdir, rename, stat, utimes, writeFile, mkdir, cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LamellaError } from '#common/model/errors.ts'
import { badOnnx } from '../bad/onnx.ts'
import { badSafetensors } from '../bad/safetensors.ts'
import type { Random } from '../fuzz/random.ts'
import { shakespeare } from '../golden/workbench.ts'
import { compared, isSame } from './checks.ts'
import { descendants, type Server } from './server.ts'
import { everything, look, weightsFile, type World } from './world.ts'
import { builtCommand } from '../built.ts'

/** Something that happens to people's programs. It tells what was wrong while it happened. */
export interface Trouble {
  readonly name: string
  readonly happen: (world: World, random: Random) => Promise<readonly string[]>
}

export const troubles: readonly Trouble[] = [
  {
    name: 'kill what a server started',
    async happen(world, random) {
      const server = await world.server(random)
      const looking = mayFail(look(server.client, world.model, random.pick(everything)))
      await delay(random.below(300))
      const pids = descendants(server.pid)
      if (pids.length > 0) end(random.pick(pids), 'SIGKILL')
      await looking
      return []
    }
  },
  {
    name: 'kill a server',
    async happen(world, random) {
      const server = await world.server(random)
      const working = random.oneIn(2)
        ? mayFail(look(server.client, world.model, random.pick(everything)))
        : save(world, random, server)
      await delay(random.below(200))
      await server.end(random.pick(['SIGKILL', 'SIGTERM', 'SIGINT'] as const))
      await working
      return []
    }
  },
  {
    name: 'two servers and a command',
    async happen(world, random) {
      const servers = [await world.server(random), await world.start()]
      const looked = random.several(2, 4, () => random.pick(everything))
      const seen = Promise.all(
        looked.map(async (each, i) =>
          compared(world, each, await look(servers[i % 2]!.client, world.model, each))
        )
      )
      const [found, command] = await Promise.all([seen, predict(world)])
      await save(world, random, random.pick(servers))
      // Not more of them than a machine can bear.
      if (world.servers.length > 3) await world.servers[0]!.end('SIGTERM')
      return [...found.flat(), ...(command === 0 ? [] : [`a command ended with ${command}`])]
    }
  },
  {
    name: 'save',
    async happen(world, random) {
      await save(world, random, await world.server(random))
      return []
    }
  },
  {
    name: 'rewrite the weights',
    async happen(world, random) {
      const { client } = await world.server(random)
      const looked = random.pick(everything)
      await mayFail(look(client, world.model, looked))
      const seen = mayFail(look(client, world.model, random.pick(everything)))
      const other = random.pick(everything)
      const again = mayFail(look(client, world.model, other))
      await delay(random.below(100))
      await rewrite(world, random)
      await seen
      const values = await again
      const isOne =
        values === null ||
        [0, 1].some(variant => isSame(world.truth(variant as 0 | 1, other), values))
      return isOne ? [] : [`${other.hook} is of neither weights`]
    }
  },
  {
    name: 'flip bytes of what is kept',
    async happen(world, random) {
      const kept = await files(world.data)
      const disposable = kept.filter(file => !isSaved(file))
      if (disposable.length === 0) return []
      const file = random.pick(disposable)
      const { size } = await stat(file)
      const handle = await open(file, 'r+').catch(() => null)
      for (const position of random.several(1, 16, () => random.below(Math.max(size, 1))))
        await handle?.write(random.bytes(1), 0, 1, position)
      await handle?.close()
      return []
    }
  },
  {
    name: 'a full disk',
    async happen(world, random) {
      await Promise.all(world.servers.map(server => server.end('SIGTERM')))
      const server = await world.start(random.pick([1, 16, 128]))
      const looked = random.pick(everything)
      const found = compared(world, looked, await look(server.client, world.model, looked))
      const saved = await save(world, random, server)
      await server.end('SIGTERM')
      return saved === 'internal' ? [...found, 'saving on a full disk is an internal error'] : found
    }
  },
  {
    name: "a stranger's folder",
    async happen(world, random) {
      const { client } = await world.server(random)
      const folder = await hostileFolder(world, random)
      try {
        await client.call('models.open', { path: folder })
        return []
      } catch (error) {
        const isTyped = error instanceof LamellaError && error.code !== 'internal'
        return isTyped ? [] : [`${folder}: ${(error as Error).message}`]
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }
  }
]

/** Saves a workspace of a random size. @returns the code of its refusal; null when it was acknowledged */
async function save({ saved }: World, random: Random, { client }: Server): Promise<string | null> {
  const state = { number: random.below(2 ** 31), filling: 'x'.repeat(random.below(100_000)) }
  saved.attempts.push(state)
  try {
    await client.call('workspace.save', { state: JSON.stringify(state) })
    saved.workspace = state
    saved.attempts = []
    return null
  } catch (error) {
    return error instanceof LamellaError ? error.code : 'internal'
  }
}

/** Puts the other weights in place of the present ones, in the ways that people and programs have. */
async function rewrite(world: World, random: Random): Promise<void> {
  const path = join(world.model, weightsFile)
  const other = (1 - world.variant) as 0 | 1
  const bytes = world.weights[other]
  const before = await stat(path)
  if (random.oneIn(2)) {
    const handle = await open(path, 'r+')
    await handle.write(bytes, 0, bytes.length, 0)
    await handle.close()
  } else {
    const beside = join(world.folder, 'beside')
    await writeFile(beside, bytes)
    await rename(beside, path)
  }
  if (random.oneIn(2)) await utimes(path, before.atime, before.mtime)
  world.variant = other
}

async function hostileFolder(world: World, random: Random): Promise<string> {
  const folder = join(world.folder, 'stranger')
  await mkdir(folder)
  const { file, bytes } = random.pick([
    () => ({ file: 'model.safetensors', bytes: random.pick(badSafetensors).file }),
    () => ({ file: 'model.onnx', bytes: random.pick(badOnnx).file }),
    () => ({ file: 'pytorch_model.bin', bytes: random.bytes(random.below(10_000)) }),
    () => ({ file: 'tokenizer.json', bytes: Buffer.from(nestedTokenizer(random.below(20_000))) })
  ])()
  if (file === 'tokenizer.json') await cp(shakespeare, folder, { recursive: true })
  await writeFile(join(folder, file), bytes)
  return folder
}

/** A tokenizer whose pattern has groups in groups. */
function nestedTokenizer(depth: number): string {
  const Regex = `${'('.repeat(depth)}a${')'.repeat(depth)}`
  const pre_tokenizer = { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false }
  const model = { type: 'BPE', vocab: { a: 0 }, merges: [] }
  return JSON.stringify({ version: '1.0', added_tokens: [], pre_tokenizer, model })
}

/** @returns the exit code of a command on the same data folder */
function predict(world: World): Promise<number | null> {
  const words = [builtCommand, 'predict', world.model, '--text', 'So', '--json']
  const env = { ...process.env, LAMELLA_DATA: world.data, TMPDIR: world.temporary }
  const command = spawn(process.execPath, words, { env, stdio: 'ignore' })
  return new Promise(resolve => command.on('close', resolve))
}

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

/** Whether a file is what the user saved, not what can be computed again. */
function isSaved(file: string): boolean {
  return /\.json$/.test(file)
}

/** What comes of work under which the ground may be pulled away; null when it failed. */
function mayFail<T>(work: Promise<T>): Promise<T | null> {
  return work.catch(() => null)
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}
