import type { Request } from '#common/model/call-table.ts'
import type { ReaderCalls, ReaderLimits } from './protocol.ts'

/** Time that a call may take, in ms, of the processor and by the clock. */
export function timeFor(
  request: Request<ReaderCalls>,
  limits: ReaderLimits
): { readonly processor: number; readonly clock: number } {
  const clock = request.call === 'chat' ? limits.chatClock : Infinity
  return { processor: processorTimeFor(request, limits), clock }
}

function processorTimeFor(
  { call, argument }: Request<ReaderCalls>,
  { time, tokenizerTime, chatTime }: ReaderLimits
): number {
  if (call === 'tokenizer') return tokenizerTime
  if (call === 'chat') return chatTime
  // A text may be of any length: a hundredth of the pace of the slowest of tokenizers.
  if (call === 'encode')
    return time + (argument as ReaderCalls['encode']['argument']).text.length / 5
  return time
}
