import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The same model in PyTorch, by transformers, in a process of its own that sleeps between runs. */
export interface Pytorch {
  readonly version: string
  /** Milliseconds of a run of so many tokens through the blocks, with every hidden state; with attentions, too, where asked. */
  run(tokens: number, attentions: boolean): Promise<number>
  close(): void
}

/**
 * @param python the interpreter, which has torch and transformers
 * @param threads as many as PyTorch takes where it is left out
 */
export async function startPytorch(python: string, threads?: string): Promise<Pytorch> {
  const script = join(import.meta.dirname, 'pytorch_gpt2.py')
  const child = spawn(python, [script, ...(threads === undefined ? [] : [threads])], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(() => [''])
  const line = async () => {
    const [text] = (await Promise.race([once(lines, 'line'), ended])) as [string]
    if (text === '') throw new Error(`${python} has ended`)
    return text
  }
  return {
    version: await line(),
    async run(tokens, attentions) {
      const answer = line()
      child.stdin.write(`${tokens} ${Number(attentions)}\n`)
      return Number(await answer)
    },
    close: () => child.kill()
  }
}
