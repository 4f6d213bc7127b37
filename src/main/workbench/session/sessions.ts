import { access, constants } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import { Run } from '#common/contract/schemas.ts'
import type { OpenSession, SessionModel } from '#common/contract/session.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { fileLabel } from '../../files/file-error.ts'
import type { SessionFile } from '../../session/protocol.ts'
import type { Clients } from '../clients.ts'
import { stored } from '../stored.ts'
import { KeptModel, stateOf } from './kept-model.ts'
import { sessionPath, startSession, type SessionThread } from './session-files.ts'
import { createSessionSizes } from './session-sizes.ts'
import { writeKept, type KeptBefore, type SessionParts } from './write-session.ts'

/** The sessions that are open, and those that were. */
export interface Sessions {
  readonly handlers: Pick<
    Handlers,
    | 'sessions.open'
    | 'sessions.save'
    | 'sessions.sizes'
    | 'sessions.close'
    | 'sessions.recent'
    | 'sessions.forget'
  >
  close(): Promise<void>
}

/** A session and who has it open. */
interface Opened extends KeptBefore {
  readonly client: string
  readonly path: string
  /** Of the file as it was read or written last. */
  readonly mark: string
  readonly readOnly: string | null
}

export interface SessionsOptions extends SessionParts {
  /** The module that the thread of a session runs. */
  readonly entry: string
  readonly version: string
  readonly recentFile: string
  readonly clients: Pick<Clients, 'onGone'>
  /** Is told when the file of recent ones is damaged. */
  readonly damaged: (message: string) => void
}

const mostRecent = 20
const Recent = z.array(z.object({ name: z.string(), path: z.string(), at: z.number() }))

/** What the system names where there is none of it. */
const ending = /\.lamella$/i

export function createSessions(options: SessionsOptions): Sessions {
  const { entry, version, recentFile, clients, damaged, ...parts } = options
  const open = new Map<string, Opened>()
  const recent = stored(recentFile, Recent, [], damaged)
  const sizes = createSessionSizes(parts)

  clients.onGone(client => {
    for (const [id, own] of open) if (own.client === client) void letGo(id, own)
  })

  function letGo(id: string, { thread }: Opened): Promise<void> {
    open.delete(id)
    return thread.close()
  }

  /** The session of an id, which its client alone has. */
  function get(id: string, { client }: Pick<HandlerContext, 'client'>): Opened {
    const found = open.get(id)
    if (found === undefined || found.client !== client)
      throw new LamellaError('not-found', 'This session is not open', 'Open it again.')
    return found
  }

  /** A list that cannot be written keeps no session from being opened or saved. */
  async function remember(path: string): Promise<void> {
    const name = basename(path).replace(ending, '')
    const entry = { name, path, at: Date.now() }
    await recent
      .change(before => [entry, ...before.filter(each => each.path !== path)].slice(0, mostRecent))
      .catch(() => undefined)
  }

  /** Takes the session for its client alone. @returns why that cannot be; null when it is */
  async function claim(thread: SessionThread, path: string): Promise<string | null> {
    const held = await thread.ask('lock', { path })
    if (held === 'held') return null
    if (held === 'refused') return 'Nothing can be written in its folder'
    const isHere = [...open.values()].some(own => own.path === path && own.readOnly === null)
    return isHere ? 'Another window has it open' : 'Another program has it open'
  }

  async function openFile(path: string, { client }: HandlerContext): Promise<OpenSession> {
    const known = [...open].find(([, own]) => own.path === path && own.client === client)
    const thread = known?.[1].thread ?? startSession(entry)
    try {
      const file = await thread.read(path)
      const isWritable = await access(path, constants.W_OK).then(
        () => true,
        () => false
      )
      const readOnly = isWritable ? await claim(thread, path) : 'The file may not be written'
      const { models, runs, notes } = keptIn(file)
      const own = { thread, client, path, mark: file.mark, readOnly, models, runs }
      const id = known?.[0] ?? thread.id
      open.set(id, own)
      await remember(path)
      return {
        id,
        path,
        readOnly,
        content: file.content,
        saved: { ...file.saved },
        models: await Promise.all(models.map(told)),
        notes
      }
    } catch (error) {
      if (known === undefined) await thread.close()
      throw error
    }
  }

  /** Writes a session with a thread that has begun nothing yet. */
  async function write(
    thread: SessionThread,
    path: string,
    before: Opened | null,
    wish: Parameters<typeof writeKept>[1],
    context: HandlerContext
  ): Promise<Opened & { readonly saved: OpenSession['saved'] }> {
    await thread.ask('begin', { path })
    try {
      await writeKept(parts, wish, before, thread, context)
      context.signal.throwIfAborted()
      const saved = { at: Date.now(), version, keep: wish.keep }
      const { content } = wish
      const done = await thread.ask('finish', { content, saved })
      await remember(path)
      const { mark, models, runs } = { ...done.file, ...keptIn(done.file) }
      const { client } = context
      return { thread, client, path, mark, readOnly: null, models, runs, saved: done.file.saved }
    } catch (error) {
      await thread.ask('abandon', null).catch(() => undefined)
      throw error
    }
  }

  async function saveHere(
    own: Opened,
    wish: Parameters<typeof writeKept>[1],
    context: HandlerContext
  ) {
    if (own.readOnly !== null) throw unwritable(own.path, own.readOnly)
    const now = await own.thread.ask('mark', { path: own.path })
    if (now !== null && now !== own.mark)
      throw unwritable(own.path, 'another program has changed it since it was opened')
    return write(own.thread, own.path, own, wish, context)
  }

  async function saveAs(
    path: string,
    before: Opened | null,
    replace: boolean,
    wish: Parameters<typeof writeKept>[1],
    context: HandlerContext
  ) {
    const thread = startSession(entry)
    try {
      const refusal = await claim(thread, path)
      if (refusal !== null) throw unwritable(path, refusal)
      if ((await thread.ask('mark', { path })) !== null) {
        // What is no session, or of a newer Lamella, is refused by name.
        await thread.ask('recognise', { path })
        if (!replace)
          throw new LamellaError(
            'file-unwritable',
            `${fileLabel(path)}: there is a session of this name already`,
            'Replace it, or choose another name.'
          )
      }
      return await write(thread, path, before, wish, context)
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  return {
    handlers: {
      async 'sessions.open'({ path }, context) {
        return openFile(await sessionPath(path), context)
      },

      async 'sessions.save'({ id, path: given, content, keep, wish, replace }, context) {
        const path = await sessionPath(given)
        const before = id === null ? null : get(id, context)
        const wanted = { content, keep, wish }
        const { saved, ...own } =
          before !== null && before.path === path
            ? await saveHere(before, wanted, context)
            : await saveAs(path, before, replace, wanted, context)
        const kept = id ?? own.thread.id
        open.set(kept, own)
        if (before !== null && before.thread !== own.thread) await before.thread.close()
        return { id: kept, path, saved }
      },

      'sessions.sizes': ({ content, wish }, context) => sizes(content, wish, context),

      async 'sessions.close'({ id }, context) {
        await letGo(id, get(id, context))
        return null
      },

      'sessions.recent': () => recent.read(),

      async 'sessions.forget'({ path }) {
        await recent.change(before => before.filter(each => each.path !== path))
        return null
      }
    },

    async close() {
      await Promise.all([...open].map(([id, own]) => letGo(id, own)))
      await recent.read()
    }
  }
}

/** What a file keeps of models and runs; what cannot be read is left out, and that is said. */
function keptIn(file: SessionFile): {
  readonly models: KeptModel[]
  readonly runs: Run[]
  readonly notes: string[]
} {
  const notes = [...file.notes]
  function parsed<T>(texts: readonly string[], schema: z.ZodType<T>, what: string): T[] {
    return texts.flatMap(text => {
      try {
        return [schema.parse(JSON.parse(text))]
      } catch (error) {
        const { message } = toLamellaError(error)
        notes.push(`${fileLabel(file.path)}: ${what} cannot be read, and is left out (${message})`)
        return []
      }
    })
  }
  const models = parsed(file.models, KeptModel, 'a model')
  return { models, runs: parsed(file.runs, Run, 'a run'), notes }
}

async function told(model: KeptModel): Promise<SessionModel> {
  const { path, fingerprint, name } = model.info
  return { ref: { path, fingerprint }, name, state: await stateOf(model), foundAt: null }
}

function unwritable(path: string, why: string): LamellaError {
  return new LamellaError(
    'file-unwritable',
    `${fileLabel(path)}: cannot be saved here: ${why[0]!.toLowerCase()}${why.slice(1)}`,
    'Save it as another file.'
  )
}
