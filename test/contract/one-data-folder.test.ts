import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Client, connectApi } from '#common/contract/rpc.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import { addressOf } from '../e2e/served-window.ts'
import { cpuSource, hebrew, shakespeare, startWorkbench, uncancelled } from '../golden/workbench.ts'
import { openSocket } from './transports.ts'
import { builtCommand } from '../built.ts'

/** Where all programs keep their data, beside their home and temporary folder. */
let root: string
let servers: ChildProcess[]
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-one-folder-'))
  servers = []
})
afterEach(async () => {
  for (const server of servers) server.kill('SIGKILL')
  await Promise.all(servers.map(endOf))
  rmSync(root, { recursive: true })
})

const texts = ['So', 'First Citizen:', 'ROMEO: I']
const hook = 'blocks.2.attn.hook_pattern'

it('two servers and eight commands at once on one data folder do all they are asked, and lose nothing', async () => {
  const windows = await Promise.all([openWindow(), openWindow()])
  let isBusy = true
  const busy = () => isBusy
  let isUsed = true
  const saved = readSaves(() => isUsed)
  const using = windows.map((window, i) => useWindow(window, i, busy))
  const commands = await Promise.all(Array.from({ length: 8 }, (_, i) => command(i)))
  isBusy = false
  const [one, other] = await Promise.all(using).finally(() => (isUsed = false))

  const failed = commands.filter(({ code, complaints }) => code !== 0 || complaints.length > 0)
  expect(failed).toEqual([])
  // Asked for twice, each says the same.
  const told = Map.groupBy(commands, ({ words }) => words)
  expect(told.size).toBe(4)
  for (const [, equal] of told) expect(new Set(equal.map(({ said }) => said)).size).toBe(1)

  const saves = await saved
  expect(saves.filter(save => !isWhole(save))).toEqual([])
  expect(new Set(saves.map(save => JSON.stringify(save))).size).toBeGreaterThan(2)
  for (const { loaded } of [one!, other!]) expect(loaded.filter(save => !isWhole(save))).toEqual([])
  expect(one!.values).toEqual(other!.values)

  // Each still answers, and knows what the other has saved and opened.
  const last = await Promise.all(windows.map(client => client.call('workspace.load', {})))
  expect(last[0]).toEqual(last[1])
  for (const client of windows) {
    const recent = await client.call('models.recent', {})
    expect(recent.map(({ path }) => path).toSorted()).toEqual([hebrew, shakespeare].toSorted())
  }
  for (const server of servers) server.kill('SIGTERM')
  await Promise.all(servers.map(endOf))

  // Nobody took what another was writing for damaged, and nothing is half written.
  const left = readdirSync(join(root, 'data'), { recursive: true, encoding: 'utf8' })
  expect(left.filter(name => /\.(new|tmp|turn)$|trace\.\d/.test(name))).toEqual([])
  expect(await cachedValues()).toEqual(one!.values)
})

/** What a window saves: told by its parts whether it is whole. */
interface Save {
  readonly window: number
  readonly number: number
  readonly filling: string
}

const saveOf = (window: number, number: number): Save => ({
  window,
  number,
  filling: `${window}.${number} `.repeat(2000)
})

function isWhole(save: unknown): boolean {
  const { window, number, filling } = save as Save
  return filling === saveOf(window, number).filling
}

async function openWindow(): Promise<Client> {
  const server = start(['serve', '--no-open'])
  servers.push(server)
  const url = new URL(await addressOf(server))
  const own = { port: Number(url.port), token: url.searchParams.get('token')! }
  return connectApi(clientSocket(await openSocket(own)))
}

/** Opens models, saves, loads and runs texts; tells what it loaded and the values of each text. */
async function useWindow(
  client: Client,
  window: number,
  isBusy: () => boolean
): Promise<{ loaded: unknown[]; values: Record<string, number[]> }> {
  const loaded: unknown[] = []
  const values: Record<string, number[]> = {}
  const paths = window === 0 ? [hebrew, shakespeare] : [shakespeare]
  const models = await Promise.all(paths.map(path => client.call('models.open', { path })))
  for (let number = 0; isBusy() || number < texts.length; number++) {
    await client.call('workspace.save', { state: JSON.stringify(saveOf(window, number)) })
    loaded.push(await client.call('workspace.load', {}))
    const text = texts[number % texts.length]!
    const source = cpuSource(models.at(-1)!, { text })
    const { id: runId } = await client.call('runs.start', { source })
    values[text] = [...(await client.call('runs.value', { runId, hook })).data]
  }
  return { loaded, values }
}

/** Reads what is saved again and again, as a program that starts does. */
async function readSaves(isUsed: () => boolean): Promise<unknown[]> {
  const saves: unknown[] = []
  while (isUsed()) {
    const text = await readFile(join(root, 'data/workspace.json'), 'utf8').catch(() => null)
    if (text !== null) saves.push(JSON.parse(text))
    await delay(20)
  }
  return saves
}

/** The values of each text as a program finds them that starts afterwards; it runs none of them. */
async function cachedValues(): Promise<Record<string, number[]>> {
  const workbench = await startWorkbench({}, join(root, 'data'))
  const { handlers } = workbench
  const values: Record<string, number[]> = {}
  try {
    const model = await handlers['models.open']({ path: shakespeare }, uncancelled())
    for (const text of texts) {
      const source = cpuSource(model, { text })
      const { id: runId, milliseconds } = await handlers['runs.start']({ source }, uncancelled())
      expect(milliseconds).toBe(0)
      const asked = { runId, hook, exact: false }
      values[text] = [...(await handlers['runs.value'](asked, uncancelled())).data]
    }
  } finally {
    await workbench.close()
  }
  return values
}

/** What a command says of how far it has come. */
const isProgress = /^$|^Trying the providers$|^Computing head scores$| \(\d+ %\)$/

/** A command whose result is kept, or for which values are; the second four ask for what the first did. */
async function command(number: number) {
  const kind = number % 2 === 0 ? ['predict'] : ['analyse', 'head-scores']
  const words = [...kind, shakespeare, '--text', texts[(number % 4) >> 1]!, '--json']
  const child = start(words)
  let [said, complaint] = ['', '']
  child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr!.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const code = await endOf(child)
  const complaints = complaint.split('\n').filter(line => !isProgress.test(line))
  return { code, complaints, words: words.join(' '), said: code === 0 ? said : '' }
}

function start(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [builtCommand, ...words], {
    env: { ...process.env, LAMELLA_DATA: join(root, 'data'), TMPDIR: root, HOME: root }
  })
}

/** @returns its exit code; null where a signal ended it */
async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise(resolve => child.once('close', resolve))
  return child.exitCode
}
