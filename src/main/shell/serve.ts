import { existsSync } from 'node:fs'
import sirv from 'sirv'
import { LamellaError } from '#common/model/errors.ts'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { type ApiSource, connectApi, serveApi } from '#common/contract/rpc.ts'
import type { Paths } from './paths.ts'
import { hasDisplay, openBrowser } from './serve/open-browser.ts'
import type { FileHandler } from './serve/respond.ts'
import { type RunningServer, type ServerOptions, startServer } from './serve/server.ts'
import { forkedProcesses, startWorkbench } from './workbench.ts'

export interface ServeOptions extends Pick<ServerOptions, 'port' | 'otherSocket'> {
  readonly paths: Paths
  /** A model to open at first; absolute. */
  readonly folder?: string | undefined
  /** The window's files; absent: the built ones. */
  readonly files?: FileHandler | undefined
}

export interface Announcement {
  readonly paths: Paths
  /** Whether to open a browser where there is a display. */
  readonly open: boolean
  readonly print: (line: string) => void
}

/**
 * Serves the workbench to a browser on this machine; who starts it says where (`announce`) once it can be ended.
 * @throws LamellaError when the folder holds no model or the port is taken
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { paths, folder } = options
  const files = options.files ?? builtWindow(paths.rendererFolder)
  const workbench = await startWorkbench(paths, 'serve', forkedProcesses(paths))
  workbench.prepare(folder === undefined)
  try {
    const path = folder === undefined ? undefined : await openFirst(workbench, folder)
    const { port, otherSocket } = options
    const server = await startServer({ source: workbench, files, port, folder: path, otherSocket })
    const close = async () => {
      await server.close()
      await workbench.close()
    }
    return { ...server, close }
  } catch (error) {
    await workbench.close()
    throw error
  }
}

/** Opens a model before there is a window. @returns its path as the window will know it, however it is written */
async function openFirst(workbench: ApiSource, folder: string): Promise<string> {
  const { client, server, close } = memoryTransport()
  serveApi(workbench, server)
  const { path } = await connectApi(client).call('models.open', { path: folder })
  // From now on it is the window's to hold.
  close()
  return path
}

/** Says where a server is, and opens a browser there. */
export function announce({ url }: RunningServer, { paths, open, print }: Announcement): void {
  print(`Lamella is at ${url}`)
  if (open && hasDisplay())
    // The address is printed; a browser that is slow or does not open is no reason to wait or stop.
    void openBrowser(url, paths.dataFolder).catch(() => undefined)
}

/** The window's files, listed once: what is not among them cannot be asked for. */
function builtWindow(folder: string): FileHandler {
  if (!existsSync(folder))
    throw new LamellaError('not-found', `${folder}: not built yet`, 'Run `npm run build`.')
  return sirv(folder, { dev: false })
}

/**
 * Closes a server when the user presses Ctrl+C or the system asks; a second time ends at once. A terminal that goes ends
 * it as the system does, and the engine then ends by itself. That `nohup` asks for the contrary cannot be known: Node
 * forgets it as it starts. `setsid` keeps a server.
 */
export function closeOnSignal(server: RunningServer): void {
  let closing = false
  const close = () => {
    if (closing) process.exit(130)
    closing = true
    void server.close().finally(() => process.exit(0))
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
}
