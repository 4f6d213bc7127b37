import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { listDirectory } from '../../../src/main/workbench/directory.ts'

let folder: string
const signal = new AbortController().signal

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-files-'))
  for (const name of ['b10', 'b2', 'model']) mkdirSync(join(folder, name))
  mkdirSync(join(folder, '.hidden'))
  writeFileSync(join(folder, 'model', 'config.json'), '{}')
  for (const name of [
    'weights.safetensors',
    'graph.onnx',
    'old.pth',
    'notes.txt',
    'tokenizer.json'
  ])
    writeFileSync(join(folder, name), '')
  symlinkSync(folder, join(folder, 'b2', 'loop'))
  symlinkSync(join(folder, 'gone'), join(folder, 'dangling'))
})

describe('listDirectory', () => {
  it('lists folders by number and name, then files that can be opened', async () => {
    const { entries, parent, truncated } = await listDirectory(folder, '/samples', signal)
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['b2', 'folder'],
      ['b10', 'folder'],
      ['model', 'model'],
      ['graph.onnx', 'model'],
      ['old.pth', 'model'],
      ['weights.safetensors', 'model']
    ])
    expect(parent).toBe(tmpdir())
    expect(truncated).toBe(false)
  })

  it('offers places, and has no parent at the root', async () => {
    const { places, parent } = await listDirectory('/', '/samples', signal)
    expect(parent).toBeNull()
    expect(places.map(({ name }) => name)).toEqual(['Home', 'Samples', 'Computer'])
  })

  it('says what cannot be listed', async () => {
    const missing = join(folder, 'missing')
    await expect(listDirectory(missing, '/', signal)).rejects.toThrow(`${missing}: no such folder`)
    const file = join(folder, 'notes.txt')
    await expect(listDirectory(file, '/', signal)).rejects.toThrow(`${file}: is a file`)
  })
})
