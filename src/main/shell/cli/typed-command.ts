import type { Command, Option } from 'commander'
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
  const named = (name: string) => options.find(({ short, long }) => name === short || name === long)
  const isOfPath = (option?: Option) => /<(file|folder|path)>/.test(option?.flags ?? '')
  let before: Option | undefined
  const shown = words.map(word => {
    const option = before
    before = undefined
    // What stands behind an option is its value, also where a folder is called the same.
    if (option !== undefined) return shellWord(isOfPath(option) ? lastPart(word) : word)
    const [, name = '', value = ''] = /^(--[\w-]+)=(.+)$/s.exec(word) ?? []
    if (isOfPath(named(name))) return shellWord(`${name}=${lastPart(value)}`)
    const own = named(word)
    if (own?.required) before = own
    return args.includes(word) ? pathWord(lastPart(word)) : shellWord(word)
  })
  return `npm run --silent lamella -- ${shown.join(' ')}`
}
