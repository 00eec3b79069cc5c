/**
 * Takes away what was kept on this device of anybody but this profile; of everybody without one. Loaded when it is needed:
 * few screens keep anything.
 */
export async function forgetKept(exceptProfileId: string | null = null): Promise<void> {
  const { forgetOthers } = await import('@/components/guide/kept-guide')
  await forgetOthers(exceptProfileId)
}
