import { z } from 'zod'
import { Cut, NamedInputs } from '../../analysis/subject.ts'
import { checkMessage, ExtentError } from '../../contract/message-extent.ts'
import { decodeMessage, encodeMessage, maxDepth } from '../../contract/wire.ts'
import { Dataset } from '../../data/dataset.ts'
import { Edit } from '../../model/edit.ts'
import { LamellaError, toLamellaError } from '../../model/errors.ts'
import { firstFault } from '../../model/first-fault.ts'
import { RunInput } from '../../model/run-input.ts'
import { sides } from '../../analysis/sides.ts'
import { TabContext } from '../../model/subject.ts'
import { base64, bytesOfBase64 } from '../base64.ts'
import { KeptDrawing } from '../drawing.ts'
import type { KeptProvenance } from '../provenance.ts'

const Reading = z.object({
  input: RunInput.nullable(),
  corpus: NamedInputs.exactOptional(),
  cut: Cut.exactOptional(),
  edits: z.array(Edit)
})
const Origin = Reading.extend({
  model: z.string(),
  fingerprint: z.string(),
  unknown: z.string().exactOptional(),
  provider: z.string(),
  place: z.string(),
  ids: z.array(z.int().min(0)).readonly().exactOptional(),
  kept: z.literal(true).exactOptional()
})
const CommandParams = z.record(z.string(), z.unknown())
const commandParts = {
  params: CommandParams,
  with: z.string().exactOptional(),
  withRun: Reading.extend({ provider: z.string().exactOptional() }).exactOptional(),
  withParams: CommandParams.exactOptional()
}
const KeptFrom: z.ZodType<KeptProvenance> = z
  .object({
    version: z.string(),
    of: Origin,
    less: Origin.nullable(),
    beside: Origin.exactOptional(),
    precision: z.enum(['float32', 'float16']),
    again: z
      .union([
        z.object({
          view: z.string(),
          ...commandParts,
          folder: z.string().exactOptional(),
          sides: z.enum(sides).exactOptional(),
          also: z.array(z.string()).readonly().exactOptional(),
          withView: z.string().exactOptional()
        }),
        z.object({
          analysis: z.string(),
          ...commandParts,
          sides: z.literal('beside').exactOptional(),
          window: z.int().min(1).exactOptional()
        }),
        z.object({
          command: z.enum(['tokens', 'vocabulary', 'generate']),
          options: z.array(z.string())
        }),
        z.object({
          none: z.string(),
          // Panels that were taken earlier have none.
          params: CommandParams.default({}),
          otherParams: CommandParams.exactOptional()
        })
      ])
      .default({ none: 'Lamella did not keep which, as this panel was taken', params: {} })
  })
  .transform(({ again, ...from }) => {
    // Panels that were taken earlier have the length of windows in their commands.
    if ('analysis' in again) {
      const { window, ...command } = again
      return { ...from, of: { ...cutInto(window), ...from.of }, again: command }
    }
    if (!('view' in again)) return { ...from, again }
    const { window, otherWindow, ...params } = again.params
    const withRun = again.withRun && { ...cutInto(otherWindow), ...again.withRun }
    const command = { ...again, params, ...(withRun && { withRun }) }
    return { ...from, of: { ...cutInto(window), ...from.of }, again: command }
  })

function cutInto(window: unknown): { readonly cut?: Cut } {
  return typeof window === 'number' ? { cut: { window, stride: null } } : {}
}

/** What a panel is drawn of, and where that is from: it stays as it was when it was taken. */
export const PanelContent = z.object({
  /** Name of its files, without an ending. */
  title: z.string(),
  drawing: KeptDrawing,
  /** The numbers that its view saves beside it; null of none. */
  numbers: Dataset.nullable(),
  /** Names of others that its view saves, which are too many for it. */
  left: z.array(z.string()).readonly().default([]),
  from: KeptFrom.nullable(),
  /** The tab that it was taken from: its view and what that was of, and which of its figures it is. */
  made: z.object({ view: z.string(), context: TabContext, note: z.string() })
})
export type PanelContent = z.output<typeof PanelContent>

/** What one panel may take when it is read, in bytes, and what all of a figure. */
const mostBytes = 64 * 2 ** 20
const mostBytesTogether = 256 * 2 ** 20
/** What a number, text, list or object counts for beside its bytes, of which an empty list has one. */
const bytesPerValue = 32

/** A panel that was read, and how many bytes it takes. */
export interface ReadPanel {
  readonly content: PanelContent
  readonly bytes: number
}

/** As a session keeps it: MessagePack, deflated, in base64. */
export async function packedContent(content: PanelContent): Promise<string> {
  const bytes = encodeMessage(content)
  return base64(await piped(bytes, new CompressionStream('deflate-raw'), Infinity))
}

/**
 * What {@link packedContent} packed.
 * @throws LamellaError where it is not that, or too much
 */
export async function panelContent(packed: string): Promise<PanelContent> {
  return (await panelReader()(packed)).content
}

/**
 * What reads the panels of a figure, one after the other: what those before took, also such as were refused, is not left for the next.
 * @throws LamellaError of one that cannot be read
 */
export function panelReader(
  most = mostBytesTogether
): (packed: string, known?: ReadPanel) => Promise<ReadPanel> {
  let left = most
  const take = (bytes: number) => void (left -= bytes)
  return async (packed, known) => {
    if (known === undefined || known.bytes > left) return readPanel(packed, left, take)
    take(known.bytes)
    return known
  }
}

/**
 * Reads the panels of a figure with one {@link panelReader}; what is alike once.
 * @param known panels that were read before, by what is kept of them
 * @returns of each what it says, or why it cannot be read
 */
export async function* readPanels(
  all: readonly string[],
  known: ReadonlyMap<string, ReadPanel> = new Map(),
  most = mostBytesTogether
): AsyncGenerator<readonly [packed: string, read: ReadPanel | LamellaError]> {
  const read = panelReader(most)
  for (const packed of new Set(all))
    yield [packed, await read(packed, known.get(packed)).catch(toLamellaError)]
}

/**
 * @param left bytes that it may take beside other panels
 * @param take is told those that it takes, whatever comes of it
 */
async function readPanel(
  packed: string,
  left: number,
  take: (bytes: number) => void
): Promise<ReadPanel> {
  const { message, bytes } = await unpacked(packed, left, take).catch((thrown: unknown) => {
    throw refusal(thrown, left)
  })
  const read = PanelContent.safeParse(message, { reportInput: true })
  if (!read.success) throw unreadable(firstFault(read.error))
  return { content: read.data, bytes }
}

/** What was packed, whatever it is. @throws Error where nothing was, or it is too much */
async function unpacked(
  packed: string,
  left: number,
  take: (bytes: number) => void
): Promise<{ readonly message: unknown; readonly bytes: number }> {
  const through = new DecompressionStream('deflate-raw')
  const most = Math.min(left, mostBytes)
  const bytes = await piped(bytesOfBase64(packed), through, most, take)
  // So many were looked at where they are too many.
  let values = Math.floor((most - bytes.length) / bytesPerValue)
  try {
    values = checkMessage(bytes, { bytes: most, whole: most, depth: maxDepth, values })
  } finally {
    take(values * bytesPerValue)
  }
  return { message: decodeMessage(bytes), bytes: bytes.length + values * bytesPerValue }
}

/** Why a panel is not unpacked, in words. */
function refusal(thrown: unknown, left: number): LamellaError {
  if (thrown instanceof ExtentError && thrown.of === 'depth')
    return new LamellaError(
      'unsupported',
      `What this panel is drawn of ${thrown.message}`,
      'Take it out of the figure, and anew from its view.'
    )
  if (thrown instanceof TooMany || thrown instanceof ExtentError)
    return new LamellaError(
      'unsupported',
      left < mostBytes
        ? 'With the panels before it, this one takes more than a figure may'
        : 'This panel takes more than one may',
      'Take panels out of the figure, or spread them over several figures.'
    )
  return unreadable('it was cut off, or changed since it was kept')
}

function unreadable(why: string): LamellaError {
  return new LamellaError(
    'file-invalid',
    `What this panel is drawn of cannot be read: ${why}`,
    'Take it out of the figure, and anew from its view.'
  )
}

/** That bytes are more than may be. */
class TooMany extends Error {}

/**
 * Bytes as they come out of a stream.
 * @param take is told how many came, also where they are too many
 * @throws TooMany where they are more than may be
 */
async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  { readable, writable }: InstanceType<typeof CompressionStream>,
  most: number,
  take: (bytes: number) => void = () => undefined
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = writable.getWriter()
  // What goes wrong there the reader meets, too.
  writer
    .write(bytes)
    .then(() => writer.close())
    .catch(() => undefined)
  const reader = readable.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const piece = value as Uint8Array
    length += piece.length
    take(piece.length)
    if (length > most) {
      await reader.cancel()
      throw new TooMany(`over ${most} bytes`)
    }
    pieces.push(piece)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
