import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config'

const minute = 60_000

/**
 * Tests that have a worker for themselves: those that put another module in the place of one of the program's, and those that
 * judge how long their thread is held, in which the garbage of other tests would be collected.
 */
const alone = globSync('test/**/*.test.ts', { cwd: import.meta.dirname }).filter(file =>
  /vi\.mock\(|longest(Thread)?Turn/.test(readFileSync(join(import.meta.dirname, file), 'utf8'))
)
const suite = (name: string, include: string[], own: UserWorkspaceConfig['test'] = {}) => ({
  extends: true as const,
  test: { name, include, exclude: alone, ...own }
})

/** Where .ci/run wants the counts. */
const report = process.env.LAMELLA_TEST_REPORT

export default defineConfig({
  plugins: [vue()],
  test: {
    maxWorkers: 2,
    // A worker takes one file after the other: to load the program anew for each takes longer than most tests.
    isolate: false,
    // Most of what a test waits for is processes and threads that start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile') },
    globalSetup: 'test/build.ts',
    // Limits are for what never ends: a busy machine may take many times what an idle one does.
    testTimeout: 10 * minute,
    hookTimeout: 10 * minute,
    expect: { poll: { timeout: 4 * minute } },
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      suite('unit', ['test/{common,main,packaging,preload,renderer}/**/*.test.ts']),
      suite('alone', alone, { exclude: [], isolate: true }),
      suite('golden', ['test/golden/**/*.test.ts']),
      suite('contract', ['test/contract/**/*.test.ts']),
      suite('e2e', ['test/e2e/**/*.test.ts'])
    ]
  }
})
