import type { Client } from '#common/contract/rpc.ts'
import type { Sampling } from '#common/model/sampling.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { modelToRun, runSource, type RunOptions, type Warn } from './commands.ts'
import { printedJson } from './printed-json.ts'

export interface GenerateOptions extends RunOptions {
  readonly max: number
  readonly temperature?: number
  readonly topK?: number
  readonly topP?: number
  readonly seed?: number
  /** Of each step so many candidates are told, in JSON. */
  readonly top: number
  /** Whether it ends with a token that ends texts. */
  readonly stop: boolean
  /** Whether keys and values are kept. */
  readonly cache: boolean
  readonly json?: boolean
}

const ends = {
  length: null,
  end: 'with which this model ends texts; --no-stop goes on',
  special: 'a special token; --no-stop goes on',
  context: 'where the text is as long as the model takes'
} as const

/** Goes on with a text, token by token. */
export async function generate(
  client: Client,
  folder: string,
  options: GenerateOptions,
  warn: Warn
): Promise<string> {
  const { max, top, stop, cache, json } = options
  const model = await modelToRun(client, folder, warn)
  const source = await runSource(model, options)
  const sampling = samplingOf(options)
  const { prompt, continuation, ended, whole, provider } = await client.call('runs.generate', {
    source,
    max,
    sampling,
    top,
    stop,
    cache
  })
  const textOf = (tokens: readonly { readonly text: string }[]) =>
    tokens.map(({ text }) => text).join('')
  const tokens = continuation.map(({ token }) => token)
  const isText = !model.notTokenizable
  if (json)
    return printedJson({
      settings: { max, sampling, stop, edits: source.edits, provider, model: model.name },
      prompt: prompt.map(({ id }) => id),
      text: isText && 'text' in source.input ? source.input.text : null,
      ids: tokens.map(({ id }) => id),
      continuation: isText ? textOf(tokens) : null,
      ended,
      whole,
      steps: continuation.map(({ token, candidates, ...rest }) => ({
        token: token.piece,
        id: token.id,
        ...rest,
        candidates: candidates.map(({ token, ...both }) => ({
          token: token.piece,
          id: token.id,
          ...both
        }))
      }))
    })
  if (whole !== null && cache) warn(`every token took a run of the whole text: ${whole}`)
  const end = ends[ended]
  const last = tokens.at(-1)
  if (end !== null)
    warn(ended === 'context' ? `ends ${end}` : `ends with ${last?.piece} (${last?.id}), ${end}`)
  const all = [...prompt, ...tokens]
  // Line ends are the text's own; all else that a terminal would obey is shown by its code.
  if (isText) return textOf(all).split('\n').map(visibleText).join('\n')
  return all.map(({ id }) => id).join()
}

/** How tokens are drawn; null where nothing says so, and the most probable one is taken each time. */
function samplingOf({ temperature, topK, topP, seed }: GenerateOptions): Sampling | null {
  if ([temperature, topK, topP, seed].every(setting => setting === undefined)) return null
  return { temperature: temperature ?? 1, topK: topK ?? null, topP: topP ?? null, seed: seed ?? 0 }
}
