import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isOfLaterVersion } from '#common/contract/session-window.ts'
import type { WindowPage } from '#common/contract/window-page.ts'
import { Json } from '#common/model/json.ts'
import { isElsewhere, isGone, processMark } from '../files/process-mark.ts'
import type { Clients } from './clients.ts'
import { stored, type Stored } from './stored.ts'

/** What a later version wrote is set aside as what is damaged is, and not written over. */
const State = Json.refine(own => !isOfLaterVersion(own), 'a later version of Lamella wrote it')
type State = z.output<typeof State>

/** How windows are left: each for itself, so that none writes over what another has not saved elsewhere, and the one saved last. */
export interface WindowStates {
  /**
   * How a window begins: as the page before it was left; where that is not known, as the window was that was left last and
   * that nobody has; where there is none, as the one saved last. Null where none was ever saved.
   * @param page left out by who is no window
   */
  load(page: WindowPage | undefined, client: string): Promise<State>
  /** @throws LamellaError `file-unwritable` with what was there before still there */
  save(state: State, page: WindowPage | undefined, client: string): Promise<void>
  /** The one saved last, by whoever it was. */
  last(): Promise<State>
  /** Done once all is written. */
  close(): Promise<void>
}

/** A window as its page left it. */
const Left = z.object({
  /** Mark of the process that wrote it. */
  process: z.string(),
  state: State
})
type Left = z.output<typeof Left>

/** Windows that are kept; those left longest ago go. */
const mostKept = 20
/** More of those that hold what is saved nowhere else, or cannot be read. */
const mostUnsaved = 200

/** Windows of which something is not in their session's file. */
const Unsaved = z.looseObject({ changed: z.literal(true) })

/**
 * @param folder for a file a window, by its page
 * @param file for the one saved last
 * @param onDamage is told of a file that is damaged
 */
export function createWindowStates(
  folder: string,
  file: string,
  clients: Pick<Clients, 'isConnected'>,
  onDamage: (message: string) => void
): WindowStates {
  const last = stored(file, State, null, onDamage)
  const files = new Map<string, Stored<Left | null>>()
  /** Who has each page that was here since the start. */
  const clientOf = new Map<string, string>()
  /** Which page each window that was left was given to. */
  const handedTo = new Map<string, string>()
  let queue: Promise<unknown> = Promise.resolve()

  /** One after the other: no two windows take what was left by one, and what a page saves as it goes the next one has. */
  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = queue.then(work)
    queue = done.catch(() => undefined)
    return done
  }

  function pathOf(page: string): string {
    return join(folder, `${page}.json`)
  }

  function fileOf(page: string): Stored<Left | null> {
    const known = files.get(page) ?? stored(pathOf(page), Left.nullable(), null, onDamage)
    files.set(page, known)
    return known
  }

  function isShown(page: string): boolean {
    const client = clientOf.get(page)
    return client !== undefined && clients.isConnected(client)
  }

  /** Whether nobody has a window any more: not here, and not in another program that has this data folder. */
  function isLeft(page: string, { process }: Left): boolean {
    if (clientOf.has(page) || process === processMark()) return !isShown(page)
    return isElsewhere(process) || isGone(process)
  }

  async function forget(page: string): Promise<void> {
    await rm(pathOf(page), { force: true })
    files.delete(page)
    clientOf.delete(page)
  }

  /** Gives a window that was left to a page; at any moment one of them has it. */
  async function hand(from: string, to: string, { state }: Left): Promise<void> {
    try {
      await fileOf(to).write({ process: processMark(), state })
      await forget(from)
      handedTo.set(from, to)
    } catch {
      // Then both have it. What is in the way is told as it is saved.
    }
  }

  /** Pages that left something, the one that was saved last first. */
  async function pages(): Promise<string[]> {
    const names = await readdir(folder).catch(() => [])
    const own = names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -5))
    const saved = await Promise.all(
      own.map(async page => ({
        page,
        at: (await stat(pathOf(page)).catch(() => null))?.mtimeMs ?? 0
      }))
    )
    return saved.toSorted((a, b) => b.at - a.at).map(({ page }) => page)
  }

  /** A page, and those that what it left was given to, one after the other. */
  function followed(page: string | null): string[] {
    const all: string[] = []
    for (let id = page ?? undefined; id !== undefined; id = handedTo.get(id)) all.push(id)
    return all
  }

  /** How the window of a page begins. */
  async function begin(page: WindowPage, all: readonly string[]): Promise<State> {
    const own = [page.id, ...followed(page.before)]
    // What others left is for a window that is new.
    for (const id of page.before === null && !page.goesOn ? [...own, ...all] : own) {
      const left = await fileOf(id).read()
      if (left === null) continue
      const isOver = id !== page.id && isLeft(id, left)
      if (isOver) await hand(id, page.id, left)
      if (isOver || own.includes(id)) return left.state
    }
    return last.read()
  }

  async function load(page: WindowPage, client: string): Promise<State> {
    clientOf.set(page.id, client)
    const all = await pages()
    const state = await begin(page, all)
    // Who loads does not wait for it.
    void inOrder(() => forgetMost(all.slice(mostKept)))
    return state
  }

  /** Removes windows that were left, but those that hold what is saved nowhere else, as far as there are not too many. */
  async function forgetMost(all: readonly string[]): Promise<void> {
    for (const [i, id] of all.entries()) {
      const left = await fileOf(id).read()
      const isSavedNowhere = left === null || Unsaved.safeParse(left.state).success
      if (isSavedNowhere && i < mostUnsaved) continue
      if (left === null || isLeft(id, left)) await forget(id).catch(() => undefined)
    }
  }

  return {
    load: (page, client) => inOrder(() => (page === undefined ? last.read() : load(page, client))),
    save: (state, page, client) =>
      inOrder(async () => {
        try {
          if (page === undefined) return
          clientOf.set(page.id, client)
          await fileOf(page.id).write({ process: processMark(), state })
        } finally {
          await last.write(state)
        }
      }),
    last: () => inOrder(() => last.read()),
    close: () => inOrder(() => Promise.resolve())
  }
}
