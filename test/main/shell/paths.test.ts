import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
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
      paths.traceEntry,
      paths.keptEntry,
      paths.hashEntry,
      paths.sessionEntry,
      paths.figureEntry,
      paths.headVisEntry,
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

  it('take what other processes read from beside the archive of an installed program', async () => {
    const resources = await mkdtemp(join(tmpdir(), 'lamella-paths-'))
    const archive = join(resources, 'app.asar')
    await cp(join(root, 'package.json'), join(archive, 'package.json'))
    const paths = lamellaPaths(join(archive, 'out/main'), {})
    const { workbenchEntry, preload, rendererFolder, engineEntry, resourcesFolder } = paths
    const inside = [workbenchEntry, preload, rendererFolder]
    expect(inside.every(path => path.startsWith(join(archive, 'out')))).toBe(true)
    expect(engineEntry).toBe(join(resources, 'app.asar.unpacked/out/main/engine.js'))
    expect(resourcesFolder).toBe(join(resources, 'app.asar.unpacked/resources'))
  })

  it('keep data where the system keeps it, or where LAMELLA_DATA says', () => {
    expect(lamellaPaths(root, {}).dataFolder).toMatch(/lamella/)
    expect(lamellaPaths(root, { LAMELLA_DATA: '/d' }).dataFolder).toBe('/d')
  })

  it.each(['', 'here'])('keep no data where the program was started, with HOME %j', async HOME => {
    const started = await mkdtemp(join(tmpdir(), 'lamella-started-'))
    const module = pathToFileURL(join(root, 'src/main/shell/paths.ts')).href
    const script = `import(${JSON.stringify(module)}).then(m => console.log(m.lamellaPaths().dataFolder))`
    const env = { ...process.env, HOME, XDG_DATA_HOME: '', LAMELLA_DATA: '' }
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      cwd: started,
      env
    })
    const folder = stdout.trim()
    expect(folder.startsWith(userInfo().homedir)).toBe(true)
    expect(folder).toMatch(/lamella/)
  })

  it('name the folder that is not in a project', () => {
    expect(() => lamellaPaths('/', {})).toThrow('/: no package.json of lamella above it')
  })
})
