import { renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { namedFile } from '../../../src/main/files/folder.ts'
import { ownContent, wholeContent } from '../../../src/main/files/whole-content.ts'
import { outcome, temporaryFolder } from '../checkpoint/temporary.ts'

describe('all of a file', () => {
  const read = async (path: string, limit = 100) =>
    outcome(namedFile(path).then(place => wholeContent(place, limit).then(String)))

  it('is what it holds, up to a limit', async () => {
    const file = join(await temporaryFolder(), 'words.txt')
    writeFileSync(file, 'one two')
    expect(await read(file, 7)).toBe('one two')
    expect(await read(file, 6)).toBe(
      'file-invalid: words.txt: 7 bytes exceed the limit of 6 for such a file'
    )
    writeFileSync(file, '')
    expect(await read(file)).toBe('')
  })

  it.runIf(process.platform === 'linux').each([
    ['/proc/cpuinfo', 'cpuinfo: has no size, but holds something: it is no file on a disk'],
    ['/proc/self/environ', 'environ: has no size, but holds something: it is no file on a disk'],
    ['/dev/zero', 'zero: is a device, not a file'],
    ['/proc/self', 'self: is a folder, not a file']
  ])('is not had of %s', async (path, message) => {
    expect(await read(path)).toBe(`file-invalid: ${message}`)
  })
})

describe('all of a file of the program', () => {
  it('is what it holds, by a link too, up to a limit', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'words.json')
    writeFileSync(file, '["one"]')
    symlinkSync('words.json', join(folder, 'link'))
    expect(String(await ownContent(join(folder, 'link'), 7))).toBe('["one"]')
    expect(await outcome(ownContent(file, 6))).toBe(
      'file-invalid: words.json: 7 bytes exceed the limit of 6 for such a file'
    )
  })

  it('is had whole while others replace it', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'words.json')
    const contents = ['a', 'b'].map(letter => letter.repeat(100_000))
    writeFileSync(file, contents[0]!)
    for (let turn = 0; turn < 50; turn++) {
      const beside = join(folder, 'beside')
      writeFileSync(beside, contents[turn % 2]!)
      const reading = ownContent(file, 1e6).then(String)
      setImmediate(() => renameSync(beside, file))
      expect(contents.includes(await reading)).toBe(true)
    }
  })
})
