import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { thirdPartyNotices } from './packaging/third-party-notices.ts'

const notices = thirdPartyNotices(import.meta.dirname)

export default defineConfig({
  main: {
    plugins: [notices.gather],
    build: {
      rollupOptions: {
        input: {
          start: 'src/main/shell/start.ts',
          desktop: 'src/main/shell/desktop.ts',
          cli: 'src/main/shell/cli.ts',
          workbench: 'src/main/shell/desktop/workbench-process.ts',
          engine: 'src/main/engine/process.ts',
          reader: 'src/main/reader/process.ts',
          compute: 'src/main/compute/worker.ts',
          trace: 'src/main/trace/worker.ts',
          kept: 'src/main/workbench/analysis/kept-worker.ts',
          session: 'src/main/session/worker.ts',
          hash: 'src/main/workbench/model/hash-worker.ts',
          figure: 'src/main/figure/worker.ts',
          headvis: 'src/main/headvis/worker.ts',
          watch: 'src/main/process/watch-thread.ts'
        }
      }
    }
  },
  preload: {
    // A sandboxed preload must be CommonJS although main is ESM.
    build: { rollupOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } } }
  },
  renderer: {
    // The page's start waits for its code.
    build: { minify: 'oxc', chunkSizeWarningLimit: 4000 },
    plugins: [vue(), notices.write]
  }
})
