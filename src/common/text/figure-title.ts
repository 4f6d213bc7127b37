import { bytesOf, upToBytes } from './text-bytes.ts'

/** Between the parts of a title, of which the last says what kind of thing it is. */
const between = ' · '

/** What is shown with the name of its model, once: what tells it from another model's begins with that. */
export function namedOf(model: string, what: string): string {
  return what.startsWith(`${model}${between}`) ? what : `${model}${between}${what}`
}

/** The title of what one of two sides is saved as, with all that tells it from the other. @param name what that is */
export function titleOfSide(title: string, name: string): string {
  const parts = title.split(between)
  const told = name.split(between).filter(part => !parts.includes(part))
  return [...parts.slice(0, -1), ...told, ...parts.slice(-1)].join(between)
}

/** The title of two sides together: what both are called, with what tells them apart in place of what only one is. */
export function titleOfBoth(one: string, other: string, names: readonly [string, string]): string {
  const [own, second] = [one, other].map(title => title.split(between)) as [string[], string[]]
  const shorter = Math.min(own.length, second.length)
  let back = 0
  while (back < shorter && own.at(-1 - back) === second.at(-1 - back)) back++
  let front = 0
  while (front < shorter - Math.max(back, 1) && own[front] === second[front]) front++
  // Those of one title stand before its kind.
  if (back === own.length) [front, back] = [own.length - 1, 1]
  const ends = [own.slice(0, front), own.slice(own.length - back)] as const
  return [...ends[0], names.join(' and '), ...ends[1]].join(between)
}

/** A title cut to so many bytes, of what stands before its kind; as it is where there is no room for that. */
export function cutTitle(title: string, most: number): string {
  const at = title.lastIndexOf(between)
  if (at < 0 || bytesOf(title) <= most) return title
  const kind = title.slice(at)
  if (bytesOf(kind) > most / 2) return title
  return `${upToBytes(title.slice(0, at), most - bytesOf(`…${kind}`)).trimEnd()}…${kind}`
}
