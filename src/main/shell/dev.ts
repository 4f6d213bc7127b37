import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { createServer } from 'vite'
import { electronBinary } from './electron-binary.ts'
import { lamellaPaths, type Paths } from './paths.ts'
import { announce, closeOnSignal, serve } from './serve.ts'
import { hasDisplay } from './serve/open-browser.ts'

/** `npm run dev`: the window reloads as its source changes; the workbench runs from source. */
const paths = lamellaPaths()

if (electronBinary() !== null && hasDisplay()) {
  const electronVite = join(paths.root, 'node_modules/electron-vite/bin/electron-vite.js')
  spawn(process.execPath, [electronVite, 'dev'], { cwd: paths.root, stdio: 'inherit' }).on(
    'exit',
    status => process.exit(status ?? 1)
  )
} else await serveSource(paths)

/** Vite inside the server, so that origin, cookie and sockets are those of the built window. */
async function serveSource(paths: Paths): Promise<void> {
  // Vite hears of the sockets that have passed the server's checks and are not the API's.
  const sockets = new EventEmitter()
  const vite = await createServer({
    root: join(paths.root, 'src/renderer'),
    configFile: false,
    plugins: [vue()],
    appType: 'spa',
    server: {
      middlewareMode: true,
      ws: { server: sockets as unknown as Server },
      fs: { allow: [paths.root] }
    }
  })
  const server = await serve({
    paths,
    files: (request, response, next) => vite.middlewares(request, response, next),
    otherSocket: (request, socket, head) => sockets.emit('upgrade', request, socket, head)
  })
  closeOnSignal({
    ...server,
    close: async () => {
      await vite.close()
      await server.close()
    }
  })
  announce(server, { paths, open: true, print: line => console.log(line) })
}
