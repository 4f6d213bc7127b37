import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import type { Target } from '../case.ts'

const faults: Readonly<Record<string, (folder: string) => unknown>> = {
  refused: () => {
    throw new LamellaError('file-invalid', 'x: as it should be')
  },
  untyped: () => {
    throw new TypeError('planted')
  },
  unhandled: () => {
    void Promise.reject(new Error('planted and left alone'))
    return new Promise(resolve => setTimeout(resolve, 10))
  },
  outside: folder => readFile(join(folder, 'link'), 'utf8').catch(() => undefined),
  memory: () => new Uint8Array(300 * 2 ** 20).fill(1).length,
  program: () => execFileSync('true'),
  crash: () => process.abort(),
  hang: () => {
    for (;;);
  },
  // Longer than its test lets it take at first.
  slow: () => new Promise(resolve => setTimeout(resolve, 2000))
}
const names = Object.keys(faults)

/** Does all that must be found, so that fuzzing itself can be tested. */
export const planted: Target = {
  make: random => ({
    files: { fault: random.pick(names) },
    links: { link: '../outside/secret.json' },
    open: ''
  }),
  async read(folder) {
    await faults[await readFile(join(folder, 'fault'), 'utf8')]!(folder)
  }
}
