/** The thread of the cache as in a run that goes on: it never rests, and stores what waits where it must, and at the end. */
import { built } from '../../built.ts'

const soon = globalThis.setTimeout
const never = 2 ** 31 - 1
// The only timer there tells how long nothing came, which would be seen, too, where the machine stands still.
globalThis.setTimeout = ((work: () => void) => soon(work, never)) as typeof soon
await import(built.traceEntry)
