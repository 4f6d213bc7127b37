/**
 * A two-way channel of messages that keep their order. Messages hold what a structured clone holds:
 * plain objects, arrays, strings, numbers, booleans, null and typed arrays.
 */
export interface Transport {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
}
