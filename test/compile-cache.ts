import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { lamellaPaths } from '../src/main/shell/paths.ts'

/**
 * Compiles what the processes and threads of a test run, once for all of them: most are ended before they would keep what
 * they compiled. Node holds what is kept against the sources.
 */
export default async function setup({ config }: TestProject): Promise<void> {
  const { readerEntry, engineEntry, computeEntry, traceEntry, keptEntry, ...others } =
    lamellaPaths()
  const { hashEntry, sessionEntry, figureEntry } = others
  const processes = [readerEntry, engineEntry]
  const threads = [computeEntry, traceEntry, keptEntry, hashEntry, sessionEntry, figureEntry]
  // All that an entry imports is compiled before it finds that nobody started it.
  const load = `
    const entries = ${JSON.stringify([...processes, ...threads])}
    await Promise.allSettled(entries.map(entry => import(entry)))
    process.exit()`
  // Standard input stays open meanwhile: an engine ends with it.
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', load], {
    env: { ...process.env, ...config.env }
  })
}
