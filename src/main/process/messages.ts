import type { Answer, CallTable, Request } from '#common/model/call-table.ts'

/** What a process is sent: a call, or the id of one that nobody waits for any more. */
export type Message<T extends CallTable<T>> = Request<T> | { readonly drop: number }

/** What a process answers; `at` is the file that it reads from now on for a call. */
export type Reply<T extends CallTable<T>> =
  | Answer<T>
  | { readonly id: number; readonly dropped: true }
  | { readonly id: number; readonly at: string }
