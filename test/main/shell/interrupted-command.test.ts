import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot, shakespeare } from '../../golden/workbench.ts'
import { builtCommand } from '../../built.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-interrupted-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A command, with a data folder of its own and a folder `out` for what it writes. */
function started(...words: string[]) {
  const child = spawn(process.execPath, [builtCommand, ...words], {
    cwd: root,
    env: { ...process.env, INIT_CWD: root, LAMELLA_DATA: join(root, 'data'), TMPDIR: root }
  })
  let err = ''
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  const ended = new Promise<{ status: number | null; err: string }>(resolve =>
    child.once('close', status => resolve({ status, err }))
  )
  return { child, ended }
}

const partial = () => readdirSync(root).filter(name => name.endsWith('.part'))
const text = 'To be, or not to be, that is the question. '.repeat(4)
const trace = [
  ...['trace', shakespeare, '--text', text],
  ...['--hooks', '*', '--out', 'o.safetensors']
]

describe.runIf(process.platform === 'linux')('a command that is in the middle of a file', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129]
  ] as const)('ends at %s with status %i and leaves nothing', async (signal, expected) => {
    const { child, ended } = started(...trace)
    await expect.poll(partial, { interval: 2 }).toHaveLength(1)
    child.kill(signal)
    const { status, err } = await ended
    expect(status, err).toBe(expected)
    expect(err).toBe('Cancelled\n')
    expect(readdirSync(root)).toEqual(['data'])
  })

  it('leaves at most its part when it is killed, which the next one into that folder removes', async () => {
    const { child, ended } = started(...trace)
    await expect.poll(partial, { interval: 2 }).toHaveLength(1)
    child.kill('SIGKILL')
    await ended
    expect(partial()).toHaveLength(1)
    const next = await started(...trace).ended
    expect(next).toMatchObject({ status: 0 })
    expect(readdirSync(root).sort()).toEqual(['data', 'o.safetensors'])
  })
})

describe.runIf(process.platform === 'linux')('a command that computes a session anew', () => {
  const anew = () => readdirSync(root).filter(name => name.startsWith('lamella-anew-'))
  const rerun = ['session', join(projectRoot, 'resources/example.lamella'), '--rerun']

  it('that is told twice to end leaves nothing', async () => {
    const { child, ended } = started(...rerun)
    await expect.poll(anew, { interval: 2 }).toHaveLength(1)
    child.kill('SIGINT')
    child.kill('SIGINT')
    await ended
    expect(anew()).toEqual([])
  })

  it('leaves what it computed when it is killed, which the next command removes', async () => {
    const { child, ended } = started(...rerun)
    await expect.poll(anew, { interval: 2 }).toHaveLength(1)
    child.kill('SIGKILL')
    await ended
    expect(anew()).toHaveLength(1)
    expect(await started('info', shakespeare).ended).toMatchObject({ status: 0 })
    expect(anew()).toEqual([])
  })
})

describe('a command that would write over its model', () => {
  it.each(['trace', 'gradient', 'analyse'])(
    '%s: is refused before anything is computed',
    async name => {
      const model = join(root, 'model')
      cpSync(shakespeare, model, { recursive: true })
      const file = join(model, 'model.safetensors')
      const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex')
      const before = hash()
      const words = {
        trace: ['trace', model, '--hooks', 'logits'],
        gradient: ['gradient', model, '--loss'],
        analyse: ['analyse', 'head-scores', file]
      }[name]!
      const { status, err } = await started(...words, '--text', 'ab', '--out', file).ended
      expect(status).toBe(1)
      expect(err).toBe(`${file}: is one of the files in use, of ${model} (Choose another name.)\n`)
      expect(hash()).toBe(before)
      expect(partial()).toEqual([])
    }
  )

  it.each([
    ['analyse', 'head-scores', 'added_tokens.json'],
    ['trace', '--hooks=logits', 'pytorch_model.safetensors']
  ])('%s %s: is refused as what that is read by from then on: %s', async (name, word, file) => {
    const model = join(root, 'model')
    cpSync(shakespeare, model, { recursive: true })
    if (name === 'trace') renameSync(join(model, 'model.safetensors'), join(model, 'm.safetensors'))
    const before = readdirSync(model)
    const out = join(model, file)
    const words = name === 'trace' ? [name, model, word] : [name, word, model]
    const { status, err } = await started(...words, '--text', 'ab', '--out', out).ended
    const why = 'the model in that folder would be read by a file of this name, too'
    expect(err).toBe(`${out}: ${why} (Choose another name or folder.)\n`)
    expect(status).toBe(1)
    expect(readdirSync(model)).toEqual(before)
  })
})

describe('a command that would write over what Lamella keeps', () => {
  const data = (...path: string[]) => join(root, 'data', ...path)
  beforeEach(() => mkdirSync(data('analyses'), { recursive: true }))

  it.each([
    ['settings.json'],
    ['trace.sqlite'],
    ['trace.3.sqlite'],
    ['analyses', 'kept.dataset'],
    ['..', 'linked.npz']
  ])('is refused before anything is computed: %s %s', async (...path) => {
    writeFileSync(data('recent.json'), '[]')
    linkSync(data('recent.json'), join(root, 'linked.npz'))
    const out = data(...path)
    if (!out.endsWith('npz')) writeFileSync(out, '{"memoryBudgetBytes":null}')
    const before = readFileSync(out)
    const words = out.endsWith('npz')
      ? ['analyse', 'head-scores', shakespeare]
      : ['trace', shakespeare, '--hooks', 'logits']
    const { status, err } = await started(...words, '--text', 'ab', '--out', out).ended
    expect(status).toBe(1)
    expect(err).toMatch(/^.*: is one of the files in use, of .*data.* \(Choose another name\.\)\n$/)
    expect(readFileSync(out).equals(before)).toBe(true)
  })

  it('is refused where the file has not come yet', async () => {
    // It is there once a model was opened.
    const words = ['analyse', 'head-scores', shakespeare, '--text', text]
    const { status, err } = await started(...words, '--out', data('recent.json')).ended
    expect(status).toBe(1)
    expect(err).toContain('recent.json: is the name of a file in use')
    expect(readdirSync(data()).filter(name => name.endsWith('.part'))).toEqual([])
  })
})
