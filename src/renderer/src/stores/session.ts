import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { openElsewhere, type OpenSession } from '#common/contract/session.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { withoutRuns, type PastRun } from '#common/model/library.ts'
import { isSameModel, type ModelMove, type ModelRef } from '#common/model/model-ref.ts'
import { movedBy, movedTo } from '#common/model/moved-to.ts'
import type { Note, SessionContent } from '#common/model/session.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { forgetAfterBreak } from './after-break.ts'
import { useClient } from './client.ts'
import { lastPart } from '#common/text/last-part.ts'
import { useTasks } from './tasks.ts'

/** The file that a session is of, and what has a name in it. */
export type SessionFile = Omit<OpenSession, 'content'> & Pick<SessionContent, 'library'>

/** Something to be known of the session, until it is dismissed. */
export interface SessionNotice {
  readonly title: string
  readonly lines: readonly string[]
  readonly error?: LamellaError
  /** It is of what is not saved yet: of no use where nothing is. */
  readonly ofChanges?: boolean
}

/** A session that was open as the window was left. */
export interface LeftSession {
  readonly path: string
  /** When its file was written, as it was read or written last; milliseconds since 1970. */
  readonly savedAt: number
  /** Models that were found elsewhere since. */
  readonly moves: ModelMove[]
  /** Past runs of the file that were deleted since. */
  readonly forgotten: PastRun[]
  /** What was said of it as it was opened. */
  readonly notes: string[]
}

/** What a session holds beside its window. */
export interface SessionParts extends Pick<SessionContent, 'findings' | 'figures' | 'runs'> {
  readonly notes: readonly Note[]
}

/** The session that the window is of: its file, where it has one, and what of it is neither a tab nor a text. */
export const useSession = defineStore('session', () => {
  const file = shallowRef<SessionFile | null>(null)
  /** Whether it differs from what is saved. */
  const changed = ref(false)
  /** When it was begun or opened: what was run before is of others. Milliseconds since 1970. */
  const began = ref(0)
  /** The file that could not be asked for yet, for want of a connection. */
  const awaited = shallowRef<LeftSession | null>(null)
  const notice = shallowRef<SessionNotice | null>(null)
  forgetAfterBreak(notice)
  const notes = shallowRef<readonly Note[]>([])
  const findings = shallowRef<SessionContent['findings']>([])
  const figures = shallowRef<SessionContent['figures']>([])
  /** Past runs that its file has, but for what was deleted here: the library may be another's, or full. */
  const runs = shallowRef<SessionContent['runs']>([])
  /** What was deleted of them. */
  const forgotten = shallowRef<SessionContent['runs']>([])
  /** Where models were found that the window speaks of elsewhere yet, to be taken one after the other. */
  const found = shallowRef<readonly ModelMove[]>([])
  /** Whether what is read-only may be free later. */
  const mayBeFree = computed(() => {
    const readOnly = file.value?.readOnly ?? null
    return readOnly !== null && readOnly !== overtaken && readOnly !== newer
  })
  /** Such as `induction heads`; null where it was never saved. */
  const name = computed(() => file.value && sessionName(file.value.path))

  /** Fingerprints that a model had where it lay before, by the one that it has now. */
  function formerly(now: string): readonly string[] {
    return file.value?.models.find(({ ref }) => ref.fingerprint === now)?.formerly ?? []
  }

  /** Whether a fingerprint is of a model, which has another by now where it lies elsewhere. */
  function isOf({ fingerprint: now }: Pick<ModelRef, 'fingerprint'>, fingerprint: string): boolean {
    return now === fingerprint || formerly(now).includes(fingerprint)
  }

  /** Whether any numbers of a model are in the file. */
  function keepsNumbersOf(model: ModelRef): boolean {
    return file.value?.models.some(({ ref, kept }) => kept && isSameModel(ref, model)) ?? false
  }

  /** Whether numbers of a model that is open itself are in the file. */
  function keeps({ path, fingerprint, absent }: ModelInfo): boolean {
    return !absent && keepsNumbersOf({ path, fingerprint })
  }

  /** Models of the path of one that is open of which numbers are in the file, such as of files that were there before. */
  function keepsBeside({ path, fingerprint }: ModelInfo): readonly ModelRef[] {
    const own = file.value?.models.filter(({ ref, kept }) => kept && ref.path === path) ?? []
    return own.map(({ ref }) => ref).filter(ref => ref.fingerprint !== fingerprint)
  }

  function take(parts: SessionParts): void {
    notes.value = parts.notes
    findings.value = parts.findings
    figures.value = parts.figures
    setRuns(parts.runs)
  }

  /** @param gone what was deleted of those that the file has */
  function setRuns(all: readonly PastRun[], gone: readonly PastRun[] = []): void {
    runs.value = withoutRuns(all, gone)
    forgotten.value = all.filter(past => !runs.value.includes(past))
  }

  function forget(gone: readonly PastRun[]): void {
    setRuns([...runs.value, ...forgotten.value], [...forgotten.value, ...gone])
  }

  /** Takes runs back that were deleted. */
  function remind(again: readonly PastRun[]): void {
    setRuns([...runs.value, ...forgotten.value], withoutRuns(forgotten.value, again))
  }

  /** The file, to be taken again after the window is loaded anew. */
  function left(): LeftSession | null {
    if (file.value === null) return awaited.value
    const { path, saved, moves, notes } = file.value
    return { path, savedAt: saved.at, moves, forgotten: forgotten.value, notes: [...notes] }
  }

  /**
   * Takes the file again that was open as the window was left, or as the connection broke, unless the window has another
   * session by then.
   * @param isHere whether what is in it is what the window has: saved from here, and not known to be as all ended
   * @param mayTake whether the window can show what became of it elsewhere
   * @returns what is in it, where the window is to show that; null where it has its own, or the file cannot be had
   */
  async function reopen(
    left: LeftSession,
    isHere: (content: SessionContent, moves: readonly ModelMove[]) => boolean = () => false,
    mayTake = true
  ): Promise<SessionContent | null> {
    const held = file.value
    try {
      const opened = await openAgain(left)
      awaited.value = null
      if (!isStill(held)) {
        letGo(opened.id)
        return null
      }
      const now = fileOf(opened)
      const moves = movesBetween(left.moves, now.moves)
      const isOther = now.saved.at !== left.savedAt && !isHere(opened.content, moves)
      const taken = mayTake && isOther && !changed.value ? opened.content : null
      // A window that goes on has runs of its own, and those of another are none of them.
      if (mayTake || !isOther) setRuns(opened.content.runs, movedBy(left.forgotten, moves))
      file.value = isOther && !taken ? asHere(now, left.savedAt) : now
      const before = held?.notes ?? left.notes
      if (now.notes.some(note => !before.includes(note)))
        notice.value = { title: `“${sessionName(left.path)}” is open.`, lines: now.notes }
      if (!taken) noteFound(moves)
      whenFree()
      return taken
    } catch (thrown) {
      if (!isStill(held)) return null
      const error = toLamellaError(thrown)
      // It is asked for again once the connection is there again.
      if (error.code === 'disconnected') {
        if (!held) awaited.value = left
        return null
      }
      // One that is open still is not given away by giving up to look where its models lie.
      if (held && error.code === 'cancelled') return null
      file.value = awaited.value = null
      // A mere break leaves it open, where no other can be written in its place.
      if (held) letGo(held.id)
      notice.value = {
        title: `“${sessionName(left.path)}” could not be opened again. All that was in it is here: save it as another file.`,
        lines: [],
        error
      }
      changed.value = true
      return null
    }
  }

  /** Whether the window has the very file yet that it had, as that was written last. */
  function isStill(held: SessionFile | null): boolean {
    const now = file.value
    return now?.id === held?.id && now?.path === held?.path && now?.saved.at === held?.saved.at
  }

  /** The window that had it may be this one, as it was before it was loaded anew: it is gone within a minute. */
  function whenFree(tries = 12): void {
    const held = file.value
    if (held?.readOnly !== openElsewhere || tries === 0) return
    setTimeout(() => {
      if (file.value?.id === held.id) void retry().then(() => whenFree(tries - 1))
    }, 5000)
  }

  /** A file that is open, where what is here is as it was saved at a time: what it became elsewhere since is never written over. */
  function asHere(now: SessionFile, at: number): SessionFile {
    if (now.saved.at === at) return now
    const readOnly = changed.value ? overtaken : newer
    return { ...now, saved: { ...now.saved, at }, readOnly }
  }

  /** Opens a file again, with its models where they were found, which is looked for. */
  function openAgain({ path, moves }: Pick<LeftSession, 'path' | 'moves'>): Promise<OpenSession> {
    return useTasks().track(`Opening ${sessionName(path)}`, options =>
      useClient().call('sessions.open', { path, moves: [...moves] }, { ...options, onLate })
    )
  }

  function onLate({ id }: OpenSession): void {
    letGo(id)
  }

  /**
   * Looks whether what was read-only can be saved now.
   * @returns whether that could be looked at
   */
  async function retry(): Promise<boolean> {
    const held = file.value
    if (!held) return false
    const again = await openAgain(held).catch(() => null)
    if (again === null) return false
    if (!file.value || !isStill(held)) {
      letGo(again.id)
      return false
    }
    const moves = movesBetween(file.value.moves, again.moves)
    file.value = asHere(fileOf(again), held.saved.at)
    noteFound(moves)
    return true
  }

  function noteFound(moves: readonly ModelMove[]): void {
    if (moves.length > 0) found.value = moves
  }

  /** Where models were found, for whoever has the window speak of them there at once, and that is said. */
  function takeFound(): readonly ModelMove[] {
    const moves = found.value
    if (moves.length === 0) return moves
    found.value = []
    const lines = file.value?.notes ?? []
    // Of one that is nowhere any more each tab that is about it says so.
    if (lines.length > 0)
      notice.value = { title: `Models of “${name.value}” were moved, copied or put back.`, lines }
    return moves
  }

  /** Has all that is here be of a model where it lies now. */
  function speakThere({ from, to }: ModelMove): void {
    const all = [...runs.value, ...forgotten.value]
    const gone = movedTo(forgotten.value, from, to)
    const own = { notes: notes.value, findings: findings.value, figures: figures.value, runs: all }
    take(movedTo(own, from, to))
    forget(gone)
  }

  /** The file once one of its models was pointed to: what was said of where that lay is not said any more. */
  function takeMoved(moved: SessionFile): void {
    const gone = file.value?.notes.filter(note => !moved.notes.includes(note)) ?? []
    file.value = moved
    const told = notice.value
    const lines = told?.lines.filter(line => !gone.includes(line)) ?? []
    if (!told || lines.length === told.lines.length) return
    notice.value = lines.length === 0 && !told.error ? null : { ...told, lines }
  }

  /** Lets the file go. */
  function close(): void {
    const id = file.value?.id
    file.value = awaited.value = null
    if (id !== undefined) letGo(id)
  }

  /** Leaves a session that was opened, unless it is that of the window. */
  function letGo(id: string): void {
    if (file.value?.id === id) return
    void useClient()
      .call('sessions.close', { id })
      .catch(() => null)
  }

  return {
    file,
    changed,
    began,
    awaited,
    notice,
    notes,
    findings,
    figures,
    runs,
    forgotten,
    found,
    name,
    mayBeFree,
    formerly,
    isOf,
    keepsNumbersOf,
    keeps,
    keepsBeside,
    take,
    setRuns,
    forget,
    remind,
    left,
    takeMoved,
    takeFound,
    speakThere,
    reopen,
    retry,
    close
  }
})

/** Why a session is not saved over what it became elsewhere: where something was done here since, and where nothing was. */
const overtaken = 'It was saved elsewhere since, and what was done here is not in it'
const newer =
  'It was saved elsewhere since it was opened here: open it again to see what is in it now'

/**
 * How a window that speaks of models where they were found comes to speak of them where they are found now: what does not
 * hold any more is taken back first.
 */
function movesBetween(before: readonly ModelMove[], now: readonly ModelMove[]): ModelMove[] {
  const isSame = (a: ModelMove, b: ModelMove | undefined) =>
    b !== undefined && isSameModel(a.from, b.from) && isSameModel(a.to, b.to)
  const differing = before.findIndex((move, i) => !isSame(move, now[i]))
  const shared = differing < 0 ? before.length : differing
  const back = before.slice(shared).map(({ from, to }) => ({ from: to, to: from }))
  return [...back.reverse(), ...now.slice(shared)]
}

/** A session that was opened, without what is in it but what has a name. */
export function fileOf({ content, ...opened }: OpenSession): SessionFile {
  return { ...opened, library: content.library }
}

/** The name of a session's file without its ending. */
export function sessionName(path: string): string {
  return visibleText(lastPart(path).replace(/\.lamella$/i, ''))
}
