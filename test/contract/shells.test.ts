import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { connectApi } from '#common/contract/rpc.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import { readSafetensors } from '../../src/main/checkpoint/safetensors.ts'
import { namedFile } from '../../src/main/files/folder.ts'
import { openSocket } from './transports.ts'

const root = join(import.meta.dirname, '../..')
const sample = join(root, 'resources/samples/shakespeare-char')
const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-shells-'))
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/** A shell as its user starts it, with what it has said. */
function shell(script: string, words: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, 'out/main', script), ...words], {
    env: { ...process.env, LAMELLA_DATA: dataFolder, INIT_CWD: root, ...environment }
  })
  running.push(child)
  const said = { child, out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  return Object.assign(said, { ended })
}

/** The server of a shell, once it has said where it is. */
async function address(served: ReturnType<typeof shell>): Promise<{ port: number; token: string }> {
  const line = /^Lamella is at http:\/\/127\.0\.0\.1:(\d+)\/\?token=([\w-]{43})$/m
  const early = served.ended.then(code => expect.fail(`It ended with ${code}: ${served.err}`))
  early.catch(() => undefined)
  await Promise.race([early, expect.poll(() => served.out + served.err).toMatch(line)])
  const [, port, token] = line.exec(served.out) ?? []
  return { port: Number(port), token: token ?? '' }
}

/** All that is kept in a folder, as one text. */
function contents(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => {
      try {
        return readFileSync(join(entry.parentPath, entry.name), 'latin1')
      } catch (error) {
        // What a program writes with is gone again.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
        throw error
      }
    })
    .join()
}

describe('the shells, over the real workbench', () => {
  it('cli: info, tokens, predict and trace of the sample', async () => {
    const info = shell('cli.js', ['info', 'resources/samples/shakespeare-char', '--json'])
    expect(await info.ended).toBe(0)
    expect(JSON.parse(info.out)).toMatchObject({ family: 'gpt2', nLayers: 4, dVocab: 65 })

    const tokens = shell('cli.js', ['tokens', sample, '--text', 'So', '--json'])
    expect(await tokens.ended).toBe(0)
    expect(JSON.parse(tokens.out)).toMatchObject([
      { token: 'S', start: 0, end: 1 },
      { token: 'o', start: 1, end: 2 }
    ])

    const predict = shell('cli.js', ['predict', sample, '--text', 'So', '--top', '3', '--json'])
    expect(await predict.ended).toBe(0)
    const rows = JSON.parse(predict.out) as { logit: number; probability: number }[]
    expect(rows).toHaveLength(3)
    expect(rows.map(row => row.logit)).toEqual(rows.map(row => row.logit).sort((a, b) => b - a))

    const file = join(dataFolder, 'trace.safetensors')
    const hooks = 'blocks.*.attn.hook_pattern,blocks.3.hook_resid_post,logits'
    const trace = shell('cli.js', [
      'trace',
      sample,
      '--text',
      'So',
      '--hooks',
      hooks,
      '--out',
      file
    ])
    expect([await trace.ended, trace.err]).toEqual([0, ''])
    const { tensors } = await readSafetensors(await namedFile(file))
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['tokens', [2]],
      ...[0, 1, 2, 3].flatMap(layer => [
        [`blocks.${layer}.attn.hook_pattern`, [4, 2, 2]],
        ...(layer === 3 ? [['blocks.3.hook_resid_post', [2, 128]]] : [])
      ]),
      ['logits', [2, 65]]
    ])
  })

  it('cli: a folder that is none fails in one line', async () => {
    const info = shell('cli.js', ['info', 'no/such'])
    expect(await info.ended).toBe(1)
    expect(info.out).toBe('')
    expect(info.err).toMatch(/\/no\/such: does not exist\n$/)
  })

  it('serve: says where it is, opens the folder, answers, and ends when asked', async () => {
    // As a shell completes it: the window knows the model by the path that it has.
    const served = shell('cli.js', ['serve', 'resources/samples/shakespeare-char/', '--no-open'])
    const { port, token } = await address(served)

    const entry = await fetch(`http://127.0.0.1:${port}/?token=${token}`, { redirect: 'manual' })
    expect(entry.status).toBe(303)
    expect(entry.headers.get('location')).toBe(
      `/?open=${encodeURIComponent(sample)}#token=${token}`
    )
    const cookie = entry.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const window = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })
    expect([window.status, window.headers.get('content-type')]).toEqual([
      200,
      'text/html;charset=utf-8'
    ])

    const client = connectApi(clientSocket(await openSocket({ port, token })))
    expect(await client.call('app.info', {})).toMatchObject({ shell: 'serve' })
    expect(await client.call('models.recent', {})).toMatchObject([{ path: sample }])
    const { path, fingerprint } = await client.call('models.open', { path: sample })
    const run = await client.call('runs.start', {
      source: { model: { path, fingerprint }, input: { text: 'So' } }
    })
    const hook = 'blocks.0.attn.hook_pattern'
    const { shape, data } = await client.call('runs.value', { runId: run.id, hook })
    expect(shape).toEqual([4, 2, 2])
    expect([data[0], data[1]]).toEqual([1, 0])

    // 72: the token is said once, on standard output, and nowhere else.
    expect(served.out).toBe(`Lamella is at http://127.0.0.1:${port}/?token=${token}\n`)
    expect(served.err).toBe('')
    expect(contents(dataFolder)).not.toContain(token)
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${served.child.pid}/cmdline`, 'utf8')).not.toContain(token)

    served.child.kill('SIGINT')
    expect(await served.ended).toBe(0)
  })

  it('serve: a folder without a model, and a port that is taken, fail in one line', async () => {
    const broken = shell('cli.js', ['serve', 'src', '--no-open'])
    expect(await broken.ended).toBe(1)
    expect(broken.out).toBe('')
    expect(broken.err.trimEnd().split('\n')).toHaveLength(1)

    const first = shell('cli.js', ['serve', '--no-open'])
    const { port } = await address(first)
    const second = shell('cli.js', ['serve', '--no-open', '--port', String(port)])
    expect(await second.ended).toBe(1)
    expect(second.err).toMatch(/EADDRINUSE.*\n$/)
  })

  it('start: serves at once when told to, and says why where there is no display', async () => {
    const screenless = { DISPLAY: '', WAYLAND_DISPLAY: '', SSH_CONNECTION: 'a b c d' }
    const told = shell('start.js', [], { ...screenless, LAMELLA_SHELL: 'serve' })
    await address(told)
    expect(told.out.trimEnd().split('\n')).toHaveLength(1)
    const untold = shell('start.js', [], { ...screenless, LAMELLA_SHELL: '' })
    await address(untold)
    expect(untold.out).toMatch(
      /^There is no display here; serving the window to a browser instead\nLamella is at .*\n$/
    )
  })
})
