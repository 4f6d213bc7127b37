import { tmpdir } from 'node:os'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { aWeek, sweepLeft } from '../files/left-behind.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { createFigureThreads } from '../figure/figure-thread.ts'
import { runCommand } from './cli/run.ts'
import { lamellaPaths } from './paths.ts'
import { announce, closeOnSignal, serve } from './serve.ts'
import { forkedProcesses, startWorkbench } from './workbench.ts'

/** The command line; `cli/program.ts` says which commands there are. */
const paths = lamellaPaths()
const print = (text: string) => void process.stdout.write(text)

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', () => process.exit(0))

/** The status of a process that a signal ended. */
const endings = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** How long what is under way may take to end, in ms. */
const patience = 3000

/** Where a command that uses nothing that was computed before keeps what it computes. */
const anewFolder = { prefix: 'lamella-anew-', suffix: '', longestRest: aWeek }

let ending: number | null = null

const status = await runCommand(
  {
    version: paths.version,
    figures: createFigureThreads(paths.figureEntry),
    print,
    printError: text => void process.stderr.write(text),
    interrupted: () => {
      const controller = new AbortController()
      for (const [signal, status] of Object.entries(endings))
        process.on(signal, () => {
          // A second time ends it at once. What is half written goes as the process does.
          if (ending !== null) process.exit(status)
          ending = status
          setTimeout(() => process.exit(status), patience).unref()
          cancelWork(controller)
        })
      return controller.signal
    },
    withClient: async (use, anew = false) => {
      void sweepLeft(tmpdir(), anewFolder)
      const computed = anew ? temporaryFolder(anewFolder) : null
      const workbench = await startWorkbench(
        paths,
        'cli',
        forkedProcesses(paths),
        computed === null ? {} : { computedFolder: computed.path }
      )
      const { client, server, close } = memoryTransport()
      serveApi(workbench, server)
      const connected = connectApi(client)
      const told = new Set<string>()
      connected.on('status', ({ notice }) => {
        for (const line of notice?.split('\n') ?? []) {
          if (!told.has(line)) process.stderr.write(`${line}\n`)
          told.add(line)
        }
      })
      try {
        await use(connected)
      } finally {
        // What it stores at its end may be what the disk does not take.
        await workbench.close()
        close()
        computed?.remove()
      }
    },
    serve: async options => {
      const server = await serve({ ...options, paths })
      closeOnSignal(server)
      announce(server, { ...options, paths, print: line => print(`${line}\n`) })
    }
  },
  process.argv.slice(2)
)
process.exitCode = ending ?? status
