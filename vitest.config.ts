import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Limits are for what never ends: a busy machine may take many times what an idle one does. */
const suite = (name: string, include: string[], testTimeout: number) => ({
  extends: true as const,
  test: { name, include, testTimeout, hookTimeout: 120_000 }
})

/** Where .ci/run wants the counts. */
const report = process.env.LAMELLA_TEST_REPORT

export default defineConfig({
  plugins: [vue()],
  test: {
    maxWorkers: 2,
    expect: { poll: { timeout: 15_000 } },
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      suite('unit', ['test/{common,main,preload,renderer}/**/*.test.ts'], 60_000),
      suite('golden', ['test/golden/**/*.test.ts'], 120_000),
      suite('contract', ['test/contract/**/*.test.ts'], 60_000),
      suite('e2e', ['test/e2e/**/*.test.ts'], 120_000)
    ]
  }
})
