import { realpath } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { underEither } from '#common/model/either-signal.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import type { CallContext, Handlers } from '#common/contract/rpc.ts'
import type { Engine } from '../../engine/client.ts'
import type { Reader } from '../../reader/client.ts'
import { atOnce } from '../at-once.ts'
import type { Clients } from '../clients.ts'
import { checkpointsAround } from './checkpoints-around.ts'
import { checkUnchanged, openModel, type Model } from './model.ts'
import { isPartOf } from './part-names.ts'
import { tokenize, tokensOfIds, usable } from './tokenize.ts'
import { stored } from '../stored.ts'

const mostRecent = 20

/** Each is read by a process of its own, which takes 60 MB and a processor. */
const mostOpening = 4

/** The models that adapters alone adapt, by the adapters' paths. */
const Adapted = z.record(z.string(), z.string())

const Recent = z.array(z.object({ name: z.string(), path: z.string() }))

/** The models that are open, and those that were. */
export interface OpenModels {
  readonly handlers: Pick<
    Handlers,
    | 'models.open'
    | 'models.close'
    | 'models.recent'
    | 'models.checkpoints'
    | 'text.tokenize'
    | 'text.explain'
    | 'text.decode'
    | 'text.chat'
    | 'text.vocabulary'
  >
  /** @throws LamellaError `not-found` */
  get(modelId: string): Model
  /**
   * The open model that a reference names.
   * @throws LamellaError `not-found`; `file-changed` when what lies there was opened as another model
   */
  resolve(ref: ModelRef): Model
  /**
   * Does something with a model for as long as it is open, and only while its files are those that were opened.
   * @throws LamellaError `file-changed` or `not-found` naming the file; `cancelled` once the model is closed
   */
  use<R>(
    model: Model,
    context: CallContext,
    action: (context: CallContext) => Promise<R>
  ): Promise<R>
  /**
   * Does something with a model for as long as it is open, whatever has become of its files: what was computed of them is of
   * it still.
   * @throws LamellaError `not-found`; `cancelled` once the model is closed
   */
  whileOpen<R>(
    model: Model,
    context: CallContext,
    action: (context: CallContext) => Promise<R>
  ): Promise<R>
  /**
   * What lies at a path, without its being open: nothing more can be asked of it.
   * @throws LamellaError as opening it does
   */
  look(path: string, signal: AbortSignal): Promise<Model>
  /**
   * Opens what lies at a path for as long as something is done with it; no list of models that were opened has it.
   * @param action is told as which client it has it open
   * @throws LamellaError as opening it does
   */
  useBriefly<R>(
    path: string,
    signal: AbortSignal,
    action: (model: Model, client: string) => Promise<R>
  ): Promise<R>
  /**
   * Opens a path before anybody asks: who opens it next has it at once. Nobody does for as long as a window may take to come
   * back, and it closes.
   * @throws LamellaError as opening it does
   */
  openAhead(path: string): Promise<Model>
  /** The models that a client has open. */
  openBy(client: string): readonly Model[]
  /** Whether it has not been closed, nor opened again in its place. */
  isOpen(model: Model): boolean
  onClose(listener: (model: Model) => void): void
  /** Models opened before, newest first. */
  recent(): Promise<readonly { readonly name: string; readonly path: string }[]>
}

/** A model, who has it open, and what ends when nobody has. */
interface OpenModel {
  readonly model: Model
  /** How often each has opened it. */
  readonly clients: Map<string, number>
  readonly closing: AbortController
}

/**
 * @param startReader starts what reads a model
 * @param kept where what users said of models, and which they opened, is kept: files of the data folder, and the folder of
 *   descriptions
 * @param onDamage is told when one of the files is damaged
 */
export function createOpenModels(
  engine: Engine,
  startReader: () => Reader,
  kept: { readonly recent: string; readonly adapted: string; readonly descriptions: string },
  clients: Pick<Clients, 'onGone' | 'connected'>,
  onDamage: (message: string) => void
): OpenModels {
  const open = new Map<string, OpenModel>()
  const listeners: ((model: Model) => void)[] = []
  const opening = atOnce(mostOpening)
  /** Opened ahead and not asked for yet, by path. */
  const ahead = new Map<string, Promise<Model>>()
  /** Openings for a while so far: each is a client of its own. */
  let brief = 0
  const recent = stored(kept.recent, Recent, [], onDamage)
  const adapted = stored(kept.adapted, Adapted, {}, onDamage)

  async function sayBase(path: string, base: string | null): Promise<void> {
    const at = await placeOf(path)
    await adapted.change(before => {
      const others = Object.entries(before).filter(([of]) => of !== at)
      return Object.fromEntries(base === null ? others : [...others, [at, base]])
    })
  }

  async function openAt(path: string, signal: AbortSignal): Promise<Model> {
    const { descriptions } = kept
    const at = await placeOf(path)
    const [, base = null] = Object.entries(await adapted.read()).find(([of]) => of === at) ?? []
    const known = { descriptions, base }
    return opening(signal, () => openModel(path, signal, startReader(), known))
  }

  /** What was opened ahead at a path, once; null where nothing was, or where the files are others by now. */
  async function takeAhead(path: string): Promise<Model | null> {
    const opening = ahead.get(path)
    ahead.delete(path)
    const found = await opening?.catch(() => null)
    if (!found || open.get(found.info.id)?.model !== found) return null
    return checkUnchanged(found).then(
      () => found,
      () => null
    )
  }

  /** Opens a path for a client; a model that is open already is the same. */
  async function openFor(client: string, path: string, signal: AbortSignal): Promise<OpenModel> {
    const found = (await takeAhead(path)) ?? (await openAt(path, signal))
    const { id } = found.info
    const known: OpenModel = open.get(id) ?? {
      model: found,
      clients: new Map(),
      closing: new AbortController()
    }
    if (known.model !== found) found.reader.close()
    open.set(id, known)
    known.clients.set(client, (known.clients.get(client) ?? 0) + 1)
    return known
  }

  function get(modelId: string): Model {
    const found = open.get(modelId)
    if (found === undefined) throw notOpen()
    return found.model
  }

  /** Lets a client go of a model, which closes with the last that had it open. */
  async function letGo({ model, clients, closing }: OpenModel, client: string): Promise<void> {
    if (!clients.delete(client) || clients.size > 0) return
    closing.abort()
    open.delete(model.info.id)
    model.reader.close()
    for (const listener of listeners) listener(model)
    const parts = engine.parts().filter(part => isPartOf(model, part))
    await Promise.all(parts.map(part => engine.release(part)))
  }

  /** Takes one opening of a client back, who may have opened the model before, or again since. */
  async function takeBack(found: OpenModel, client: string): Promise<void> {
    const others = (found.clients.get(client) ?? 0) - 1
    if (others > 0) found.clients.set(client, others)
    else await letGo(found, client)
  }
  clients.onGone(client => {
    // What an engine that died had loaded is gone with it.
    for (const found of open.values()) void letGo(found, client).catch(() => undefined)
  })

  async function whileOpen<R>(
    { info }: Model,
    context: CallContext,
    action: (context: CallContext) => Promise<R>
  ): Promise<R> {
    const found = open.get(info.id)
    if (found === undefined) throw notOpen()
    return underEither(context.signal, found.closing.signal, signal =>
      action({ ...context, signal })
    )
  }

  const use: OpenModels['use'] = (model, context, action) =>
    whileOpen(model, context, async within => {
      await checkUnchanged(get(model.info.id))
      return action(within)
    })

  return {
    get,
    use,
    whileOpen,
    recent: () => recent.read(),
    // Each opening has a reader of its own.
    isOpen: ({ info, reader }) => open.get(info.id)?.model.reader === reader,
    async look(path, signal) {
      const found = await openAt(path, signal)
      found.reader.close()
      return found
    },
    async useBriefly(path, signal, action) {
      const client = `brief ${++brief}`
      const found = await openFor(client, path, signal)
      try {
        return await action(found.model, client)
      } finally {
        // What an engine that died had loaded is gone with it.
        await letGo(found, client).catch(() => undefined)
      }
    },
    async openAhead(path) {
      const client = `ahead ${path}`
      const leave = clients.connected(client)
      const opening = openFor(client, path, new AbortController().signal)
      const model = opening.then(({ model }) => model)
      ahead.set(path, model)
      try {
        return await model
      } finally {
        leave()
      }
    },
    openBy: client =>
      [...open.values()].filter(({ clients }) => clients.has(client)).map(({ model }) => model),
    onClose: listener => listeners.push(listener),

    resolve({ path, fingerprint }) {
      const models = [...open.values()].map(({ model }) => model)
      const there = models.filter(({ info }) => info.path === path)
      const found = there.findLast(({ info }) => info.fingerprint === fingerprint)
      if (found !== undefined) return found
      if (there.length === 0) throw notOpen()
      throw new LamellaError(
        'file-changed',
        `${basename(path)}: is another model now than the one asked for`,
        'Open the model again.'
      )
    },

    handlers: {
      async 'models.open'({ path: given, base }, { signal, client }) {
        if (base !== undefined) {
          ahead.delete(given)
          await sayBase(given, base)
        }
        const found = await openFor(client, given, signal)
        const { info } = found.model
        const { name, path } = info
        // A list that cannot be written keeps no model from being opened.
        await recent
          .change(before => {
            const others = before.filter(entry => entry.path !== path)
            return [{ name, path }, ...others].slice(0, mostRecent)
          })
          .catch(() => undefined)
        if (signal.aborted) {
          await takeBack(found, client)
          throw cancelled()
        }
        return info
      },
      async 'models.close'({ modelId }, { client }) {
        const found = open.get(modelId)
        if (found === undefined) throw notOpen()
        await letGo(found, client)
        return null
      },
      'models.recent': () => recent.read(),
      'models.checkpoints': ({ path }, { signal }) => checkpointsAround(path, signal),
      'text.tokenize'({ modelId, text }, context) {
        const model = get(modelId)
        return use(model, context, ({ signal }) => tokenize(model, text, signal))
      },
      'text.explain'({ modelId, text }, context) {
        const model = get(modelId)
        return use(model, context, async ({ signal }) => usable(model).explain(text, signal))
      },
      'text.decode'({ modelId, ids }, context) {
        const model = get(modelId)
        return use(model, context, async ({ signal }) => ({
          text: await usable(model).decode(ids, signal),
          tokens: await tokensOfIds(model, ids)
        }))
      },
      'text.chat'({ modelId, request }, context) {
        const model = get(modelId)
        return use(model, context, async ({ signal }) => {
          const rendered = await usable(model).chat(request, signal)
          const tokens = await tokenize(model, rendered.text, signal, { specials: false })
          return { ...rendered, tokens }
        })
      },
      'text.vocabulary'({ modelId, query }, context) {
        const model = get(modelId)
        return use(model, context, async ({ signal }) =>
          usable(model).vocabulary(query, model.info.config?.dVocab ?? null, signal)
        )
      }
    }
  }
}

/** A path with its links resolved, as those of models are. */
function placeOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}

function notOpen(): LamellaError {
  return new LamellaError('not-found', 'This model is not open', 'Open the model again.')
}
