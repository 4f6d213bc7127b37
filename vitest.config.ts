import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const minute = 60_000
const suite = (name: string, include: string[]) => ({
  extends: true as const,
  test: { name, include }
})

/** Where .ci/run wants the counts. */
const report = process.env.LAMELLA_TEST_REPORT

export default defineConfig({
  plugins: [vue()],
  test: {
    maxWorkers: 2,
    // Most of what a test waits for is processes and threads that start from source.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile') },
    globalSetup: 'test/compile-cache.ts',
    // Limits are for what never ends: a busy machine may take many times what an idle one does.
    testTimeout: 10 * minute,
    hookTimeout: 10 * minute,
    expect: { poll: { timeout: 4 * minute } },
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      suite('unit', ['test/{common,main,packaging,preload,renderer}/**/*.test.ts']),
      suite('golden', ['test/golden/**/*.test.ts']),
      suite('contract', ['test/contract/**/*.test.ts']),
      suite('e2e', ['test/e2e/**/*.test.ts'])
    ]
  }
})
