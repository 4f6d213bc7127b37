import { memoryTransport } from '#common/contract/memory-transport.ts'
import type { MethodName, Params, Result } from '#common/contract/api.ts'
import { connectApi, serveApi, type CallOptions, type Client } from '#common/contract/rpc.ts'
import { createFigureThreads, type FigureThreads } from '../src/main/figure/figure-thread.ts'
import { runCommand } from '../src/main/shell/cli/run.ts'
import type { Workbench } from '../src/main/workbench/workbench.ts'
import { built } from './built.ts'

/** What a command prints and says beside, once it has ended. */
export interface Told {
  readonly status: number
  readonly out: string
  readonly error: string
}

/** The command line over a workbench, in this process. */
export interface CommandLine {
  readonly client: Client
  readonly figures: FigureThreads
  run(...words: readonly string[]): Promise<Told>
  close(): void
}

/** One connection for all commands, which opens each model once, and one thread that draws. */
export function commandLine(workbench: Workbench): CommandLine {
  const { client: end, server, close } = memoryTransport()
  const figures = createFigureThreads(built.figureEntry)
  serveApi(workbench, server)
  const client = openingOnce(connectApi(end))

  async function run(...words: readonly string[]): Promise<Told> {
    let out = ''
    let error = ''
    const line = {
      version: '1.2.3',
      figures,
      print: (text: string) => (out += text),
      printError: (text: string) => (error += text),
      withClient: (use: (client: Client) => Promise<void>) => use(client),
      interrupted: () => new AbortController().signal,
      serve: () => Promise.reject(new Error('not asked for'))
    }
    const status = await runCommand(line, [...words])
    return { status, out, error }
  }

  return { client, figures, run, close }
}

/** A model stays as it was opened first: the process that reads one starts for longer than most commands take. */
function openingOnce(client: Client): Client {
  const opened = new Map<string, Promise<unknown>>()
  return {
    ...client,
    async call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions) {
      if (method !== 'models.open') return client.call(method, params, options)
      const key = JSON.stringify(params)
      const model = opened.get(key) ?? client.call(method, params, options)
      opened.set(key, model)
      return (await model) as Result<M>
    }
  }
}
