import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lamellaPaths } from '../../../src/main/shell/paths.ts'

const root = join(import.meta.dirname, '../../..')

describe('paths', () => {
  it('run workbench and engine from source when the shell does', () => {
    const paths = lamellaPaths(join(root, 'src/main/shell'), {})
    expect(paths.root).toBe(root)
    expect(paths.engineEntry).toBe(join(root, 'src/main/engine/process.ts'))
    expect(paths.version).toMatch(/^\d+\.\d+\.\d+/)
    for (const path of [
      paths.engineEntry,
      paths.computeEntry,
      paths.workbenchEntry,
      paths.resourcesFolder
    ])
      expect(existsSync(path)).toBe(true)
  })

  it.each(['out/main', 'out/main/chunks'])('run what is built from %s', from => {
    const { engineEntry, workbenchEntry } = lamellaPaths(join(root, from), {})
    expect(engineEntry).toBe(join(root, 'out/main/engine.js'))
    expect(workbenchEntry).toBe(join(root, 'out/main/workbench.js'))
  })

  it('keep data where the system keeps it, or where LAMELLA_DATA says', () => {
    expect(lamellaPaths(root, {}).dataFolder).toMatch(/lamella/)
    expect(lamellaPaths(root, { LAMELLA_DATA: '/d' }).dataFolder).toBe('/d')
  })

  it('name the folder that is not in a project', () => {
    expect(() => lamellaPaths('/', {})).toThrow('/: no package.json of lamella above it')
  })
})
