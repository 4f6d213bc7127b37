import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { processMark } from '../../../src/main/files/process-mark.ts'
import { createFigureThreads } from '../../../src/main/figure/figure-thread.ts'
import { runCommand } from '../../../src/main/shell/cli/run.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from '../../golden/compare.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { built } from '../../built.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-harvest-'))
const text = join(folder, 'text.txt')
writeFileSync(text, 'To be, or not to be, that is the question:\n'.repeat(3))

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(async () => {
  await workbench.close()
  rmSync(folder, { recursive: true })
})

/** @param until ends it once this is said */
async function harvest(
  out: string,
  {
    hooks = 'blocks.1.attn.hook_k,blocks.*.hook_resid_pre',
    window = '30',
    until = '',
    read = ['--text-file', text]
  } = {}
) {
  let err = ''
  let said = ''
  const controller = new AbortController()
  const status = await runCommand(
    {
      version: '1.2.3',
      figures: createFigureThreads(built.figureEntry),
      print: text => void (said += text),
      printError(text) {
        err += text
        if (until !== '' && text.includes(until)) cancelWork(controller)
      },
      interrupted: () => controller.signal,
      withClient: async use => {
        const { client, server, close } = memoryTransport()
        serveApi(workbench, server)
        await use(connectApi(client)).finally(close)
      },
      serve: () => Promise.reject(new Error('not asked for'))
    },
    [
      ...['harvest', shakespeare, ...read, '--provider', 'cpu'],
      ...['--hooks', hooks, '--window', window, '--out', join(folder, out)]
    ]
  )
  return { status, err, said }
}

const files = (out: string) => readdirSync(join(folder, out)).sort()
const bytes = (out: string) => files(out).map(name => readFileSync(join(folder, out, name)))

describe('harvest', () => {
  it('writes what a run computes, and goes on where it was ended, byte for byte', async () => {
    expect((await harvest('whole')).status).toBe(0)
    const windows = files('whole').filter(name => name.endsWith('.safetensors'))
    expect(windows).toHaveLength(5)

    const { tensors, ids } = await (async () => {
      const tensors = await readGolden(join(folder, 'whole', windows[1]!))
      return { tensors, ids: [...(await tensors.read('id'))] }
    })()
    expect(ids).toHaveLength(30)
    const model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
    const source = cpuSource(model, { ids })
    const { id: runId } = await workbench.handlers['runs.start']({ source }, uncancelled())
    for (const hook of [
      'blocks.0.hook_resid_pre',
      'blocks.2.hook_resid_pre',
      'blocks.1.attn.hook_k'
    ]) {
      const value = await workbench.handlers['runs.value'](
        { runId, hook, exact: true },
        uncancelled()
      )
      expect(tensors.shape(hook)).toEqual(value.shape)
      expectClose(await tensors.read(hook), value.data, 1e-5, hook)
    }

    const ended = await harvest('parts', { until: '(3 of 5)' })
    expect(ended.status).not.toBe(0)
    expect(files('parts').length).toBeLessThan(files('whole').length)
    expect((await harvest('parts')).status).toBe(0)
    expect(files('parts')).toEqual(files('whole'))
    bytes('parts').forEach((own, i) => expect(own.equals(bytes('whole')[i]!)).toBe(true))
  })

  it.each<[string, (path: string, other: string) => void]>([
    ['a truncated file', path => truncateSync(path, 2000)],
    ['an empty file', path => truncateSync(path, 0)],
    ['another window', (path, other) => copyFileSync(other, path)],
    [
      'a link',
      (path, other) => {
        rmSync(path)
        symlinkSync(other, path)
      }
    ],
    [
      'a folder',
      path => {
        rmSync(path)
        mkdirSync(path)
      }
    ]
  ])('does not take %s for a window that it wrote', async (_, spoil) => {
    const out = mkdtempSync(join(folder, 'spoilt-'))
    cpSync(join(folder, 'whole'), out, { recursive: true })
    const path = join(out, 'window-000001.safetensors')
    const before = readFileSync(path)
    spoil(path, join(out, 'window-000002.safetensors'))
    const again = await harvest(basename(out))
    expect(again.status).not.toBe(0)
    expect(again.err).toMatch(/window-000001.*is not what this harvest writes there/)
    rmSync(path, { recursive: true })
    expect((await harvest(basename(out))).status).toBe(0)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('does not mix harvests, nor write over what is there', async () => {
    const other = await harvest('whole', { window: '20' })
    expect(other.status).not.toBe(0)
    expect(other.err).toMatch(/another harvest/)
    writeFileSync(join(folder, 'whole', 'harvest.json'), '{}')
    expect((await harvest('whole')).err).toMatch(/another harvest/)
    expect((await harvest('.')).err).toMatch(/something is in that folder/)
  })

  it('begins where a killed one had begun to say what it is of', async () => {
    const out = mkdtempSync(join(folder, 'begun-'))
    const [, , world] = processMark().split('-')
    writeFileSync(join(out, `.lamella-4194305-1-${world}-0123456789abcdef.part`), '{')
    expect(await harvest(basename(out))).toMatchObject({ status: 0 })
    expect(files(basename(out))).toHaveLength(6)
  })

  it.each([
    ['blocks.9.hook_resid_pre', /matches no hook/],
    ['', /--hooks: the name of a hook is empty/],
    ['hook_embed', /not within a block/],
    ['logits', /not within a block/]
  ])('%s is refused, and leaves nothing', async (hooks, message) => {
    expect((await harvest('none', { hooks })).err).toMatch(message)
    expect(files('.')).not.toContain('none')
    expect((await harvest('outer/inner/none', { hooks })).err).toMatch(message)
    expect(files('.')).not.toContain('outer')
  })

  it('does not write beside a file of somebody else', async () => {
    const out = mkdtempSync(join(folder, 'one-'))
    writeFileSync(join(out, 'notes.txt'), 'mine')
    expect((await harvest(basename(out))).err).toMatch(/something is in that folder/)
    expect(files(basename(out))).toEqual(['notes.txt'])
  })

  it('is of texts and token ids, too, and counts one of each as one', async () => {
    const read = ['--text', 'To be', '--tokens', '5,17,3']
    const two = await harvest('two', { read, hooks: 'blocks.1.hook_resid_pre' })
    expect(two).toMatchObject({ status: 0 })
    expect(two.said).toMatch(/: 2 windows of 1 hook\n$/)
    const tensors = await readGolden(join(folder, 'two', 'window-000001.safetensors'))
    expect([...(await tensors.read('id'))]).toEqual([5, 17, 3])
    expect((await harvest('edited', { read: [...read, '--edit', '{}'] })).status).toBe(2)
  })
})
