import type { Command } from 'commander'
import { lastPart } from '#common/text/last-part.ts'
import { pathWord, shellWord } from '#common/text/shell-word.ts'

/**
 * A command as it was typed, for what it writes to say how that is made again. Folders of the machine are not in it.
 * @param words all that was typed
 */
export function typedCommand(
  { args, options }: Pick<Command, 'args' | 'options'>,
  words: readonly string[]
): string {
  const ofPaths = options.flatMap(({ flags, long }) =>
    long !== undefined && /<(file|folder|path)>/.test(flags) ? [long] : []
  )
  const shown = words.map((word, i) => {
    const [, option = '', value = ''] = /^(--[\w-]+)=(.+)$/s.exec(word) ?? []
    if (ofPaths.includes(option)) return shellWord(`${option}=${lastPart(value)}`)
    if (ofPaths.includes(words[i - 1] ?? '')) return shellWord(lastPart(word))
    return args.includes(word) ? pathWord(lastPart(word)) : shellWord(word)
  })
  return `npm run --silent lamella -- ${shown.join(' ')}`
}
