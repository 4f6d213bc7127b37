/** The same asker, of which nothing is asked twice: what is asked again has the answer of before, also one that failed. */
export function onceEach<A extends readonly unknown[], R>(
  ask: (...asked: A) => Promise<R>
): (...asked: A) => Promise<R> {
  const answers = new Map<string, Promise<R>>()
  return (...asked) => {
    const key = JSON.stringify(asked)
    const answer = answers.get(key) ?? ask(...asked)
    answers.set(key, answer)
    return answer
  }
}
