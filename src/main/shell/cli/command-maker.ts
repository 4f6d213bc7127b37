import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { FigureMaker } from '#common/figure/made/figure-maker.ts'
import { analysisRun } from './analysis-run.ts'
import { warnOf } from './commands.ts'
import { userPath } from './input.ts'
import type { Told } from './tell-result.ts'

/** Makes figures and numbers for who typed a command: files lie where they meant them, and they are told what there is to say. */
export function commandMaker(
  client: Client,
  { version, printError }: Pick<Told, 'version' | 'printError'>
): FigureMaker {
  return {
    version,
    call: (method, params) => client.call(method, params),
    analysis: ({ of, ...asked }) => {
      const { corpus = null } = of
      const found = corpus && { ...corpus, inputs: corpus.inputs.map(withFile) }
      return analysisRun(client, { ...asked, of: { ...of, corpus: found } }, printError)
    },
    ran: (model, run) => warnOf(model, run, line => printError(`${line}\n`))
  }
}

function withFile(input: CorpusInput): CorpusInput {
  return 'path' in input ? { path: userPath(input.path) } : input
}
