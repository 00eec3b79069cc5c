/** Runs once a process, before the first request: boots the role this process plays. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { boot } = await import('@/lib/process/boot')
  await boot()
}
