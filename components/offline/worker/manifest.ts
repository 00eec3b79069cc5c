interface ManifestEntry {
  url: string
  revision: string | null
}

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: ManifestEntry[] }

/** The build's own files; scripts/service-worker.mjs writes the list in here. */
export const manifest: readonly ManifestEntry[] = self.__WB_MANIFEST
