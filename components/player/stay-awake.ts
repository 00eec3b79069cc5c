/**
 * Keeps the screen on until the answer is called. Browsers do so by themselves only for some pictures (with sound, in full view), and
 * take the lock back whenever the page is hidden. A refusal (a battery that is nearly empty) is the system's to make.
 */
export function keepAwake(): () => void {
  if (!('wakeLock' in navigator)) return () => {}
  let isOver = false
  let lock: WakeLockSentinel | null = null
  const ask = async () => {
    if (document.visibilityState !== 'visible') return
    const next = await navigator.wakeLock.request('screen').catch(() => null)
    if (next === null) return
    const spare = isOver ? next : lock
    if (!isOver) lock = next
    await spare?.release()
  }
  const onVisible = () => void ask()
  document.addEventListener('visibilitychange', onVisible)
  void ask()
  return () => {
    isOver = true
    document.removeEventListener('visibilitychange', onVisible)
    void lock?.release()
  }
}
