/**
 * State that exists once a process. Route modules and instrumentation are separate bundles, so a module-level
 * variable exists several times (design.md 2); what must be one lives here under its name.
 */
const symbol = Symbol.for('watchtheflix.process')

type Container = Map<string, unknown>

function container(): Container {
  const holder = globalThis as { [symbol]?: Container }
  holder[symbol] ??= new Map()
  return holder[symbol]
}

export function shared<T>(name: string, create: () => T): T {
  const all = container()
  if (!all.has(name)) all.set(name, create())
  return all.get(name) as T
}

/** Forgets a shared thing, for shutdown: the caller has ended it. */
export function forget(name: string): void {
  container().delete(name)
}
