import { z } from 'zod'
import { decodeMessage, encodeMessage } from '../../contract/wire.ts'
import { Dataset } from '../../data/dataset.ts'
import { Edit } from '../../model/edit.ts'
import { LamellaError } from '../../model/errors.ts'
import { RunInput } from '../../model/run-input.ts'
import { sides } from '../../model/sides.ts'
import { TabContext } from '../../model/subject.ts'
import { base64, bytesOfBase64 } from '../base64.ts'
import { KeptDrawing } from '../drawing.ts'
import type { Provenance } from '../provenance.ts'

const Origin = z.object({
  model: z.string(),
  fingerprint: z.string(),
  input: RunInput.nullable(),
  unknown: z.string().exactOptional(),
  edits: z.array(Edit),
  provider: z.string(),
  place: z.string(),
  ids: z.array(z.int().min(0)).readonly().exactOptional(),
  kept: z.literal(true).exactOptional()
})
const CommandParams = z.record(z.string(), z.unknown())
const commandParts = {
  params: CommandParams,
  with: z.string().exactOptional()
}
const KeptProvenance: z.ZodType<Provenance> = z.object({
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
        withRun: z
          .object({ input: RunInput, edits: z.array(Edit), provider: z.string().exactOptional() })
          .exactOptional(),
        withView: z.string().exactOptional(),
        withParams: CommandParams.exactOptional()
      }),
      z.object({
        analysis: z.string(),
        ...commandParts,
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

/** What a panel is drawn of, and where that is from: it stays as it was when it was taken. */
export const PanelContent = z.object({
  /** Name of its files, without an ending. */
  title: z.string(),
  drawing: KeptDrawing,
  /** The numbers that its view saves beside it; null where it has none, or too many. */
  numbers: Dataset.nullable(),
  from: KeptProvenance.nullable(),
  /** The tab that it was taken from: its view and what that was of, and which of its figures it is. */
  made: z.object({ view: z.string(), context: TabContext, note: z.string() })
})
export type PanelContent = z.output<typeof PanelContent>

/** What one panel may take when it is read, in bytes, and what all of a figure. */
const mostBytes = 64 * 2 ** 20
export const mostBytesTogether = 256 * 2 ** 20

/** As a session keeps it: MessagePack, deflated, in base64. */
export async function packedContent(content: PanelContent): Promise<string> {
  const bytes = encodeMessage(content)
  return base64(await piped(bytes, new CompressionStream('deflate-raw'), Infinity))
}

/**
 * What {@link packedContent} packed.
 * @param most bytes that it may take as it is read
 * @throws LamellaError `file-invalid` where it is not that
 */
export async function panelContent(packed: string, most?: number): Promise<PanelContent> {
  return (await readPanel(packed, most)).content
}

/** The same, and how many bytes it takes. */
export async function readPanel(
  packed: string,
  most = mostBytes
): Promise<{ readonly content: PanelContent; readonly bytes: number }> {
  try {
    const through = new DecompressionStream('deflate-raw')
    const bytes = await piped(bytesOfBase64(packed), through, Math.min(most, mostBytes))
    return { content: PanelContent.parse(decodeMessage(bytes)), bytes: bytes.length }
  } catch {
    throw new LamellaError('file-invalid', 'What this panel is drawn of cannot be read')
  }
}

/** Bytes as they come out of a stream. @throws Error where they are more than may be */
async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  { readable, writable }: InstanceType<typeof CompressionStream>,
  most: number
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
    if (length > most) {
      await reader.cancel()
      throw new RangeError(`over ${most} bytes`)
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
