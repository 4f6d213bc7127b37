import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { thirdPartyNotices } from './packaging/third-party-notices.ts'

/** What the window is first written in. */
const firstFonts = /(inter|jetbrains-mono)-latin-wght-normal-.*\.woff2$/

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
    plugins: [vue(), notices.write, preload('show-window')]
  }
})

/**
 * Has the page fetch a chunk that its first one imports, and all that needs, together with the first. Fetched alone, it is
 * compiled once the first has run.
 */
function preload(name: string): Plugin {
  return {
    name: 'lamella:preload',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const first = Object.values(bundle).find(output => output.name === name)
        if (first === undefined) return []
        const needed = new Set([first.fileName])
        const sheets = new Set<string>()
        for (const file of needed) {
          const chunk = bundle[file]
          if (chunk?.type !== 'chunk') continue
          for (const other of chunk.imports) needed.add(other)
          for (const sheet of chunk.viteMetadata?.importedCss ?? []) sheets.add(sheet)
        }
        const fonts = Object.keys(bundle).filter(file => firstFonts.test(file))
        const links = (files: Iterable<string>, attrs: Record<string, string>) =>
          [...files]
            .filter(file => !html.includes(file))
            .map(file => ({
              tag: 'link',
              attrs: { ...attrs, crossorigin: true, href: `./${file}` },
              injectTo: 'head' as const
            }))
        return [
          ...links(needed, { rel: 'preload', as: 'script' }),
          ...links(sheets, { rel: 'stylesheet' }),
          ...links(fonts, { rel: 'preload', as: 'font', type: 'font/woff2' })
        ]
      }
    }
  }
}
