import { access, constants } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import { z } from 'zod'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { openElsewhere, type OpenSession, type SessionModel } from '#common/contract/session.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import { asShared } from '#common/model/library.ts'
import { isSameModel, type ModelMove, type ModelRef } from '#common/model/model-ref.ts'
import type { RunSource } from '#common/model/run-source.ts'
import { fileLabel } from '../../files/file-error.ts'
import { missingFiles } from '../../files/missing.ts'
import { atOnce, type AtOnce } from '../at-once.ts'
import type { Analyses } from '../analysis/analyses.ts'
import type { Clients } from '../clients.ts'
import { stored } from '../stored.ts'
import { cannotBeTold, findModel, modelsToSeek, placesBeside } from './find-model.ts'
import {
  filesToCompare,
  holdTheSame,
  keptBefore,
  keptElsewhere,
  type KeptModel,
  stateOf
} from './kept-model.ts'
import {
  type KeptOpen,
  keptResult,
  type KeptSession,
  keptSession,
  keptValue,
  keepsNumbers,
  relocated
} from './kept-session.ts'
import { isOf } from './refs.ts'
import { requestKey, wholeRequest } from './request-key.ts'
import { numbersOf } from './rerun/rerun-numbers.ts'
import type { Computed } from './rerun/remaking.ts'
import { rerun } from './rerun/rerun.ts'
import { sessionPath, startSession, type SessionThread } from './session-files.ts'
import { createSessionSizes } from './session-sizes.ts'
import { writeKept, type SessionParts } from './write-session.ts'

/** The sessions that are open, and those that were. */
export interface Sessions {
  readonly handlers: Pick<
    Handlers,
    | 'sessions.open'
    | 'sessions.save'
    | 'sessions.sizes'
    | 'sessions.relocate'
    | 'sessions.kept'
    | 'sessions.model'
    | 'sessions.run'
    | 'sessions.value'
    | 'sessions.result'
    | 'sessions.check'
    | 'sessions.rerun'
    | 'sessions.close'
    | 'sessions.recent'
    | 'sessions.missing'
    | 'sessions.forget'
  >
  /** What those that a client has open keep. */
  kept(client: string): readonly KeptOpen[]
  close(): Promise<void>
}

/** A session and who has it open. */
interface Opened extends KeptOpen {
  readonly client: string
  readonly path: string
  /** Of the file as it was read or written last. */
  readonly mark: string
  readonly readOnly: string | null
  readonly saved: OpenSession['saved']
  /** What was left out, damaged or found elsewhere, a sentence each. */
  readonly notes: readonly string[]
}

export interface SessionsOptions extends SessionParts {
  /** What gives nothing that a session keeps. */
  readonly computed: Computed
  /** What computes analyses of texts that are read otherwise. */
  readonly reading: Analyses['reading']
  /** The module that the thread of a session runs. */
  readonly entry: string
  readonly version: string
  readonly recentFile: string
  /** Where models may lie that are known by name alone. */
  readonly samplesFolder: string
  readonly clients: Pick<Clients, 'onGone'>
  /** Is told when the file of recent ones is damaged. */
  readonly damaged: (message: string) => void
}

const mostRecent = 20

const waitsToSave = 'Waiting for another session to be saved'
const waitsInTurn = 'Waiting for what was asked for before'

const Recent = z.array(z.object({ name: z.string(), path: z.string(), at: z.number() }))

/** What the system names where there is none of it. */
const ending = /\.lamella$/i

export function createSessions(options: SessionsOptions): Sessions {
  const { entry, version, recentFile, samplesFolder, clients, damaged, ...parts } = options
  const open = new Map<string, Opened>()
  const recent = stored(recentFile, Recent, [], damaged)
  const missing = missingFiles()
  const sizes = createSessionSizes(parts)
  /** One after the other. */
  const saving = atOnce(1)
  /** Of each client: whatever changes its sessions begins with what they came to before. */
  const turns = new Map<string, AtOnce>()
  /** All that have not ended: also those of sessions that are not open yet. */
  const threads = new Set<SessionThread>()
  let closed = false

  clients.onGone(client => {
    turns.delete(client)
    for (const [id, own] of open) if (own.client === client) void letGo(id, own)
  })

  function inTurn<R>(context: HandlerContext, work: () => Promise<R>): Promise<R> {
    const turn = turns.get(context.client) ?? atOnce(1)
    turns.set(context.client, turn)
    return turn(context.signal, work, () => tellWaiting(waitsInTurn, context))
  }

  function letGo(id: string, { thread }: Opened): Promise<void> {
    open.delete(id)
    return end(thread)
  }

  function start(): SessionThread {
    if (closed) throw new LamellaError('cancelled', 'The workbench is closed')
    const thread = startSession(entry)
    threads.add(thread)
    return thread
  }

  async function end(thread: SessionThread): Promise<void> {
    await thread.close()
    threads.delete(thread)
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

  /** Takes the session of a thread for its client alone. @returns why that cannot be; null when it is */
  async function claim(thread: SessionThread, path: string): Promise<string | null> {
    const held = await thread.ask('lock', { path })
    if (held === 'held') return null
    if (held === 'refused') return 'Nothing can be written in its folder'
    const isHere = [...open.values()].some(
      own => own.thread !== thread && own.path === path && own.readOnly === null
    )
    return isHere ? openElsewhere : 'Another program has it open'
  }

  /** The session of a client that is open at a path, with its id. */
  function knownAt(path: string, { client }: Pick<HandlerContext, 'client'>) {
    return [...open].find(([, own]) => own.path === path && own.client === client)
  }

  async function openFile(
    path: string,
    look: boolean,
    moves: readonly ModelMove[],
    context: HandlerContext
  ): Promise<OpenSession> {
    const { client } = context
    const known = knownAt(path, context)
    const thread = known?.[1].thread ?? start()
    try {
      const file = await thread.read(path)
      const readOnly = look ? 'It was opened to be looked at' : await whyReadOnly(thread, path)
      const { kept, notes } = await keptSession(thread, file)
      const { mark } = file
      const saved = { ...file.saved }
      const read = { ...kept, client, path, mark, readOnly, saved, notes, moves: [] }
      const own = await withFound(await withMoves(read, moves, context), context)
      const id = known?.[0] ?? thread.id
      const opened = await told(id, own)
      if (!look) await remember(path)
      // Nobody would close it.
      context.signal.throwIfAborted()
      // It may have been closed meanwhile.
      if (known !== undefined) get(id, context)
      open.set(id, own)
      return opened
    } catch (error) {
      if (known === undefined) await end(thread)
      throw error
    }
  }

  async function whyReadOnly(thread: SessionThread, path: string): Promise<string | null> {
    const isWritable = await access(path, constants.W_OK).then(
      () => true,
      () => false
    )
    return isWritable ? claim(thread, path) : 'The file may not be written'
  }

  /** A session with its models where they were found before. */
  async function withMoves(
    read: Opened,
    moves: readonly ModelMove[],
    context: HandlerContext
  ): Promise<Opened> {
    let own = read
    for (const [i, { from, to }] of moves.entries()) {
      const model = own.models.find(({ info }) => isSameModel(info, from))
      if (model) tellSought(model, i, moves.length, context)
      const found = model && (await placed(model, to, context).catch(() => null))
      context.signal.throwIfAborted()
      if (model && found) own = withModelAt(own, model, found)
    }
    return own
  }

  /** A session with the models that are not where they were, but elsewhere. */
  async function withFound(read: Opened, context: HandlerContext): Promise<Opened> {
    let own = read
    const places = [samplesFolder, ...placesBeside(read.path)]
    const before = (await parts.models.recent()).map(({ path }) => path)
    const sought = await Array.fromAsync(modelsToSeek(read.models))
    for (const [i, model] of sought.entries()) {
      tellSought(model, i, sought.length, context)
      const { models, hashes } = parts
      const { found, notes } = await findModel(models, hashes, model, places, before, context)
      own = { ...own, notes: [...own.notes, ...notes] }
      if (found !== null) own = withModelAt(own, model, found)
    }
    return own
  }

  async function relocate(
    id: string,
    from: ModelRef,
    to: string | ModelRef,
    context: HandlerContext
  ): Promise<{ session: OpenSession; model: ModelRef }> {
    const own = get(id, context)
    const model = modelIn(own, from)
    const there = await placed(model, to, context)
    const now = withModelAt(own, model, there)
    const session = await told(id, now)
    // Who gave it up goes on with the model where it was.
    context.signal.throwIfAborted()
    // It may have been closed meanwhile.
    get(id, context)
    open.set(id, now)
    return { session, model: refOf(there) }
  }

  /** A model of a session as it lies elsewhere, or as it lay before. @throws LamellaError where it is not that model */
  async function placed(
    model: KeptModel,
    at: string | ModelRef,
    context: HandlerContext
  ): Promise<KeptModel> {
    const known = [...model.formerly, model.info.fingerprint]
    if (typeof at !== 'string' && known.includes(at.fingerprint)) return keptBefore(model, at)
    const to = typeof at === 'string' ? at : at.path
    const there = await parts.models.look(to, context.signal)
    const { name } = model.info
    const compared = filesToCompare(model, there)
    if (compared === 'unknown')
      throw new LamellaError(
        'invalid-argument',
        `${to} may be ${name} of the session; ${cannotBeTold}`,
        'Put its own folder back where it was, or open this one as a model of its own.'
      )
    if (compared === 'another' || !(await holdTheSame(compared, parts.hashes, context)))
      throw new LamellaError(
        'invalid-argument',
        `${to} is another model than ${name} of the session`,
        model.described == null
          ? 'Choose a folder with the very files that it had.'
          : 'Choose a folder with the very files that it had, described as it was.'
      )
    return keptElsewhere(model, there)
  }

  /**
   * Writes a session with a thread that has begun nothing yet.
   * @param over mark of the file that is there, whose place it takes
   */
  async function write(
    thread: SessionThread,
    { path, over }: { readonly path: string; readonly over: string | null },
    before: Opened | null,
    wish: Parameters<typeof writeKept>[1],
    context: HandlerContext
  ): Promise<Opened> {
    await thread.ask('begin', { path })
    try {
      const notes = await writeKept(parts, wish, before, thread, context)
      context.signal.throwIfAborted()
      const saved = { at: Date.now(), version, keep: wish.keep }
      const content = { ...wish.content, library: wish.content.library.map(asShared) }
      const done = await thread.ask('finish', { content, saved, over })
      await remember(path)
      const { kept } = await keptSession(thread, done.file)
      const { mark, saved: written } = done.file
      const { client } = context
      const now = { path, mark, readOnly: null, saved: { ...written } }
      return { ...kept, client, ...now, notes, moves: [] }
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
    const { path } = own
    // Where somebody removed its lock, another may have it by now.
    const refusal = await claim(own.thread, path)
    if (refusal !== null) throw unwritable(path, refusal)
    const over = await own.thread.ask('mark', { path })
    if (over !== null && over !== own.mark)
      throw unwritable(path, 'another program has changed it since it was opened')
    return write(own.thread, { path, over }, own, wish, context)
  }

  async function saveAs(
    path: string,
    before: Opened | null,
    replace: boolean,
    wish: Parameters<typeof writeKept>[1],
    context: HandlerContext
  ) {
    const thread = start()
    try {
      const refusal = await claim(thread, path)
      if (refusal !== null) throw unwritable(path, refusal)
      const over = await thread.ask('mark', { path })
      if (over !== null) {
        // What is no session, or of a newer Lamella, is refused by name.
        await thread.ask('recognise', { path })
        if (!replace)
          throw new LamellaError(
            'file-unwritable',
            `${fileLabel(path)}: there is a session of this name already`,
            'Replace it, or choose another name.'
          )
      }
      return await write(thread, { path, over }, before, wish, context)
    } catch (error) {
      await end(thread)
      throw error
    }
  }

  async function save(
    asked: Parameters<Handlers['sessions.save']>[0],
    context: HandlerContext
  ): ReturnType<Handlers['sessions.save']> {
    const { id, content, keep, wish, replace, elsewhere } = asked
    const path = await sessionPath(asked.path)
    const before = id === null ? null : get(id, context)
    const wanted = { content, keep, wish }
    const isHere = before !== null && before.path === path
    if (isHere && elsewhere) throw unwritable(path, before.readOnly ?? overtaken)
    const own = isHere
      ? await saveHere(before, wanted, context)
      : await saveAs(path, before, replace, wanted, context)
    const kept = id ?? own.thread.id
    const { models, texts } = await told(kept, own)
    if (context.signal.aborted && !isHere) {
      // It is written, but who asked for it goes on with what was open before.
      await end(own.thread)
      throw cancelled()
    }
    open.set(kept, own)
    if (before !== null && before.thread !== own.thread) await end(before.thread)
    return { id: kept, path, saved: own.saved, models, texts, notes: [...own.notes] }
  }

  return {
    handlers: {
      async 'sessions.open'({ path, look = false, moves = [] }, context) {
        const found = await sessionPath(path)
        const work = () => openFile(found, look, moves, context)
        // One that is not open yet holds up nothing that is done to those that are.
        return knownAt(found, context) === undefined ? work() : inTurn(context, work)
      },

      'sessions.save': (asked, context) =>
        inTurn(context, () =>
          saving(
            context.signal,
            () => save(asked, context),
            () => tellWaiting(waitsToSave, context)
          )
        ),

      'sessions.sizes': ({ id, content, wish }, context) =>
        sizes(content, wish, id === null ? null : get(id, context), context),

      'sessions.relocate': ({ id, from, to }, context) =>
        inTurn(context, () => relocate(id, from, to, context)),

      'sessions.kept': ({ id }, context) => Promise.resolve(numbersOf(get(id, context))),
      'sessions.model': ({ id, ref }, context) =>
        Promise.resolve(modelIn(get(id, context), ref).info),
      'sessions.run': ({ id, source }, context) => Promise.resolve(runIn(get(id, context), source)),
      async 'sessions.value'({ id, source, hook }, context) {
        const own = get(id, context)
        const found = await keptValue(own, runIn(own, source).id, hook)
        if (found !== null) return { ...found.value, shape: [...found.value.shape] }
        throw new LamellaError('not-kept', `${hook}: the session keeps none, or it is damaged`)
      },
      async 'sessions.result'({ id, request }, context) {
        const own = get(id, context)
        const key = requestKey(wholeRequest(request))
        for (const [kept, { request: known }] of own.results) {
          if (known.name !== request.name || requestKey(wholeRequest(known)) !== key) continue
          const found = await keptResult(own, kept)
          if (found !== null) return found
        }
        throw new LamellaError(
          'not-kept',
          `${request.name}: the session keeps none, or it is damaged`
        )
      },
      async 'sessions.check'({ id }, context) {
        const { rows, isWhole, damaged } = await get(id, context).thread.ask('check', null)
        return { rows, isWhole, damaged: [...damaged] }
      },
      'sessions.rerun': ({ id, readFiles }, context) =>
        rerun({ ...parts, version, readFiles }, get(id, context), context),

      async 'sessions.close'({ id }, context) {
        await letGo(id, get(id, context))
        return null
      },

      'sessions.recent': () => recent.read(),

      async 'sessions.missing'() {
        return missing((await recent.read()).map(({ path }) => path))
      },

      async 'sessions.forget'({ path }) {
        await recent.change(before => before.filter(each => each.path !== path))
        return null
      }
    },

    kept: client => [...open.values()].filter(own => own.client === client),

    async close() {
      closed = true
      open.clear()
      // What one has begun to write goes with it.
      await Promise.all([...threads].map(end))
      await recent.read()
    }
  }
}

function tellWaiting(label: string, context: HandlerContext): void {
  context.progress({ label, done: 0, total: 0 })
}

/** Each place that is looked at takes a process of its own. */
function tellSought(
  { info: { name } }: KeptModel,
  done: number,
  total: number,
  context: HandlerContext
): void {
  context.progress({ label: `Looking for ${name}`, done, total })
}

function modelIn({ models }: Pick<KeptSession, 'models'>, ref: ModelRef): KeptModel {
  const model = models.find(({ info }) => isSameModel(info, ref))
  if (model !== undefined) return model
  throw new LamellaError('not-found', `${ref.path}: the session knows no such model`)
}

function runIn({ runs }: Pick<KeptSession, 'runs'>, source: RunSource): Run {
  const run = runs.find(own => isOf(own, source))
  if (run !== undefined) return run
  throw new LamellaError('not-kept', 'The session keeps no such run')
}

/** A session with a model elsewhere; one that goes back to where it was found from is as if it had stayed there. */
function withModelAt(own: Opened, model: KeptModel, found: KeptModel): Opened {
  const [from, to] = [refOf(model), refOf(found)]
  const last = own.moves.at(-1)
  const isBack = last && isSameModel(last.from, to) && isSameModel(last.to, from)
  return {
    ...own,
    ...relocated(own, model.info, found),
    moves: isBack ? own.moves.slice(0, -1) : [...own.moves, { from, to }],
    notes: isBack
      ? own.notes.filter(note => note !== foundText(own, found, model))
      : [...own.notes, foundText(own, model, found)]
  }
}

function refOf({ info: { path, fingerprint } }: KeptModel): ModelRef {
  return { path, fingerprint }
}

function foundText(
  { models }: Pick<KeptSession, 'models'>,
  { info: { name, path: from } }: KeptModel,
  { info: { path: to } }: KeptModel
) {
  const was = isAbsolute(from) ? ` (it was at ${from})` : ''
  if (from !== to) return `${name}: lies at ${to} now${was}`
  // Another of them may be the one that is meant, which is not there.
  const alike = models.filter(({ info: { path } }) => path === from).length
  const which = alike === 1 ? '' : `one of ${alike} that the session keeps of its place `
  return `${name}: ${which}was copied or put back since, and holds what it held`
}

/** A session as its window is told of it. */
async function told(id: string, own: Opened): Promise<OpenSession> {
  const { path, readOnly, content, saved, models, notes, moves } = own
  const tell = async (model: KeptModel): Promise<SessionModel> => {
    const ref = refOf(model)
    const foundAt = moves.some(({ to }) => isSameModel(to, ref)) ? ref.path : null
    const { formerly } = model
    const { name } = model.info
    const kept = keepsNumbers(own, ref)
    return { ref, name, state: await stateOf(model), foundAt, formerly, kept }
  }
  return {
    ...{ id, path, readOnly, content, saved, moves: [...moves], notes: [...notes] },
    models: await Promise.all(models.map(tell)),
    texts: [...own.texts].map(([path, files]) => ({ path, ...files }))
  }
}

const overtaken = 'It was saved elsewhere since it was opened'

function unwritable(path: string, why: string): LamellaError {
  return new LamellaError(
    'file-unwritable',
    `${fileLabel(path)}: cannot be saved here: ${why[0]!.toLowerCase()}${why.slice(1)}`,
    'Save it as another file.'
  )
}
