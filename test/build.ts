import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { built } from './built.ts'

const run = promisify(execFile)
/** All that the build is made of, but for packages. */
const sources = ['src', 'packaging', 'electron.vite.config.ts', 'package.json']

/**
 * Builds what tests start, where something that it is made of is newer, and compiles it once for all processes and threads:
 * most are ended before they would keep what they compiled. Node holds what is kept against the files.
 */
export default async function setup({ config }: TestProject): Promise<void> {
  const changes = await Promise.all(sources.map(source => lastChange(join(built.root, source))))
  // What is built last.
  const last = await stat(join(built.rendererFolder, 'index.html')).catch(() => null)
  if (last === null || Math.max(...changes) > last.mtimeMs) await build()

  const { readerEntry, engineEntry, computeEntry, traceEntry, keptEntry, ...others } = built
  const { hashEntry, sessionEntry, figureEntry, headVisEntry } = others
  const processes = [readerEntry, engineEntry]
  const kept = [traceEntry, keptEntry, hashEntry, sessionEntry]
  const threads = [computeEntry, ...kept, figureEntry, headVisEntry]
  // All that an entry imports is compiled before it finds that nobody started it.
  const load = `
    const entries = ${JSON.stringify([...processes, ...threads])}
    await Promise.allSettled(entries.map(entry => import(entry)))
    process.exit()`
  // Standard input stays open meanwhile: an engine ends with it.
  await run(process.execPath, ['--input-type=module', '--eval', load], {
    env: { ...process.env, ...config.env }
  })
}

async function build(): Promise<void> {
  const bundler = dirname(createRequire(import.meta.url).resolve('electron-vite/package.json'))
  const words = [join(bundler, 'bin/electron-vite.js'), 'build', '--logLevel', 'warn']
  await run(process.execPath, words, { cwd: built.root })
}

/** When a source was changed last, in ms: a file, or what is in a folder but for what the compiler leaves there. */
async function lastChange(path: string): Promise<number> {
  const own = await stat(path)
  if (!own.isDirectory()) return path.endsWith('.tsbuildinfo') ? 0 : own.mtimeMs
  const inside = (await readdir(path)).map(name => lastChange(join(path, name)))
  return Math.max(0, ...(await Promise.all(inside)))
}
