/**
 * Does something that either of two signals ends, for that one's reason. Afterwards nothing of it is left on them, however
 * long they live: `AbortSignal.any` leaves that to the garbage collector.
 */
export async function underEither<R>(
  one: AbortSignal,
  other: AbortSignal,
  action: (signal: AbortSignal) => Promise<R>
): Promise<R> {
  const controller = new AbortController()
  const endings = [one, other].map(signal => {
    const follow = () => controller.abort(signal.reason)
    if (signal.aborted) follow()
    signal.addEventListener('abort', follow, { once: true })
    return () => signal.removeEventListener('abort', follow)
  })
  try {
    return await action(controller.signal)
  } finally {
    for (const end of endings) end()
  }
}
