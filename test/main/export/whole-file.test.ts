import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkWritable, writeWholeFile } from '../../../src/main/export/whole-file.ts'
import { projectRoot } from '../../golden/workbench.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-whole-'))
  path = join(folder, 'out.npz')
})
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = new TextEncoder().encode('new')
const write = (to = path, keep: readonly string[] = []) =>
  writeWholeFile(to, file => file.append(bytes), keep)

describe('a file that is written', () => {
  it('takes the place of what was there, and its rights, and nothing stays beside it', async () => {
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    await write()
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['out.npz'])
  })

  it('has its pieces in their places', async () => {
    const text = (text: string) => new TextEncoder().encode(text)
    await writeWholeFile(path, async file => {
      await file.append(text('abc'))
      await file.writeAt(5, text('f'))
      await file.writeAt(0, text('A'))
      await file.append(text('g'))
    })
    expect(readFileSync(path, 'utf8')).toBe('Abc\0\0fg')
  })

  it('is a name of its own until it is whole', async () => {
    writeFileSync(path, 'old')
    await writeWholeFile(path, async file => {
      await file.append(bytes)
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(readdirSync(folder)).toHaveLength(2)
    })
  })

  it('is written by two at once, and one of them is whole in the end', async () => {
    const long = new Uint8Array(2 ** 20)
    await Promise.all(
      [1, 2].map(value => writeWholeFile(path, file => file.append(long.slice().fill(value))))
    )
    const found = readFileSync(path)
    expect(found.length).toBe(long.length)
    expect(new Set(found).size).toBe(1)
    expect(readdirSync(folder)).toEqual(['out.npz'])
  })

  it('goes when writing fails, and leaves what was there', async () => {
    writeFileSync(path, 'old')
    const failing = writeWholeFile(path, async file => {
      await file.append(bytes)
      throw new TypeError('out of luck')
    })
    await expect(failing).rejects.toMatchObject({
      code: 'file-unwritable',
      message: `${path}: cannot be written (TypeError: out of luck)`
    })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['out.npz'])
  })
})

it('of a name that the system does not take says why, and what to do', async () => {
  const long = join(folder, `${'x'.repeat(300)}.npz`)
  await expect(write(long)).rejects.toMatchObject({
    code: 'file-unwritable',
    message: `${long}: its name is too long for this system`,
    hint: 'Choose a shorter name.'
  })
  expect(readdirSync(folder)).toEqual([])
})

describe('what a file does not take the place of', () => {
  const refused = (work: Promise<void>, message: string) =>
    expect(work).rejects.toMatchObject({ code: 'invalid-argument', message })

  it('is a link, also one that comes while it is written', async () => {
    const target = join(folder, 'target')
    writeFileSync(target, 'old')
    symlinkSync(target, path)
    await refused(write(), `${path}: is a link, which is not written over`)
    rmSync(path)
    const late = writeWholeFile(path, file => {
      symlinkSync(target, path)
      return file.append(bytes)
    })
    await refused(late, `${path}: is a link, which is not written over`)
    expect(readFileSync(target, 'utf8')).toBe('old')
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['out.npz', 'target'])
  })

  it.runIf(process.platform === 'linux')('is a device', async () => {
    // Of its own where it may make one: what is wrong with this code must not cost the machine its /dev/null.
    const own = join(folder, 'device')
    const isOwn = spawnSync('mknod', [own, 'c', '1', '3']).status === 0
    const device = isOwn ? own : '/dev/null'
    await refused(write(device), `${device}: is no regular file, so it is not written over`)
    expect(lstatSync(device).isCharacterDevice()).toBe(true)
  })

  it('is a folder', async () => {
    mkdirSync(path)
    await refused(write(), `${path}: is a folder`)
  })

  it('is a file of a folder that is kept, by whatever name', async () => {
    const model = join(folder, 'model')
    mkdirSync(join(model, 'onnx'), { recursive: true })
    const weights = join(model, 'w.safetensors')
    const below = join(model, 'onnx', 'g.npz')
    const hard = join(folder, 'hard.npz')
    const away = join(folder, 'away.npz')
    for (const file of [weights, below, away]) writeFileSync(file, 'weights')
    linkSync(weights, hard)
    symlinkSync(away, join(model, 'linked.npz'))
    const other = join(folder, 'other')
    symlinkSync(model, other)
    for (const file of [weights, below, hard, away, join(other, 'w.safetensors')]) {
      await refused(write(file, [model]), `${file}: is one of the files in use, of ${model}`)
      await refused(
        checkWritable(file, [other]),
        `${file}: is one of the files in use, of ${other}`
      )
      expect(readFileSync(file, 'utf8')).toBe('weights')
    }
    // What is new may be in it; what lies beside it is another's.
    await write(join(model, 'new.npz'), [model])
    writeFileSync(join(folder, 'model.npz'), 'old')
    await write(join(folder, 'model.npz'), [model])
  })

  it('is the name of a file that is kept and not there yet, by whatever name of its folder', async () => {
    const kept = join(folder, 'settings.json')
    const link = join(folder, 'link')
    symlinkSync(folder, link)
    for (const place of [kept, join(link, 'settings.json')]) {
      await refused(write(place, [kept]), `${place}: is the name of a file in use, ${kept}`)
      expect(existsSync(kept)).toBe(false)
    }
    await write(join(link, 'other.json'), [kept, join(folder, 'none', 'settings.json')])
  })

  it('is a file that is kept', async () => {
    const text = join(folder, 'text.csv')
    writeFileSync(text, 'words')
    writeFileSync(path, 'old')
    await refused(write(text, [text]), `${text}: is one of the files in use, of ${text}`)
    await write(path, [text])
    expect(readFileSync(path, 'utf8')).toBe('new')
  })
})

describe('a folder that is not there', () => {
  it('is named, and not the name that is written to at first', async () => {
    const nowhere = join(folder, 'no')
    await expect(write(join(nowhere, 'x.npz'))).rejects.toMatchObject({
      code: 'not-found',
      message: `${nowhere}: there is no such folder`
    })
    writeFileSync(nowhere, '')
    await expect(write(join(nowhere, 'x.npz'))).rejects.toMatchObject({
      message: `${join(nowhere, 'x.npz')}: ${nowhere} is no folder`
    })
  })
})

describe.runIf(process.platform === 'linux')('what a process leaves half written', () => {
  const module = join(projectRoot, 'src/main/export/whole-file.ts')
  const half = `
    import { writeWholeFile } from ${JSON.stringify(module)}
    await writeWholeFile(process.argv[1], async file => {
      await file.append(new Uint8Array(1000))
      console.log('half')
      await new Promise(resolve => setTimeout(resolve, 60_000))
    })`

  /** A process that is in the middle of a file, once it is. */
  async function writing() {
    const child = spawn(process.execPath, ['--input-type=module', '-e', half, path])
    await new Promise(resolve => child.stdout.once('data', resolve))
    const ended = new Promise(resolve => child.once('exit', resolve))
    return { child, ended }
  }

  it('is swept at the next write into the folder once it is dead, and no sooner', async () => {
    const { child, ended } = await writing()
    const [left] = readdirSync(folder)
    expect(left).toContain(`-${child.pid}-`)
    await write(join(folder, 'other.npz'))
    expect(readdirSync(folder).sort()).toEqual([left, 'other.npz'])
    child.kill('SIGKILL')
    await ended
    expect(existsSync(join(folder, left!))).toBe(true)
    // Nothing else of such a name is touched.
    mkdirSync(join(folder, left!.replace(/\w+\.part$/, '000000000000.part')))
    await write(join(folder, 'other.npz'))
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringContaining('000000000000'),
      'other.npz'
    ])
  })

  it('goes with a process that ends itself', async () => {
    const ending = half.replace("console.log('half')", 'process.exit(7)')
    const child = spawn(process.execPath, ['--input-type=module', '-e', ending, path])
    expect(await new Promise(resolve => child.once('exit', resolve))).toBe(7)
    expect(readdirSync(folder)).toEqual([])
  })
})
