import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config'

const minute = 60_000
const suite = (name: string, include: string[], own: UserWorkspaceConfig['test'] = {}) => ({
  extends: true as const,
  test: { name, include, ...own }
})
/** One worker takes files one after the other: to load the program anew for each takes longer than most tests. */
const shared = { isolate: false }

/** Where .ci/run wants the counts. */
const report = process.env.LAMELLA_TEST_REPORT

export default defineConfig({
  plugins: [vue()],
  test: {
    maxWorkers: 2,
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
      suite('unit', ['test/{common,renderer}/**/*.test.ts'], shared),
      suite('main', ['test/{main,packaging}/**/*.test.ts']),
      suite('golden', ['test/golden/**/*.test.ts']),
      suite('contract', ['test/contract/**/*.test.ts']),
      suite('e2e', ['test/e2e/**/*.test.ts'])
    ]
  }
})
