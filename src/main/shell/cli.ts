import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import { forkEngine } from '../engine/host.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { runCommand } from './cli/run.ts'
import { lamellaPaths } from './paths.ts'
import { closeOnSignal, serve } from './serve.ts'
import { startWorkbench } from './workbench.ts'

/** The command line: `lamella info|tokens|trace|predict|serve`. */
const paths = lamellaPaths()
const print = (text: string) => void process.stdout.write(text)

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await runCommand(
  {
    version: paths.version,
    print,
    printError: text => void process.stderr.write(text),
    interrupted: () => {
      const controller = new AbortController()
      // A second time ends it at once, as the system does.
      process.once('SIGINT', () => cancelWork(controller))
      return controller.signal
    },
    withClient: async use => {
      const workbench = await startWorkbench(paths, 'cli', forkEngine(paths.engineEntry))
      const { client, server, close } = memoryTransport()
      serveApi(workbench, server)
      try {
        await use(connectApi(client))
      } finally {
        close()
        await workbench.close()
      }
    },
    serve: async options => {
      const server = await serve({ ...options, paths, print: line => print(`${line}\n`) })
      closeOnSignal(server)
    }
  },
  process.argv.slice(2)
)
